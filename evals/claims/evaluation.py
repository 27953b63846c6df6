"""``python -m evals claims FILE``: what becomes of claims that people judged, by what they are and who wrote them."""

from __future__ import annotations

import hashlib
import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bot.answers import ClaimContext, ClaimVerdict, Support
from bot.verification import model
from bot.verification.features import LEXICAL_FEATURES, lexical_features, parse_claim
from bot.verification.verifier import ClaimVerifier
from evals.claims.dataset import JudgedClaim, hits_of, read_claims
from evals.metrics import auroc
from retrieval.embedding.cross_encoder import CrossEncoder

BASELINE = "trigrams"
"""The plain way that figures stand beside: the share of a claim's three-word runs that one sentence has."""


@dataclass(frozen=True, slots=True)
class ClaimRates:
    """What became of some claims.

    Attributes:
        claims: How many.
        supported: Share shown as said by the articles.
        partly: Share shown as partly supported.
        unconfirmed: Share shown apart, as not confirmed.
        withheld: Share not shown.
    """

    claims: int
    supported: float
    partly: float
    unconfirmed: float
    withheld: float


@dataclass(frozen=True, slots=True)
class AnswerRates:
    """What became of answers all of whose claims people found supported.

    Attributes:
        answers: How many.
        whole: Share of which every claim is shown as supported.
        none: Share of which no claim is shown as supported or partly supported.
        nothing: Share of which no claim is shown at all, unconfirmed ones included: an abstention.
    """

    answers: int
    whole: float
    none: float
    nothing: float


def run(file: Path, json_output: bool = False, entailment: CrossEncoder | None = None) -> int:
    """Judge the claims of ``file`` and print tables, or one JSON document.

    Args:
        file: JSON lines, as ``evals.claims.dataset`` describes them.
        json_output: Print JSON on stdout instead of tables.
        entailment: Used instead of the packaged model.

    Raises:
        InputError: The file is absent or is not in the layout.
        EmbeddingError: The model cannot be loaded.
    """
    records = read_claims(file)
    verifier = ClaimVerifier(entailment) if entailment else ClaimVerifier()
    figures = score(records, verifier)
    seen = hashlib.sha256(file.read_bytes()).hexdigest() in fitted_on()
    if json_output:
        from rich import print_json  # noqa: PLC0415 (late, as every face)

        print_json(json.dumps({"file": file.name, "claims": len(records), "fitted_on_this_file": seen, **figures}))
    else:
        _show(file.name, figures, seen=seen)
    return 0


def fitted_on() -> set[str]:
    """Return the hashes of the files that the verifier was fitted on."""
    return set(json.loads(model.MODEL_FILE.read_text(encoding="utf-8"))["fitted_on"].values())


def score(records: Sequence[JudgedClaim], verifier: ClaimVerifier) -> dict[str, Any]:
    """Return the figures of the verifier as it is, and of the baseline."""
    verdicts, plain, took = [], [], []
    for record, context in zip(records, _contexts(records), strict=True):
        hits = hits_of(record.article)
        start = time.perf_counter()
        verdicts.append(verifier.judge(record.claim, hits, context))
        took.append((time.perf_counter() - start) * 1000)
        values = lexical_features(parse_claim(record.claim), [each.sentence for each in verifier.sentences(hits)])
        plain.append(values[LEXICAL_FEATURES.index(BASELINE)])
    judged = list(zip(records, verdicts, strict=True))
    return {
        "auroc": {
            name: {"ours": _auroc(chosen, [each.probability for _, each in judged]), BASELINE: _auroc(chosen, plain)}
            for name, chosen in _by_set(records).items()
        },
        "by_label": _rates(judged, lambda record: record.label),
        "by_set": _rates(judged, lambda record: f"{record.set}: {record.label}"),
        "by_model": _rates(judged, lambda record: record.model and f"{record.model}: {record.label}"),
        "faithful_answers": asdict(_answers(judged)),
        "p50_ms": round(float(np.percentile(took, 50)), 1),
        "p95_ms": round(float(np.percentile(took, 95)), 1),
    }


