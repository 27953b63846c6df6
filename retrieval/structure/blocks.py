"""Blocks: title, headings, paragraphs, lists, tables and boilerplate of a text, by layout and wording.

``structure`` returns them in order, each with the headings above it. Lines are grouped into block drafts first; titles,
headings and context follow from the drafts around them. The text is unchanged. A block's span leaves out surrounding
white space; list markers, quotation markers and the outer bars of a table row belong to the block but not to its
``content``, the part that may be quoted.
"""

from __future__ import annotations

import bisect
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from retrieval.articles import CITABLE, Block, BlockKind, Span
from retrieval.structure.boilerplate import byline, is_about_the_writer, is_boilerplate, is_date
from retrieval.structure.lines import INVISIBLE, Line, ends_sentence, read_lines
from retrieval.structure.markup import mark_markdown, split_markup
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import ARTICLES, POSSESSIVE_DETERMINERS
from retrieval.text.sentences import sentences

_FUNCTION_WORDS = (
    ARTICLES
    | POSSESSIVE_DETERMINERS
    | frozenset(
        """and as at but by for from in into is nor of off on onto or over per to up v via vs vs. with that than
    &""".split()  # noqa: SIM905 (readable as prose)
    )
)
_BULLET = LazyPattern(r"[•‣◦▪●■∙⁃·]\s*(?=\S)")
_DASH = LazyPattern(r"[-*+–]\s+(?=\S)")
_NUMBER = LazyPattern(r"(?:\d{1,3}|[a-zA-Z]|[ivx]{1,4})[.)]\s+(?=\S)|\(\d{1,2}\)\s+(?=\S)")
_QUOTE = LazyPattern(r"(?:>\s{0,3})+(?=\S)")
_TASK = LazyPattern(r"\[[ xX]\]\s+(?=\S)")
_COLUMNS = LazyPattern(r"\t+|\s{3,}")
_OPEN_END = ",-–—(“‘"
_CLOSED_WORD = LazyPattern(r"[^\W\d_]")

_FORMULA_END = LazyPattern(r"(?:^|[\s(])(?:[A-Z][a-z]?){1,4}$")
_SUBSCRIPT = LazyPattern(r"\d{1,2}(?:$|\s+[a-z(,;–-]|\s+[A-Z][a-z]?(?:\W|$)|[,;)]|[.:](?:$|\s))")
_SUBSCRIPT_ALONE = LazyPattern(r"[2-9]")
_AFTER_SUBSCRIPT = LazyPattern(r"[a-z(,;.]|[A-Z](?:\W|$)")

MAX_LEAD_CHARACTERS = 80
"""Characters of the lead that replace a missing title."""

_EMPHASIS = "*_ " + INVISIBLE
_ATTRIBUTED = LazyPattern(r"[^,]{3,40}, (?:The |the )?[^,]{3,40}")
_SPACE = LazyPattern(r"\s+")
_QUESTION_WORDS = 9  # a longer question in a line of its own is more often text than a heading


@dataclass(frozen=True, slots=True)
class Structure:
    """The blocks of a text, with its title and author.

    Attributes:
        title: For display: as given; else the title found in the text; else its first sentence, cut at a word after
            ``MAX_LEAD_CHARACTERS`` characters with an ellipsis; empty when the text has no content.
        author: The names of a "By …" line near the top, or empty.
        blocks: In order, disjoint; together they cover every character that is not white space.
    """

    title: str
    author: str
    blocks: tuple[Block, ...]


def structure(
    text: str,
    *,
    markdown: bool = False,
    wrapped: bool = False,
    pages: Sequence[tuple[int, int]] = (),
    title: str = "",
) -> Structure:
    """Return the blocks of ``text``.

    Args:
        text: The article's text.
        markdown: Interpret Markdown, and join the lines of a paragraph.
        wrapped: Whether a paragraph is lines up to a blank one; else that is found by their width.
        pages: Offset and page number of each change of page, in order, where the format has pages.
        title: The title in the metadata. A line equal to it becomes the title block; no other title is looked for.
    """
    lines = list(split_markup(read_lines(text)))
    if markdown:
        lines = list(mark_markdown(lines))
    author = _mark_boilerplate(lines)
    drafts = list(group(lines, markdown=markdown, wrapped=wrapped))
    _mark_title(drafts, title)
    _mark_headings(drafts, markdown=markdown)
    _mark_writer(drafts)
    blocks = _with_context(text, drafts, pages)
    return Structure(title.strip() or _display_title(text, blocks), author, blocks)


