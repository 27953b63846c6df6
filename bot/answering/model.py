"""The fitted model of the reader: scores of sentences, and calibrated probabilities of the answer."""

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

CROSS_ENCODER_FEATURES = ("cross_encoder", "cross_encoder_gap")
"""The cross-encoder's log odds that a sentence answers, and their lead over the best other sentence's."""
FEATURES = (*LEXICAL_FEATURES, *CROSS_ENCODER_FEATURES)
"""Features of a sentence."""

BEST_SENTENCE_FEATURES = (
    "dense", "dense_gap", "word_share", "cover", "cover_context", "cover_passage", "cover_best_gap", "bigrams",
    "window", "missing", "missing_passage", "missing_names", "missing_names_passage", "missing_numbers",
    "missing_everywhere", "length", "negation", "new_names", "new_numbers", "new_dates", "kind_fits", "person_fits",
    "time_fits", "place_fits", "number_fits", "reason_fits", "near_answer",
)  # fmt: skip
"""Lexical features of the best sentence for the decision to answer, besides the cross-encoder's."""
MAXIMUM_FEATURES = ("dense", "cover", *CROSS_ENCODER_FEATURES)
"""Features for it of which the maximum over all sentences is taken."""
CHOICE_FEATURES = ("score", "share", "lead", "share_of_three")
"""Features for it of the choice between sentences."""


@dataclass(frozen=True, slots=True)
class LinearModel:
    """A weighted sum of named features."""

    weights: Mapping[str, float]
    intercept: float = 0.0

    def score(self, names: Sequence[str], values: Floats) -> Floats:
        """Return the sum for each row of ``values`` ``(n, len(names))``; features without a weight count nothing."""
        row = np.array([self.weights.get(name, 0.0) for name in names])
        return np.asarray(values @ row + self.intercept, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class DecisionBars:
    """The bars of the decision, as ratios of ``p_answerable`` to ``1 - p_correct`` at a cost of 1.

    They are 1 where the probabilities are calibrated on questions as they are asked; a fit on other questions states
    here how far they are off.

    Attributes:
        answered: From it on, times the cost of a wrong answer, the best sentence is asserted.
        possibly: From it on, times the cost of a wrong suggestion, it is shown as one that may answer.
    """

    answered: float = 1.0
    possibly: float = 1.0


@dataclass(frozen=True, slots=True)
class DecisionModel:
    """The model that chooses between sentences and decides whether to answer.

    Attributes:
        choice: Scores of sentences; a softmax over them gives their shares.
        answerability: The uncalibrated log odds that the articles contain an answer.
        p_correct: Log odds that the best sentence is correct, from ``answerability`` alone (Platt scaling).
        p_answerable: Log odds that the articles contain an answer, calibrated likewise.
        further_threshold: A further sentence is shown from this probability on.
        bars: The bars of the decision to answer.
    """

    choice: LinearModel
    answerability: LinearModel
    p_correct: LinearModel
    p_answerable: LinearModel
    further_threshold: float
    bars: DecisionBars = DecisionBars()

    def shares(self, names: Sequence[str], values: Floats) -> tuple[Floats, Floats]:
        """Return the score and the share of each sentence (shares sum to 1)."""
        scores = self.choice.score(names, values)
        return scores, softmax(scores)

    def probabilities(
        self, names: Sequence[str], values: Floats, scores: Floats, shares: Floats
    ) -> tuple[float, float]:
        """Return the calibrated probabilities that the best sentence is correct and the question answerable."""
        summary = decision_features(names, values, scores, shares)
        evidence = self.answerability.score(tuple(summary), np.array([list(summary.values())]))[:, None]
        correct = self.p_correct.score(("answerability",), evidence)
        answerable = self.p_answerable.score(("answerability",), evidence)
        return logistic(float(correct[0])), logistic(float(answerable[0]))


NO_DECISION = DecisionModel(LinearModel({}), LinearModel({}), LinearModel({}), LinearModel({}), 1.0)
"""Before the decision is fitted."""


@dataclass(frozen=True, slots=True)
class ReaderModel:
    """The models in the file.

    Attributes:
        first_stage: First-stage scores of sentences, from lexical features alone: which the cross-encoder reads.
        decision: Chooses between these, and decides whether to answer.
    """

    first_stage: LinearModel
    decision: DecisionModel = NO_DECISION


def load(path: Path = MODEL_FILE) -> ReaderModel:
    """Return the fitted model in ``path``."""
    data = json.loads(path.read_text(encoding="utf-8"))
    return ReaderModel(
        LinearModel(data["first_stage"]),
        DecisionModel(
            choice=LinearModel(data["choice"]),
            answerability=LinearModel(data["answerability"], data["answerability_intercept"]),
            p_correct=LinearModel(data["p_correct"], data["p_correct_intercept"]),
            p_answerable=LinearModel(data["p_answerable"], data["p_answerable_intercept"]),
            further_threshold=data["further_threshold"],
            bars=DecisionBars(**data["bars"]),
        ),
    )


def decision_features(names: Sequence[str], values: Floats, scores: Floats, shares: Floats) -> dict[str, float]:
    """Return the features of the decision to answer, by name."""
    order = np.argsort(-scores, kind="stable")
    best = values[order[0]]
    place = {name: index for index, name in enumerate(names)}
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
    summary |= {name: float(best[place[name]]) for name in BEST_SENTENCE_FEATURES}
    summary |= {f"highest_{name}": float(values[:, place[name]].max()) for name in MAXIMUM_FEATURES}
    return summary


def softmax(scores: Floats) -> Floats:
    """Return shares that sum to 1."""
    raised = np.exp(scores - scores.max())
    return np.asarray(raised / raised.sum(), dtype=np.float64)


def logistic(odds: float) -> float:
    """Return the probability with these log odds."""
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, odds))))
