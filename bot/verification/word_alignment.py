"""Word alignment of a claim and a sentence: substituted names and numbers, added or lost negation.

Both are compared only where enough words around a difference match in order.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz.distance import LCSseq

from bot.verification.entities import Name, NameIndex, given, names
from bot.verification.polarity import IMPLICIT_NEGATORS
from retrieval.text.lexicon import is_negator
from retrieval.text.numbers import quantities
from retrieval.text.tokens import Word, read_words

_AROUND, _ANCHORS = 4, 4  # words looked at on each side, and how many of all of them both must have
_NARROW = 4  # words of a stretch that stands in the place of another
_NEGATOR_REACH = 6  # words before one in which a word that denies it may stand
_NEGATOR_SCOPE = 3  # words after a negator in which what it denies begins
_STEM = 5  # letters with which two forms of one name begin alike
_ONLY = frozenset({"only", "just", "merely", "simply"})
_LIST = 4  # words between two names of a list
_JOINING = frozenset({"and", "or", "with", "as", "well", "alongside", "nor"})


@dataclass(frozen=True, slots=True)
class Substitution:
    """Characters ``[start, end)`` of the claim that stand where the sentence has its own ``[other, after)``."""

    start: int
    end: int
    other: int
    after: int


@dataclass(frozen=True)
class WordAlignment:
    """Two texts word by word, with the words that both have in one order.

    Attributes:
        text: The claim.
        words: Its words.
        source: The sentence.
        others: Its words.
    """

    text: str
    words: Sequence[Word]
    source: str
    others: Sequence[Word]

    @cached_property
    def _sides(self) -> tuple[list[Word], list[Word]]:
        return [word for word in self.words if word.term], [word for word in self.others if word.term]

    @cached_property
    def matched(self) -> dict[int, int]:
        """For each word of the claim that the sentence has in order, its number there."""
        left, right = self._sides
        runs = LCSseq.opcodes([word.term for word in left], [word.term for word in right])
        return {
            op.src_start + at: op.dest_start + at
            for op in runs
            if op.tag == "equal"
            for at in range(op.src_end - op.src_start)
        }

    def anchored(self, first: int, last: int) -> bool:
        """Tell whether enough words around the claim's words ``[first, last)`` stand together in the sentence as well.

        Only there can the two be read side by side.
        """
        around = range(first - _AROUND, last + _AROUND)
        places = [self.matched[near] for near in around if near in self.matched]
        return len(places) >= _ANCHORS and max(places) - min(places) <= len(around) + _NARROW

    def gaps(self) -> Iterator[Substitution]:
        """Yield the narrow stretches, between words that both have, which each fills with words of its own."""
        left, right = self._sides
        edges = [(-1, -1), *sorted(self.matched.items()), (len(left), len(right))]
        for (a, b), (a2, b2) in itertools.pairwise(edges):
            if 1 < a2 - a <= _NARROW + 1 and 1 < b2 - b <= _NARROW + 1 and self.anchored(a + 1, a2):
                yield Substitution(left[a + 1].start, left[a2 - 1].end, right[b + 1].start, right[b2 - 1].end)

    def turned(self) -> tuple[str, bool]:
        """Return a negator that one has before words that both have, and whether it is the claim's; or nothing."""
        left, right = self._sides
        ours, theirs = _denied(self.text, left), _denied(self.source, right)
        for place, negator in ours.items():
            there = self.matched.get(place)
            if (
                there is not None
                and there not in theirs
                and self.anchored(place, place + 1)
                and not _implied(right, there)
            ):
                return negator, True
        back = {there: here for here, there in self.matched.items()}
        for place, negator in theirs.items():
            here = back.get(place)
            if here is not None and here not in ours and self.anchored(here, here + 1) and not _implied(left, here):
                return negator, False
        return "", False


def _implied(words: Sequence[Word], place: int) -> bool:
    """Tell whether a word that denies without a negator stands shortly before ``place``."""
    return any(word.term in IMPLICIT_NEGATORS for word in words[max(0, place - _NEGATOR_REACH) : place])


def _denied(text: str, words: Sequence[Word]) -> dict[int, str]:
    """Return the first content word after each negator, and the negator."""
    found: dict[int, str] = {}
    for place, word in enumerate(words):
        written = text[word.start : word.end].lower().replace("’", "'")
        if not is_negator(written) or written in {"without", "nor", "neither"}:
            continue
        following = words[place + 1 : place + 1 + _NEGATOR_SCOPE]
        if following and text[following[0].start : following[0].end].lower() in _ONLY:
            continue
        for at, each in enumerate(following, place + 1):
            if any(mark in text[words[at - 1].end : each.start] for mark in ",;:."):
                break
            if not each.stop:
                found[at] = written
                break
    return found


def other_facts(side: WordAlignment) -> Iterator[tuple[str, str]]:
    """Yield each name or number of the claim that stands where the sentence has another, and that one."""
    ours, theirs = names(side.text), names(side.source)
    mine, its = quantities(side.text), quantities(side.source)
    for gap in side.gaps():
        numbers = [each for each in mine if gap.start <= each.start and each.end <= gap.end + 2]
        others = [each for each in its if gap.other <= each.start and each.end <= gap.after + 2]
        if numbers and others and not any(a.agrees(b) for a in numbers for b in others):
            yield numbers[0].text, others[0].text
            continue
        own = [part for each in ours if (part := _within(side.text, each, gap.start, gap.end))]
        there = [part for each in theirs if (part := _within(side.source, each, gap.other, gap.after))]
        if own and there and not _alike(own, there) and not _listed(side, own[0], there[0]):
            yield own[0].text, there[0].text


def _within(text: str, name: Name, start: int, end: int) -> Name | None:
    """Return the part of a name that lies in ``[start, end)``."""
    start, end = max(start, name.start), min(end, name.end)
    if start >= end:
        return None
    found = tuple(word.term for word in read_words(text[start:end]) if word.term)
    return Name(start, end, text[start:end], found) if found else None


def _alike(ours: Sequence[Name], theirs: Sequence[Name]) -> bool:
    """Tell whether a name of one may be another form of a name of the other."""
    here, there = NameIndex(name.text for name in ours), NameIndex(name.text for name in theirs)
    return (
        any(there.has(name) for name in ours)
        or any(here.has(name) for name in theirs)
        or any(_short(a, b) for a in ours for b in theirs)
    )


def _short(one: Name, other: Name) -> bool:
    """Tell whether one may be short for the other: a word that both have, an initial, "Gabby" for "Gabrielle"."""
    shared = set(one.terms) & set(other.terms)
    a, b = one.terms[0], other.terms[0]
    least = 3 if a in given() and b in given() else _STEM
    return bool(shared) or (a[0] == b[0] and (min(len(a), len(b)) < 3 or a[:least] == b[:least]))


def _listed(side: WordAlignment, own: Name, there: Name) -> bool:
    """Tell whether both texts list the two names, each in its own order."""
    return _joined(side.text, own, names(side.text), there) and _joined(side.source, there, names(side.source), own)


def _joined(text: str, one: Name, every: Sequence[Name], wanted: Name) -> bool:
    for other in every:
        if other.terms == wanted.terms:
            first, second = sorted((one, other), key=lambda name: name.start)
            between = text[first.end : second.start].replace(",", " ").lower().split()
            return bool(_JOINING.intersection(between)) and len(between) <= _LIST
    return False
