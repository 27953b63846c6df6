"""Worker threads: everything that blocks runs here, off the event loop, and a full queue refuses at once."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

from bot.discord.errors import QueueFull, RateLimited, ShuttingDown

Result = TypeVar("Result")
State = TypeVar("State")

RATE_WINDOW_SECONDS = 60.0
"""How far back the rate limiter counts questions."""

_LOOKUP_THREADS = 2
_MAX_TRACKED = 10_000  # people and channels in the rate limiter's memory


class WorkerPool:
    """Three groups of threads, so that short work never waits behind long work.

    Jobs (answers, checks, ingestion) take seconds and are limited in number. Lookups read the library or conversations
    for autocompletion and the like; the first one may open the store. Statements on the bot's own database take
    milliseconds, and every event needs them.

    Args:
        workers: Jobs that run at a time.
        queue: Jobs that may wait besides.

    Attributes:
        pending: Jobs that somebody waits for, running or queued.
        running: Jobs and lookups under way, also those that nobody waits for any more.
    """

    def __init__(self, *, workers: int, queue: int) -> None:
        self._jobs = ThreadPoolExecutor(workers, thread_name_prefix="onrecord-job")
        self._lookups = ThreadPoolExecutor(_LOOKUP_THREADS, thread_name_prefix="onrecord-lookup")
        self._database = ThreadPoolExecutor(1, thread_name_prefix="onrecord-database")
        self._max_pending = workers + queue
        self._lock = threading.Lock()
        self._closed = False
        self.pending = self.running = 0

    async def run(self, work: Callable[[], Result]) -> Result:
        """Return the result of a job.

        Raises:
            QueueFull: Too many jobs wait; raised at once.
            ShuttingDown: The pool is closed.
        """
        self.check_room()
        self.pending += 1
        try:
            return await self._submit(self._jobs, self._counted(work))
        finally:
            self.pending -= 1

    def check_room(self) -> None:
        """Check that a job would be taken now.

        Raises:
            QueueFull: Too many jobs wait.
        """
        if self.pending >= self._max_pending and not self._closed:
            raise QueueFull

    async def look_up(self, work: Callable[[], Result]) -> Result:
        """Return the result of a short read of the library or the conversations.

        Raises:
            ShuttingDown: The pool is closed.
        """
        return await self._submit(self._lookups, self._counted(work))

    async def query(self, work: Callable[[], Result]) -> Result:
        """Return the result of a statement on the bot's own database.

        Raises:
            ShuttingDown: The pool is closed.
        """
        return await self._submit(self._database, work)

    def close(self) -> None:
        """Cancel what is queued. Running work cannot be stopped; its result is dropped."""
        self._closed = True
        self._jobs.shutdown(wait=False, cancel_futures=True)
        self._lookups.shutdown(wait=False, cancel_futures=True)
        self._database.shutdown(wait=True)

    async def _submit(self, executor: ThreadPoolExecutor, work: Callable[[], Result]) -> Result:
        if self._closed:
            raise ShuttingDown
        return await asyncio.get_running_loop().run_in_executor(executor, work)

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


class RateLimiter:
    """A sliding window over the questions of each person and each channel.

    Args:
        per_person: Questions of one person in ``RATE_WINDOW_SECONDS``.
        per_channel: Questions in one channel likewise.
        clock: Seconds.
    """

    def __init__(self, *, per_person: int, per_channel: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_person, self._per_channel = per_person, per_channel
        self._clock = clock
        self._times: dict[tuple[str, int], deque[float]] = {}

    def check(self, person: int, channel: int) -> None:
        """Count a question.

        Raises:
            RateLimited: The person or the channel has reached its limit; the question is not counted.
        """
        now = self._clock()
        limits = {("person", person): self._per_person, ("channel", channel): self._per_channel}
        for key, limit in limits.items():
            times = self._times.setdefault(key, deque())
            while times and times[0] <= now - RATE_WINDOW_SECONDS:
                times.popleft()
            if len(times) >= limit:
                raise RateLimited(times[0] + RATE_WINDOW_SECONDS - now, of_channel=key[0] == "channel")
        for key in limits:
            self._times[key].append(now)
        if len(self._times) > _MAX_TRACKED:
            recent = now - RATE_WINDOW_SECONDS
            self._times = {key: times for key, times in self._times.items() if times and times[-1] > recent}


class LatestValue(Generic[State]):
    """The latest state of a job, written by its worker and read on the event loop; older states are dropped."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._value: State | None = None

    def put(self, value: State) -> None:
        """Replace the state."""
        with self._lock:
            self._value = value

    def take(self) -> State | None:
        """Return the state that was put since the last call, or None."""
        with self._lock:
            value, self._value = self._value, None
        return value
