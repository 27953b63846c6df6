"""Quotations with brackets and ellipses: where their parts stand, and what the edits hide.

A quotation with ellipses whose words are not all the article's: each stretch is compared with a place of its own.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from retrieval.articles import Span
from retrieval.quotes.comparison import KEPT, Place, Quote, compared, cost_of, cut, kept
from retrieval.quotes.diff import COSMETIC, Change, Run
from retrieval.quotes.matcher import Finder, Found, align
from retrieval.quotes.omissions import Omission, telling
from retrieval.quotes.quotation_parts import Kind, Part
from retrieval.quotes.verdict import TextVerdict
from retrieval.text.folding import Words, joined
from retrieval.text.lexicon import is_negator
from retrieval.text.number_words import is_number

NEAR = 50
"""Words that one ellipsis may leave out; more, and the parts are far apart."""

_STOP = re.compile(r"[.!?\n]")
_REPLACED = 8  # words that one bracket may stand for


@dataclass(frozen=True, slots=True)
class _Step:
    """Literal words, and what lies between them and the literal words before."""

    words: tuple[str, ...]
    between: tuple[Part, ...]


def is_edited(parts: Sequence[Part]) -> bool:
    """Tell whether a quotation has brackets or ellipses and words to find."""
    return any(part.kind is not Kind.WORDS for part in parts) and any(part.kind is Kind.WORDS for part in parts)


def place(parts: Sequence[Part], text: Words, row: int) -> Place | None:
    """Return where an edited quotation stands in one article, or None when its parts do not, in order and near."""
    steps, tail = _steps(parts)
    anchor = max(range(len(steps)), key=lambda number: len(" ".join(steps[number].words)))
    best: Place | None = None
    for at in text.runs(joined(list(steps[anchor].words))):
        starts = _chain(steps, anchor, at, text)
        if starts is None:
            continue
        found = _judged(steps, tail, starts, text, row)
        if best is None or (best.verdict is not TextVerdict.EDITED and found.verdict is TextVerdict.EDITED):
            best = found
    return best


def _steps(parts: Sequence[Part]) -> tuple[list[_Step], tuple[Part, ...]]:
    steps: list[_Step] = []
    between: list[Part] = []
    for part in parts:
        if part.kind is Kind.WORDS:
            steps.append(_Step(part.words, tuple(between)))
            between = []
        else:
            between.append(part)
    return steps, tuple(between)


def _chain(steps: Sequence[_Step], anchor: int, at: int, text: Words) -> list[int] | None:
    """Return each step's first word, found outwards from the anchor, each as near as its edit allows."""
    starts = [0] * len(steps)
    starts[anchor] = at
    for number in range(anchor + 1, len(steps)):
        low = starts[number - 1] + len(steps[number - 1].words)
        found = _first(text, steps[number].words, low, low + _room(steps[number].between))
        if found is None:
            return None
        starts[number] = found
    for number in range(anchor - 1, -1, -1):
        high = starts[number + 1] - len(steps[number].words)
        found = _last(text, steps[number].words, max(0, high - _room(steps[number + 1].between)), high)
        if found is None:
            return None
        starts[number] = found
    return starts


def _room(between: Sequence[Part]) -> int:
    return sum(NEAR if part.kind is Kind.GAP else _REPLACED if part.words else 0 for part in between)


def _holds(text: Words, words: tuple[str, ...], at: int) -> bool:
    return tuple(text.texts[at : at + len(words)]) == words


def _first(text: Words, words: tuple[str, ...], low: int, high: int) -> int | None:
    return next((at for at in range(low, min(high, len(text) - len(words)) + 1) if _holds(text, words, at)), None)


def _last(text: Words, words: tuple[str, ...], low: int, high: int) -> int | None:
    return next((at for at in range(high, low - 1, -1) if _holds(text, words, at)), None)


def _judged(steps: Sequence[_Step], tail: Sequence[Part], starts: Sequence[int], text: Words, row: int) -> Place:
    first, last = starts[0], starts[-1] + len(steps[-1].words)
    omitted = list(_omissions(steps, starts, text))
    added = _claims(steps, tail, starts, text)
    first = _taken(text, first, steps[0].between, forward=False)
    last = _taken(text, last, tail, forward=True)
    hidden = any(omission.telling for omission in omitted)
    verdict = TextVerdict.ALTERED if added else TextVerdict.TRUNCATED if hidden else TextVerdict.EDITED
    found = Place(row, text.span(first, last), verdict, omitted=tuple(omitted), cost=0)
    return cut(found, text.source)


def _taken(text: Words, at: int, edge: Sequence[Part], *, forward: bool) -> int:
    """Count words that a bracket at the quotation's edge stands in for, where its letters are among the article's."""
    for part in edge:
        place = at if forward else at - 1
        if part.kind is Kind.BRACKET and part.words and 0 <= place < len(text) and text.texts[place] == part.words[0]:
            at += 1 if forward else -1
    return at


def _omissions(steps: Sequence[_Step], starts: Sequence[int], text: Words) -> Iterator[Omission]:
    for number in range(1, len(steps)):
        low, high = starts[number - 1] + len(steps[number - 1].words), starts[number]
        if low >= high:
            continue
        said = [word for part in steps[number].between for word in part.words]
        words = text.texts[low:high]
        if words == said:
            continue
        lost = telling(words)
        if sum(map(is_negator, said)) == sum(map(is_negator, words)) and any(map(is_negator, words)):
            lost = tuple(word for word in lost if not is_negator(word))  # "[doesn't]" for "don't"
        span = text.span(low, high)
        yield Omission(span, span.of(text.source), lost, marked=True)


