"""What may be asked: text, of a length a person writes."""

from __future__ import annotations

from typing import BinaryIO

from retrieval.errors import InputError

LONGEST = 4_000
"""Characters: two Discord messages. The embedding model reads far fewer."""


def checked(question: str) -> str:
    """Return the question without surrounding white space.

    Raises:
        InputError: It is too long, holds a NUL, or is not Unicode text.
    """
    if len(question) > LONGEST:
        raise InputError(f"the question has {len(question):,} characters: ask it in at most {LONGEST:,}")
    if "\0" in question:
        raise InputError("the question holds a NUL character: remove it")
    try:
        question.encode("utf-8")
    except UnicodeEncodeError:
        raise InputError("the question is not UTF-8 text: write it in UTF-8") from None
    return question.strip()


def decoded(question: bytes) -> str:
    """Return a question read as bytes, checked.

    Raises:
        InputError: As ``checked``, or the bytes are not UTF-8.
    """
    try:
        return checked(question.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise InputError(f"the question is not UTF-8 text (byte {error.start + 1}): write it in UTF-8") from None


def read_limited(file: BinaryIO) -> bytes:
    """Return what ``file`` holds, but no more than shows that it is too long."""
    return file.read(LONGEST * 4 + 1)
