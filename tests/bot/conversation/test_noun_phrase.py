"""What of a question can stand in the next one."""

from __future__ import annotations

import pytest

from bot.conversation.noun_phrase import is_noun_phrase, noun_phrase


@pytest.mark.parametrize(
    ("topic", "phrase"),
    [
        ("the Boston Marathon bombing", "the Boston Marathon bombing"),
        ("Brook v Tarsk: who argues what?", "Brook and Tarsk"),
        ("the strike, day by day", "the strike"),
        ("Tarsk market shooting - gist please", "the Tarsk market shooting"),
        ("Trump's commission", "Trump's commission"),
        ("the people enrolled in Obamacare", "the people enrolled in Obamacare"),
        ("the Republicans who voted no", "the Republicans who voted no"),
        ("frost", "frost"),
        ("gone with the wind being pulled by HBO", ""),
        ("became of the bill to cancel gun laws", ""),
        ("Google fires Ann Brook", ""),
        ("the Iowa caucuses begin", ""),
        ("letters, calls, report: dates in order", ""),
        ("1980 and 2011", ""),
        ("China passed 1000 deaths", ""),
        ("the crisis when China passed 1000 deaths", "the crisis"),
        ("the wall emergency pls", "the wall emergency"),
        ("kids in shelters / Tornillo", "Tornillo"),
        ("everyone on when he died", ""),
        ("the bill anyway", ""),
        ("settled in Ohio", ""),
        ("", ""),
    ],
)
def test_a_topic_is_a_noun_phrase_without_the_question_behind_it(topic: str, phrase: str) -> None:
    assert noun_phrase(topic) == phrase


@pytest.mark.parametrize("phrase", ["workers get overtime", "of the bill", "the bill and", "the case, in order"])
def test_half_a_clause_is_no_noun_phrase(phrase: str) -> None:
    assert not is_noun_phrase(phrase)
