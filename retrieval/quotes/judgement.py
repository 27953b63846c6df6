"""A verdict on the words with the places it rests on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from retrieval.quotes.places import Place
from retrieval.quotes.verdict import Severity, TextVerdict

ORDER = list(TextVerdict)
"""Verdicts from the strictest to the loosest."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on the words, and the places it rests on, best first."""

    verdict: TextVerdict
    places: tuple[Place, ...] = ()

    @property
    def severity(self) -> Severity:
        """How much the differences at the best place matter."""
        if self.verdict in {TextVerdict.TRUNCATED, TextVerdict.SPLICED}:
            return Severity.HIGH
        if self.verdict is not TextVerdict.ALTERED:
            return Severity.NONE
        best = self.places[0]
        is_grave = any(change.is_grave for change in best.changes) or any(one.telling for one in best.omitted)
        return Severity.HIGH if is_grave or not best.changes else Severity.LOW


def rank(place: Place) -> tuple[int, bool, int]:
    """Order places: by verdict, whole quotations first, then by the characters that differ."""
    return ORDER.index(place.verdict), not place.whole, place.cost


def best(places: Iterable[Place]) -> Judgement:
    """Return the best place's verdict with all the places."""
    ranked = sorted(places, key=rank)
    return Judgement(ranked[0].verdict, tuple(ranked))
