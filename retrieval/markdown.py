"""Markdown's marks on lines: front matter, headings, fences, pipe tables, rules. The rest is grouped later."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from retrieval.articles import BlockKind
from retrieval.lines import Line

_ATX = re.compile(r"(#{1,6})\s+(?=\S)")
_CLOSING_MARKS = re.compile(r"\s#+$")
_FENCE = re.compile(r"(`{3,}|~{3,})")
_DELIMITERS = re.compile(r"[|:\s-]{2,}")
_DEFINITION = re.compile(r"\[[^\]]{1,200}\]:\s*\S+(?:\s+[\"'(].{0,300})?")
_IMAGE = re.compile(r"(?:\[?!\[[^\]]{0,500}\]\([^)\s]{0,1000}(?:\s[^)]{0,300})?\)(?:\]\([^)\s]{0,1000}\))?\s*)+")
_FRONT_MATTER_LINES = 200


def mark_markdown(lines: Sequence[Line]) -> Iterator[Line]:
    """Yield ``lines`` with what Markdown's marks decide: kinds, heading levels, marks split off as debris."""
    at = _front_matter(lines)
    for line in lines[:at]:
        line.kind = BlockKind.DEBRIS
        yield line
    fence = ""
    in_table = False
    while at < len(lines):
        line = lines[at]
        at += 1
        mark = _FENCE.match(line.text)
        if mark and (not fence or line.text.startswith(fence)):
            fence, line.kind = ("" if fence else mark[1]), BlockKind.DEBRIS
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
    """Return how many lines are front matter: from a first ``---`` or ``+++`` to the line that closes it."""
    if not lines or lines[0].text.lstrip("\ufeff") not in {"---", "+++"}:
        return 0
    opening = lines[0].text.lstrip("\ufeff")
    for number, line in enumerate(lines[1:_FRONT_MATTER_LINES], 1):
        if line.text == opening or (opening == "---" and line.text == "..."):
            return number + 1
    return 0


def _mark_table(lines: Sequence[Line], at: int, *, in_table: bool) -> bool:
    """Mark a table's header, delimiter or row; return whether the next line may be a row of it."""
    line = lines[at]
    if in_table and not line.gap and "|" in line.text:
        line.kind = BlockKind.DEBRIS if _is_delimiter(line.text) else BlockKind.TABLE_ROW
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
        line.kind = BlockKind.DEBRIS
    elif below and not below.gap and line.gap and set(below.text) in ({"="}, {"-"}) and len(below.text) > 1:
        line.kind, line.level = BlockKind.HEADING, 1 if below.text[0] == "=" else 2
        below.kind = BlockKind.DEBRIS


def _split_heading(line: Line) -> Iterator[Line]:
    """Yield an ATX heading in three: its marks, its words, its closing marks; any other line as it is."""
    mark = _ATX.match(line.text) if line.kind is None else None
    if not mark:
        if line.kind is None and line.text.strip("#") == "":
            line.kind = BlockKind.DEBRIS
        yield line
        return
    closing = _CLOSING_MARKS.search(line.text, max(mark.end(), len(line.text) - 20))
    start, end = line.start + mark.end(), line.end - (len(line.text) - closing.start() if closing else 0)
    yield Line(line.start, line.start + len(mark[1]), mark[1], line.gap, line.indent, BlockKind.DEBRIS)
    words = line.text[mark.end() : closing.start() if closing else None].rstrip()
    if words:
        yield Line(start, start + len(words), words, gap=True, kind=BlockKind.HEADING, level=len(mark[1]))
    if closing:
        yield Line(end + 1, line.end, line.text[closing.start() + 1 :], gap=True, kind=BlockKind.DEBRIS)
