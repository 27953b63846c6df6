"""Benchmark of scale: what grows with a library, measured at increasing sizes and compared with n log n.

The libraries are synthetic (``evals.bench.synthetic_library``): only a sample is embedded. With a folder to keep them
in, a library that is there already is measured as it is, so that a large one is filled once, and its figures are kept
beside it, so that its stages can be measured one at a time. What is measured changes it: 100 articles are added, and
one in a hundred is deleted.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

from bot.app import App, build
from bot.settings import Settings
from evals.bench.question_mix import question_mix, quotations
from evals.bench.report import FigureTable, finish, percentiles
from evals.bench.single_process import ask_in_process, high_water
from evals.bench.synthetic_library import (
    SamplePassages,
    add_statements,
    fill,
    put_articles,
    sample_passages,
    save_sample,
    saved_sample,
)
from retrieval.embedding.embedder import Embedder, load_embedder
from retrieval.errors import InputError
from retrieval.quotes.record.record import SpeakerAmbiguous
from retrieval.store.backup import backup
from retrieval.store.library import Library
from retrieval.store.schema import LIBRARY_FILE

EXTRAPOLATED_PASSAGES = 10_000_000
"""Passages that the largest measurement is extrapolated to."""
ADDED_ARTICLES = 100
"""Articles that are added to a library to measure how soon they are found."""
PRUNED_SHARE = 0.01
"""Share of a library's articles that is deleted."""
MAX_GROWTH = 1.25
"""Times n log n from which a figure is marked: between two runs on a busy machine a figure differs by a fifth."""
MIN_COMPARED = 0.02
"""Seconds of the larger library from which a figure's growth is compared; shorter ones are noise."""

STAGES = ("fill", "index", "answer", "read", "change")
"""What is measured of a library, in this order."""

_PARTS = {"vectors": "vectors", "texts": "text", "word_index": "words", "quote_": "quotes", "sketch": "stories"}
_WARM = 5  # questions before those that are timed
_QUESTIONS_PER_KIND = 6
_SPEAKERS = 10
_FILL_STEPS = 4  # in which a library is filled, each timed: the rate must not fall


