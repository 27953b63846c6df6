"""Word alignment of a quotation with its source, the differences, and the kind of each.

:func:`align` finds the source words nearest to a quotation, :func:`settle` settles where they begin and end, and
:func:`changes` returns the substitutions, insertions and deletions between the two.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from retrieval.articles import Span
from retrieval.quotes.house_style import Unit, units
from retrieval.quotes.style import Style
from retrieval.text.folding import DOUBLE_MARKS, Words
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import (
    MODALS,
    NEGATED_AUXILIARIES,
    QUALIFIERS,
    QUANTIFIERS,
    QUESTION_AUXILIARIES,
    QUESTION_WORDS,
    are_opposites,
    are_same_expanded,
    changes_meaning,
    expanded,
    is_negator,
)
from retrieval.text.number_words import is_number
from retrieval.text.numerals import numeral


class ChangeKind(StrEnum):
    """The kind of a difference: the first seven change what is claimed, the last eight are house style."""

    NUMBER = "number"
    NAME = "name"
    NEGATION = "negation"
    MODAL = "modal"
    QUANTIFIER = "quantifier"  # every for some, and a qualifier: reportedly left out
    OPPOSITE = "opposite"  # large for small
    QUESTION = "question"  # a full stop that makes a statement of a question
    WORD = "word"
    SPELLING = "spelling"  # typing errors, recognition errors of a scan
    CONTRACTION = "contraction"  # do not for don't
    BRACKET = "bracket"  # a bracket in place of words, with the same meaning: an edit
    NUMERAL = Style.NUMERAL.value
    VARIANT_SPELLING = Style.VARIANT_SPELLING.value
    ABBREVIATION = Style.ABBREVIATION.value
    WORD_BREAK = Style.COMPOUND.value
    APOSTROPHE = Style.APOSTROPHE.value
    ACCENT = Style.ACCENT.value
    SYMBOL = Style.SYMBOL.value
    FOOTNOTE = Style.FOOTNOTE.value


GRAVE = frozenset(
    {
        ChangeKind.NUMBER,
        ChangeKind.NAME,
        ChangeKind.NEGATION,
        ChangeKind.MODAL,
        ChangeKind.QUANTIFIER,
        ChangeKind.OPPOSITE,
        ChangeKind.QUESTION,
    }
)
COSMETIC = frozenset(ChangeKind(style.value) for style in Style)
"""Kinds of difference that are house style."""
MINOR = frozenset({ChangeKind.SPELLING, ChangeKind.CONTRACTION, *COSMETIC})
"""Kinds of difference after which a word is still the same word."""

_OTHER_WORDS = frozenset(["were", "well", "ill", "hell", "shell", "wed", "shed", "id", "whore"])
"""Words that an apostrophe makes another word: we're is not were."""

_MIN_COMPOUND_LETTERS = 2  # of each part of a compound that may also be two words: "a part" is not "apart"
_HYPHEN = LazyPattern(r"[-‐‑–—\u00ad\n]")
_CLAUSE_END = LazyPattern(r"[.!?;:\n" + re.escape(DOUBLE_MARKS) + "]")


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
    if quote.texts[0] == source.texts[0] and quote.texts[-1] == source.texts[-1]:
        return source
    ops = _operations(quote, source)
    if ops and ops[0].tag in _DIFFERS:
        first = _start(quote, source, ops)
    if len(ops) > 1 and ops[-1].tag in _DIFFERS:
        last = _end(quote, Run(source.words, first, last), ops)
    return Run(source.words, first, max(first + 1, last))


_REACH = 7  # words around an end of the source in which the quotation's first or last unit is looked for


