"""Progress of an ingestion: how far it is, the time left, and repetition while there is nothing new to report."""

from __future__ import annotations

import contextlib
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Self

BEAT_SECONDS = 1.0
"""Seconds without a report after which the last one is repeated."""


@dataclass(frozen=True, slots=True)
class IngestProgress:
    """How far a run is.

    Attributes:
        done: Bytes of files processed, and 1,000 for each passage embedded again for a new model.
        total: Of all files and passages.
        articles: Articles seen.
        passages: Passages embedded.
        seconds: Since the start.
        name: The current file, as typed.
        seconds_left: Estimated from the kinds of work seen so far (``retrieval.workload``); None before anything is
            processed.
        indexing: Whether the library is written, and its vector index is brought up to date.
    """

    done: int
    total: int
    articles: int
    passages: int
    seconds: float
    name: str
    seconds_left: float | None = None
    indexing: bool = False

    @property
    def rate(self) -> float:
        """Passages embedded per second."""
        return self.passages / self.seconds if self.seconds else 0.0


class TimeLeft:
    """Estimates the time left of work of one kind, from the rate over the second half of the time since it began.

    What comes first is no measure of the rest: a model is loaded, a process starts, what is there already is counted.
    """

    def __init__(self) -> None:
        self._reports: deque[tuple[float, int]] = deque()
        self._begun = 0.0

    def __call__(self, done: int, total: int) -> float | None:
        """Return the seconds left now that ``done`` of ``total`` is done; None while there is no rate."""
        now = time.monotonic()
        if not self._reports or done < self._reports[-1][1]:  # it has been begun anew
            self._reports.clear()
            self._begun = now
        self._reports.append((now, done))
        while len(self._reports) > 1 and self._reports[1][0] <= (self._begun + now) / 2:
            self._reports.popleft()
        since, before = self._reports[0]
        return (now - since) * (total - done) / (done - before) if done > before else None


class SteadyProgress:
    """Reports progress, and repeats the last report every second while none comes, from another thread.

    What cannot be divided takes long: a page, a text, a library's transaction. A context manager; ``report`` is never
    called by two threads at once.

    Args:
        report: Receives the progress.
    """

    def __init__(self, report: Callable[[IngestProgress], None]) -> None:
        self.last = IngestProgress(done=0, total=0, articles=0, passages=0, seconds=0.0, name="")
        self._report = report
        self._at = time.monotonic()
        self._guard = threading.Lock()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="progress", daemon=True)

    def __call__(self, now: IngestProgress) -> None:
        """Report progress."""
        with self._guard:
            self.last, self._at = now, time.monotonic()
            self._report(now)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()

    def _beat(self) -> None:
        reported = self._at
        while not self._stop.wait(max(0.0, reported + BEAT_SECONDS - time.monotonic())):
            with self._guard:
                reported, since = max(reported, self._at), time.monotonic() - self._at
                if time.monotonic() - reported < BEAT_SECONDS:
                    continue
                left = self.last.seconds_left
                later = None if left is None else max(0.0, left - since)
                with contextlib.suppress(Exception):  # who cannot be told fails at the next report, in its thread
                    self._report(replace(self.last, seconds=self.last.seconds + since, seconds_left=later))
                reported = time.monotonic()
