"""Claims that are true in other words: nothing but the words changes."""

from __future__ import annotations

from random import Random

import pytest

from evals.claims.rewrites import merged, reported, reworded, shortened, statement

RNG = Random(0)  # noqa: S311 (no secret)


@pytest.mark.parametrize(
    ("question", "answer", "expected"),
    [
        ("Who won the cup in 1998?", "France", "France won the cup in 1998."),
        ("what is the capital of Algeria?", "Algiers", "Algiers is the capital of Algeria."),
        ("Who was charged with fraud?", "the mayor", "The mayor was charged with fraud."),
        ("When was Ada Quill born?", "1975", "Ada Quill was born in 1975."),
        ("Where was the Treaty of Utrecht signed?", "in Utrecht", "The Treaty of Utrecht was signed in Utrecht."),
        ("What did the mayor say?", "nothing", ""),
        ("What was the ship called by?", "a captain", ""),
        ("Who won?", "a very long answer that goes on for more than eight words", ""),
    ],
)
def test_a_question_and_its_answer_make_a_statement(question: str, answer: str, expected: str) -> None:
    assert statement(question, answer) == expected


def test_a_shorter_sentence_leaves_out_what_it_can_do_without() -> None:
    sentence = "On Monday, President Ada Quill signed the bill, which had passed in May."
    assert shortened([sentence], 0, RNG) != sentence
    assert "signed the bill" in shortened([sentence], 0, RNG)


def test_two_sentences_become_one() -> None:
    found = ["The strike ended.", "The port opens again on Friday."]
    assert merged(found, 0, RNG) == "The strike ended, and the port opens again on Friday."
    assert merged(found, 1, RNG) == found[1]


def test_number_words_become_figures() -> None:
    assert "took 3 hours" in reworded(["The talks took three hours."], 0, RNG)


def test_speech_is_reported_only_where_nobody_in_it_changes() -> None:
    said = "“The bridge will open in the spring,” said Ada Quill."
    assert reported([said], 0, RNG) == "Ada Quill said that the bridge will open in the spring."
    own = "“I will open the bridge in the spring,” said Ada Quill."
    assert reported([own], 0, RNG) == own
