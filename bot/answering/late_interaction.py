"""Late interaction: the similarity of each question token to the most similar token of a sentence.

This is ColBERT's MaxSim (Khattab and Zaharia, 2020) over the token vectors of the embedding model, with the
question's words weighted by inverse document frequency.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from bot.answering.question import ParsedQuestion
from retrieval.embedding.token_vectors import TokenVectors
from retrieval.text.lexicon import QUESTION_WORDS
from retrieval.text.tokens import Word

LATE_INTERACTION_FEATURES = ("soft_cover", "soft_cover_all", "soft_missing", "asked_for")
"""The weighted mean similarity of the question's words; the unweighted mean; the lowest of a content word; the
highest of the question word ("who", "when") to a word not in the question."""

STOP_WORD_WEIGHT = 0.05
"""Weight of a function word; content words weigh up to 1."""


class QuestionTokens:
    """The token vectors of a question, weighted by word."""

    def __init__(self, question: ParsedQuestion, tokens: TokenVectors, weights: Mapping[str, float]) -> None:
        places = word_of_token(question.words, tokens)
        words = [question.words[place] if place >= 0 else None for place in places]
        self.tokens = tokens
        self._asked = frozenset(word.term for word in question.words)
        self._real = places >= 0
        self._weights = np.array(
            [0.0 if word is None else STOP_WORD_WEIGHT if word.stop else weights.get(word.term, 1.0) for word in words]
        )
        self._content = np.array([word is not None and not word.stop for word in words], dtype=bool)
        self._asking = np.array(
            [word is not None and question.text[word.start : word.end].casefold() in QUESTION_WORDS for word in words],
            dtype=bool,
        )

    def features(self, words: Sequence[Word], tokens: TokenVectors) -> tuple[float, float, float, float]:
        """Return the ``LATE_INTERACTION_FEATURES`` features of a sentence with these words and tokens."""
        if not len(tokens.vectors) or not len(self.tokens.vectors):
            return 0.0, 0.0, 0.0, 0.0
        near = self.tokens.vectors @ tokens.vectors.T
        best = near.max(axis=1)
        places = word_of_token(words, tokens)
        fresh = np.array(
            [place >= 0 and not words[place].stop and words[place].term not in self._asked for place in places],
            dtype=bool,
        )
        asking = near[self._asking][:, fresh]
        total = float(self._weights.sum()) or 1.0
        return (
            float(best @ self._weights) / total,
            float(best[self._real].mean()) if self._real.any() else 0.0,
            float(best[self._content].min()) if self._content.any() else 0.0,
            float(asking.max()) if asking.size else 0.0,
        )


def word_of_token(words: Sequence[Word], tokens: TokenVectors) -> NDArray[np.int64]:
    """Return the index of each token's word, or -1."""
    if not words:
        return np.full(len(tokens.offsets), -1)
    starts = np.array([word.start for word in words])
    ends = np.array([word.end for word in words])
    places = np.searchsorted(starts, tokens.offsets[:, 0], side="right") - 1
    inside = (places >= 0) & (tokens.offsets[:, 0] < ends[places])
    return np.where(inside, places, -1)
