"""Lexical features of a claim: the coverage of its words, word pairs and sequences by the sentences found."""

from __future__ import annotations

import itertools
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz.distance import LCSseq

from bot.answering.features import Sentence
from bot.answering.question import is_negated
from bot.answering.term_weights import general_weights
from retrieval.text.tokens import Word, read_words

NEAR_WORDS = 6
"""Maximum distance in words of two content words that are near each other."""
COMPARED_SENTENCES = 4
"""Best sentences whose word order is compared with the claim's."""

LEXICAL_FEATURES = (
    "cover_1", "cover_2", "cover_3", "cover_all", "missing", "missing_1", "missing_count", "bigrams", "trigrams",
    "fourgrams", "bigrams_1", "trigrams_1", "run", "density", "fragments", "sequence", "pairs", "near_pairs", "hops",
    "reversed", "names_missing", "numbers_missing", "numbers_missing_1", "negation", "length", "new_weight",
    "clause_least",
)  # fmt: skip


@dataclass(frozen=True)
class ParsedClaim:
    """A claim and its words.

    Attributes:
        text: As it was written.
        words: Every word of it.
    """

    text: str
    words: tuple[Word, ...]

    @cached_property
    def sequence(self) -> tuple[str, ...]:
        """Its terms in order, with function words."""
        return sequence(self.words)

    @cached_property
    def content(self) -> dict[str, float]:
        """The weight of each content term."""
        return general_weights(word.term for word in self.words if word.term and not word.stop)

    @cached_property
    def chain(self) -> tuple[str, ...]:
        """Its content terms in order, with repeats."""
        return tuple(word.term for word in self.words if word.term and not word.stop)


def parse_claim(text: str) -> ParsedClaim:
    """Return the words and terms of ``text``."""
    return ParsedClaim(text, read_words(text))


def sequence(words: Sequence[Word]) -> tuple[str, ...]:
    """Return the terms of ``words`` in order."""
    return tuple(word.term for word in words if word.term)


def coverage(content: Mapping[str, float], terms: Collection[str]) -> float:
    """Return the share of the weight of ``content`` that ``terms`` cover; 1 when ``content`` is empty."""
    total = sum(content.values())
    return sum(weight for term, weight in content.items() if term in terms) / total if total else 1.0


def rank_sentences(claim: ParsedClaim, sentences: Sequence[Sentence]) -> list[int]:
    """Return the sentences' indices by their coverage of the claim's words and word pairs, best first."""
    pairs = set(itertools.pairwise(claim.sequence))
    share = [
        coverage(claim.content, each.terms)
        + len(pairs.intersection(itertools.pairwise(sequence(each.words)))) / (len(pairs) or 1)
        for each in sentences
    ]
    return sorted(range(len(sentences)), key=lambda number: -share[number])


def lexical_features(claim: ParsedClaim, sentences: Sequence[Sentence]) -> list[float]:
    """Return the ``LEXICAL_FEATURES`` features of a claim against the sentences found, at least one."""
    order = rank_sentences(claim, sentences)
    best = sentences[order[0]]
    sequences = [sequence(each.words) for each in sentences]
    steps = _greedy(claim.content, sentences)
    everything = frozenset().union(*(each.terms for each in sentences))
    gone = [weight for term, weight in claim.content.items() if term not in everything]
    grams = [_grams(claim.sequence, sequences, size) for size in (2, 3, 4)]
    runs = copied_runs(claim.sequence, sequences)
    words = len(claim.sequence) or 1
    return [
        *steps,
        coverage(claim.content, everything),
        max(gone, default=0.0),
        max((weight for term, weight in claim.content.items() if term not in best.terms), default=0.0),
        math.log1p(len(gone)),
        *grams,
        max(_grams(claim.sequence, [sequences[number]], 2) for number in order[:COMPARED_SENTENCES]),
        max(_grams(claim.sequence, [sequences[number]], 3) for number in order[:COMPARED_SENTENCES]),
        max(runs, default=0) / words,
        math.log1p(sum(run * run for run in runs) / words),
        len(runs) / words,
        max(LCSseq.similarity(claim.sequence, sequences[n]) for n in order[:COMPARED_SENTENCES]) / words,
        *_pairs(claim, sentences),
        _hops(claim, sentences),
        _reversed(claim, best),
        _missing([word.term for word in claim.words if word.name and not word.stop], everything),
        _missing([word.term for word in claim.words if word.number], everything),
        _missing([word.term for word in claim.words if word.number], best.terms),
        float(is_negated(claim.text) != is_negated(best.text)),
        math.log1p(len(claim.words)) - 2.5,
        sum(gone),
        min((max(coverage(clause, each.terms) for each in sentences) for clause in _clauses(claim)), default=1.0),
    ]


