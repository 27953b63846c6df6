"""Benchmark of vector engines: exact search, usearch and Chroma over the same stand-in vectors, in one run.

The vectors are recombined real ones with noise (``evals.bench.synthetic_library``), the queries are real questions.
Each engine builds in a process of its own and searches in another, one after the other.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evals.bench.report import FigureTable, finish, save_figures
from evals.bench.synthetic_library import NOISE, SEED, SamplePassages, sample_passages
from evals.bench.vector_engines import ENGINES, HOW_FAR, NEAREST
from retrieval.embedding.embedder import load_embedder
from retrieval.errors import InputError

MAX_PARTS = 4
"""Real passages that a stand-in vector is made of at most."""

_BATCH = 20_000


def run(
    news: Path,
    *,
    sizes: Sequence[int] = (10_000, 100_000),
    engines: Sequence[str] = tuple(ENGINES),
    questions: int = 200,
    read: int = 1_500,
    limit_s: float = 3_600.0,
    store: Path | None = None,
    save: Path | None = None,
    json_output: bool = False,
) -> int:
    """Make vectors of ``sizes``, build and search each engine, print; return 0.

    Figures are printed to stderr, and saved, as they come: a run that is cut off reports what it measured.

    Args:
        news: JSON lines with a ``text``, gzipped or not.
        sizes: How many vectors each index has.
        engines: Names of ``ENGINES``.
        questions: How many are asked of each.
        read: How many real passages are embedded, to recombine.
        limit_s: Seconds after which an engine's build or search is ended; how far the build came is reported.
        store: The folder for vectors and indexes; a temporary one by default.
        save: A folder to keep the figures in.
        json_output: Print one JSON document instead of a table.

    Raises:
        InputError: The news file is absent, not JSON lines, or too small; an engine is unknown, or failed.
    """
    if unknown := [each for each in engines if each not in ENGINES]:
        raise InputError(f"{', '.join(unknown)} is not an engine: there are {', '.join(ENGINES)}")
    with tempfile.TemporaryDirectory(dir=store) as temporary:
        folder = Path(temporary)
        load_embedder(exports=folder / "cache").warm()  # makes the fast copy
        embedder = load_embedder(exports=folder / "cache")
        sample = sample_passages(news, embedder, read)
        queries = np.stack([embedder.embed_query(question) for question in sample.questions[:questions]])
        report: dict[str, Any] = {"questions": len(queries), "dimension": queries.shape[1], "limit_s": limit_s}
        report["sizes"] = [{"vectors": size, "engines": {}} for size in sorted(sizes)]
        try:
            for figures in report["sizes"]:
                for name, measured in _measured(folder, sample, queries, figures["vectors"], engines, limit_s):
                    figures["engines"][name] = measured
                    sys.stderr.write(f"{figures['vectors']:,} {name} {json.dumps(measured)}\n")
                    if save:
                        save_figures("index", report, save)
        finally:
            finish("index", report, _tables(report), save=save, json_output=json_output)
    return 0


def _measured(  # noqa: PLR0917 (what a run is asked for)
    folder: Path,
    sample: SamplePassages,
    queries: NDArray[np.float32],
    size: int,
    engines: Sequence[str],
    limit_s: float,
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each engine's figures, its files deleted."""
    place = folder / str(size)
    place.mkdir()
    queries.astype(np.float32).tofile(place / "queries.f32")
    truth = _write_vectors(place / "vectors.f32", sample, queries, size)
    for name in engines:
        figures = _in_process("build", name, place, queries.shape[1], limit_s)
        if "unfinished" not in figures:
            searched = _in_process("search", name, place, queries.shape[1], limit_s)
            if found := searched.pop("found", None):
                right = sum(len({*rows} & {*wanted}) for rows, wanted in zip(found, truth, strict=True))
                figures[f"recall_at_{NEAREST}"] = round(right / (NEAREST * len(truth)), 4)
            figures |= searched
        yield name, figures
        shutil.rmtree(place / name)
    shutil.rmtree(place)


def _in_process(task: str, name: str, folder: Path, dimension: int, limit_s: float) -> dict[str, Any]:
    """Return what the process of an engine says; how far it came, where it is not done in time."""
    command = [sys.executable, "-m", "evals.bench.vector_engines", task, name, str(folder), str(dimension)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=limit_s)  # noqa: S603 (ours)
    except subprocess.TimeoutExpired:
        how_far = folder / name / HOW_FAR
        at = f" at {int(how_far.read_text()):,} vectors" if how_far.exists() else ""
        return {"unfinished": f"{task} not finished after {limit_s:,.0f} s{at}"}
    if done.returncode:
        raise InputError(f"{name} could not {task}: {done.stderr.strip()[-300:]}")
    return dict(json.loads(done.stdout))


def stand_in_vectors(sample: SamplePassages, count: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """Return ``(count, d)`` unit vectors, each a weighted sum of up to ``MAX_PARTS`` real ones, with noise.

    As synthetic passages', they lie where real ones do; vectors of noise alone would all be equally far apart, which
    no index searches well.
    """
    weights = rng.exponential(size=(count, MAX_PARTS)) * (rng.integers(MAX_PARTS, size=(count, 1)) >= range(MAX_PARTS))
    weights[:, 0] += 1e-3  # never none
    total = np.zeros((count, sample.vectors.shape[1]))
    for part in range(MAX_PARTS):
        total += weights[:, part, None] * sample.vectors[rng.integers(len(sample.vectors), size=count)]
    noise = rng.normal(size=total.shape)
    total /= np.linalg.norm(total, axis=1, keepdims=True)
    total += NOISE * noise / np.linalg.norm(noise, axis=1, keepdims=True)
    return np.asarray(total / np.linalg.norm(total, axis=1, keepdims=True), dtype=np.float32)


def _write_vectors(file: Path, sample: SamplePassages, queries: NDArray[np.float32], size: int) -> list[list[int]]:
    """Write ``size`` vectors; return the rows of those nearest to each query."""
    rng = np.random.default_rng(SEED)
    best: list[list[tuple[float, int]]] = [[] for _ in queries]
    with file.open("wb") as stream:
        for at in range(0, size, _BATCH):
            rows = stand_in_vectors(sample, min(_BATCH, size - at), rng)
            stream.write(rows.tobytes())
            scores = queries @ rows.T
            for number, found in enumerate(np.argpartition(scores, -min(NEAREST, len(rows)))[:, -NEAREST:]):
                pairs = [(float(scores[number, row]), at + row) for row in found.tolist()]
                best[number] = sorted(best[number] + pairs, reverse=True)[:NEAREST]
    return [[row for _, row in each] for each in best]


def _tables(report: dict[str, Any]) -> list[FigureTable]:
    names = [
        f"recall_at_{NEAREST}",
        "p50_ms",
        "p95_ms",
        "cpu_ms",
        "first_answer_s",
        "build_s",
        "build_cpu_s",
        "disk_mb",
    ]
    names += ["build_peak_mb", "search_peak_mb", "unfinished"]
    return [
        FigureTable(
            f"{each['vectors']:,} vectors of {report['dimension']}, {report['questions']} questions",
            ("", *(name.replace("_", " ") for name in names)),
            [(engine, *(figures.get(name, "") for name in names)) for engine, figures in each["engines"].items()],
        )
        for each in report["sizes"]
    ]
