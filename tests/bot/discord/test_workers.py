"""The worker pool refuses at once what would wait too long; the rate limiter says how long to wait."""

from __future__ import annotations

import asyncio
import threading

import pytest

from bot.discord.errors import QueueFull, RateLimited, ShuttingDown
from bot.discord.workers import LatestValue, RateLimiter, WorkerPool
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
    with pytest.raises(QueueFull):
        await pool.run(lambda: None)
    assert await pool.look_up(lambda: "looked up") == "looked up"
    assert await pool.query(lambda: "queried") == "queried"
    release.set()
    assert await first
    pool.close()
    for submit in (pool.run, pool.look_up, pool.query):
        with pytest.raises(ShuttingDown):
            await submit(lambda: None)


def test_only_the_latest_state_is_taken_and_only_once() -> None:
    """States between two reads are dropped."""
    latest: LatestValue[int] = LatestValue()
    assert latest.take() is None
    latest.put(1)
    latest.put(2)
    assert latest.take() == 2
    assert latest.take() is None
