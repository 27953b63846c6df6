"""Word alignment of a claim and a sentence: substituted names and numbers, added or lost negation.

Both are compared only where enough words around a difference match in order.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz.distance import LCSseq

from bot.verification.entities import Name, NameIndex, given_names, names, place_groups
from bot.verification.polarity import IMPLICIT_NEGATORS
from retrieval.text.lexicon import is_negator
from retrieval.text.numbers import proportions, quantities
from retrieval.text.tokens import Word, read_words
from retrieval.text.verb_forms import BASES

_WINDOW, _MIN_ANCHORS = 4, 4  # words on each side of a difference; how many of them must match
_MAX_GAP = 4  # words of a substitution
_NEGATOR_REACH = 6  # words before a word in which an implicit negator may occur
_NEGATOR_SCOPE = 3  # words after a negator in which the negated word occurs
_MAX_SKIPPED = 12  # further words that a near copy may leave out beside a difference
_EDGE_WORDS = 2  # words that the sentence's side of a difference at the claim's edge may have more than the claim's
_CLAUSE_MARKS = ',;:()—–“”"'
_MIN_SHARED_LETTERS = 5  # initial letters that two forms of one name share
_ENDINGS = frozenset({"n", "an", "ian", "i", "ese", "ish", "s", "al", "ic", "ns", "ians", "ans", "is"})
"""What makes the people of a place: Israel, Israeli; of persons with nearly one name, Johnson is not Johnston."""
_ONLY = frozenset({"only", "just", "merely", "simply"})
_MAX_LIST_GAP = 4  # words between two names in a list
_LIST_WORDS = frozenset({"and", "or", "with", "as", "well", "alongside", "nor"})


@dataclass(frozen=True, slots=True)
class Substitution:
    """Characters ``[start, end)`` of the claim aligned with ``[source_start, source_end)`` of the sentence."""

    start: int
    end: int
    source_start: int
    source_end: int


@dataclass(frozen=True, slots=True)
class Difference:
    """A difference between two matched words, or before the first or after the last.

    Attributes:
        own: The claim's words ``[first, last)`` of it, lower-cased.
        theirs: The sentence's, as far as they belong to the matched words beside: without what commas enclose.
        first: The index of the first word of the claim.
        last: The index after its last.
        their_last: The index after the sentence's last.
        own_span: The characters of the claim's words; empty without words.
        their_span: The characters of the sentence's.
        at_edge: It is before the first or after the last matched word.
    """

    own: tuple[str, ...]
    theirs: tuple[str, ...]
    first: int
    last: int
    their_last: int
    own_span: tuple[int, int] | tuple[()]
    their_span: tuple[int, int] | tuple[()]
    at_edge: bool


@dataclass(frozen=True)
class WordAlignment:
    """A claim aligned with a sentence by their longest common subsequence of terms.

    Attributes:
        text: The claim.
        words: Its words.
        source: The sentence.
        source_words: Its words.
    """

    text: str
    words: Sequence[Word]
    source: str
    source_words: Sequence[Word]

    @cached_property
    def sides(self) -> tuple[list[Word], list[Word]]:
        """The words of the claim and of the sentence that have a term: what indices count."""
        return [word for word in self.words if word.term], [word for word in self.source_words if word.term]

    @cached_property
    def own_words(self) -> tuple[str, ...]:
        """The claim's words, lower-cased."""
        return tuple(_written(self.text, word) for word in self.sides[0])

    @cached_property
    def their_words(self) -> tuple[str, ...]:
        """The sentence's words, lower-cased."""
        return tuple(_written(self.source, word) for word in self.sides[1])

    @cached_property
    def matched(self) -> dict[int, int]:
        """The index in the sentence of each matched word of the claim."""
        left, right = self.sides
        runs = LCSseq.opcodes([word.term for word in left], [word.term for word in right])
        return {
            op.src_start + at: op.dest_start + at
            for op in runs
            if op.tag == "equal"
            for at in range(op.src_end - op.src_start)
        }

    def is_anchored(self, first: int, last: int) -> bool:
        """Tell whether enough words around the claim's words ``[first, last)`` match close together.

        Elsewhere a difference says nothing.
        """
        around = range(first - _WINDOW, last + _WINDOW)
        places = [self.matched[near] for near in around if near in self.matched]
        return len(places) >= _MIN_ANCHORS and max(places) - min(places) <= len(around) + _MAX_GAP

    def is_near(self, first: int, last: int) -> bool:
        """Tell whether words beside the claim's words ``[first, last)`` match in one part of the sentence.

        Enough for near copies, of which most words match.
        """
        around = range(first - _WINDOW, last + _WINDOW)
        places = [self.matched[near] for near in around if near in self.matched]
        return len(places) >= _MIN_ANCHORS - 1 and max(places) - min(places) <= len(around) + _MAX_SKIPPED

    def substitutions(self) -> Iterator[Substitution]:
        """Yield the short runs between matched words in which claim and sentence differ."""
        left, right = self.sides
        edges = [(-1, -1), *sorted(self.matched.items()), (len(left), len(right))]
        for (a, b), (a2, b2) in itertools.pairwise(edges):
            if 1 < a2 - a <= _MAX_GAP + 1 and 1 < b2 - b <= _MAX_GAP + 1 and self.is_anchored(a + 1, a2):
                yield Substitution(left[a + 1].start, left[a2 - 1].end, right[b + 1].start, right[b2 - 1].end)

    def differences(self) -> Iterator[Difference]:
        """Yield what differs between the matched words, in the claim's order."""
        left, right = self.sides
        edges = [(-1, -1), *sorted(self.matched.items()), (len(left), len(right))]
        for number, ((a, b), (a2, b2)) in enumerate(itertools.pairwise(edges)):
            if a2 - a == 1 and b2 - b == 1:
                continue
            own = range(a + 1, a2)
            theirs = self._attached(b, b2, at_most=len(own) + _EDGE_WORDS)
            yield Difference(
                self.own_words[a + 1 : a2],
                tuple(self.their_words[at] for at in theirs),
                a + 1,
                a2,
                b2,
                (left[own[0]].start, left[own[-1]].end) if own else (),
                (right[theirs[0]].start, right[theirs[-1]].end) if theirs else (),
                at_edge=number in {0, len(edges) - 2},
            )

    def word_after(self, gap: Difference) -> str:
        """Return the claim's word after a difference, lower-cased; empty at its end."""
        return self.own_words[gap.last] if gap.last < len(self.own_words) else ""

    def _attached(self, before: int, after: int, at_most: int) -> list[int]:
        """Return the sentence's words between two, without those that punctuation separates from both.

        Before the first matched word and after the last one, these are the words up to the nearest punctuation, and
        ``at_most`` so many.
        """
        words = self.sides[1]
        places = list(range(before + 1, after))
        breaks = [
            at
            for at in range(max(before, 0), min(after, len(words) - 1))
            if any(mark in self.source[words[at].end : words[at + 1].start] for mark in _CLAUSE_MARKS)
        ]
        if before < 0:
            return [at for at in places if not breaks or at > breaks[-1] or (len(breaks) > 1 and at <= breaks[0])][
                -at_most:
            ]
        if after >= len(words):
            return [at for at in places if not breaks or at <= breaks[0]][:at_most]
        if len(breaks) < 2:
            return places
        return [at for at in places if at <= breaks[0] or at > breaks[-1]]

    def negation_change(self) -> tuple[str, bool]:
        """Return a negator of a matched word in one text only, and whether that is the claim; else ("", False)."""
        left, right = self.sides
        ours = _with_shared_adverb(self.text, left, _negated_words(self.text, left), right)
        theirs = _with_shared_adverb(self.source, right, _negated_words(self.source, right), left)
        for place, negator in ours.items():
            there = self.matched.get(place)
            if (
                there is not None
                and there not in theirs
                and self.is_anchored(place, place + 1)
                and not _is_implicitly_negated(right, there)
            ):
                return negator, True
        back = {there: here for here, there in self.matched.items()}
        for place, negator in theirs.items():
            here = back.get(place)
            also = next((right[at].term for at in range(place + 1, len(right)) if not right[at].stop), "")
            if (
                here is not None
                and here not in ours
                and not any(left[at].term == also for at in ours)  # "blame racism, not the protesters"
                and self.is_anchored(here, here + 1)
                and not _is_implicitly_negated(left, here)
            ):
                return negator, False
        return "", False


