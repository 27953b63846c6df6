"""Word alignment of a quotation with its source, the differences, and the kind of each.

:func:`align` finds the source words nearest to a quotation, :func:`settle` settles where they begin and end, and
:func:`changes` returns the substitutions, insertions and deletions between the two.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from retrieval.articles import Span
from retrieval.text.folding import DOUBLE_MARKS, Words
from retrieval.text.lexicon import MODALS, QUALIFIERS, QUANTIFIERS, are_opposites, is_negator
from retrieval.text.number_words import is_number, value


class ChangeKind(StrEnum):
    """The kind of a difference; the first six change what is claimed."""

    NUMBER = "number"
    NAME = "name"
    NEGATION = "negation"
    MODAL = "modal"
    QUANTIFIER = "quantifier"  # every for some, and a qualifier: reportedly left out
    OPPOSITE = "opposite"  # large for small
    WORD = "word"
    NUMERAL = "numeral"  # 15 for fifteen: the same number
    SPELLING = "spelling"  # typing errors, missing accents, recognition errors of a scan
    APOSTROPHE = "apostrophe"
    WORD_BREAK = "word_break"  # full-time for full time


GRAVE = frozenset(
    {
        ChangeKind.NUMBER,
        ChangeKind.NAME,
        ChangeKind.NEGATION,
        ChangeKind.MODAL,
        ChangeKind.QUANTIFIER,
        ChangeKind.OPPOSITE,
    }
)
COSMETIC = frozenset({ChangeKind.APOSTROPHE, ChangeKind.WORD_BREAK})
MINOR = frozenset({ChangeKind.SPELLING, ChangeKind.NUMERAL, *COSMETIC})
"""Kinds of difference after which a word is still the same word."""

_OTHER_WORDS = frozenset(["were", "well", "ill", "hell", "shell", "wed", "shed", "id", "whore"])
"""Words that an apostrophe makes another word: we're is not were."""

_LINE_HYPHEN = re.compile(r"[-‐][ \t]*\r?\n")
_CLAUSE_END = re.compile(r"[.!?;:\n" + re.escape(DOUBLE_MARKS) + "]")


@dataclass(frozen=True, slots=True)
class Change:
    """A substitution, insertion or deletion.

    Attributes:
        quoted: The quotation's words, as written there; empty for a deletion.
        source: The article's words, as written there; empty for an insertion.
        quote_span: Their characters in the quotation as it was handed in.
        source_span: Their characters in the article.
        reason: The kind of difference.
    """

    quoted: str
    source: str
    quote_span: Span
    source_span: Span
    reason: ChangeKind

    @property
    def is_grave(self) -> bool:
        """Whether a number, name, negation, modal or quantifier changed, or a word became its opposite."""
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

    def part(self, first: int, last: int) -> Run:
        """Return a part of the run, counted from its own first word."""
        return Run(self.words, self.first + first, self.first + last)

    @property
    def span(self) -> Span:
        """The run's characters; an empty run has an empty span before the next word."""
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
        """The run's characters as text."""
        return self.span.of(self.words.source)


def align(run: str, target: str, limit: int) -> tuple[int, int, int] | None:
    """Return the words ``[first, last)`` of ``target`` nearest to ``run``, and the character edits between the two.

    Infix alignment by characters (edlib). Both texts are made by ``joined``; None when more than ``limit`` edits are
    needed.
    """
    import edlib  # noqa: PLC0415 (loaded when words are not found as they are)

    if not (run.isascii() and target.isascii()):
        run, target = _few_symbols(run, target)
    aligned = edlib.align(run, target, mode="HW", task="locations", k=limit)
    if aligned["editDistance"] < 0:
        return None
    start, end = aligned["locations"][0]
    start = end if start is None else start
    first = target.count(" ", 0, start + 1) - 1
    last = target.count(" ", 0, end + 1) - (target[end] == " ")
    first = max(0, first)
    return (first, last, int(aligned["editDistance"])) if first < last else None


class _Symbols(dict[int, str]):
    def __missing__(self, key: int) -> str:
        return "\x00"


