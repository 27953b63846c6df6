"""A draft's text as it is read: without markup, and with each paragraph on one line.

:func:`read_draft` returns a :class:`DraftText`, in which every character has its place in the draft. Markup is what
people write in Markdown, on Discord and in e-mail: emphasis, spoilers, links, tags, entities, block quotations.
"""

from __future__ import annotations

import bisect
import html
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from retrieval.articles import Span
from retrieval.structure.lines import ends_sentence
from retrieval.text.abbreviations import BEFORE_NAME
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.quotation_marks import Pair, pairs

_ENTITY = LazyPattern(r"&(?:amp;)?(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|[A-Za-z][A-Za-z\d]{1,30});")
_TAG = LazyPattern(r"<(?:!--[^<>]{0,2000}--|/?(?:[a-z][a-z\d]{0,15}|[A-Z][A-Z\d]{0,15})(?:\s[^<>]{0,1000})?/?)>")
_TARGET = (
    r"\(\s*(?=[^\s()]*[:/.#])<?[^\s()<>]{1,1000}(?:\([^\s()]{0,200}\)[^\s()<>]{0,200})?>?"
    r"(?:\s+(?:\"[^\"\n]{0,300}\"|'[^'\n]{0,300}'))?\s*\)"
)
_LINK = LazyPattern(rf"(?P<before>!?\[)(?P<words>[^\[\]]{{0,1000}})(?P<after>\]{_TARGET})")
_DEFINITION = LazyPattern(r"^ {0,3}\[[^\]\n]{1,200}\]:[ \t]*\S+(?:[ \t]+[\"'(][^\n]{0,300})?[ \t]*$", re.MULTILINE)
_FOOTNOTE = LazyPattern(r"\[\^[^\]\s]{1,50}\]:?")
_FENCE = LazyPattern(r"^[ \t]*(?:`{3,}|~{3,})[^\n`\"“”]{0,40}$", re.MULTILINE)
_EMPHASIS = LazyPattern(
    r"(?<![\s*])\*{1,3}(?!\*)|(?<!\*)\*{1,3}(?=[^\s*])|(?<!\w)_{1,3}(?=\S)|(?<=\S)_{1,3}(?!\w)|~~|\|\|"
)
_PRODUCT = LazyPattern(r"(?<=\d)\*(?=\d)")
_BACKTICK = LazyPattern(r"(?<!`)`(?!`)")
_ESCAPE = LazyPattern(r"\\([!-/:-@\[-`{-~“”‘’])")
_LINE = LazyPattern(r"[^\n]*\n?")
_QUOTED_LINE = LazyPattern(r"[ \t]{0,3}(?:>[ \t]?)+")
_STARTS_BLOCK = LazyPattern(r"#{1,6}\s|[-*+•]\s|\d{1,3}[.)]\s|\||(?:[-*_]\s*){3,}$|=+\s*$")
_SIGNATURE = LazyPattern(r"(?:—|–|―|--)\s*\S")
_LABEL = LazyPattern(r"(?:[^\W\d_a-z][\w.’'-]*+ ?){1,5}(?:\([^)\n]{1,30}\))?:(?:\s|$)|[QA][.:]\s")
_WORD = LazyPattern(r"[^\W\d_]+")
_WORD_END = LazyPattern(r"[^\W\d_]+\Z")
_WHOLE_WORD = LazyPattern(r"(?<![\w’'])(?<!-\n)[^\W\d_]+(?![\w’']|-\s)")
_MAX_WORD = 40  # characters
_MARKS = frozenset('"“”„‟«»＂')
_FURNITURE = LazyPattern(r"(?:page\s*)?[-–—]?\s*\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?\s*[-–—]?", re.IGNORECASE)

_MAX_LINES_QUOTED = 60
"""Lines over which a quotation that is not closed in its own line is looked for."""

_MAX_LINES_MARKED = 4
"""Lines with quotation marks among those: a closing mark would be in one of the first."""

_MAX_QUOTED = 3_000
"""Characters of such a quotation."""

_MIN_SENTENCE = 20
"""Characters of a line from which on it is a sentence that goes on, not a label or an item."""

_MIN_WIDTH = 30
"""Characters of the narrowest column: below it, lines are verses or items."""

_FULL = 0.85
"""The share of the column that a line and the next line's first word pass: below it, the paragraph ended there."""

_MIN_FULL = 0.5
"""The least share of lines that come so close to the longest: of paragraphs that are a line each, a fifth do."""

_MIN_LINES = 12
"""Lines by which the column that a text is wrapped at is known."""

_MAX_RUN_IN = 2  # paragraphs of page furniture between the halves of a quotation


