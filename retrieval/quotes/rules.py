"""From comparisons to one verdict on a quotation's words: the rules, from the strictest to the loosest.

:func:`decide` returns a :class:`Judgement`. Nothing is searched here: the rules read what was compared.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from retrieval.quotes.comparison import (
    MAX_WORDS,
    MIN_COVERED,
    MIN_WORDS,
    Comparison,
    Comparisons,
    Search,
    is_short,
    kept,
    kept_runs,
)
from retrieval.quotes.diff import COSMETIC, ChangeKind, fold_of
from retrieval.quotes.edits import MIN_KEPT
from retrieval.quotes.quotation_parts import PartKind, Quote
from retrieval.quotes.verdict import Severity, TextVerdict
from retrieval.text.folding import DOUBLE_MARKS
from retrieval.text.lazy_pattern import LazyPattern

_MIN_MEAN_WORDS = 5.5  # of the fragments; those of chains of likely words stay below
_MIN_MEAN_WORDS_PAIR, _MIN_MEAN_WORDS_MORE = 6.0, 7.0  # of two, and of more, that meet inside a clause
_MIN_COVERED_INSIDE = 0.95  # MIN_COVERED of fragments that meet inside a clause
_MAX_FRAGMENTS, _MAX_FRAGMENTS_OF_ONE = 4, 6  # of several articles, and of one
_MIN_ADDED_WORDS = 6  # of other fragments, beside a place that has most of the quotation

_MIN_SCATTERED, _MAX_SCATTERED_EDITS, _MIN_INFORMATION = 0.5, 0.4, 10.0
"""Below MIN_KEPT: the least share kept, in two runs or more, the most edits, and the least information of what is kept
(nats)."""

_MIN_RUN_WORDS, _MIN_RUN_SHARE = 10, 0.6  # or one run of so many words, and so much of the quotation
_MAX_OTHER_WORDS = 5  # of the quotation that are other ones there
_MAX_LOST_WORDS = 4  # of the quotation that a place lacks, from which they are searched for elsewhere

_STOP = LazyPattern(f"[.!?…;:\n{re.escape(DOUBLE_MARKS)}]")
_STOP_OR_NAME = LazyPattern(f"[.!?…;:\n{re.escape(DOUBLE_MARKS)}]|,\\s+[^a-z\\s]")

_STRICTNESS = {verdict: number for number, verdict in enumerate(TextVerdict)}


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on the words, and the places that support it, best first."""

    verdict: TextVerdict
    places: tuple[Comparison, ...] = ()

    @property
    def severity(self) -> Severity:
        """How much the differences at the best place matter."""
        if self.verdict in {TextVerdict.TRUNCATED, TextVerdict.SPLICED}:
            return Severity.HIGH
        if self.verdict is not TextVerdict.ALTERED:
            return Severity.NONE
        best = self.places[0]
        is_grave = any(change.is_grave for change in best.changes) or any(one.critical for one in best.omitted)
        return Severity.HIGH if is_grave or not best.changes else Severity.LOW

    def verdict_at(self, place: Comparison) -> TextVerdict:
        """Return the verdict on one of the places: each part of a spliced quotation is spliced."""
        return TextVerdict.SPLICED if self.verdict is TextVerdict.SPLICED else verdict_of(place)


@dataclass(slots=True)
class _Earlier:
    """What earlier searches found that did not decide: places best first."""

    exact: list[Comparison] = field(default_factory=list)
    altered: list[Comparison] = field(default_factory=list)


def decide(quote: Quote, found: Iterable[Comparisons], house_style: Collection[str] = COSMETIC) -> Judgement:
    """Return the verdict on a quotation's words; NOT_FOUND where neither they nor nearly the same occur.

    Args:
        quote: The quotation.
        found: What ever wider searches found; read no further than is needed.
        house_style: The differences that are no error; all of :class:`~retrieval.quotes.style.Style` by default.
    """
    if not len(quote.words):
        return Judgement(TextVerdict.TOO_SHORT)
    earlier = _Earlier()
    for group in found:
        places = tuple(within_style(place, house_style) for place in group.places)
        judgement = _RULES[group.search](quote, replace(group, places=places), earlier)
        if judgement is not None:
            return judgement
    left = earlier.altered or earlier.exact
    return _best(left) if left else Judgement(TextVerdict.NOT_FOUND)


