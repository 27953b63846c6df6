"""The fitted model of the verifier: the log odds that a claim is supported, and the verdict at a probability."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.answering.model import LinearModel
from bot.answers import Support

MODEL_FILE = Path(__file__).with_name("claims.json")

SUPPORTED_FROM = 0.7
"""The probability from which a claim is supported, at even prior odds. Of 773 summary sentences of QAGS 66 % of the
supported ones are then shown and 14 % of the others (at .65: 68 and 16 %; at .75: 64 and 10 %); of 987 of FaithBench,
chosen because detectors fail on them, 26 and 9 %; of 150 sentences of answers over passages (MT-RAG) 38 and 0 %."""
UNCONFIRMED_FROM = 0.2
"""The probability from which a claim that is not supported is unconfirmed; below it, no article says it."""


@dataclass(frozen=True, slots=True)
class VerifierModel:
    """A calibrated logistic regression.

    Attributes:
        linear: The weighted sum.
        scale: The slope of the calibration (Platt scaling).
        intercept: Its intercept, at even prior odds.
    """

    linear: LinearModel
    scale: float = 1.0
    intercept: float = 0.0

    def log_odds(self, names: Sequence[str], values: Sequence[float]) -> float:
        """Return the calibrated log odds that a claim with these features is supported."""
        return self.scale * float(self.linear.score(names, np.array([values]))[0]) + self.intercept


def load(path: Path = MODEL_FILE) -> VerifierModel:
    """Read the fitted model."""
    data = json.loads(path.read_text(encoding="utf-8"))
    return VerifierModel(LinearModel(data["weights"], data["weights_intercept"]), data["scale"], data["intercept"])


def support_at(probability: float) -> Support:
    """Return the verdict on a claim without a known problem at this probability."""
    if probability >= SUPPORTED_FROM:
        return Support.SUPPORTED
    return Support.UNCONFIRMED if probability >= UNCONFIRMED_FROM else Support.UNSUPPORTED
