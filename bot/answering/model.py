"""The fitted numbers of a reader, read from a file that people can read, and what is computed with them."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.answering.features import LEXICAL_FEATURES

Floats = NDArray[np.float64]

MODEL_FILE = Path(__file__).with_name("reader.json")

VECTOR_FEATURES = ("cosine", "cosine_gap")
"""A sentence's cosine similarity to the question, and its lead over the best other sentence."""

BEST_SENTENCE_FEATURES = (
    "dense", "dense_gap", "word_share", "cover", "cover_context", "cover_passage", "cover_best_gap", "bigrams",
    "window", "missing", "missing_passage", "missing_names", "missing_names_passage", "missing_numbers",
    "missing_everywhere", "length", "negation", "new_names", "new_numbers", "new_dates", "kind_fits", "person_fits",
    "time_fits", "place_fits", "number_fits", "reason_fits", "near_answer",
)  # fmt: skip
"""What the decision to answer looks at in the best sentence, beside its vector and token features."""
MAXIMUM_FEATURES = ("dense", "cover")
"""What it takes the highest of, over every sentence read."""
CHOICE_FEATURES = ("score", "share", "lead", "share_of_three")
"""How clear the choice was."""


@dataclass(frozen=True, slots=True)
class LinearModel:
    """A weighted sum of named features."""

    weights: Mapping[str, float]
    intercept: float = 0.0

    def over(self, names: Sequence[str], values: Floats) -> Floats:
        """Return the sum for each row of ``values`` ``(n, len(names))``; features without a weight count nothing."""
        row = np.array([self.weights.get(name, 0.0) for name in names])
        return np.asarray(values @ row + self.intercept, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class ReaderVariant:
    """The model for one kind of evidence.

    Attributes:
        choose: Log odds between sentences: a softmax over them gives each one's share.
        hold: Evidence that the articles hold an answer at all.
        p_correct: Log odds that the best sentence is right, from ``hold`` alone (Platt's scaling).
        p_answerable: Log odds that the articles hold an answer, likewise calibrated.
        more: A further sentence is shown from this probability on.
    """

    choose: LinearModel
    hold: LinearModel
    p_correct: LinearModel
    p_answerable: LinearModel
    more: float

    def shares(self, names: Sequence[str], values: Floats) -> tuple[Floats, Floats]:
        """Return the score and the share of each sentence (shares sum to 1)."""
        scores = self.choose.over(names, values)
        return scores, softmax(scores)

    def probabilities(
        self, names: Sequence[str], values: Floats, scores: Floats, shares: Floats
    ) -> tuple[float, float]:
        """Return the calibrated probabilities that the best sentence answers, and that the articles hold an answer."""
        summary = summarise(names, values, scores, shares)
        evidence = self.hold.over(tuple(summary), np.array([list(summary.values())]))[:, None]
        correct, answerable = (float(each.over(("hold",), evidence)[0]) for each in (self.p_correct, self.p_answerable))
        return logistic(correct), logistic(answerable)


@dataclass(frozen=True, slots=True)
class ReaderModel:
    """Everything in the file.

    Attributes:
        glance: Chooses the sentences that are worth embedding, from words alone.
        variants: By the evidence at hand: "tokens", or "vectors" when the embedder shows no tokens.
    """

    glance: LinearModel
    variants: Mapping[str, ReaderVariant]


def load(path: Path = MODEL_FILE) -> ReaderModel:
    """Read a fitted model."""
    data = json.loads(path.read_text(encoding="utf-8"))
    return ReaderModel(
        LinearModel(data["glance"]),
        {
            name: ReaderVariant(
                choose=LinearModel(found["choose"]),
                hold=LinearModel(found["hold"], found["hold_intercept"]),
                p_correct=LinearModel(found["p_correct"], found["p_correct_intercept"]),
                p_answerable=LinearModel(found["p_answerable"], found["p_answerable_intercept"]),
                more=found["more"],
            )
            for name, found in data["variants"].items()
        },
    )


def summarise(names: Sequence[str], values: Floats, scores: Floats, shares: Floats) -> dict[str, float]:
    """Return what the decision to answer rests on, by name."""
    order = np.argsort(-scores, kind="stable")
    best = values[order[0]]
    place = {name: index for index, name in enumerate(names)}
    beyond = [name for name in names if name not in LEXICAL_FEATURES]
    second = scores[order[1]] if len(order) > 1 else scores[order[0]] - 3.0
    summary = dict(
        zip(
            CHOICE_FEATURES,
            (
                float(scores[order[0]]),
                float(shares[order[0]]),
                float(scores[order[0]] - second),
                float(shares[order[:3]].sum()),
            ),
            strict=True,
        )
    )
    summary |= {name: float(best[place[name]]) for name in (*BEST_SENTENCE_FEATURES, *beyond)}
    summary |= {f"highest_{name}": float(values[:, place[name]].max()) for name in (*MAXIMUM_FEATURES, *beyond)}
    return summary


def softmax(scores: Floats) -> Floats:
    """Return shares that sum to 1."""
    raised = np.exp(scores - scores.max())
    return np.asarray(raised / raised.sum(), dtype=np.float64)


def logistic(odds: float) -> float:
    """Return the probability with these log odds."""
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, odds))))
