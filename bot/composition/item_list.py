"""Item lists: the numbered and bulleted lists of an article and its plain tables, each with what leads it in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from retrieval.articles import Span
from retrieval.text.analyzer import terms
from retrieval.text.lazy_pattern import LazyPattern

MIN_ITEMS = 3
"""Items of the shortest list."""
MAX_PARTED = 1
"""Paragraphs between two bulleted items."""
MAX_PARTED_NUMBERS = 14
"""Paragraphs between two numbered items, which number sections as well."""
MAX_LINE = 110
"""Characters of the longest row of a plain table."""

_LINE = LazyPattern(r"[^\n]+")
_BULLET = LazyPattern(r"(?P<mark>[•*·▪‣◦]|--?|–|—)\s*(?=\S)")
_NUMBER = LazyPattern(r"#?(?P<number>\d{1,2})[.):]\s*(?=[^\s\d])")
_ENDED = tuple('.!?,;:…"”')


@dataclass(frozen=True, slots=True)
class ItemList:
    """A list of an article.

    Attributes:
        lead: The characters of the line before its first item, or of the head of a table.
        terms: The analysed terms of that line.
        items: The characters of its items, without their marks.
        numbered: Whether they are numbered.
        table: Whether they are the rows of a table.
    """

    lead: Span
    terms: frozenset[str]
    items: tuple[Span, ...]
    numbered: bool = False
    table: bool = False


@dataclass(frozen=True, slots=True)
class _Line:
    span: Span
    mark: str
    number: int
    begins: int
    place: int
    """Its number among the lines that are not blank."""

    @property
    def item(self) -> Span:
        return Span(self.begins, self.span.end)


def item_lists(text: str) -> list[ItemList]:
    """Return the lists of a text, in their order; each has ``MIN_ITEMS`` at least."""
    lines = list(_lines(text))
    return sorted([*_marked(text, lines), *_tables(text, lines)], key=lambda each: each.items[0])


def _lines(text: str) -> Iterator[_Line]:
    written = (found for found in _LINE.finditer(text) if found.group().strip())
    for place, found in enumerate(written):
        line = found.group().strip()
        start = found.start() + found.group().index(line)
        end = start + len(line)
        number, bullet = _NUMBER.match(line), _BULLET.match(line)
        marked = number or bullet
        yield _Line(
            Span(start, end),
            bullet["mark"] if bullet else "",
            int(number["number"]) if number else 0,
            start + marked.end() if marked else start,
            place,
        )


def _marked(text: str, lines: list[_Line]) -> Iterator[ItemList]:
    """Yield the lists whose items have marks: the same bullet, or numbers from 1 on."""
    runs: dict[str, list[_Line]] = {}
    for line in lines:
        key = line.mark or ("1" if line.number else "")
        if not key:
            continue
        run = runs.setdefault(key, [])
        if run and not _goes_on(run[-1], line):
            yield from _listed(text, lines, run)
            run.clear()
        if run or line.number <= 1:
            run.append(line)
    for run in runs.values():
        yield from _listed(text, lines, run)


def _goes_on(last: _Line, line: _Line) -> bool:
    if line.number:
        return line.number == last.number + 1 and line.place - last.place <= MAX_PARTED_NUMBERS + 1
    return line.place - last.place <= MAX_PARTED + 1


def _listed(text: str, lines: list[_Line], run: list[_Line]) -> Iterator[ItemList]:
    if len(run) >= MIN_ITEMS and run[0].place:
        lead = lines[run[0].place - 1].span
        items = tuple(line.item for line in run)
        yield ItemList(lead, frozenset(terms(lead.of(text))), items, numbered=bool(run[0].number))


def _tables(text: str, lines: list[_Line]) -> Iterator[ItemList]:
    """Yield the tables that are written as plain rows, one below the other, the head first."""
    run: list[_Line] = []
    for line in lines:
        beside = bool(run) and text[run[-1].span.end : line.span.start].count("\n") == 1
        if run and not (beside and _is_row(text, line)):
            yield from _rows(text, run)
            run = []
        if _is_row(text, line):
            run.append(line)
    yield from _rows(text, run)


def _is_row(text: str, line: _Line) -> bool:
    row = line.span.of(text)
    plain = not (line.mark or line.number) and len(row) <= MAX_LINE
    return plain and len(row.split()) > 1 and row[0].isupper() and not row.endswith(_ENDED)


def _rows(text: str, run: list[_Line]) -> Iterator[ItemList]:
    if len(run) >= MIN_ITEMS:
        head = run[0].span
        yield ItemList(head, frozenset(terms(head.of(text))), tuple(line.item for line in run[1:]), table=True)
