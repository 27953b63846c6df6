"""The fitted numbers of the verifier, read from a file that people can read, and what is computed with them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bot.answering.model import LinearModel
from bot.answers import Support

MODEL_FILE = Path(__file__).with_name("claims.json")

PARTIAL_COST = 0.4
"""What it costs to show a claim as partly supported, whatever it is, where showing an unsupported one as supported, or
withholding a supported one, costs 1, at even odds beforehand. (The same holds where a wrong claim on the record costs
five times a right one withheld, and five claims in six are right.) A claim gets the support that costs least: supported
from a probability of .6, unsupported below .4."""

Tree = float | tuple[str, float, "Tree", "Tree"]
"""What a tree adds: a number; or, where a feature is at most a bar, what the first branch adds, else the second."""


@dataclass(frozen=True, slots=True)
class VerifierVariant:
    """The model for one kind of evidence: the mean of two, in log odds, calibrated.

    Attributes:
        linear: A weighted sum.
        start: What the trees add to.
        trees: Each adds its number.
        scale: Turns the mean into calibrated log odds (Platt's scaling), with ``intercept``.
        intercept: At even odds beforehand.
    """

    linear: LinearModel
    start: float
    trees: tuple[Tree, ...]
    scale: float = 1.0
    intercept: float = 0.0

    def over(self, names: Sequence[str], values: Sequence[float]) -> float:
        """Return the calibrated log odds that a claim with these features is supported."""
        return self.scale * self.raw(names, values) + self.intercept

    def raw(self, names: Sequence[str], values: Sequence[float]) -> float:
        """Return the same before calibration."""
        named = dict(zip(names, values, strict=True))
        summed = float(self.linear.over(names, np.array([values]))[0])
        return (summed + self.start + sum(grown(tree, named) for tree in self.trees)) / 2


@dataclass(frozen=True, slots=True)
class VerifierModel:
    """Everything in the file.

    Attributes:
        variants: By the evidence at hand: "tokens", or "vectors" when the embedder shows no tokens.
    """

    variants: Mapping[str, VerifierVariant]


def grown(tree: Tree, named: Mapping[str, float]) -> float:
    """Return what a tree adds for these features."""
    while not isinstance(tree, (float, int)):
        name, bar, low, high = tree
        tree = low if named[name] <= bar else high
    return tree


def load(path: Path = MODEL_FILE) -> VerifierModel:
    """Read a fitted model."""
    data = json.loads(path.read_text(encoding="utf-8"))
    return VerifierModel({name: _variant(each) for name, each in data["variants"].items()})


def _variant(data: dict[str, Any]) -> VerifierVariant:
    return VerifierVariant(
        LinearModel(data["weights"], data["weights_intercept"]),
        data["trees_start"],
        tuple(data["trees"]),
        data["scale"],
        data["intercept"],
    )


def cheapest(probability: float) -> Support:
    """Return the support that costs least at this probability; see ``PARTIAL_COST``."""
    costs = {
        Support.SUPPORTED: 1.0 - probability,
        Support.PARTIAL: PARTIAL_COST,
        Support.UNSUPPORTED: probability,
    }
    return min(costs, key=costs.__getitem__)