def run(
    news: Path,
    *,
    sizes: Sequence[int] = (1_000, 10_000, 30_000),
    questions: int = 60,
    read: int = 0,
    keep: Path | None = None,
    stages: Sequence[str] = STAGES,
    save: Path | None = None,
    json_output: bool = False,
) -> int:
    """Make libraries of ``sizes``, measure them one after the other, print; return 0.

    Each size is printed to standard error as soon as it is measured, and saved; what an interrupted run measured is
    reported.

    Args:
        news: JSON lines with a ``text``, gzipped or not.
        sizes: Passages of each library.
        questions: How many are searched for in each, and how many quotations are checked.
        read: How many real passages are embedded, to recombine; by default more for larger libraries.
        keep: A folder in which the libraries are kept, by size, and taken from, with the figures of each.
        stages: Which of ``STAGES`` are measured; the figures of the others are the kept ones.
        save: A folder to keep the figures in.
        json_output: Print one JSON document instead of a table.

    Raises:
        InputError: The news file is absent, not JSON lines, or too small; a stage is unknown.
    """
    if unknown := [each for each in stages if each not in STAGES]:
        raise InputError(f"{', '.join(unknown)} is not a stage: there are {', '.join(STAGES)}")
    report: dict[str, Any] = {"embedding_passages_s": None, "sizes": [], "computed": {}}
    with tempfile.TemporaryDirectory() as temporary:
        folder, cache = keep or Path(temporary), Path(temporary) / "cache"
        folder.mkdir(parents=True, exist_ok=True)
        load_embedder(exports=cache).warm()  # makes the fast copy
        embedder = load_embedder(exports=cache)
        try:
            begun = perf_counter()
            sample = saved_sample(folder)
            if sample is None:
                sample = sample_passages(news, embedder, read or max(1_000, min(3_000, max(sizes) // 100)))
                report["embedding_passages_s"] = round(len(sample.vectors) / (perf_counter() - begun), 1)
                save_sample(folder, sample)
            for size in sorted(sizes):
                kept = folder / f"{size}.json"
                figures: dict[str, Any] = json.loads(kept.read_text("utf-8")) if kept.exists() else {}
                report["sizes"].append(figures)
                of_size = _LibraryOfSize(folder / str(size), cache, embedder, sample, size, questions)
                for stage in (each for each in STAGES if each in stages):
                    of_size.measure(stage, figures)
                    kept.write_text(json.dumps(figures, indent=1), "utf-8")
                _say(json.dumps(figures))
        finally:
            report["sizes"] = [each for each in report["sizes"] if "passages" in each]
            if report["sizes"]:
                report["growth"] = growth(report["sizes"])
                complete = [each for each in report["sizes"] if "library_mb" in each]
                report["computed"] = _far(complete[-1], report["embedding_passages_s"]) if complete else {}
                finish("scale", report, _tables(report), save=save, json_output=json_output)
    return 0


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


@dataclass(slots=True)
class Stopwatch:
    """Seconds of a block.

    Attributes:
        seconds: Of the clock.
        cpu_seconds: Of the processors, child processes that ended included: other processes change that less.
    """

    seconds: float = 0.0
    cpu_seconds: float = 0.0

    def figures(self, name: str) -> dict[str, float]:
        """Return both by name."""
        return {f"{name}_s": self.seconds, f"{name}_cpu_s": self.cpu_seconds}


@contextlib.contextmanager
def _timed(name: str) -> Iterator[Stopwatch]:
    """Time a block and say so on standard error."""
    watch, begun, used = Stopwatch(), perf_counter(), sum(os.times()[:4])
    yield watch
    watch.seconds, watch.cpu_seconds = round(perf_counter() - begun, 3), round(sum(os.times()[:4]) - used, 3)
    _say(f"  {name}: {watch.seconds:,.2f} s, {watch.cpu_seconds:,.2f} s of the processors")


@dataclass(frozen=True, slots=True)
class _LibraryOfSize:
    """A library of one size, and what is measured of it.

    Attributes:
        folder: Its store; what is there already is measured as it is.
        cache: The folder of the fast copies of models.
        embedder: The model.
        sample: The passages that it is made of.
        size: Its passages.
        questions: How many are asked.
    """

    folder: Path
    cache: Path
    embedder: Embedder
    sample: SamplePassages
    size: int
    questions: int

    def measure(self, stage: str, figures: dict[str, Any]) -> None:
        """Measure one of ``STAGES``, adding to ``figures`` what is known."""
        if stage == "fill":
            self._fill(figures)
        elif stage == "answer":
            self._answer(figures)
        else:
            with build(Settings(store_dir=self.folder, cache_dir=self.cache)) as app:
                if stage == "index":
                    self._index(figures, app)
                    return
                app.warm()
                if stage == "read":
                    self._read(figures, app)
                else:
                    self._change(figures, app)

    def _index(self, figures: dict[str, Any], app: App) -> None:
        """Bring what is derived from the library up to date."""
        add_statements(app.library, self.sample)
        with _timed("vector index") as watch:
            was_built = app.vectors.sync()
        if was_built:
            figures |= watch.figures("index")
        figures["library_mb"] = {
            name: round(size / 1e6, 1) for name, size in _parts(self.folder / LIBRARY_FILE).items()
        }
        files = [each for each in (self.folder / "vectors").rglob("*") if each.is_file()]
        figures["index_mb"] = round(sum(each.stat().st_size for each in files) / 1e6, 1)

    def _fill(self, figures: dict[str, Any]) -> None:
        """Fill the library in steps, the rate of each kept."""
        rates, cpu_rates = list[int](), list[int]()
        with Library.open(self.folder, create=True) as library:
            before = library.counts().passages
            for step in range(1, _FILL_STEPS + 1):
                wanted, there = self.size * step // _FILL_STEPS, library.counts().passages
                if wanted <= there:
                    continue
                with _timed(f"{wanted:,} passages") as watch:
                    fill(library, self.embedder, self.sample, wanted)
                written = library.counts().passages - there
                rates.append(round(written / watch.seconds))
                cpu_rates.append(round(written / watch.cpu_seconds))
            counts = library.counts()
        figures |= {"articles": counts.articles, "passages": counts.passages}
        if before == 0:  # only a library that was filled from nothing tells how the rate grows
            figures |= {
                "written_passages_s": rates,
                "written_passages_cpu_s": cpu_rates,
                "fill_peak_mb": high_water() // 1024,
            }

    def _answer(self, figures: dict[str, Any]) -> None:
        """Ask questions of every kind in a process of its own."""
        mix = question_mix(self.sample, min(self.questions, _QUESTIONS_PER_KIND))
        with _timed(f"{len(mix)} questions of every kind in a new process"):
            found = ask_in_process(self.folder, self.cache, mix)
        figures["first_answer_s"], figures["peak_mb"] = found.first_answer_s, found.peak_mb or None
        figures["answers"] = {
            kind: _figures(seconds, found.cpu_seconds[kind]) for kind, seconds in found.seconds.items()
        }

    def _read(self, figures: dict[str, Any], app: App) -> None:
        with _timed("search"):
            figures["search"] = _each(
                self.sample.questions[: self.questions + _WARM],
                lambda question: app.searcher.search(question, limit=app.settings.passages),
            )
        verbatim, altered = quotations(self.sample, self.questions + _WARM)
        with _timed("quotations"):
            figures["quote_verbatim"] = _each(verbatim, app.quotes.check)
            figures["quote_altered"] = _each(altered, app.quotes.check)
        with _timed("speakers") as watch:
            people = app.record.people()
        figures |= watch.figures("people")
        speakers = [each.name for each in people if " " in each.name][: _SPEAKERS + 1]
        if speakers:
            with _timed("who said what"):
                figures["said"] = _each(speakers, lambda name: _said(app, name), warm=1)

    def _change(self, figures: dict[str, Any], app: App) -> None:
        with _timed("backup") as watch:
            target = self.folder / "scale-backup.sqlite"
            backup(self.folder, target)
            target.unlink()
        figures |= watch.figures("backup")
        question = self.sample.questions[-1]  # not asked before
        with _timed(f"{ADDED_ARTICLES} articles until they are found") as watch:
            with app.library.writer() as writer:
                added = put_articles(writer, self.embedder, self.sample, ADDED_ARTICLES)
            last = added[-1]
            found = app.vectors.search(last.vectors[-1], 10)
            if last.passages[-1].id not in {identifier for identifier, _ in found}:
                raise AssertionError("an article that was added is not found by its own vector")
        figures |= watch.figures("add_100")
        with _timed("the first question after") as watch:
            app.ask(question)
        figures |= watch.figures("question_after_add")
        count = max(1, int(app.library.counts().articles * PRUNED_SHARE))
        with app.library.reading() as connection:
            chosen = connection.execute("SELECT key FROM articles ORDER BY key % 101, key LIMIT ?", (count,)).fetchall()
        with _timed(f"{count:,} articles deleted") as watch, app.library.writer() as writer:
            for key in chosen:
                with writer.transaction():  # as an ingestion deletes the articles of one file after the other
                    writer.delete_articles(key)
        figures |= {**watch.figures("prune"), "pruned": count}
        with _timed("the first question after") as watch:
            app.ask(question)
        figures |= watch.figures("question_after_prune")


def _said(app: App, name: str) -> None:
    with contextlib.suppress(SpeakerAmbiguous):
        app.record.said(name)


def _each(values: Sequence[str], do: Callable[[str], object], warm: int = _WARM) -> dict[str, float]:
    """Return the figures of ``do`` with each of ``values``, the first ``warm`` left out."""
    seconds, cpu_seconds = [], []
    for value in values:
        begun, cpu = perf_counter(), process_time()
        do(value)
        seconds.append(perf_counter() - begun)
        cpu_seconds.append(process_time() - cpu)
    left_out = min(warm, len(seconds) - 1)
    return _figures(seconds[left_out:], cpu_seconds[left_out:])


def _figures(seconds: Sequence[float], cpu_seconds: Sequence[float]) -> dict[str, float]:
    """Return p50 and p95, and the median CPU time, in ms."""
    return {**percentiles(seconds), "cpu_ms": round(1000 * median(cpu_seconds), 2)}


def growth(sizes: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return each time of the largest library over that of the one before, and the same over n log n.

    What is measured many times is compared by its median CPU time: other processes change that less.
    ``faster`` marks what grew more than ``MAX_GROWTH`` times n log n. Times below ``MIN_COMPARED`` are left out.
    """
    if len(sizes) < 2:
        return []
    small, large = sizes[-2], sizes[-1]
    n, m = small["passages"], large["passages"]
    expected = m * math.log(m) / (n * math.log(n))
    before, after = _seconds(small), _seconds(large)
    return [
        {
            "figure": name,
            "times": round(after[name] / before[name], 2),
            "over_n_log_n": round(after[name] / before[name] / expected, 2),
            "faster": after[name] / before[name] > MAX_GROWTH * expected,
        }
        for name in before.keys() & after.keys()
        if after[name] >= MIN_COMPARED and before[name] > 0
    ]


def _seconds(figures: dict[str, Any]) -> dict[str, float]:
    """Return the seconds among a library's figures, by name."""
    found = {name.removesuffix("_s"): value for name, value in figures.items() if name.endswith("_s")}
    found = {name: value for name, value in found.items() if isinstance(value, float)}
    for name in [each for each in found if f"{each}_cpu" in found]:
        del found[name]
        found[f"{name}, CPU"] = found.pop(f"{name}_cpu")
    if rates := figures.get("written_passages_cpu_s"):
        found["writing, CPU"] = figures["passages"] / median(rates)
    told = {name: each for name, each in figures.items() if isinstance(each, dict) and "p95_ms" in each}
    told |= {f"answer: {kind}": each for kind, each in figures.get("answers", {}).items()}
    return found | {f"{name}, CPU": each["cpu_ms"] / 1000 for name, each in told.items()}


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


def _far(largest: dict[str, Any], rate: float | None) -> dict[str, Any]:
    """Extrapolate the largest measurement; all grows linearly with the passages, Chroma's index build slightly more."""
    times = EXTRAPOLATED_PASSAGES / largest["passages"]
    computed = {
        "passages": EXTRAPOLATED_PASSAGES,
        "library_gb": {name: round(size * times / 1e3, 1) for name, size in largest["library_mb"].items()},
        "chroma_gb": round(largest["index_mb"] * times / 1e3, 1),
        "chroma_h": round(largest["index_s"] * times / 3600, 1),
    }
    if rates := largest.get("written_passages_s"):
        computed["library_h"] = round(EXTRAPOLATED_PASSAGES / rates[-1] / 3600, 1)
    if rate:
        computed["embedding_h"] = round(EXTRAPOLATED_PASSAGES / rate / 3600, 1)
    return computed


def _tables(report: dict[str, Any]) -> list[FigureTable]:
    sizes = report["sizes"]
    columns = ("", *(f"{each['passages']:,}" for each in sizes))

    rows: list[tuple[object, ...]] = [
        ("articles", *(f"{each['articles']:,}" for each in sizes)),
        *(
            (
                f"written, passages a second {of}, by quarter",
                *(" ".join(map(str, each.get(name, []))) for each in sizes),
            )
            for of, name in (("", "written_passages_s"), ("of a processor", "written_passages_cpu_s"))
        ),
        ("library MB", *(round(sum(each.get("library_mb", {}).values())) for each in sizes)),
    ]
    plain = {
        "index_mb": "vector index MB",
        "fill_peak_mb": "peak memory of the process that filled it MB",
        "peak_mb": "peak memory of an answering process MB",
        "first_answer_s": "new process to its first answer s",
    }
    measured = {
        "index": "vector index",
        "people": "all speakers",
        "backup": "backup",
        "add_100": f"{ADDED_ARTICLES} articles until found",
        "question_after_add": "the first question after",
        "prune": f"{PRUNED_SHARE:.0%} of the articles deleted",
        "question_after_prune": "the first question after",
    }
    plain |= {f"{name}_s": f"{told} s" for name, told in measured.items()}
    plain |= {f"{name}_cpu_s": f"{told}, CPU s" for name, told in measured.items()}
    rows += [
        (told, *("" if (value := each.get(name)) is None else value for each in sizes)) for name, told in plain.items()
    ]
    timed = dict.fromkeys(name for each in sizes for name, value in _told(each).items())
    rows += [(f"{name}: p50, p95, CPU ms", *(_told(each).get(name, "") for each in sizes)) for name in timed]
    computed = [(name, told) for name, told in report["computed"].items() if name != "library_gb"]
    computed += [(f"library GB, {name}", size) for name, size in report["computed"].get("library_gb", {}).items()]
    grown = [
        (each["figure"], each["times"], each["over_n_log_n"], "faster than n log n" if each["faster"] else "")
        for each in sorted(report["growth"], key=lambda each: -each["times"])
    ]
    return [
        FigureTable("measured", columns, rows),
        FigureTable("growth to the largest", ("", "times", "over n log n", ""), grown),
        FigureTable("computed from the largest, not measured", ("", ""), computed),
    ]


def _told(figures: dict[str, Any]) -> dict[str, str]:
    """Return the percentiles among a library's figures, in words."""
    timed = {name: each for name, each in figures.items() if isinstance(each, dict) and "p95_ms" in each}
    timed |= {f"answer: {kind}": each for kind, each in figures.get("answers", {}).items()}
    return {name: f"{each['p50_ms']:.0f}, {each['p95_ms']:.0f}, {each['cpu_ms']:.0f}" for name, each in timed.items()}
