"""The verifier's fitted model: what it adds up, and what it decides."""

from __future__ import annotations

import pytest

from bot.answering.model import LinearModel
from bot.answers import Support
from bot.verification.model import SUPPORTED_FROM, UNCONFIRMED_FROM, VerifierModel, load, support_at
from bot.verification.verifier import FEATURES


def test_the_log_odds_are_the_calibrated_sum() -> None:
    fitted = VerifierModel(LinearModel({"a": 2.0}, 1.0), scale=3.0, intercept=-1.0)
    assert fitted.log_odds(("a",), (1.0,)) == pytest.approx(3.0 * 3.0 - 1.0)


@pytest.mark.parametrize(
    ("probability", "support"),
    [
        (SUPPORTED_FROM, Support.SUPPORTED),
        (SUPPORTED_FROM - 0.01, Support.UNCONFIRMED),
        (UNCONFIRMED_FROM, Support.UNCONFIRMED),
        (UNCONFIRMED_FROM - 0.01, Support.UNSUPPORTED),
    ],
)
def test_a_claim_that_is_not_sure_is_unconfirmed(probability: float, support: Support) -> None:
    assert support_at(probability) is support


def test_the_shipped_model_knows_only_what_is_measured() -> None:
    fitted = load()
    assert set(fitted.linear.weights) == set(FEATURES)
    assert isinstance(fitted.log_odds(FEATURES, [0.0] * len(FEATURES)), float)