def _few_symbols(run: str, target: str) -> tuple[str, str]:
    """Map two texts onto at most 250 symbols (edlib takes 256), all those that ``run`` lacks onto one."""
    kept = [char for char, _ in Counter(run).most_common(250) if char != " "]
    symbols = (code for code in range(1, 256) if code != ord(" "))
    table = _Symbols({ord(" "): " ", **{ord(char): chr(next(symbols)) for char in kept}})
    return run.translate(table), target.translate(table)


def settle(quote: Run, source: Run) -> Run:
    """Return the source words that a quotation corresponds to.

    Words at either end of ``source`` that the quotation lacks are dropped; for each of the quotation's own words beyond
    an end, one more word of the same clause is taken in.
    """
    first, last = source.first, source.last
    ops = list(_operations(quote, source))
    if ops and ops[0].tag == "insert":
        first += len(ops[0].right.texts)
    elif ops and ops[0].tag == "delete":
        first = _extend_left(source.words, first, len(ops[0].left.texts))
    if len(ops) > 1 and ops[-1].tag == "insert":
        last -= len(ops[-1].right.texts)
    elif len(ops) > 1 and ops[-1].tag == "delete":
        last = _extend_right(source.words, last, len(ops[-1].left.texts))
    return Run(source.words, first, max(first + 1, last))


class _Operation(NamedTuple):
    """A step of the word alignment: "equal", "replace", "insert" or "delete", with the words on both sides."""

    tag: str
    left: Run
    right: Run


def _operations(quote: Run, source: Run) -> Iterator[_Operation]:
    """Yield the steps that turn the quotation's words into the source's.

    A word that is hyphenated at a line's end on one side is one step with what it is on the other: "long-⏎term" is
    read as "longterm", and may be "long-term".
    """
    from rapidfuzz.distance import Levenshtein  # noqa: PLC0415 (only needed when words differ)

    waiting: _Operation | None = None
    for op in Levenshtein.opcodes(quote.texts, source.texts):
        left, right = quote.part(op.src_start, op.src_end), source.part(op.dest_start, op.dest_end)
        if waiting is not None and op.tag != "equal":
            first = waiting
            joined_left = Run(quote.words, first.left.first, left.last)
            joined_right = Run(source.words, first.right.first, right.last)
            if _is_rejoined(joined_left, joined_right):
                waiting = None
                yield _Operation("replace", joined_left, joined_right)
                continue
        if waiting is not None:
            yield waiting
        waiting = _Operation(op.tag, left, right)
        if op.tag == "equal":
            yield waiting
            waiting = None
    if waiting is not None:
        yield waiting


def _is_rejoined(left: Run, right: Run) -> bool:
    """Return whether two runs have the same letters, one of them broken by a hyphen at a line's end."""
    if not left.texts or "".join(left.texts) != "".join(right.texts):
        return False
    return bool(_LINE_HYPHEN.search(left.original) or _LINE_HYPHEN.search(right.original))


def _extend_left(words: Words, first: int, count: int) -> int:
    for _ in range(count):
        if first == 0 or _CLAUSE_END.search(
            words.source[words.span(first - 1, first).end : words.span(first, first + 1).start]
        ):
            break
        first -= 1
    return first


def _extend_right(words: Words, last: int, count: int) -> int:
    for _ in range(count):
        if last >= len(words) or _CLAUSE_END.search(
            words.source[words.span(last - 1, last).end : words.span(last, last + 1).start]
        ):
            break
        last += 1
    return last


def changes(quote: Run, source: Run, known: Collection[str], *, offset: int = 0) -> list[Change]:
    """Return the differences in order; none when the words are the same.

    Args:
        quote: The quotation's words.
        source: The article's.
        known: Those of the quotation's words that occur in any article; another may be a spelling error.
        offset: The position of ``quote.words.source`` in the quotation as it was handed in.
    """
    found = []
    for left, right in _pairs(quote, source):
        span = left.span
        reason = _kind(left, right, known)
        moved = Span(span.start + offset, span.end + offset)
        found.append(Change(left.original, right.original, moved, right.span, reason))
    return found


def characters_changed(found: Iterable[Change]) -> int:
    """Return the characters that differ."""
    return sum(max(len(change.quoted), len(change.source)) for change in found)


def share_kept(count: int, found: Iterable[Change]) -> float:
    """Return the share of a quotation's ``count`` words, in [0, 1], that are kept: unchanged, misspelt or moved."""
    lost = 0
    for change in found:
        if change.reason not in MINOR:
            lost += (Counter(Words(change.quoted).texts) - Counter(Words(change.source).texts)).total()
    return 1 - lost / count


