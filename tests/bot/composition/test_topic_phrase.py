"""What a question of any form is about."""

from __future__ import annotations

import pytest

from bot.answers import QuestionKind
from bot.composition.topic_phrase import topic_phrase


@pytest.mark.parametrize(
    ("question", "phrase"),
    [
        ("Sequence of court rulings on the Texas abortion ban, with dates?", "court rulings on the Texas abortion ban"),
        ("Trace the steps by which the merger of Lund and Brill fell apart.", "merger of Lund and Brill fell apart"),
        ("I've been on leave. Fill me in on the postal inquiry.", "postal inquiry"),
        ("From the first tremor to the all-clear: how did the Hekla eruption unfold?", "Hekla eruption"),
        ("never heard of this pfas scandal, explain?", "pfas scandal"),
        ("what is it", ""),
        ("", ""),
    ],
)
def test_the_words_that_ask_are_left_out(question: str, phrase: str) -> None:
    """Around the topic, wherever it stands in the question."""
    assert topic_phrase(question, QuestionKind.TIMELINE) == phrase


def test_a_list_begins_with_what_is_listed() -> None:
    """And goes on to the end, for what is said of it."""
    asked = "What conditions did the kidnappers set for releasing the engineers?"
    expected = "conditions did the kidnappers set for releasing the engineers"
    assert topic_phrase(asked, QuestionKind.LIST) == expected
