"""The fitted numbers of the verifier, read from a file that people can read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.claims.judged import Support
from bot.reading.model import Linear

FITTED_FILE = Path(__file__).parents[1] / "claims.json"

MARKED = 0.4
"""What it costs to show a claim as partly supported, whatever it is, where showing an unsupported one as supported, or
withholding a supported one, costs 1. A claim gets the support that costs least: supported from a probability of .6,
unsupported below .4."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """Everything in the file.

    Attributes:
        variants: Log odds that a claim is supported, by the evidence at hand: "tokens", or "vectors" when the embedder
            shows no tokens.
    """

    variants: Mapping[str, Linear]


def load(path: Path = FITTED_FILE) -> Fitted:
    """Read a fitted model."""
    data = json.loads(path.read_text(encoding="utf-8"))
    return Fitted({name: Linear(each["weights"], each["intercept"]) for name, each in data["variants"].items()})


def cheapest(probability: float) -> Support:
    """Return the support that costs least at this probability; see ``MARKED``."""
    costs = {
        Support.SUPPORTED: 1.0 - probability,
        Support.PARTIAL: MARKED,
        Support.UNSUPPORTED: probability,
    }
    return min(costs, key=costs.__getitem__)