def _written(text: str, word: Word) -> str:
    return text[word.start : word.end].lower().replace("’", "'")


def _is_implicitly_negated(words: Sequence[Word], place: int) -> bool:
    """Tell whether an implicit negator occurs shortly before ``place``."""
    return any(word.term in IMPLICIT_NEGATORS for word in words[max(0, place - _NEGATOR_REACH) : place])


def _negated_words(text: str, words: Sequence[Word]) -> dict[int, str]:
    """Return the index of the first content word after each negator, with the negator."""
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


def _with_shared_adverb(
    text: str, words: Sequence[Word], negated: Mapping[int, str], others: Sequence[Word]
) -> dict[int, str]:
    """Return ``negated`` and what an adverb that both texts have parts from a negator: "not immediately rule".

    "Not rule" is another claim.
    """
    found, shared = dict(negated), {word.term for word in others}
    for place, negator in negated.items():
        following = next((at for at in range(place + 1, len(words)) if not words[at].stop), None)
        pair = (place,) if following is None else (place, following)
        written = [_written(text, words[at]) for at in pair if words[at].term in shared]
        if any(word.endswith("ly") and word not in BASES for word in written):  # "apply" is a verb
            found[pair[-1]] = negator
    return found


def substituted_facts(side: WordAlignment) -> Iterator[tuple[str, str]]:
    """Yield each name or number of the claim that substitutes another of the sentence, and that other."""
    ours, theirs = names(side.text), names(side.source)
    mine, its = quantities(side.text), quantities(side.source)
    shares, their_shares = proportions(side.text), proportions(side.source)
    for gap in side.substitutions():
        numbers = [each for each in mine if gap.start <= each.start and each.end <= gap.end + 2]
        others = [each for each in its if gap.source_start <= each.start and each.end <= gap.source_end + 2]
        counted = [*numbers, *(each for each in shares if each.start < gap.end and gap.start < each.end)]
        there_counted = [
            *others,
            *(each for each in their_shares if each.start < gap.source_end and gap.source_start < each.end),
        ]
        if numbers and others and not any(a.agrees(b) for a in counted for b in there_counted):
            yield numbers[0].text, others[0].text
            continue
        own = [part for each in ours if (part := _within(side.text, each, gap.start, gap.end))]
        there = [part for each in theirs if (part := _within(side.source, each, gap.source_start, gap.source_end))]
        if own and there and not may_be_same(own, there) and not _listed(side, own[0], there[0]):
            yield own[0].text, there[0].text