def content(text: str, block: Block) -> Span:
    """Return the part of ``block`` that may be quoted: without list marker, quotation marker or outer bars."""
    start = content_start(block.kind, text, start=block.span.start, end=block.span.end)
    end = block.span.end
    strip = INVISIBLE + " \t" + ("|" if block.kind in {BlockKind.TABLE_ROW, BlockKind.TABLE_HEADER} else "")
    while end > start + 1 and text[end - 1] in strip:
        end -= 1
    return Span(start, end)


@dataclass(slots=True)
class BlockDraft:
    """A block before its context is known: its kind, its characters, and its first and last line."""

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
        """Whether its last line ends in a full stop, question mark or exclamation mark."""
        return ends_sentence(self.last)


def list_marker(text: str, *, dashes: bool) -> int:
    """Return the length of the initial list marker of ``text``, or 0; with ``dashes``, dashes and numbers count."""
    found = _BULLET.match(text) or ((_DASH.match(text) or _NUMBER.match(text)) if dashes else None)
    if not found:
        return 0
    task = _TASK.match(text, found.end())
    return task.end() if task else found.end()


def content_start(kind: BlockKind, text: str, *, start: int, end: int) -> int:
    """Return where the content of a block begins: after its list marker, quotation marker or table bar."""
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


def group(lines: Sequence[Line], *, markdown: bool, wrapped: bool = False) -> Iterator[BlockDraft]:
    """Yield the block drafts of ``lines``, in order, in linear time."""
    width = 0 if wrapped else _wrap_width(lines)
    at = 0
    while at < len(lines):
        stop = at + 1
        if lines[at].kind is None:
            while stop < len(lines) and lines[stop].kind is None and not lines[stop].gap:
                stop += 1
            dashed = _neighbours_dashed(lines, at, stop)
            yield from _chunk(lines[at:stop], dashed, width, markdown=markdown, wrapped=wrapped)
        else:
            yield _draft(lines[at : at + 1], lines[at].kind or BlockKind.PARAGRAPH)
        at = stop


def _neighbours_dashed(lines: Sequence[Line], at: int, stop: int) -> bool:
    """Return whether dashes and numbers are list markers here: the chunk or its neighbour has another such line."""
    near = [line for line in lines[max(0, at - 1) : min(len(lines), stop + 1, at + 50)] if line.kind is None]
    if at and ends_lead_in(lines[at - 1].text):
        return True
    return sum(1 for line in near if list_marker(line.text[:60], dashes=True)) > 1


def ends_lead_in(text: str) -> bool:
    """Return whether ``text`` introduces what follows it: it ends in a colon."""
    return text.rstrip(INVISIBLE + "*_ ").endswith(":")


def _chunk(lines: Sequence[Line], dashes: bool, width: int, *, markdown: bool, wrapped: bool) -> Iterator[BlockDraft]:
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
        stop = len(lines) if wrapped and "\t" not in lines[at].text else at + 1
        while (
            not wrapped
            and stop < len(lines)
            and _continues(
                lines[stop - 1],
                lines[stop],
                width,
                markdown=markdown,
                item=lines[at] if marker else None,
                dashes=dashes,
            )
        ):
            stop += 1
        yield _draft(lines[at:stop], BlockKind.LIST_ITEM if marker else BlockKind.PARAGRAPH)
        at = stop


def _draft(lines: Sequence[Line], kind: BlockKind) -> BlockDraft:
    first, last = lines[0], lines[-1]
    return BlockDraft(
        kind, first.start, last.end, first.text, last.text, first.gap, len(lines), first.level, first.cell
    )


def _continues(above: Line, line: Line, width: int, *, markdown: bool, item: Line | None, dashes: bool) -> bool:
    """Return whether ``line`` continues the block of ``above``."""
    formula = _is_subscript(above.text, line.text)
    if formula or list_marker(line.text[:60], dashes=dashes):
        return formula
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


def _is_subscript(above: str, line: str) -> bool:
    """Return whether a line break parts a formula: "CO" and "2 into the air", or "2" and "O"."""
    if _FORMULA_END.search(above[-20:]):
        return bool(_SUBSCRIPT.match(line))
    return bool(_SUBSCRIPT_ALONE.fullmatch(above)) and bool(_AFTER_SUBSCRIPT.match(line))


def _wrap_width(lines: Sequence[Line]) -> int:
    """Return the width at which the text is hard-wrapped, in characters, or 0 when it is not.

    Wrapped means that at least a third of the lines with a line below end in the middle of a sentence. Of 2,000 news
    articles stored one paragraph per line, none does.
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
    """Return whether all lines from ``at`` are a table whose cells were joined, its header first.

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


@lru_cache(maxsize=1_000)
def is_title_case(text: str) -> bool:
    """Return whether every word but function words begins with a capital or a digit."""
    words = [word.strip("\"'“”‘’()[],:;*_") for word in text.split()]
    lower = [word for word in words if word[:1].islower() and word.lower() not in _FUNCTION_WORDS]
    return not lower and any(_CLOSED_WORD.search(word) for word in words)


