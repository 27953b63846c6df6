"""Page furniture: running heads, page numbers and watermarks, which are printed on pages and are no part of their text.

A line at the head or foot of a page is furniture when another page has it at the same height, its numbers the same or
advancing with the page (so a repeated table row is not). Furniture is taken out before pages are joined, so that a
sentence that runs over a page break stays one.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from retrieval.loaders.page_layout import PrintedLine, PrintedWord, lines, type_size
from retrieval.text.lazy_pattern import LazyPattern

_EDGE_LINES = 4
_EDGE_SHARE = 0.2  # of a page's height
_SAME_HEIGHT = 4.0  # points
_APART = 1.9  # times the type size, from baseline to baseline
_MAX_CHARACTERS = 200
_FEW_WORDS = 12
_NUMBERED = "#"  # the shape of lines that have the number of their page and need no other in common
_LARGE = 1.8  # times the type size of the page
_MAX_LARGE = 100

_STAMPS = frozenset({"CONFIDENTIAL", "COPY", "DRAFT", "EMBARGOED", "PROOF", "RESTRICTED", "SAMPLE", "SPECIMEN", "VOID"})

_NUMBER = LazyPattern(r"\d+")
_PAGE_NUMBER = LazyPattern(r"(?:page\s+)?[–—|\[(-]?\s*(\d{1,4})\s*[–—|\])-]?(?:\s*(?:of|/)\s*\d{1,4})?", re.IGNORECASE)
_ROMAN = LazyPattern(r"(?=[ivxl])(?:xl|l?x{0,3})(?:ix|iv|v?i{0,3})", re.IGNORECASE)
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50}


@dataclass(slots=True)
class PrintedPage:
    """The words of a page.

    Attributes:
        number: From 1.
        top: Its upper edge.
        bottom: Its lower edge.
        words: Its upright words, in the order they were drawn.
        slanted: Texts printed aslant.
        aside: Texts printed sideways.
    """

    number: int
    top: float
    bottom: float
    words: list[PrintedWord]
    slanted: list[str]
    aside: list[str]


@dataclass(slots=True)
class _EdgeLine:
    page: PrintedPage
    line: PrintedLine
    height: float
    numbers: tuple[int, ...]
    apart: bool  # from the text of the page


def take_furniture(pages: Sequence[PrintedPage]) -> list[str]:
    """Remove the furniture from the words of ``pages``; return its texts, each once, without bare page numbers."""
    texts: dict[str, str] = {}
    for page in pages:
        for text in [*page.slanted, *_take_overprint(page)]:
            texts.setdefault(text, text)
        page.slanted = []
    _take_stamps(pages, texts)
    taken: defaultdict[int, list[PrintedLine]] = defaultdict(list)
    for edge in _repeated(pages):
        taken[edge.page.number].append(edge.line)
        if not _page_number(edge.line.text):
            texts.setdefault(_shape(edge.line.text), edge.line.text)
    for page in pages:
        gone = {id(word) for line in taken[page.number] for word in line.words}
        kept = [word for word in page.words if id(word) not in gone]
        if kept or not page.words:
            page.words = kept
    return list(texts.values())


def _take_overprint(page: PrintedPage) -> Iterator[str]:
    """Remove large words that are printed over others, and yield them."""
    size = type_size(page.words)
    large = [word for word in page.words if word.size >= _LARGE * size][:_MAX_LARGE]
    over = [
        word for word in large if sum(_overlap(word, other) for other in page.words if other.size <= 1.2 * size) > 1
    ]
    if not over:
        return
    gone = {id(word) for word in over}
    page.words = [word for word in page.words if id(word) not in gone]
    for line in lines(over, page.number):
        yield line.text


def _take_stamps(pages: Sequence[PrintedPage], texts: dict[str, str]) -> None:
    """Remove words such as DRAFT that are printed at one place of most pages, and add them to ``texts``."""
    found: defaultdict[tuple[str, int, int], list[PrintedPage]] = defaultdict(list)
    for page in pages:
        for word in page.words:
            if word.text in _STAMPS:
                found[_stamp(word)].append(page)
    stamps = {key for key, on in found.items() if len(on) > 1 and len(on) * 2 >= len(pages)}
    for page in pages if stamps else ():
        page.words = [word for word in page.words if word.text not in _STAMPS or _stamp(word) not in stamps]
    for text, _, _ in sorted(stamps):
        texts.setdefault(text, text)


def _stamp(word: PrintedWord) -> tuple[str, int, int]:
    return word.text, round(word.left), round(word.baseline)


def _overlap(large: PrintedWord, small: PrintedWord) -> bool:
    low, high = large.baseline, large.baseline + 0.7 * large.size
    middle = small.baseline + 0.3 * small.size
    return low < middle < high and small.left < large.right and small.right > large.left


def _repeated(pages: Sequence[PrintedPage]) -> Iterator[_EdgeLine]:
    """Yield the lines at the edges of pages that are repeated on other pages, and bare page numbers."""
    groups: defaultdict[tuple[bool, str], list[_EdgeLine]] = defaultdict(list)
    for page in pages:
        for is_head, edge in _edges(page):
            # The heads of left and right pages, or of the second page alone, may occur once: they have its number.
            shape = _NUMBERED if len(pages) > 1 and _is_numbered(edge) else _shape(edge.line.text)
            groups[is_head, shape].append(edge)
    for (_, shape), found in groups.items():
        found.sort(key=lambda edge: edge.height)
        if shape == _NUMBERED:
            yield from (edge for edge in found if edge.page.number > 1 or _is_beside(edge, found))
            continue
        cluster: list[_EdgeLine] = []
        for edge in found:
            if cluster and edge.height - cluster[-1].height > _SAME_HEIGHT:
                yield from _consistent(cluster, len(pages))
                cluster = []
            cluster.append(edge)
        yield from _consistent(cluster, len(pages))


def _is_numbered(edge: _EdgeLine) -> bool:
    """Return whether a line apart from the text begins or ends with the number of its page: "Ferry report 2"."""
    words = edge.line.text.split()
    return edge.apart and 1 < len(words) <= _FEW_WORDS and str(edge.page.number) in {words[0], words[-1]}


def _is_beside(edge: _EdgeLine, others: Sequence[_EdgeLine]) -> bool:
    """Return whether another page has such a line at the same height."""
    return any(other is not edge and abs(other.height - edge.height) <= _SAME_HEIGHT for other in others)


def _edges(page: PrintedPage) -> Iterator[tuple[bool, _EdgeLine]]:
    """Yield the lines at the head (True) and the foot (False) of a page with their distance from its edge."""
    found = lines(page.words, page.number)
    near = _EDGE_SHARE * (page.top - page.bottom)
    for is_head, inwards in ((True, found[: _EDGE_LINES + 1]), (False, found[: -_EDGE_LINES - 2 : -1])):
        steps = [abs(outer.baseline - inner.baseline) > _APART * outer.size for outer, inner in pairwise(inwards)]
        for at, line in enumerate(inwards[:_EDGE_LINES]):
            height = page.top - line.baseline if is_head else line.baseline - page.bottom
            if len(line.text) <= _MAX_CHARACTERS and (at == 0 or height < near):
                yield is_head, _EdgeLine(page, line, height, _numbers(line.text), any(steps[at:]))


def _consistent(cluster: Sequence[_EdgeLine], pages: int) -> Iterator[_EdgeLine]:
    """Yield the lines of one wording whose numbers are those of another page, or advance with the pages.

    Unless half of the pages have it, a line must stand apart: lines of a text are repeated, too.
    """
    kept = list(cluster)
    for place in range(len(cluster[0].numbers) if cluster else 0):
        same = Counter(edge.numbers[place] for edge in kept)
        advancing = Counter(edge.numbers[place] - edge.page.number for edge in kept)
        kept = [
            edge
            for edge in kept
            if same[edge.numbers[place]] > 1 or advancing[edge.numbers[place] - edge.page.number] > 1
        ]
    on = len({edge.page.number for edge in kept})
    kept = [edge for edge in kept if on > 1 and (on * 2 >= pages or edge.apart)]
    yield from kept
    taken = {id(edge) for edge in kept}
    for edge in cluster:
        if id(edge) not in taken and _page_number(edge.line.text) == edge.page.number:
            yield edge


def _page_number(text: str) -> int:
    """Return the number of a line that is a page number and nothing else; 0 for any other line."""
    found = _PAGE_NUMBER.fullmatch(text)
    return int(found[1]) if found else _roman(text)


def _numbers(text: str) -> tuple[int, ...]:
    if value := _roman(text):
        return (value,)
    # In order of size of place, not of position: left and right pages print the same head the other way round.
    return tuple(int(token[:9]) for token in _NUMBER.findall(" ".join(sorted(text.split(), key=_masked))))


def _shape(text: str) -> str:
    """Return the words of ``text`` without their order, numbers masked."""
    return "0" if _roman(text) else " ".join(sorted(map(_masked, text.split())))


def _masked(word: str) -> str:
    return _NUMBER.sub("0", word).casefold()


def _roman(text: str) -> int:
    """Return the value of a lower or upper case Roman numeral below 90; 0 for other text."""
    if len(text) > 8 or not text or not _ROMAN.fullmatch(text):
        return 0
    values = [_ROMAN_VALUES[letter] for letter in text.lower()]
    return sum(-one if one < after else one for one, after in zip(values, [*values[1:], 0], strict=True))
