"""Tells nearly equal texts, so that one report carried by many outlets takes one place in a list and not all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import dataclass

from retrieval.text.analyzer import analysed, fold, words
from retrieval.text.lexicon import is_negator

SHINGLE = 3
"""Terms a shingle: long enough that two texts on one subject share few, short enough for texts of one sentence."""

ALIKE = 0.7
"""Jaccard similarity of two texts' shingles from which they are copies (Broder, "On the resemblance and containment of
documents", 1997). A passage of 150 words stays above it with 8 words changed here and there, or with 25 words more or
less at an end; passages that only report on the same event stay far below."""

TOLD = 0.4
"""Share of a sentence's shingles from which a sentence of its article's copy is the same sentence: with every tenth
word changed .73 of them are left, give or take .15."""


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
        negations=tuple(sorted(word for word in folded if is_negator(word))),
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


def is_copy(text: Imprint, kept: Sequence[Imprint]) -> bool:
    """Tell whether ``text`` is a copy of any of ``kept``."""
    return any(are_copies(text, other) for other in kept)


class Sentences:
    """Sentences of an article, to tell which of them a copy of the article says again."""

    def __init__(self) -> None:
        self._known: list[tuple[str, Imprint]] = []
        self._holding: dict[tuple[str, ...], list[int]] = {}

    def add(self, passage: str, sentence: Imprint) -> None:
        """Add a sentence of the passage with this id."""
        for shingle in sentence.shingles:
            self._holding.setdefault(shingle, []).append(len(self._known))
        self._known.append((passage, sentence))

    def tell(self, sentence: Imprint, left_out: Container[str]) -> bool:
        """Tell whether they say ``sentence``, with its numbers and its negations.

        The one most like it decides. A number may also stand in another of them, beside the same words: sentences are
        not always parted alike. Passages whose ids are in ``left_out`` do not count.
        """
        held: dict[tuple[str, ...], list[int]] = {}
        for shingle in sentence.shingles:
            standing = [at for at in self._holding.get(shingle, ()) if self._known[at][0] not in left_out]
            if standing:
                held[shingle] = standing
        shared = Counter(at for standing in held.values() for at in standing)
        most = max(shared.values(), default=0)
        if most == 0 or most < TOLD * len(sentence.shingles):
            return False
        beside = sentence.numbers.intersection(term for shingle in held for term in shingle)
        likest = (self._known[at][1] for at, number in shared.items() if number == most)
        return any(one.negations == sentence.negations and sentence.numbers <= one.numbers | beside for one in likest)
