"""Questions that name nothing are asked of the articles of the last overview, timeline, comparison or list."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.app import App
from bot.composition.conversation_scope import ELSEWHERE, SCOPE_REMARK, scope_articles
from bot.conversation.session import ConversationSession
from bot.conversation.store import CitedPlace, Turn
from retrieval.articles import Span
from tests.bot.fakes_bot import HARBOUR, ORCHARD, make_app

PLACE = CitedPlace(1, HARBOUR.id, Span(20, 75), "The dockers of Port Vell ended their strike on Tuesday.")


def turn(question: str, *, abstained: bool = False) -> Turn:
    return Turn(question, question, "…", (PLACE,), abstained, 0.0)


OVERVIEW = turn("Summarise the harbour article")


@pytest.mark.parametrize(
    ("question", "history", "scope"),
    [
        ("How much do wages rise?", [OVERVIEW], (HARBOUR.id,)),
        ("How many growers are there?", [OVERVIEW, turn("how much do wages rise?")], (HARBOUR.id,)),
        ("How much did Ana Prats earn?", [OVERVIEW], ()),
        ("how many?", [OVERVIEW, turn("Who is Ana Prats?")], ()),
        ("How much do wages rise?", [turn("Who ended the strike?")], ()),
        ("How much do wages rise?", [turn("What are these articles about?")], ()),
        ("How much do wages rise?", [turn("Summarise the harbour article", abstained=True)], ()),
        ("How much do wages rise?", [], ()),
    ],
)
def test_the_scope_lasts_until_something_else_is_named(question: str, history: list[Turn], scope: tuple[str]) -> None:
    """Only after an answer about a topic or an article."""
    assert scope_articles(question, history) == scope


@pytest.fixture
def app(tmp_path: Path) -> App:
    return make_app(tmp_path)


def test_its_articles_answer_first(app: App) -> None:
    """And it is said that they were asked."""
    talk = ConversationSession()
    talk.keep(app.ask("Summarise the harbour strike article"))
    answer = app.ask("How do wages rise by percent?", history=talk.history)
    assert {citation.article.id for citation in answer.citations} == {HARBOUR.id}
    assert SCOPE_REMARK in answer.remarks


def test_another_article_may_answer_at_most(app: App) -> None:
    """It is not asserted, and the doubt says why."""
    talk = ConversationSession()
    talk.keep(app.ask("Summarise the harbour strike article"))
    answer = app.ask("What did the late frost destroy of the cherry harvest?", history=talk.history)
    assert {citation.article.id for citation in answer.citations} == {ORCHARD.id}
    assert (answer.possibly, answer.doubts[0]) == (True, ELSEWHERE)