@dataclass(frozen=True, slots=True)
class DraftText:
    """A draft as it is read.

    Attributes:
        source: The draft's characters.
        text: The text without markup; each paragraph on one line where its lines belong together.
        starts: For each character of the text, the first character of the source that it stands for.
        ends: For each, the position after the last.
        body: Where in the source the text begins, behind front matter.
    """

    source: str
    text: str
    starts: Sequence[int]
    ends: Sequence[int]
    body: int = 0

    def source_span(self, span: Span) -> Span:
        """Return the characters of the source that a span of the text stands for."""
        if len(span):
            return Span(self.starts[span.start], self.ends[span.end - 1])
        at = self.starts[span.start] if span.start < len(self.starts) else len(self.source)
        return Span(at, at)


@dataclass(frozen=True, slots=True)
class _Edit:
    """Characters that another text stands for."""

    start: int
    end: int
    text: str = ""


def read_draft(source: str, body: int = 0, furniture: Iterable[Span] = ()) -> DraftText:
    """Return a draft as it is read, in time linear in its length.

    Args:
        source: The draft's characters.
        body: Where its text begins, behind front matter, which is left out.
        furniture: Running heads and page numbers between the parts of a text in pages.
    """
    plain = _edited(_unread(source, body), _markup(source, body))
    joined = _edited(plain, _line_ends(plain.text))
    return _edited(joined, _paragraph_ends(joined.text, set(_located(joined, furniture))))


def without_markup(source: str) -> str:
    """Return a text as it is read, its lines and the marks of block quotations kept."""
    return _edited(_unread(source), _markup(source, 0)).text


def _unread(source: str, body: int = 0) -> DraftText:
    return DraftText(source, source, range(len(source)), range(1, len(source) + 1), body)


def _edited(read: DraftText, edits: Iterable[_Edit]) -> DraftText:
    """Return a draft with edits of its text, those that overlap an earlier one left out."""
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    for edit in sorted(edits, key=lambda one: (one.start, -one.end)):
        if edit.start < at or edit.start == edit.end:
            continue
        pieces += [read.text[at : edit.start], edit.text]
        starts += [*read.starts[at : edit.start], *[read.starts[edit.start]] * len(edit.text)]
        ends += [*read.ends[at : edit.start], *[read.ends[edit.end - 1]] * len(edit.text)]
        at = edit.end
    if not at:
        return read
    pieces.append(read.text[at:])
    starts += read.starts[at:]
    ends += read.ends[at:]
    return DraftText(read.source, "".join(pieces), starts, ends, read.body)


def _markup(text: str, body: int) -> Iterator[_Edit]:
    """Yield the markup of a text."""
    if body:
        yield _Edit(0, body)
    if "\r" in text:
        yield from (_Edit(*found.span(), "\n") for found in re.finditer(r"\r\n?", text))
    yield from (_Edit(*found.span()) for found in _FENCE.finditer(text))
    if "[" in text:
        yield from (_Edit(*found.span()) for found in _DEFINITION.finditer(text))
        yield from (_Edit(*found.span()) for found in _FOOTNOTE.finditer(text))
        for link in _LINK.finditer(text):
            yield _Edit(*link.span("before"))
            yield _Edit(*link.span("after"))
    if "<" in text:
        for tag in _TAG.finditer(text):
            yield _Edit(*tag.span(), " " if tag.group()[:3].lower() in {"<br", "<p>", "</p"} else "")
    if "&" in text:
        for entity in _ENTITY.finditer(text):
            plain = html.unescape(html.unescape(entity.group()))
            if plain != entity.group():
                yield _Edit(*entity.span(), plain)
    if "\\" in text:
        yield from (_Edit(*found.span(), found[1]) for found in _ESCAPE.finditer(text))
    products = {found.start() for found in _PRODUCT.finditer(text)}
    yield from (_Edit(*found.span()) for found in _EMPHASIS.finditer(text) if found.start() not in products)
    if "``" not in text:  # which opens a quotation in TeX
        yield from (_Edit(*found.span()) for found in _BACKTICK.finditer(text))


@dataclass(frozen=True, slots=True)
class _TextLine:
    """A line: where it begins, where its words do, where they end, and whether it is in a block quotation."""

    start: int
    first: int
    end: int
    is_quoted: bool

    @property
    def is_blank(self) -> bool:
        """Whether it has no words."""
        return self.first >= self.end


def _read_lines(text: str) -> list[_TextLine]:
    lines = []
    for found in _LINE.finditer(text):
        if not found.group():
            break
        start, end = found.span()
        prefix = _QUOTED_LINE.match(text, start, end)
        first = prefix.end() if prefix else start
        while end > first and text[end - 1].isspace():
            end -= 1
        while first < end and text[first].isspace():
            first += 1
        lines.append(_TextLine(start, first, end, prefix is not None))
    return lines


