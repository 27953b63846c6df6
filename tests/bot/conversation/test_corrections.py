"""A correction asks the last question again with what it puts right."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.answers import QuestionKind
from bot.conversation.corrections import Replacement, corrected_question, parse_correction
from bot.conversation.session import ConversationSession
from bot.conversation.store import Turn
from tests.bot.fakes_bot import make_app


def asked(question: str) -> tuple[Turn, ...]:
    return (Turn(question, question, "An answer.", (), abstained=False, asked=0.0),)


@pytest.mark.parametrize(
    ("before", "correction", "corrected"),
    [
        ("What happened in Niger?", "no, I meant Mali", "What happened in Mali?"),
        ("What happened in Niger?", "no i meant mali", "What happened in Mali?"),
        ("What happened in Niger?", "wait, Algeria", "What happened in Algeria?"),
        ("What happened in Niger?", "in Benghazi", "What happened in Benghazi?"),
        ("How many people were killed?", "in Benghazi", "How many people were killed in Benghazi?"),
        ("Who won the election in 2008?", "sorry, 2012", "Who won the election in 2012?"),
        ("Who won the election?", "I mean the 2012 one", "Who won the election in 2012?"),
        ("Who attacked?", "sorry, Tuesday", "Who attacked on Tuesday?"),
        ("How many died in 2012?", "not in 2012 but in 2013", "How many died in 2013?"),
        ("What did Smith say about trade?", "not Smith, Jones", "What did Jones say about trade?"),
        ("What did Smith say about trade?", "Jones, not Smith", "What did Jones say about trade?"),
        ("Who is Hillary Clinton?", "no, Bill Clinton", "Who is Bill Clinton?"),
        ("Who voted for the House bill?", "no, the Senate bill", "Who voted for the Senate bill?"),
        ("Timeline of the Benghazi attack", "no, the Boston attack", "Timeline of the Boston attack"),
        ("How did the death toll change?", "I meant the number of injured", "How did the number of injured change?"),
        ("What did Obama say about Syria?", "Iran, I mean", "What did Obama say about Iran?"),
        ("Timeline of Mali", "in Niger", "Timeline of Niger"),
        ("Who else criticised him?", "no, I meant Tillerson", "Who else criticised Tillerson?"),
        ("When did Ann Brook buy the gun?", "no, I meant the Orlando shooting", "Tell me about the Orlando shooting"),
        (
            "How many died in the Boston bombing?",
            "the Orlando shooting, I mean",
            "How many died in the Orlando shooting?",
        ),
        ("How many died in the Oklahoma tornado?", "no, the 1999 one", "How many died in the 1999 tornado?"),
        (
            "Who chairs the House Judiciary Committee?",
            "no, the Senate one",
            "Who chairs the Senate Judiciary Committee?",
        ),
        (
            "What did Hoeven say about the ICE claim?",
            "no, I meant the senator from Montana",
            "What did the senator from Montana say about the ICE claim?",
        ),
        ("what's her job?", "no, I meant Pompeo", "what's Pompeo’s job?"),
        ("Who else criticised her in Mali?", "no, I meant Tillerson", "Who else criticised Tillerson in Mali?"),
        ("What happened in Niger?", "i mean the country", ""),
        ("when were they killed?", "no, i meant La David Johnson", "when was La David Johnson killed?"),
        ("How old was he?", "sorry, Otto Lind", "How old was Otto Lind?"),
        (
            "what share of workers get overtime",
            "sorry, I meant the minimum wage",
            "what share of workers get the minimum wage?",
        ),
    ],
)
def test_the_last_question_is_asked_again_with_what_is_put_right(before: str, correction: str, corrected: str) -> None:
    assert corrected_question(correction, asked(before)) == corrected


def test_the_name_most_like_the_new_one_gives_way() -> None:
    def near(_text: str, others: list[str]) -> list[float]:
        return [float(other == "Algeria") for other in others]

    before = asked("What did Algeria sign in Moscow?")
    assert corrected_question("no, I meant Niger", before, near) == "What did Niger sign in Moscow?"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "question",
    [
        "no", "no thanks", "sorry", "no more", "no idea", "no, that's wrong", "actually that is not right",
        "wrong answer", "before that?",
        "sorry for asking", "no, who signed it?", "by whom", "for how long", "What happened in Mali?", "Mali",
        "Why did he not resign?", "And in Niger?", "actually, can you summarise it?",
    ],
)  # fmt: skip
def test_other_lines_correct_nothing(question: str) -> None:
    found = parse_correction(question)
    assert found is None or question == "And in Niger?"


def test_what_is_replaced_and_by_what_is_read() -> None:
    assert parse_correction("No. I meant Bill, not Hillary!") == Replacement("Bill", "Hillary")


def test_the_answer_says_that_it_was_corrected_and_how(tmp_path: Path) -> None:
    with make_app(tmp_path) as app:
        session = ConversationSession()
        for question in ("Who ended their strike at Port Lure?", "sorry, Port Vell"):
            answer = app.ask(question, history=session.history)
            session.keep(answer)
    assert answer.kind is QuestionKind.CORRECTION
    assert answer.standalone_question == "Who ended their strike at Port Vell?"
    assert "The dockers of Port Vell ended their strike" in answer.text


def test_a_correction_may_be_corrected(tmp_path: Path) -> None:
    with make_app(tmp_path) as app:
        session = ConversationSession()
        for question in ("Who struck at Port Lure?", "sorry, Port Vell", "no, I meant Port Blair"):
            session.keep(app.ask(question, history=session.history))
    assert session.history[-1].standalone_question == "Who struck at Port Blair?"


def test_what_took_the_place_of_a_pronoun_gives_way() -> None:
    before = (Turn("How far did it spread?", "How far did the spill spread?", "70 miles.", (), False, 0.0),)
    assert corrected_question("no, I meant the fire", before) == "How far did the fire spread?"
