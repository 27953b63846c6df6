"""Benchmark of ingestion, compared with the bare model and the baseline pipeline in the same run.

Rounds alternate the three, with models loaded before: the bare model only embeds our passages; ours loads, splits,
extracts statements, embeds, writes the library and builds the index; the baseline splits, embeds and fills Chroma.
Processor time is told beside wall time, as a machine with other work spoils only the latter. Then whole processes are
timed: an ingestion where nothing changed, and one where one article did.
"""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evals.baseline.pipeline import PlainPipeline
from evals.bench.report import FigureTable, compared, finish, spread
from evals.quotes.gold import records
from retrieval.articles import Article
from retrieval.embedding.embedder import Fingerprint, SentenceTransformerEmbedder, load_embedder
from retrieval.embedding.model_files import DEFAULT_MODEL, find_model
from retrieval.embedding.torch import TorchRuntime
from retrieval.errors import InputError
from retrieval.ingest import ingest
from retrieval.loaders import SourceFile, find, load
from retrieval.quotes.record.extraction import statements
from retrieval.store.library import Library
from retrieval.structure.passages import split
from retrieval.vector_index.index import VectorIndex


def run(
    news: Path,
    *,
    articles: int = 150,
    rounds: int = 3,
    kept: int = 2_000,
    save: Path | None = None,
    json_output: bool = False,
) -> int:
    """Measure, print; return 0.

    Args:
        news: JSON lines with a ``text``, gzipped or not.
        articles: How many are embedded a round, spread over the file.
        rounds: How often each of the three runs.
        kept: How many articles are in the store where nothing, or one, changed.
        save: A folder to keep the figures in.
        json_output: Print one JSON document instead of a table.

    Raises:
        InputError: The news file is absent, not JSON lines, or empty.
    """
    read = list(records(news, ("text",)))
    if not read:
        raise InputError(f"{news}: no article; name a file of news articles")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        cache = folder / "cache"
        load_embedder(exports=cache).warm()  # makes the fast copy, which every later process finds
        chosen = read[:: max(1, len(read) // articles)][:articles]
        report: dict[str, Any] = {
            "embedding": _rounds(chosen, folder, cache, rounds),
            "again": _again(read, kept, folder, cache, max(3, rounds)),
        }
    finish("ingest", report, _tables(report), save=save, json_output=json_output)
    return 0


def _tables(report: dict[str, Any]) -> list[FigureTable]:
    embedding, again = report["embedding"], report["again"]
    rows = [
        (
            name,
            *(f"{embedding[name][key]['median']:,}" for key in ("seconds", "cpu_seconds", "passages_s", "articles_s")),
        )
        for name in ("bare", "ours", "plain")
    ]
    title = f"{embedding['articles']:,} articles, {embedding['passages']:,} passages, {embedding['rounds']} rounds"
    told = {
        "ours to the bare model, passages a second": embedding["ratios"]["bare"],
        "ours to the plain pipeline, articles a second": embedding["ratios"]["plain"],
        "the bare model to ours, processor time": embedding["cpu_ratios"]["bare"],
        "the plain pipeline to ours, processor time": embedding["cpu_ratios"]["plain"],
    }
    ratios = [
        (what, f"{each['median']:.2f} ({each['least']:.2f} to {each['most']:.2f})") for what, each in told.items()
    ]
    whole = [(what, f"{figures['median']:.2f}") for what, figures in again["seconds"].items()]
    return [
        FigureTable(title, ("", "s", "CPU s", "passages/s", "articles/s"), rows),
        FigureTable("ratios, median and range over the rounds", ("", "ratio"), ratios),
        FigureTable(f"whole processes over {again['articles']:,} articles", ("", "s, median"), whole),
    ]


# Embedding


def _rounds(chosen: Sequence[dict[str, Any]], folder: Path, cache: Path, rounds: int) -> dict[str, Any]:
    file = folder / "articles.jsonl"
    _write(file, chosen)
    sources = [found for found in find([str(file)], folder) if isinstance(found, SourceFile)]
    loaded = [each for source in sources for each in load(source) if isinstance(each, Article)]
    texts = list(dict.fromkeys(passage.embedded_text for article in loaded for passage in split(article)))
    embedder = load_embedder(exports=cache)
    embedder.embed_passages(texts[:80])
    embedder.load_bulk()
    model = TorchRuntime(find_model(DEFAULT_MODEL)).model
    plain = PlainPipeline(())
    sequence = itertools.count()

    def bare() -> None:
        model.encode(texts, show_progress_bar=False)

    def ours() -> None:
        with Library.open(folder / f"store-{next(sequence)}", create=True) as library:
            ingest(library, embedder, [str(file)], extract_statements=statements)
            index = VectorIndex.open(library, library.folder / "vectors")
            index.sync()
            index.close()

    def tutorial() -> None:
        plain.clear()
        plain.add([(str(at), str(each.get("title", "")), each["text"]) for at, each in enumerate(chosen)])

    cpu: dict[str, list[float]] = {"bare": [], "ours": [], "plain": []}

    def measured(name: str, way: Callable[[], None]) -> Callable[[], None]:
        def run() -> None:
            begun = process_time()
            way()
            cpu[name].append(process_time() - begun)

        return run

    ways = {"bare": bare, "ours": ours, "plain": tutorial}
    seconds = compared({name: measured(name, way) for name, way in ways.items()}, rounds)
    report: dict[str, Any] = {"articles": len(loaded), "passages": len(texts), "rounds": rounds}
    for name, taken in seconds.items():
        report[name] = {
            "seconds": spread(taken),
            "cpu_seconds": spread(cpu[name]),
            "passages_s": spread([len(texts) / each for each in taken]),
            "articles_s": spread([len(loaded) / each for each in taken]),
        }
    report["plain"]["passages_s"] = spread([plain.count() / each for each in seconds["plain"]])
    for key, taken_by in (("ratios", seconds), ("cpu_ratios", cpu)):
        report[key] = {
            other: spread([b / a for a, b in zip(taken_by["ours"], taken_by[other], strict=True)])
            for other in ("bare", "plain")
        }
    return report


# Nothing new


class _RandomEmbedder:
    """Returns random vectors under the model's fingerprint, where their values do not matter."""

    def __init__(self, model: SentenceTransformerEmbedder) -> None:
        self._model = model
        self._random = np.random.default_rng(7)

    @property
    def fingerprint(self) -> Fingerprint:
        return self._model.fingerprint

    def embed_passages(
        self, texts: Sequence[str], on_batch: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        rows = self._random.normal(size=(len(texts), self.fingerprint.dimension))
        if on_batch:
            on_batch(len(texts))
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)

    def embed_query(self, text: str) -> NDArray[np.float32]:
        return np.asarray(self.embed_passages([text])[0])


def _again(read: Sequence[dict[str, Any]], kept: int, folder: Path, cache: Path, rounds: int) -> dict[str, Any]:
    """Time whole ingestions where nothing, or one article, has changed: of many files, and of one file of all."""
    chosen = list(itertools.islice(itertools.cycle(read), kept))
    standin = _RandomEmbedder(load_embedder(exports=cache))
    seconds: dict[str, Any] = {}
    for layout in ("files", "one file"):
        home = folder / layout.replace(" ", "-")
        news = home / "news"
        news.mkdir(parents=True)
        for at, each in enumerate(chosen) if layout == "files" else ():
            (news / f"{at:05}.txt").write_text(f"{each.get('title', '')}\n\n{each['text']}", "utf-8")
        whole = [{**each, "id": str(at)} for at, each in enumerate(chosen)]
        if layout == "one file":
            _write(news / "all.jsonl", whole)
        with Library.open(home / ".onrecord", create=True) as library:
            ingest(library, standin, [str(news)])
            VectorIndex.open(library, library.folder / "vectors").sync()
        unchanged, changed = [], []
        for turn in range(rounds):
            unchanged.append(_ingested(home, cache))
            added = f"\n\nThe council added on day {turn} that nothing else had changed."
            if layout == "files":
                with (news / "00000.txt").open("a", encoding="utf-8") as stream:
                    stream.write(added)
            else:
                whole[0] = {**whole[0], "text": whole[0]["text"] + added}
                _write(news / "all.jsonl", whole)
            changed.append(_ingested(home, cache))
        seconds[f"{layout}, nothing changed"] = spread(unchanged)
        seconds[f"{layout}, one article changed"] = spread(changed)
    return {"articles": kept, "rounds": rounds, "seconds": seconds}


def _ingested(home: Path, cache: Path) -> float:
    begun = perf_counter()
    environment = {**os.environ, "STORE_DIR": str(home / ".onrecord"), "CACHE_DIR": str(cache)}
    command = [sys.executable, "-m", "bot", "ingest", "--json", str(home / "news")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 (ours)
    if done.returncode:
        raise InputError(f"an ingest failed: {done.stderr.strip()}")
    return perf_counter() - begun


def _write(file: Path, articles: Sequence[dict[str, Any]]) -> None:
    file.write_text("".join(json.dumps(each) + "\n" for each in articles), "utf-8")
