"""Each metric against cases worked by hand, and against scikit-learn."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evals.metrics import auroc, balanced_accuracy, hit, ndcg, paired_bootstrap, recall, reciprocal_rank

RANKING = ["a", "b", "c", "d"]


def test_ndcg_discounts_by_the_logarithm_of_the_rank() -> None:
    expected = (1 / math.log2(3) + 1 / math.log2(5)) / (1 + 1 / math.log2(3))
    assert ndcg(RANKING, {"b": 1, "d": 1}, 10) == pytest.approx(expected)


def test_ndcg_counts_grades_linearly_and_cuts_the_ideal_at_k_too() -> None:
    assert ndcg(RANKING, {"a": 1, "b": 2}, 2) == pytest.approx((1 + 2 / math.log2(3)) / (2 + 1 / math.log2(3)))
    assert ndcg(["a"], {"a": 1, "x": 1, "y": 1}, 1) == 1.0


def test_ids_judged_not_relevant_count_nothing() -> None:
    assert ndcg(RANKING, {"a": 0, "b": -1, "c": 1}, 2) == 0.0
    assert recall(RANKING, {"a": 0, "c": 1}, 3) == 1.0
    assert hit(RANKING, {"a": 0, "c": 1}, 2) == 0.0


def test_recall_is_the_share_of_all_that_is_relevant() -> None:
    assert recall(RANKING, {"a": 1, "d": 1, "z": 1}, 3) == pytest.approx(1 / 3)


def test_reciprocal_rank_looks_at_the_first_relevant_within_k() -> None:
    assert reciprocal_rank(RANKING, {"c": 1, "d": 1}, 10) == pytest.approx(1 / 3)
    assert reciprocal_rank(RANKING, {"c": 1}, 2) == 0.0


def test_hit_is_all_or_nothing() -> None:
    assert (hit(RANKING, {"b": 1, "z": 1}, 2), hit(RANKING, {"b": 1}, 1)) == (1.0, 0.0)


@pytest.mark.parametrize("metric", [ndcg, recall, reciprocal_rank, hit])
def test_an_empty_ranking_or_nothing_relevant_scores_zero(metric) -> None:  # type: ignore[no-untyped-def]
    assert metric([], {"a": 1}, 5) == 0.0
    assert metric(RANKING, {}, 5) == 0.0


def test_auroc_counts_ties_half() -> None:
    assert auroc([0.9, 0.5], [0.5, 0.1]) == pytest.approx((1 + 1 + 0.5 + 1) / 4)


def test_auroc_of_one_kind_alone_is_an_error() -> None:
    with pytest.raises(ValueError, match="both kinds"):
        auroc([0.5], [])


def test_balanced_accuracy_weighs_both_kinds_alike() -> None:
    assert balanced_accuracy([True, True, True, False], [True, True, False, False]) == pytest.approx((2 / 3 + 1) / 2)
    with pytest.raises(ValueError, match="both kinds"):
        balanced_accuracy([True], [True])


scores = st.lists(st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.75, 1.0]), min_size=1, max_size=30)


@settings(deadline=None)
@given(scores, scores)
def test_auroc_agrees_with_scikit_learn(positive: list[float], negative: list[float]) -> None:
    from sklearn.metrics import roc_auc_score

    expected = roc_auc_score([1] * len(positive) + [0] * len(negative), positive + negative)
    assert auroc(positive, negative) == pytest.approx(expected)


@settings(deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=30))
def test_balanced_accuracy_agrees_with_scikit_learn(pairs: list[tuple[bool, bool]]) -> None:
    from sklearn.metrics import balanced_accuracy_score

    truth, said = zip(*[*pairs, (True, True), (False, True)], strict=True)
    assert balanced_accuracy(truth, said) == pytest.approx(balanced_accuracy_score(truth, said))


@settings(deadline=None)
@given(st.lists(st.integers(0, 3), min_size=2, max_size=20), st.integers(1, 12))
def test_ndcg_agrees_with_scikit_learn(gains: list[int], k: int) -> None:
    from sklearn.metrics import ndcg_score

    ranking = [f"d{place}" for place in range(len(gains))]
    scores = np.arange(len(gains), 0, -1, dtype=float)
    expected = ndcg_score([gains], [scores], k=k)
    assert ndcg(ranking, dict(zip(ranking, gains, strict=True)), k) == pytest.approx(expected)


def test_a_difference_of_every_question_has_an_interval_of_no_width() -> None:
    found = paired_bootstrap([0.5, 0.7, 0.9], [0.4, 0.6, 0.8])
    assert (found.mean, found.low, found.high) == pytest.approx((0.1, 0.1, 0.1))


def test_the_interval_is_about_two_standard_errors_each_way_and_repeatable() -> None:
    ours = list(np.random.default_rng(1).normal(0.3, 1, 400))
    found = paired_bootstrap(ours, [0.0] * 400)
    error = float(np.std(ours)) / 20
    assert found.low == pytest.approx(found.mean - 1.96 * error, abs=0.02)
    assert found.high == pytest.approx(found.mean + 1.96 * error, abs=0.02)
    assert found == paired_bootstrap(ours, [0.0] * 400)


def test_values_of_different_questions_cannot_be_compared() -> None:
    with pytest.raises(ValueError, match="same questions"):
        paired_bootstrap([1.0], [1.0, 0.0])
    with pytest.raises(ValueError, match="same questions"):
        paired_bootstrap([], [])
