"""Quote checking on PolNeAR's layout: the words, the speakers and the quotations of running text.

(a) Each gold quotation must be ``verbatim``, at its offset. (b) Mutants of every class against the verdict they get:
a confusion matrix, and the failures that must never happen. A third of the articles is left out of the library: their
quotations are the fabricated ones in the same style. (c) and (d) are in :mod:`evals.quotes.speakers`, (e) in
:mod:`evals.quotes.drafts`, and (f) claimed speakers in :mod:`evals.quotes.speaker_claims`.
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

from evals.quotes import drafts, record, speaker_claims, speakers
from evals.quotes.baseline import BaselineDesk
from evals.quotes.gold import GoldQuote, read_articles, read_quotes
from evals.quotes.mutations import FABRICATED, MEANING_CHANGED, Mutant, mutants
from evals.quotes.store import TextLibrary
from retrieval.quotes.desk import QuoteDesk
from retrieval.quotes.verdict import Match, TextVerdict

SEED = 7
_HARMLESS = frozenset({TextVerdict.VERBATIM, TextVerdict.COSMETIC, TextVerdict.EDITED, TextVerdict.TOO_SHORT})

AnnotatedArticles = Mapping[str, Mapping[str, Any]]


def run(articles: Path, quotes: Path, json_output: bool, seed: int = SEED) -> int:
    """Measure and print; return 0, or 1 when a gold quotation was not found verbatim at its place.

    Args:
        articles: JSON lines of {id, text, attributions: [{source: [{start, end}], content: [{start, end}]}]}.
        quotes: JSON lines of {quote, article, start, end, speaker}.
        json_output: One JSON document on standard output instead of tables.
        seed: Of the mutation suite.

    Raises:
        InputError: A file is absent or not in that layout.
    """
    texts = read_articles(articles)
    gold = read_quotes(quotes, texts)
    report = {
        "gold": as_they_stand(texts, gold),
        "mutants": mutation_suite(texts, gold, seed),
        **speakers.measure(texts, gold),
        "record": record.measure(texts),
        "drafts": drafts.measure(QuoteDesk(library(texts)), (one["text"] for one in texts.values())),
        "claimed": speaker_claims.measure(texts, gold),
    }
    if json_output:
        sys.stdout.write(json.dumps(report, ensure_ascii=False, indent=1) + "\n")
    else:
        _show(report)
    return 1 if report["gold"]["wrong"] else 0


def library(texts: AnnotatedArticles) -> TextLibrary:
    """Return a library of the texts, each under its id."""
    made = TextLibrary()
    made.add((name, str(one.get("title", "")), "", "", one["text"]) for name, one in texts.items())
    return made


def as_they_stand(texts: AnnotatedArticles, gold: Sequence[GoldQuote]) -> dict[str, Any]:
    """(a) Check every gold quotation as it stands; times in ms."""
    desk, plain = QuoteDesk(library(texts)), BaselineDesk([one["text"] for one in texts.values()])
    verbatim = placed = 0
    wrong, times = [], []
    for one in gold:
        begun = perf_counter()
        verdict = desk.check(one.quote)
        times.append(1000 * (perf_counter() - begun))
        is_there = any(_is_at(match, one) for match in (*verdict.matches, *verdict.variants))
        placed += is_there
        verbatim += verdict.text is TextVerdict.VERBATIM
        if verdict.text is not TextVerdict.VERBATIM or not is_there:
            wrong.append(
                {"quote": one.quote, "verdict": verdict.text, "placed": is_there, "evidence": verdict.evidence}
            )
    times.sort()
    return {
        "quotes": len(gold),
        "verbatim": verbatim,
        "at_its_offset": placed,
        "p50_ms": round(times[len(times) // 2], 2),
        "p95_ms": round(times[int(len(times) * 0.95)], 2),
        "plain_verbatim": sum(plain.holds(one.quote) for one in gold),
        "wrong": wrong,
    }


def _is_at(match: Match, one: GoldQuote) -> bool:
    return match.article.origin == one.article and (match.span.start, match.span.end) == (one.start, one.end)


def mutation_suite(texts: AnnotatedArticles, gold: Sequence[GoldQuote], seed: int) -> dict[str, Any]:
    """(b) Check every mutant against a library that lacks a third of the articles."""
    held_out = {name for place, name in enumerate(sorted(texts)) if place % 3 == 0}
    kept = {name: one for name, one in texts.items() if name not in held_out}
    everything = " ".join(one["text"] for one in kept.values())
    foreign = [
        one.quote
        for one in gold
        if one.article in held_out and len(one.quote.split()) > 5 and one.quote not in everything
    ]
    made = list(mutants([one for one in gold if one.article in kept], foreign, seed=seed))
    desk, plain = QuoteDesk(library(kept)), BaselineDesk([one["text"] for one in kept.values()])
    checked = [desk.check(mutant.quote) for mutant in made]
    wrong = [
        {"kind": mutant.kind, "verdict": verdict.text, "quote": mutant.quote, "evidence": verdict.evidence}
        for mutant, verdict in zip(made, checked, strict=True)
        if verdict.text not in mutant.right
    ]
    ours = _summary(made, [verdict.text for verdict in checked])
    return {**ours, "plain": _summary(made, [plain.check(mutant.quote) for mutant in made]), "wrong": wrong}


def _summary(made: Sequence[Mutant], given: Iterable[TextVerdict]) -> dict[str, Any]:
    matrix: defaultdict[str, Counter[str]] = defaultdict(Counter)
    kinds: defaultdict[str, Counter[str]] = defaultdict(Counter)
    fabricated = softened = right = 0
    for mutant, verdict in zip(made, given, strict=True):
        is_right = verdict in mutant.right
        right += is_right
        matrix[mutant.right[0]][verdict] += 1
        kinds[mutant.kind]["right" if is_right else "wrong"] += 1
        fabricated += mutant.kind in FABRICATED and not is_right
        softened += mutant.kind in MEANING_CHANGED and verdict in _HARMLESS
    return {
        "mutants": len(made),
        "accuracy": round(right / len(made), 4) if made else 0.0,
        "fabricated_matched": fabricated,
        "changes_softened": softened,
        "kinds": {kind: dict(count) for kind, count in kinds.items()},
        "confusion": {kind: dict(count) for kind, count in matrix.items()},
    }


def _show(report: dict[str, Any]) -> None:
    from rich.console import Console  # noqa: PLC0415

    console = Console()
    gold, suite = report["gold"], report["mutants"]
    console.print(
        f"Gold quotations: {gold['verbatim']} of {gold['quotes']} verbatim, {gold['at_its_offset']} at their place "
        f"(str.find: {gold['plain_verbatim']}); p50 {gold['p50_ms']} ms, p95 {gold['p95_ms']} ms",
        highlight=False,
    )
    for name, figures in (("ours", suite), ("str.find + RapidFuzz", suite["plain"])):
        console.print(_confusion(name, figures))
        console.print(
            f"fabricated ones matched: {figures['fabricated_matched']}; "
            f"changed meaning called harmless: {figures['changes_softened']}",
            highlight=False,
        )
    missed = {kind: count["wrong"] for kind, count in suite["kinds"].items() if count.get("wrong")}
    console.print(f"wrong by kind: {missed or 'none'}", highlight=False)
    found = (*speakers.tables(report), *speaker_claims.tables(report["claimed"]), record.table(report))
    for table in (*found, drafts.table(report["drafts"])):
        console.print(table)


def _confusion(name: str, figures: dict[str, Any]) -> object:
    from rich.table import Table  # noqa: PLC0415

    title = f"{name}: {figures['mutants']} mutants, {figures['accuracy']:.2%} right (rows: deserved, columns: given)"
    table = Table(title=title, padding=0)
    given = [verdict for verdict in TextVerdict if any(verdict in row for row in figures["confusion"].values())]
    table.add_column("", no_wrap=True)
    for heading in given:
        table.add_column(heading.replace("_", "\n"), justify="right", overflow="fold")
    for deserved, row in figures["confusion"].items():
        table.add_row(deserved, *(str(row.get(verdict, "")) for verdict in given))
    return table
