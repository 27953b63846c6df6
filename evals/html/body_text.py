"""Body text of web pages, by the metric of the article-extraction-benchmark.

https://github.com/scrapinghub/article-extraction-benchmark compares bags of four-token shingles (tokens are runs of
word characters) of the extracted and the true body text. Precision and recall are means over the pages where they are
defined, each page counting the same; F1 is their harmonic mean.
"""

from __future__ import annotations

import json
import re
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from evals.html.pages import citable_text, load_page, unpack

_SHINGLE = 4
_TOKEN = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class ExtractionScore:
    """The figures of one way of extraction, each in [0, 1]."""

    name: str
    f1: float
    precision: float
    recall: float
    seconds: float


TRUTH = "ground-truth.json"


def evaluate(folder: Path, scratch: Path) -> dict[str, object]:
    """Return body-text F1 of the loader and of trafilatura on the same pages.

    Scored are, in the same run: "citable", the text of passages with headings (without titles and boilerplate, as in
    the ground truth), which is the figure of this program; "text", the whole text of the article; trafilatura with its
    defaults; and all text of the page. A page that is missing counts as empty.

    Args:
        folder: ``pages/ID.html.gz`` and ``ground-truth.json`` as ``{ID: {articleBody, url}}``.
        scratch: Where to unpack the pages.
    """
    truth = _truth(folder)
    pages = unpack(folder, {page: f"{page}.html.gz" for page in truth}, scratch)
    scores = _scores(truth, pages)
    return {"pages": len(truth), "missing": len(truth) - len(pages), "scores": [_as_dict(score) for score in scores]}


def body_score(pairs: Iterable[tuple[str, str]]) -> tuple[float, float, float]:
    """Return (F1, precision, recall) over pairs of true and extracted body text."""
    precisions: list[float] = []
    recalls: list[float] = []
    for true, extracted in pairs:
        wanted, found = _shingles(true), _shingles(extracted)
        shared = (wanted & found).total()
        if found:
            precisions.append(shared / found.total())
        if wanted:
            recalls.append(shared / wanted.total())
    precision = statistics.mean(precisions) if precisions else 0.0
    recall = statistics.mean(recalls) if recalls else 0.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return f1, precision, recall


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    tokens = _TOKEN.findall(text)
    if not tokens:
        return Counter()
    return Counter(tuple(tokens[at : at + _SHINGLE]) for at in range(max(1, len(tokens) - _SHINGLE + 1)))


def _truth(folder: Path) -> dict[str, str]:
    records = json.loads((folder / TRUTH).read_text(encoding="utf-8"))
    return {str(page): str(record["articleBody"]) for page, record in records.items()}


def _scores(truth: dict[str, str], pages: dict[str, Path]) -> list[ExtractionScore]:
    from trafilatura import extract, html2txt  # noqa: PLC0415

    started = time.perf_counter()
    articles = {page: load_page(path)[0] for page, path in pages.items()}
    seconds = time.perf_counter() - started

    def score(name: str, texts: dict[str, str], took: float) -> ExtractionScore:
        return ExtractionScore(name, *body_score((true, texts.get(page, "")) for page, true in truth.items()), took)

    def other(name: str, extraction: Callable[[bytes], str | None]) -> ExtractionScore:
        began = time.perf_counter()
        texts = {page: extraction(path.read_bytes()) or "" for page, path in pages.items()}
        return score(name, texts, time.perf_counter() - began)

    return [
        score("onrecord, citable", {page: citable_text(article) for page, article in articles.items()}, seconds),
        score("onrecord, text", {page: article.text if article else "" for page, article in articles.items()}, seconds),
        other("trafilatura defaults", extract),
        other("all text", html2txt),
    ]


def _as_dict(score: ExtractionScore) -> dict[str, object]:
    figures = {"f1": score.f1, "precision": score.precision, "recall": score.recall}
    return {"name": score.name, **{key: round(value, 4) for key, value in figures.items()}, "seconds": score.seconds}
