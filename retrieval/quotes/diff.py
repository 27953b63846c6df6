"""The difference between a quotation and its source, word by word, and how much each difference matters."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from retrieval.articles import Span
from retrieval.text.folding import Words
from retrieval.text.lexicon import MODALS, QUALIFIERS, QUANTIFIERS, are_opposites, is_negator
from retrieval.text.number_words import is_number, value

Known = Callable[[str], bool]
"""Tells whether any article holds a folded word: a typing error is a word that none holds."""


class Reason(StrEnum):
    """What kind of difference it is; the first six change what is claimed."""

    NUMBER = "number"
    NAME = "name"
    NEGATION = "negation"
    MODAL = "modal"
    QUANTIFIER = "quantifier"  # every for some, and a qualifier: reportedly left out
    OPPOSITE = "opposite"  # large for small
    WORD = "word"
    NUMERAL = "numeral"  # 15 for fifteen: the same number
    SPELLING = "spelling"  # typing errors, missing accents, what a scanner misread
    APOSTROPHE = "apostrophe"
    WORD_BREAK = "word_break"  # full-time for full time


GRAVE = frozenset({Reason.NUMBER, Reason.NAME, Reason.NEGATION, Reason.MODAL, Reason.QUANTIFIER, Reason.OPPOSITE})
COSMETIC = frozenset({Reason.APOSTROPHE, Reason.WORD_BREAK})
SMALL = frozenset({Reason.SPELLING, Reason.NUMERAL, *COSMETIC})
"""Kinds of difference after which a word still is the word it was."""

_OTHER_WORDS = frozenset(
    ["were", "well", "ill", "hell", "shell", "wed", "shed", "id", "cant", "wont", "whore", "were", "lets"]
) - {
    "cant",
    "wont",
    "lets",
}
"""Words that an apostrophe makes another word: we're is not were."""


@dataclass(frozen=True, slots=True)
class Change:
    """One difference.

    Attributes:
        quoted: The quotation's words, as they stand in it; empty when words were left out.
        source: The article's words, as they stand in it; empty when words were added.
        quote_span: Their place in the quotation as it was handed in.
        source_span: Their place in the article.
        reason: What kind of difference it is.
    """

    quoted: str
    source: str
    quote_span: Span
    source_span: Span
    reason: Reason

    @property
    def is_grave(self) -> bool:
        """Tell whether a number, name, negation, modal or quantifier changed, or a word to its opposite."""
        return self.reason in GRAVE


@dataclass(frozen=True, slots=True)
class Run:
    """The words ``[first, last)`` of a text."""

    words: Words
    first: int
    last: int

    @property
    def texts(self) -> list[str]:
        """The words, folded."""
        return self.words.texts[self.first : self.last]

    def cut(self, first: int, last: int) -> Run:
        """Return a part of the run, counted from its own first word."""
        return Run(self.words, self.first + first, self.first + last)

    @property
    def span(self) -> Span:
        """Where the run stands in its original; an empty run has an empty span before the next word."""
        if self.first < self.last:
            return self.words.span(self.first, self.last)
        at = (
            self.words.span(self.first, self.first + 1).start
            if self.first < len(self.words)
            else len(self.words.source)
        )
        return Span(at, at)

    @property
    def original(self) -> str:
        """The run as it stands in its original."""
        return self.span.of(self.words.source)


def changes(quote: Run, source: Run, known: Known, *, offset: int = 0) -> list[Change]:
    """Return the differences in order; none when the words are the same.

    Args:
        quote: The quotation's words.
        source: The article's.
        known: Tells a word of the articles from a typing error.
        offset: The place of ``quote.words.source`` in the quotation as it was handed in.
    """
    found = []
    for left, right in _pairs(quote, source):
        place = left.span
        reason = _reason(left, right, known)
        moved = Span(place.start + offset, place.end + offset)
        found.append(Change(left.original, right.original, moved, right.span, reason))
    return found


