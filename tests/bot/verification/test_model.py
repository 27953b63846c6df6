"""The verifier's fitted model: what it adds up, and what it decides."""

from __future__ import annotations

import pytest

from bot.answering.model import LinearModel
from bot.answers import Support
from bot.verification.model import VerifierVariant, evaluate_tree, least_costly_support, load
from bot.verification.verifier import FEATURES, FEATURES_WITH_TOKENS


def test_a_tree_adds_what_the_feature_leads_to() -> None:
    tree = ("cover", 0.5, -1.0, ("grave", 0.5, 2.0, -3.0))
    assert evaluate_tree(tree, {"cover": 0.5, "grave": 0.0}) == -1.0
    assert evaluate_tree(tree, {"cover": 0.6, "grave": 0.0}) == 2.0
    assert evaluate_tree(tree, {"cover": 0.6, "grave": 1.0}) == -3.0


def test_a_variant_is_the_calibrated_mean_of_its_halves() -> None:
    variant = VerifierVariant(
        LinearModel({"a": 2.0}, 1.0), 0.5, (("a", 1.0, 0.25, 4.0), 1.0), scale=3.0, intercept=-1.0
    )
    assert variant.log_odds(("a",), (1.0,)) == pytest.approx(3.0 * (3.0 + 0.5 + 0.25 + 1.0) / 2 - 1.0)


@pytest.mark.parametrize(
    ("probability", "support"),
    [(0.1, Support.UNSUPPORTED), (0.45, Support.PARTIAL), (0.55, Support.PARTIAL), (0.9, Support.SUPPORTED)],
)
def test_the_support_that_costs_least_is_chosen(probability: float, support: Support) -> None:
    assert least_costly_support(probability) is support


def test_the_shipped_model_knows_only_what_is_measured() -> None:
    variants = load().variants
    assert set(variants["tokens"].linear.weights) == set(FEATURES_WITH_TOKENS)
    assert set(variants["vectors"].linear.weights) == set(FEATURES)
    for name, names in (("tokens", FEATURES_WITH_TOKENS), ("vectors", FEATURES)):
        assert isinstance(variants[name].log_odds(names, [0.0] * len(names)), float)
