"""Weighted queries: a question searched together with other texts, such as earlier questions of a conversation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class QueryComponent:
    """A text that is searched together with a question.

    Attributes:
        text: The text; only terms that neither the question nor an earlier component contains count.
        dense_weight: Weight of its vector, where the question's is 1.
        word_weight: Weight of its terms in BM25, where the question's is 1.
    """

    text: str
    dense_weight: float = 0.0
    word_weight: float = 0.0


@dataclass(frozen=True, slots=True)
class WeightedQuery:
    """A question and the texts that are searched together with it.

    Dense search uses one vector, the direction of the weighted sum; in word search a passage's BM25 is the weighted sum
    over all terms. Without a component of positive weight the results equal the question's own, bit for bit.
    """

    question: str
    components: tuple[QueryComponent, ...] = ()


def weighted_direction(
    vector: NDArray[np.float32], others: Sequence[tuple[float, NDArray[np.float32]]]
) -> NDArray[np.float32]:
    """Return the unit vector of ``vector`` plus the weighted ``others``, all ``(d,)``; ``vector`` without any."""
    if not others:
        return vector
    total = vector + sum(weight * other for weight, other in others)
    length = float(np.linalg.norm(total))
    return np.asarray(total / length, dtype=np.float32) if length > 0 else vector


def weighted_sum(lists: Iterable[tuple[float, Iterable[tuple[str, float]]]], limit: int) -> list[tuple[str, float]]:
    """Return the ``limit`` best of weighted lists of (id, score), each id once with its sum; equal scores by id."""
    scores: dict[str, float] = {}
    for weight, found in lists:
        for identifier, score in found:
            scores[identifier] = scores.get(identifier, 0.0) + weight * score
    return sorted(scores.items(), key=lambda each: (-each[1], each[0]))[:limit]
