"""What may be asked: the limits, and what is said about too long a text."""

from __future__ import annotations

import io
import time

import pytest

from bot.user_input import MAX_QUESTION_CHARACTERS, checked, decoded, read_limited, split_questions
from retrieval.errors import InputError


@pytest.mark.parametrize("char", ["a", "é", "字", "😀", " "])
def test_a_piped_question_of_a_million_characters_is_told_to_be_too_long(char: str) -> None:
    """Whatever character the limit falls within, and no count is given that is that of the part read."""
    start = time.process_time()
    with pytest.raises(InputError, match="the question has more than 4,000 characters: write it in at most 4,000"):
        decoded(read_limited(io.BytesIO((char * 1_000_000).encode())))
    assert time.process_time() - start < 1


@pytest.mark.parametrize("char", ["a", "é", "字", "😀"])
def test_the_longest_question_is_taken_in_every_script(char: str) -> None:
    longest = char * MAX_QUESTION_CHARACTERS
    assert decoded(read_limited(io.BytesIO(longest.encode()))) == longest == checked(longest)
    with pytest.raises(InputError, match="has 4,001 characters: write it in at most 4,000"):
        checked(longest + char)


def test_what_is_no_utf8_is_named_with_its_byte() -> None:
    with pytest.raises(InputError, match=r"not UTF-8 text \(byte 4\)"):
        decoded(b"abc\xff")


@pytest.mark.parametrize(
    ("text", "questions"),
    [
        ("Who signed it? When was that? Why?", ["Who signed it?", "When was that?", "Why?"]),
        ("I read about Mali. Who won? When?", ["I read about Mali. Who won?", "When?"]),
        ("Who signed it?\nWhen?\n\nWhy?\n", ["Who signed it?", "When?", "Why?"]),
        (
            "who signed it\nwhen was that\nwhat happened in Mali",
            ["who signed it", "when was that", "what happened in Mali"],
        ),
        ("1. Who signed it?\n2) When?\nQ3: Why?", ["Who signed it?", "When?", "Why?"]),
        ("- Who signed it?\n- What for?", ["Who signed it?", "What for?"]),
        ("Hi! Who are you? What can you do?", ["Hi! Who are you?", "What can you do?"]),
        ("The band “Therapy?” played. When? Where?", ["The band “Therapy?” played. When?", "Where?"]),
        ("Who left?! And why?!", ["Who left?!", "And why?!"]),
    ],
)
def test_several_questions_are_told_apart(text: str, questions: list[str]) -> None:
    assert split_questions(text) == questions


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Who signed it?",
        "Who signed it? Please be brief.",
        "Who signed the\nagreement in January?",
        "When did\nthe dockers\n\nend their strike?",
        'Who wrote "Who is afraid of Virginia Woolf?" and when',
        "Is it true (really?) that he left?",
        "He resigned, right? ok?",
        "https://example.org/?page=2 Who wrote it?",
        "Who? " * 30,
        "Timeline of Niger\nsince 2014",
    ],
)
def test_one_question_stays_as_it_is(text: str) -> None:
    assert split_questions(text) == [text]


def test_splitting_takes_linear_time() -> None:
    start = time.process_time()
    for unit in ("?", "? ", "(a? ", "“a? ", "1. ", "Who? ", '"a? '):
        split_questions((unit * MAX_QUESTION_CHARACTERS)[:MAX_QUESTION_CHARACTERS])
    assert time.process_time() - start < 1
