"""Benchmark of scale: time, disk and memory of libraries of increasing size, extrapolated to ten million passages.

The libraries are synthetic (``evals.bench.synthetic_library``): only a sample is embedded.
"""

from __future__ import annotations

import contextlib
import sqlite3
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

from bot.app import build
from bot.settings import Settings
from evals.bench.report import FigureTable, finish, percentiles
from evals.bench.single_process import peak_mb
from evals.bench.synthetic_library import SamplePassages, fill, sample_passages
from retrieval.embedding.embedder import Embedder, load_embedder
from retrieval.store.library import Library
from retrieval.store.schema import LIBRARY_FILE

EXTRAPOLATED_PASSAGES = 10_000_000
"""Passages that the largest measurement is extrapolated to."""

_PARTS = {"vectors": "vectors", "texts": "text", "word_index": "words", "quote_": "quotes", "sketch": "stories"}


def run(
    news: Path,
    *,
    sizes: Sequence[int] = (1_000, 10_000, 30_000),
    questions: int = 60,
    read: int = 1_000,
    save: Path | None = None,
    json_output: bool = False,
) -> int:
    """Make libraries of ``sizes``, measure, print; return 0.

    Args:
        news: JSON lines with a ``text``, gzipped or not.
        sizes: Passages of each library.
        questions: How many are asked of each.
        read: How many real passages are embedded, to recombine.
        save: A folder to keep the figures in.
        json_output: Print one JSON document instead of a table.

    Raises:
        InputError: The news file is absent, not JSON lines, or too small.
    """
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        cache = folder / "cache"
        load_embedder(exports=cache).warm()  # makes the fast copy
        embedder = load_embedder(exports=cache)
        begun = perf_counter()
        sample = sample_passages(news, embedder, read)
        rate = len(sample.vectors) / (perf_counter() - begun)
        grown = [_grown(folder / str(size), cache, embedder, sample, size, questions) for size in sorted(sizes)]
    report = {"embedding_passages_s": round(rate, 1), "sizes": grown, "computed": _far(grown[-1], rate)}
    finish("scale", report, _tables(report), save=save, json_output=json_output)
    return 0


def _grown(  # noqa: PLR0917 (made in one place)
    folder: Path, cache: Path, embedder: Embedder, sample: SamplePassages, size: int, questions: int
) -> dict[str, Any]:
    settings = Settings(store_dir=folder, cache_dir=cache)
    begun = perf_counter()
    with Library.open(folder, create=True) as library:
        fill(library, embedder, sample, size)
    written = perf_counter()
    with build(settings) as app:
        app.vectors.sync()
        indexed = perf_counter()
        app.warm()
        times = []
        for question in sample.questions[: questions + 5]:
            asked = perf_counter()
            app.searcher.search(question, limit=settings.passages)
            times.append(perf_counter() - asked)
        counts = app.library.counts()
    files = [each for each in (folder / "vectors").rglob("*") if each.is_file()]
    return {
        "articles": counts.articles,
        "passages": counts.passages,
        "library_s": round(written - begun, 1),
        "chroma_s": round(indexed - written, 1),
        "library_mb": {name: round(size / 1e6, 1) for name, size in _parts(folder / LIBRARY_FILE).items()},
        "chroma_mb": round(sum(each.stat().st_size for each in files) / 1e6, 1),
        "search": percentiles(times[5:]),
        "peak_mb": peak_mb(folder, cache, sample.questions[:questions]),
    }  # fmt: skip


def _parts(file: Path) -> dict[str, int]:
    """Return the bytes of the library's file by content."""
    sizes = dict.fromkeys([*_PARTS.values(), "rest"], 0)
    with contextlib.closing(sqlite3.connect(file)) as connection:
        try:
            found = connection.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name").fetchall()
        except sqlite3.OperationalError:  # this SQLite was built without it
            return {"all": file.stat().st_size}
    for table, size in found:
        sizes[next((part for start, part in _PARTS.items() if start in table), "rest")] += size
    return sizes


def _far(largest: dict[str, Any], rate: float) -> dict[str, Any]:
    """Extrapolate the largest measurement; all grows linearly with the passages, Chroma's index build slightly more."""
    times = EXTRAPOLATED_PASSAGES / largest["passages"]
    return {
        "passages": EXTRAPOLATED_PASSAGES,
        "library_gb": {name: round(size * times / 1e3, 1) for name, size in largest["library_mb"].items()},
        "chroma_gb": round(largest["chroma_mb"] * times / 1e3, 1),
        "embedding_h": round(EXTRAPOLATED_PASSAGES / rate / 3600, 1),
        "library_h": round(largest["library_s"] * times / 3600, 1),
        "chroma_h": round(largest["chroma_s"] * times / 3600, 1),
    }


def _tables(report: dict[str, Any]) -> list[FigureTable]:
    rows = [
        (
            f"{each['passages']:,}",
            each["library_s"],
            each["chroma_s"],
            round(sum(each["library_mb"].values())),
            each["chroma_mb"],
            each["search"]["p50_ms"],
            each["search"]["p95_ms"],
            each["peak_mb"],
        )
        for each in report["sizes"]
    ]
    columns = ("passages", "library s", "Chroma s", "library MB", "Chroma MB", "search p50 ms", "p95 ms", "peak MB")
    computed = [(name, told) for name, told in report["computed"].items() if name != "library_gb"]
    computed += [(f"library GB, {name}", size) for name, size in report["computed"]["library_gb"].items()]
    return [
        FigureTable("measured", columns, rows),
        FigureTable("computed from the largest, not measured", ("", ""), computed),
    ]