def _within(text: str, name: Name, start: int, end: int) -> Name | None:
    """Return the part of a name that lies in ``[start, end)``."""
    start, end = max(start, name.start), min(end, name.end)
    if start >= end:
        return None
    found = tuple(word.term for word in read_words(text[start:end]) if word.term)
    return Name(start, end, text[start:end], found) if found else None


def may_be_same(ours: Sequence[Name], theirs: Sequence[Name]) -> bool:
    """Tell whether a name of one text may be a form of a name of the other."""
    here, there = NameIndex(name.text for name in ours), NameIndex(name.text for name in theirs)
    return (
        any(there.contains(name) for name in ours)
        or any(here.contains(name) for name in theirs)
        or any(_may_be_short_form(a, b) for a in ours for b in theirs)
    )


def _may_be_short_form(one: Name, other: Name) -> bool:
    """Tell whether one may be short for the other: by a shared word, an initial, "Gabby" for "Gabrielle"."""
    shared = set(one.terms) & set(other.terms)
    a, b = one.terms[0], other.terms[0]
    places = place_groups()
    if a in places and b in places:
        return places[a] == places[b] or len(shared) > 1
    if a in given_names() and b in given_names():
        return bool(shared) or a[:3] == b[:3]
    shorter, longer = sorted((a, b), key=len)
    return bool(shared) or (
        a[0] == b[0]
        and (
            len(shorter) < 3
            or (
                len(shorter) >= _MIN_SHARED_LETTERS
                and longer.startswith(shorter)
                and longer[len(shorter) :] in _ENDINGS
            )
        )
    )


def _listed(side: WordAlignment, own: Name, there: Name) -> bool:
    """Tell whether both texts list the two names, in whatever order."""
    return _is_listed_with(side.text, own, names(side.text), there) and _is_listed_with(
        side.source, there, names(side.source), own
    )


def _is_listed_with(text: str, one: Name, every: Sequence[Name], wanted: Name) -> bool:
    for other in every:
        if other.terms == wanted.terms:
            first, second = sorted((one, other), key=lambda name: name.start)
            between = text[first.end : second.start].replace(",", " ").lower().split()
            return bool(_LIST_WORDS.intersection(between)) and len(between) <= _MAX_LIST_GAP
    return False
