"""Numbers that tell from words alone whether sentences carry a claim.

How a claim was cut from the sentence it is likest: what was skipped, replaced, added and broken off.
"""

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
from retrieval.text.lexicon import changes_meaning
from retrieval.text.tokens import Word, read_words

NEAR_WORDS = 6
"""Words apart that two content words still say something of each other."""
COMPARED_SENTENCES = 4
"""Sentences, best first, that a claim's word order is compared with."""

LEXICAL_FEATURES = (
    "cover_1", "cover_2", "cover_3", "cover_all", "missing", "missing_1", "missing_count", "bigrams", "trigrams",
    "fourgrams", "bigrams_1", "trigrams_1", "run", "density", "fragments", "sequence", "pairs", "near_pairs", "hops",
    "reversed", "names_missing", "numbers_missing", "numbers_missing_1", "negation", "length", "new_weight",
    "clause_least",
)  # fmt: skip


@dataclass(frozen=True)
class ParsedClaim:
    """A claim as its checks see it.

    Attributes:
        text: As it was written.
        words: Every word of it.
    """

    text: str
    words: tuple[Word, ...]

    @cached_property
    def sequence(self) -> tuple[str, ...]:
        """Its terms in order, function words among them."""
        return sequence(self.words)

    @cached_property
    def content(self) -> dict[str, float]:
        """The weight of each term that is no function word."""
        return general_weights(word.term for word in self.words if word.term and not word.stop)

    @cached_property
    def chain(self) -> tuple[str, ...]:
        """Its content terms in order, with repeats."""
        return tuple(word.term for word in self.words if word.term and not word.stop)


def read_claim(text: str) -> ParsedClaim:
    """Analyse ``text``."""
    return ParsedClaim(text, read_words(text))


def sequence(words: Sequence[Word]) -> tuple[str, ...]:
    """Return the terms of ``words`` in order."""
    return tuple(word.term for word in words if word.term)


def covered(content: Mapping[str, float], terms: Collection[str]) -> float:
    """Return the share of the weight of ``content`` that ``terms`` hold; 1 when there is none."""
    total = sum(content.values())
    return sum(weight for term, weight in content.items() if term in terms) / total if total else 1.0


def ranked(claim: ParsedClaim, sentences: Sequence[Sentence]) -> list[int]:
    """Return the sentences' numbers by what they cover of the claim's words and pairs of words, best first."""
    pairs = set(itertools.pairwise(claim.sequence))
    share = [
        covered(claim.content, each.terms)
        + len(pairs.intersection(itertools.pairwise(sequence(each.words)))) / (len(pairs) or 1)
        for each in sentences
    ]
    return sorted(range(len(sentences)), key=lambda number: -share[number])


def lexical(claim: ParsedClaim, sentences: Sequence[Sentence]) -> list[float]:
    """Return the ``LEXICAL_FEATURES`` features of a claim against the sentences of what was found, at least one."""
    order = ranked(claim, sentences)
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
        covered(claim.content, everything),
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
        min((max(covered(clause, each.terms) for each in sentences) for clause in _clauses(claim)), default=1.0),
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
    """Return the share covered by the best one, two and three sentences, chosen one after the other."""
    held: frozenset[str] = frozenset()
    shares = []
    for _ in range(3):
        held = max((held | each.terms for each in sentences), key=lambda terms: covered(content, terms))
        shares.append(covered(content, held))
    return shares


def _grams(claim: Sequence[str], sources: Sequence[Sequence[str]], size: int) -> float:
    wanted = set(zip(*(claim[at:] for at in range(size)), strict=False))
    if not wanted:
        return 1.0
    held = set().union(*(zip(*(source[at:] for at in range(size)), strict=False) for source in sources))
    return len(wanted & held) / len(wanted)


def _pairs(claim: ParsedClaim, sentences: Sequence[Sentence]) -> tuple[float, float]:
    """Return the weighted share of neighbouring content words that stand in one sentence, and near in one."""
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
    """Return how often, at least, the claim's words lead from one sentence to another, by content word."""
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
    """Return the share of neighbouring content words whose order the best sentence has the other way round."""
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
    """Return the content of each run of at least two content words between commas and the words that join clauses."""
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


