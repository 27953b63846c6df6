"""Near-duplicate texts: passages and sentences that say the same in nearly the same words.

A report that many outlets publish takes one place among search results. Texts that differ in a number or in their
negation are never near-duplicates: a reader must see a corrected report beside the first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Sequence
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


class ShingleSet:
    """What is compared of a text. Its shingles are made when a comparison first needs them: few do.

    Attributes:
        numbers: Its numbers.
        negators: Its negators, sorted, with repeats.
    """

    def __init__(self, text: str) -> None:
        self._words = words(text)
        self._shingles: frozenset[tuple[str, ...]] | None = None
        marked = list(filter(None, map(_marked, self._words)))
        self.numbers = frozenset([word for word, number, _ in marked if number])
        self.negators = tuple(sorted([word for word, _, negator in marked if negator]))

    @property
    def shingles(self) -> frozenset[tuple[str, ...]]:
        """The text's runs of ``SHINGLE_TERMS`` terms; all its terms where they are fewer."""
        if self._shingles is None:  # not functools.cached_property, under whose lock other threads wait
            terms = analysed(self._words)
            longer = len(terms) > SHINGLE_TERMS
            runs = zip(*(terms[at:] for at in range(SHINGLE_TERMS)), strict=False) if longer else (tuple(terms),)
            self._shingles = frozenset(runs)
        return self._shingles


@lru_cache(maxsize=256)  # 6 MB of passages: a conversation finds the same ones again
def shingle_set(text: str) -> ShingleSet:
    """Return what is compared of ``text``."""
    return ShingleSet(text)


@lru_cache(maxsize=200_000)
def _marked(word: str) -> tuple[str, bool, bool] | None:
    """Return a number or a negator folded, whether it is a number, and whether a negator; None for other words."""
    folded = fold(word)
    number, negator = not folded.isalpha() and any(map(str.isdigit, folded)), is_negator(folded)
    return (folded, number, negator) if number or negator else None


def are_near_duplicates(one: ShingleSet, other: ShingleSet) -> bool:
    """Return whether two texts say the same in nearly the same words.

    False where each holds a number that the other lacks, or where their negators differ.
    """
    if one.negators != other.negators or not (one.numbers <= other.numbers or other.numbers <= one.numbers):
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
