"""Answers are completed by the articles in hand, but for what is asked of all."""

from __future__ import annotations

from pathlib import Path

from bot.conversation.session import ConversationSession
from tests.bot.fakes_bot import HARBOUR, make_app
from tests.fakes import make_article


def test_whose_words_a_quotation_is_is_asked_of_all_articles(tmp_path: Path) -> None:
    """Not of the last answer's alone."""
    clinic = make_article(
        'The clinic\nThe clinic turned patients away in May.\n"The wards are full to the roof," nurse Ida Moss said.\n',
        title="The clinic",
    )
    app = make_app(tmp_path, [HARBOUR, clinic])
    talk = ConversationSession()
    talk.keep(app.ask("Tell me about the strike of the dockers"))
    said = app.ask('who said "The wards are full to the roof"?', history=talk.history)
    assert any("Moss" in each.quote for each in said.citations)
