"""Body text and metadata of Mozilla Readability's test pages.

https://github.com/mozilla/readability/tree/main/test/test-pages holds pages with the HTML and the metadata that
Readability is expected to find: the output of a program that people have read, not an annotation.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from evals.html.body_text import body_score
from evals.html.pages import citable_text, load_page
from retrieval.articles import Article

PATTERN = "*.json.gz"


def evaluate(folder: Path, scratch: Path) -> dict[str, object]:
    """Return body-text F1, and how many titles, authors and dates agree with those expected.

    Args:
        folder: One gzipped JSON object a page: ``{name, html, expected, metadata}``.
        scratch: Where to write the pages.
    """
    records = [json.loads(gzip.decompress(path.read_bytes())) for path in sorted(folder.glob(PATTERN))]
    loaded: list[tuple[Article | None, dict[str, Any]]] = []
    pairs: list[tuple[str, str]] = []
    for number, record in enumerate(records):
        page = scratch / f"{number}.html"
        page.write_text(record["html"], encoding="utf-8")
        article, _ = load_page(page)
        pairs.append((_text_of(record["expected"]), citable_text(article)))
        loaded.append((article, record["metadata"]))
    f1, precision, recall = body_score(pairs)
    body = {"name": "onrecord, citable", "f1": round(f1, 4), "precision": round(precision, 4)}
    return {
        "pages": len(records),
        "refused": sum(article is None for article, _ in loaded),
        "scores": [{**body, "recall": round(recall, 4)}],
        "metadata": [
            _agreement("title", "title", loaded),
            _agreement("author", "byline", loaded),
            _agreement("published", "publishedTime", loaded),
        ],
    }


def _agreement(
    field: str, expected: str, loaded: Sequence[tuple[Article | None, Mapping[str, Any]]]
) -> dict[str, object]:
    """Return how often a field agrees: one value contains the other, dates by their day."""
    counts = {"expected": 0, "agree": 0, "other": 0, "empty": 0, "not expected": 0}
    for article, metadata in loaded:
        value = str(getattr(article, field)) if article else ""
        wanted = str(metadata.get(expected) or "")
        if field == "published":
            value, wanted = value[:10], wanted[:10]
        value, wanted = _folded(value), _folded(wanted)
        counts["expected"] += bool(wanted)
        if not value or not wanted:
            counts["empty" if wanted else "not expected"] += bool(value or wanted)
        else:
            counts["agree" if value in wanted or wanted in value else "other"] += 1
    return {"field": field, **counts}


def _text_of(markup: str) -> str:
    from lxml.html import fragment_fromstring  # type: ignore[import-untyped]  # noqa: PLC0415

    return str(fragment_fromstring(markup, create_parent="div").text_content())


def _folded(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().casefold()
