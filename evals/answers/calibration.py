"""Calibration: how often what is stated with a probability is right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

BINS = 10
"""Bins of equal width, as in Guo et al. (2017)."""


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """The questions whose stated probability lies in ``[low, low + 1 / BINS)``: their number, mean and share right."""

    low: float
    count: int
    stated: float
    right: float


def reliability(stated: Sequence[float], right: Sequence[bool]) -> list[ReliabilityBin]:
    """Return the bins that hold a question, in order."""
    likely, truth = np.array(stated, dtype=float), np.array(right, dtype=float)
    bins = _bins(likely)
    return [
        ReliabilityBin(
            number / BINS,
            int((bins == number).sum()),
            float(likely[bins == number].mean()),
            float(truth[bins == number].mean()),
        )
        for number in range(BINS)
        if (bins == number).any()
    ]


def calibration_error(
    said: Sequence[float], right: Sequence[bool], weights: Sequence[float] | NDArray[Any] | None = None
) -> float:
    """Return the expected calibration error over ten bins of equal width (Guo et al., 2017), weighted."""
    likely, truth = np.array(said, dtype=float), np.array(right, dtype=float)
    weight = np.ones_like(likely) if weights is None else np.array(weights, dtype=float)
    bins = _bins(likely)
    gaps = [abs(float(((likely - truth) * weight)[bins == each].sum())) for each in range(BINS)]
    return float(sum(gaps) / weight.sum())


def _bins(likely: NDArray[Any]) -> NDArray[np.int64]:
    return np.minimum((likely * BINS).astype(np.int64), np.int64(BINS - 1))
