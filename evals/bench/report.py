"""Benchmark reports: alternating rounds, medians, a description of the machine, tables and saved figures."""

from __future__ import annotations

import json
import os
import platform
import sqlite3
import statistics
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from time import perf_counter
from typing import Any

_LIBRARIES = ("chromadb", "langchain", "onnxruntime", "sentence-transformers", "torch")


@dataclass(frozen=True, slots=True)
class FigureTable:
    """Rows to print: the first column is text, the others are figures."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[object]]


def compared(ways: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """Return the seconds of each way in each round; the order rotates, so that none is always last.

    Machines are noisy: compare only figures of the same round.
    """
    names = list(ways)
    seconds: dict[str, list[float]] = {name: [] for name in names}
    for turn in range(rounds):
        shift = turn % len(names)
        for name in names[shift:] + names[:shift]:
            begun = perf_counter()
            ways[name]()
            seconds[name].append(perf_counter() - begun)
    return seconds


def spread(values: Sequence[float], digits: int = 3) -> dict[str, float]:
    """Return the median, the least and the most of ``values``, rounded to ``digits`` places."""
    figures = {"median": statistics.median(values), "least": min(values), "most": max(values)}
    return {name: round(value, digits) for name, value in figures.items()}


def percentiles(seconds: Sequence[float]) -> dict[str, float]:
    """Return p50 and p95 in ms."""
    ordered = sorted(seconds)
    high = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    return {"p50_ms": round(1000 * statistics.median(ordered), 2), "p95_ms": round(1000 * high, 2)}


def machine() -> dict[str, Any]:
    """Return the machine's hardware and the versions, without its name."""
    return {
        "processor": _processor(),
        "processors": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "memory_gb": _memory(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        **{library: version(library) for library in _LIBRARIES},
    }


def finish(
    name: str, report: Mapping[str, Any], tables: Sequence[FigureTable], *, save: Path | None, json_output: bool
) -> None:
    """Print a benchmark's figures, as tables or as one JSON document, and save them as ``save/NAME.json``."""
    document = _document(name, report)
    if save:
        save_figures(name, report, save)
    if json_output:
        sys.stdout.write(json.dumps(document, indent=1) + "\n")
    else:
        _show(tables, document["machine"])


def save_figures(name: str, report: Mapping[str, Any], folder: Path) -> None:
    """Save a benchmark's figures as ``folder/NAME.json``."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps(_document(name, report), indent=1) + "\n", "utf-8")


def _document(name: str, report: Mapping[str, Any]) -> dict[str, Any]:
    return {"benchmark": name, "day": datetime.now(UTC).date().isoformat(), "machine": machine(), **report}


def _show(tables: Sequence[FigureTable], about: Mapping[str, Any]) -> None:
    from rich.console import Console  # noqa: PLC0415 (only when shown)
    from rich.table import Table as Drawn  # noqa: PLC0415

    console = Console()
    for table in tables:
        drawn = Drawn(title=table.title)
        for at, column in enumerate(table.columns):
            drawn.add_column(column, justify="right" if at else "left")
        for row in table.rows:
            drawn.add_row(*map(str, row))
        console.print(drawn)
    machine_told = f"{about['processors']} × {about['processor']}, {about['memory_gb']} GB, Python {about['python']}"
    console.print(machine_told, highlight=False, markup=False)


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())


def _memory() -> int | None:
    try:
        return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30)
    except (ValueError, OSError, AttributeError):
        return None
