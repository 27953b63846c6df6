"""Short follow-ups are told apart by their words."""

from __future__ import annotations

import pytest

from bot.conversation.question_patterns import (
    bare_question_word,
    contains_answer_type,
    parse_others_question,
    requested_citation,
    substituted_topic,
)


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("Say more about 2", 2),
        ("say more about [2]", 2),
        ("Can you tell me more about citation 3, please?", 3),
        ("expand on the second", 2),
        ("more from the last one", 3),
        ("[2]?", 2),
        ("and 2?", 2),
        ("What does source 1 say?", 1),
        ("Tell me more", 1),
        ("go on", 1),
        ("what about the second one?", 2),
        ("the other one", 3),
        ("more details?", 1),
    ],
)
def test_more_about_a_citation(question: str, number: int) -> None:
    """Without a number it is about the first."""
    assert requested_citation(question, 3) == number


@pytest.mark.parametrize(
    "question",
    [
        "Tell me more about Niger",
        "What was the second agreement?",
        "And the second?",
        "How many soldiers?",
        "When was 2020?",
        "Say more about 2 and 3",
        "Who else?",
        "Why?",
        "What happened in 24 hours?",
    ],
)
def test_a_question_that_only_holds_a_number_or_more_is_not_about_a_citation(question: str) -> None:
    assert requested_citation(question, 3) is None


@pytest.mark.parametrize(
    ("question", "word", "rest"),
    [
        ("Who else?", "Who", ""),
        ("and who else", "who", ""),
        ("What else did they sign?", "What", "did they sign"),
        ("Anyone else?", "", ""),
        ("Any others?", "", ""),
        ("Was there anyone else?", "", ""),
    ],
)
def test_questions_for_others(question: str, word: str, rest: str) -> None:
    found = parse_others_question(question)
    assert found is not None
    assert (found.word, found.rest) == (word, rest)


def test_other_words_are_not_questions_for_others() -> None:
    assert parse_others_question("Who signed the other agreement?") is None
    assert parse_others_question("What do the other ministers say?") is None


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("Why?", "why"),
        ("When was that?", "when"),
        ("And when did it happen?", "when"),
        ("How many?", "how many"),
        ("since when?", "since when"),
        ("Where exactly?", "where"),
        ("why did they do that", "why"),
        ("Who signed it?", None),
        ("When did the coup happen?", None),
    ],
)
def test_bare_questions(question: str, word: str | None) -> None:
    """A question word, and nothing that says about what."""
    assert bare_question_word(question) == word


@pytest.mark.parametrize(
    ("question", "fragment"),
    [
        ("And in Niger?", "in Niger"),
        ("What about Burkina Faso?", "Burkina Faso"),
        ("how about the U.S.?", "the U.S"),
        ("and Mali", "Mali"),
        ("In Mali?", "in Mali"),
        ("And who signed it?", None),
        ("Which tanks does Algeria have?", None),
        ("tanks Algeria", None),
    ],
)
def test_fragments(question: str, fragment: str | None) -> None:
    """What takes the place of something in the question before it."""
    found = substituted_topic(question)
    assert (found or "").casefold() == (fragment or "").casefold()


def test_a_sentence_tells_when_why_or_how_many() -> None:
    """Other question words are not looked for."""
    assert contains_answer_type("when", "It was signed in January.")
    assert not contains_answer_type("when", "It was signed by a general.")
    assert contains_answer_type("why", "The deal aims to reduce its reliance.")
    assert not contains_answer_type("how many", "Trainers arrived.")
    assert contains_answer_type("who", "Trainers arrived.")
