"""Answers of several likely sentences, where no names, figures or sides tell which."""

from __future__ import annotations

from pathlib import Path

from bot.answers import POSSIBLY_LABEL, QuestionKind, SearchScope
from bot.composition.request import CompositionRequest, KindDecision
from bot.conversation.session import ConversationSession
from bot.render.markdown import markdown
from bot.render.terminal import answer_text
from retrieval.articles import Filters
from tests.bot.fakes_bot import PLACES, make_app
from tests.fakes import make_article

STRIKE = make_article(
    "The strike\nThe dockers of Vell ended their strike in May.\n"
    "Ada Quill of the union said that the offer of the port was fair.\n"
    "The pastor of Vell said that the offer of the port was an insult.\n"
    "Trains ran again a week later.\n",
    title="The strike", published="2024-05-20",
)  # fmt: skip


def test_a_comparison_without_sides_is_answered_by_the_likeliest_sentences(tmp_path: Path) -> None:
    app = make_app(tmp_path, [STRIKE])
    talk = ConversationSession()
    talk.keep(app.ask("Tell me about the strike of the dockers"))
    answer = app.ask("what did Quill say of the offer and what did the pastor say of the offer?", history=talk.history)
    quotes = " ".join(each.quote for each in answer.citations)
    assert "said that the offer of the port was fair" in quotes
    assert "an insult" in quotes


def test_each_clause_that_asks_is_answered(tmp_path: Path) -> None:
    app = make_app(tmp_path, [STRIKE])
    answer = app.ask("When did the dockers of Vell end their strike, and when did trains run again?")
    quotes = [each.quote for each in answer.citations]
    assert any(quote.startswith("The dockers of Vell") for quote in quotes)
    assert any(quote.startswith("Trains ran again") for quote in quotes)
    assert answer.kind is QuestionKind.FACT


def test_the_likeliest_comes_first(tmp_path: Path) -> None:
    """Wherever its article has it."""
    app = make_app(tmp_path, [STRIKE])
    talk = ConversationSession()
    talk.keep(app.ask("Tell me about the strike of the dockers"))
    searched = SearchScope(1, 1, Filters(articles=(STRIKE.id,)))
    request = CompositionRequest(
        "",
        "What did the pastor say of the offer of the port?",
        KindDecision(QuestionKind.LIST),
        talk.history,
        searched,
    )
    answer = app.composers.likely.compose(request)
    assert answer is not None
    first, *others = [each.quote for each in answer.citations]
    assert first.startswith("The pastor of Vell")
    assert any(each.startswith("Ada Quill") for each in others)


def test_what_only_may_answer_is_said_to(tmp_path: Path) -> None:
    """In the terminal and in Markdown, above its headings."""
    app = make_app(tmp_path, [STRIKE])
    searched = SearchScope(1, 1, Filters(articles=(STRIKE.id,)))
    asked = "What did the bishop of Tarn say of the trains?"
    request = CompositionRequest("", asked, KindDecision(QuestionKind.LIST), (), searched)
    doubted = app.composers.likely.compose(request)
    assert doubted is not None
    assert doubted.possibly
    assert doubted.composed
    assert answer_text(doubted, PLACES, 100).plain.startswith(POSSIBLY_LABEL)
    assert POSSIBLY_LABEL in markdown([doubted], PLACES)
