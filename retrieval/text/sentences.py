"""Sentence splitting: the spans of the sentences of a text.

The boundaries come from nupunkt (Punkt with a trained abbreviation list, 5 to 20 MB/s). In 88,000 sentences of 2,000
news articles it makes a few kinds of errors that matter to citations, and rules correct just those: 670 ordinary words
taken for abbreviations ("it would win. Then"), quotations split from their "Trump said", titles split from their names,
full stops with no space after them, blank lines without a full stop, and runs of thousands of characters.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from functools import cache
from types import ModuleType

from retrieval.articles import Span
from retrieval.text.abbreviations import BEFORE_NAME, BEFORE_NUMBER, NEVER_WORDS
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import STOP_WORDS, SUBJECT_PRONOUNS
from retrieval.text.roles import ROLES

MAX_SENTENCE = 1_000
"""Characters; a longer run is cut, at a clause where there is one. In news articles what is longer than 700 is lists
and the text of graphics, never prose."""

_MAX_WINDOW = 4_000
_MAX_WORD = 400
"""Characters given to nupunkt at once, and its longest run without white space: it is quadratic in '."."."."'."""

_CLOSERS = "\"'”’»)]}"
_OPENERS = "\"'“‘«([{"

_SAYING = (
    "said|says|say|asked|asks|wrote|writes|added|adds|told|tells|tweeted|replied|cried|shouted|exclaimed|continued|"
    "declared|explained|insisted|argued|noted|joked|concluded|recalled|responded|answered|chanted|yelled|warned|"
    "demanded|wondered|quipped|remarked|reads|read|thundered|mused|stated|announced|testified|implored|urged"
)
_PRONOUN = "|".join(sorted(word.title() for word in SUBJECT_PRONOUNS - {"i"}))
_ATTRIBUTION = LazyPattern(rf"(?!(?:{_PRONOUN})\b)(?:[^\W\d_][\w.'’-]{{0,30}}\s+){{1,5}}(?:{_SAYING})\b(?!\s+[\"“])")
_LAST_WORD = LazyPattern(r"([^\W\d_]+)\.$")
_INITIALS = LazyPattern(r"(?<![\w.])(?:[A-Z]\.){2,4}$")
_CAPITALISED = LazyPattern(r"[A-Z][a-z]+")
_PLAIN_END = LazyPattern(r"(?<![\w.'’-])([a-z]{2,30})[.?!][\"”’)\]]{0,3}\s+(?=[\"“‘(\[]?[A-Z])")
_SHORT_WORDS = frozenset(word for word in STOP_WORDS if len(word) == 2) | {"go", "hi", "oh", "ok"}
_GLUED = LazyPattern(r"(?<=[^\W\d_][a-z])[.?!]([\"”’)]?)(?=[\"“‘(]?[A-Z](?:[a-z]|[ ’'](?=[a-z])))")
_DOTTED_WORD = LazyPattern(r"[\w@/:-]*$")
_AFTER_GLUE = LazyPattern(r"[\"“‘(]?(?:(?:Com|Org|Net|Gov|Edu|Js|Media|Tv)\b|[A-Z][\w’'-]{0,40}[.@/][a-z])")
_BLANK_LINE = LazyPattern(r"(?>\r\n|[\n\r\u2028])(?:[^\S\n\r\u2028\u2029\f]*(?>\r\n|[\n\r\u2028]))+|[\u2029\f]")
_CLAUSE = LazyPattern(r"[;:,—–][\"”’)]?\s")


def sentences(text: str, span: Span) -> list[Span]:
    """Return the sentences of ``text`` inside ``span``, in order.

    Args:
        text: The whole text; only ``span`` of it is read.
        span: Usually one block. A blank line in it ends a sentence; a single line break does not.

    Returns:
        Non-empty, disjoint spans of at most ``MAX_SENTENCE`` characters, trimmed of white space, that cover every
        character of ``span`` which is not white space. Brackets and quotation marks stay with their sentence.
    """
    found: list[Span] = []
    for start, end in _stretches(text, span):
        starts = _starts(text[start:end])
        for left, right in itertools.pairwise([*starts, end - start]):
            found.extend(_bounded(text, start + left, start + right))
    return found


def nupunkt_version() -> str:
    """Return the version of nupunkt, whose boundaries these are."""
    return str(_nupunkt().__version__)


@cache
def _nupunkt() -> ModuleType:
    import nupunkt  # noqa: PLC0415 (late: 20 ms, and who looks a quotation up needs none)

    return nupunkt


def _stretches(text: str, span: Span) -> Iterator[tuple[int, int]]:
    """Yield the runs between blank lines, cut to windows so that nupunkt's time stays linear."""
    at = span.start
    for gap in itertools.chain(_BLANK_LINE.finditer(text, span.start, span.end), [None]):
        end = gap.start() if gap else span.end
        yield from _windows(text, at, end)
        at = gap.end() if gap else end


