"""What may be asked: text, of a length a person writes, of one question or several.

Places as a person types them: ``ARTICLE:120-340``.
"""

from __future__ import annotations

import re
from typing import BinaryIO

from retrieval.articles import Span
from retrieval.errors import InputError
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import QUESTION_WORDS, alternation


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


MAX_QUESTIONS = 8
"""Questions in one text that are answered one by one; a text with more is no list of questions."""

_ASKED = LazyPattern(r"(?<![?？])[?？][?!？]*[\"”’')\]]*(?=\s|$)")
_OPENED = LazyPattern(r"[\"“”„«»()\[\]]")
_CLOSES = {"”": "“„", "»": "«", ")": "(", "]": "["}
_BULLET = LazyPattern(r"(?:[-–*•]|(?:q(?:uestion)?\s?)?\d{1,2}[.):])\s+", re.IGNORECASE)
_REQUEST = LazyPattern(
    rf"(?:{alternation(QUESTION_WORDS)}|what's|who's|tell|show|give|list|name|explain|describe"
    r"|summari[sz]e|compare|timeline|and)\b",
    re.IGNORECASE,
)
_TAG = LazyPattern(r"\W*(?:right|ok(?:ay)?|no|yes|huh|eh|correct|true|really|hm+|please|you know)\W*", re.IGNORECASE)


def split_questions(text: str) -> list[str]:
    """Return the questions of a text in order, without bullets; the text alone where it is one question.

    What is said before a question stays with it, and so does what follows the last one. A question mark within
    quotation marks or brackets ends no question. Lines are questions without a mark only where every line is one.
    """
    lines = [_BULLET.sub("", " ".join(line.split()), count=1) for line in text.splitlines() if line.strip()]
    if len(lines) > 1 and all(
        _begins_question(line, before) for before, line in zip(["?", *lines], lines, strict=False)
    ):
        found = [question for line in lines for question in _questions_of(line)]
    else:
        found = _questions_of(" ".join(text.split()))
    return found if 1 < len(found) <= MAX_QUESTIONS else [text]


def _begins_question(line: str, before: str) -> bool:
    """Return whether a line begins a question, rather than going on with the line before it."""
    return _REQUEST.match(line) is not None or (line.endswith("?") and before.endswith("?"))


def _questions_of(line: str) -> list[str]:
    """Return the questions of a line that end in a mark, each with what is said before it."""
    found: list[str] = []
    start = 0
    for asked in _ASKED.finditer(line):
        piece = line[start : asked.end()].strip()
        if _inside(piece[:-1]) or _TAG.fullmatch(piece):
            continue
        found.append(_BULLET.sub("", piece, count=1))
        start = asked.end()
    rest = line[start:].strip()
    if rest:
        found[-1:] = [f"{found[-1]} {rest}"] if found else [rest]
    return found


def _inside(text: str) -> bool:
    """Return whether a text ends within quotation marks or brackets."""
    open_marks: list[str] = []
    for mark in _OPENED.findall(text):
        if open_marks and (open_marks[-1] in _CLOSES.get(mark, "") or mark == open_marks[-1] == '"'):
            open_marks.pop()
        elif mark not in _CLOSES:
            open_marks.append(mark)
    return bool(open_marks)


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
