"""Fits the verifier to claims judged by people and writes ``bot/claims.json``: ``python -m evals fit-claims FILE``."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.claims import model
from bot.claims.alignment import ALIGNED, VECTORS
from bot.claims.features import LEXICAL, read_claim
from bot.claims.verifier import ClaimVerifier
from bot.reading.features import candidates
from bot.reading.model import Linear
from evals.claims_file import FOLDS, JudgedClaim, folds, hits_of, read_claims
from evals.fitting import CALIBRATION_C, fit_logistic
from evals.metrics import auroc, balanced_accuracy
from retrieval.embedding import Embedder, load_embedder

Floats = NDArray[np.float64]

PENALTIES = (0.003, 0.01, 0.03, 0.1)
"""scikit-learn's inverse penalties that are tried; each fold chooses on the others (nested cross-validation)."""
NAMES = (*LEXICAL, *VECTORS, *ALIGNED)
VARIANTS = {"tokens": len(NAMES), "vectors": len(LEXICAL) + len(VECTORS)}
"""How many of the first features each variant has."""


def run(file: Path, output: Path = model.FITTED_FILE, embedder: Embedder | None = None) -> dict[str, Any]:
    """Fit on ``file``, write ``output``, and return the figures of articles left out.

    Raises:
        InputError: The file is absent or is not in the layout.
        EmbeddingError: The model cannot be loaded.
    """
    records = read_claims(file)
    embedder = embedder or load_embedder()
    table = features(records, ClaimVerifier(embedder, fitted=model.Fitted({})))
    truth = np.array([record.supported for record in records])
    dealt = folds(records)
    fitted, figures = {}, {}
    for name, count in VARIANTS.items():
        if count > table.shape[1]:
            continue  # an embedder that shows no tokens fits the other variant alone
        penalty, scores = nested(NAMES[:count], table[:, :count], truth, dealt)
        fitted[name] = calibrated(NAMES[:count], table[:, :count], truth, scores, penalty)
        figures[name] = {"penalty": penalty, **summary(records, scores)}
    record = {
        "fitted_by": f"python -m evals fit-claims {file.name}",
        "fitted_on": {file.name: hashlib.sha256(file.read_bytes()).hexdigest()},
        "embedder": embedder.fingerprint.name,
        "left_out_figures": figures,
        "variants": {
            name: {
                "intercept": round(each.intercept, 4),
                "weights": {feature: round(weight, 4) for feature, weight in each.weights.items()},
            }
            for name, each in fitted.items()
        },
    }
    output.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    return figures


def features(records: Sequence[JudgedClaim], verifier: ClaimVerifier) -> Floats:
    """Return what the verifier sees in each claim: ``(records, NAMES)``."""
    rows = []
    for record in records:
        _, values, _ = verifier.evidence(read_claim(record.claim), candidates(hits_of(record.article)))
        rows.append(values)
    return np.array(rows)


def nested(
    names: Sequence[str], table: Floats, truth: NDArray[np.bool_], dealt: NDArray[np.int64]
) -> tuple[float, Floats]:
    """Return the penalty that all folds together choose, and each claim's log odds by a model that saw no fold of it.

    For each fold the penalty is chosen on the other folds alone.
    """
    scores = np.empty(len(truth))
    for fold in range(FOLDS):
        seen = dealt != fold
        penalty = _chosen(names, table[seen], truth[seen], dealt[seen])
        scores[~seen] = _fit(names, table[seen], truth[seen], penalty).over(names, table[~seen])
    return _chosen(names, table, truth, dealt), scores


def _chosen(names: Sequence[str], table: Floats, truth: NDArray[np.bool_], dealt: NDArray[np.int64]) -> float:
    def left_out(penalty: float) -> float:
        scores = np.empty(len(truth))
        for fold in np.unique(dealt):
            seen = dealt != fold
            scores[~seen] = _fit(names, table[seen], truth[seen], penalty).over(names, table[~seen])
        return auroc(scores[truth].tolist(), scores[~truth].tolist())

    return max(PENALTIES, key=left_out)


def _fit(names: Sequence[str], table: Floats, truth: NDArray[np.bool_], penalty: float) -> Linear:
    return fit_logistic(names, table, truth, even(truth), penalty)


def even(truth: NDArray[np.bool_]) -> Floats:
    """Return weights with which both kinds count alike: a probability then starts from even odds."""
    share = truth.mean()
    return np.asarray(np.where(truth, 0.5 / share, 0.5 / (1.0 - share)), dtype=np.float64)


def calibrated(
    names: Sequence[str], table: Floats, truth: NDArray[np.bool_], left_out: Floats, penalty: float
) -> Linear:
    """Return the model of all claims, scaled so that its log odds are those of claims left out (Platt, 1999)."""
    raw = _fit(names, table, truth, penalty)
    scale = fit_logistic(("odds",), left_out[:, None], truth, even(truth), CALIBRATION_C)
    factor = scale.weights["odds"]
    weights = {name: weight * factor for name, weight in raw.weights.items()}
    return Linear(weights, raw.intercept * factor + scale.intercept)


def summary(records: Sequence[JudgedClaim], scores: Floats) -> dict[str, float]:
    """Return AUROC and balanced accuracy at even odds, overall and by set, of log odds."""
    truth = np.array([record.supported for record in records])
    sets = np.array([record.set for record in records])
    found = {}
    for name in ("", *sorted(set(sets.tolist()))):
        here = sets == name if name else np.ones(len(records), dtype=bool)
        yes, no = scores[here & truth], scores[here & ~truth]
        if len(yes) and len(no):
            label = f" {name}" if name else ""
            found[f"auroc{label}"] = round(auroc(yes.tolist(), no.tolist()), 4)
            said = (scores[here] > 0).tolist()
            found[f"balanced accuracy{label}"] = round(balanced_accuracy(truth[here].tolist(), said), 4)
    return found
