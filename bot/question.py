"""What may be asked: text, of a length a person writes."""

from __future__ import annotations

from typing import BinaryIO

from retrieval.errors import InputError

LONGEST = 4_000
"""Characters: two Discord messages. The embedding model reads far fewer."""


def checked(question: str, *, what: str = "question", longest: int = LONGEST) -> str:
    """Return the question (or ``what`` else a person typed) without surrounding white space.

    Raises:
        InputError: It is too long, holds a NUL, or is not Unicode text.
    """
    if len(question) > longest:
        raise InputError(f"the {what} has {len(question):,} characters: write it in at most {longest:,}")
    if "\0" in question:
        raise InputError(f"the {what} holds a NUL character: remove it")
    try:
        question.encode("utf-8")
    except UnicodeEncodeError:
        raise InputError(f"the {what} is not UTF-8 text: write it in UTF-8") from None
    return question.strip()


def decoded(question: bytes, *, what: str = "question", longest: int = LONGEST) -> str:
    """Return a question (or ``what`` else) read as bytes, checked.

    Raises:
        InputError: As ``checked``, or the bytes are not UTF-8.
    """
    try:
        return checked(question.decode("utf-8-sig"), what=what, longest=longest)
    except UnicodeDecodeError as error:
        raise InputError(f"the {what} is not UTF-8 text (byte {error.start + 1}): write it in UTF-8") from None


def read_limited(file: BinaryIO, longest: int = LONGEST) -> bytes:
    """Return what ``file`` holds, but no more than shows that it is longer than ``longest`` characters."""
    return file.read(longest * 4 + 1)
