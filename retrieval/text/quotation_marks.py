"""Quotation marks: the paragraphs of a text and the pairs of marks in each, in time linear in its length.

A quotation ends with its paragraph unless the next one repeats its opening mark. Whether a mark opens or closes depends
on the characters beside it before its glyph (``"yet`` opens and ``yet"`` closes), because articles mix straight and
curly marks, repeat the opening mark at each paragraph of a long quotation, and lose marks altogether. Apostrophes, feet
and inches and markup attributes are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from retrieval.articles import Span
from retrieval.text.lazy_pattern import LazyPattern

_BLANK_LINE = LazyPattern(r"\n[^\S\n]*(?:\n[^\S\n]*)+")
_LINE = LazyPattern(r"[^\n]+")
_GOES_ON = LazyPattern(r"[^\W_]|[,-]")

_MAX_WRAPPED_LINE = 100
"""Characters. Text that was wrapped by hand or by a mailer keeps to 80 or so; above this, each line is a paragraph."""

_MAX_RAGGEDNESS = 25
"""Characters. Wrapped lines differ in length by at most one long word; lists and headlines differ by more."""

_MIN_BROKEN_LINE = 20
"""Characters of a line from which on it is a sentence that goes on in the next line, not an item of a list."""


@lru_cache(maxsize=8)
def paragraphs(text: str) -> tuple[Span, ...]:
    """Return the paragraphs of ``text`` in order, without surrounding white space.

    A blank line ends one. So does a line end, unless the lines look wrapped to a column or the sentence goes on.
    """
    return tuple(_paragraphs(text.replace("\r\n", " \n").replace("\r", "\n") if "\r" in text else text))


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
        return
    around: Span | None = None
    for line in lines:
        if (
            around
            and len(around) >= _MIN_BROKEN_LINE
            and _GOES_ON.match(text, around.end - 1)
            and text[line.start].islower()
        ):
            around = Span(around.start, line.end)
            continue
        if around:
            yield around
        around = line
    if around:
        yield around


def _are_wrapped(text: str, lines: list[Span]) -> bool:
    full = [len(line) for line in lines[:-1]]
    if not 40 <= max(full) <= _MAX_WRAPPED_LINE or max(full) - min(full) > _MAX_RAGGEDNESS:
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


_DOUBLE = '"“”„‟＂〝〞〟'
_SINGLE = "'‘’‚‛"
_ANGLES = {"«": "»", "‹": "›", "»": "«", "›": "‹"}
_CORNERS = {"「": "」", "『": "』", "｢": "｣", "《": "》", "〈": "〉"}
_CLOSING_CORNERS = frozenset(_CORNERS.values())
_GLYPHS = "\"“”„‟＂〝〞〟'‘’‚‛«»‹›「」『』｢｣《》〈〉"
_MARK = LazyPattern(rf"(?P<rule>([`{_GLYPHS}])\2{{5,}}+)|``|''|[{_GLYPHS}]")
"""A mark; six of one in a row are a rule or an ornament, not marks."""

LEADING_APOSTROPHE = LazyPattern(r"(?i)(?:\d0s\b|\d\ds?\b|(?:em|til|tis|twas|cause|bout|n|round|cuz|neath)\b)")
_OPENS_AFTER = frozenset("([{<-–—―/:;,…>*_|~•")
_CLOSES_BEFORE = frozenset(".,;:!?)]}>-–—―/…'’*_|<")
_BEHIND_WORDS = frozenset(",;:…")
"""Stops that a quotation ends with as often as one begins behind them."""

_MAX_SINGLE_QUOTED = 1_000
"""Characters. A longer run between single marks is two apostrophes."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One outermost quotation of a paragraph.

    Attributes:
        span: From its opening mark to its closing mark, both included; to the paragraph's end when not closed.
        content: The characters between the marks.
        closed: Whether a closing mark was found.
        single: Whether its marks are single ones.
        inner: Quotations inside it, marks included, in order.
    """

    span: Span
    content: Span
    closed: bool
    single: bool
    inner: tuple[Span, ...] = ()


def pairs(text: str, paragraph: Span) -> list[Pair]:
    """Return the outermost quotations of one paragraph, in order, without overlap."""
    return _Pairing(text, paragraph).run()


def open_quotation(text: str) -> Pair | None:
    """Return the quotation that a text of one paragraph leaves open at its end, or None."""
    found = pairs(text, Span(0, len(text))) if text else []
    return found[-1] if found and not found[-1].closed else None


def double_marks(text: str, paragraph: Span) -> list[tuple[Span, bool]]:
    """Return the double marks “ ” " „ of one paragraph, each with whether it may open; inches are left out."""
    found = [mark for mark in _Pairing(text, paragraph).marks if _family(mark.glyph) == '"']
    return [
        (Span(mark.start, mark.end), mark.opens)
        for mark in found
        if (mark.opens or mark.closes) and not text[mark.start - 1 : mark.start].isdigit()
    ]


