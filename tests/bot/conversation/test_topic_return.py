"""A question that goes back to an earlier topic follows the last turn about it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.conversation.session import ConversationSession
from bot.conversation.store import Turn
from bot.conversation.topic_return import resumed_turns
from tests.bot.fakes_bot import make_app


def turn(question: str, answer: str) -> Turn:
    return Turn(question, question, answer, (), abstained=False, asked=0.0)


REED = turn("Who is Tom Reed?", "Tom Reed is the mayor of Vell.")
STORM = turn("How strong was the storm?", "The storm had winds of 130 mph.")


@pytest.mark.parametrize(
    ("asked", "question"),
    [
        ("back to Reed: did he resign?", "did he resign?"),
        ("ok, going back to the Reed thing, why did he go?", "why did he go?"),
        ("So let's get back to Tom Reed - who elected him?", "who elected him?"),
        ("returning to the mayor; when was that?", "when was that?"),
    ],
)
def test_it_goes_on_with_the_last_turn_about_the_topic(asked: str, question: str) -> None:
    """Its question counts before its answer."""
    assert resumed_turns(asked, [REED, STORM]) == (question, (REED,))


def test_a_topic_of_no_turn_is_put_into_the_question() -> None:
    """For its pronoun, or behind it."""
    assert resumed_turns("back to Ann Brook: did she testify?", [REED]) == ("did Ann Brook testify?", ())
    assert resumed_turns("back to the Irma thing: who was killed?", [REED]) == ("who was killed (Irma)?", ())


@pytest.mark.parametrize("asked", ["back to Reed", "Who went back to Vell: was it Reed?", "What happened?"])
def test_other_questions_go_back_to_nothing(asked: str) -> None:
    assert resumed_turns(asked, [REED, STORM]) is None


def test_the_answer_keeps_the_question_as_it_was_written(tmp_path: Path) -> None:
    talk = ConversationSession()
    with make_app(tmp_path) as app:
        for question in ("Who ended their strike at Port Vell?", "What destroyed half of the cherry harvest?"):
            talk.keep(app.ask(question, history=talk.history))
        answer = app.ask("back to the dockers: when was that?", history=talk.history)
    assert answer.question == "back to the dockers: when was that?"
    assert answer.standalone_question == "When was their strike ended at Port Vell?"
    assert "ended their strike on Tuesday" in answer.text