def _pairs(quote: Run, source: Run) -> Iterator[tuple[Run, Run]]:
    from rapidfuzz.distance import Levenshtein  # noqa: PLC0415 (only needed when words differ)

    for op in Levenshtein.opcodes(quote.texts, source.texts):
        if op.tag == "equal":
            continue
        left = quote.cut(op.src_start, op.src_end)
        right = source.cut(op.dest_start, op.dest_end)
        yield from _split(left, right)


def _split(left: Run, right: Run) -> Iterator[tuple[Run, Run]]:
    """Yield a replaced run word by word where the words pair off, whole where they only make sense together."""
    whole = (
        len(left.texts) != len(right.texts) or value(tuple(left.texts)) or "".join(left.texts) == "".join(right.texts)
    )
    if whole or not left.texts:
        yield left, right
        return
    for place in range(len(left.texts)):
        yield left.cut(place, place + 1), right.cut(place, place + 1)


def _reason(left: Run, right: Run, known: Known) -> Reason:  # noqa: PLR0911 (a list of rules)
    same = _same_letters(left, right)
    if same:
        return same
    quoted, source = left.texts, right.texts
    if quoted and source and value(tuple(quoted)) is not None and value(tuple(quoted)) == value(tuple(source)):
        return Reason.NUMERAL
    differing = _one_sided(quoted, source)
    if any(is_number(word) for word in differing):
        return Reason.NUMBER
    if any(are_opposites(one, other) for one in quoted for other in source):
        return Reason.OPPOSITE
    if len(quoted) == len(source) == 1 and _is_misspelt(left, right, known):
        return Reason.SPELLING
    if sum(map(is_negator, quoted)) != sum(map(is_negator, source)):
        return Reason.NEGATION
    if any(word in MODALS for word in differing):
        return Reason.MODAL
    if any(word in QUANTIFIERS or word in QUALIFIERS for word in differing):
        return Reason.QUANTIFIER
    if _has_name(left) or _has_name(right):
        return Reason.NAME
    return Reason.WORD


def _same_letters(left: Run, right: Run) -> Reason | None:
    if not left.texts or not right.texts:
        return None
    quoted, source = "".join(left.texts), "".join(right.texts)
    if quoted == source:
        hyphen = re.compile(r"[-‐‑–—\u00ad\n]")
        is_hyphen = hyphen.search(left.original) or hyphen.search(right.original)
        return Reason.WORD_BREAK if is_hyphen else Reason.SPELLING
    bare = quoted.replace("'", "")
    if bare == source.replace("'", "") and len(left.texts) == len(right.texts):
        return Reason.SPELLING if bare in _OTHER_WORDS else Reason.APOSTROPHE
    return None


def _one_sided(quoted: Iterable[str], source: Iterable[str]) -> list[str]:
    left, right = Counter(quoted), Counter(source)
    return [*(left - right), *(right - left)]


def _is_misspelt(left: Run, right: Run, known: Known) -> bool:
    """Tell whether the quotation's word is a slip for the source's, and not another word."""
    from rapidfuzz.distance import OSA  # noqa: PLC0415

    quoted, source = left.texts[0], right.texts[0]
    edits = OSA.distance(quoted, source)
    if edits > (1 if len(source) <= 4 else 2 if len(source) <= 8 else 3) or known(quoted):
        return False
    return not _has_name(right) or sorted(quoted) == sorted(source) or edits == 1


def _has_name(run: Run) -> bool:
    return any(_is_name(run.words, place) for place in range(run.first, run.last))


def _is_name(words: Words, place: int) -> bool:
    """Tell whether a word has a capital that is not the capital of its sentence."""
    span = words.span(place, place + 1)
    original = span.of(words.source)
    if not original[:1].isupper() or words.texts[place] in {"i", "i'm", "i've", "i'll", "i'd"}:
        return False
    before = words.source[max(0, span.start - 4) : span.start].rstrip(" \"'“”‘’([\n")
    return bool(before) and before[-1] not in ".!?:"
