"""Lexical features of a claim: how its words, and their order, occur in the sentences found."""

from __future__ import annotations

import itertools
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz.distance import LCSseq

from bot.answering.features import Sentence
from bot.answering.term_weights import general_weights
from retrieval.text.tokens import Word, read_words

COMPARED_SENTENCES = 4
"""Best sentences whose word order is compared with the claim's."""

LEXICAL_FEATURES = ("coverage", "missing", "trigrams", "sequence")
"""In this order: the share of the claim's weight that the sentences found cover together; how many of its content words
none of them has (log1p); the share of its three-word runs that one of the nearest sentences has; the share of its words
that one of them has in order. Thirty-five more (of edits, pairs and runs), and boosted trees over all of them, told
claims of articles left out no better."""


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
    """Return the ``LEXICAL_FEATURES`` of a claim against the sentences found, at least one."""
    nearest = [sequence(sentences[at].words) for at in rank_sentences(claim, sentences)[:COMPARED_SENTENCES]]
    everything = frozenset().union(*(each.terms for each in sentences))
    words = len(claim.sequence) or 1
    return [
        coverage(claim.content, everything),
        math.log1p(sum(term not in everything for term in claim.content)),
        max(_trigrams(claim.sequence, each) for each in nearest),
        max(LCSseq.similarity(claim.sequence, each) for each in nearest) / words,
    ]


def _trigrams(claim: Sequence[str], source: Sequence[str]) -> float:
    """Return the share of the claim's three-word runs that a sentence has; 1 for a claim without any."""
    wanted, held = (set(zip(each, each[1:], each[2:], strict=False)) for each in (claim, source))
    return len(wanted & held) / len(wanted) if wanted else 1.0
