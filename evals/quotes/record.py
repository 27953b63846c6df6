"""The record's statements on annotated articles (PolNeAR's layout): precision and recall of source and content.

A statement is right when its source and its content each overlap those of one annotated attribution by at least a
character; an attribution is found when a statement is right by it. PARC's and PolNeAR's attributions are wider than
statements: beliefs, intentions and what documents show count too, so that recall over all of them has a ceiling; the
figures by type tell it for quotations. Attributions without a source are left out of recall.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from retrieval.articles import Span
from retrieval.errors import InputError
from retrieval.quotes.record.extraction import statements

_Shares = dict[str, list[int]]


def measure(texts: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return precision by kind and by rule, recall by type of attribution, and both over all.

    Raises:
        InputError: The articles' attributions are not in PolNeAR's layout.
    """
    try:
        return _measured(texts)
    except (KeyError, TypeError) as error:
        raise InputError(f"the articles' attributions are not in PolNeAR's layout: {error!r} is missing") from error


def _measured(texts: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    kinds: _Shares = defaultdict(lambda: [0, 0])
    rules: _Shares = defaultdict(lambda: [0, 0])
    types: _Shares = defaultdict(lambda: [0, 0])
    unsourced = 0
    for article in texts.values():
        gold = [
            (_spans(each["source"]), _spans(each["content"]), str(each.get("type", "")))
            for each in article.get("attributions", ())
            if each["content"]
        ]
        found: set[int] = set()
        for statement in statements(article["text"]):
            right = {
                number
                for number, (source, content, _) in enumerate(gold)
                if _overlap([statement.source], source) and _overlap(statement.content, content)
            }
            found |= right
            for shares in (kinds[str(statement.kind)], rules[statement.rule]):
                shares[0] += bool(right)
                shares[1] += 1
        unsourced += sum(not source for source, *_ in gold)
        for number, (source, _, kind) in enumerate(gold):
            if source:
                types[kind][0] += number in found
                types[kind][1] += 1
    return {
        "precision": _total(kinds),
        "recall": _total(types),
        "precision_by_kind": {kind: _share(*shares) for kind, shares in sorted(kinds.items())},
        "recall_by_type": {kind: _share(*shares) for kind, shares in sorted(types.items())},
        "precision_by_rule": {
            rule: _share(*shares) for rule, shares in sorted(rules.items(), key=lambda each: -each[1][1])
        },
        "attributions_without_source": unsourced,
    }


def _spans(parts: Iterable[Mapping[str, int]]) -> list[Span]:
    return [Span(part["start"], part["end"]) for part in parts]


def _overlap(ours: Sequence[Span], theirs: Sequence[Span]) -> bool:
    return any(one.overlaps(other) for one in ours for other in theirs)


def _share(right: int, every: int) -> dict[str, float]:
    return {"right": right, "of": every, "share": round(right / every, 4) if every else 0.0}


def _total(shares: _Shares) -> dict[str, float]:
    return _share(sum(each[0] for each in shares.values()), sum(each[1] for each in shares.values()))


def table(report: Mapping[str, Any]) -> object:
    """Return what :func:`measure` found as a table to print."""
    from rich.table import Table  # noqa: PLC0415 (late, for the start-up of --help)

    record = report["record"]
    printed = Table(title="The record: statements whose source and content overlap an annotated attribution")
    for column in ("", "right", "of", "share"):
        printed.add_column(column, justify="left" if not column else "right")
    rows = {"precision": record["precision"]}
    rows |= {f"  {kind}": figures for kind, figures in record["precision_by_kind"].items()}
    rows |= {"recall": record["recall"]}
    rows |= {f"  {kind} ": figures for kind, figures in record["recall_by_type"].items()}
    for name, figures in rows.items():
        printed.add_row(name, str(figures["right"]), str(figures["of"]), f"{figures['share']:.3f}")
    return printed
