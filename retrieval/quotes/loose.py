"""Words that stand nowhere as they are: nearly the same ones, or pieces from several places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from retrieval.quotes.find import Finder, Found
from retrieval.quotes.judgement import Judgement, best, rank
from retrieval.quotes.parts import Part
from retrieval.quotes.places import KEPT, Place, Quote, changed_words, kept
from retrieval.quotes.splices import spliced
from retrieval.quotes.verdict import TextVerdict

FARTHEST = 0.5
"""Character edits, as a part of the quotation's, beyond which a place is not looked at."""

_SCATTERED = 0.5, 0.4, 10.0
"""Or: at least so many kept, in two runs or more, at most so many edits, and kept words that say so much (nats)."""

_LONG_RUN = 10, 0.6  # or in one run of so many words, which says as much, and is so much of the quotation
_EDITED = 5  # words, at most, that are other ones there
_LOST = 4  # words of the quotation that a place lacks, from which they are looked for elsewhere
_PIECED = 600  # words: a longer quotation is not taken to pieces
_JUDGED = 4  # near places that are judged, those with most of the words first
_GATHERED = 10  # words: in a quotation as short, words that changed places are looked for one by one


def loose(asked: Quote, split: Sequence[Part], finder: Finder, gapped: Place | None) -> Judgement:
    """Judge words that stand nowhere as they are: altered, spliced or not found.

    Args:
        asked: The quotation.
        split: Its parts.
        finder: Searches.
        gapped: The place of all its stretches between ellipses, if they have one.
    """
    altered = [gapped] if gapped else sorted(_nearly(asked, finder), key=rank)
    lost = (1 - kept(asked, altered[0].changes)) * len(asked.words) if altered else 0.0
    if altered and (lost < _LOST or altered[0].verdict is not TextVerdict.ALTERED):
        return best(altered)
    dominant = altered[0] if altered else None
    apart = spliced(asked, split, finder, dominant=dominant) if len(asked.words) <= _PIECED else None
    if altered and (apart is None or apart.verdict is TextVerdict.ALTERED):
        return best(altered)
    return apart or Judgement(TextVerdict.NOT_FOUND)


def _nearly(asked: Quote, finder: Finder) -> list[Place]:
    """Return the places that carry the quotation with changes."""
    words = asked.words.texts
    near = finder.near(words, tolerance=FARTHEST)
    share = {one: shared_words(words, finder.stored(one.row).split()[one.first : one.last]) for one in near}
    near.sort(key=lambda one: one.distance / len(" ".join(words)) - share[one])
    found = [place for one in near[:_JUDGED] if (place := _changed(asked, finder, one))]
    if not found and len(words) <= _GATHERED:
        rows = finder.candidates(words)[:_JUDGED]
        found = [place for row in rows if (place := _changed(asked, finder, _gathered(words, finder, row)))]
    return found


def shared_words(asked: Sequence[str], there: Sequence[str]) -> float:
    """Return the part of the asked words that stand in ``there``, in any order."""
    return (Counter(word.replace("'", "") for word in asked) & Counter(there)).total() / len(asked)


def _gathered(words: Sequence[str], finder: Finder, row: int) -> Found:
    """Return the stretch of an article, as long as the quotation, that shares most words with it."""
    there = finder.stored(row).split()
    at = max(
        range(max(1, len(there) - len(words) + 1)),
        key=lambda start: shared_words(words, there[start : start + len(words)]),
    )
    return Found(row, at, min(len(there), at + len(words)))


def _changed(asked: Quote, finder: Finder, one: Found) -> Place | None:
    """Judge a near place; None where too little of the quotation stands in it unchanged."""
    place = changed_words(asked, finder.words(one.row), one, finder.is_known)
    share = kept(asked, place.changes)
    if share >= KEPT:
        return place
    least, most, says = _SCATTERED
    if share < least:
        return None
    runs = _kept_runs(asked, place)
    rarity = finder.rarity(asked.words.texts)
    if sum(rarity[word] for run in runs for word in run) < says:
        return None
    few = (1 - share) * len(asked.words) <= _EDITED and one.distance <= most * len(" ".join(asked.words.texts))
    is_long = any(len(run) >= max(_LONG_RUN[0], _LONG_RUN[1] * len(asked.words)) for run in runs)
    return place if (few and len(runs) > 1) or is_long else None


def _kept_runs(asked: Quote, place: Place) -> list[list[str]]:
    """Return the runs of at least two of the quotation's words that stand in a place unchanged."""
    runs: list[list[str]] = [[]]
    lost = [change.quote_span for change in place.changes if change.quoted]
    for number, word in enumerate(asked.words.texts):
        at = asked.words.span(number, number + 1).start + asked.offset
        if any(span.start <= at < span.end for span in lost):
            runs.append([])
        else:
            runs[-1].append(word)
    return [run for run in runs if len(run) > 1]
