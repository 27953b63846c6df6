"""Item lists: the numbered and bulleted lists of an article, its plain tables and the headings that it counts.

Each comes with what leads it in: "Five key races:" before five headings, or the headline "The 7 worst storms".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from retrieval.articles import Span
from retrieval.text.analyzer import fold, terms
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.number_words import is_number, value

MIN_ITEMS = 3
"""Items of the shortest list."""
MAX_PARTED = 1
"""Paragraphs between two bulleted items."""
MAX_PARTED_NUMBERS = 14
"""Paragraphs between two numbered items, which number sections as well."""
MAX_HEADING, MAX_HEADINGS_LEFT = 90, 2
"""Characters of the longest heading; headings after those that are counted, of an article with such a headline."""
MAX_ENTRY = 60
"""Characters of the longest paragraph that is an entry of a list: "Sen. Ann Reed, D-Vell."."""
MAX_LINE = 110
"""Characters of the longest row of a plain table."""

_LINE = LazyPattern(r"[^\n]+")
_BULLET = LazyPattern(r"(?P<mark>[•*·▪‣◦]|--?|–|—)\s*(?=\S)")
_NUMBER = LazyPattern(r"#?(?P<number>\d{1,2})[.):]\s*(?=[^\s\d])")
MAX_COUNT, MAX_COUNT_PLACE = 20, 4
"""The highest number that counts headings; among how many first words of the lead it is."""
_ALIKE = 2
"""First words that paragraphs of one list share."""
_CLOSED = LazyPattern(r"(?<![.\s])\.$")
_HEADING_ENDS = frozenset('!?,;:"”')
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


def item_lists(text: str, title: str = "") -> list[ItemList]:
    """Return the lists of a text with this headline, in their order; each has ``MIN_ITEMS`` at least."""
    lines = list(_lines(text))
    found = [*_marked(text, lines), *_tables(text, lines), *_headed(text, lines, title)]
    return sorted(found, key=lambda each: each.items[0])


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


def _headed(text: str, lines: list[_Line], title: str) -> Iterator[ItemList]:
    """Yield the headings or paragraphs that a line before them, or else the headline, counts: "Five key races:"."""
    headings = [line for line in lines if _is_heading(text, line, title)]
    counted = False
    for lead in (line for line in lines if line.span.of(text).endswith(":")):
        number = _count_in(lead.span.of(text))
        after = [line for line in headings if line.place > lead.place][:number]
        beside = bool(after) and after[0].place - lead.place == 1
        entries = lines[lead.place + 1 : lead.place + 1 + number]
        items = after if beside and len(after) == number else entries if _are_entries(text, entries, number) else []
        if number and items:
            told = frozenset(terms(f"{title}\n{lead.span.of(text)}"))
            yield ItemList(lead.span, told, tuple(line.span for line in items))
            counted = True
    number = 0 if counted else _count_in(title)
    if not number:
        return
    items = headings[:number] if number <= len(headings) <= number + MAX_HEADINGS_LEFT else _alike(text, lines, number)
    if items:
        first = items[0].span.start
        yield ItemList(Span(first, first), frozenset(terms(title)), tuple(line.span for line in items))


def _are_entries(text: str, lines: list[_Line], number: int) -> bool:
    """Return whether lines are as many as a lead counts, each a short paragraph: "Sen. Ann Reed, D-Vell."."""
    entries = [line for line in lines if not line.mark and not line.number and line.span.of(text)[:1].isupper()]
    return len(entries) == number and all(line.span.end - line.span.start <= MAX_ENTRY for line in entries)


def _alike(text: str, lines: list[_Line], number: int) -> list[_Line]:
    """Return the paragraphs that begin with the same words, where they are as many as the headline counts."""
    begun: dict[tuple[str, ...], list[_Line]] = {}
    for line in lines:
        begun.setdefault(tuple(line.span.of(text).split()[:_ALIKE]), []).append(line)
    return next((found for start, found in begun.items() if len(found) == number and len(start) == _ALIKE), [])


def _is_heading(text: str, line: _Line, title: str) -> bool:
    """Return whether a line is a paragraph of its own, short and no sentence."""
    said = line.span.of(text)
    alone = text[: line.span.start].rstrip(" ").endswith("\n\n") and text[line.span.end :].lstrip(" ").startswith(
        "\n\n"
    )
    short = len(said) <= MAX_HEADING and not (line.mark or line.number)
    return alone and short and said[-1:] not in _HEADING_ENDS and said != title and _CLOSED.search(said) is None


def _count_in(said: str) -> int:
    """Return the number from 3 to 20 that a lead or headline counts with; 0 without one."""
    for word in said.split()[:MAX_COUNT_PLACE]:
        plain = fold(word)
        if (
            is_number(plain)
            and isinstance(number := value((plain,)), (int, float))
            and MIN_ITEMS <= number <= MAX_COUNT
        ):
            return int(number)
    return 0


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
