"""Lines grouped into drafts of blocks: list items, rows of a flattened table, paragraphs that were broken up."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from retrieval.articles import BlockKind
from retrieval.lines import INVISIBLE, Line, ends_sentence

_FUNCTION_WORDS = frozenset(
    """a an and as at but by for from in into is nor of off on onto or over per the to up v via vs vs. with that than
    its his her their our your &""".split()  # noqa: SIM905 (readable as prose)
)
_BULLET = re.compile(r"[•‣◦▪●■∙⁃·]\s*(?=\S)")
_DASH = re.compile(r"[-*+–]\s+(?=\S)")
_NUMBER = re.compile(r"(?:\d{1,3}|[a-zA-Z]|[ivx]{1,4})[.)]\s+(?=\S)|\(\d{1,2}\)\s+(?=\S)")
_QUOTE = re.compile(r"(?:>\s{0,3})+(?=\S)")
_TASK = re.compile(r"\[[ xX]\]\s+(?=\S)")
_COLUMNS = re.compile(r"\t+|\s{3,}")
_OPEN_END = ",-–—(“‘"
_CLOSED_WORD = re.compile(r"[^\W\d_]")


@dataclass(slots=True)
class Draft:
    """A block before its context is known: its role, place, and what its lines said."""

    kind: BlockKind
    start: int
    end: int
    text: str  # its first line
    last: str  # its last line
    gap: bool
    lines: int = 1
    level: int = 0
    cell: tuple[int, int, int] | None = None

    @property
    def ends_sentence(self) -> bool:
        """Whether its last line ends in a full stop, question or exclamation mark."""
        return ends_sentence(self.last)


def list_marker(text: str, *, dashes: bool) -> int:
    """Return the length of the list marker that ``text`` begins with, or 0; dashes and numbers only when told so."""
    found = _BULLET.match(text) or ((_DASH.match(text) or _NUMBER.match(text)) if dashes else None)
    if not found:
        return 0
    task = _TASK.match(text, found.end())
    return task.end() if task else found.end()


def content_start(kind: BlockKind, text: str, *, start: int, end: int) -> int:
    """Return where the words of a block begin: after its list marker, quotation marker or table bar."""
    head = text[start : min(end, start + 60)]
    skipped = len(head) - len(head.lstrip(INVISIBLE))
    quote = _QUOTE.match(head, skipped)
    if quote and kind in {BlockKind.PARAGRAPH, BlockKind.LIST_ITEM}:
        skipped = quote.end()
    if kind is BlockKind.LIST_ITEM:
        skipped += list_marker(head[skipped:], dashes=True)
    if kind in {BlockKind.TABLE_ROW, BlockKind.TABLE_HEADER}:
        skipped += len(head) - len(head.lstrip("| \t")) if not skipped else 0
    return start + skipped if skipped < end - start else start


def group(lines: Sequence[Line], *, markdown: bool) -> Iterator[Draft]:
    """Yield the drafts of ``lines``, in order; time is linear in the lines."""
    width = _wrap_width(lines)
    at = 0
    while at < len(lines):
        stop = at + 1
        if lines[at].kind is None:
            while stop < len(lines) and lines[stop].kind is None and not lines[stop].gap:
                stop += 1
            yield from _chunk(lines[at:stop], _neighbours_dashed(lines, at, stop), width, markdown=markdown)
        else:
            yield _draft(lines[at : at + 1], lines[at].kind or BlockKind.PARAGRAPH)
        at = stop


def _neighbours_dashed(lines: Sequence[Line], at: int, stop: int) -> bool:
    """Tell whether dashes and numbers are list markers here: the chunk or the one beside it has another such line."""
    near = [line for line in lines[max(0, at - 1) : min(len(lines), stop + 1, at + 50)] if line.kind is None]
    if at and ends_lead_in(lines[at - 1].text):
        return True
    return sum(1 for line in near if list_marker(line.text[:60], dashes=True)) > 1


def ends_lead_in(text: str) -> bool:
    """Tell whether ``text`` announces what follows it: it ends in a colon."""
    return text.rstrip(INVISIBLE + "*_ ").endswith(":")


def _chunk(lines: Sequence[Line], dashes: bool, width: int, *, markdown: bool) -> Iterator[Draft]:
    """Yield the drafts of consecutive lines with no blank line between them."""
    dashes = dashes or markdown
    at = 0
    while at < len(lines):
        if not markdown and not width and _is_flat_table(lines, at):
            yield _draft(lines[at : at + 1], BlockKind.TABLE_HEADER)
            for row in range(at + 1, len(lines)):
                yield _draft(lines[row : row + 1], BlockKind.TABLE_ROW)
            return
        marker = list_marker(lines[at].text[:60], dashes=dashes)
        stop = at + 1
        while stop < len(lines) and _continues(
            lines[stop - 1], lines[stop], width, markdown=markdown, item=lines[at] if marker else None, dashes=dashes
        ):
            stop += 1
        yield _draft(lines[at:stop], BlockKind.LIST_ITEM if marker else BlockKind.PARAGRAPH)
        at = stop


def _draft(lines: Sequence[Line], kind: BlockKind) -> Draft:
    first, last = lines[0], lines[-1]
    return Draft(kind, first.start, last.end, first.text, last.text, first.gap, len(lines), first.level, first.cell)


def _continues(above: Line, line: Line, width: int, *, markdown: bool, item: Line | None, dashes: bool) -> bool:
    """Tell whether ``line`` goes on with the block that ``above`` belongs to."""
    if list_marker(line.text[:60], dashes=dashes):
        return False
    if markdown:
        return bool(_QUOTE.match(line.text)) <= bool(_QUOTE.match(above.text)) or above.text.startswith(">")
    if item and line.indent > item.indent and not above.ends_sentence:
        return True
    if above.ends_sentence:
        first_word = len(line.text[:100].split(None, 1)[0])
        is_full = len(above.text) + 1 + first_word > 0.85 * width
        return width > 0 and is_full and line.indent <= above.indent + 1
    if line.text[0].islower() or above.text[-1] in _OPEN_END:
        return not ends_lead_in(above.text)
    return width > 0 and len(above.text) >= 0.6 * width


def _wrap_width(lines: Sequence[Line]) -> int:
    """Return the width that the text is wrapped at, in characters, or 0 when its lines are not wrapped.

    Wrapped means that at least a third of the lines with a neighbour below break in the middle of a sentence. In 2,000
    news articles stored a paragraph a line, none does.
    """
    pairs = [
        (len(above.text), not above.ends_sentence and line.text[:1].islower())
        for above, line in itertools.pairwise(lines)
        if not line.gap and above.kind is None and line.kind is None
    ]
    if not pairs or sum(middle for _, middle in pairs) * 3 < len(pairs):
        return 0
    width = sorted(length for length, _ in pairs)[int(len(pairs) * 0.9)]
    return width if 30 <= width <= 140 else 0


def _is_flat_table(lines: Sequence[Line], at: int) -> bool:
    """Tell whether all lines from ``at`` are a table whose cells were run together, its header first.

    Three lines or more, none a sentence, the header in title case, some row not; or all in the same columns, set by
    tabs or runs of spaces.
    """
    if not 3 <= len(lines) - at <= 500:
        return False
    rows = lines[at:]
    columns = {len(_COLUMNS.split(line.text[:1000])) for line in rows}
    if len(columns) == 1 and columns.pop() > 1:
        return not any(line.text[:1].islower() for line in rows[:1])
    if any(
        len(line.text) > 160 or line.ends_sentence or line.text[-1] in ",;:" or not _row_begins(line.text)
        for line in rows
    ):
        return False
    header, *body = (line.text for line in rows)
    if len(header.split()) < 2 or not is_title_case(header) or any(char.isdigit() for char in header):
        return False
    return sum(1 for row in body if not is_title_case(row) or any(char.isdigit() for char in row)) * 2 >= len(body)


def _row_begins(text: str) -> bool:
    return text[0].isupper() or text[0].isdigit()


def is_title_case(text: str) -> bool:
    """Tell whether every word but function words begins with a capital or a digit."""
    words = [word.strip("\"'“”‘’()[],:;*_") for word in text.split()]
    lower = [word for word in words if word[:1].islower() and word.lower() not in _FUNCTION_WORDS]
    return not lower and any(_CLOSED_WORD.search(word) for word in words)
