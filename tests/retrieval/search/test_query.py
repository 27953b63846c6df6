"""A question is searched for together with other texts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.search.hybrid import Searcher
from retrieval.search.query import QueryComponent, WeightedQuery, weighted_direction, weighted_sum
from retrieval.store.library import Library
from tests.fakes import FakeEmbedder, make_article, make_library
from tests.retrieval.search.test_hybrid import ExactVectors

TEXTS = [
    "Farmers in the delta sold wheat at record prices.",
    "The railway links the port with the copper mines.",
    "The port of the delta ships wheat and copper.",
    "Parliament passed the budget after a long night.",
]


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    folder: Path = tmp_path_factory.mktemp("store")
    library: Library
    with make_library(folder, [make_article(text, title=f"Report {n}") for n, text in enumerate(TEXTS)]) as library:
        yield Searcher(library, ExactVectors(library), FakeEmbedder())


@given(question=st.lists(st.sampled_from(("wheat", "port", "the", "?", "budget", "é")), max_size=5).map(" ".join))
@settings(max_examples=40, deadline=None)
def test_a_blend_of_nothing_finds_what_the_question_finds(searcher: Searcher, question: str) -> None:
    """To the last bit of every score; so does a blend whose parts weigh nothing."""
    plain = searcher.search(question)
    assert searcher.search(WeightedQuery(question)) == plain
    assert (
        searcher.search(WeightedQuery(question, (QueryComponent("copper mines"), QueryComponent("budget", 0.0, 0.0))))
        == plain
    )


def test_parts_move_what_is_found_by_their_weight(searcher: Searcher) -> None:
    """By words and by meaning."""

    def score(part: QueryComponent) -> float:
        hits = searcher.search(WeightedQuery("wheat prices", (part,)))
        return next(hit.score for hit in hits if hit.passage.text == TEXTS[3])

    for light, heavy in (
        (QueryComponent("the budget passed", word_weight=0.1), QueryComponent("the budget passed", word_weight=4.0)),
        (QueryComponent("the budget passed", dense_weight=0.1), QueryComponent("the budget passed", dense_weight=4.0)),
    ):
        assert score(light) < score(heavy)
    both = QueryComponent("the budget passed", dense_weight=4.0, word_weight=4.0)
    assert searcher.search(WeightedQuery("wheat prices", (both,)))[0].passage.text == TEXTS[3]


def test_a_part_does_not_count_the_questions_words_again(searcher: Searcher) -> None:
    """The word side of a question that is repeated is the question's own."""
    alone = searcher.search("wheat copper")
    repeated = searcher.search(WeightedQuery("wheat copper", (QueryComponent("copper wheat", word_weight=5.0),)))
    assert [hit.word_score for hit in repeated] == [hit.word_score for hit in alone]


def test_direction_is_of_unit_length_and_itself_without_others() -> None:
    one, other = np.array([1.0, 0.0], np.float32), np.array([0.0, 1.0], np.float32)
    assert weighted_direction(one, []) is one
    mixed = weighted_direction(one, [(1.0, other)])
    assert mixed.dtype == np.float32
    assert np.allclose(mixed, [0.5**0.5, 0.5**0.5])


def test_lists_are_summed_and_ordered_by_score_then_id() -> None:
    assert weighted_sum([(1.0, [("b", 2.0), ("a", 1.0)]), (0.5, [("a", 2.0), ("c", 1.0)])], 2) == [
        ("a", 2.0),
        ("b", 2.0),
    ]
