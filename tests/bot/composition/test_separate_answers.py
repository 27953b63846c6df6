"""Questions that are asked at once are answered one below the other."""

from __future__ import annotations

from pathlib import Path

from bot.answers import Form, Status
from bot.conversation.session import ConversationSession
from tests.bot.fakes_bot import HARBOUR, ORCHARD, make_app

STRIKE, FROST = "Which dockers of Port Vell ended it on Tuesday?", "What frost destroyed half of the harvest?"


def test_each_question_has_its_answer(tmp_path: Path) -> None:
    """The citations are numbered through, each at its characters."""
    with make_app(tmp_path) as app:
        one, other = app.ask(STRIKE), app.ask(FROST)
        both = app.ask(f"{STRIKE} {FROST}")
    assert [each.quote for each in both.citations] == [each.quote for each in (*one.citations, *other.citations)]
    assert [each.number for each in both.citations] == list(range(1, len(both.citations) + 1))
    assert [each.text for each in both.claims if each.form is Form.HEADING] == [STRIKE, FROST]
    texts = {HARBOUR.id: HARBOUR.text, ORCHARD.id: ORCHARD.text}
    assert all(each.span.of(texts[each.article.id]) == each.quote for each in both.citations)
    assert both.status is Status.ANSWERED


def test_a_question_without_an_answer_is_said_to_have_none(tmp_path: Path) -> None:
    with make_app(tmp_path) as app:
        both = app.ask(f"{STRIKE} Who is the king of Zanzibar?")
        neither = app.ask("Who is the king of Zanzibar? Where is the queen of Samoa?")
    assert both.citations
    assert "Who is the king of Zanzibar?\nNot in these articles" in both.text
    assert neither.status is Status.ABSTAINED
    assert not neither.citations
    assert neither.message.count("Nothing in these articles is about this") == 2


def test_a_later_question_is_asked_after_those_before_it(tmp_path: Path) -> None:
    """A pronoun in the second is what the first is about, and the next turn goes on with it."""
    with make_app(tmp_path) as app:
        under_way = ConversationSession()
        both = app.ask(f"{STRIKE} who wrote it?")
        under_way.keep(both)
        after = app.ask("when was it published?", history=under_way.history)
    assert "By Ana Prats." in both.text
    assert "Published on 2024-03-05." in after.text
