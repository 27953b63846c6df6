"""Fits the verifier and writes ``bot/verification/claims.json``: ``python -m evals fit-claims FILE --turns FILE``."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.verification import model
from bot.verification.coreference import resolved_sentences
from bot.verification.features import parse_claim
from bot.verification.verifier import FEATURES, FEATURES_WITH_TOKENS, ClaimVerifier
from evals.claims.dataset import FOLDS, JudgedClaim, folds, hits_of, read_claims
from evals.claims.model_fit import as_text, fit_variant, rescaled
from evals.claims.synthetic import SyntheticClaim, make_claims
from evals.metrics import auroc, balanced_accuracy
from retrieval.embedding.embedder import Embedder, load_embedder

Floats = NDArray[np.float64]
Truth = NDArray[np.bool_]

SYNTHETIC_WEIGHT = 0.5
"""What all made claims weigh where the judged ones weigh 1. From .25 to 1, the AUROC of judged ones left out moves by
.004, and that of made ones rises."""
SHARES = {"word": 2.0, "splice": 1.5, "absent": 2.0, "unit": 0.5, "day": 0.5}
"""What the kinds of wrong claims weigh among the made ones; the others weigh 1. What a check without a model sees needs
a fitted model least."""
VARIANTS = {"tokens": FEATURES_WITH_TOKENS, "vectors": FEATURES}
"""What each variant sees."""


@dataclass(frozen=True, slots=True)
class ClaimTable:
    """Claims as the verifier sees them.

    Attributes:
        values: ``(claims, ALL)``, or ``(claims, SEEN)`` from an embedder that shows no tokens.
        truth: Whether each is supported.
        weights: What each counts.
        dealt: The fold of each.
    """

    values: Floats
    truth: Truth
    weights: Floats
    dealt: NDArray[np.int64]

    def joined(self, other: ClaimTable) -> ClaimTable:
        """Return the claims of both."""
        return ClaimTable(
            np.concatenate([self.values, other.values]),
            np.concatenate([self.truth, other.truth]),
            np.concatenate([self.weights, other.weights]),
            np.concatenate([self.dealt, other.dealt]),
        )


def run(
    file: Path, turns: Path | None = None, output: Path = model.MODEL_FILE, embedder: Embedder | None = None
) -> dict[str, Any]:
    """Fit, write ``output``, and return the figures of articles and conversations left out.

    Args:
        file: Claims that people judged.
        turns: Answers to make more claims from.
        output: Where to write.
        embedder: Used instead of the default model.

    Raises:
        InputError: A file is absent or is not in its layout.
        EmbeddingError: The model cannot be loaded.
    """
    records = read_claims(file)
    embedder = embedder or load_embedder()
    verifier = ClaimVerifier(embedder, fitted=model.VerifierModel({}))
    made = make_claims(turns) if turns else []
    table = judged_table(records, verifier)
    whole = table.joined(made_table(made, verifier)) if made else table
    fitted, figures = {}, {}
    for name, names in VARIANTS.items():
        if len(names) > table.values.shape[1]:
            continue  # an embedder that shows no tokens fits the other variant alone
        scores = left_out(names, whole)
        fitted[name] = rescaled(fit_variant(names, *_seen(names, whole)), scores, whole.truth, whole.weights)
        figures[name] = summary(records, fitted[name].scale * scores[: len(records)] + fitted[name].intercept)
        figures[name] |= {f"auroc of {kind}": value for kind, value in by_kind(made, scores[len(records) :]).items()}
    files = [each for each in (file, turns) if each]
    record = {
        "fitted_by": f"python -m evals fit-claims {file.name}" + (f" --turns {turns.name}" if turns else ""),
        "fitted_on": {each.name: hashlib.sha256(each.read_bytes()).hexdigest() for each in files},
        "embedder": embedder.fingerprint.name,
        "left_out_figures": figures,
    }
    output.write_text(as_text(record, fitted), encoding="utf-8")
    return figures


def judged_table(records: Sequence[JudgedClaim], verifier: ClaimVerifier) -> ClaimTable:
    """Return the claims that people judged; supported ones and others weigh alike, a claim 1 on the mean."""
    rows = []
    for record in records:
        hits = hits_of(record.article)
        rows.append(verifier.analyze(parse_claim(record.claim), hits, resolved_sentences(hits)).values)
    truth = np.array([record.supported for record in records])
    return ClaimTable(np.array(rows), truth, even(truth) * len(truth), folds(records))


def made_table(made: Sequence[SyntheticClaim], verifier: ClaimVerifier) -> ClaimTable:
    """Return made claims: true ones and the others weigh alike, all together ``MADE`` of a thousand judged ones."""
    rows = [verifier.analyze(parse_claim(each.claim), each.hits, resolved_sentences(each.hits)).values for each in made]
    truth = np.array([each.supported for each in made])
    share = np.array([SHARES.get(each.kind, 1.0) for each in made])
    counts = {kind: sum(each.kind == kind for each in made) for kind in {each.kind for each in made}}
    share /= np.array([counts[each.kind] for each in made])
    share[truth] /= 2 * share[truth].sum()
    share[~truth] /= 2 * share[~truth].sum()
    return ClaimTable(
        np.array(rows), truth, share * SYNTHETIC_WEIGHT * 1000, np.array([each.group % FOLDS for each in made])
    )


def even(truth: Truth) -> Floats:
    """Return weights, 1 in all, with which both kinds count alike: a probability then starts from even odds."""
    weights = np.where(truth, 1.0 / truth.sum(), 1.0 / (~truth).sum())
    return np.asarray(weights / 2, dtype=np.float64)


def left_out(names: Sequence[str], table: ClaimTable) -> Floats:
    """Return each claim's raw log odds by a model of the folds it is not in."""
    scores = np.empty(len(table.truth))
    for fold in range(FOLDS):
        seen = table.dealt != fold
        part = ClaimTable(table.values[seen], table.truth[seen], table.weights[seen], table.dealt[seen])
        fitted = fit_variant(names, *_seen(names, part))
        scores[~seen] = [fitted.raw_log_odds(names, row) for row in table.values[~seen][:, : len(names)]]
    return scores


def _seen(names: Sequence[str], table: ClaimTable) -> tuple[Floats, Truth, Floats]:
    return table.values[:, : len(names)], table.truth, table.weights


def by_kind(made: Sequence[SyntheticClaim], scores: Floats) -> dict[str, float]:
    """Return how well true made claims are told from each kind of wrong ones."""
    kinds = np.array([each.kind for each in made])
    true = scores[kinds == "true"].tolist()
    return {
        kind: round(auroc(true, scores[kinds == kind].tolist()), 4)
        for kind in sorted(set(kinds.tolist()) - {"true"})
        if true
    }


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
