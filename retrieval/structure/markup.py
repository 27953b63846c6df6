"""Markup in lines: HTML tags and Markdown marks become boilerplate, the text between them keeps its kind.

``split_markup`` splits off HTML, also when it is broken: tags with spaces inside ("< / td >") and closing tags without
their opening bracket ("li >"). ``mark_markdown`` marks front matter, headings, fences, pipe tables and rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from retrieval.articles import BlockKind
from retrieval.structure.lines import Line
from retrieval.text.lazy_pattern import LazyPattern

_ATX = LazyPattern(r"(#{1,6})\s+(?=\S)")
_CLOSING_MARKS = LazyPattern(r"\s#+$")
_FENCE = LazyPattern(r"(`{3,}|~{3,})")
_DELIMITERS = LazyPattern(r"[|:\s-]{2,}")
_DEFINITION = LazyPattern(r"\[[^\]]{1,200}\]:\s*\S+(?:\s+[\"'(].{0,300})?")
_IMAGE = LazyPattern(r"(?:\[?!\[[^\]]{0,500}\]\([^)\s]{0,1000}(?:\s[^)]{0,300})?\)(?:\]\([^)\s]{0,1000}\))?\s*)+")
_FRONT_MATTER_LINES = 200


def mark_markdown(lines: Sequence[Line]) -> Iterator[Line]:
    """Yield ``lines`` with the kinds and heading levels of their Markdown marks, the marks split off as boilerplate."""
    at = _front_matter(lines)
    for line in lines[:at]:
        line.kind = BlockKind.BOILERPLATE
        yield line
    fence = ""
    in_table = False
    while at < len(lines):
        line = lines[at]
        at += 1
        mark = _FENCE.match(line.text)
        if mark and (not fence or line.text.startswith(fence)):
            fence, line.kind = ("" if fence else mark[1]), BlockKind.BOILERPLATE
            yield line
            continue
        if fence or line.kind is not None:
            line.kind = line.kind or BlockKind.PARAGRAPH
            yield line
            continue
        in_table = _mark_table(lines, at - 1, in_table=in_table)
        if line.kind is None:
            _mark_setext(lines, at - 1)
        yield from _split_heading(line)


def _front_matter(lines: Sequence[Line]) -> int:
    """Return how many lines are front matter: from an initial ``---`` or ``+++`` to the closing line."""
    if not lines or lines[0].text.lstrip("\ufeff") not in {"---", "+++"}:
        return 0
    opening = lines[0].text.lstrip("\ufeff")
    for number, line in enumerate(lines[1:_FRONT_MATTER_LINES], 1):
        if line.text == opening or (opening == "---" and line.text == "..."):
            return number + 1
    return 0


def _mark_table(lines: Sequence[Line], at: int, *, in_table: bool) -> bool:
    """Mark a table's header, delimiter or row; return whether the next line may be another row."""
    line = lines[at]
    if in_table and not line.gap and "|" in line.text:
        line.kind = BlockKind.BOILERPLATE if _is_delimiter(line.text) else BlockKind.TABLE_ROW
        return True
    below = lines[at + 1] if at + 1 < len(lines) else None
    if "|" in line.text and below and not below.gap and _is_delimiter(below.text):
        line.kind = BlockKind.TABLE_HEADER
        return True
    return False


def _is_delimiter(text: str) -> bool:
    return "|" in text and "-" in text and bool(_DELIMITERS.fullmatch(text))


def _mark_setext(lines: Sequence[Line], at: int) -> None:
    line = lines[at]
    below = lines[at + 1] if at + 1 < len(lines) else None
    if _DEFINITION.fullmatch(line.text[:2_000]) or _IMAGE.fullmatch(line.text[:4_000]):
        line.kind = BlockKind.BOILERPLATE
    elif below and not below.gap and line.gap and set(below.text) in ({"="}, {"-"}) and len(below.text) > 1:
        line.kind, line.level = BlockKind.HEADING, 1 if below.text[0] == "=" else 2
        below.kind = BlockKind.BOILERPLATE