def _on_exact(quote: Quote, group: Comparisons, earlier: _Earlier) -> Judgement | None:
    exact = earlier.exact = sorted(group.places, key=rank)
    if is_short(quote):
        return _too_short(quote, exact)
    return _best(exact) if exact and _needs_no_edits(quote, exact[0]) else None


def _on_edited(_quote: Quote, group: Comparisons, _earlier: _Earlier) -> Judgement | None:
    return _best(group.places) if group.places else None


def _on_parts(_quote: Quote, group: Comparisons, earlier: _Earlier) -> Judgement | None:
    if group.places:
        return Judgement(TextVerdict.SPLICED, group.places)
    return _best(earlier.exact) if earlier.exact else None


def _on_near(quote: Quote, group: Comparisons, earlier: _Earlier) -> Judgement | None:
    if earlier.altered:
        return None
    has_edits = group.search is Search.STRETCHES
    sources = [one for one in group.places if has_edits or _is_source(quote, one, group.rarity)]
    altered = earlier.altered = sorted(sources, key=rank)
    return _best(altered) if altered and verdict_of(altered[0]) is not TextVerdict.ALTERED else None


def _on_ends(quote: Quote, group: Comparisons, earlier: _Earlier) -> Judgement | None:
    if group.places:
        return Judgement(TextVerdict.SPLICED, group.places)
    altered = earlier.altered
    return _best(altered) if altered and not _may_be_spliced(quote, altered[0]) else None


def _on_reordered(quote: Quote, group: Comparisons, earlier: _Earlier) -> Judgement | None:
    return _on_near(quote, group, earlier) or _on_ends(quote, replace(group, places=()), earlier)


def _on_interrupted(_quote: Quote, group: Comparisons, earlier: _Earlier) -> Judgement | None:
    places = [one for one in group.places if not earlier.altered or verdict_of(one) is not TextVerdict.ALTERED]
    return _best(places) if places else None


def _on_fragments(quote: Quote, group: Comparisons, earlier: _Earlier) -> Judgement | None:
    is_spliced = _is_spliced(quote, group.places, earlier.altered[0] if earlier.altered else None)
    return Judgement(TextVerdict.SPLICED, group.places) if is_spliced else None


_RULES: dict[Search, Callable[[Quote, Comparisons, _Earlier], Judgement | None]] = {
    Search.EXACT: _on_exact,
    Search.EDITED: _on_edited,
    Search.PARTS: _on_parts,
    Search.STRETCHES: _on_near,
    Search.NEAR: _on_near,
    Search.ENDS: _on_ends,
    Search.REORDERED: _on_reordered,
    Search.INTERRUPTED: _on_interrupted,
    Search.FRAGMENTS: _on_fragments,
}
"""The rule for what each search found: a judgement, or None to search more widely."""


def within_style(place: Comparison, house_style: Collection[str]) -> Comparison:
    """Return a place with the differences of style that are not the house's as differences of words."""
    other = [change for change in place.style if change.reason not in house_style]
    if not other:
        return place
    style = tuple(change for change in place.style if change.reason in house_style)
    changes = tuple(sorted((*place.changes, *other), key=lambda change: change.quote_span))
    folds = set(map(fold_of, other)) - set(map(fold_of, style))
    return replace(place, changes=changes, style=style, folds=tuple(name for name in place.folds if name not in folds))


def verdict_of(place: Comparison) -> TextVerdict:
    """Return what the quotation is to one place alone."""
    if place.has_other_text or any(change.reason is not ChangeKind.BRACKET for change in place.changes):
        return TextVerdict.ALTERED
    if place.is_cut or (place.is_edited and any(omission.critical for omission in place.omitted)):
        return TextVerdict.TRUNCATED
    if place.is_edited:
        return TextVerdict.EDITED
    return TextVerdict.COSMETIC if place.folds else TextVerdict.VERBATIM


def rank(place: Comparison) -> tuple[int, bool, int]:
    """Return the order of places: by verdict, whole quotations first, then by the characters that differ."""
    return _STRICTNESS[verdict_of(place)], not place.is_whole, place.cost


def _best(places: Iterable[Comparison]) -> Judgement:
    """Return the best place's verdict with all the places."""
    ranked = sorted(places, key=rank)
    return Judgement(verdict_of(ranked[0]), tuple(ranked))


