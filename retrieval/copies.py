"""Tells nearly equal texts, so that one report carried by many outlets takes one place in a list and not all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from retrieval.words import analysed, fold, words

SHINGLE = 3
"""Terms a shingle: long enough that two texts on one subject share few, short enough for texts of one sentence."""

ALIKE = 0.7
"""Jaccard similarity of two texts' shingles from which they are copies (Broder, "On the resemblance and containment of
documents", 1997). A passage of 150 words stays above it with 8 words changed here and there, or with 25 words more or
less at an end; passages that only report on the same event stay far below."""

_NEGATIONS = frozenset("no not nor never none nobody nothing neither without cannot".split())  # noqa: SIM905 (as prose)


@dataclass(frozen=True, slots=True)
class Imprint:
    """What of a text is compared: its shingles, its numbers and its negations."""

    shingles: frozenset[tuple[str, ...]]
    numbers: frozenset[str]
    negations: tuple[str, ...]


def imprint(text: str) -> Imprint:
    """Return the imprint of ``text``; about .2 ms for 150 words."""
    found = words(text)
    terms = analysed(found)
    runs = zip(*(terms[at:] for at in range(SHINGLE)), strict=False) if len(terms) > SHINGLE else (tuple(terms),)
    folded = [fold(word) for word in found]
    return Imprint(
        shingles=frozenset(runs),
        numbers=frozenset(word for word in folded if not word.isalpha() and any(map(str.isdigit, word))),
        negations=tuple(sorted(word for word in folded if word in _NEGATIONS or word.endswith("n't"))),
    )


def are_copies(one: Imprint, other: Imprint) -> bool:
    """Tell whether two texts say the same in nearly the same words.

    Texts that each hold a number the other lacks, or that differ in their negations, never are: a corrected report is
    what a reader must see beside the first.
    """
    if one.negations != other.negations or (one.numbers - other.numbers and other.numbers - one.numbers):
        return False
    shorter, longer = sorted((len(one.shingles), len(other.shingles)))
    if shorter < ALIKE * longer:
        return False
    shared = len(one.shingles & other.shingles)
    return shared >= ALIKE * (len(one.shingles) + len(other.shingles) - shared)


def is_within(part: Imprint, whole: Imprint) -> bool:
    """Tell whether a text says nothing that a longer one does not say, in nearly the same words.

    It never does when it holds a number that the longer text lacks, or when a negation is here and not there.
    """
    missing = part.shingles - whole.shingles
    if part.numbers - whole.numbers or len(missing) > (1 - ALIKE) * len(part.shingles):
        return False
    return not any(_negates(shingle, whole) for shingle in missing)


def _negates(shingle: tuple[str, ...], whole: Imprint) -> bool:
    """Tell whether a run of words holds a negation, or becomes one of ``whole``'s by putting one between two words."""
    if _NEGATIONS.intersection(shingle):
        return True
    return any((one, negation, other) in whole.shingles for one, other in pairwise(shingle) for negation in _NEGATIONS)


def is_copy(text: Imprint, kept: Sequence[Imprint]) -> bool:
    """Tell whether ``text`` is a copy of any of ``kept``."""
    return any(are_copies(text, other) for other in kept)
