"""Paragraphs as a reader of quotations needs them: a quotation ends with its paragraph unless it says otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from retrieval.articles import Span

_BLANK_LINE = re.compile(r"\n[^\S\n]*(?:\n[^\S\n]*)+")
_LINE = re.compile(r"[^\n]+")

_LONGEST_WRAPPED_LINE = 100
"""Characters. Text that was wrapped by hand or by a mailer keeps to 80 or so; above this, each line is a paragraph."""

_RAGGEDNESS = 25
"""Characters. Wrapped lines differ in length by at most one long word; lists and headlines differ by more."""


@lru_cache(maxsize=8)
def paragraphs(text: str) -> tuple[Span, ...]:
    """Return the paragraphs of ``text`` in order, without surrounding white space.

    A blank line ends one. So does a line end, unless the lines look wrapped to a column.
    """
    return tuple(_paragraphs(text.replace("\r", "\n") if "\r" in text else text))


def _paragraphs(text: str) -> Iterator[Span]:
    start = 0
    for gap in _BLANK_LINE.finditer(text):
        yield from _lines(text, start, gap.start())
        start = gap.end()
    yield from _lines(text, start, len(text))


def _lines(text: str, start: int, end: int) -> Iterator[Span]:
    lines = [trimmed for line in _LINE.finditer(text, start, end) if (trimmed := trim(text, line.start(), line.end()))]
    if len(lines) > 1 and _are_wrapped(text, lines):
        yield Span(lines[0].start, lines[-1].end)
    else:
        yield from lines


def _are_wrapped(text: str, lines: list[Span]) -> bool:
    full = [len(line) for line in lines[:-1]]
    if not 40 <= max(full) <= _LONGEST_WRAPPED_LINE or max(full) - min(full) > _RAGGEDNESS:
        return False
    if text[lines[0].start] in ">|#":
        return False
    return len(lines) > 2 or text[lines[0].end - 1].isalnum() or text[lines[1].start].islower()


def trim(text: str, start: int, end: int) -> Span | None:
    """Return ``[start, end)`` without surrounding white space, or None when nothing is left."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end) if start < end else None
