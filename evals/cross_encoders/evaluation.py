"""Figures of a cross-encoder on groups left out of its training."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evals.cross_encoders.examples import ExampleFile, ExampleGroup
from evals.metrics import auroc

Score = Callable[[str, Sequence[str]], NDArray[np.float32]]
"""Returns the score of each text for a question or claim."""


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """What a model does with the groups of one set.

    Attributes:
        groups: Groups scored.
        hit_1: Share of those with a right and a wrong text whose first text is right; None without such.
        pair_auroc: Scores separate right texts from wrong ones, over all groups; None where only one kind is there.
        group_auroc: The best score of a group separates groups with a right text from those without; None likewise.
    """

    groups: int
    hit_1: float | None
    pair_auroc: float | None
    group_auroc: float | None


def evaluate(score: Score, examples: ExampleFile, groups: Iterable[ExampleGroup]) -> dict[str, GroupFigures]:
    """Return the figures of each set's ``groups``, and of all of them as "all"."""
    scored = defaultdict[str, list[tuple[NDArray[np.float32], NDArray[np.bool_]]]](list)
    for group in groups:
        scores = score(group.text, [examples.input_text(each) for each in group.candidates])
        right = np.array([each.label > 0.5 for each in group.candidates])
        for name in (group.source, "all"):
            scored[name].append((scores, right))
    return {name: _figures(found) for name, found in sorted(scored.items())}


def _figures(found: Sequence[tuple[NDArray[np.float32], NDArray[np.bool_]]]) -> GroupFigures:
    mixed = [bool(right[int(np.argmax(scores))]) for scores, right in found if right.any() and not right.all()]
    scores = np.concatenate([scores for scores, _ in found])
    right = np.concatenate([right for _, right in found])
    best = np.array([scores.max() for scores, _ in found])
    answered = np.array([bool(right.any()) for _, right in found])
    return GroupFigures(
        groups=len(found),
        hit_1=round(float(np.mean(mixed)), 4) if mixed else None,
        pair_auroc=_auroc(scores, right),
        group_auroc=_auroc(best, answered),
    )


def _auroc(scores: NDArray[np.float32], right: NDArray[np.bool_]) -> float | None:
    if right.all() or not right.any():
        return None
    return round(auroc(scores[right].tolist(), scores[~right].tolist()), 4)
