"""Questions that name nothing are asked of the articles of the last overview, timeline, comparison or list."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.app import App
from bot.composition.conversation_scope import (
    ELSEWHERE,
    ConversationScope,
    ScopeAnswerer,
    says_little,
    scope_of,
)
from bot.conversation.store import CitedPlace, Turn
from retrieval.articles import Filters, Span
from tests.bot.fakes_bot import HARBOUR, ORCHARD, make_app
from tests.fakes import make_article

PLACE = CitedPlace(1, HARBOUR.id, Span(20, 75), "The dockers of Port Vell ended their strike on Tuesday.")


def turn(question: str, *, abstained: bool = False) -> Turn:
    return Turn(question, question, "…", (PLACE,), abstained, 0.0)


OVERVIEW = turn("Summarise the harbour article")
FROST = replace(turn("What did Jonas Feld lose?"), places=(replace(PLACE, article_id=ORCHARD.id),))


@pytest.mark.parametrize(
    ("question", "history", "scope"),
    [
        ("How much do wages rise?", [OVERVIEW], (HARBOUR.id,)),
        ("How many growers are there?", [OVERVIEW, turn("how much do wages rise?")], (HARBOUR.id,)),
        ("How much did Ana Prats earn?", [OVERVIEW], ()),
        ("Who is the CEO?", [OVERVIEW], (HARBOUR.id,)),  # an office, no name
        ("How much do wages rise?", [turn("What are these articles about?")], ()),
        ("How much do wages rise?", [turn("Summarise the harbour article", abstained=True)], ()),
        ("How much do wages rise?", [], ()),
        # After a fact, the article that it was answered from.
        ("How many were lost?", [FROST], (ORCHARD.id,)),
        ("How many were lost?", [OVERVIEW, FROST], (ORCHARD.id,)),
        ("How many were lost?", [OVERVIEW, FROST, turn("who said so?", abstained=True)], (ORCHARD.id,)),
        # A list that was asked in a scope narrows none.
        ("How many were lost?", [OVERVIEW, FROST, OVERVIEW, turn("who was killed?")], (HARBOUR.id,)),
    ],
)
def test_the_scope_lasts_until_something_else_is_named(question: str, history: list[Turn], scope: tuple[str]) -> None:
    """After an answer about a topic or an article, or a fact that was answered from one."""
    found = scope_of(question, history)
    assert (found.articles if found else ()) == scope


def test_a_named_question_that_was_answered_in_the_scope_keeps_it() -> None:
    """The whole scope, not the sentence's article alone."""
    both = replace(OVERVIEW, places=(PLACE, replace(PLACE, number=2, article_id=ORCHARD.id)))
    found = scope_of("How many were lost?", [both, turn("What did Ana Prats say?")])
    assert found is not None
    assert (found.articles, found.of_fact) == ((HARBOUR.id, ORCHARD.id), False)


@pytest.mark.parametrize(
    ("question", "little"),
    [
        ("How many people died?", True),
        ("when did the coup happen?", True),
        ("What destroyed the cherry harvest?", False),
    ],
)
def test_a_question_of_few_words_is_not_asked_of_other_stories(question: str, little: bool) -> None:
    """Of "people died" every story may tell."""
    assert says_little(question) is little


SENTENCED = make_article(
    "Protest in Norvik\nThe driver at the rally of Port Vell was sentenced to 30 years in prison.\n", title="Protest"
)
STORM = make_article("A storm\nA sailor of Olmar was sentenced to 20 years in prison.\n", title="Storm")


def answerer(app: App) -> ScopeAnswerer:
    return ScopeAnswerer(app.searcher, app.reader, app.cross_encoder, app.library, app.search_scope)


def test_other_articles_about_the_topic_answer_what_those_of_the_scope_do_not(tmp_path: Path) -> None:
    """None about another topic does, and none without a topic."""
    app = make_app(tmp_path, [HARBOUR, SENTENCED, STORM])
    asked = "How many years was he sentenced to?"
    found = answerer(app).elsewhere(asked, asked, ConversationScope((HARBOUR.id,), "rally of Port Vell"), Filters())
    assert found is not None
    assert {each.article.id for each in found.citations} == {SENTENCED.id}
    assert found.remarks == ("Read in other articles about rally of Port Vell.",)
    assert answerer(app).elsewhere(asked, asked, ConversationScope((HARBOUR.id,), "Grenoble"), Filters()) is None
    assert answerer(app).elsewhere(asked, asked, ConversationScope((HARBOUR.id,)), Filters()) is None


def test_words_of_a_topic_that_stand_apart_are_another_thing(tmp_path: Path) -> None:
    """Debt that is bumped up, and a stock, are no bump stock."""
    app = make_app(
        tmp_path, [HARBOUR, make_article("In port, Vell was sentenced to 30 years in prison.\n", title="Vell")]
    )
    asked = "How many years was he sentenced to?"
    assert answerer(app).elsewhere(asked, asked, ConversationScope((HARBOUR.id,), "Vell port"), Filters()) is None


def test_of_a_place_other_articles_may_answer_at_most(tmp_path: Path) -> None:
    """They may be of another event there."""
    app = make_app(tmp_path, [HARBOUR, make_article(SENTENCED.text.replace("Port Vell", "Mali"), title="Mali")])
    asked = "How many years was he sentenced to?"
    found = answerer(app).elsewhere(asked, asked, ConversationScope((HARBOUR.id,), "Mali"), Filters())
    assert found is not None
    assert (found.possibly, found.doubts[0]) == (True, ELSEWHERE)


def test_a_doubtful_answer_that_named_nothing_new_moves_no_scope() -> None:
    """One about somebody else does: the question turned to them."""
    doubtful = replace(FROST, question="How many were lost?", standalone_question="How many were lost?", possibly=True)
    found = scope_of("Who pays for it?", [turn("Who ended the strike of Port Vell?"), doubtful])
    assert found is not None
    assert found.articles == (HARBOUR.id,)
    turned = scope_of("Who pays for it?", [turn("Who ended it?"), replace(FROST, possibly=True)])
    assert turned is not None
    assert turned.articles == (ORCHARD.id,)


def test_of_a_name_in_a_question_for_a_fact_other_articles_are_not_asked(tmp_path: Path) -> None:
    """It is in much else."""
    app = make_app(tmp_path, [HARBOUR, SENTENCED])
    asked = "How many years was he sentenced to?"
    scope = ConversationScope((HARBOUR.id,), "Vell", of_fact=True)
    assert answerer(app).elsewhere(asked, asked, scope, Filters()) is None
    assert answerer(app).elsewhere(asked, asked, replace(scope, of_fact=False), Filters()) is not None
