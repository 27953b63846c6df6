"""What may be asked: text, of a length a person writes.

Places as a person types them: ``ARTICLE:120-340``.
"""

from __future__ import annotations

import re
from typing import BinaryIO

from retrieval.articles import Span
from retrieval.errors import InputError


def split_place(named: str) -> tuple[str, Span | None]:
    """Split "ARTICLE:120-340" into the article's name and the span.

    Raises:
        InputError: The span ends before it starts.
    """
    found = re.fullmatch(r"(.+):([0-9]{1,12})-([0-9]{1,12})", named, re.DOTALL)
    if not found:
        return named, None
    start, end = int(found[2]), int(found[3])
    if start >= end:
        raise InputError(f"{found[2]}-{found[3]} is not a span: write START-END, START before END")
    return found[1], Span(start, end)


def check_span(mark: Span | None, characters: int) -> None:
    """Check that a span lies in a text.

    Raises:
        InputError: It ends behind the text's end.
    """
    if mark and mark.end > characters:
        raise InputError(f"{mark.start}-{mark.end} goes past the article's end: it has {characters:,} characters")


_UTF8_BYTES = 4  # of a character, at most

MAX_QUESTION_CHARACTERS = 4_000
"""Characters: two Discord messages. The embedding model reads far fewer."""


def checked(question: str, *, what: str = "question", longest: int = MAX_QUESTION_CHARACTERS) -> str:
    """Return the question (or ``what`` else a person typed) without surrounding white space.

    Raises:
        InputError: It is too long, holds a NUL, or is not Unicode text.
    """
    if len(question) > longest:
        raise _too_long(f"{len(question):,}", what, longest)
    if "\0" in question:
        raise InputError(f"the {what} holds a NUL character: remove it")
    try:
        question.encode("utf-8")
    except UnicodeEncodeError:
        raise InputError(f"the {what} is not UTF-8 text: write it in UTF-8") from None
    return question.strip()


def decoded(question: bytes, *, what: str = "question", longest: int = MAX_QUESTION_CHARACTERS) -> str:
    """Return a question (or ``what`` else) read as bytes, checked.

    Bytes that are too many for ``longest`` characters are not decoded: they may end within one.

    Raises:
        InputError: As ``checked``, or the bytes are not UTF-8.
    """
    if len(question) > longest * _UTF8_BYTES:
        raise _too_long(f"more than {longest:,}", what, longest)
    try:
        return checked(question.decode("utf-8-sig"), what=what, longest=longest)
    except UnicodeDecodeError as error:
        raise InputError(f"the {what} is not UTF-8 text (byte {error.start + 1}): write it in UTF-8") from None


def read_limited(file: BinaryIO, longest: int = MAX_QUESTION_CHARACTERS) -> bytes:
    """Return what ``file`` holds, but no more than shows that it is longer than ``longest`` characters."""
    return file.read(longest * _UTF8_BYTES + 1)


def _too_long(characters: str, what: str, longest: int) -> InputError:
    return InputError(f"the {what} has {characters} characters: write it in at most {longest:,}")