def _line_ends(text: str) -> Iterator[_Edit]:
    """Yield the line ends inside paragraphs, as spaces, and the marks of block quotations that go with them."""
    lines = _read_lines(text)
    column = _column(lines)
    at = 0
    while at < len(lines):
        last = at
        while last + 1 < len(lines) and lines[last + 1].is_quoted == lines[at].is_quoted:
            last += 1
        group = lines[at : last + 1]
        if lines[at].is_quoted:
            yield from _block_quotation(text, group)
        else:
            yield from _prose(text, group, column)
        at = last + 1


def _block_quotation(text: str, lines: Sequence[_TextLine]) -> Iterator[_Edit]:
    """Join the lines of a block quotation; with quotation marks in it, it is ordinary text."""
    is_marked = any(not _MARKS.isdisjoint(text[line.first : line.end]) for line in lines)
    for before, line in itertools.pairwise((None, *lines)):
        assert line is not None  # noqa: S101
        joins = before is not None and not before.is_blank and not line.is_blank and _may_follow(text, before, line)
        if joins and before is not None:
            yield _join(text, before, line)
        elif is_marked and line.first > line.start:
            yield _Edit(line.start, line.first)


def _prose(text: str, lines: Sequence[_TextLine], column: int) -> Iterator[_Edit]:
    """Join the lines of each paragraph of a text that is wrapped at a column, or, at 0, at none."""
    run: list[_TextLine] = []
    for line in (*lines, None):
        if line is not None and not line.is_blank:
            run.append(line)
            continue
        if len(run) > 1:
            yield from _paragraph_lines(text, run, column)
        run = []


def _paragraph_lines(text: str, run: Sequence[_TextLine], column: int) -> Iterator[_Edit]:
    """Join the lines without a blank one between that belong together."""
    width = column or _width(text, run)
    open_until = 0  # the end of the quotation that is open at the end of the line
    for at, (before, line) in enumerate(itertools.pairwise(run)):
        if open_until < line.first:
            open_until = _quoted_until(text, run[at : at + _MAX_LINES_QUOTED])
        in_quotation = open_until > line.first
        goes_on = (width and _is_full(text, before, line, width)) or _goes_on(text, before, line)
        if in_quotation or (goes_on and _may_follow(text, before, line)):
            yield _join(text, before, line)


def _join(text: str, before: _TextLine, line: _TextLine) -> _Edit:
    """Return the end of a line as a space, or as nothing in a word with a hyphen ("vice-" above "president").

    A word that the draft has without the hyphen loses it. Of others nobody knows: the line end is kept, for the
    comparison to try both.
    """
    if text[before.end - 1] not in "-‐" or not text[line.first].isalpha():
        return _Edit(before.end, line.first, " ")
    left = _WORD_END.search(text, max(before.first, before.end - _MAX_WORD), before.end - 1)
    right = _WORD.match(text, line.first, line.end)
    if left is None or right is None:
        return _Edit(before.end, line.first, " ")
    known = _vocabulary(text)
    halves = left.group().lower(), right.group().lower()
    if "".join(halves) in known:
        return _Edit(before.end - 1, line.first)
    return _Edit(before.end, line.first, "" if known.issuperset(halves) else "\n")


@lru_cache(maxsize=2)
def _vocabulary(text: str) -> frozenset[str]:
    """Return the words of a text in lower case; the halves of a word that a line end breaks are none."""
    return frozenset(found.group().lower() for found in _WHOLE_WORD.finditer(text))


def _may_follow(text: str, before: _TextLine, line: _TextLine) -> bool:
    """Return whether a line may be one of the paragraph above it: no heading, item, table or turn.

    A name behind a dash is one only under a closing mark: in a block quotation it stands on a line of its own.
    """
    if _SIGNATURE.match(text, line.first, line.end):
        return text[before.end - 1] in _MARKS
    return not (_STARTS_BLOCK.match(text, line.first, line.end) or _LABEL.match(text, line.first, line.end))


def _goes_on(text: str, before: _TextLine, line: _TextLine) -> bool:
    """Return whether a sentence goes on in the next line."""
    if before.end - before.first < _MIN_SENTENCE or text[before.first] in "#|":
        return False
    last = text[before.first : before.end].rsplit(maxsplit=1)[-1].lower()
    if last.endswith(".") and last[:-1] in BEFORE_NAME:  # "Mr."
        return True
    return not ends_sentence(text[before.first : before.end]) and (
        text[line.first].islower() or text[before.end - 1] in ",;–—"
    )


