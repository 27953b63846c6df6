"""The fitted model of the verifier: the log odds that a claim is supported, and the least costly verdict."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.answering.model import LinearModel
from bot.answers import Support

MODEL_FILE = Path(__file__).with_name("claims.json")

SUPPORTED_FROM = 0.8
"""The probability from which a claim is supported, at even prior odds. Of QAGS' summary sentences left out of the fit,
63 % of the supported ones are then shown and 10 % of the others (at .75: 67 and 13 %; at .7: 70 and 17 %)."""
UNCONFIRMED_FROM = 0.2
"""The probability from which a claim that is not supported is unconfirmed; below it, no article says it. Below are 3 %
of the supported sentences and 19 % of the others, and most that are of something else."""

Tree = float | tuple[str, float, "Tree", "Tree"]
"""A decision tree: a number, or (feature, threshold, tree where the feature is at most that, tree above it)."""


@dataclass(frozen=True, slots=True)
class VerifierModel:
    """The calibrated mean of a linear model and boosted trees, in log odds.

    Attributes:
        linear: The linear model.
        start: The initial log odds of the trees.
        trees: The boosted trees.
        scale: The slope of the calibration (Platt scaling).
        intercept: Its intercept, at even prior odds.
    """

    linear: LinearModel
    start: float
    trees: tuple[Tree, ...]
    scale: float = 1.0
    intercept: float = 0.0

    def log_odds(self, names: Sequence[str], values: Sequence[float]) -> float:
        """Return the calibrated log odds that a claim with these features is supported."""
        return self.scale * self.raw_log_odds(names, values) + self.intercept

    def raw_log_odds(self, names: Sequence[str], values: Sequence[float]) -> float:
        """Return the log odds before calibration."""
        named = dict(zip(names, values, strict=True))
        summed = float(self.linear.score(names, np.array([values]))[0])
        return (summed + self.start + sum(evaluate_tree(tree, named) for tree in self.trees)) / 2


def evaluate_tree(tree: Tree, named: Mapping[str, float]) -> float:
    """Return the value of a tree for these features."""
    while not isinstance(tree, (float, int)):
        name, threshold, low, high = tree
        tree = low if named[name] <= threshold else high
    return tree


def load(path: Path = MODEL_FILE) -> VerifierModel:
    """Read the fitted model."""
    data = json.loads(path.read_text(encoding="utf-8"))
    return VerifierModel(
        LinearModel(data["weights"], data["weights_intercept"]),
        data["trees_start"],
        tuple(data["trees"]),
        data["scale"],
        data["intercept"],
    )


def support_at(probability: float) -> Support:
    """Return the verdict on a claim without a known problem at this probability."""
    if probability >= SUPPORTED_FROM:
        return Support.SUPPORTED
    return Support.UNCONFIRMED if probability >= UNCONFIRMED_FROM else Support.UNSUPPORTED
