"""Vector features of a claim: cosines of whole sentences, and similarities of aligned tokens (late interaction).

The latter are ColBERT's MaxSim (Khattab and Zaharia, 2020) over the token vectors of the embedding model; but each word
of a claim needs support, so the least similar words matter most, and adjacent words need it in one sentence.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bot.answering.features import Sentence
from bot.verification.features import ParsedClaim
from retrieval.embedding.token_vectors import TokenVectors
from retrieval.text.tokens import Word

Floats = NDArray[np.float64]

VECTOR_FEATURES = ("cosine", "cosine_lead", "cosine_pair")
"""The best sentence's cosine, its lead over the third best, and the best cosine of two neighbours together."""

ALIGNMENT_FEATURES = (
    "soft_1", "soft_2", "soft_all", "soft_least_1", "soft_least", "soft_low", "soft_pairs", "soft_pairs_least",
    "soft_new", "soft_same", "soft_same_least", "soft_stop",
)  # fmt: skip

STOP_WORD_WEIGHT = 0.05
"""Weight of a function word; content words weigh up to 1."""


def vector_features(claim: NDArray[np.float32], sentences: NDArray[np.float32]) -> list[float]:
    """Return the ``VECTOR_FEATURES`` features from unit vectors ``(d,)`` and ``(n, d)`` in article order."""
    cosines = sentences @ claim
    pairs = sentences[:-1] + sentences[1:]
    together = (pairs @ claim) / np.maximum(np.linalg.norm(pairs, axis=1), 1e-9)
    high = np.sort(cosines)[::-1]
    best = float(high[0])
    return [best, best - float(high[min(2, len(high) - 1)]), max(best, float(together.max(initial=-1.0)))]


def alignment_features(
    claim: ParsedClaim, tokens: TokenVectors, sentences: Sequence[Sentence], vectors: Sequence[TokenVectors]
) -> list[float]:
    """Return the ``ALIGNMENT_FEATURES`` features of a claim against sentences, each with its token vectors."""
    owners = word_of_token(claim.words, tokens)
    near = _max_similarities(tokens, vectors)
    kept = [number for number, word in enumerate(claim.words) if word.term and (owners == number).any()]
    if not kept or not near.size:
        return [0.0] * len(ALIGNMENT_FEATURES)
    by_word = np.stack([near[owners == number].mean(axis=0) for number in kept])  # (words, sentences)
    words = [claim.words[number] for number in kept]
    content = np.array([not word.stop for word in words], dtype=bool)
    weights = np.array([STOP_WORD_WEIGHT if word.stop else claim.content[word.term] for word in words])
    weights = weights / weights.sum()
    support = weights @ by_word
    best = int(support.argmax())
    second = np.maximum(by_word, by_word[:, [best]])
    everywhere = by_word.max(axis=1)
    said = by_word[content] if content.any() else by_word
    strongest = said.max(axis=1)
    pairs = np.minimum(said[:-1], said[1:]).max(axis=1) if len(said) > 1 else strongest
    found = frozenset().union(*(each.terms for each in sentences))
    new = np.array([not word.stop and word.term not in found for word in words], dtype=bool)
    own = [
        (claim.words[number].term, tokens.vectors[owners == number].mean(axis=0))
        for number in kept
        if not claim.words[number].stop
    ]
    same = _same_words(own, sentences, vectors)
    return [
        float(support[best]),
        float((weights @ second).max()),
        float(weights @ everywhere),
        float(said[:, best].min()),
        float(strongest.min()),
        float(np.quantile(strongest, 0.2)),
        float(pairs.mean()),
        float(pairs.min()),
        float(everywhere[new].mean()) if new.any() else 1.0,
        float(same.mean()) if same.size else 0.0,
        float(same.min()) if same.size else 0.0,
        float(by_word[~content].max(axis=1).mean()) if (~content).any() else 1.0,
    ]


def _max_similarities(tokens: TokenVectors, vectors: Sequence[TokenVectors]) -> Floats:
    """Return the highest similarity of each token in each sentence: ``(tokens, sentences)``."""
    lengths = [len(each.vectors) for each in vectors]
    if not len(tokens.vectors) or not sum(lengths):
        return np.empty((0, 0))
    stacked = np.concatenate([each.vectors for each in vectors])
    near = tokens.vectors @ stacked.T
    columns = []
    start = 0
    for length in lengths:
        columns.append(near[:, start : start + length].max(axis=1, initial=0.0))
        start += length
    return np.stack(columns, axis=1).astype(np.float64)


def _same_words(
    own: Sequence[tuple[str, NDArray[np.float32]]],
    sentences: Sequence[Sentence],
    vectors: Sequence[TokenVectors],
) -> Floats:
    """Return for each content word that occurs in the sentences the highest similarity of its occurrences."""
    wanted = {term for term, _ in own}
    uses: dict[str, list[NDArray[np.float32]]] = {}
    for sentence, each in zip(sentences, vectors, strict=True):
        if wanted.isdisjoint(sentence.terms):
            continue
        places = word_of_token(sentence.words, each)
        for place in np.unique(places[places >= 0]):
            term = sentence.words[place].term
            if term in wanted:
                uses.setdefault(term, []).append(each.vectors[places == place].mean(axis=0))
    return np.array([max(float(vector @ use) for use in uses[term]) for term, vector in own if term in uses])


def word_of_token(words: Sequence[Word], tokens: TokenVectors) -> NDArray[np.int64]:
    """Return the index of each token's word, or -1."""
    if not words:
        return np.full(len(tokens.offsets), -1)
    starts = np.array([word.start for word in words])
    ends = np.array([word.end for word in words])
    places = np.searchsorted(starts, tokens.offsets[:, 0], side="right") - 1
    inside = (places >= 0) & (tokens.offsets[:, 0] < ends[places])
    return np.where(inside, places, -1)
