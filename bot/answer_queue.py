"""Answer queue: a few questions are answered at a time, others wait in order, and who would wait too long is told so.

An answer is work of the processor: more of them at once take longer each and none less in all. Threads wait in
``AnswerQueue``, what Discord's event loop starts in ``bot.discord.workers``; both estimate by ``WaitEstimate``.
"""

from __future__ import annotations

import contextlib
import math
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator

from retrieval.errors import OnrecordError

MAX_WAIT_SECONDS = 60.0
"""Longest expected wait for the begin of an answer: who would wait longer is told when to ask again."""
MAX_WAITING = 200
"""Questions that may wait, however fast answers are: each holds a thread."""
FIRST_ESTIMATE_SECONDS = 0.2
"""Taken for the time of an answer before any was given; on two processors they take about .1 s."""
_SHARE_OF_NEWEST = 0.1  # of the moving average: it follows a change within about ten answers


class TooManyQuestions(OnrecordError):
    """A question was not taken, since it would wait too long.

    Args:
        before: The questions that are answered or wait before it.
        seconds: About when it can be asked again.
    """

    def __init__(self, before: int, seconds: int) -> None:
        questions = "1 question is" if before == 1 else f"{before:,} questions are"
        super().__init__(f"{questions} before yours: ask again in about {seconds} s")
        self.before, self.seconds = before, seconds


class WaitEstimate:
    """How long a job waits, from how long those before it took: a moving average. Safe to share between threads.

    Args:
        at_once: Jobs that run at a time.
        first: Seconds taken for a job before any ended.
    """

    def __init__(self, at_once: int, first: float = FIRST_ESTIMATE_SECONDS) -> None:
        self._at_once = at_once
        self._mean = first

    def add(self, seconds: float) -> None:
        """Count a job that took so long from its begin."""
        self._mean += _SHARE_OF_NEWEST * (seconds - self._mean)

    def seconds(self, before: int) -> float:
        """Return the expected seconds until a job begins with so many before it, running or waiting."""
        return max(0, before - self._at_once + 1) * self._mean / self._at_once


class AnswerQueue:
    """Places for answers, given in the order in which they are asked for. Safe to share between threads.

    A thread that has a place gets further ones at once, so that an answer can ask for another.

    Args:
        at_once: Answers at a time.
        waiting: Questions that may wait besides.
        patience: Longest expected wait, in seconds.
        clock: Seconds.
    """

    def __init__(
        self,
        at_once: int,
        *,
        waiting: int = MAX_WAITING,
        patience: float = MAX_WAIT_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._at_once, self._most, self._patience = at_once, waiting, patience
        self._clock = clock
        self._guard = threading.Lock()
        self._running = 0
        self._waiting: deque[threading.Event] = deque()
        self._holders: Counter[int] = Counter()
        self._estimate = WaitEstimate(at_once)

    @property
    def pending(self) -> int:
        """The questions that are answered or wait."""
        with self._guard:
            return self._running + len(self._waiting)

    @contextlib.contextmanager
    def place(self) -> Iterator[None]:
        """Wait for a place and hold it while the block runs.

        Raises:
            TooManyQuestions: It would wait too long; raised at once.
        """
        holder = threading.get_ident()
        with self._guard:
            nested = self._holders[holder] > 0
        if not nested:
            self._enter()
        with self._guard:
            self._holders[holder] += 1
        begun = self._clock()
        try:
            yield
        finally:
            with self._guard:
                self._holders[holder] -= 1
                if not self._holders[holder]:
                    del self._holders[holder]
                if not nested:
                    self._estimate.add(self._clock() - begun)
                    self._release()

    def _enter(self) -> None:
        with self._guard:
            if self._running < self._at_once and not self._waiting:
                self._running += 1
                return
            before = self._running + len(self._waiting)
            wait = self._estimate.seconds(before)
            if len(self._waiting) >= self._most or wait > self._patience:
                raise TooManyQuestions(before, max(1, math.ceil(wait)))
            turn = threading.Event()
            self._waiting.append(turn)
        try:
            turn.wait()
        except BaseException:  # interrupted: the place goes to the next
            with self._guard:
                if turn.is_set():
                    self._release()
                else:
                    self._waiting.remove(turn)
            raise

    def _release(self) -> None:
        """Hand a place on to the one who waits longest."""
        if self._waiting:
            self._waiting.popleft().set()
        else:
            self._running -= 1