def _start(quote: Run, source: Run, ops: Sequence[_Operation]) -> int:
    """Return the source's first word where the quotation does not begin with the source's."""
    words, first = source.words, source.first
    best = _nearest_border(quote, source, at_start=True)
    if best is not None:
        return best
    kept = next((op for op in ops if op.tag not in _DIFFERS), None)
    if kept and not _has_clause_end(quote.words, quote.first, kept.left.first):
        ends = [at for at in range(first, kept.right.first) if _has_clause_end(words, at, at + 1)]
        if ends:
            return ends[-1] + 1
    if ops[0].tag == "insert":
        return first + len(ops[0].right.texts)
    return _extend_left(words, first, len(ops[0].left.texts)) if ops[0].tag == "delete" else first


def _end(quote: Run, source: Run, ops: Sequence[_Operation]) -> int:
    """Return the number after the source's last word where the quotation does not end with the source's."""
    words, last = source.words, source.last
    best = _nearest_border(quote, source, at_start=False)
    if best is not None:
        return best
    kept = next((op for op in reversed(ops) if op.tag not in _DIFFERS), None)
    if kept and not _has_clause_end(quote.words, kept.left.last - 1, quote.last - 1):
        stops = [at for at in range(kept.right.last - 1, last - 1) if _has_clause_end(words, at, at + 1)]
        if stops:
            return stops[0] + 1
    if ops[-1].tag == "insert":
        return last - len(ops[-1].right.texts)
    return _extend_right(words, last, len(ops[-1].left.texts)) if ops[-1].tag == "delete" else last


def _nearest_border(quote: Run, source: Run, *, at_start: bool) -> int | None:
    """Return a border nearby with which the source is more like the quotation, at its first or last unit, or None."""
    words, border = source.words, source.first if at_start else source.last
    low = max(0 if at_start else source.first, border - _REACH)
    high = min(source.last if at_start else len(words), border + _REACH)
    wanted = _units(quote)[0 if at_start else -1]
    if wanted.style is None and quote.words.texts[wanted.first] not in words.texts[low:high]:
        return None
    same = [unit for unit in units(words, low, high) if unit.key == wanted.key]
    borders = {unit.first if at_start else unit.last for unit in same} - {border}
    runs = [Run(words, at, source.last) if at_start else Run(words, source.first, at) for at in sorted(borders)]
    best = min(runs, key=lambda run: _distance(quote, run), default=source)
    if _distance(quote, best) >= _distance(quote, source):
        return None
    return best.first if at_start else best.last


def _distance(quote: Run, source: Run) -> int:
    from rapidfuzz.distance import Levenshtein  # noqa: PLC0415

    return Levenshtein.distance([unit.key for unit in _units(quote)], [unit.key for unit in _units(source)])


def _has_clause_end(words: Words, first: int, last: int) -> bool:
    """Return whether a clause ends after one of the words ``[first, last)``."""
    if first >= last or first < 0 or last >= len(words):
        return False
    return bool(_CLAUSE_END.search(words.source[words.span(first, first + 1).end : words.span(last, last + 1).start]))


class _Operation(NamedTuple):
    """A step of the word alignment: "equal", "style", "replace", "insert" or "delete", with the words on both sides."""

    tag: str
    left: Run
    right: Run
    style: Style | None = None


@lru_cache(maxsize=16)
def _operations(quote: Run, source: Run) -> tuple[_Operation, ...]:
    """Return the steps that turn the quotation's words into the source's, aligned by units of house style.

    A step that only divides the same letters otherwise is one: "long-⏎term" is read as "longterm", and may be
    "long-term"; "healthcare" may be "health care".
    """
    return tuple(_merged(_aligned(quote, source)))


def _merged(steps: Iterable[_Operation]) -> Iterator[_Operation]:
    waiting: _Operation | None = None
    for op in steps:
        if waiting is not None and op.tag in _DIFFERS:
            left = Run(op.left.words, waiting.left.first, op.left.last)
            right = Run(op.right.words, waiting.right.first, op.right.last)
            if _belong_together(left.texts, right.texts):
                waiting = None
                yield _Operation("replace", left, right)
                continue
        if waiting is not None:
            yield waiting
        waiting = op if op.tag in _DIFFERS else None
        if waiting is None:
            yield op
    if waiting is not None:
        yield waiting


