"""Unsure sentences of facts: how something ended, whether something is so, and what only may answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.answers import Answer, QuestionKind
from bot.composition.likely_sentences import METHOD as LIKELY
from bot.composition.scope.fact_doubt import MIN_KNOWN, NOT_KNOWN, NOT_YET, asks_outcome, doubting_fact, may_answer
from tests.bot.fakes_bot import abstained, answered

ANSWER = answered(question="Did they execute him in the end?", confidence=0.4, kind=QuestionKind.FACT)


@pytest.mark.parametrize(
    "question",
    [
        "so did they execute Purkey in the end?",
        "what sentence did the driver get",
        "did Trump ever pardon him?",
        "how did the West Virginia trial turn out?",
        "who won the Friday election?",
        "and what did the court decide?",
    ],
)
def test_questions_for_how_something_ended(question: str) -> None:
    assert asks_outcome(question)


@pytest.mark.parametrize(
    "question",
    ["When was the bridge opened?", "What did the mayor say?", "How many people were hurt?", "Every year, who pays?"],
)
def test_other_questions(question: str) -> None:
    assert not asks_outcome(question)


def test_an_unsure_sentence_may_be_from_before_it_was_known() -> None:
    doubted = doubting_fact(ANSWER, ANSWER.question)
    assert doubted.possibly
    assert doubted.doubts == (NOT_YET,)


@pytest.mark.parametrize(
    "answer",
    [
        replace(ANSWER, confidence=MIN_KNOWN),
        replace(ANSWER, possibly=True),
        abstained(question=ANSWER.question, kind=QuestionKind.FACT),
        replace(ANSWER, kind=QuestionKind.LIST),
    ],
)
def test_what_is_sure_doubted_or_no_fact_stays(answer: Answer) -> None:
    assert doubting_fact(answer, answer.question) == answer


def test_a_fact_of_another_kind_stays() -> None:
    assert doubting_fact(ANSWER, "When was he born?") == ANSWER


def test_an_unsure_sentence_does_not_say_whether_something_is_so() -> None:
    asked = replace(ANSWER, question="did she vote for the pipeline?", confidence=0.5)
    assert doubting_fact(asked, asked.question).possibly
    assert not doubting_fact(replace(asked, confidence=0.7), asked.question).possibly


@pytest.mark.parametrize("answer", [ANSWER, replace(ANSWER, possibly=True, method="Likely sentences.")])
def test_after_an_answer_an_unsure_sentence_is_only_the_nearest(answer: Answer) -> None:
    said = doubting_fact(answer, answer.question, follows=True)
    assert said.message == NOT_KNOWN
    assert (said.citations, said.claims, said.nearest) == ((), (), answer.citations)
    assert not said.possibly


@pytest.mark.parametrize(
    ("question", "confidence", "method", "shown"),
    [
        ("When was he born?", 0.25, "", True),
        ("When was he born?", 0.15, "", False),
        ("Why was he fined?", 0.15, "", True),
        ("When was he born?", 0.55, LIKELY, True),
        ("When was he born?", 0.45, LIKELY, False),
        ("Why was he fined?", 0.2, LIKELY, True),
        ("Was he fined?", 0.8, LIKELY, False),
        ("Was he fined?", 0.9, LIKELY, True),
        ("Did it pass in the end?", 0.9, LIKELY, False),
    ],
)
def test_what_may_answer_after_an_answer_is_shown_where_it_is_likely_enough(
    question: str, confidence: float, method: str, shown: bool
) -> None:
    """Else it is the nearest; to a first question it is shown in any case."""
    unsure = replace(ANSWER, question=question, possibly=True, confidence=confidence, method=method)
    assert may_answer(unsure, question) is shown
    said = doubting_fact(unsure, question, follows=True)
    assert said.possibly is shown
    assert said.nearest == (unsure.nearest if shown else unsure.citations)
    assert bool(said.message) is not shown
    assert doubting_fact(unsure, question) == unsure


def test_after_an_answer_what_is_sure_stays() -> None:
    sure = replace(ANSWER, confidence=MIN_KNOWN)
    assert doubting_fact(sure, sure.question, follows=True) == sure
    assert doubting_fact(ANSWER, "When was he born?", follows=True) == ANSWER
