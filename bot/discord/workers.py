"""Worker threads: everything that blocks runs here, off the event loop, and a full queue refuses at once."""

from __future__ import annotations

import asyncio
import contextvars
import itertools
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

from bot.answer_queue import MAX_WAIT_SECONDS, WaitEstimate
from bot.discord.errors import QueueFull, RateLimited, ShuttingDown, TooManyWrites

Result = TypeVar("Result")
State = TypeVar("State")

RATE_WINDOW_SECONDS = 60.0
"""How far back the rate limiter counts questions."""

BUTTON_THREADS = 4
"""Buttons that are answered at a time: the slowest, a check of an answer's quotations, takes about a second."""
MAX_BUTTONS_WAITING = 200
"""Buttons that may wait besides; each takes some 10 ms."""
MAX_LOOKUPS_WAITING = 1_000
"""Lookups that may wait besides, each about a millisecond: every question needs one, every key of an autocompletion."""
MAX_WRITES_WAITING = 20
"""Changes of the library that may wait besides; an interaction is held open for 15 minutes."""

_LOOKUP_THREADS = 2
_MAX_TRACKED = 10_000  # people and channels in the rate limiter's memory


class Job(Generic[Result]):
    """Work that waits in a lane or is under way.

    Args:
        lane: The jobs of its lane, in their order, itself included.
        result: Its result.
    """

    def __init__(self, lane: Mapping[int, object], number: int, result: asyncio.Future[Result]) -> None:
        self._lane, self._number = lane, number
        self.result = result

    @property
    def ahead(self) -> int:
        """The jobs that entered before it and are not done."""
        return sum(number < self._number for number in self._lane)


class Lane:
    """Threads for one kind of work, with a bounded queue: first come, first served.

    Args:
        name: Of the threads.
        threads: Jobs that run at a time.
        queue: Jobs that may wait besides; without a bound when None.
        full: What is raised when more would wait.
        patience: Longest expected wait, in seconds; without a bound when None.

    Attributes:
        running: Jobs under way, also those that nobody waits for any more.
    """

    def __init__(
        self,
        name: str,
        threads: int,
        queue: int | None,
        *,
        full: type[QueueFull] = QueueFull,
        patience: float | None = None,
    ) -> None:
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix=f"onrecord-{name}")
        self._most = None if queue is None else threads + queue
        self._full = full
        self._patience = patience
        self._estimate = WaitEstimate(threads)
        self._jobs: dict[int, object] = {}
        self._numbers = itertools.count()
        self._lock = threading.Lock()
        self._closed = False
        self.running = 0

    @property
    def pending(self) -> int:
        """The jobs that somebody waits for, running or queued."""
        return len(self._jobs)

    def check_room(self) -> None:
        """Check that a job would be taken now.

        Raises:
            QueueFull: Too many jobs wait, or it would wait too long.
        """
        if self._most is None or self._closed:
            return
        wait = self._estimate.seconds(self.pending)
        if self.pending >= self._most or (self._patience is not None and wait > self._patience):
            raise self._full(self.pending if self._patience is not None else 0, wait)

    def enter(self, work: Callable[[], Result]) -> Job[Result]:
        """Return a job that runs, in the caller's context, when those before it have begun, and a thread is free.

        Raises:
            QueueFull: Too many jobs wait; raised at once.
            ShuttingDown: The pool is closed.
        """
        if self._closed:
            raise ShuttingDown
        self.check_room()
        number = next(self._numbers)
        result = asyncio.get_running_loop().run_in_executor(
            self._executor, contextvars.copy_context().run, self._counted(work)
        )
        self._jobs[number] = result
        result.add_done_callback(lambda _: self._jobs.pop(number, None))
        return Job(self._jobs, number, result)

    async def run(self, work: Callable[[], Result]) -> Result:
        """Return the result of a job; cancelled while it waits, it does not run.

        Raises:
            QueueFull: Too many jobs wait; raised at once.
            ShuttingDown: The pool is closed.
        """
        return await self.enter(work).result

    def close(self, *, wait: bool = False) -> None:
        """Cancel what is queued. Running work cannot be stopped; its result is dropped."""
        self._closed = True
        self._executor.shutdown(wait=wait, cancel_futures=not wait)

    def _counted(self, work: Callable[[], Result]) -> Callable[[], Result]:
        def run() -> Result:
            begun = time.monotonic()
            with self._lock:
                self.running += 1
            try:
                return work()
            finally:
                with self._lock:
                    self.running -= 1
                    self._estimate.add(time.monotonic() - begun)

        return run


class WorkerPool:
    """Lanes of threads, so that short work never waits behind long work.

    Args:
        workers: Answers and checks that run at a time.
        queue: Answers and checks that may wait besides.

    Attributes:
        answers: Answers and checks of quotations; they take seconds.
        buttons: What is shown at the press of a button, and other reading of an article or two.
        lookups: Short reads for autocompletion and the like; the first one may open the store.
        writes: Changes of the library, one after another.
        database: Statements on the bot's own database; they take milliseconds, and every event needs them.
    """

    def __init__(self, *, workers: int, queue: int) -> None:
        self.answers = Lane("answer", workers, queue, patience=MAX_WAIT_SECONDS)
        self.buttons = Lane("button", BUTTON_THREADS, MAX_BUTTONS_WAITING)
        self.lookups = Lane("lookup", _LOOKUP_THREADS, MAX_LOOKUPS_WAITING)
        self.writes = Lane("write", 1, MAX_WRITES_WAITING, full=TooManyWrites)
        self.database = Lane("database", 1, None)
        self.run, self.press = self.answers.run, self.buttons.run
        self.look_up, self.query = self.lookups.run, self.database.run

    @property
    def pending(self) -> int:
        """Answers and checks that somebody waits for, running or queued."""
        return self.answers.pending

    @property
    def running(self) -> int:
        """Work under way in any lane but the database's, also what nobody waits for any more."""
        return sum(lane.running for lane in self._slow())

    def waiting(self) -> dict[str, int]:
        """Return how many jobs somebody waits for, running or queued, by lane."""
        return {
            "answers": self.answers.pending,
            "buttons": self.buttons.pending,
            "lookups": self.lookups.pending,
            "writes": self.writes.pending,
        }

    def check_room(self) -> None:
        """Check that an answer would be worked on or queued now.

        Raises:
            QueueFull: Too many wait.
        """
        self.answers.check_room()

    def close(self) -> None:
        """Cancel what is queued. Running work cannot be stopped; its result is dropped."""
        for lane in self._slow():
            lane.close()
        self.database.close(wait=True)

    def _slow(self) -> tuple[Lane, ...]:
        return self.answers, self.buttons, self.lookups, self.writes


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
