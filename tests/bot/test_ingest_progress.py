"""An ingest reports its progress until its vector index is up to date."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.app import App
from bot.settings import Settings
from retrieval import progress
from retrieval.progress import IngestProgress
from tests.fakes import FakeEmbedder
from tests.patience import PATIENCE_SECONDS


class SlowIndex:
    """A vector index whose update is what a test makes it."""

    def __init__(self, update: Callable[[Callable[[int, int], None]], None]) -> None:
        self._update = update

    def sync(self, on_progress: Callable[[int, int], None], waiting: object) -> None:
        self._update(on_progress)

    def close(self) -> None:
        """Close nothing."""


class Clock:
    """A clock that a test moves on."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now


def ingested(folder: Path, update: Callable[[Callable[[int, int], None]], None], report: Callable[..., None]) -> None:
    (folder / "a.txt").write_text("A story of a harbour.")
    index: Any = SlowIndex(update)
    with App(Settings(store_dir=folder / "store"), embedder=FakeEmbedder(), vectors=index) as app:
        app.ingest([str(folder / "a.txt")], on_progress=report)


def test_progress_is_reported_while_the_index_says_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is copied or loaded, which takes seconds when it is large."""
    monkeypatch.setattr(progress, "BEAT_SECONDS", 0.01)
    updating, reported = threading.Event(), threading.Semaphore(0)

    def report(_: IngestProgress) -> None:
        if updating.is_set():
            reported.release()

    def update(_: Callable[[int, int], None]) -> None:
        updating.set()
        for _ in range(3):
            assert reported.acquire(timeout=PATIENCE_SECONDS)

    ingested(tmp_path, update, report)
    assert updating.is_set()


def test_the_time_left_of_an_index_is_that_of_what_this_process_has_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A build that is continued begins with most of it done."""
    clock, told = Clock(), list[IngestProgress]()
    monkeypatch.setattr(progress, "time", clock)

    def update(on_progress: Callable[[int, int], None]) -> None:
        clock.now += 2.0
        on_progress(900, 1_000)
        clock.now += 10.0
        on_progress(920, 1_000)

    ingested(tmp_path, update, told.append)
    assert [each.seconds_left for each in told if each.indexing][-2:] == [None, 40.0]
