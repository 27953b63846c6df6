"""The fitted model of the verifier: the log odds that a claim is supported, and the least costly verdict."""

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
"""Cost of the verdict partially supported, where showing an unsupported claim as supported, or withholding a supported
one, costs 1, at even prior odds. (The same decision follows where a wrong claim on the record costs five times a right
one withheld, and five claims in six are right.) The least costly verdict is supported from a probability of .6 and
unsupported below .4."""

Tree = float | tuple[str, float, "Tree", "Tree"]
"""A decision tree: a number, or (feature, threshold, tree where the feature is at most that, tree above it)."""


@dataclass(frozen=True, slots=True)
class VerifierVariant:
    """The model for one set of features: the calibrated mean of a linear model and boosted trees, in log odds.

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


@dataclass(frozen=True, slots=True)
class VerifierModel:
    """The models in the file.

    Attributes:
        variants: By features: "tokens", or "vectors" for an embedder without token vectors.
    """

    variants: Mapping[str, VerifierVariant]


def evaluate_tree(tree: Tree, named: Mapping[str, float]) -> float:
    """Return the value of a tree for these features."""
    while not isinstance(tree, (float, int)):
        name, threshold, low, high = tree
        tree = low if named[name] <= threshold else high
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


def least_costly_support(probability: float) -> Support:
    """Return the verdict with the least expected cost at this probability; see ``PARTIAL_COST``."""
    costs = {
        Support.SUPPORTED: 1.0 - probability,
        Support.PARTIAL: PARTIAL_COST,
        Support.UNSUPPORTED: probability,
    }
    return min(costs, key=costs.__getitem__)
