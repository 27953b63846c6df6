"""Snippets of web pages that must and must not survive, by the metric of trafilatura's own evaluation.

https://github.com/adbar/trafilatura/blob/master/tests/evaluate.py lists for each page a few strings of its main text
and a few of its furniture, and counts those that the extracted text contains. White space is folded here, as a line
break between two words is not a loss.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from evals.html.pages import load_page, unpack

TRUTH = "evaldata.json"


def evaluate(folder: Path, scratch: Path) -> dict[str, object]:
    """Return how many snippets are missing and unwanted, of the loader and of trafilatura on the same pages.

    Args:
        folder: ``pages/FILE.gz`` and ``evaldata.json`` as ``{url: {file, with[], without[]}}``.
        scratch: Where to unpack the pages.
    """
    from trafilatura import extract  # noqa: PLC0415

    truth = json.loads((folder / TRUTH).read_text(encoding="utf-8"))
    pages = unpack(folder, {url: f"{wanted['file']}.gz" for url, wanted in truth.items()}, scratch)
    ours: dict[str, str] = {}
    refused = 0
    for url, path in pages.items():
        article, _ = load_page(path)
        ours[url] = article.text if article else ""
        refused += article is None
    defaults = {url: extract(path.read_bytes(), include_comments=False) or "" for url, path in pages.items()}
    return {
        "pages": len(truth),
        "missing": len(truth) - len(pages),
        "refused": refused,
        "scores": [snippet_counts("onrecord", truth, ours), snippet_counts("trafilatura defaults", truth, defaults)],
    }


def snippet_counts(name: str, truth: Mapping[str, Mapping[str, object]], texts: Mapping[str, str]) -> dict[str, object]:
    """Return the counts of one way of extraction: wanted and missing snippets, those to leave out and unwanted ones."""
    counts = {"wanted": 0, "missing": 0, "to leave out": 0, "unwanted": 0}
    for url, snippets in truth.items():
        text = _folded(texts.get(url, ""))
        wanted, other = _strings(snippets["with"]), _strings(snippets["without"])
        counts["wanted"] += len(wanted)
        counts["missing"] += sum(_folded(snippet) not in text for snippet in wanted)
        counts["to leave out"] += len(other)
        counts["unwanted"] += sum(_folded(snippet) in text for snippet in other)
    return {"name": name, **counts, "missing share": round(counts["missing"] / max(1, counts["wanted"]), 4)}


def _strings(values: object) -> list[str]:
    return [value for value in values if isinstance(value, str) and value] if isinstance(values, list) else []


def _folded(text: str) -> str:
    return " ".join(text.split())
