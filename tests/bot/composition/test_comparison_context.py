"""Comparisons that leave their topic to the conversation."""

from __future__ import annotations

import pytest

from bot.composition.comparison_context import comparison_in_context
from bot.composition.question_kind import decide_kind
from bot.conversation.store import Turn


def in_context(question: str, *before: str) -> str:
    answer = "Senator Ada Gill signed the levee bill."
    history = [Turn(each, each, answer, (), abstained=False, asked=0.0) for each in before]
    return comparison_in_context(question, decide_kind(question, history).topic, history)


@pytest.mark.parametrize(
    ("before", "question", "standalone"),
    [
        (
            "How many sailors were injured in the Port Vell fire?",
            "do the articles disagree about that?",
            "Do the articles disagree about the number of sailors injured in the Port Vell fire?",
        ),
        (
            "How many people were enrolled in Vellcare?",
            "How did that figure change?",
            "How did the number of people enrolled in Vellcare change?",
        ),
        ("What happened in Niger?", "what changed?", "What changed in Niger?"),
        ("What happened in Niger?", "How did that change?", "How did Niger change?"),
        ("What did Ada Gill sign?", "how did it change?", ""),  # nobody is "it"
        (
            "Tell me about the Vell talks",
            "what differs between that and the Port talks?",
            "What differs between the Vell talks and the Port talks?",
        ),
        ("Tell me about the Vell talks", "is that the number that the Senate passed?", ""),
        ("What share of the refugees was poor?", "is that in line with their share of the people?", ""),
        ("Tell me about the Port Vell fire", "do people trust the crew less than their captain?", ""),
        (
            "How much money did the ferry lines raise?",
            "do the reports agree?",
            "Do the reports agree about the amount of money the ferry lines raised?",
        ),
        (
            "What happened at the Port Vell ferry fire?",
            "how does that compare to the Norvik bridge collapse?",
            "Compare the Port Vell ferry fire with the Norvik bridge collapse",
        ),
        ("How did the jobless rate change?", "which figure is right?", "Do the articles agree on the jobless rate?"),
        (
            "Which outlets reported the Port Vell fire first?",
            "do the articles disagree about the number of injured?",
            "Do the articles disagree about the number of injured in the Port Vell fire?",
        ),
        (
            "compare what the Hill Post and the Coast Herald say about the Port Vell fire",
            "What changed after 2013?",
            "What changed in the Port Vell fire after 2013?",
        ),
        (
            "Summarise the article about the earthquake in Vell",
            "do the reports disagree about its size?",
            "Do the reports disagree about the size of the earthquake in Vell?",
        ),
        (
            "did Quill know about the payment?",
            "do they agree on that?",
            "Do they agree on whether Quill knew about the payment?",
        ),
        (
            "what happened in the Quill hearing?",
            "do Quill and Ames differ?",
            "Do Quill and Ames differ on the Quill hearing?",
        ),
    ],
)
def test_the_last_question_gives_the_topic(before: str, question: str, standalone: str) -> None:
    assert in_context(question, before) == standalone


def test_a_question_that_names_nothing_itself_gives_no_topic() -> None:
    """The timeline's topic stays in place after "How long did it last?"."""
    before = ("timeline of the strike in 2019", "how long did it last?", "how many workers were affected?")
    assert in_context("compare it with 2013", *before) == "Compare the strike in 2019 with 2013"


@pytest.mark.parametrize(
    "question",
    ["How did the unemployment rate change?", "how has immigration policy changed?", "Do they disagree about Niger?"],
)
def test_a_comparison_with_a_topic_of_its_own_keeps_it(question: str) -> None:
    assert in_context(question, "tell me about Syria") == ""


def test_the_numbers_are_those_counted_before_whoever_was_spoken_of_since() -> None:
    before = ("How many families were caught at the border?", "What did Vaughan say about the cartels?")
    assert "the number of families caught at the border" in in_context("did the numbers go up since 2015", *before)
    assert in_context("did the numbers go up since 2015", "What did Vaughan say about the cartels?") == ""
