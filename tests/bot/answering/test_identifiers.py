"""Bill numbers, names and figures of a question that no article holds are named."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.answering.identifiers import IdentifierReader, absent_identifiers, identifiers
from bot.answering.reader import ReaderResult, ScoredSentence
from retrieval.articles import Hit
from retrieval.store.library import Library
from tests.fakes import make_article, make_library

BILL = make_article(
    "House Bill 4002 was signed by Mayor Ann Brook.\nFlight 370 was lost; 7,600 records were kept.\nHB 17 failed.",
    title="Bills",
)


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return make_library(tmp_path, [BILL])


@pytest.mark.parametrize(
    ("question", "absent"),
    [
        ("What does House Bill 4002 do?", []),
        ("What does HB 4002 do?", []),
        ("What does HB4002 do?", []),
        ("What does S. 88 do?", ["S. 88"]),
        ("What does House Bill 17 do?", []),
        ("What does House Bill 9917 do?", ["House Bill 9917"]),
        ("What happened to Flight 370?", []),
        ("What happened to Flight 4002?", ["Flight 4002"]),
        ("Who is Ann Brook?", []),
        ("Who is Anna-Maria Brook?", []),
        ("Who is Greta Thunberg?", ["Greta Thunberg"]),
        ("Where are the 7,600 records?", []),
        ("Where are the 9,100 records?", ["9,100"]),
        ("What was signed in April 2031?", []),
        ("what did the mayor sign?", []),
    ],
)
def test_an_identifier_that_no_article_holds_is_named(library: Library, question: str, absent: list[str]) -> None:
    """A name is held where its family name is: another given name may be the same person's."""
    assert [each.text for each in absent_identifiers(question, library)] == absent


def test_dates_are_no_identifiers() -> None:
    assert identifiers("What happened on April 3, 2031?") == ()


class Sure:
    """A reader that asserts the first sentence."""

    def read(self, question: str, hits: Sequence[Hit]) -> ReaderResult:
        (first, *_) = hits
        return ReaderResult((ScoredSentence(first, first.passage.span, 0.9),), 0.9, 0.9, 1)


def test_an_answer_about_an_unknown_name_may_be_one_at_most(library: Library) -> None:
    info = library.info(BILL.id)
    hits = [Hit(passage, info, 1.0, 1) for passage in library.passages_of(BILL.id)]
    reading = IdentifierReader(Sure(), library, library).read("What does House Bill 9917 do?", hits)
    assert reading.possibly
    assert reading.remarks == ("No article names House Bill 9917.",)
    assert not IdentifierReader(Sure(), library, library).read("What does House Bill 4002 do?", hits).possibly


class Doubtful:
    """A reader that asserts nothing about a number, and keeps the questions."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def read(self, question: str, hits: Sequence[Hit]) -> ReaderResult:
        self.asked.append(question)
        (first, *_) = hits
        answers = 0 if "4002" in question or "17" in question else 1
        return ReaderResult((ScoredSentence(first, first.passage.sentences[-1], 0.9),), 0.9, 0.9, answers)


def test_a_bill_is_called_the_bill_in_the_articles_that_name_it(tmp_path: Path) -> None:
    """Its sentence of another bill is not taken for one about it."""
    other = make_article("The tax bill was read.\nIt passed by 51 votes.", title="Taxes")
    named = make_article("HB 4002 was read.\nHB 17 failed.\nIt passed by 40 votes.", title="Drugs")
    library = make_library(tmp_path, [other, named])
    hits = [
        Hit(passage, library.info(article.id), 1.0, rank)
        for rank, article in enumerate((other, named), 1)
        for passage in library.passages_of(article.id)
    ]
    inner = Doubtful()
    reading = IdentifierReader(inner, library, library).read("How many votes did House Bill 4002 get?", hits)
    assert inner.asked == ["How many votes did House Bill 4002 get?", "How many votes did the bill get?"]
    assert (reading.answers, reading.candidates[0].hit.article.id) == (1, named.id)
    about_another = [hit for hit in hits if "17" in hit.passage.text]
    assert not IdentifierReader(Doubtful(), library, library).read("How was HB 4002 voted on?", about_another).answers
