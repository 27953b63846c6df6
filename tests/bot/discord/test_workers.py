"""The worker pool refuses at once what would wait too long; the rate limiter says how long to wait."""

from __future__ import annotations

import asyncio
import itertools
import threading

import pytest

from bot.discord.errors import QueueFull, RateLimited, ShuttingDown
from bot.discord.workers import BUTTON_THREADS, MAX_BUTTONS_WAITING, LatestValue, RateLimiter, WorkerPool
from tests.bot.discord.fakes_discord import PATIENCE_SECONDS, simulated


def test_a_rate_limit_says_how_long_to_wait() -> None:
    """Of a person, then of a channel; afterwards one may ask again."""
    now = [0.0]
    limiter = RateLimiter(per_person=2, per_channel=3, clock=lambda: now[0])
    limiter.check(1, 9)
    limiter.check(1, 9)
    with pytest.raises(RateLimited, match=r"You have .* 60 s"):
        limiter.check(1, 9)
    limiter.check(2, 9)
    with pytest.raises(RateLimited, match="This channel has"):
        limiter.check(3, 9)
    now[0] = 61.0
    limiter.check(1, 9)


@simulated
async def test_a_job_that_would_wait_too_long_is_refused_without_having_begun() -> None:
    """A lookup and a database statement are not: they have threads of their own."""
    pool = WorkerPool(workers=1, queue=0)
    release = threading.Event()
    first = asyncio.ensure_future(pool.run(lambda: release.wait(PATIENCE_SECONDS)))
    await asyncio.sleep(0)
    with pytest.raises(QueueFull, match=r"1 before yours\. Ask again in about 1 s"):
        await pool.run(lambda: None)
    assert await pool.look_up(lambda: "looked up") == "looked up"
    assert await pool.query(lambda: "queried") == "queried"
    release.set()
    assert await first
    pool.close()
    for submit in (pool.run, pool.look_up, pool.query):
        with pytest.raises(ShuttingDown):
            await submit(lambda: None)


@simulated
async def test_with_slow_answers_a_long_queue_refuses_before_it_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    """A person is told at once when to ask again, rather than to wait for minutes."""
    pool = WorkerPool(workers=1, queue=200)
    now = itertools.count(0, 100)
    with monkeypatch.context() as patched:
        patched.setattr("bot.discord.workers.time.monotonic", lambda: float(next(now)))
        for _ in range(30):
            await pool.run(lambda: None)
    release = threading.Event()
    first = asyncio.ensure_future(pool.run(lambda: release.wait(PATIENCE_SECONDS)))
    await asyncio.sleep(0)
    with pytest.raises(QueueFull, match=r"1 before yours\. Ask again in about 9\d s"):
        pool.check_room()
    release.set()
    assert await first
    pool.close()


@simulated
async def test_a_button_does_not_wait_behind_answers() -> None:
    """Nor does a lookup behind a full queue of buttons, and each queue is bounded."""
    pool = WorkerPool(workers=1, queue=100)
    release = threading.Event()
    answers = [pool.answers.enter(lambda: release.wait(PATIENCE_SECONDS)) for _ in range(101)]
    assert await pool.press(lambda: "opened") == "opened"
    pressed = [
        pool.buttons.enter(lambda: release.wait(PATIENCE_SECONDS)) for _ in range(BUTTON_THREADS + MAX_BUTTONS_WAITING)
    ]
    with pytest.raises(QueueFull):
        await pool.press(lambda: None)
    assert await pool.look_up(lambda: "looked up") == "looked up"
    assert pool.waiting() == {"answers": 101, "buttons": len(pressed), "lookups": 0, "writes": 0}
    release.set()
    assert all(await asyncio.gather(*(job.result for job in [*answers, *pressed])))
    assert set(pool.waiting().values()) == {0}
    pool.close()


@simulated
async def test_writes_are_done_one_after_another_and_know_their_place() -> None:
    """One that is given up leaves its place to those behind it."""
    pool = WorkerPool(workers=1, queue=0)
    release = threading.Event()
    done: list[int] = []

    def write(number: int) -> None:
        release.wait(PATIENCE_SECONDS)
        done.append(number)

    jobs = [pool.writes.enter(lambda number=number: write(number)) for number in range(4)]  # type: ignore[misc]
    assert [job.ahead for job in jobs] == [0, 1, 2, 3]
    jobs[1].result.cancel()
    await asyncio.sleep(0)
    assert [job.ahead for job in jobs[2:]] == [1, 2]
    release.set()
    await asyncio.gather(jobs[2].result, jobs[3].result)
    assert done == [0, 2, 3]
    pool.close()


def test_only_the_latest_state_is_taken_and_only_once() -> None:
    """States between two reads are dropped."""
    latest: LatestValue[int] = LatestValue()
    assert latest.take() is None
    latest.put(1)
    latest.put(2)
    assert latest.take() == 2
    assert latest.take() is None
