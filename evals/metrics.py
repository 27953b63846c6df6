"""Metrics of rankings and binary decisions, and the significance of differences between two systems.

A ranking is a sequence of ids, best first, without repeats; ``relevant`` maps an id to its gain (1 where judgements are
yes or no; ids with gain 0 or less are not relevant). A question with nothing relevant scores 0: leave those out.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

RESAMPLES = 10_000
"""Bootstrap resamples: between seeds the ends of a 95 % interval then move by about a hundredth of its width."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean difference and the bounds of its 95 % interval, in the metric's own unit."""

    mean: float
    low: float
    high: float


def ndcg(ranking: Sequence[str], relevant: Mapping[str, int], k: int) -> float:
    """Return nDCG@k in [0, 1] as trec_eval and BEIR define it: gain over log2(rank + 1), over the ideal order's."""
    ideal = _discounted(sorted((gain for gain in relevant.values() if gain > 0), reverse=True)[:k])
    found = _discounted([max(relevant.get(identifier, 0), 0) for identifier in ranking[:k]])
    return found / ideal if ideal else 0.0


def recall(ranking: Sequence[str], relevant: Mapping[str, int], k: int) -> float:
    """Return the share of all relevant ids in the first ``k``."""
    wanted = _wanted(relevant)
    return len(wanted.intersection(ranking[:k])) / len(wanted) if wanted else 0.0


def reciprocal_rank(ranking: Sequence[str], relevant: Mapping[str, int], k: int) -> float:
    """Return one over the rank of the first relevant id among the first ``k``, or 0; its mean is MRR@k."""
    wanted = _wanted(relevant)
    return next((1 / rank for rank, identifier in enumerate(ranking[:k], 1) if identifier in wanted), 0.0)


def hit(ranking: Sequence[str], relevant: Mapping[str, int], k: int) -> float:
    """Return 1 when a relevant id is in the first ``k``, else 0."""
    return float(not _wanted(relevant).isdisjoint(ranking[:k]))


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Return the probability that a positive's score is above a negative's, ties counted half (Mann and Whitney 1947).

    Raises:
        ValueError: One of them is empty.
    """
    if not len(positive) or not len(negative):
        raise ValueError("AUROC needs scores of both kinds")
    below = np.sort(np.asarray(negative, dtype=np.float64))
    above = np.asarray(positive, dtype=np.float64)
    wins = np.searchsorted(below, above, side="left") + np.searchsorted(below, above, side="right")
    return float(wins.mean() / 2 / len(below))


def balanced_accuracy(truth: Sequence[bool], said: Sequence[bool]) -> float:
    """Return the mean of the true positive and true negative rates.

    Raises:
        ValueError: The lengths differ, or ``truth`` holds only one kind.
    """
    pairs = list(zip(truth, said, strict=True))
    yes = [told for true, told in pairs if true]
    no = [not told for true, told in pairs if not true]
    if not yes or not no:
        raise ValueError("balanced accuracy needs cases of both kinds")
    return (sum(yes) / len(yes) + sum(no) / len(no)) / 2


def paired_bootstrap(ours: Sequence[float], theirs: Sequence[float], *, seed: int = 0) -> Interval:
    """Return the mean of ``ours - theirs`` over the same questions, with its 95 % percentile interval (Efron 1979).

    Args:
        ours: A metric, one value a question.
        theirs: The other system's, in the same order.
        seed: Of the resampling: the same values give the same interval.

    Raises:
        ValueError: The lengths differ, or there is no question.
    """
    if len(ours) != len(theirs) or not len(ours):
        raise ValueError("a paired comparison needs the same questions, at least one")
    differences = np.asarray(ours, dtype=np.float64) - np.asarray(theirs, dtype=np.float64)
    random = np.random.default_rng(seed)
    count = len(differences)
    means = np.concatenate(
        [differences[random.integers(0, count, (100, count))].mean(axis=1) for _ in range(RESAMPLES // 100)]
    )
    low, high = np.percentile(means, [2.5, 97.5])
    return Interval(float(differences.mean()), float(low), float(high))


def _wanted(relevant: Mapping[str, int]) -> set[str]:
    return {identifier for identifier, gain in relevant.items() if gain > 0}


def _discounted(gains: Sequence[int]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, 1))