def _mark_boilerplate(lines: Sequence[Line]) -> str:
    """Mark lines that are boilerplate as a whole; return the author in a byline near the top."""
    author = ""
    for number, line in enumerate(lines):
        if line.kind is not None:
            continue
        if is_boilerplate(line.text):
            line.kind = BlockKind.BOILERPLATE
        elif number < 15 and (byline(line.text) or is_date(line.text)):
            line.kind = BlockKind.BOILERPLATE
            author = author or byline(line.text)
    return author


def _content_drafts(drafts: Sequence[BlockDraft]) -> list[BlockDraft]:
    return [draft for draft in drafts if draft.kind is not BlockKind.BOILERPLATE]


def _mark_title(drafts: Sequence[BlockDraft], title: str) -> None:
    found = _content_drafts(drafts)
    if title:
        wanted = _folded(title)
        for draft in found[:8]:
            if draft.lines == 1 and _folded(draft.text.strip(_EMPHASIS)) == wanted:
                draft.kind = BlockKind.TITLE
                return
        return
    if len(found) < 2:
        return
    first, second = found[:2]
    is_first_heading = first.kind is BlockKind.HEADING and first.level == 1
    looks_so = first.kind is BlockKind.PARAGRAPH and first.lines == 1 and _could_be_title(first.text)
    if is_first_heading or (looks_so and second.kind in CITABLE | {BlockKind.HEADING}):
        first.kind = BlockKind.TITLE


def _could_be_title(line: str) -> bool:
    bare = line.strip(_EMPHASIS)
    if not bare or len(bare) > 200 or len(bare.split()) > 25 or bare[-1] in ".;:,…" or bare[0].islower():
        return False
    return any(char.isalpha() for char in bare) and bare[0] not in "([-–—"


def _mark_headings(drafts: Sequence[BlockDraft], *, markdown: bool) -> None:
    """Mark short lines without a full stop that precede text as headings."""
    found = _content_drafts(drafts)
    at = 0
    while at < len(found):
        stop = at
        while stop < len(found) and _could_be_heading(found, stop, markdown=markdown):
            stop += 1
        # One to three such lines are headings of what follows; more are a list of names or links, as are three without
        # a blank line between them; the last lines are no headings.
        most = 3 if all(draft.gap for draft in found[at + 1 : stop]) else 2
        if at < stop < len(found) and stop - at <= most and _is_body(found[stop]):
            for draft in found[at:stop]:
                draft.kind = BlockKind.HEADING
        at = max(stop, at + 1)


def _could_be_heading(found: Sequence[BlockDraft], at: int, *, markdown: bool) -> bool:
    draft = found[at]
    if draft.kind is not BlockKind.PARAGRAPH or draft.lines > 1 or len(draft.text) > 160:
        return False
    is_bold = draft.text.startswith(("**", "__")) and draft.text.endswith(("**", "__"))
    if (markdown and not is_bold) or not _reads_as_heading(draft.text.strip(_EMPHASIS)):
        return False
    before = found[at - 1] if at else None
    return not (before and before.kind is BlockKind.PARAGRAPH and _answers_to(before.last, draft.text))


def _reads_as_heading(line: str) -> bool:
    words = line.split()
    if not words or line[0].islower() or line[0] in "([-–—@#$>" or not any(char.isalpha() for char in line):
        return False
    if line[-1] == "?":
        return len(words) <= _QUESTION_WORDS and line[0] not in "\"“‘'"
    if ends_sentence(line) or line[-1] in ".;:,!…":
        return False
    return len(words) <= (20 if is_title_case(line) else 12)


def _answers_to(before: str, line: str) -> bool:
    """Return whether ``line`` belongs to the paragraph before: introduced by a colon, or a name below a quotation."""
    is_name = bool(_ATTRIBUTED.fullmatch(line)) and is_title_case(line)
    return before[-1] in ":," or (before[-1] in "\"”’'" and is_name)


def _is_body(draft: BlockDraft) -> bool:
    return draft.kind in CITABLE | {BlockKind.TABLE_HEADER, BlockKind.HEADING}


def _mark_writer(drafts: Sequence[BlockDraft]) -> None:
    """Mark a closing line that describes the writer, where only boilerplate follows."""
    found = _content_drafts(drafts)
    if len(found) > 2 and found[-1].lines == 1 and is_about_the_writer(found[-1].text):
        found[-1].kind = BlockKind.BOILERPLATE


