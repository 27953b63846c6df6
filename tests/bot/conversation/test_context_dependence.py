"""How much a question depends on the turns before it."""

from __future__ import annotations

import pytest

from bot.conversation.context_dependence import DEPENDENCE_THRESHOLD, context_components, dependence_probability
from bot.conversation.store import Turn


def turn(question: str, answer: str = "Cheese is made from milk.", *, abstained: bool = False) -> Turn:
    return Turn(question, question, answer, (), abstained=abstained, asked=0.0)


HISTORY = [turn("What is cheese made from?"), turn("When did people first make cheese?")]


@pytest.mark.parametrize("question", ["How is it stored?", "And the price?", "Does it melt?", "What are the benefits?"])
def test_short_questions_and_pronouns_lean(question: str) -> None:
    assert dependence_probability(question, HISTORY) >= DEPENDENCE_THRESHOLD


@pytest.mark.parametrize(
    "question",
    [
        "Which animals besides cows give milk that dairies turn into hard cheese?",
        "When did people in Switzerland first make cheese with holes for export to France?",
    ],
)
def test_a_question_that_says_all_it_needs_does_not(question: str) -> None:
    assert dependence_probability(question, HISTORY) < DEPENDENCE_THRESHOLD
    assert context_components(question, HISTORY, dependence_probability(question, HISTORY)) == ()


def test_without_history_nothing_leans() -> None:
    assert dependence_probability("And it?", []) == 0
    assert context_components("And it?", [], 1.0) == ()


def test_a_leaning_question_is_searched_with_questions_and_the_last_answer() -> None:
    """An abstention's message is no answer to search with."""
    texts = [part.text for part in context_components("How is it stored?", HISTORY, 1.0)]
    assert "When did people first make cheese? Cheese is made from milk. How is it stored?" in texts
    assert "What is cheese made from?" in texts
    silent = [HISTORY[0], turn("Who?", "Not in these articles.", abstained=True)]
    assert all("Not in" not in part.text for part in context_components("How is it stored?", silent, 1.0))


def test_more_leaning_weighs_more() -> None:
    light, heavy = context_components("It?", HISTORY, 0.6), context_components("It?", HISTORY, 0.9)
    assert all(
        a.dense_weight <= b.dense_weight and a.word_weight <= b.word_weight for a, b in zip(light, heavy, strict=True)
    )
