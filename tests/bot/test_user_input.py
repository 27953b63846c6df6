"""What may be asked: the limits, and what is said about too long a text."""

from __future__ import annotations

import io
import time

import pytest

from bot.user_input import MAX_QUESTION_CHARACTERS, checked, decoded, read_limited
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