def _belong_together(left: Sequence[str], right: Sequence[str]) -> bool:
    """Return whether words are the same letters, or one side is a contraction of a word on the other."""
    if not left or not right:
        return False
    is_contraction = len(left) + len(right) == 3 and any("'" in word for word in (*left, *right))
    return "".join(left) == "".join(right) or (is_contraction and bool(set(expanded(left)) & set(expanded(right))))


_DIFFERS = frozenset(["replace", "insert", "delete"])


def _aligned(quote: Run, source: Run) -> Iterator[_Operation]:
    from rapidfuzz.distance import Levenshtein  # noqa: PLC0415 (only needed when words differ)

    left, right = _units(quote), _units(source)
    for op in Levenshtein.opcodes([unit.key for unit in left], [unit.key for unit in right]):
        if op.tag != "equal":
            ours, theirs = (
                _run_of(quote, left, op.src_start, op.src_end),
                _run_of(source, right, op.dest_start, op.dest_end),
            )
            yield _Operation(op.tag, ours, theirs)
            continue
        for one, other in zip(left[op.src_start : op.src_end], right[op.dest_start : op.dest_end], strict=True):
            ours, theirs = Run(quote.words, one.first, one.last), Run(source.words, other.first, other.last)
            is_same = ours.texts == theirs.texts
            yield _Operation("equal" if is_same else "style", ours, theirs, None if is_same else _style(one, other))


def _units(run: Run) -> list[Unit]:
    return [unit for unit in units(run.words, run.first, run.last) if unit.key]


def _run_of(run: Run, found: Sequence[Unit], start: int, end: int) -> Run:
    if start < end:
        return Run(run.words, found[start].first, found[end - 1].last)
    at = found[start].first if start < len(found) else run.last
    return Run(run.words, at, at)


def _style(one: Unit, other: Unit) -> Style:
    """Return what two ways to write one unit differ in."""
    return one.style or other.style or Style.VARIANT_SPELLING


def _notes(quote: Run, source: Run) -> Iterator[tuple[Run, Run]]:
    """Yield the footnote marks that only one of two texts has."""
    ours = [unit for unit in units(quote.words, quote.first, quote.last) if not unit.key]
    theirs = [unit for unit in units(source.words, source.first, source.last) if not unit.key]
    if len(ours) == len(theirs):
        return
    nowhere = Run(quote.words, quote.first, quote.first), Run(source.words, source.first, source.first)
    yield from ((Run(quote.words, unit.first, unit.last), nowhere[1]) for unit in ours)
    yield from ((nowhere[0], Run(source.words, unit.first, unit.last)) for unit in theirs)


def _extend_left(words: Words, first: int, count: int) -> int:
    for _ in range(count):
        if first == 0 or _has_clause_end(words, first - 1, first):
            break
        first -= 1
    return first


def _extend_right(words: Words, last: int, count: int) -> int:
    for _ in range(count):
        if last >= len(words) or _has_clause_end(words, last - 1, last):
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
    for left, right, style in _pairs(quote, source):
        span = left.span
        reason = ChangeKind(style.value) if style else _kind(left, right, known)
        moved = Span(span.start + offset, span.end + offset)
        found.append(Change(left.original, right.original, moved, right.span, reason))
    return sorted(found, key=lambda change: (change.quote_span, change.source_span))


def fold_of(change: Change) -> str:
    """Return the name of what makes the two sides of a difference of house style the same."""
    if change.reason is ChangeKind.WORD_BREAK:
        return "dashes" if _HYPHEN.search(change.quoted + change.source) else change.reason.value
    return "apostrophes" if change.reason is ChangeKind.APOSTROPHE else change.reason.value


