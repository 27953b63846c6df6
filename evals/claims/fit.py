"""Fits the verifier and writes ``bot/verification/claims.json``: ``python -m evals fit-claims FILE… --parts 1,2``."""

from __future__ import annotations

import hashlib
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.verification import model
from bot.verification.features import parse_claim
from bot.verification.verifier import FEATURES, ClaimVerifier
from evals.claims.dataset import FOLDS, JudgedClaim, folds, hits_of, mended, read_claims
from evals.claims.entailment_examples import LEFT_OUT
from evals.claims.model_fit import as_text, fit_model, rescaled
from evals.cross_encoders.examples import part_of
from evals.metrics import auroc
from retrieval.embedding.cross_encoder import CrossEncoder
from retrieval.errors import InputError

Floats = NDArray[np.float64]
Truth = NDArray[np.bool_]

MAX_CLAIMS = 600
"""Claims of one set: drawn at random where it has more."""


@dataclass(frozen=True, slots=True)
class ClaimTable:
    """Claims as the verifier sees them.

    Attributes:
        values: ``(claims, features)``.
        truth: Whether each is supported.
        weights: What each counts; the sets count alike, and in each what is supported and what is not.
        fold: The fold of each.
        sets: The set of each.
    """

    values: Floats
    truth: Truth
    weights: Floats
    fold: NDArray[np.int64]
    sets: NDArray[np.str_]


def run(
    files: Sequence[Path],
    parts: Sequence[int] = (),
    whole: Sequence[Path] = (),
    output: Path = model.MODEL_FILE,
    entailment: CrossEncoder | None = None,
) -> dict[str, Any]:
    """Fit, write ``output``, and return the figures of articles left out.

    Args:
        files: Claims that people judged. Sets for non-commercial use are passed over.
        parts: The parts of articles that the entailment model was not trained on: only these are fitted on, since a
            score is better on what it was trained on than on anything else. All by default.
        whole: Further files, of sets that it was not trained on at all.
        output: Where to write.
        entailment: Used instead of the packaged model.

    Raises:
        InputError: A file is absent or is not in its layout, or none has a claim to fit on.
        EmbeddingError: The model cannot be loaded.
    """
    records = [
        record
        for part, its in ((parts, files), ((), whole))
        for record in chosen([each for file in its for each in read_claims(file)], part)
    ]
    if len({record.supported for record in records}) < 2:
        raise InputError("there are no claims of both kinds to fit on: name more files or parts")
    records.sort(key=lambda record: record.article)  # the claims of an article share what is read of it
    table = table_of(records, ClaimVerifier(entailment) if entailment else ClaimVerifier())
    scores = left_out(table)
    fitted = rescaled(fit_model(FEATURES, table.values, table.truth, table.weights), scores, table.truth, table.weights)
    figures = summary(table, fitted.scale * scores + fitted.intercept)
    record = {
        "fitted_by": f"python -m evals fit-claims {' '.join(file.name for file in files)}"
        + (f" --parts {','.join(map(str, parts))}" if parts else "")
        + "".join(f" --whole {file.name}" for file in whole),
        "fitted_on": {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in (*files, *whole)},
        "left_out_figures": figures,
    }
    output.write_text(as_text(record, fitted), encoding="utf-8")
    return figures


def chosen(records: Sequence[JudgedClaim], parts: Sequence[int]) -> list[JudgedClaim]:
    """Return the claims to fit on: those of ``parts``, at most ``MAX_CLAIMS`` of a set, none partly supported."""
    by_set: dict[str, list[JudgedClaim]] = defaultdict(list)
    for record in records:
        allowed = record.label != "partial" and record.set not in LEFT_OUT
        if allowed and (not parts or part_of(record.article) in parts):
            by_set[record.set].append(record)
    rng = random.Random(0)  # noqa: S311 (no secret)
    return [each for found in by_set.values() for each in rng.sample(found, min(len(found), MAX_CLAIMS))]


def table_of(records: Sequence[JudgedClaim], verifier: ClaimVerifier) -> ClaimTable:
    """Return the claims as ``verifier`` sees them."""
    rows = []
    for record in records:
        hits = hits_of(record.article)
        rows.append(verifier.analyze(parse_claim(mended(record.claim)), hits, verifier.sentences(hits)).values)
    truth = np.array([record.supported for record in records])
    sets = np.array([record.set for record in records])
    return ClaimTable(np.array(rows), truth, _even(truth, sets), folds(records), sets)


def _even(truth: Truth, sets: NDArray[np.str_]) -> Floats:
    """Return weights, 1 on the mean, with which each set and in it both kinds count alike: the odds start even."""
    weights = np.zeros(len(truth))
    for name in np.unique(sets):
        here = sets == name
        if len(np.unique(truth[here])) == 2:  # a set of one kind would teach its own style
            for kind in (truth, ~truth):
                weights[here & kind] = 1.0 / (here & kind).sum()
    return np.asarray(weights * (len(truth) / weights.sum()), dtype=np.float64)


def left_out(table: ClaimTable) -> Floats:
    """Return each claim's raw log odds by a model of the folds it is not in."""
    scores = np.empty(len(table.truth))
    for fold in range(FOLDS):
        seen = table.fold != fold
        fitted = fit_model(FEATURES, table.values[seen], table.truth[seen], table.weights[seen])
        scores[~seen] = [fitted.log_odds(FEATURES, row) for row in table.values[~seen]]
    return scores


def summary(table: ClaimTable, odds: Floats) -> dict[str, dict[str, float]]:
    """Return by set AUROC, and the shares of supported and other claims at or above the odds of ``supported``."""
    found = {}
    for name in ("all", *np.unique(table.sets)):
        here = np.ones(len(odds), dtype=bool) if name == "all" else table.sets == name
        yes, no = odds[here & table.truth], odds[here & ~table.truth]
        if len(yes) and len(no):
            bar = np.log(model.SUPPORTED_FROM / (1 - model.SUPPORTED_FROM))
            found[str(name)] = {
                "claims": int(here.sum()),
                "auroc": round(auroc(yes.tolist(), no.tolist()), 4),
                "supported shown": round(float((yes >= bar).mean()), 4),
                "others shown": round(float((no >= bar).mean()), 4),
            }
    return found