class _Mark(NamedTuple):  # made by the thousand
    start: int
    end: int
    glyph: str
    opens: bool
    closes: bool


class _Pairing:
    """The pairing of one paragraph's marks."""

    def __init__(self, text: str, paragraph: Span) -> None:
        self.text = text
        self.paragraph = paragraph
        self.found: list[Pair] = []
        self.marks = [
            self._read(m.start(), m.end())
            for m in _MARK.finditer(text, paragraph.start, paragraph.end)
            if not m["rule"]
        ]
        self.closers_ahead = self._count_closers_ahead()
        self.single_closer = self._single_closers()

    def run(self) -> list[Pair]:
        open_marks: list[int] = []
        inner: list[Span] = []
        for number, mark in enumerate(self.marks):
            if not open_marks:
                if self._may_open(number):
                    open_marks, inner = [number], []
            elif self._closes(open_marks[-1], number):
                opened = self.marks[open_marks.pop()]
                if open_marks:
                    inner.append(Span(opened.start, mark.end))
                else:
                    self._keep(opened, mark, inner)
            elif len(open_marks) > 1 and self._closes(open_marks[0], number):
                self._keep(self.marks[open_marks[0]], mark, inner)
                open_marks = []
            elif self._may_open(number) and not mark.closes:
                if self._nests(open_marks[-1], number):
                    open_marks.append(number)
                elif len(open_marks) == 1:  # the closing mark was lost: begin again here
                    open_marks, inner = [number], []
        if open_marks:
            self._leave_open(self.marks[open_marks[0]], inner)
        return self.found

    def _nests(self, opened: int, number: int) -> bool:
        if len(self.marks) > number + 1 and _family(self.marks[opened].glyph) != _family(self.marks[number].glyph):
            return True
        return self.closers_ahead[number] > 1

    def _keep(self, opened: _Mark, closing: _Mark, inner: list[Span]) -> None:
        whole, content = Span(opened.start, closing.end), Span(opened.end, closing.start)
        self.found.append(Pair(whole, content, True, _family(opened.glyph) == "'", tuple(inner)))

    def _leave_open(self, opened: _Mark, inner: list[Span]) -> None:
        if _family(opened.glyph) == "'":
            return
        end = self.paragraph.end
        self.found.append(Pair(Span(opened.start, end), Span(opened.end, end), False, False, tuple(inner)))

    def _read(self, start: int, end: int) -> _Mark:
        glyph = self.text[start:end]
        before = self.text[start - 1] if start > self.paragraph.start else " "
        after = self.text[end] if end < self.paragraph.end else " "
        if glyph in _CORNERS or glyph in _CLOSING_CORNERS:
            return _Mark(start, end, glyph, glyph in _CORNERS, glyph in _CLOSING_CORNERS)
        if glyph in _ANGLES:
            return self._read_angle(start, end, glyph, before, after)
        free_left = before.isspace() or before in _OPENS_AFTER or before in _DOUBLE or before in _SINGLE
        free_right = after.isspace() or after in _CLOSES_BEFORE or after in _DOUBLE
        if before == "=":  # an attribute of markup
            return _Mark(start, end, glyph, opens=False, closes=False)
        if _family(glyph) == "'":
            return self._read_single(start, end, glyph, before, after)
        if glyph == "„":
            return _Mark(start, end, glyph, opens=True, closes=False)
        opens, closes = free_left and not after.isspace(), free_right and not before.isspace()
        if opens == closes:  # beside no space, or between two: the glyph decides, and a straight mark may do either
            opens = glyph in '“〝"＂``' and not (after.isspace() and glyph != '"')
            closes = glyph not in "“〝``"
            if glyph == "“" and not opens:
                opens, closes = True, True
        elif opens and before in _BEHIND_WORDS and (glyph == "”" or not after.isalpha()):  # "It is over,"[1]
            closes = True
        return _Mark(start, end, glyph, opens, closes)

    def _read_angle(self, start: int, end: int, glyph: str, before: str, after: str) -> _Mark:
        """Read « »: French with inner spaces, or reversed as in German »so«."""
        if glyph in "«‹":
            reverse_close = before.isalnum() or before in ".,!?…"
            return _Mark(start, end, glyph, opens=not reverse_close or after.isspace(), closes=reverse_close)
        reverse_open = after.isalnum() and (before.isspace() or before in _OPENS_AFTER)
        return _Mark(start, end, glyph, opens=reverse_open, closes=not reverse_open)

    def _read_single(self, start: int, end: int, glyph: str, before: str, after: str) -> _Mark:
        if glyph == "''":
            return _Mark(start, end, glyph, opens=before.isspace(), closes=not before.isspace())
        free_left = before.isspace() or before in _OPENS_AFTER or before in _DOUBLE
        opens = free_left and not after.isspace() and glyph != "’" and after not in _CLOSES_BEFORE
        if opens and glyph != "‘" and LEADING_APOSTROPHE.match(self.text, end, min(end + 8, self.paragraph.end)):
            opens = False
        closes = not before.isspace() and not after.isalnum() and glyph not in "‘‚" and not before.isdigit()
        if before.isdigit() and (glyph == "’" or after in ",.;:!?"):  # "'… since 2000', she said": no feet
            closes = not after.isalnum()
        return _Mark(start, end, glyph, opens, closes)

    def _count_closers_ahead(self) -> list[int]:
        """For each mark: how many double marks close before the next one that opens."""
        result = [0] * len(self.marks)
        following = 0
        for number in range(len(self.marks) - 1, -1, -1):
            result[number] = following
            mark = self.marks[number]
            if _family(mark.glyph) == '"' and (mark.opens or mark.closes):
                following = following + 1 if mark.closes and not mark.opens else 0
        return result

    def _single_closers(self) -> list[int]:
        """For each mark: the number of the mark that would close a single quotation begun there, or -1.

        A plural's apostrophe (``the workers' rights``) closes only when nothing better comes before the next opening.
        """
        result = [-1] * len(self.marks)
        best, best_is_plural = -1, True
        for number in range(len(self.marks) - 1, -1, -1):
            mark = self.marks[number]
            if _family(mark.glyph) != "'":
                continue
            result[number] = best
            if mark.opens:
                best, best_is_plural = -1, True
            elif mark.closes:
                plural = self._is_plural_possessive(mark)
                if best < 0 or best_is_plural or not plural:
                    best, best_is_plural = number, plural
        return result

    def _is_plural_possessive(self, mark: _Mark) -> bool:
        follows = self.text[mark.end : mark.end + 2]
        return (
            self.text[mark.start - 1 : mark.start] in {"s", "z", "n"}
            and len(follows) == 2
            and (follows[0] == " " and follows[1].islower())
        )

    def _may_open(self, number: int) -> bool:
        mark = self.marks[number]
        if not mark.opens:
            return False
        if mark.closes and self.text[mark.start - 1 : mark.start].isdigit():
            return False
        if _family(mark.glyph) != "'":
            return True
        closer = self.single_closer[number]
        return closer >= 0 and self.marks[closer].start - mark.end <= _MAX_SINGLE_QUOTED

    def _closes(self, opened: int, number: int) -> bool:
        mark, begun = self.marks[number], self.marks[opened]
        family = _family(begun.glyph)
        if family not in {'"', "'"}:
            return mark.glyph == (_ANGLES.get(family) or _CORNERS[family]) and mark.closes
        if family != _family(mark.glyph):
            return False
        if family == "'":
            return number == self.single_closer[opened]
        if begun.glyph == "„":
            return mark.glyph in '“”"‟'
        if not mark.closes:
            return False
        inches = mark.glyph == '"' and self.text[mark.start - 1 : mark.start].isdigit()
        return not (inches and self.closers_ahead[number] > 0 and self.text[mark.start - 2 : mark.start - 1] in "'’ ")


def _family(glyph: str) -> str:
    if glyph in {"``", "''"} or glyph in _DOUBLE:
        return '"'
    if glyph in _SINGLE:
        return "'"
    return glyph
