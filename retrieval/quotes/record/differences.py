"""Differences between statements of one speaker: a number, a negation, or an opposite, on a shared topic.

A difference is shown, not judged: times change, and so may what the words refer to.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from retrieval.text.analyzer import fold
from retrieval.text.lexicon import are_opposites, is_negator
from retrieval.text.numbers import Quantity, quantities
from retrieval.text.tokens import Word, read_words

MIN_SHARED_TERMS = 3
"""Content words that two statements share from which they may be on one topic."""
MIN_SHARED = 0.4
"""Share of the content words of the shorter statement that the other has, from which they are on one topic."""
MAX_DIFFERENCES = 20
"""Pairs returned, those that share most first."""
_COUNTED_WORDS = 2  # after a number: "new schools"
_NEAR = 3  # content words on each side of a word that is negated or has an opposite


class DifferenceKind(StrEnum):
    """What differs."""

    NUMBER = "number"
    NEGATION = "negation"
    OPPOSITE = "opposite"


@dataclass(frozen=True, slots=True)
class StatementDifference:
    """Two statements that share a topic and differ.

    Attributes:
        first: The number of the one, from 0.
        second: The number of the other, from 0; greater than ``first``.
        kind: What differs.
        words: What the one has, and what the other has: ("40", "60"); "" for a negator that is missing.
        shared: How much of the shorter's content they share, in [0, 1].
    """

    first: int
    second: int
    kind: DifferenceKind
    words: tuple[str, str]
    shared: float


class _Claim:
    """A statement, read for comparison."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.words = read_words(text)
        self.folded = [fold(text[word.start : word.end]) for word in self.words]
        self.terms = {word.term for word in self.words if _is_content(word)}
        self.quantities = [each for each in quantities(text) if each.kind in {"number", "year"}]

    def near(self, at: int) -> set[str]:
        """Return the content terms around a word."""
        before = [word.term for word in self.words[:at] if _is_content(word)][-_NEAR:]
        return {*before, *[word.term for word in self.words[at + 1 :] if _is_content(word)][:_NEAR]}

    def counted(self, quantity: Quantity) -> list[str]:
        """Return the terms of the one or two content words that follow a number."""
        found: list[str] = []
        for word in self.words:
            if word.start >= quantity.end and len(found) < _COUNTED_WORDS:
                if not _is_content(word):
                    break
                found.append(word.term)
        return found


def differences(texts: Sequence[str]) -> list[StatementDifference]:
    """Return the pairs of statements that share a topic and differ, those that share most first."""
    claims = [_Claim(text) for text in texts]
    sharing: defaultdict[str, list[int]] = defaultdict(list)
    for number, claim in enumerate(claims):
        for term in claim.terms:
            sharing[term].append(number)
    counts: defaultdict[tuple[int, int], int] = defaultdict(int)
    for numbers in sharing.values():
        for pair in itertools.combinations(numbers, 2):
            counts[pair] += 1
    found: list[StatementDifference] = []
    for (first, second), count in counts.items():
        one, other = claims[first], claims[second]
        shared = count / min(len(one.terms), len(other.terms))
        if count < MIN_SHARED_TERMS or shared < MIN_SHARED:
            continue
        differing = _number(one, other) or _negation(one, other) or _opposite(one, other)
        if differing:
            kind, words = differing
            found.append(StatementDifference(first, second, kind, words, round(min(1.0, shared), 3)))
    return sorted(found, key=lambda each: (-each.shared, each.first, each.second))[:MAX_DIFFERENCES]


def _is_content(word: Word) -> bool:
    return bool(word.term) and not word.stop and not word.number


Differing = tuple[DifferenceKind, tuple[str, str]]


def _number(one: _Claim, other: _Claim) -> Differing | None:
    """Return two numbers of one thing that do not agree."""
    for left, right in itertools.product(one.quantities, other.quantities):
        agreed = any(left.agrees(each) or each.agrees(left) for each in other.quantities)
        if not agreed and left.kind == right.kind and left.unit == right.unit and _same_thing(one, left, other, right):
            return DifferenceKind.NUMBER, (left.text, right.text)
    return None


def _same_thing(one: _Claim, left: Quantity, other: _Claim, right: Quantity) -> bool:
    """Return whether two numbers count one thing: schools and new schools, not new schools and new teachers."""
    ours, theirs = one.counted(left), other.counted(right)
    if not ours or not theirs:
        return bool(left.unit)
    shared = set(ours) & set(theirs)
    heads_differ = len(ours) > 1 and len(theirs) > 1 and shared == {ours[0]} == {theirs[0]}
    return bool(shared) and not heads_differ


def _negation(one: _Claim, other: _Claim) -> Differing | None:
    """Return a negator of one whose surroundings the other has without it."""
    for claim, plain, is_first in ((one, other, True), (other, one, False)):
        if any(map(is_negator, plain.folded)):
            continue
        for at in (number for number, word in enumerate(claim.folded) if is_negator(word)):
            near = claim.near(at)
            following = [word.term for word in claim.words[at + 1 :] if _is_content(word)][:1]
            if following and following[0] in plain.terms and len(near & plain.terms) >= min(2, len(near)):
                word = claim.text[claim.words[at].start : claim.words[at].end]
                return DifferenceKind.NEGATION, (word, "") if is_first else ("", word)
    return None


def _opposite(one: _Claim, other: _Claim) -> Differing | None:
    """Return two opposites with a shared content word beside them."""
    theirs = {word: at for at, word in enumerate(other.folded)}
    for at, word in enumerate(one.folded):
        if word in theirs:
            continue
        for opposed, place in _opposed(word, theirs):
            if opposed not in one.folded and one.near(at) & other.near(place):
                return DifferenceKind.OPPOSITE, (
                    one.text[one.words[at].start : one.words[at].end],
                    other.text[other.words[place].start : other.words[place].end],
                )
    return None


def _opposed(word: str, theirs: dict[str, int]) -> Iterator[tuple[str, int]]:
    for candidate, place in theirs.items():
        if are_opposites(word, candidate):
            yield candidate, place