def _contexts(records: Iterable[JudgedClaim]) -> Iterable[ClaimContext]:
    """Yield the context of each claim: its question, and the claim before it in the same answer."""
    before: JudgedClaim | None = None
    for record in records:
        same = before is not None and before.answer == record.answer
        yield ClaimContext(record.question, before.claim if before and same else "")
        before = record


def _by_set(records: Sequence[JudgedClaim]) -> dict[str, list[int | None]]:
    """Return for all and for each set 1 or 0 a claim, supported or not; None for what is of another set or partial."""
    names = ["all", *sorted({record.set for record in records})]
    return {
        name: [
            None if record.label == "partial" or name not in {"all", record.set} else int(record.supported)
            for record in records
        ]
        for name in names
    }


def _auroc(truth: Sequence[int | None], values: Sequence[float]) -> float | None:
    kinds = [[value for value, is_so in zip(values, truth, strict=True) if is_so == wanted] for wanted in (1, 0)]
    return round(auroc(*kinds), 4) if all(kinds) else None


def _rates(
    judged: Sequence[tuple[JudgedClaim, ClaimVerdict]], kind: Callable[[JudgedClaim], str]
) -> dict[str, dict[str, float]]:
    found: dict[str, list[Support]] = defaultdict(list)
    for record, verdict in judged:
        if name := kind(record):
            found[name].append(verdict.support)
    return {name: asdict(_shares(supports)) for name, supports in sorted(found.items())}


def _shares(supports: Sequence[Support]) -> ClaimRates:
    def share(*wanted: Support) -> float:
        return round(sum(each in wanted for each in supports) / len(supports), 4)

    return ClaimRates(
        len(supports),
        share(Support.VERBATIM, Support.SUPPORTED),
        share(Support.PARTIAL),
        share(Support.UNCONFIRMED),
        share(Support.UNSUPPORTED),
    )


def _answers(judged: Sequence[tuple[JudgedClaim, ClaimVerdict]]) -> AnswerRates:
    answers: dict[tuple[str, str, str], list[tuple[bool, Support]]] = defaultdict(list)
    for record, verdict in judged:
        if record.model:
            answers[record.answer].append((record.supported, verdict.support))
    faithful = [[support for _, support in each] for each in answers.values() if all(true for true, _ in each)]
    if not faithful:
        return AnswerRates(0, 0.0, 0.0, 0.0)
    whole = [set(each) <= {Support.VERBATIM, Support.SUPPORTED} for each in faithful]
    none = [set(each) <= {Support.UNCONFIRMED, Support.UNSUPPORTED} for each in faithful]
    nothing = [set(each) == {Support.UNSUPPORTED} for each in faithful]
    return AnswerRates(len(faithful), *(round(float(np.mean(each)), 4) for each in (whole, none, nothing)))


def _show(name: str, figures: dict[str, Any], *, seen: bool) -> None:
    from rich.console import Console  # noqa: PLC0415 (late, as every face)
    from rich.table import Table  # noqa: PLC0415

    console = Console()
    table = Table("AUROC", "ours", BASELINE, title=name)
    for group, each in figures["auroc"].items():
        table.add_row(group, *("" if value is None else f"{value:.4f}" for value in each.values()))
    console.print(table)
    for title in ("by_label", "by_set", "by_model"):
        rows = figures[title]
        if not rows or (title == "by_set" and len(rows) == len(figures["by_label"])):
            continue
        table = Table(title.replace("_", " "), "claims", "supported", "partly", "unconfirmed", "withheld")
        for group, each in rows.items():
            claims, *shares = each.values()
            table.add_row(group, f"{claims:,}", *(f"{share:.1%}" for share in shares))
        console.print(table)
    answers = figures["faithful_answers"]
    if answers["answers"]:
        console.print(
            f"{answers['answers']:,} answers with faithful claims alone: {answers['whole']:.1%} shown whole as "
            f"supported, {answers['none']:.1%} without a supported claim, {answers['nothing']:.1%} not shown at all"
        )
    if seen:
        console.print("The verifier was fitted on this very file: the figures flatter.")
    console.print(f"a claim takes {figures['p50_ms']} ms (median), {figures['p95_ms']} ms (95th percentile)")
