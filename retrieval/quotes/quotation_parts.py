"""A quotation as people write it: its words, and in them brackets that replace or add, ellipses that omit, (sic).

:func:`read_quote` returns a :class:`Quote`.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from retrieval.text.folding import Words
from retrieval.text.lazy_pattern import LazyPattern

_PAIRS = {
    '"': '"', "'": "'", "“": "”", "‘": "’", "„": "“”", "‚": "‘’", "«": "»", "»": "«", "‹": "›", "›": "‹",
    "”": "”", "’": "’", "「": "」", "『": "』", "`": "'`", "＂": "＂", "〝": "〞〟",
}  # fmt: skip

_EDITS = LazyPattern(
    r"(?P<sic>[\[(]\s*sic[.!]?\s*[\])])"
    r"|(?P<gap>&hellip;|&\#8230;|[\[(]\s*(?:…|\.(?:\s?\.){1,3})\s*[\])]|…(?:\s?\.)?|\.(?:\s?\.){2,3}|(?<=\w)\.\.(?=[\w\s]))"
    r"|(?P<bracket>(?:(?<![\w'’])[\w'’]++|)\[(?P<inside>[^\[\]]{1,200})\](?!\((?:https?:|mailto:|www\.|[/\#]))(?:\w[\w'’]*)?)",
    re.IGNORECASE,
)
_MAX_PARTS = 200  # of a quotation whose edits are followed


class PartKind(StrEnum):
    """What a part of a quotation does."""

    WORDS = "words"
    GAP = "gap"
    BRACKET = "bracket"


@dataclass(frozen=True, slots=True)
class QuotePart:
    """One part of a quotation.

    Attributes:
        kind: What it does.
        words: Its words, folded; empty for a gap.
        start: Its first character in the quotation's text.
        end: The position after its last.
        outside: For a bracket inside a word (``[T]he``, ``want[ed]``): the letters outside the bracket, folded.
    """

    kind: PartKind
    words: tuple[str, ...]
    start: int
    end: int
    outside: str = ""


@dataclass(frozen=True)
class Quote:
    """A quotation being checked.

    Attributes:
        source: The quotation as it was handed in.
        offset: Where its text begins, inside outer quotation marks and white space.
        words: The words of that text.
    """

    source: str
    offset: int
    words: Words

    @property
    def text(self) -> str:
        """The quotation without its outer marks."""
        return self.words.source

    @cached_property
    def parts(self) -> list[QuotePart]:
        """The parts in order; one part of words when nothing was edited."""
        return _parts(self.text)

    @cached_property
    def is_edited(self) -> bool:
        """Whether it has brackets or ellipses, and words to search for."""
        is_words = [part.kind is PartKind.WORDS for part in self.parts]
        return any(is_words) and not all(is_words) and len(self.parts) <= _MAX_PARTS

    @property
    def has_gap(self) -> bool:
        """Whether it has an ellipsis."""
        return any(part.kind is PartKind.GAP for part in self.parts)

    def stretches(self) -> Iterator[Quote]:
        """Yield what is between the ellipses, each a quotation of its own."""
        for is_gap, group in itertools.groupby(self.parts, key=lambda part: part.kind is PartKind.GAP):
            parts = list(group)
            if not is_gap and any(part.words for part in parts):
                start, end = parts[0].start, parts[-1].end
                yield Quote(self.source, self.offset + start, Words(self.text[start:end]))


def read_quote(text: str) -> Quote:
    """Return a quotation, read from its text with or without quotation marks."""
    start, end = _inside_marks(text)
    return Quote(text, start, Words(text[start:end]))


def _inside_marks(text: str) -> tuple[int, int]:
    """Return the start and end of a quotation inside its outer quotation marks and their white space."""
    kept = 0, len(text)
    start, end = 0, len(text)
    while True:
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        if end - start < 2 or text[end - 1] not in _PAIRS.get(text[start], ""):
            return kept if kept == (0, len(text)) else (start, end)
        inside = text[start + 1 : end - 1]
        opening, closing = text[start], text[end - 1]
        if (closing in inside and closing not in "'’") or (opening in inside and opening not in {closing, "’"}):
            return kept if kept == (0, len(text)) else (start, end)  # the outer marks belong to two quotations
        start, end = start + 1, end - 1
        kept = start, end


def _parts(text: str) -> list[QuotePart]:
    found: list[QuotePart] = []
    position = 0
    for edit in _EDITS.finditer(text):
        found.extend(_literal(text, position, edit.start()))
        position = edit.end()
        if edit["gap"]:
            found.append(QuotePart(PartKind.GAP, (), *edit.span()))
        elif edit["bracket"]:
            whole = edit.group()
            outside = whole.replace(f"[{edit['inside']}]", "")
            words = Words(whole.replace("[", "").replace("]", "")).texts
            found.append(QuotePart(PartKind.BRACKET, tuple(words), *edit.span(), outside.lower()))
        else:
            found.append(QuotePart(PartKind.BRACKET, (), *edit.span()))  # (sic): adds no word
    found.extend(_literal(text, position, len(text)))
    return found


def _literal(text: str, start: int, end: int) -> list[QuotePart]:
    words = Words(text[start:end]).texts
    return [QuotePart(PartKind.WORDS, tuple(words), start, end)] if words else []