def copied_runs(claim: Sequence[str], sources: Sequence[Sequence[str]]) -> list[int]:
    """Return lengths of the runs of words that are copied, taken greedily from the left (Grusky et al., 2018)."""
    places: dict[str, list[tuple[int, int]]] = {}
    for number, source in enumerate(sources):
        for at, term in enumerate(source):
            places.setdefault(term, []).append((number, at))
    runs = []
    start = 0
    while start < len(claim):
        longest = 0
        for number, at in places.get(claim[start], ()):
            source = sources[number]
            length = 1
            while (
                start + length < len(claim)
                and at + length < len(source)
                and claim[start + length] == source[at + length]
            ):
                length += 1
            longest = max(longest, length)
        if longest:
            runs.append(longest)
        start += max(longest, 1)
    return runs


def _greedy(content: Mapping[str, float], sentences: Sequence[Sentence]) -> list[float]:
    """Return the coverage of the best one, two and three sentences, chosen greedily."""
    held: frozenset[str] = frozenset()
    shares = []
    for _ in range(3):
        held = max((held | each.terms for each in sentences), key=lambda terms: coverage(content, terms))
        shares.append(coverage(content, held))
    return shares


def _grams(claim: Sequence[str], sources: Sequence[Sequence[str]], size: int) -> float:
    wanted = set(zip(*(claim[at:] for at in range(size)), strict=False))
    if not wanted:
        return 1.0
    held = set().union(*(zip(*(source[at:] for at in range(size)), strict=False) for source in sources))
    return len(wanted & held) / len(wanted)


def _pairs(claim: ParsedClaim, sentences: Sequence[Sentence]) -> tuple[float, float]:
    """Return the weighted shares of adjacent content words that occur in one sentence, and near each other in one."""
    total = together = near = 0.0
    places = [_places(each.words) for each in sentences]
    for left, right in itertools.pairwise(claim.chain):
        if left == right:
            continue
        weight = (claim.content[left] + claim.content[right]) / 2
        total += weight
        least = min(
            (abs(a - b) for held in places for a in held.get(left, ()) for b in held.get(right, ())), default=None
        )
        if least is not None:
            together += weight
            near += weight * (least <= NEAR_WORDS)
    return (together / total, near / total) if total else (1.0, 1.0)


def _places(words: Sequence[Word]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for place, word in enumerate(words):
        if word.term and not word.stop:
            found.setdefault(word.term, []).append(place)
    return found


def _hops(claim: ParsedClaim, sentences: Sequence[Sentence]) -> float:
    """Return the minimal number of changes of sentence along the claim's words, per content word."""
    everything = frozenset().union(*(each.terms for each in sentences))
    chain = [term for term in claim.chain if term in everything]
    if len(chain) < 2:
        return 0.0
    cost = [0.0 if chain[0] in each.terms else math.inf for each in sentences]
    for term in chain[1:]:
        change = min(cost) + 1.0
        cost = [
            min(stay, change) if term in each.terms else math.inf for stay, each in zip(cost, sentences, strict=True)
        ]
    return min(cost) / len(chain)


def _reversed(claim: ParsedClaim, best: Sentence) -> float:
    """Return the share of adjacent content words that the best sentence has in reverse order."""
    places = _places(best.words)
    pairs = [
        (places[left], places[right])
        for left, right in itertools.pairwise(claim.chain)
        if left != right and left in places and right in places
    ]
    return sum(min(left) > max(right) for left, right in pairs) / len(pairs) if pairs else 0.0


def _missing(terms: Sequence[str], held: Collection[str]) -> float:
    return sum(term not in held for term in terms) / len(terms) if terms else 0.0


def _clauses(claim: ParsedClaim) -> list[dict[str, float]]:
    """Return the content of each clause of at least two content words."""
    runs: list[dict[str, float]] = [{}]
    end = 0
    for word in claim.words:
        between = claim.text[end : word.start]
        if any(mark in between for mark in ",;:()") or claim.text[word.start : word.end].lower() in _JOINS:
            runs.append({})
        if word.term in claim.content:
            runs[-1][word.term] = claim.content[word.term]
        end = word.end
    return [run for run in runs if len(run) > 1]


_JOINS = frozenset({"and", "but", "who", "which", "after", "before", "while", "when", "because", "as", "that", "where"})