def share_in(quoted: Sequence[str], source: Sequence[str]) -> float:
    """Return the share of the quoted words, in [0, 1], that occur in ``source``, in any order."""
    return (Counter(word.replace("'", "") for word in quoted) & Counter(source)).total() / len(quoted)


def _pairs(quote: Run, source: Run) -> Iterator[tuple[Run, Run]]:
    for op in _operations(quote, source):
        if op.tag != "equal":
            yield from _split(op.left, op.right)


def _split(left: Run, right: Run) -> Iterator[tuple[Run, Run]]:
    """Yield a replaced run word by word where the words pair off, whole where they only make sense together."""
    whole = (
        len(left.texts) != len(right.texts) or value(tuple(left.texts)) or "".join(left.texts) == "".join(right.texts)
    )
    if whole or not left.texts:
        yield left, right
        return
    for at in range(len(left.texts)):
        yield left.part(at, at + 1), right.part(at, at + 1)


def _kind(left: Run, right: Run, known: Collection[str]) -> ChangeKind:  # noqa: PLR0911 (a list of rules)
    same = _same_letters(left, right)
    if same:
        return same
    quoted, source = left.texts, right.texts
    if quoted and source and value(tuple(quoted)) is not None and value(tuple(quoted)) == value(tuple(source)):
        return ChangeKind.NUMERAL
    differing = _one_sided(quoted, source)
    if any(is_number(word) for word in differing):
        return ChangeKind.NUMBER
    if any(are_opposites(one, other) for one in quoted for other in source):
        return ChangeKind.OPPOSITE
    if len(quoted) == len(source) == 1 and _is_misspelt(left, right, known):
        return ChangeKind.SPELLING
    if sum(map(is_negator, quoted)) != sum(map(is_negator, source)):
        return ChangeKind.NEGATION
    if any(word in MODALS for word in differing):
        return ChangeKind.MODAL
    if any(word in QUANTIFIERS or word in QUALIFIERS for word in differing):
        return ChangeKind.QUANTIFIER
    if _has_name(left) or _has_name(right):
        return ChangeKind.NAME
    return ChangeKind.WORD


def _same_letters(left: Run, right: Run) -> ChangeKind | None:
    if not left.texts or not right.texts:
        return None
    quoted, source = "".join(left.texts), "".join(right.texts)
    if quoted == source:
        hyphen = re.compile(r"[-‐‑–—\u00ad\n]")
        is_hyphen = hyphen.search(left.original) or hyphen.search(right.original)
        return ChangeKind.WORD_BREAK if is_hyphen else ChangeKind.SPELLING
    bare = quoted.replace("'", "")
    if bare == source.replace("'", "") and len(left.texts) == len(right.texts):
        return ChangeKind.SPELLING if bare in _OTHER_WORDS else ChangeKind.APOSTROPHE
    return None


def _one_sided(quoted: Iterable[str], source: Iterable[str]) -> list[str]:
    left, right = Counter(quoted), Counter(source)
    return [*(left - right), *(right - left)]


def _is_misspelt(left: Run, right: Run, known: Collection[str]) -> bool:
    """Return whether the quotation's word is a spelling error for the source's, and not another word."""
    from rapidfuzz.distance import OSA  # noqa: PLC0415

    quoted, source = left.texts[0], right.texts[0]
    edits = OSA.distance(quoted, source)
    if edits > (1 if len(source) <= 4 else 2 if len(source) <= 8 else 3) or quoted in known:
        return False
    return not _has_name(right) or sorted(quoted) == sorted(source) or edits == 1


def _has_name(run: Run) -> bool:
    return any(_is_name(run.words, at) for at in range(run.first, run.last))


def _is_name(words: Words, at: int) -> bool:
    """Return whether a word has a capital that is not the capital of its sentence."""
    span = words.span(at, at + 1)
    original = span.of(words.source)
    if not original[:1].isupper() or words.texts[at] in {"i", "i'm", "i've", "i'll", "i'd"}:
        return False
    before = words.source[max(0, span.start - 4) : span.start].rstrip(" \"'“”‘’([\n")
    return bool(before) and before[-1] not in ".!?:"
