"""Small talk gets a line that says what can be asked, and no search."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.answers import QuestionKind, Status
from bot.app import App
from tests.bot.fakes_bot import make_app


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    with make_app(tmp_path) as built:
        yield built


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("hi", "Hello. Ask about the 2 articles here."),
        ("Good morning!", "summarise ‘Frost hits the orchards’"),
        ("how are you?", "Hello."),
        ("thanks!", "You're welcome."),
        ("bye", "Goodbye."),
        ("who are you?", "a program"),
        ("Are you a human?", "a program"),
        ("what can you do?", "A timeline: “timeline of"),
        ("tell me a joke", "I answer from the 2 articles here"),
        ("you are stupid", "corrects the last question"),
        ("ok", "All right."),
    ],
)
def test_small_talk_is_answered_in_a_line_or_two(app: App, typed: str, said: str) -> None:
    answer = app.ask(typed)
    assert answer.kind is QuestionKind.SMALL_TALK
    assert answer.status is Status.ANSWERED
    assert said in answer.text
    assert not answer.citations
    assert not answer.hits


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("help", "Ask about the 2 articles here in your own words"),
        ("quit", "“quit” is a command of the terminal"),
        ("sources", "Here, ask “which outlets are there?”"),
        ("open 1", "Here, ask “show me the source”"),
    ],
)
def test_a_command_where_there_is_none_says_what_to_ask(app: App, typed: str, said: str) -> None:
    answer = app.ask(typed)
    assert answer.kind is QuestionKind.COMMAND
    assert said in answer.text


def test_a_question_behind_a_greeting_is_the_question(app: App) -> None:
    answer = app.ask("Hi, who ended their strike at Port Vell? Thanks!")
    assert answer.kind is QuestionKind.FACT
    assert "The dockers of Port Vell ended their strike" in answer.text
