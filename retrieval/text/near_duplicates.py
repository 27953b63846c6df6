"""Near-duplicate texts: passages and sentences that say the same in nearly the same words.

A report that many outlets publish takes one place among search results. Texts that differ in a number or in their
negation are never near-duplicates: a reader must see a corrected report beside the first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import dataclass
from functools import lru_cache

from retrieval.text.analyzer import analysed, fold, words
from retrieval.text.lexicon import is_negator

SHINGLE_TERMS = 3
"""Long enough that two texts on one subject share few shingles, short enough for texts of one sentence."""

MIN_SIMILARITY = 0.7
"""Jaccard similarity of two texts' shingles from which they are near-duplicates (Broder, "On the resemblance and
containment of documents", 1997). A passage of 150 words stays above it with 8 words changed here and there, or with 25
words more or less at an end; passages that only report on the same event stay far below."""

MIN_SHARED = 0.4
"""Share of a sentence's shingles from which a sentence of a syndicated copy is the same sentence: with every tenth word
changed .73 of them are left, give or take .15."""


@dataclass(frozen=True, slots=True)
class ShingleSet:
    """The shingles of a text (its runs of ``SHINGLE_TERMS`` terms), its numbers and its sorted negators."""

    shingles: frozenset[tuple[str, ...]]
    numbers: frozenset[str]
    negators: tuple[str, ...]


def shingle_set(text: str) -> ShingleSet:
    """Return the shingles, numbers and negators of ``text``; about .2 ms for 150 words."""
    found = words(text)
    terms = analysed(found)
    longer = len(terms) > SHINGLE_TERMS
    runs = zip(*(terms[at:] for at in range(SHINGLE_TERMS)), strict=False) if longer else (tuple(terms),)
    compared = list(map(_compared, found))
    return ShingleSet(
        shingles=frozenset(runs),
        numbers=frozenset(word for word, number, _ in compared if number),
        negators=tuple(sorted(word for word, _, negator in compared if negator)),
    )


@lru_cache(maxsize=200_000)
def _compared(word: str) -> tuple[str, bool, bool]:
    """Return a word folded, whether it is a number, and whether it is a negator."""
    folded = fold(word)
    return folded, not folded.isalpha() and any(map(str.isdigit, folded)), is_negator(folded)


def are_near_duplicates(one: ShingleSet, other: ShingleSet) -> bool:
    """Return whether two texts say the same in nearly the same words.

    False where each holds a number that the other lacks, or where their negators differ.
    """
    if one.negators != other.negators or (one.numbers - other.numbers and other.numbers - one.numbers):
        return False
    shorter, longer = sorted((len(one.shingles), len(other.shingles)))
    if shorter < MIN_SIMILARITY * longer:
        return False
    shared = len(one.shingles & other.shingles)
    return shared >= MIN_SIMILARITY * (len(one.shingles) + len(other.shingles) - shared)


def duplicates_any(text: ShingleSet, others: Sequence[ShingleSet]) -> bool:
    """Return whether ``text`` is a near-duplicate of one of ``others``."""
    return any(are_near_duplicates(text, other) for other in others)


class SentenceIndex:
    """Sentences of one article, found by their shingles when a syndicated copy has them again."""

    def __init__(self) -> None:
        self._sentences: list[tuple[str, ShingleSet]] = []
        self._by_shingle: dict[tuple[str, ...], list[int]] = {}

    def add(self, passage: str, sentence: ShingleSet) -> None:
        """Add a sentence of the passage with this id."""
        for shingle in sentence.shingles:
            self._by_shingle.setdefault(shingle, []).append(len(self._sentences))
        self._sentences.append((passage, sentence))

    def contains(self, sentence: ShingleSet, left_out: Container[str]) -> bool:
        """Return whether ``sentence`` occurs, with its numbers and its negators.

        Compared with the sentences that share most shingles with it. A number may also occur in another sentence beside
        the same words, since the two articles may be split into sentences differently. Passages whose ids are in
        ``left_out`` do not count.
        """
        found: dict[tuple[str, ...], list[int]] = {}
        for shingle in sentence.shingles:
            places = [at for at in self._by_shingle.get(shingle, ()) if self._sentences[at][0] not in left_out]
            if places:
                found[shingle] = places
        shared = Counter(at for places in found.values() for at in places)
        most = max(shared.values(), default=0)
        if most == 0 or most < MIN_SHARED * len(sentence.shingles):
            return False
        beside = sentence.numbers.intersection(term for shingle in found for term in shingle)
        nearest = (self._sentences[at][1] for at, number in shared.items() if number == most)
        return any(each.negators == sentence.negators and sentence.numbers <= each.numbers | beside for each in nearest)
