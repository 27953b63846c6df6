"""Keeps index and model work off the event loop, a few pieces at a time, and says so when there is too much of it."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from bot.discord.errors import QueueFull, RateLimited, ShuttingDown

Result = TypeVar("Result")

RATE_WINDOW_SECONDS = 60.0  # s that cooldowns look back
_MAX_TRACKED = 10_000  # people and channels whose pace is known at once


class WorkerPool:
    """Where work is done.

    Args:
        workers: Pieces of work at a time.
        waiting: Pieces that may wait besides.

    Attributes:
        held: Pieces that are waited for.
        running: Pieces under way, also those that nobody waits for any more.
    """

    def __init__(self, *, workers: int, waiting: int) -> None:
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="onrecord-work")
        # Short statements on a small file: they never wait behind an answer.
        self._notes = ThreadPoolExecutor(1, thread_name_prefix="onrecord-notes")
        self._most = workers + waiting
        self._lock = threading.Lock()
        self._closed = False
        self.held = self.running = 0

    async def run(self, work: Callable[[], Result]) -> Result:
        """Do a piece of work when its turn comes.

        Raises:
            Busy: Too many pieces wait. Said at once.
            Closing: The bot is being stopped.
        """
        if self._closed:
            raise ShuttingDown
        if self.held >= self._most:
            raise QueueFull
        self.held += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, self._counted(work))
        finally:
            self.held -= 1

    def _counted(self, work: Callable[[], Result]) -> Callable[[], Result]:
        def run() -> Result:
            with self._lock:
                self.running += 1
            try:
                return work()
            finally:
                with self._lock:
                    self.running -= 1

        return run

    async def note(self, work: Callable[[], Result]) -> Result:
        """Read or write the bot's own records.

        Raises:
            Closing: The bot is being stopped.
        """
        if self._closed:
            raise ShuttingDown
        return await asyncio.get_running_loop().run_in_executor(self._notes, work)

    def close(self) -> None:
        """Let go of what waits. A piece under way cannot be stopped; its result is dropped."""
        self._closed = True
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._notes.shutdown(wait=True)


class RateLimiter:
    """Cooldowns: so many questions a minute of a person, and in a channel.

    Args:
        person: Questions a minute of one person.
        channel: Questions a minute in one channel.
        clock: Seconds.
    """

    def __init__(self, *, person: int, channel: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._person, self._channel = person, channel
        self._clock = clock
        self._asked: dict[tuple[str, int], deque[float]] = {}

    def check(self, person: int, channel: int) -> None:
        """Count a question.

        Raises:
            TooFast: The person or the channel has asked its fill; says how long to wait.
        """
        now = self._clock()
        limits = {("person", person): self._person, ("channel", channel): self._channel}
        for key, most in limits.items():
            times = self._asked.setdefault(key, deque())
            while times and times[0] <= now - RATE_WINDOW_SECONDS:
                times.popleft()
            if len(times) >= most:
                raise RateLimited(times[0] + RATE_WINDOW_SECONDS - now, of_channel=key[0] == "channel")
        for key in limits:
            self._asked[key].append(now)
        if len(self._asked) > _MAX_TRACKED:
            self._asked = {
                key: times for key, times in self._asked.items() if times and times[-1] > now - RATE_WINDOW_SECONDS
            }


class LatestValue:
    """The latest state of something that grows in a worker, read on the event loop."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._latest: object = None

    def tell(self, state: object) -> None:
        """Put a newer state in the place of the last one; called by the worker."""
        with self._lock:
            self._latest = state

    def take(self) -> object:
        """Return the latest state that was not taken yet, or None."""
        with self._lock:
            latest, self._latest = self._latest, None
        return latest