def _column(lines: Sequence[_TextLine]) -> int:
    """Return the column that a text is wrapped at, or 0: most lines that another one follows come close to it."""
    followed = [one.end - one.first for one, other in itertools.pairwise(lines) if not (one.is_blank or other.is_blank)]
    if len(followed) < _MIN_LINES:
        return 0
    width = max(followed)
    full = sum(length >= _FULL * width for length in followed)
    return width if width >= _MIN_WIDTH and full >= _MIN_FULL * len(followed) else 0


def _width(text: str, run: Sequence[_TextLine]) -> int:
    """Return the column that a run of lines is broken at, at every line but the last, or 0."""
    width = max(line.end - line.first for line in run)
    if width < _MIN_WIDTH or (len(run) < 3 and ends_sentence(text[run[0].first : run[0].end])):
        return 0
    return width if all(_is_full(text, before, line, width) for before, line in itertools.pairwise(run)) else 0


def _is_full(text: str, before: _TextLine, line: _TextLine, width: int) -> bool:
    """Return whether the first word of the next line would have passed the column."""
    word = len(text[line.first : line.end].split(maxsplit=1)[0])
    return before.end - before.first + 1 + word > _FULL * width


def _quoted_until(text: str, lines: Sequence[_TextLine]) -> int:
    """Return the end of the quotation that the first of some lines leaves open, or 0."""
    first = lines[0]
    if _MARKS.isdisjoint(text[first.first : first.end]):
        return 0
    found = pairs(text, Span(first.first, first.end))
    if not found or found[-1].closed:
        return 0
    begun = found[-1].span.start
    marked = (line for line in lines[1:] if not _MARKS.isdisjoint(text[line.first : line.end]))
    for line in itertools.islice(marked, _MAX_LINES_MARKED):
        over = _pair_at(text, begun, line.end)
        if over is None or over.closed:
            return over.span.end if over else 0
    return 0


def _pair_at(text: str, begun: int, end: int) -> Pair | None:
    """Return the pair that a mark begins, read up to ``end``; None when that is far, or another mark begins one."""
    if end - begun > _MAX_QUOTED:
        return None
    return next((one for one in pairs(text, Span(begun, end)) if one.span.start == begun), None)


def _located(read: DraftText, spans: Iterable[Span]) -> Iterator[Span]:
    """Yield spans of the source as spans of the text."""
    for span in spans:
        yield Span(bisect.bisect_left(read.starts, span.start), bisect.bisect_left(read.starts, span.end))


_PARAGRAPH = LazyPattern(r"\S[^\n]*(?:\n[^\S\n]*\S[^\n]*)*")


def _paragraph_ends(text: str, furniture: set[Span]) -> Iterator[_Edit]:
    """Yield the paragraph ends inside quotations whose next paragraph does not open them again, as spaces.

    So are those inside sentences: some write each line of a document as a paragraph.
    """
    paragraphs = [Span(*found.span()) for found in _PARAGRAPH.finditer(text)]
    lines = [_TextLine(one.start, one.start, one.end, is_quoted=text[one.start] == ">") for one in paragraphs]
    column = _column(lines)
    at = 0
    while at < len(paragraphs):
        here = paragraphs[at]
        at += 1
        if at < len(lines) and _is_broken(text, lines[at - 1], lines[at], column):
            yield _join(text, lines[at - 1], lines[at])
            continue
        if _MARKS.isdisjoint(here.of(text)):
            continue
        found = pairs(text, here)
        if not found or found[-1].closed:
            continue
        begun, before = found[-1].span.start, here.end
        for number in range(at, min(len(paragraphs), at + _MAX_RUN_IN + 1)):
            following = paragraphs[number]
            if following in furniture or _FURNITURE.fullmatch(following.of(text)):
                continue
            if _closes(text, begun, following):
                yield _Edit(before, following.start, " ")
                at = number
            break


def _is_broken(text: str, before: _TextLine, line: _TextLine, column: int) -> bool:
    """Return whether a sentence goes on in the next paragraph."""
    if (
        before.is_quoted
        or line.is_quoted
        or not _may_follow(text, before, line)
        or _STARTS_BLOCK.match(text, before.first)
    ):
        return False
    if before.end - before.first < 2 * _MIN_SENTENCE or ends_sentence(text[before.first : before.end]):
        return False
    return text[line.first].islower() or (column > 0 and _is_full(text, before, line, column))


def _closes(text: str, begun: int, following: Span) -> bool:
    """Return whether a paragraph closes the quotation that was left open at ``begun``."""
    over = None if text[following.start] in _MARKS else _pair_at(text, begun, following.end)
    if over is None or not over.closed or over.span.end <= following.start:
        return False
    own = pairs(text, following)
    return not own or own[0].span.start >= over.span.end - 1
