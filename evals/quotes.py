"""Quote checking on PolNeAR's layout: gold quotations as they stand, and a seeded suite of what goes wrong with them.

(a) Each gold quotation must be ``verbatim``, at its offset. (b) Mutants of every class against the verdict they get:
a confusion matrix, and the failures that must never happen. A third of the articles is left out of the library: their
quotations are the fabricated ones in the same style.
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

from evals.quote_mutations import Gold, Mutant, mutants
from evals.quote_store import TextLibrary
from retrieval.quotes.desk import QuoteDesk
from retrieval.quotes.verdict import TextVerdict, Verdict

SEED = 7
_CHANGED = frozenset({"number", "dropped_not", "contraction", "added_not"})
_HARMLESS = frozenset({TextVerdict.VERBATIM, TextVerdict.COSMETIC, TextVerdict.EDITED, TextVerdict.TOO_SHORT})


def run(articles: Path, quotes: Path, json_output: bool, seed: int = SEED) -> int:
    """Measure and print; return 0, or 1 when a gold quotation was not found verbatim at its place."""
    texts = {str(one["id"]): one for one in _lines(articles)}
    gold = [Gold(one["quote"], str(one["article"]), one["start"], one["end"]) for one in _lines(quotes)]
    report = {"gold": as_they_stand(texts, gold), "mutants": mutation_suite(texts, gold, seed)}
    if json_output:
        sys.stdout.write(json.dumps(report, ensure_ascii=False, indent=1) + "\n")
    else:
        _show(report)
    return 0 if report["gold"]["verbatim"] == report["gold"]["quotes"] else 1


def _lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]


def library(texts: dict[str, dict[str, Any]]) -> TextLibrary:
    """Return a library of the texts, each under its id."""
    made = TextLibrary()
    made.add((name, str(one.get("title", "")), "", "", one["text"]) for name, one in texts.items())
    return made


def as_they_stand(texts: dict[str, dict[str, Any]], gold: Sequence[Gold]) -> dict[str, Any]:
    """(a) Check every gold quotation as it stands."""
    desk = QuoteDesk(library(texts))
    counts: Counter[str] = Counter()
    wrong, times = [], []
    for one in gold:
        begun = perf_counter()
        verdict = desk.check(one.quote)
        times.append(perf_counter() - begun)
        counts[verdict.text] += 1
        placed = any(_is_at(match, one) for match in (*verdict.matches, *verdict.variants))
        counts["at_its_offset"] += placed
        if verdict.text is not TextVerdict.VERBATIM or not placed:
            wrong.append({"quote": one.quote, "verdict": verdict.text, "placed": placed, "evidence": verdict.evidence})
    times.sort()
    return {
        "quotes": len(gold),
        "verbatim": counts[TextVerdict.VERBATIM],
        **{kind: count for kind, count in sorted(counts.items()) if kind != TextVerdict.VERBATIM},
        "p50_ms": round(1000 * times[len(times) // 2], 2),
        "p95_ms": round(1000 * times[int(len(times) * 0.95)], 2),
        "wrong": wrong,
    }


def _is_at(match: Any, one: Gold) -> bool:
    return bool(match.article.origin == one.article and (match.span.start, match.span.end) == (one.start, one.end))


def mutation_suite(texts: dict[str, dict[str, Any]], gold: Sequence[Gold], seed: int) -> dict[str, Any]:
    """(b) Check every mutant against a library that lacks a third of the articles."""
    held_out = {name for place, name in enumerate(sorted(texts)) if place % 3 == 0}
    kept = {name: one for name, one in texts.items() if name not in held_out}
    everything = " ".join(one["text"] for one in kept.values())
    foreign = [
        one.quote
        for one in gold
        if one.article in held_out and len(one.quote.split()) > 5 and one.quote not in everything
    ]
    desk = QuoteDesk(library(kept))
    results = [
        (mutant, desk.check(mutant.quote))
        for mutant in mutants([one for one in gold if one.article in kept], foreign, seed=seed)
    ]
    return _summary(results)


def _summary(results: Sequence[tuple[Mutant, Verdict]]) -> dict[str, Any]:
    matrix: defaultdict[str, Counter[str]] = defaultdict(Counter)
    kinds: defaultdict[str, Counter[str]] = defaultdict(Counter)
    wrong: list[dict[str, str]] = []
    fabricated = softened = 0
    for mutant, verdict in results:
        matrix[mutant.right[0]][verdict.text] += 1
        is_right = verdict.text in mutant.right
        kinds[mutant.kind]["right" if is_right else "wrong"] += 1
        fabricated += mutant.kind in {"foreign", "chain"} and not is_right
        softened += mutant.kind in _CHANGED and verdict.text in _HARMLESS
        if not is_right:
            wrong.append(
                {"kind": mutant.kind, "verdict": verdict.text, "quote": mutant.quote, "evidence": verdict.evidence}
            )
    right = sum(count["right"] for count in kinds.values())
    return {
        "mutants": len(results),
        "accuracy": round(right / len(results), 4),
        "fabricated_matched": fabricated,
        "changes_softened": softened,
        "kinds": {kind: dict(count) for kind, count in kinds.items()},
        "confusion": {kind: dict(count) for kind, count in matrix.items()},
        "wrong": wrong,
    }


def _show(report: dict[str, Any]) -> None:
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    console = Console()
    gold, suite = report["gold"], report["mutants"]
    console.print({key: value for key, value in gold.items() if key != "wrong"})
    table = Table(title=f"{suite['mutants']} mutants, {suite['accuracy']:.2%} right (rows: deserved, columns: given)")
    given = [verdict for verdict in TextVerdict if any(verdict in row for row in suite["confusion"].values())]
    for heading in ("", *given):
        table.add_column(heading, justify="right")
    for deserved, row in suite["confusion"].items():
        table.add_row(deserved, *(str(row.get(verdict, "")) for verdict in given))
    console.print(table)
    console.print({key: suite[key] for key in ("fabricated_matched", "changes_softened", "kinds")})