def _split_heading(line: Line) -> Iterator[Line]:
    """Yield an ATX heading in three parts: marks, words, closing marks; any other line unchanged."""
    mark = _ATX.match(line.text) if line.kind is None else None
    if not mark:
        if line.kind is None and line.text.strip("#") == "":
            line.kind = BlockKind.BOILERPLATE
        yield line
        return
    closing = _CLOSING_MARKS.search(line.text, max(mark.end(), len(line.text) - 20))
    start, end = line.start + mark.end(), line.end - (len(line.text) - closing.start() if closing else 0)
    yield Line(line.start, line.start + len(mark[1]), mark[1], line.gap, line.indent, BlockKind.BOILERPLATE)
    words = line.text[mark.end() : closing.start() if closing else None].rstrip()
    if words:
        yield Line(start, start + len(words), words, gap=True, kind=BlockKind.HEADING, level=len(mark[1]))
    if closing:
        yield Line(end + 1, line.end, line.text[closing.start() + 1 :], gap=True, kind=BlockKind.BOILERPLATE)


_TABLE = "table|thead|tbody|tfoot|tr|td|th|caption|colgroup|col"
_BLOCK = (
    f"{_TABLE}|html|head|body|title|meta|link|script|style|div|p|br|hr|ul|ol|li|dl|dt|dd|h[1-6]|section|article|aside|"
    "header|footer|nav|main|figure|figcaption|blockquote|pre|iframe|form|input|button|noscript|video|audio|source"
)
_INLINE = "strong|em|b|i|u|s|a|span|sup|sub|small|font|mark|code|cite|q|abbr|time|img|svg|label"
_TAG = LazyPattern(
    rf"<\s{{0,3}}/?\s{{0,3}}(?P<name>{_BLOCK}|{_INLINE})(?:\s[^<>]{{0,1000}})?\s{{0,3}}/?\s{{0,3}}>"
    rf"|(?<![\w<])(?P<orphan>li|ul|ol|div|span|strong|{_TABLE})\s{{0,3}}>(?=\s{{0,5}}(?:<|$))"
    r"|<!--[^<>]{0,1000}-->|<!doctype\b[^<>]{0,200}>",
    re.IGNORECASE,
)
_BLOCK_NAME = LazyPattern(_BLOCK, re.IGNORECASE)
_TABLE_NAME = LazyPattern(_TABLE, re.IGNORECASE)


def split_markup(lines: Iterable[Line]) -> Iterator[Line]:
    """Yield ``lines`` with their tags split off as boilerplate.

    Block tags separate the text on either side; inline tags (``<em>``, ``<a …>``) are split off only at the edges of
    text, so that sentences stay whole. The text of a table is yielded as cells, its header row as table headers.
    """
    table = _TableReader()
    for line in lines:
        tags = list(_TAG.finditer(line.text)) if ">" in line.text else []
        if not tags:
            table.note_plain_line()
            yield from _plain_line(table, line)
            continue
        yield from _split_line(line, tags, table)
    yield from table.finish()


def _plain_line(table: _TableReader, line: Line) -> Iterator[Line]:
    """Yield a line without tags, unless it belongs to the open cell of a table."""
    if table.inside and table.open_cell:
        table.add_text(line)
        return
    yield from table.finish()
    yield line


def _split_line(line: Line, tags: list[re.Match[str]], table: _TableReader) -> Iterator[Line]:
    in_table = table.inside or any(_TABLE_NAME.fullmatch(_name(tag)) for tag in tags)
    if not in_table:
        tags = _edges_and_blocks(line.text, tags)
    at, gap = 0, line.gap
    for tag in [*tags, None]:
        stop = tag.start() if tag else len(line.text)
        part = _trimmed(line, at, stop, gap)
        if part and in_table:
            table.add_text(part)
        elif part:
            yield part
        if tag is None:
            break
        mark = Line(
            line.start + tag.start(),
            line.start + tag.end(),
            tag.group(),
            line.gap and at == 0,
            kind=BlockKind.BOILERPLATE,
        )
        if in_table:
            table.add_tag(mark, _name(tag), closing=_is_closing(tag))
        else:
            yield mark
        at, gap = tag.end(), True


