"""Evaluation of body text from web pages, by the metric of the article-extraction-benchmark.

https://github.com/scrapinghub/article-extraction-benchmark compares bags of four-token shingles (tokens are runs of
word characters) of the extracted and the true body text. Precision and recall are means over the pages where they are
defined, each page counting the same; F1 is their harmonic mean.
"""

from __future__ import annotations

import gzip
import json
import re
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from retrieval.articles import CITABLE, Article, BlockKind
from retrieval.loaders import SourceFile, load

_SHINGLE = 4
_TOKEN = re.compile(r"\w+")
_SCORED = CITABLE | {BlockKind.HEADING, BlockKind.TABLE_HEADER}


@dataclass(frozen=True, slots=True)
class ExtractionScore:
    """The figures of one way of extraction, each in [0, 1]."""

    name: str
    f1: float
    precision: float
    recall: float
    seconds: float


def run(folder: Path, json_output: bool) -> int:
    """Print body-text F1 of the loader and of trafilatura on the same pages; return an exit code.

    Scored are, in the same run: "citable", the text of passages with headings (without titles and boilerplate, as in
    the ground truth), which is the figure of this program; "text", the whole text of the article; trafilatura with its
    defaults; and all text of the page.

    Args:
        folder: ``pages/ID.html.gz`` and ``ground-truth.json`` as ``{ID: {articleBody, url}}``.
        json_output: Print one JSON document instead of a table.
    """
    from rich.console import Console  # noqa: PLC0415

    console = Console(stderr=True)
    try:
        truth = _truth(folder)
    except (OSError, ValueError, KeyError, TypeError) as error:
        console.print(f"{folder}: no benchmark here ({type(error).__name__}): needs pages/ and ground-truth.json")
        return 2
    with tempfile.TemporaryDirectory() as scratch:
        pages = _unpack(folder, truth, Path(scratch))
        missing = sorted(set(truth) - set(pages))
        scores = _scores(truth, pages)
    if missing:
        console.print(f"{len(missing)} pages of the ground truth are missing: they count as empty")
    if json_output:
        report = {"pages": len(truth), "missing": len(missing), "scores": [_as_dict(score) for score in scores]}
        sys.stdout.write(json.dumps(report, indent=2) + "\n")
    else:
        Console().print(_table(scores, len(truth)))
    return 0


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
    records = json.loads((folder / "ground-truth.json").read_text(encoding="utf-8"))
    return {str(page): str(record["articleBody"]) for page, record in records.items()}


def _unpack(folder: Path, pages: Iterable[str], scratch: Path) -> dict[str, Path]:
    """Write the pages as the files they were before they were packed, and return their paths."""
    found: dict[str, Path] = {}
    for number, page in enumerate(pages):
        packed = folder / "pages" / f"{page}.html.gz"
        if packed.is_file():
            found[page] = scratch / f"{number}.html"
            found[page].write_bytes(gzip.decompress(packed.read_bytes()))
    return found


def _scores(truth: dict[str, str], pages: dict[str, Path]) -> list[ExtractionScore]:
    from trafilatura import extract, html2txt  # noqa: PLC0415

    started = time.perf_counter()
    articles = {page: _article(path) for page, path in pages.items()}
    seconds = time.perf_counter() - started

    def score(name: str, texts: dict[str, str], took: float) -> ExtractionScore:
        return ExtractionScore(name, *body_score((true, texts.get(page, "")) for page, true in truth.items()), took)

    def other(name: str, extraction: Callable[[bytes], str | None]) -> ExtractionScore:
        began = time.perf_counter()
        texts = {page: extraction(path.read_bytes()) or "" for page, path in pages.items()}
        return score(name, texts, time.perf_counter() - began)

    return [
        score("onrecord, citable", {page: _citable(article) for page, article in articles.items()}, seconds),
        score("onrecord, text", {page: article.text if article else "" for page, article in articles.items()}, seconds),
        other("trafilatura defaults", extract),
        other("all text", html2txt),
    ]


def _article(path: Path) -> Article | None:
    loaded = load(SourceFile(path, path.name, path.stat().st_size, path.name))
    return next((one for one in loaded if isinstance(one, Article)), None)


def _citable(article: Article | None) -> str:
    if article is None:
        return ""
    return "\n".join(block.span.of(article.text) for block in article.blocks if block.kind in _SCORED)


def _as_dict(score: ExtractionScore) -> dict[str, object]:
    figures = {"f1": score.f1, "precision": score.precision, "recall": score.recall}
    return {"name": score.name, **{key: round(value, 4) for key, value in figures.items()}, "seconds": score.seconds}


def _table(scores: list[ExtractionScore], pages: int) -> object:
    from rich.table import Table  # noqa: PLC0415

    table = Table("extraction", "F1", "precision", "recall", "s", title=f"Body text, {pages} pages")
    for score in scores:
        figures = (f"{value:.3f}" for value in (score.f1, score.precision, score.recall))
        table.add_row(score.name, *figures, f"{score.seconds:.1f}")
    return table
