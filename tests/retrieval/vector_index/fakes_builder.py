"""Stand-ins for the child process that fills a snapshot."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from retrieval.vector_index import build_steps
from retrieval.vector_index.snapshots import Snapshot


def fill_in_this_process(folder: Path, begun: Snapshot, on_work: Callable[[int], None], *, continued: bool) -> None:
    """Fill a snapshot as ``builder.fill_in_child`` does, where its requests can be counted."""
    build_steps.fill(folder / begun.name, begun.passages, lambda done, _: on_work(done), continued=continued)