def _with_context(text: str, drafts: Sequence[BlockDraft], pages: Sequence[tuple[int, int]]) -> tuple[Block, ...]:
    """Return the blocks of ``drafts`` with the headings, lead-in and table header above them as context."""
    page_starts = [start for start, _ in pages]
    above = _ContextTracker(text)
    blocks: list[Block] = []
    for draft in drafts:
        span = Span(draft.start, draft.end)
        if (
            draft.kind is BlockKind.BOILERPLATE
            and blocks
            and blocks[-1].kind is BlockKind.BOILERPLATE
            and not draft.gap
        ):
            blocks[-1] = replace(blocks[-1], span=Span(blocks[-1].span.start, span.end))
            continue
        index = bisect.bisect_right(page_starts, draft.start) - 1
        page = pages[max(index, 0)][1] if pages else None
        blocks.append(Block(draft.kind, span, above.context(draft, span), page))
    return tuple(blocks)


class _ContextTracker:
    """Tracks the headings, lead-in and table header above the current block."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._headings: list[tuple[int, Span]] = []
        self._before: BlockKind | None = None
        self._lead_in: tuple[Span, ...] = ()
        self._header: tuple[Span, ...] = ()
        self._columns: dict[tuple[int, int], Span] = {}
        self._labels: dict[tuple[int, int], Span] = {}

    def context(self, draft: BlockDraft, span: Span) -> tuple[Span, ...]:
        """Return the context of the next block, and update the state with the block."""
        kind = draft.kind
        if kind in {BlockKind.BOILERPLATE, BlockKind.TITLE}:
            return ()
        if kind is BlockKind.HEADING:
            self._open_heading(draft, span)
            self._before = kind
            return tuple(heading for _, heading in self._headings[:-1])
        headings = tuple(heading for _, heading in self._headings)
        if kind is BlockKind.PARAGRAPH:
            self._lead_in = self._announcement(draft, span)
            self._header, self._before = (), kind
            return headings
        if kind is not BlockKind.LIST_ITEM and self._before is BlockKind.LIST_ITEM:
            self._lead_in = ()  # the lead-in of a list does not introduce a table after it
        above = (*headings, *self._lead_in)
        if kind is BlockKind.TABLE_HEADER and draft.cell is None:
            self._header = (self._content(kind, span),)
        elif draft.cell is not None:
            above = (*above, *self._cell(draft.cell, kind, span))
        elif kind is BlockKind.TABLE_ROW:
            above = (*above, *self._header)
        self._before = kind
        return above

    def _open_heading(self, draft: BlockDraft, span: Span) -> None:
        if draft.level:
            self._headings = [kept for kept in self._headings if kept[0] and kept[0] < draft.level]
        elif self._before is not BlockKind.HEADING:
            self._headings = [kept for kept in self._headings if kept[0]]
        self._headings = self._headings[-5:]
        self._headings.append((draft.level, span))
        self._lead_in = self._header = ()

    def _announcement(self, draft: BlockDraft, span: Span) -> tuple[Span, ...]:
        if not ends_lead_in(draft.last):
            return ()
        return tuple(sentences(self._text, Span(max(span.start, span.end - 2_000), span.end))[-1:])

    def _cell(self, place: tuple[int, int, int], kind: BlockKind, span: Span) -> tuple[Span, ...]:
        table, row, column = place
        if kind is BlockKind.TABLE_HEADER:
            self._columns[table, column] = span
            return ()
        if column == 0:
            self._labels.setdefault((table, row), span)
        label = self._labels.get((table, row))
        return tuple(
            found for found in (label if column else None, self._columns.get((table, column))) if found is not None
        )

    def _content(self, kind: BlockKind, span: Span) -> Span:
        return content(self._text, Block(kind, span))


def _display_title(text: str, blocks: Sequence[Block]) -> str:
    for block in blocks:
        if block.kind is BlockKind.TITLE:
            return _SPACE.sub(" ", block.span.of(text).strip(_EMPHASIS))
    chosen = next((block for block in blocks if block.kind in CITABLE), None) or next(
        (block for block in blocks if block.kind is not BlockKind.BOILERPLATE), None
    )
    if chosen is None:
        return ""
    span = content(text, chosen)
    lead = sentences(text, Span(span.start, min(span.end, span.start + 2_000)))
    return _shortened(_SPACE.sub(" ", lead[0].of(text)).strip(_EMPHASIS)) if lead else ""


def _shortened(line: str) -> str:
    if len(line) <= MAX_LEAD_CHARACTERS:
        return line
    kept = line[: MAX_LEAD_CHARACTERS + 1].rsplit(" ", 1)[0][:MAX_LEAD_CHARACTERS]
    return kept.rstrip(" ,;:-–—") + "…"


def _folded(line: str) -> str:
    return re.sub(r"\W+", " ", line[:1_000]).strip().casefold()
