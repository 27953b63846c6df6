"""The sentences that carry a claim: as few as do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from bot.answering.features import CandidateSentence
from bot.verification.features import ParsedClaim, ranked
from retrieval.text.numbers import Quantity, quantities

MAX_EVIDENCE = 4
"""Sentences that may carry one claim."""
MIN_GAIN = 0.1
"""The share of a claim's weight that a further sentence must bring."""
FACT_WEIGHT = 2.0
"""How much more a number or name weighs here than another word: the sentence that has it is worth showing."""
_ELSEWHERE = 0.7  # what the same gain counts for in another article


@lru_cache(maxsize=20_000)
def numbers_of(text: str) -> tuple[Quantity, ...]:
    """Return the numbers of a sentence; remembered."""
    return quantities(text)


def choose(
    claim: ParsedClaim, found: Sequence[CandidateSentence], hits: Sequence[str], near: Sequence[float] = ()
) -> list[int]:
    """Return the numbers of the sentences that carry a claim, best first: one, or up to ``MOST``.

    Args:
        claim: What is to be carried.
        found: The sentences, at least one.
        hits: The article of each hit.
        near: How near each sentence comes in meaning, where known: it decides between sentences with as many words.
    """
    needs = _needs(claim)
    sentences = [each.sentence for each in found]
    held = [_held(claim, needs, each.sentence.text, each.sentence.terms) for each in found]
    place = {number: rank for rank, number in enumerate(ranked(claim, sentences))}
    total = sum(needs.values()) or 1.0
    nearness = near or [0.0] * len(found)
    worth = [sum(needs[key] for key in each) / total for each in held]
    first = max(
        range(len(found)),
        key=lambda number: worth[number] + nearness[number] - 0.02 * min(place[number], 10),
    )
    chosen = [first]
    covered = set(held[first])
    own = hits[found[first].hit]
    while len(chosen) < MAX_EVIDENCE:
        gains = [
            _gain(needs, each - covered, each) / total * (1.0 if hits[found[number].hit] == own else _ELSEWHERE)
            for number, each in enumerate(held)
        ]
        best = max(range(len(found)), key=gains.__getitem__)
        if best in chosen or gains[best] <= MIN_GAIN:
            break
        chosen.append(best)
        covered |= held[best]
    return chosen


def _gain(needs: Mapping[str, float], fresh: set[str], held: set[str]) -> float:
    """Return the weight of what a sentence adds; a number or name that it adds besides shared words counts double."""
    firm = sum(needs[key] for key in fresh if needs[key] > 1.0)
    gain = sum(needs[key] for key in fresh)
    return gain + firm * (len(held) - len(fresh) + sum(not key.startswith("#") for key in fresh) > 1)


def _needs(claim: ParsedClaim) -> dict[str, float]:
    """Return what has to be carried, with its weight: content words, and numbers as "#" and their place."""
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


def _held(claim: ParsedClaim, needs: Mapping[str, float], text: str, terms: frozenset[str]) -> set[str]:
    held = {key for key in needs if key in terms}
    numbers = numbers_of(text)
    for place, wanted in enumerate(numbers_of(claim.text)):
        if any(wanted.agrees(each) for each in numbers):
            held.add(f"#{place}")
    return held