def questions_asserted(quote: Run, source: Run, *, offset: int = 0) -> list[Change]:
    """Return the question marks of the same words in place of which the quotation has a full stop.

    After a question in the order of one ("Will we lose?") that is another mark only; after "We will lose?" it is a
    claim.

    Args:
        quote: The quotation's words.
        source: The article's, as many and the same.
        offset: The position of ``quote.words.source`` in the quotation as it was handed in.
    """
    found = []
    begins = 0 if _begins_sentence(source) else len(quote.texts)  # what is left of a question is no claim
    for at in range(len(quote.texts)):
        ours, theirs = _mark_after(quote, at), _mark_after(source, at)
        written, asked = (span.of(run.words.source) for span, run in ((ours, quote), (theirs, source)))
        if "?" in asked and written and "?" not in written and _is_statement(quote.texts[begins : at + 1]):
            moved = Span(ours.start + offset, ours.end + offset)
            found.append(Change(written, asked, moved, theirs, ChangeKind.QUESTION))
        if written or asked:
            begins = at + 1
    return found


def _begins_sentence(run: Run) -> bool:
    start = run.span.start
    before = run.words.source[max(0, start - 4) : start].rstrip(" \"'“”‘’([")
    return not before or before[-1] in ".!?:\n"


def _is_statement(words: Sequence[str]) -> bool:
    """Return whether a question has the order of a statement: "We lost?", not "Did we?" and "We did, didn't we?"."""
    opening = next((word for word in words if word not in _OPENINGS), "")
    return bool(words) and opening not in _INTERROGATIVE and not any(map(is_negator, words[-2:]))


_OPENINGS = frozenset(["and", "but", "so", "or", "well", "then"])
_INTERROGATIVE = QUESTION_WORDS | QUESTION_AUXILIARIES | NEGATED_AUXILIARIES
_TERMINAL = LazyPattern(r"[.!?]+")


def _mark_after(run: Run, at: int) -> Span:
    """Return the full stops, question and exclamation marks after a word; an empty span where there are none."""
    end = run.words.span(run.first + at, run.first + at + 1).end
    found = _TERMINAL.match(run.words.source, end)
    return Span(*found.span()) if found else Span(end, end)


def characters_changed(found: Iterable[Change]) -> int:
    """Return the characters that differ."""
    return sum(max(len(change.quoted), len(change.source)) for change in found)


def share_kept(count: int, found: Iterable[Change]) -> float:
    """Return the share of a quotation's ``count`` words, in [0, 1], that are kept: unchanged, misspelt or moved."""
    lost = 0
    for change in found:
        if change.reason not in MINOR:
            quoted, source = expanded(Words(change.quoted).texts), expanded(Words(change.source).texts)
            lost += (Counter(quoted) - Counter(source)).total()
    return 1 - lost / count


def share_in(quoted: Sequence[str], source: Sequence[str]) -> float:
    """Return the share of the quoted words, in [0, 1], that occur in ``source``, in any order."""
    return (Counter(word.replace("'", "") for word in quoted) & Counter(source)).total() / len(quoted)


def most_shared(quoted: Sequence[str], source: Sequence[str]) -> int:
    """Return where the stretch of ``source`` as long as ``quoted`` begins that shares most words with it, the first."""
    wanted = Counter(word.replace("'", "") for word in quoted)
    held: Counter[str] = Counter()
    length, best, most, shared = len(quoted), 0, -1, 0
    for at, word in enumerate(source):
        held[word] += 1
        shared += held[word] <= wanted[word]
        if at >= length:
            left = source[at - length]
            shared -= held[left] <= wanted[left]
            held[left] -= 1
        if at >= length - 1 and shared > most:
            best, most = at - length + 1, shared
    return best


def _pairs(quote: Run, source: Run) -> Iterator[tuple[Run, Run, Style | None]]:
    for op in _operations(quote, source):
        if op.tag == "style":
            yield op.left, op.right, op.style
        elif op.tag != "equal":
            yield from ((left, right, None) for left, right in _split(op.left, op.right))
    yield from ((left, right, Style.FOOTNOTE) for left, right in _notes(quote, source))