EDIT_FEATURES = (
    "skips", "skipped", "skips_clean", "broken_end", "broken_start", "replaced", "added", "qualifiers_lost",
    "last_lost", "first_lost", "order_kept", "swap_weight",
)  # fmt: skip
"""Stretches of the sentence skipped where no comma marks one, by word of the claim; their words; stretches skipped
between commas; whether the sentence goes on where the claim ends, and had begun where it begins; the weight of the
claim's words that stand in place of others; of those that stand in place of none; qualifiers and negators skipped; the
weight of the claim's last and first content word when the sentence lacks it; the share of the sentence's words between
the first and the last matched that are matched; the weight of words that stand elsewhere in the sentence."""

_NOTHING_SHARED = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 1.0, 1.0, 0.0, 0.0)
_NARROW = 6  # words of a stretch that may be another's replacement


def cutting(claim: ParsedClaim, sentences: Sequence[Sentence]) -> list[float]:
    """Return the ``EDIT_FEATURES`` features of a claim against the sentence it is likest, one of those given."""
    ours = [word for word in claim.words if word.term]
    left = [word.term for word in ours]
    best = max(sentences, key=lambda each: LCSseq.similarity(left, [word.term for word in each.words if word.term]))
    theirs = [word for word in best.words if word.term]
    right = [word.term for word in theirs]
    runs = [op for op in LCSseq.opcodes(left, right) if op.tag == "equal"]
    if not runs:
        return list(_NOTHING_SHARED)
    held = set(right)
    edges = [(0, 0), *((op.src_end, op.dest_end) for op in runs)]
    starts = [*((op.src_start, op.dest_start) for op in runs), (len(left), len(right))]
    gaps = [(a1, a2, b1, b2) for (a1, b1), (a2, b2) in zip(edges, starts, strict=True)]
    inner = [(b1, b2) for _, _, b1, b2 in gaps[1:-1] if b1 < b2]
    clean = [_bounded(best.text, theirs, *gap) for gap in inner]
    skipped = sum(b2 - b1 for (b1, b2), marked in zip(inner, clean, strict=True) if not marked)
    weights = [claim.content.get(term, 0.0) for term in left]
    total = sum(claim.content.values()) or 1.0
    instead, beside = _put_in(gaps, weights)
    moved = sum(weights[n] for a1, a2, _, _ in gaps for n in range(a1, a2) if left[n] in held)
    first, last = runs[0].dest_start, runs[-1].dest_end
    lead = [(max(0, first - _NARROW), first)] if first else []
    matched = sum(op.src_end - op.src_start for op in runs)
    return [
        (len(clean) - sum(clean)) / len(left),
        math.log1p(skipped),
        sum(clean) / len(left),
        float(last < len(right) and not _marked(best.text, theirs[last - 1].end, theirs[last].start)),
        float(first > 0 and not _marked(best.text, theirs[first - 1].end, theirs[first].start)),
        instead / total,
        beside / total,
        float(sum(_telling(best.text, theirs[b1:b2]) for b1, b2 in [*lead, *inner])),
        _edge_lost(claim, held, ours[::-1]),
        _edge_lost(claim, held, ours),
        matched / (last - first),
        moved / total,
    ]


def _put_in(gaps: Sequence[tuple[int, int, int, int]], weights: Sequence[float]) -> tuple[float, float]:
    """Return the weight of the claim's words that stand in place of others, and of those in place of none."""
    instead = beside = 0.0
    for number, (a1, a2, b1, b2) in enumerate(gaps):
        inner = 0 < number < len(gaps) - 1
        if b1 < b2 and (inner or b2 - b1 <= _NARROW):
            instead += sum(weights[a1:a2])
        else:
            beside += sum(weights[a1:a2])
    return instead, beside


def _telling(text: str, words: Sequence[Word]) -> int:
    return sum(changes_meaning(text[word.start : word.end].lower()) for word in words)


def _bounded(text: str, words: Sequence[Word], first: int, last: int) -> bool:
    """Tell whether marks stand on both sides of the words ``[first, last)``."""
    before = first == 0 or _marked(text, words[first - 1].end, words[first].start)
    after = last == len(words) or _marked(text, words[last - 1].end, words[last].start)
    return before and after


def _marked(text: str, start: int, end: int) -> bool:
    return any(mark in text[start:end] for mark in ',;:()—–.!?"“”') or " - " in text[start:end]


def _edge_lost(claim: ParsedClaim, held: set[str], words: Sequence[Word]) -> float:
    word = next((word for word in words if not word.stop), None)
    return 0.0 if word is None or word.term in held else claim.content[word.term]
