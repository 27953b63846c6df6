"""Evaluation of the HTML loader on one of three benchmarks, told apart by their files."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from evals.html import body_text, readability, snippets


def run(folder: Path, json_output: bool) -> int:
    """Print the figures of the loader on the benchmark in ``folder``; return an exit code.

    Args:
        folder: The layout of the article-extraction-benchmark, of trafilatura's evaluation or of Readability's pages.
        json_output: Print one JSON document instead of tables.
    """
    from rich.console import Console  # noqa: PLC0415

    console = Console(stderr=True)
    try:
        with tempfile.TemporaryDirectory() as scratch:
            report = _report(folder, Path(scratch))
    except (OSError, ValueError, KeyError, TypeError) as error:
        console.print(
            f"{folder}: no benchmark here ({type(error).__name__}): needs pages/ and {body_text.TRUTH} or "
            f"{snippets.TRUTH}, or {readability.PATTERN}"
        )
        return 2
    if report.get("missing"):
        console.print(f"{report['missing']} pages of the ground truth are missing: they count as empty")
    if json_output:
        sys.stdout.write(json.dumps(report, indent=2) + "\n")
    else:
        for title in ("scores", "metadata"):
            if title in report:
                Console().print(_table(f"{title.capitalize()}, {report['pages']} pages", report[title]))
    return 0


def _report(folder: Path, scratch: Path) -> dict[str, Any]:
    if (folder / snippets.TRUTH).is_file():
        return snippets.evaluate(folder, scratch)
    if not (folder / body_text.TRUTH).is_file() and any(folder.glob(readability.PATTERN)):
        return readability.evaluate(folder, scratch)
    return body_text.evaluate(folder, scratch)


def _table(title: str, rows: Sequence[dict[str, object]]) -> object:
    from rich.table import Table  # noqa: PLC0415

    table = Table(*rows[0], title=title)
    for row in rows:
        table.add_row(*(f"{value:.3f}" if isinstance(value, float) else str(value) for value in row.values()))
    return table
