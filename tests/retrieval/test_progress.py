"""Progress is repeated while there is nothing new to report."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from retrieval import progress
from retrieval.progress import IngestProgress, SteadyProgress
from tests.patience import PATIENCE_SECONDS

NOW = IngestProgress(done=3, total=9, articles=2, passages=5, seconds=4.0, name="a.txt", seconds_left=60.0)


def test_the_last_report_is_repeated_with_the_time_that_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    """And from the beginning, before there is a first one."""
    monkeypatch.setattr(progress, "BEAT_SECONDS", 0.01)
    told: list[IngestProgress] = []
    repeated = threading.Event()

    def report(now: IngestProgress) -> None:
        told.append(now)
        if len(told) % 4 == 0:
            repeated.set()

    with SteadyProgress(report) as steady:
        assert repeated.wait(PATIENCE_SECONDS)
        begun = len(told)
        repeated.clear()
        steady(NOW)
        assert repeated.wait(PATIENCE_SECONDS)
    assert {each.total for each in told[:begun]} == {0}
    later = told[told.index(NOW) :]
    assert [each.seconds for each in later] == sorted({each.seconds for each in later})
    for each in later:
        assert each.seconds_left == pytest.approx(64.0 - each.seconds)
        assert replace(each, seconds=4.0, seconds_left=60.0) == NOW


def test_whoever_fails_to_be_told_fails_in_the_thread_that_reports(monkeypatch: pytest.MonkeyPatch) -> None:
    """A repetition that fails ends nothing."""
    monkeypatch.setattr(progress, "BEAT_SECONDS", 0.01)
    twice = threading.Semaphore(0)

    def report(_: IngestProgress) -> None:
        twice.release()
        raise BrokenPipeError

    with SteadyProgress(report) as steady:
        for _ in range(2):
            assert twice.acquire(timeout=PATIENCE_SECONDS)
        with pytest.raises(BrokenPipeError):
            steady(NOW)
