"""How what both sides found becomes one order."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.search.fusion import WORD_WEIGHT, fuse, inverse_document_frequency, question_weight

names = st.text("abcdef", min_size=1, max_size=2)
dense_lists = st.dictionaries(names, st.floats(-1, 1), max_size=12).map(
    lambda found: sorted(found.items(), key=lambda pair: -pair[1])
)
word_lists = st.dictionaries(names, st.floats(0, 40), max_size=12).map(
    lambda found: sorted(found.items(), key=lambda pair: -pair[1])
)


def test_the_score_is_the_stated_formula() -> None:
    (found,) = fuse([("a", 0.5)], [("a", 6.0)], {}, weight=12.0)
    assert found.score == pytest.approx((1 - WORD_WEIGHT) * 0.5 + WORD_WEIGHT * 0.5)
    assert (found.dense_rank, found.dense_score, found.word_rank, found.word_score) == (1, 0.5, 1, 6.0)


def test_a_sure_match_by_words_passes_a_close_race_by_meaning() -> None:
    order = fuse([("near", 0.52), ("exact", 0.50)], [("exact", 9.0), ("near", 2.0)], {}, weight=10.0)
    assert [found.id for found in order] == ["exact", "near"]


def test_the_best_of_a_bad_lot_by_words_does_not_pass_a_clear_match_by_meaning() -> None:
    order = fuse([("meant", 0.7), ("other", 0.2)], [("other", 1.0)], {}, weight=10.0)
    assert [found.id for found in order] == ["meant", "other"]


def test_a_passage_found_by_words_alone_gets_its_cosine_but_no_dense_rank() -> None:
    found = {each.id: each for each in fuse([("a", 0.9)], [("b", 3.0)], {"b": 0.4}, weight=6.0)}
    assert (found["b"].dense_rank, found["b"].dense_score) == (None, 0.4)
    assert (found["a"].word_rank, found["a"].word_score) == (None, None)


def test_without_any_term_meaning_decides() -> None:
    assert [found.id for found in fuse([("a", 0.3), ("b", 0.2)], [], {}, weight=0.0)] == ["a", "b"]


def test_a_term_in_every_passage_hardly_counts_and_one_in_none_counts_nothing() -> None:
    assert inverse_document_frequency(10, 10) == 1e-6
    assert question_weight([0, 10], 10) == pytest.approx(1e-6)
    assert question_weight([1], 1000) > question_weight([100], 1000) > 0


def test_frequencies_read_after_a_change_of_the_library_are_no_error() -> None:
    assert question_weight([12], 10) == pytest.approx(1e-6)


@given(dense_lists, word_lists, st.floats(0, 100))
def test_every_passage_of_either_side_comes_back_once_best_first(
    dense: list[tuple[str, float]], by_words: list[tuple[str, float]], weight: float
) -> None:
    order = fuse(dense, by_words, {}, weight)
    assert sorted(found.id for found in order) == sorted({name for name, _ in dense + by_words})
    assert all(one.score >= other.score for one, other in itertools.pairwise(order))


@given(dense_lists, word_lists)
def test_the_order_of_equals_does_not_depend_on_the_order_they_came_in(
    dense: list[tuple[str, float]], by_words: list[tuple[str, float]]
) -> None:
    same = [(name, 0.5) for name, _ in dense]
    first = [found.id for found in fuse(same, [], {}, 1.0)]
    assert first == [found.id for found in fuse(same[::-1], [], {}, 1.0)] == sorted(first)


@given(dense_lists, word_lists)
def test_a_passage_that_leads_both_sides_leads(
    dense: list[tuple[str, float]], by_words: list[tuple[str, float]]
) -> None:
    order = fuse([("!", 1.0), *dense], [("!", 41.0), *by_words], {}, 50.0)
    assert order[0].id == "!"
