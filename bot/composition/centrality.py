"""Centrality: which sentences represent a set of them, after LexRank, and which of these repeat each other.

LexRank (Erkan and Radev, 2004) is the stationary distribution of a walk over sentences that goes from one to another in
proportion to their similarity; here the cosine of their terms, weighted by inverse document frequency. Maximal marginal
relevance (Carbonell and Goldstein, 1998) then takes the best sentence that is least like those taken before it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from bot.answering.term_weights import general_weights

Floats = NDArray[np.float64]

DAMPING = 0.85
"""Probability of a step along a similarity, as in the paper; else the walk begins anew anywhere."""
MAX_STEPS = 50
TOLERANCE = 1e-6


def similarities(sentences: Sequence[Collection[str]]) -> Floats:
    """Return the cosines ``(n, n)`` of sentences given as their terms; a sentence without terms is like none."""
    weights = general_weights(term for terms in sentences for term in terms)
    column = {term: number for number, term in enumerate(weights)}
    rows = np.zeros((len(sentences), len(column)))
    for row, terms in zip(rows, sentences, strict=True):
        for term in terms:
            row[column[term]] = weights[term]
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    rows /= np.where(lengths > 0, lengths, 1.0)
    return np.asarray(rows @ rows.T, dtype=np.float64)


def lexrank(similar: Floats) -> Floats:
    """Return the centrality ``(n,)`` of each sentence, 1 for the most central."""
    size = len(similar)
    if not size:
        return np.zeros(0)
    steps = similar.copy()
    np.fill_diagonal(steps, 0.0)
    sums = steps.sum(axis=1, keepdims=True)
    steps = np.where(sums > 0, steps / np.where(sums > 0, sums, 1.0), 1.0 / size)
    share = np.full(size, 1.0 / size)
    for _ in range(MAX_STEPS):
        after = (1 - DAMPING) / size + DAMPING * (share @ steps)
        if np.abs(after - share).max() < TOLERANCE / size:
            break
        share = after
    return np.asarray(share / share.max(), dtype=np.float64)


def marginal(scores: Floats, similar: Floats, count: int, *, redundancy: float, repeats: float) -> list[int]:
    """Return up to ``count`` indexes, best first, by score less the similarity to what was taken.

    Args:
        scores: ``(n,)``; those that are not finite are never taken.
        similar: ``(n, n)`` cosines.
        count: At most this many.
        redundancy: The weight of the similarity.
        repeats: The cosine from which a sentence repeats one that was taken, and is left out.
    """
    taken: list[int] = []
    left = scores.astype(np.float64, copy=True)
    nearest = np.zeros(len(scores))
    while len(taken) < count and np.isfinite(left).any():
        best = int(np.argmax(left - redundancy * nearest))
        taken.append(best)
        nearest = np.maximum(nearest, similar[best])
        left[best] = -np.inf
        left[similar[best] >= repeats] = -np.inf
    return taken