def _claims(steps: Sequence[_Step], tail: Sequence[Part], starts: Sequence[int], text: Words) -> bool:
    """Tell whether a bracket brings a negation or number that the article lacks where the bracket stands."""
    borders = [0, *(start + len(step.words) for start, step in zip(starts, steps, strict=True))]
    for number, between in enumerate((*(step.between for step in steps), tail)):
        low = borders[number]
        high = starts[number] if number < len(starts) else len(text)
        for part in between:
            reach = len(part.words) + 2
            if number == 0:
                low = max(0, high - reach)
            elif number == len(starts):
                high = _clause(text, low, min(high, low + reach))
            if _adds_claim(part, set(text.texts[low:high])):
                return True
    return False


def _clause(text: Words, low: int, high: int) -> int:
    """Return ``high``, or the number of the word before it with which a sentence ends."""
    for at in range(low, high):
        if at and _STOP.search(text.source[text.span(at - 1, at).end : text.span(at, at + 1).start]):
            return at
    return high


def _adds_claim(part: Part, there: set[str]) -> bool:
    if part.kind is not Kind.BRACKET:
        return False
    numbers = {word for word in part.words if is_number(word) and word[:1].isdigit()}
    lost = {word for word in there if is_number(word) and word[:1].isdigit()}
    return bool(numbers and lost and numbers != lost) or (
        any(map(is_negator, part.words)) and not any(map(is_negator, there))
    )


_TOLERANCE = 0.5  # character edits, as a part of a stretch's
_ANCHORS = 3  # articles in which the longest stretch is looked at
_KEPT_SHORT = 0.5  # KEPT for stretches of at most three words: one of two, two of three

_Laid = tuple[Run, list[Change]]


def place_stretches(asked: Quote, split: Sequence[Part], finder: Finder) -> Place | None:
    """Return where every stretch between ellipses nearly stands, in order and near, in one article; or None."""
    stretches = list(_stretches(asked, split))
    if len(stretches) < 2:
        return None
    anchor = max(range(len(stretches)), key=lambda number: len(stretches[number].text))
    near = finder.near(stretches[anchor].words.texts, tolerance=_TOLERANCE)[:_ANCHORS]
    found = [judged for one in near if (judged := _judged_stretches(stretches, anchor, one, finder))]
    return min(found, key=lambda judged: judged.cost, default=None)


def _stretches(asked: Quote, split: Sequence[Part]) -> Iterator[Quote]:
    for is_gap, group in itertools.groupby(split, key=lambda part: part.kind is Kind.GAP):
        parts = list(group)
        if not is_gap and any(part.words for part in parts):
            yield asked.part(parts[0].start, parts[-1].end)


def _judged_stretches(stretches: Sequence[Quote], anchor: int, one: Found, finder: Finder) -> Place | None:
    laid = _laid_out(stretches, anchor, one, finder)
    if laid is None:
        return None
    text = finder.words(one.row)
    omitted = tuple(
        _omission(text, left.last, right.first)
        for (left, _), (right, _) in itertools.pairwise(laid)
        if left.last < right.first
    )
    found = tuple(change for _, changes in laid for change in changes)
    if any(change.reason not in COSMETIC for change in found):
        verdict = TextVerdict.ALTERED
    else:
        verdict = TextVerdict.TRUNCATED if any(gap.telling for gap in omitted) else TextVerdict.EDITED
    span = Span(laid[0][0].span.start, laid[-1][0].span.end)
    return cut(Place(one.row, span, verdict, changes=found, omitted=omitted, cost=cost_of(found)), text.source)


def _omission(text: Words, first: int, last: int) -> Omission:
    span = text.span(first, last)
    return Omission(span, span.of(text.source), telling(text.texts[first:last]), marked=True)


def _laid_out(stretches: Sequence[Quote], anchor: int, one: Found, finder: Finder) -> list[_Laid] | None:
    """Return each stretch's place, looked for outwards from the anchor's; None when one has none."""
    text = finder.words(one.row)
    middle = compared(stretches[anchor], text, one, finder.is_known)
    if kept(stretches[anchor], middle[1]) < KEPT:
        return None
    laid = [middle]
    for stretch in stretches[anchor + 1 :]:
        low = laid[-1][0].last
        found = _within(stretch, text, (low, low + NEAR + len(stretch.words)), finder)
        if found is None:
            return None
        laid.append(found)
    for stretch in reversed(stretches[:anchor]):
        high = laid[0][0].first
        found = _within(stretch, text, (max(0, high - NEAR - len(stretch.words)), high), finder)
        if found is None:
            return None
        laid.insert(0, found)
    return laid


def _within(stretch: Quote, text: Words, window: tuple[int, int], finder: Finder) -> _Laid | None:
    low, high = window
    run = joined(stretch.words.texts).strip()
    aligned = align(run, joined(text.texts[low:high]), int(len(run) * _TOLERANCE)) if low < len(text) else None
    if aligned is None:
        return None
    one = Found(0, low + aligned[0], low + aligned[1], aligned[2])
    found = compared(stretch, text, one, finder.is_known)
    least = KEPT if len(stretch.words) > 3 else _KEPT_SHORT
    return found if low <= found[0].first and found[0].last <= high and kept(stretch, found[1]) >= least else None
