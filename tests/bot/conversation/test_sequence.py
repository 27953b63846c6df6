"""What came before or after the last answer is asked as a timeline from its date."""

from __future__ import annotations

import pytest

from bot.conversation.sequence import sequence_direction, sequence_question
from bot.conversation.store import CitedPlace, Turn
from retrieval.articles import Span


def turn(question: str, *quotes: str) -> Turn:
    places = tuple(CitedPlace(n, "a" * 16, Span(0, len(q)), q) for n, q in enumerate(quotes, 1))
    return Turn(question, question, " ".join(quotes), places, abstained=not quotes, asked=0.0)


@pytest.mark.parametrize(
    ("question", "direction"),
    [
        ("And before that?", "before"),
        ("what happened before?", "before"),
        ("and then?", "after"),
        ("Then what?", "after"),
        ("what happened next", "after"),
        ("after that?", "after"),
        ("What happened before the coup?", ""),
        ("then who signed it?", ""),
    ],
)
def test_questions_what_came_before_or_after(question: str, direction: str) -> None:
    assert sequence_direction(question) == direction


@pytest.mark.parametrize(
    ("before", "question", "written"),
    [
        (turn("What happened in Niger?", "On July 26, 2023 soldiers took the palace."), "and then?",
         "Timeline of Niger after July 26, 2023"),
        (turn("Who led the coup?", "On Tuesday General Tchiani led the coup."), "and before that?",
         "Timeline of the coup before July 25, 2023"),
        (turn("What happened in Niger?", "Soldiers took the palace."), "and then?", "Timeline of Niger"),
        (turn("What happened in Niger?"), "and then?", "Timeline of Niger"),
    ],
)  # fmt: skip
def test_a_timeline_goes_on_from_the_date_of_the_answer(before: Turn, question: str, written: str) -> None:
    """A weekday is read against the day of its article; without a date it is the whole timeline."""
    assert sequence_question(question, [before], lambda _: "2023-07-27") == written


def test_what_somebody_did_before_is_their_timeline() -> None:
    """Not that of what they spoke of."""
    before = turn("What did Tom Reed say about the wall?", "On July 26, 2023 Tom Reed spoke.")
    written = sequence_question("what did he do before that?", [before], lambda _: "", "the wall")
    assert written == "Timeline of Tom Reed before July 26, 2023"
