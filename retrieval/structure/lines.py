"""Lines of a text with their positions, whatever separates them: LF, CRLF, CR, form feeds, Unicode separators."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from retrieval.articles import BlockKind
from retrieval.text.lazy_pattern import LazyPattern

BREAKS = "\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\xad\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Characters without a glyph that Python does not count as white space."""

_LINE = LazyPattern(rf"\S[^{BREAKS}]*")
_PAGE_BREAKS = LazyPattern("[\x0c\u2029]")
_TERMINAL = LazyPattern(rf"[.!?…。！？][\"”’'»)\]*_{INVISIBLE}]*(?:\[\d{{1,3}}\])*$")


@dataclass(slots=True)
class Line:
    """One line that is not blank, or a part of it between markup.

    Attributes:
        start: Its first character that is not white space.
        end: After its last one.
        text: The characters between.
        gap: Whether a blank line, a page break or markup separates it from what precedes it.
        indent: Columns before it, a tab counting as one.
        kind: Its kind, once decided.
        level: The level of a heading, from 1, where the markup has one.
        cell: Table, row and column of a table cell, from 0.
    """

    start: int
    end: int
    text: str
    gap: bool
    indent: int = 0
    kind: BlockKind | None = None
    level: int = 0
    cell: tuple[int, int, int] | None = None

    @property
    def ends_sentence(self) -> bool:
        """Whether it ends in a full stop, question or exclamation mark, closing marks aside."""
        return ends_sentence(self.text)


def read_lines(text: str) -> Iterator[Line]:
    """Yield the lines of ``text`` that are not blank, trimmed of white space, in order, in linear time."""
    before = 0
    for found in _LINE.finditer(text):
        start = found.start()
        content = found.group().rstrip()
        gap, indent = _gap(text, before, start)
        before = start + len(content)
        yield Line(start, before, content, gap, indent)


def ends_sentence(content: str) -> bool:
    """Return whether ``content`` ends in a full stop, question or exclamation mark, closing marks aside."""
    return bool(_TERMINAL.search(content[-20:]))


def _gap(text: str, before: int, start: int) -> tuple[bool, int]:
    """Return whether ``text[before:start]`` has a blank line, and the columns after its last line break."""
    if before == 0:
        return True, 0
    space = text[before:start]
    if space == "\n":
        return False, 0
    last = max(space.rfind(mark) for mark in BREAKS)
    count = sum(space.count(mark) for mark in BREAKS) - space.count("\r\n")
    return count > 1 or bool(_PAGE_BREAKS.search(space)), len(space) - last - 1
