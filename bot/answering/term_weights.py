"""Term weights: inverse document frequency, smoothed by a shipped prior so that three articles suffice."""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Protocol

PRIOR_FILE = Path(__file__).with_name("common_terms.json")
PRIOR_PASSAGES = 300
"""The prior counts as this many passages of general English beside the library's own."""
PASSAGE_WORDS = 120
"""Words of a passage of the prior."""


class PassageCount(Protocol):
    """The number of passages of a library."""

    @property
    def passages(self) -> int:
        """Passages in it."""
        ...


class Corpus(Protocol):
    """The document frequencies of a ``Library``."""

    def document_frequencies(self, terms: Collection[str]) -> Mapping[str, int]:
        """Return the number of passages that contain each term."""
        ...

    def counts(self) -> PassageCount:
        """Return the number of passages."""
        ...


@cache
def prior_frequencies() -> Mapping[str, float]:
    """Return the share of general English passages that contain each common term.

    The terms are listed by frequency; the share follows Zipf's law: the term of rank r makes up .1/r of running words.
    """
    listed = json.loads(PRIOR_FILE.read_text(encoding="utf-8"))["terms"]
    return {term: 1 - (1 - min(0.1 / rank, 0.5)) ** PASSAGE_WORDS for rank, term in enumerate(listed, 1)}


class TermWeights:
    """Weights of terms in ``(0, 1]``: 1 for a term in no passage, near 0 for one in every passage."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus

    def of(self, terms: Iterable[str]) -> dict[str, float]:
        """Return the weight of each of ``terms``."""
        asked = list(dict.fromkeys(terms))
        counts = self._corpus.document_frequencies(asked)
        total = self._corpus.counts().passages + PRIOR_PASSAGES
        share = prior_frequencies()
        ceiling = math.log(1 + total / 0.5)
        return {
            term: math.log(1 + total / (0.5 + counts.get(term, 0) + PRIOR_PASSAGES * share.get(term, 0.0))) / ceiling
            for term in asked
        }


class _EmptyCorpus:
    """A corpus without passages, and its count."""

    passages = 0

    def document_frequencies(self, terms: Collection[str]) -> Mapping[str, int]:  # noqa: ARG002 (Corpus's signature)
        return {}

    def counts(self) -> PassageCount:
        return self


def general_weights(terms: Iterable[str]) -> dict[str, float]:
    """Return the weight of each of ``terms`` in general English, by the prior alone."""
    return TermWeights(_EmptyCorpus()).of(terms)
