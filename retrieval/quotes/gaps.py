"""A quotation with ellipses whose words are not all the article's: each stretch is compared with a place of its own."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from retrieval.articles import Span
from retrieval.quotes.alignment import align
from retrieval.quotes.cuts import Omission, telling
from retrieval.quotes.diff import COSMETIC, Change, Run
from retrieval.quotes.edits import NEAR
from retrieval.quotes.find import Finder, Found
from retrieval.quotes.parts import Kind, Part
from retrieval.quotes.places import KEPT, Place, Quote, compared, cost_of, cut, kept
from retrieval.quotes.verdict import TextVerdict
from retrieval.quotes.wording import Words, joined

_TOLERANCE = 0.5  # character edits, as a part of a stretch's
_ANCHORS = 3  # articles in which the longest stretch is looked at
_KEPT_SHORT = 0.5  # KEPT for stretches of at most three words: one of two, two of three

_Laid = tuple[Run, list[Change]]


def place(asked: Quote, split: Sequence[Part], finder: Finder) -> Place | None:
    """Return where every stretch between ellipses nearly stands, in order and near, in one article; or None."""
    stretches = list(_stretches(asked, split))
    if len(stretches) < 2:
        return None
    anchor = max(range(len(stretches)), key=lambda number: len(stretches[number].text))
    near = finder.near(stretches[anchor].words.texts, tolerance=_TOLERANCE)[:_ANCHORS]
    found = [judged for one in near if (judged := _judged(stretches, anchor, one, finder))]
    return min(found, key=lambda judged: judged.cost, default=None)


def _stretches(asked: Quote, split: Sequence[Part]) -> Iterator[Quote]:
    for is_gap, group in itertools.groupby(split, key=lambda part: part.kind is Kind.GAP):
        parts = list(group)
        if not is_gap and any(part.words for part in parts):
            yield asked.part(parts[0].start, parts[-1].end)


def _judged(stretches: Sequence[Quote], anchor: int, one: Found, finder: Finder) -> Place | None:
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
