"""Fitting of the reader's models to labelled questions, with outcomes on held-out articles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.answering.model import DecisionModel, LinearModel, ReaderModel, decision_features, softmax

Floats = NDArray[np.float64]

FOLDS = 8
"""Articles are dealt to this many folds: figures, and scores a later model learns from, are of articles left out."""
CHOOSE_PENALTY = 3.0
"""L2 penalty of the choice on standardised features. From .3 to 30, hit@1 of articles left out moves by .002."""
CALIBRATION_C = 100.0
"""The same where one number is turned into a probability: as good as none."""
ANSWERABILITY_C = 0.1
"""scikit-learn's inverse penalty of the decision. From .01 to 1, AUROC of articles left out moves by .001."""
MIX = {"answerable": 3.0, "near_miss": 1.0, "foreign": 1.0}
"""What is asked in a newsroom, which calibration needs to be told and no data set can tell: of five questions, three
have an answer, one is a near miss (SQuAD 2's impossible questions) and one is foreign to the articles. It moves
probabilities and with them the decision, never their order, so no AUROC."""


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """One question read once.

    Attributes:
        group: Its article, by which folds are made.
        kind: "answerable", "near_miss" or "foreign".
        values: ``(sentences, features)``.
        right: ``(sentences,)`` bool: the sentence holds an answer.
    """

    group: int
    kind: str
    values: Floats
    right: NDArray[np.bool_]


def fit_choice(rows: Iterable[QuestionRow], names: Sequence[str]) -> LinearModel:
    """Fit a softmax over each question's sentences (conditional logit) with L-BFGS, on standardised features."""
    from scipy.optimize import minimize  # type: ignore[import-untyped]  # noqa: PLC0415 (only fitting needs it)

    kept = [row for row in rows if row.right.any()]
    values = np.concatenate([row.values for row in kept])
    scale = values.std(axis=0)
    scale[scale < 1e-9] = np.inf  # a feature that never varies tells nothing
    values = values / scale
    right = np.concatenate([row.right for row in kept]).astype(float)
    starts = np.cumsum([0, *(len(row.right) for row in kept[:-1])])
    owner = np.repeat(np.arange(len(kept)), [len(row.right) for row in kept])

    def loss(weights: Floats) -> tuple[float, Floats]:
        scores = values @ weights
        raised = np.exp(scores - np.maximum.reduceat(scores, starts)[owner])
        shares = raised / np.add.reduceat(raised, starts)[owner]
        hit = np.add.reduceat(shares * right, starts)
        gradient = values.T @ (shares - shares * right / hit[owner])
        return (
            float(-np.log(hit).sum() + CHOOSE_PENALTY / 2 * weights @ weights),
            gradient + CHOOSE_PENALTY * weights,
        )

    found = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B", options={"maxiter": 400}).x / scale
    return LinearModel(dict(zip(names, map(float, found), strict=True)))


def fit_logistic(
    names: Sequence[str], values: Floats, truth: NDArray[np.bool_], weights: Floats, c: float = ANSWERABILITY_C
) -> LinearModel:
    """Fit a logistic regression on standardised features and return it for raw ones."""
    from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]  # noqa: PLC0415

    mean, scale = values.mean(axis=0), values.std(axis=0)
    scale[scale < 1e-9] = np.inf
    model = LogisticRegression(C=c, max_iter=3000, tol=1e-6)
    model.fit((values - mean) / scale, truth, sample_weight=weights)
    found = model.coef_[0] / scale
    return LinearModel(
        dict(zip(names, map(float, found), strict=True)), float(model.intercept_[0] - (mean * found).sum())
    )


def held_out_odds(
    names: Sequence[str],
    values: Floats,
    truth: NDArray[np.bool_],
    weights: Floats,
    *,
    groups: NDArray[np.int64],
    c: float = ANSWERABILITY_C,
) -> Floats:
    """Return each row's log odds by the logistic regression of the groups it is not in, ``(rows,)``."""
    odds = np.empty(len(values))
    for group in np.unique(groups):
        seen = groups != group
        odds[~seen] = fit_logistic(names, values[seen], truth[seen], weights[seen], c).score(names, values[~seen])
    return odds


@dataclass(frozen=True, slots=True)
class HeldOutOutcome:
    """What a model did with rows it was not fitted on.

    Attributes:
        place: The rank, from 0, of the first right sentence; 99 where none is among those read.
        probability: The calibrated probability that the best sentence is right.
        shares: Shares of the sentences, best first.
        order_right: Whether each is right, in the same order.
    """

    place: int
    probability: float
    shares: Floats
    order_right: NDArray[np.bool_]


