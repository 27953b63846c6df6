"""Benchmark of questions in a large library, compared with the bare model and a bare Chroma query in the same run.

The library is synthetic (``evals.bench.synthetic_library``); the process is warm. The ways alternate at every question.
"""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from bot.app import App, build
from bot.settings import Settings
from evals.bench.report import FigureTable, finish, percentiles
from evals.bench.single_process import peak_mb
from evals.bench.synthetic_library import fill, sample_passages
from retrieval.embedding.embedder import load_embedder
from retrieval.embedding.model_files import DEFAULT_MODEL, find_model
from retrieval.embedding.torch import TorchRuntime
from retrieval.store.library import Library
from retrieval.vector_index import chroma, snapshots

CONCURRENT_USERS = 16
_WARM = 10  # questions before the measurement
_CROWD = "many at once"


def run(
    news: Path,
    *,
    passages: int = 100_000,
    questions: int = 200,
    read: int = 1_500,
    store: Path | None = None,
    save: Path | None = None,
    json_output: bool = False,
) -> int:
    """Make the library unless ``store`` holds it, measure, print; return 0.

    Args:
        news: JSON lines with a ``text``, gzipped or not.
        passages: How many passages are in the library.
        questions: How many are asked.
        read: How many real passages are embedded, to recombine.
        store: A folder to keep the library in for another run.
        save: A folder to keep the figures in.
        json_output: Print one JSON document instead of a table.

    Raises:
        InputError: The news file is absent, not JSON lines, or too small.
    """
    with tempfile.TemporaryDirectory() as temporary:
        folder = store or Path(temporary)
        settings = Settings(store_dir=folder / f"made-{passages}", cache_dir=folder / "cache")
        load_embedder(exports=settings.cache_dir).warm()  # makes the fast copy where there is none
        embedder = load_embedder(exports=settings.cache_dir)
        sample = sample_passages(news, embedder, read)
        with Library.open(settings.store_dir, create=True) as library:
            fill(library, embedder, sample, passages)
        with build(settings) as app:
            app.vectors.sync()
            app.warm()
            report = _measured(app, sample.questions, questions + _WARM)
    finish("query", report, _tables(report), save=save, json_output=json_output)
    return 0


def _tables(report: dict[str, Any]) -> list[FigureTable]:
    rows = [(name, each["p50_ms"], each["p95_ms"]) for name, each in report["ways"].items()]
    crowd = report["askers"]
    return [
        FigureTable(
            f"{report['passages']:,} passages, {report['questions']} questions", ("", "p50 ms", "p95 ms"), rows
        ),
        FigureTable("search to bare model and bare Chroma", ("", "ratio"), [("medians", report["ratio"])]),
        FigureTable(
            f"{CONCURRENT_USERS} users at once",
            ("", ""),
            [
                ("questions/s", crowd["questions_s"]),
                ("p50 ms", crowd["p50_ms"]),
                ("p95 ms", crowd["p95_ms"]),
                ("errors", crowd["errors"]),
                ("peak memory of one that only answers, MB", report["peak_mb"]),
            ],
        ),
    ]


def _measured(app: App, questions: Sequence[str], wanted: int) -> dict[str, Any]:
    """Return the figures; each way is asked ``wanted`` questions of its own, so that none remembers another's."""
    counts = app.library.counts()
    found = snapshots.read_pointer(app.folder / "vectors")
    assert found  # noqa: S101 (it was built just now)
    model = TorchRuntime(find_model(DEFAULT_MODEL)).model
    with tempfile.TemporaryDirectory() as temporary:
        snapshots.copy(app.folder / "vectors" / found.name, Path(temporary))
        client = chroma.open_local(Path(temporary))
        bare = client.list_collections()[0]

        def plain(question: str) -> None:
            vector = np.asarray(model.encode([question], show_progress_bar=False), dtype=np.float32)
            bare.query(query_embeddings=vector, n_results=app.settings.passages)

        ways: dict[str, Callable[[str], object]] = {
            "bare model + bare Chroma": plain,
            "embedding, ours": app.embedder.embed_query,
            "search": lambda question: app.searcher.search(question, limit=app.settings.passages),
            "extractive answer": app.ask,
        }
        times: dict[str, list[float]] = {name: [] for name in ways}
        mixed = itertools.cycle(questions)
        own = {name: list(itertools.islice(mixed, wanted)) for name in (*ways, _CROWD)}
        for turn in range(wanted):
            names = list(ways)
            for name in names[turn % len(names) :] + names[: turn % len(names)]:
                begun = perf_counter()
                ways[name](own[name][turn])
                if turn >= _WARM:
                    times[name].append(perf_counter() - begun)
        client.close()
    told = {name: percentiles(taken) for name, taken in times.items()}
    return {
        "articles": counts.articles,
        "passages": counts.passages,
        "questions": wanted - _WARM,
        "ways": told,
        "ratio": round(told["search"]["p50_ms"] / told["bare model + bare Chroma"]["p50_ms"], 2),
        "askers": _crowd(app, own[_CROWD]),
        "peak_mb": peak_mb(app.folder, app.settings.cache_dir, own[_CROWD]),
    }


def _crowd(app: App, questions: Sequence[str]) -> dict[str, Any]:
    """Return throughput and latency of questions asked from many threads at once."""

    def ask(question: str) -> tuple[float, bool]:
        begun = perf_counter()
        try:
            app.ask(question)
        except Exception:  # noqa: BLE001 (counted)
            return perf_counter() - begun, False
        return perf_counter() - begun, True

    asked = list(itertools.islice(itertools.cycle(questions), max(len(questions), 4 * CONCURRENT_USERS)))
    begun = perf_counter()
    with ThreadPoolExecutor(CONCURRENT_USERS) as pool:
        done = list(pool.map(ask, asked))
    took = perf_counter() - begun
    return {
        "questions_s": round(len(done) / took, 1),
        **percentiles([seconds for seconds, _ in done]),
        "errors": sum(not well for _, well in done),
    }
