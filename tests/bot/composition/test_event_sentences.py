"""Sentences about a topic that tell when something happened."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.answering.term_weights import TermWeights
from bot.composition.event_sentences import TopicTerms, dated_sentences, events
from bot.composition.quotable import article_hits
from retrieval.articles import Article, Hit
from retrieval.store.library import Library
from tests.fakes import make_article, make_library

TRIAL = make_article(
    "Jane Miller was convicted of fraud on Tuesday. Miller took over the bank in March. She left it last year.\n",
    title="Jane Miller convicted",
    published="2018-07-19",
)
COURT = make_article(
    "A jury convicted Jane Miller of fraud on Tuesday in Boston.\n"
    "The senator praised the jury that convicted Jane Miller and, in a long speech about the history of the state and "
    "of its courts, also recalled the great fire of Boston in 1872.\n",
    title="Jury convicts banker",
    published="2018-07-18",
)


def hits_of(library: Library, articles: Sequence[Article]) -> list[Hit]:
    return [hit for each in articles for hit in article_hits(library.info(each.id), library.passages_of(each.id))]


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return make_library(tmp_path, [TRIAL, COURT])


@pytest.mark.parametrize(
    ("topic", "surname"),
    [("Jane Miller", "miller"), ("the conviction", "convict"), ("Boston jury", "juri"), ("", "")],
)
def test_the_last_word_of_a_person_stands_for_the_name(library: Library, topic: str, surname: str) -> None:
    """So does the last word of another topic where none before it is rarer."""
    assert TopicTerms.of(topic, TermWeights(library)).surname == surname


def test_a_sentence_is_dated_once_and_only_where_it_is_about_the_topic(library: Library) -> None:
    """The year of the fire stands far from the name, and belongs to something else."""
    topic = TopicTerms.of("Jane Miller", TermWeights(library))
    found = dated_sentences(hits_of(library, [TRIAL, COURT]) * 2, topic)
    labels = {(each.hit.article.title, each.label) for each in found}
    assert ("Jane Miller convicted", "2018-07-17") in labels
    assert not any(label == "1872" for _, label in labels)
    assert len(found) == len({(each.hit.article.id, each.span) for each in found})


def test_two_articles_tell_of_one_event(library: Library) -> None:
    """The sentence most about the topic stands for both."""
    topic = TopicTerms.of("Jane Miller", TermWeights(library))
    rows = events(dated_sentences(hits_of(library, [TRIAL, COURT]), topic))
    (convicted,) = [row for row in rows if row.date.label == "2018-07-17"]
    assert convicted.label == "2018-07-17 · 2 articles"
    assert convicted.articles == {TRIAL.id, COURT.id}


def test_reports_with_different_numbers_are_no_one_event(tmp_path: Path) -> None:
    """A reader must see both."""
    one = make_article("The Boston fire killed 12 people on Tuesday.\n", title="Fire", published="2018-07-19")
    other = make_article("The Boston fire killed 15 people on Tuesday.\n", title="Blaze", published="2018-07-19")
    library = make_library(tmp_path, [one, other])
    topic = TopicTerms.of("Boston fire", TermWeights(library))
    assert len(events(dated_sentences(hits_of(library, [one, other]), topic))) == 2
