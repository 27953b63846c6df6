"""Evidence selection: the fewest sentences that support a claim."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from bot.answering.features import CandidateSentence
from bot.verification.features import ParsedClaim, rank_sentences
from retrieval.text.numbers import Quantity, quantities

MAX_EVIDENCE = 4
"""Evidence sentences of one claim."""
MIN_GAIN = 0.1
"""The share of a claim's weight that a further sentence must add."""
FACT_WEIGHT = 2.0
"""Weight of a number or name where another word weighs at most 1: a reader wants to see its source."""
_OTHER_ARTICLE_FACTOR = 0.7  # a gain from another article counts for less


@lru_cache(maxsize=20_000)
def cached_quantities(text: str) -> tuple[Quantity, ...]:
    """Return the numbers of a sentence, cached."""
    return quantities(text)


def choose_evidence(claim: ParsedClaim, found: Sequence[CandidateSentence], hits: Sequence[str]) -> list[int]:
    """Return the indices of a claim's evidence sentences, best first: from one to ``MAX_EVIDENCE``.

    Args:
        claim: The claim.
        found: The candidate sentences, at least one.
        hits: The article of each hit.
    """
    needs = _needs(claim)
    sentences = [each.sentence for each in found]
    held = [_supported_needs(claim, needs, each.sentence.text, each.sentence.terms) for each in found]
    place = {number: rank for rank, number in enumerate(rank_sentences(claim, sentences))}
    total = sum(needs.values()) or 1.0
    worth = [sum(needs[key] for key in each) / total for each in held]
    first = max(
        range(len(found)),
        key=lambda number: worth[number] - 0.02 * min(place[number], 10),
    )
    chosen = [first]
    covered = set(held[first])
    own = hits[found[first].hit]
    while len(chosen) < MAX_EVIDENCE:
        gains = [
            _gain(needs, each - covered, each)
            / total
            * (1.0 if hits[found[number].hit] == own else _OTHER_ARTICLE_FACTOR)
            for number, each in enumerate(held)
        ]
        best = max(range(len(found)), key=gains.__getitem__)
        if best in chosen or gains[best] <= MIN_GAIN:
            break
        chosen.append(best)
        covered |= held[best]
    return chosen


def _gain(needs: Mapping[str, float], fresh: set[str], held: set[str]) -> float:
    """Return the weight that a sentence adds; a new number or name counts double where other words match too."""
    facts = sum(needs[key] for key in fresh if needs[key] > 1.0)
    gain = sum(needs[key] for key in fresh)
    return gain + facts * (len(held) - len(fresh) + sum(not key.startswith("#") for key in fresh) > 1)


def _needs(claim: ParsedClaim) -> dict[str, float]:
    """Return the weight of each content word and number ("#" and its position) that needs support."""
    found = quantities(claim.text)
    inside = {
        word.term for word in claim.words for each in found if each.start <= word.start < each.end and word.number
    }
    names = {word.term for word in claim.words if word.name}
    needs = {
        term: weight * (FACT_WEIGHT if term in names else 1.0)
        for term, weight in claim.content.items()
        if term not in inside
    }
    return needs | {f"#{place}": FACT_WEIGHT for place in range(len(found))}


def _supported_needs(claim: ParsedClaim, needs: Mapping[str, float], text: str, terms: frozenset[str]) -> set[str]:
    held = {key for key in needs if key in terms}
    numbers = cached_quantities(text)
    for place, wanted in enumerate(cached_quantities(claim.text)):
        if any(wanted.agrees(each) for each in numbers):
            held.add(f"#{place}")
    return held