def _edges_and_blocks(text: str, tags: list[re.Match[str]]) -> list[re.Match[str]]:
    """Return the tags without the inline ones that have text on both sides."""
    kept: list[re.Match[str]] = []
    at = 0
    waiting: list[re.Match[str]] = []  # inline tags since the last text
    seen_text = False
    for tag in tags:
        if text[at : tag.start()].strip():
            seen_text, waiting = True, []
        if _BLOCK_NAME.fullmatch(_name(tag)) or tag.group().startswith("<!"):
            kept.extend([*waiting, tag] if seen_text else [tag])
            waiting, seen_text = [], False
        elif seen_text:
            waiting.append(tag)
        else:
            kept.append(tag)
        at = tag.end()
    if not text[at:].strip():
        kept.extend(waiting)
    return sorted(kept, key=lambda tag: tag.start())


def _trimmed(line: Line, start: int, stop: int, gap: bool) -> Line | None:
    raw = line.text[start:stop]
    content = raw.strip()
    if not content:
        return None
    begin = line.start + start + len(raw) - len(raw.lstrip())
    return Line(begin, begin + len(content), content, gap, line.indent if start == 0 else 0)


def _name(tag: re.Match[str]) -> str:
    return (tag["name"] or tag["orphan"] or "").lower()


def _is_closing(tag: re.Match[str]) -> bool:
    return bool(tag["orphan"]) or tag.group()[1:8].lstrip().startswith("/")


@dataclass(slots=True)
class _TableReader:
    """Collects the lines of a table, tag by tag, until it ends."""

    number: int = 0
    inside: bool = False
    open_cell: bool = False
    row: int = 0
    column: int = 0
    filled: bool = False  # the current cell has text
    plain_lines: int = 0  # lines without a tag since the last tag
    lines: list[Line] = field(default_factory=list)
    row_cells: list[Line] = field(default_factory=list)
    row_is_header: bool = False
    row_has_data: bool = False

    def note_plain_line(self) -> None:
        self.plain_lines += 1
        if self.plain_lines > 3:
            self.open_cell = False

    def add_text(self, line: Line) -> None:
        line.cell = (self.number, self.row, self.column)
        line.kind = BlockKind.TABLE_CELL
        self.filled = True
        self.lines.append(line)
        self.row_cells.append(line)

    def add_tag(self, mark: Line, name: str, *, closing: bool) -> None:
        self.inside, self.plain_lines = True, 0
        if name in {"td", "th"}:
            if self.filled or (closing and self.open_cell):
                self.column, self.filled = self.column + 1, False
            self.open_cell = not closing
            self.row_is_header |= name == "th"
            self.row_has_data |= name == "td"
        elif name in {"tr", "thead", "tbody", "tfoot", "table"}:
            self._end_row()
        self.lines.append(mark)

    def _end_row(self) -> None:
        if self.row_cells:
            if self.row_is_header and not self.row_has_data:
                for line in self.row_cells:
                    line.kind = BlockKind.TABLE_HEADER
            self.row += 1
        self.row_cells = []
        self.column, self.filled, self.open_cell = 0, False, False
        self.row_is_header = self.row_has_data = False

    def finish(self) -> Iterator[Line]:
        """Yield the collected lines, in order, and reset for the next table."""
        if self.inside:
            self._end_row()
            yield from self.lines
            self.lines = []
            self.number, self.inside, self.row, self.plain_lines = self.number + 1, False, 0, 0
