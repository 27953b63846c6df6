"""Blocks of a page: the text between its block elements, with the text nodes that it consists of.

trafilatura decides which text of a page is the article's, but joins, splits and loses text on its way. So each text
node gets an invisible number in front, in characters of private use; the numbers in what trafilatura returns name the
nodes it chose, and the text is written from the page itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from retrieval.loaders.html_tree import BLOCKS
from retrieval.text.lazy_pattern import LazyPattern

if TYPE_CHECKING:
    from lxml.html import HtmlElement  # type: ignore[import-untyped]

_PRIVATE = LazyPattern("[\ue000-\uf8ff]")
_HIGH, _LOW = 0xE000, 0xF000
_HIGH_COUNT, _LOW_COUNT = 0x1000, 0x900
_NUMBER = LazyPattern("([\ue000-\uefff])([\uf000-\uf8ff])")

MAX_TEXT_NODES = _HIGH_COUNT * _LOW_COUNT
"""Most text nodes of a page: as many as there are numbers."""

_HEADING = LazyPattern(r"h([1-6])")


class BlockForm(StrEnum):
    """How a block is written."""

    TEXT = "text"
    HEADING = "heading"
    ITEM = "item"
    ROW = "row"


@dataclass(slots=True, eq=False)
class Container:
    """A block element, without its text.

    Attributes:
        parent: The one around it; None for the page's.
        tag: Its name.
        names: Its class, id and role, in lower case.
        depth: How many are around it.
    """

    parent: Container | None
    tag: str
    names: str
    depth: int

    def ancestors(self) -> Iterator[Container]:
        """Yield itself and those around it, the innermost first."""
        found: Container | None = self
        while found is not None:
            yield found
            found = found.parent


@dataclass(slots=True)
class HtmlBlock:
    """Text without a block element inside.

    Attributes:
        form: How it is written.
        text: Its characters, white space collapsed, ``<br>`` as a line break.
        nodes: Its text nodes, as (number, characters, whether linked).
        container: The innermost block element around it.
        prefix: Heading or list marker.
        header: It is a table row of header cells only.
        group: The list or table it belongs to.
    """

    form: BlockForm
    text: str
    nodes: list[tuple[int, int, bool]]
    container: Container
    prefix: str = ""
    header: bool = False
    group: Container | None = None

    @property
    def link_share(self) -> float:
        """The share of its characters that are links, in [0, 1]."""
        whole = sum(size for _, size, _ in self.nodes)
        return sum(size for _, size, linked in self.nodes if linked) / whole if whole else 0.0

    def chosen_share(self, chosen: set[int]) -> float:
        """Return the share of its characters whose text nodes are in ``chosen``, in [0, 1]."""
        whole = sum(size for _, size, _ in self.nodes)
        return sum(size for number, size, _ in self.nodes if number in chosen) / whole if whole else 0.0

    @property
    def written(self) -> str:
        """Its Markdown."""
        return self.prefix + self.text


def numbers_in(texts: Iterator[str]) -> set[int]:
    """Return the numbers of the text nodes that ``texts`` came from."""
    return {(ord(high) - _HIGH) * _LOW_COUNT + ord(low) - _LOW for text in texts for high, low in _NUMBER.findall(text)}


def read_blocks(tree: HtmlElement) -> list[HtmlBlock]:
    """Number the text nodes of ``tree`` and return its blocks, in order.

    Raises:
        OverflowError: There are more than ``MAX_TEXT_NODES`` of them.
    """
    from lxml import etree  # type: ignore[import-untyped]  # noqa: PLC0415

    reader = _BlockReader()
    body = tree.find("body")
    for event, element in etree.iterwalk(tree if body is None else body, events=("start", "end")):
        if event == "start":
            reader.start(element)
        else:
            reader.end(element)
    reader.flush()
    return reader.blocks


@dataclass(slots=True)
class _BlockReader:
    """Collects text until a block element begins or ends."""

    blocks: list[HtmlBlock] = field(default_factory=list)
    count: int = 0
    _here: Container = field(default_factory=lambda: Container(None, "", "", 0))
    _parts: list[str] = field(default_factory=list)
    _nodes: list[tuple[int, int, bool]] = field(default_factory=list)
    _links: int = 0
    _preformatted: int = 0
    _breaks: int = 0
    _cells: list[str] | None = None  # of the table row that is open
    _spans: list[tuple[int, int]] = field(default_factory=list)  # of its cells: (columns, rows)
    _carried: dict[int, tuple[str, int]] = field(default_factory=dict)  # by column: its text, the rows still to fill
    _repeatable: int = 100_000  # characters that cells over several rows may still add
    _header: bool = True
    _markers: list[str] = field(default_factory=list)  # of the open list items; empty once written
    _lists: list[tuple[Container, int | None]] = field(default_factory=list)
    _tables: list[Container] = field(default_factory=list)

    def start(self, element: HtmlElement) -> None:
        tag = element.tag
        if tag in BLOCKS:
            self._open(element, tag)
        elif tag == "br":
            self._line_break()
        elif tag == "a":
            self._links += 1
        if element.text:
            element.text = self._take(element.text)

    def end(self, element: HtmlElement) -> None:
        tag = element.tag
        if tag in BLOCKS:
            self._close(tag)
        elif tag == "a":
            self._links -= 1
        if element.tail:
            element.tail = self._take(element.tail)

    def _take(self, text: str) -> str:
        text = _PRIVATE.sub("", text)
        if text.isspace() or not text:
            self._parts.append(" ")
            return text
        number = self.count
        if number >= MAX_TEXT_NODES:
            raise OverflowError
        self.count += 1
        self._breaks = 0
        self._parts.append(text.replace("\n", "\0") if self._preformatted else text)
        self._nodes.append((number, len(text.strip()), self._links > 0))
        return f"{chr(_HIGH + number // _LOW_COUNT)}{chr(_LOW + number % _LOW_COUNT)}{text}"

    def _line_break(self) -> None:
        self._breaks += 1
        if self._cells is not None:
            self._parts.append(" ")
        elif self._breaks > 1:
            self.flush()
        else:
            self._parts.append("\0")

    def _open(self, element: HtmlElement, tag: str) -> None:
        if self._cells is None:
            self.flush()
        else:
            self._parts.append(" ")
        names = f"{element.get('class') or ''} {element.get('id') or ''} {element.get('role') or ''}".lower()
        self._here = Container(self._here, tag, names, self._here.depth + 1)
        if tag in {"ul", "ol"}:
            start = element.get("start") or ""
            number = int(start) if start.isdecimal() and len(start) < 6 else 1
            self._lists.append((self._here, number if tag == "ol" else None))
        elif tag == "li":
            self._open_item()
        elif tag == "table":
            self._tables.append(self._here)
            self._carried = {}
        elif tag == "tr" and self._tables:
            self._cells, self._spans, self._header = [], [], True
        elif tag == "pre":
            self._preformatted += 1
        elif tag in {"td", "th"} and self._cells is not None:
            self._header = self._header and tag == "th"
            self._spans.append((_span(element, "colspan"), _span(element, "rowspan")))

    def _open_item(self) -> None:
        marker = "- "
        if self._lists:
            container, number = self._lists[-1]
            if number is not None:
                marker = f"{number}. "
                self._lists[-1] = (container, number + 1)
        self._markers.append(marker)

    def _close(self, tag: str) -> None:
        if self._cells is None:
            self.flush()
        elif tag in {"td", "th"}:
            self._cells.append(_collapsed(self._parts).replace("\n", " "))
            self._parts = []
        elif tag == "tr":
            self._close_row()
        else:
            self._parts.append(" ")
        if tag in {"ul", "ol"} and self._lists:
            self._lists.pop()
        elif tag == "li" and self._markers:
            self._markers.pop()
        elif tag == "table" and self._tables:
            self._tables.pop()
        elif tag == "pre":
            self._preformatted -= 1
        self._here = self._here.parent or self._here

    def _close_row(self) -> None:
        cells, self._cells = self._spread(self._cells or []), None
        self._parts = []
        if any(cells):
            text = f"| {' | '.join(cells)} |"
            block = HtmlBlock(BlockForm.ROW, text, self._nodes, self._here, header=self._header, group=self._tables[-1])
            self.blocks.append(block)
        self._nodes = []

    def _spread(self, cells: Sequence[str]) -> list[str]:
        """Return the cells of a row, each in its column: one that spans rows again, one that spans columns once."""
        row: list[str] = []
        carried, self._carried = self._carried, {}

        def add(text: str, rows: int) -> None:
            if rows > 1:
                self._carried[len(row)] = (text, rows - 1)
            row.append(text)

        for text, (columns, rows) in zip(cells, self._spans, strict=False):
            while len(row) in carried:
                add(*carried[len(row)])
            for column in range(columns):
                self._repeatable -= (len(text) + 1) * (rows - 1)
                add("" if column else text, rows if self._repeatable > 0 else 1)
        while len(row) in carried:
            add(*carried[len(row)])
        return row

    def flush(self) -> None:
        """End the current block."""
        if not self._nodes:
            self._parts, self._breaks = [], 0
            return
        text = _collapsed(self._parts)
        nodes, self._nodes, self._parts, self._breaks = self._nodes, [], [], 0
        if not text:
            return
        heading = next((found for each in self._inline_of_item() if (found := _HEADING.fullmatch(each.tag))), None)
        if heading:
            level = max(2, int(heading[1]))
            prefix = f"{'#' * level} "
            self.blocks.append(HtmlBlock(BlockForm.HEADING, text.replace("\n", " "), nodes, self._here, prefix))
        elif self._markers and self._markers[-1]:
            marker, self._markers[-1] = self._markers[-1], ""
            group = self._lists[0][0] if self._lists else None
            self.blocks.append(
                HtmlBlock(BlockForm.ITEM, text.replace("\n", " "), nodes, self._here, marker, group=group)
            )
        else:
            self.blocks.append(HtmlBlock(BlockForm.TEXT, text, nodes, self._here))

    def _inline_of_item(self) -> Iterator[Container]:
        """Yield the block elements around the current text, up to the list item or table it stands in."""
        for container in self._here.ancestors():
            if container.tag in {"li", "article", "section", "body", "main"}:
                return
            yield container


_MAX_SPAN = 50
"""Most rows or columns of a cell that are written."""


def _span(cell: HtmlElement, name: str) -> int:
    written = cell.get(name) or ""
    return min(int(written), _MAX_SPAN) or 1 if written.isdecimal() and len(written) < 6 else 1


def _collapsed(parts: Sequence[str]) -> str:
    """Return text with its white space collapsed and its line breaks, written as NUL, kept."""
    lines = " ".join("".join(parts).split()).split("\0")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.strip() for line in lines)).strip()


def write(blocks: Sequence[HtmlBlock]) -> str:
    """Return the Markdown of ``blocks``: items of a list and rows of a table on lines of their own, else paragraphs."""
    lines: list[str] = []
    before: HtmlBlock | None = None
    for block in blocks:
        together = before is not None and block.group is not None and block.group is before.group
        lines.append(("\n" if together else "\n\n" if before else "") + block.written)
        if block.form is BlockForm.ROW and block.header and not together:
            lines.append(f"\n|{' --- |' * (block.text.count(' | ') + 1)}")
        before = block
    return "".join(lines)
