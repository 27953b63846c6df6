"""Short follow-ups are written out as questions that stand alone."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bot.conversation.rule_rewriter import has_pronoun, rewrite_by_rules, with_topic
from bot.conversation.store import Turn

ANSWER = "In January, Algeria and Niger met the United States in Burkina Faso."


def history(question: str) -> list[Turn]:
    return [Turn(question, question, ANSWER, (), abstained=False, asked=0.0)]


@pytest.mark.parametrize(
    ("before", "question", "written"),
    [
        ("Who arrived in Mali?", "And in Niger?", "Who arrived in Niger?"),
        ("Who arrived in Burkina Faso last week?", "And in Niger?", "Who arrived in Niger last week?"),
        ("Who signed the agreement?", "And in Niger?", "Who signed the agreement in Niger?"),
        ("Which tanks does Algeria have?", "What about Niger?", "Which tanks does Niger have?"),
        ("which tanks does algeria have", "what about niger", "which tanks does niger have?"),
        ("What did the U.S. build?", "And France?", "What did France build?"),
        ("Who signed the agreement?", "Who else?", "Who else signed the agreement?"),
        ("Who else signed the agreement?", "Who else?", "Who else signed the agreement?"),
        ("Which tanks does Algeria have?", "Any others?", "Which other tanks does Algeria have?"),
        ("Who signed the agreement?", "What else did they sign?", "What else did they sign?"),
        ("Do you have anything about the harbour?", "And on Niger?", "Do you have anything on Niger?"),
        ("Is there anything on frost in orchards?", "and about strikes?", "Is there anything about strikes?"),
        ("Who signed the agreement?", "When was that?", "When was the agreement signed?"),
        ("When did the coup happen?", "Why?", "Why did the coup happen?"),
        ("Which tanks does Algeria have?", "Why?", "Why does Algeria have tanks?"),
        ("Is Algeria reducing its reliance?", "Why?", "Why is Algeria reducing its reliance?"),
        ("Who arrived in Niger?", "How many?", "How many arrived in Niger?"),
        # Another day, with its own preposition.
        ("How many were sentenced on Monday?", "And in March?", "How many were sentenced in March?"),
        ("who won the race in 2012", "and last year?", "Who won the race last year?"),
        # Somebody else speaks, and somebody else is "he"; of a place, something is said.
        ("What did Ann Brook tell Reed?", "and Tester?", "What did Tester tell Reed?"),
        ("What did Ann Brook say about Iran?", "And Iraq?", "What did Ann Brook say about Iraq?"),
        ("Which company does he work with?", "and Gill?", "Which company does Gill work with?"),
        ("Who was running in Georgia?", "What about Alaska?", "Who was running in Alaska?"),
        # "The" stays with the noun, and goes with the name.
        ("Why did the US delegation fail?", "And Mali?", "Why did the Mali delegation fail?"),
        ("How many were hurt in the Vell explosion?", "And in Norvik?", "How many were hurt in the Norvik explosion?"),
        ("How much did the U.S. donate?", "And France?", "How much did France donate?"),
        # Of articles that were counted, which.
        ("How many articles mention Mali?", "which one?", "Which articles mention Mali?"),
        ("How many outlets covered Mali?", "which?", "Which outlets covered Mali?"),
        ("How many Malians are fighting there?", "When was that?", "When are Malians fighting there?"),
    ],
)
def test_a_follow_up_is_written_out(before: str, question: str, written: str) -> None:
    assert rewrite_by_rules(question, history(before)) == written


@pytest.mark.parametrize("question", ["Which jets does it have?", "Who led the coup?", "When did they arrive?"])
def test_a_question_with_words_of_its_own_is_not_written_out(question: str) -> None:
    assert rewrite_by_rules(question, history("Who arrived in Niger?")) is None


def test_a_question_of_two_words_has_no_verb_before_its_end() -> None:
    before = (Turn("the cupcakes?", "the cupcakes?", "", (), abstained=True, asked=0.0),)
    assert rewrite_by_rules("and equality voters?", before) is None


def test_half_a_clause_is_no_topic() -> None:
    assert rewrite_by_rules("And Orvo?", history("What did the bosses of firms do?")) is None


def test_a_pronoun_gets_the_words_of_the_question_before() -> None:
    """Only those that it lacks."""
    assert with_topic("When did they arrive?", "Who arrived in Niger?") == "When did they arrive (Niger)?"
    assert with_topic("Who else led it?", "Who led it?") == "Who else led it?"


def test_what_a_pronoun_gets_is_short_and_keeps_the_names() -> None:
    before = "Why did old friends and rich farmers of the long valley near Agadez sell good land to Niger?"
    assert with_topic("When was it?", before) == "When was it (old friends rich farmers Agadez Niger)?"


def test_a_new_name_takes_the_place_of_its_like() -> None:
    """A country for a country, a person for a person, a year for a year; the last name where nothing tells."""
    kinds = {"Mali": 1, "Niger": 1, "Moscow": 2, "Biden": 3, "Harris": 3, "Iran": 1, "Iraq": 1, "2018": 4, "2019": 4}

    def near(text: str, others: Sequence[str]) -> list[float]:
        return [float(kinds.get(text) == kinds.get(other)) for other in others]

    talks = history("What did Mali focus on in the Moscow talks?")
    said = history("What did Biden say about Iran in 2018?")
    for before, question, written in (
        (talks, "And Niger?", "What did Niger focus on in the Moscow talks?"),
        (talks, "And in Niger?", "What did Niger focus on in the Moscow talks?"),
        (said, "And Harris?", "What did Harris say about Iran in 2018?"),
        (said, "What about Iraq?", "What did Biden say about Iraq in 2018?"),
        (said, "And about Iraq?", "What did Biden say about Iraq in 2018?"),
        (said, "And in 2019?", "What did Biden say about Iran in 2019?"),
    ):
        assert rewrite_by_rules(question, before, near) == written
    assert rewrite_by_rules("And Niger?", talks) == "What did Mali focus on in the Niger talks?"


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("how much of its arms does algeria buy from russia?", False),
        ("How many of their soldiers did Niger lose?", False),
        ("How much of its arms did it buy?", True),
        ("What did its president do after the coup?", True),
        ("What share of its arms does Algeria buy for them?", True),
        ("Where are its troops?", True),
        ("Who runs the port?", False),
    ],
)
def test_a_pronoun_whose_owner_follows_needs_nothing_said_before(question: str, expected: bool) -> None:
    assert has_pronoun(question) is expected
