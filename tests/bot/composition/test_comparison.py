"""Comparisons over a small library: figures of one thing side by side, and where articles differ."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from bot.answering.time_constraint import QuestionClock
from bot.answers import Answer, Form, QuestionKind, SearchScope
from bot.composition.comparison import ComparisonComposer
from bot.composition.request import CompositionRequest, KindDecision
from retrieval.articles import Article, Filters
from tests.bot.fakes_bot import WordSearcher
from tests.fakes import make_article, make_library


def report(text: str, source: str, day: str, title: str = "Ferry sinks off Port Vell") -> Article:
    return make_article(text, title=title, source=source, published=day, origin=f"{source} {day} {title}")


FIRST = report("At least 12 people were killed when the ferry sank on Monday.\n", "Coast Herald", "2024-03-05")
SECOND = report("The death toll from the ferry rose to 14 on Wednesday.\n", "Valley Times", "2024-03-07")
THIRD = report("The sinking of the ferry killed 19 people.\n", "Coast Herald", "2024-03-09")
INJURED = report("Forty passengers of the ferry were injured.\n", "Hill Post", "2024-03-06")


def compare(folder: Path, question: str, articles: Sequence[Article], topic: str = "") -> Answer | None:
    library = make_library(folder, articles)
    clock = QuestionClock(library, lambda: dt.date(2024, 5, 1))
    composer = ComparisonComposer(WordSearcher(library), library, clock)
    decision = KindDecision(QuestionKind.COMPARISON, topic)
    scope = SearchScope(len(articles), len(articles), Filters())
    answer = composer.compose(CompositionRequest(question, question, decision, (), scope))
    for citation in answer.citations if answer else ():
        assert citation.span.of(library.article(citation.article.id).text) == citation.quote
    return answer


def rows(answer: Answer | None) -> list[tuple[str, str]]:
    """Return the label of each row and what is marked in it."""
    assert answer is not None
    items = [claim for claim in answer.claims if claim.form is Form.ITEM]
    return [(claim.label, " ".join(mark.of(claim.text) for mark in claim.marks)) for claim in items]


def notes(answer: Answer | None) -> list[str]:
    assert answer is not None
    return [claim.text for claim in answer.claims if claim.form is Form.NOTE]


def test_figures_of_one_thing_come_oldest_first_with_the_numbers_marked(tmp_path: Path) -> None:
    """A figure that the sentence dates has that date, another the day of publication."""
    answer = compare(tmp_path, "How did the death toll of the ferry change?", [THIRD, INJURED, SECOND, FIRST])
    assert rows(answer) == [("2024-03-05, Coast Herald", "12"), ("2024-03-06, Valley Times", "14"),
                            ("2024-03-09, Coast Herald", "19")]  # fmt: skip
    assert answer is not None
    (remark,) = answer.remarks
    assert remark == (
        "The figures differ: “At least 12” (2024-03-05, Coast Herald), “14” (2024-03-06, Valley Times), "
        "“19” (2024-03-09, Coast Herald)."
    )


def test_a_bound_agrees_with_the_number_that_it_bounds(tmp_path: Path) -> None:
    answer = compare(tmp_path, "Do the articles disagree about the death toll of the ferry?", [FIRST, SECOND])
    assert rows(answer) == [("2024-03-05, Coast Herald", ""), ("2024-03-06, Valley Times", "")]
    assert notes(answer) == ["The 2 articles that give it agree:"]
    assert answer is not None
    assert answer.remarks == ()


def test_one_article_is_said_to_be_one(tmp_path: Path) -> None:
    answer = compare(tmp_path, "How did the death toll of the ferry change?", [FIRST, INJURED])
    assert notes(answer) == ["Only one article gives it:"]


def test_what_no_article_gives_is_left_to_the_reader(tmp_path: Path) -> None:
    assert compare(tmp_path, "How did the death toll of the earthquake change?", [FIRST]) is None
