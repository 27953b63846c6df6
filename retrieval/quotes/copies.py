"""Other articles that carry words which were found as they stand, in nearly the same words."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Sequence

from retrieval.quotes.find import ALIGNED, COMMON, Finder, Found
from retrieval.quotes.wording import joined

ALIKE = 0.25
"""Character edits, as a part of the words', beyond which another wording is no copy."""

_PHRASES = 4  # asked for, of three words each, the rarest that have no word in common
_SHARED = 2  # of them are in a copy


def copies(words: Sequence[str], finder: Finder, *, beyond: Collection[int]) -> list[Found]:
    """Return the best place in each other article that holds nearly the words, fewest edits first.

    Cheaper than :meth:`Finder.near`: what differs in every fourth word or more often is not found.

    Args:
        words: Folded.
        finder: Searches.
        beyond: The articles that are known already.
    """
    run = joined(list(words)).strip()
    rows = [row for row in _sharing(words, finder) if row not in beyond]
    return finder.aligned(run, int(len(run) * ALIKE), rows)


def _sharing(words: Sequence[str], finder: Finder) -> list[int]:
    counts = finder.frequencies(words)
    costs = [math.log(1 + counts[word]) for word in words]
    taken: list[int] = []
    ballots: Counter[int] = Counter()
    for start in sorted(range(len(words) - 2), key=lambda start: sum(costs[start : start + 3])):
        if len(taken) < _PHRASES and all(abs(start - other) > 2 for other in taken):
            taken.append(start)
            ballots.update(finder.phrase(words[start : start + 3], limit=-1 if finder.filters else COMMON))
    least = min(_SHARED, len(taken))
    return finder.within(row for row, count in ballots.most_common(ALIGNED) if count >= least)
