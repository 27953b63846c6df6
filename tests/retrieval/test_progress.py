"""Progress is repeated while there is nothing new to report."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from retrieval import progress
from retrieval.progress import IngestProgress, SteadyProgress, TimeLeft
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


class Clock:
    """Simulated time."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now


def test_the_time_left_follows_from_the_rate_of_the_second_half(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was there already, and what a process or a model takes to start, is no measure of the rest."""
    clock, left = Clock(), TimeLeft()
    monkeypatch.setattr(progress, "time", clock)
    assert left(300, 1_000) is None
    told = []
    for second in range(1, 80):
        clock.now += 1
        told.append(left(300 + max(0, second - 10) * 10, 1_000))
    assert told[:10] == [None] * 10
    for second in range(20, 80):
        assert told[second - 1] == pytest.approx(80 - second)


def test_work_that_is_begun_anew_has_a_new_rate(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, left = Clock(), TimeLeft()
    monkeypatch.setattr(progress, "time", clock)
    for done in (0, 50, 90):
        left(done, 100)
        clock.now += 1
    assert left(0, 100) is None
    clock.now += 1
    assert left(10, 100) == pytest.approx(9)