def _windows(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > _MAX_WINDOW:
        piece = text[start : start + _MAX_WINDOW]
        starts = _starts(piece)
        # The last sentence may continue after the window: the next window begins with it.
        cut = starts[-1] if starts[-1] >= _MAX_WINDOW // 2 else _cut(piece, _MAX_WINDOW)
        yield start, start + cut
        start += cut
    if start < end:
        yield start, end


def _starts(piece: str) -> list[int]:
    """Return the offset of each sentence of ``piece``; the first is 0."""
    raw = {0}
    if max(map(len, piece.split()), default=0) <= _MAX_WORD:
        raw.update(start for start, _ in _nupunkt().sent_spans(piece))
    raw.update(found.end() for found in _PLAIN_END.finditer(piece) if _is_plain_word(found[1]))
    raw.update(found.end() for found in _GLUED.finditer(piece) if _is_glued(piece, found))
    kept = [0]
    for start in sorted(raw):
        begin = _past_closers(piece, start)
        if begin > kept[-1] and begin < len(piece) and not _belongs_together(piece, kept[-1], begin):
            kept.append(begin)
    return kept


def _is_plain_word(word: str) -> bool:
    """Return whether a word is no abbreviation: nupunkt takes "month" and "win" for some."""
    return word in _SHORT_WORDS or (len(word) > 2 and word not in NEVER_WORDS)


def _is_glued(piece: str, found: re.Match[str]) -> bool:
    """Return whether a full stop without a space ends a sentence: in "at work.She left", not in "Amazon.Com"."""
    before = _DOTTED_WORD.search(piece, max(0, found.start() - 40), found.start())
    word = before.group() if before else ""
    if any(mark in word for mark in "@/:") or piece[found.start() - len(word) - 1 : found.start() - len(word)] == ".":
        return False
    return not _AFTER_GLUE.match(piece, found.end())


def _past_closers(piece: str, start: int) -> int:
    """Return a boundary before a closing mark moved to after it: the mark belongs to the sentence it closes."""
    at = start
    while at < len(piece) and piece[at] in "”’»)]}":
        at += 1
    if at == start:
        return start
    if at < len(piece) and not piece[at].isspace():
        return start  # "’Twas": an opening word, not a closing mark
    while at < len(piece) and piece[at].isspace():
        at += 1
    return at


def _belongs_together(piece: str, start: int, at: int) -> bool:
    """Return whether ``at`` is no boundary in the sentence that begins at ``start``."""
    left = piece[max(start, at - 60) : at].rstrip()
    right = piece[at : at + 200]
    if not left or not left.strip(_OPENERS + "•*-–— "):
        return True
    if right[0].islower():
        return True
    if left[-1] in _CLOSERS and _is_attributed(left.rstrip(_CLOSERS)[-1:], right):
        return True
    word = _LAST_WORD.search(left)
    if _INITIALS.search(left) and (office := _CAPITALISED.match(right)) and office.group().lower() in ROLES:
        return True  # "U.N. Ambassador Rice"
    if not word:
        return False
    last = word[1].lower()
    return (last in BEFORE_NAME and right[0].isalpha()) or (last in BEFORE_NUMBER and right[0].isdigit())


def _is_attributed(mark: str, right: str) -> bool:
    """Return whether ``right`` attributes the quotation that ``mark`` ends; after a full stop, and says no more."""
    found = _ATTRIBUTION.match(right) if mark and mark in "?!.…" else None
    return found is not None and (mark in "?!" or right[found.end() : found.end() + 1] in {".", ""})


def _bounded(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield ``[start, end)`` trimmed, in pieces of at most ``MAX_SENTENCE`` characters."""
    while True:
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        if end - start <= MAX_SENTENCE:
            break
        cut = start + _cut(text[start : start + MAX_SENTENCE], MAX_SENTENCE)
        stop = cut
        while stop > start and text[stop - 1].isspace():
            stop -= 1
        yield Span(start, stop)
        start = cut
    if start < end:
        yield Span(start, end)


def _cut(piece: str, limit: int) -> int:
    """Return where to cut a run without sentence ends: after a clause, else a space, else at ``limit``."""
    clauses = [found.end() for found in _CLAUSE.finditer(piece, limit // 2)]
    if clauses:
        return clauses[-1]
    for at in range(len(piece) - 1, limit // 2, -1):
        if piece[at].isspace():
            return at + 1
    return limit