def fit_reader(rows: Sequence[QuestionRow], names: Sequence[str]) -> tuple[DecisionModel, list[HeldOutOutcome]]:
    """Fit choice, decision and calibration, each on scores of articles left out.

    Returns:
        The model of all rows, and for each row the outcome of the model that did not see its article.
    """
    folds = np.array([row.group % FOLDS for row in rows])
    answerable = np.array([row.kind == "answerable" for row in rows])
    scores = _cross(rows, folds, names)
    summaries = [
        decision_features(names, row.values, each, softmax(each)) for row, each in zip(rows, scores, strict=True)
    ]
    keys = tuple(summaries[0])
    table = np.array([list(each.values()) for each in summaries])
    equal = np.ones(len(rows))
    held = held_out_odds(keys, table, answerable, equal, groups=folds)
    calibrate = partial(fit_logistic, ("answerability",), c=CALIBRATION_C)
    first_right = np.array([bool(row.right[int(np.argmax(each))]) for row, each in zip(rows, scores, strict=True)])
    weights = mix_weights(rows)
    column = held[:, None]
    odds = held_out_odds(("answerability",), column, first_right, weights, groups=folds, c=CALIBRATION_C)
    probability = 1 / (1 + np.exp(-odds))
    outcomes = [
        _outcome(row, each, float(probability[n])) for n, (row, each) in enumerate(zip(rows, scores, strict=True))
    ]
    fitted = DecisionModel(
        choice=fit_choice(rows, names),
        answerability=fit_logistic(keys, table, answerable, equal),
        p_correct=calibrate(column, first_right, weights),
        p_answerable=calibrate(column, answerable, weights),
        further_threshold=fit_more(outcomes),
    )
    return fitted, outcomes


def mix_weights(rows: Sequence[QuestionRow]) -> Floats:
    """Return a weight per row, so that the kinds of question have the proportions of ``MIX``."""
    counts = {kind: sum(row.kind == kind for row in rows) for kind in MIX}
    return np.array([MIX[row.kind] / counts[row.kind] * len(rows) / sum(MIX.values()) for row in rows])


def fit_more(outcomes: Sequence[HeldOutOutcome]) -> float:
    """Return the probability from which a further sentence is worth its place.

    It is the one with the highest sentence F1 over the answerable questions that are answered at even odds.
    """
    answered = [each for each in outcomes if each.probability > 0.5 and each.place < 99]
    if not answered:
        return 0.5

    def f1(bar: float) -> float:
        total = 0.0
        for each in answered:
            likely = each.probability * each.shares[:3] / each.shares[0]
            count = 1 + int(np.cumprod(likely[1:] > bar).sum())
            held = int(each.order_right[:count].sum())
            total += 2 * held / (count + int(each.order_right.sum()))
        return total / len(answered)

    return float(max(np.arange(0.02, 0.52, 0.02), key=f1).round(2))


def _cross(rows: Sequence[QuestionRow], folds: NDArray[np.int64], names: Sequence[str]) -> list[Floats]:
    """Return each row's scores by the model of the folds it is not in."""
    models = {
        fold: fit_choice([row for row, its in zip(rows, folds, strict=True) if its != fold], names)
        for fold in sorted(set(folds))
    }
    return [models[fold].score(names, row.values) for row, fold in zip(rows, folds, strict=True)]


def _outcome(row: QuestionRow, scores: Floats, probability: float) -> HeldOutOutcome:
    order = np.argsort(-scores, kind="stable")
    right = row.right[order]
    place = int(np.argmax(right)) if right.any() else 99
    return HeldOutOutcome(place, probability, softmax(scores)[order], right)


def as_json(fitted: ReaderModel) -> dict[str, Any]:
    """Return a fitted model as the reader's file holds it."""
    decision = fitted.decision
    return {
        "first_stage": _rounded(fitted.first_stage.weights),
        "choice": _rounded(decision.choice.weights),
        "answerability": _rounded(decision.answerability.weights),
        "answerability_intercept": round(decision.answerability.intercept, 4),
        "p_correct": _rounded(decision.p_correct.weights),
        "p_correct_intercept": round(decision.p_correct.intercept, 4),
        "p_answerable": _rounded(decision.p_answerable.weights),
        "p_answerable_intercept": round(decision.p_answerable.intercept, 4),
        "further_threshold": decision.further_threshold,
        "bars": asdict(decision.bars),
    }


def _rounded(weights: Mapping[str, float]) -> dict[str, float]:
    return {name: round(weight, 4) for name, weight in weights.items()}
