"""``python -m evals claims FILE``: how well supported claims are told from others, beside the plain ways."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bot.answers import Support
from bot.verification import model
from bot.verification.verifier import FEATURES, FEATURES_WITH_TOKENS, ClaimVerifier
from evals.claims.dataset import JudgedClaim, hits_of, read_claims
from evals.claims.fit import judged_table, left_out, summary
from retrieval.embedding.embedder import Embedder, load_embedder

PLAIN = {"cosine alone": "cosine", "trigram coverage": "trigrams"}
"""The plain ways, and the feature that each is: the best sentence's cosine, and the share of the claim's three-word
runs that the article has."""
CARRIED = frozenset({Support.VERBATIM, Support.SUPPORTED})


def run(file: Path, json_output: bool = False, embedder: Embedder | None = None) -> int:
    """Score ``file`` and print a table, or one JSON document.

    Args:
        file: JSON lines of set, article, claim, supported.
        json_output: Print JSON on stdout instead of a table.
        embedder: Used instead of the default model.

    Raises:
        InputError: The file is absent or is not in the layout.
        EmbeddingError: The model cannot be loaded.
    """
    records = read_claims(file)
    figures = score(records, embedder or load_embedder())
    seen = hashlib.sha256(file.read_bytes()).hexdigest() in fitted_on()
    if json_output:
        from rich import print_json  # noqa: PLC0415 (late, as every face)

        print_json(json.dumps({"file": file.name, "claims": len(records), "fitted_on_this_file": seen, **figures}))
    else:
        _show(file.name, len(records), figures, seen=seen)
    return 0


def fitted_on() -> set[str]:
    """Return the hashes of the files that the verifier was fitted on."""
    return set(json.loads(model.MODEL_FILE.read_text(encoding="utf-8"))["fitted_on"].values())


def score(records: Sequence[JudgedClaim], embedder: Embedder) -> dict[str, Any]:
    """Return the figures of the verifier as it is, of one fitted to the other articles, and of plain ways."""
    verifier = ClaimVerifier(embedder)
    truth = np.array([record.supported for record in records])
    judged, took = [], []
    for record in records:
        hits = hits_of(record.article)
        verifier.prepare(hits)
        start = time.perf_counter()
        judged.append(verifier.judge(record.claim, hits))
        took.append((time.perf_counter() - start) * 1000)
    table = judged_table(records, verifier)
    names = FEATURES_WITH_TOKENS if table.values.shape[1] == len(FEATURES_WITH_TOKENS) else FEATURES
    probability = np.clip([each.probability for each in judged], 1e-9, 1 - 1e-9)
    shown = np.array([each.support in CARRIED for each in judged])
    ways = {"ours": summary(records, np.log(probability / (1 - probability)))}
    ways["ours, fitted to its other articles"] = summary(records, left_out(names, table))
    for name, feature in PLAIN.items():
        values = table.values[:, FEATURES_WITH_TOKENS.index(feature)]
        ways[name] = summary(records, values - _best_bar(values, truth))
    return {
        "figures": ways,
        "shown_supported": round(float(shown[truth].mean()), 4),
        "shown_unsupported": round(float(shown[~truth].mean()), 4),
        "p50_ms": round(float(np.percentile(took, 50)), 1),
        "p95_ms": round(float(np.percentile(took, 95)), 1),
    }


def _best_bar(values: np.ndarray[Any, np.dtype[np.float64]], truth: np.ndarray[Any, np.dtype[np.bool_]]) -> float:
    """Return the bar with the highest balanced accuracy on the claims themselves: more than a plain way deserves."""
    bars = np.quantile(values, np.linspace(0.02, 0.98, 49))
    return float(max(bars, key=lambda bar: (values[truth] > bar).mean() + (values[~truth] <= bar).mean()))


def _show(name: str, count: int, figures: dict[str, Any], *, seen: bool) -> None:
    from rich.console import Console  # noqa: PLC0415 (late, as every face)
    from rich.table import Table  # noqa: PLC0415

    ways = figures["figures"]
    table = Table("figure", *ways, title=f"{name}, {count:,} claims")
    for figure in dict.fromkeys(figure for each in ways.values() for figure in each):
        table.add_row(figure, *(f"{each[figure]:.4f}" if figure in each else "" for each in ways.values()))
    console = Console()
    console.print(table)
    if seen:
        console.print("“ours” was fitted on this very file: its column flatters; the next one is of articles left out.")
    console.print(
        f"shown as supported: {figures['shown_supported']:.1%} of what is supported, "
        f"{figures['shown_unsupported']:.1%} of what is not; "
        f"a claim takes {figures['p50_ms']} ms (median), {figures['p95_ms']} ms (95th percentile)"
    )