def _too_short(quote: Quote, exact: Sequence[Comparison]) -> Judgement:
    whole = tuple(place for place in exact if place.is_whole and verdict_of(place) is TextVerdict.VERBATIM)
    if whole and len(quote.words) >= MIN_WORDS - 1:
        return Judgement(TextVerdict.VERBATIM, whole)
    return Judgement(TextVerdict.TOO_SHORT, tuple(exact))


def _needs_no_edits(quote: Quote, best: Comparison) -> bool:
    """Return whether brackets and ellipses explain nothing about a quotation whose words occur as they are."""
    if len(quote.words) > MAX_WORDS or not quote.is_edited or not _has_edge_edits(quote):
        return True
    return verdict_of(best) is TextVerdict.VERBATIM or best.has_same_edits


def _has_edge_edits(quote: Quote) -> bool:
    """Return whether an edit is at the quotation's edge, where its words alone do not show it."""
    return (
        quote.parts[0].kind is PartKind.GAP
        or quote.parts[-1].kind is PartKind.GAP
        or any(part.kind is PartKind.BRACKET and (not part.words or part.outside) for part in quote.parts)
    )


def _is_source(quote: Quote, place: Comparison, rarity: Mapping[str, float]) -> bool:
    """Return whether a near place is the quotation's source: enough of it is kept there unchanged."""
    share = kept(quote, place)
    if share >= MIN_KEPT:
        return True
    if share < _MIN_SCATTERED:
        return False
    runs = kept_runs(quote, place)
    if sum(rarity[word] for run in runs for word in run) < _MIN_INFORMATION:
        return False
    words = quote.words.texts
    is_near = place.distance <= _MAX_SCATTERED_EDITS * len(" ".join(words))
    few_other = (1 - share) * len(words) <= _MAX_OTHER_WORDS and is_near
    is_long = any(len(run) >= max(_MIN_RUN_WORDS, _MIN_RUN_SHARE * len(words)) for run in runs)
    return (few_other and len(runs) > 1) or is_long


def _may_be_spliced(quote: Quote, best: Comparison) -> bool:
    """Return whether the best place lacks so much of the quotation that it may come from elsewhere."""
    lost = (1 - kept(quote, best)) * len(quote.words)
    return lost >= _MAX_LOST_WORDS and verdict_of(best) is TextVerdict.ALTERED


def _is_spliced(quote: Quote, places: Sequence[Comparison], dominant: Comparison | None) -> bool:
    """Return whether a quotation consists of fragments; False where they are too few, too short or too many.

    Args:
        quote: The quotation.
        places: The fragments' places, in the quotation's order.
        dominant: The place of most of it, with changes. Other fragments must then add more than a phrase.
    """
    if not places:
        return False
    sizes = [end - start for start, end in (place.quoted for place in places)]
    covered = sum(sizes) / len(quote.words)
    most = _MAX_FRAGMENTS if len({place.row for place in places}) > 1 else _MAX_FRAGMENTS_OF_ONE
    if covered < MIN_COVERED or len(places) > most:
        return False
    joints = list(itertools.pairwise(places))
    clean = all(_has_stop(_STOP, quote, left, right) or right.starts_sentence for left, right in joints)
    rough = _MIN_MEAN_WORDS_PAIR if len(places) == 2 else _MIN_MEAN_WORDS_MORE
    if sum(sizes) < (_MIN_MEAN_WORDS if clean else rough) * len(places):
        return False
    if covered < _MIN_COVERED_INSIDE and not clean:
        return False
    if dominant is None or all(_has_stop(_STOP_OR_NAME, quote, left, right) for left, right in joints):
        return True
    added = [
        size
        for place, size in zip(places, sizes, strict=True)
        if place.row != dominant.row or not place.span.overlaps(dominant.span)
    ]
    return sum(added) >= _MIN_ADDED_WORDS


def _has_stop(stop: LazyPattern, quote: Quote, left: Comparison, right: Comparison) -> bool:
    """Return whether the quotation has such a stop where two fragments meet, one word more or less."""
    words, count = quote.words, len(quote.words)
    low = words.span(max(0, left.quoted[1] - 2), max(1, left.quoted[1] - 1)).end
    last = words.span(min(right.quoted[0] + 1, count - 1), count)
    return bool(stop.search(quote.text[low : last.start]))
