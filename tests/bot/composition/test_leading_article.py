"""Whether the article that search ranks first tells of what is asked: nearness, words and first passages tell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from bot.answering.term_weights import TermWeights
from bot.composition.leading_article import FIRST, MIN_LEADING, NEAR, LeadingArticle
from retrieval.articles import Hit
from tests.bot.fakes_bot import HARBOUR, ORCHARD, WordSearcher
from tests.fakes import make_library

QUESTION = "How did the strike of the dockers end?"


class Found:
    """What was found for ``QUESTION``: passages of the harbour's article before those of the orchards'."""

    def __init__(self, folder: Path) -> None:
        self.library = make_library(folder, [HARBOUR, ORCHARD])
        self.leading = LeadingArticle(TermWeights(self.library))
        search = WordSearcher(self.library)
        self._harbour, self._orchard = search.search("dockers")[0], search.search("frost")[0]

    def hits(self, cosine: float, first: int = 1) -> list[Hit]:
        """Return hits of which ``first`` are the first article's, of this cosine."""
        others = FIRST - first
        return [replace(self._harbour, dense_score=cosine)] * first + [replace(self._orchard, dense_score=0.1)] * others

    def probability(self, hits: Sequence[Hit], question: str = QUESTION) -> float:
        return self.leading.probability(question, hits)


@pytest.fixture
def found(tmp_path: Path) -> Iterator[Found]:
    it = Found(tmp_path)
    with it.library:
        yield it


def test_of_nothing_found_none_does(found: Found) -> None:
    assert found.probability([]) == 0.0
    assert found.leading.of(QUESTION, [], least=0.2) == ""


def test_it_is_likelier_the_nearer_its_nearest_passage_is(found: Found) -> None:
    near, far = found.hits(0.7), found.hits(0.4)
    assert found.probability(near) > found.probability(far)
    assert found.probability([far[0], near[0]]) > found.probability([far[0], far[0]])


def test_it_is_likelier_the_more_of_the_questions_words_it_has(found: Found) -> None:
    """Function words aside."""
    hits = found.hits(0.5)
    more, less = "Did the dockers strike?", "Did the dockers celebrate?"
    assert found.probability(hits, more) > found.probability(hits, less)
    assert found.probability(hits, "Who were the dockers?") == found.probability(hits, "The dockers")


def test_it_is_likelier_the_more_of_the_first_passages_are_its_own(found: Found) -> None:
    """Those further down do not count."""
    assert found.probability(found.hits(0.5, 3)) > found.probability(found.hits(0.5, 1))
    whole = found.hits(0.5, FIRST)
    assert found.probability(whole + whole) == found.probability(whole)


def test_neither_nearness_nor_words_alone_tell(found: Found) -> None:
    """Together they do."""
    foreign = "Which comet passed Jupiter?"
    assert found.probability(found.hits(0.6), foreign) < 0.5
    assert found.probability(found.hits(0.2)) < 0.5
    assert found.probability(found.hits(0.7, 3)) > 0.5


def test_the_article_is_named_from_the_least_probability_on(found: Found) -> None:
    hits = found.hits(0.6)
    probability = found.probability(hits)
    assert found.leading.of(QUESTION, hits, least=probability) == HARBOUR.id
    assert found.leading.of(QUESTION, hits, least=probability + 0.01) == ""


def test_a_passage_that_is_very_near_is_enough_in_whatever_words(found: Found) -> None:
    foreign = "Which comet passed Jupiter?"
    assert found.probability(found.hits(NEAR), foreign) == MIN_LEADING
    assert found.probability(found.hits(NEAR - 0.05), foreign) < MIN_LEADING