def _split(left: Run, right: Run) -> Iterator[tuple[Run, Run]]:
    """Yield a replaced run word by word where the words pair off, whole where they only make sense together."""
    number = numeral(left.texts)
    is_whole = (
        len(left.texts) != len(right.texts)
        or (number is not None and number.count > 1)
        or any(key.startswith(("#clock", "#date")) for key in _numbers(left))
        or "".join(left.texts) == "".join(right.texts)
    )
    if is_whole or not left.texts:
        yield left, right
        return
    for at in range(len(left.texts)):
        if left.texts[at] != right.texts[at]:
            yield left.part(at, at + 1), right.part(at, at + 1)


def _kind(left: Run, right: Run, known: Collection[str]) -> ChangeKind:  # noqa: PLR0911 (a list of rules)
    same = _same_letters(left, right)
    if same:
        return same
    quoted, source = left.texts, right.texts
    if _is_ampersand(left, right):
        return ChangeKind.SYMBOL
    if quoted and are_same_expanded(quoted, source):
        return ChangeKind.CONTRACTION
    differing = _one_sided(expanded(quoted), expanded(source))
    has_figure = any(word[:1].isdigit() for word in (*quoted, *source))
    if any(is_number(word) for word in differing) or (has_figure and _numbers(left) != _numbers(right)):
        return ChangeKind.NUMBER
    if any(are_opposites(one, other) for one in quoted for other in source):
        return ChangeKind.OPPOSITE
    if len(quoted) == len(source) == 1 and _is_misspelt(left, right, known):
        return ChangeKind.SPELLING
    if sum(map(is_negator, expanded(quoted))) != sum(map(is_negator, expanded(source))):
        return ChangeKind.NEGATION
    if any(word in MODALS for word in differing):
        return ChangeKind.MODAL
    if any(word in QUANTIFIERS or word in QUALIFIERS for word in differing):
        return ChangeKind.QUANTIFIER
    if _has_name(left) or _has_name(right):
        return ChangeKind.NAME
    return ChangeKind.WORD


def _numbers(run: Run) -> list[str]:
    return [unit.key for unit in _units(run) if unit.key.startswith("#")]


def _same_letters(left: Run, right: Run) -> ChangeKind | None:
    if not left.texts or not right.texts:
        return None
    quoted, source = "".join(left.texts), "".join(right.texts)
    if quoted == source:
        return ChangeKind.WORD_BREAK if _is_compound(left, right) else ChangeKind.SPELLING
    bare = quoted.replace("'", "")
    if bare == source.replace("'", "") and len(left.texts) == len(right.texts):
        return ChangeKind.SPELLING if bare in _OTHER_WORDS else ChangeKind.APOSTROPHE
    return None


def _is_compound(left: Run, right: Run) -> bool:
    """Return whether the same letters are one compound: "full-time", "full time", "fulltime"; not "may be", "maybe"."""
    apart, joined_up = sorted((left.texts, right.texts), key=len, reverse=True)
    if not _cuts(joined_up) <= _cuts(apart):
        return False  # "an ice" is not "a nice"
    if _HYPHEN.search(left.original) or _HYPHEN.search(right.original):
        return True
    if any(changes_meaning(word) or word in QUANTIFIERS for word in joined_up):
        return False
    return all(len(part) >= _MIN_COMPOUND_LETTERS and not part.isdigit() for part in apart)


def _cuts(words: Sequence[str]) -> set[int]:
    """Return the positions among the letters of ``words`` where one ends and the next begins."""
    return set(itertools.accumulate(map(len, words[:-1])))


def _is_ampersand(left: Run, right: Run) -> bool:
    """Return whether one side has "&" where the other has "and"."""
    for word, other in ((left, right), (right, left)):
        if word.texts == ["and"] and not other.texts:
            at = other.span.start
            return "&" in other.words.source[max(0, at - 3) : at]
    return False


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
