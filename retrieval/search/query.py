"""A question searched for together with other texts, such as what was asked before it. Pure: texts and numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Part:
    """A text that is searched for beside a question.

    Attributes:
        text: The text; of its words, those count that neither the question nor an earlier part holds.
        meaning: How much its vector counts where the question's counts 1.
        words: How much its words count where the question's count 1.
    """

    text: str
    meaning: float = 0.0
    words: float = 0.0


@dataclass(frozen=True, slots=True)
class Blend:
    """A question and the texts beside it.

    By meaning, one vector is searched for: the direction of the weighted sum. By words, a passage's BM25 is the
    weighted sum over the terms of all. Without a part that weighs anything, it finds what the question alone finds, to
    the bit.
    """

    question: str
    parts: tuple[Part, ...] = ()


def direction(vector: NDArray[np.float32], others: Sequence[tuple[float, NDArray[np.float32]]]) -> NDArray[np.float32]:
    """Return the unit vector of ``vector`` plus the weighted ``others``, all ``(d,)``; ``vector`` without any."""
    if not others:
        return vector
    total = vector + sum(weight * other for weight, other in others)
    length = float(np.linalg.norm(total))
    return np.asarray(total / length, dtype=np.float32) if length > 0 else vector


def summed(lists: Iterable[tuple[float, Iterable[tuple[str, float]]]], limit: int) -> list[tuple[str, float]]:
    """Return the ``limit`` best of weighted lists of (id, score), each id once with its sum; equal scores by id."""
    scores: dict[str, float] = {}
    for weight, found in lists:
        for identifier, score in found:
            scores[identifier] = scores.get(identifier, 0.0) + weight * score
    return sorted(scores.items(), key=lambda each: (-each[1], each[0]))[:limit]
