"""The answer queue: order, bound, and what becomes of those who give up or fail."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.answer_queue import AnswerQueue, TooManyQuestions, WaitEstimate
from bot.app import App
from bot.exit_codes import ExitCode, code_of_error
from bot.settings import Settings
from tests.patience import PATIENCE_SECONDS, until


class Asker(threading.Thread):
    """Holds a place until it is released.

    Attributes:
        began: Set when it has the place.
        refused: Why it got none.
    """

    def __init__(self, queue: AnswerQueue, order: list[str], name: str) -> None:
        super().__init__(name=name, daemon=True)
        self._queue, self._order = queue, order
        self.began, self.leave = threading.Event(), threading.Event()
        self.refused: TooManyQuestions | None = None
        self.start()

    def run(self) -> None:
        try:
            with self._queue.place():
                self._order.append(self.name)
                self.began.set()
                assert self.leave.wait(PATIENCE_SECONDS)
        except TooManyQuestions as error:
            self.refused = error


def crowd(queue: AnswerQueue, order: list[str], names: str) -> list[Asker]:
    """Return askers who came one after another."""
    found = []
    for name in names:
        pending = queue.pending
        found.append(Asker(queue, order, name))
        until(lambda pending=pending, one=found[-1]: queue.pending > pending or not one.is_alive())  # type: ignore[misc]
    return found


def test_places_are_given_in_the_order_in_which_they_were_asked_for() -> None:
    queue, order = AnswerQueue(2), list[str]()
    askers = crowd(queue, order, "abcde")
    until(lambda: len(order) == 2)
    assert queue.pending == 5
    for count, each in enumerate(askers, start=3):
        assert each.began.wait(PATIENCE_SECONDS)
        each.leave.set()
        each.join(PATIENCE_SECONDS)
        until(lambda count=count: len(order) >= min(count, 5))  # type: ignore[misc]
    assert set(order[:2]) == {"a", "b"}
    assert order[2:] == ["c", "d", "e"]
    assert queue.pending == 0


def test_who_would_wait_too_long_is_told_how_many_are_before_and_when_to_ask_again() -> None:
    """At once, while those who wait go on waiting."""
    queue, order = AnswerQueue(1, waiting=2), list[str]()
    askers = crowd(queue, order, "abcd")
    assert [each.refused is not None for each in askers] == [False, False, False, True]
    assert str(askers[3].refused) == "3 questions are before yours: ask again in about 1 s"
    for each in askers:
        each.leave.set()
        each.join(PATIENCE_SECONDS)
    assert order == ["a", "b", "c"]


def test_a_bound_of_time_follows_how_long_answers_take() -> None:
    """With answers of 100 s nobody waits; with quick ones many do."""
    now = [0.0]
    queue, order = AnswerQueue(1, patience=60.0, clock=lambda: now[0]), list[str]()
    for _ in range(40):
        with queue.place():
            now[0] += 100.0
    (first, second) = crowd(queue, order, "ab")
    assert second.refused
    assert second.refused.before == 1
    assert second.refused.seconds > 60
    assert str(second.refused).startswith("1 question is before yours")
    assert code_of_error(second.refused) is ExitCode.STORE
    first.leave.set()
    first.join(PATIENCE_SECONDS)


def test_an_estimate_counts_those_before_in_turns() -> None:
    estimate = WaitEstimate(2, first=3.0)
    assert [estimate.seconds(before) for before in (0, 1, 2, 5)] == [0, 0, 1.5, 6]


def test_a_question_that_fails_leaves_its_place() -> None:
    queue = AnswerQueue(1)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), queue.place():
            _ = 1 / 0
    assert queue.pending == 0


def test_an_answer_that_asks_for_another_does_not_wait_for_itself() -> None:
    queue, order = AnswerQueue(1), list[str]()
    with queue.place():
        (waiting,) = crowd(queue, order, "a")
        with queue.place():
            assert queue.pending == 2
        assert not waiting.began.is_set()
    assert waiting.began.wait(PATIENCE_SECONDS)
    waiting.leave.set()
    waiting.join(PATIENCE_SECONDS)
    assert queue.pending == 0


def test_one_who_gives_up_leaves_the_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C while it waits: those behind it come a place forward."""
    queue, order = AnswerQueue(1), list[str]()
    (first,) = crowd(queue, order, "a")

    class Interrupted(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            raise KeyboardInterrupt

    monkeypatch.setattr("bot.answer_queue.threading.Event", Interrupted)
    with pytest.raises(KeyboardInterrupt), queue.place():
        pass
    monkeypatch.undo()
    assert queue.pending == 1
    (second,) = crowd(queue, order, "b")
    first.leave.set()
    assert second.began.wait(PATIENCE_SECONDS)
    second.leave.set()
    second.join(PATIENCE_SECONDS)
    assert order == ["a", "b"]


def test_never_more_run_than_there_are_places() -> None:
    queue, guard = AnswerQueue(3), threading.Lock()
    running: list[int] = [0, 0]

    def answer(_: int) -> None:
        with queue.place():
            with guard:
                running[0] += 1
                running[1] = max(running)
            with guard:
                running[0] -= 1

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(answer, range(400)))
    assert running[0] == 0
    assert 1 <= running[1] <= 3
    assert queue.pending == 0


def test_an_app_has_a_place_for_every_worker_of_the_bot() -> None:
    """So that a question which the bot began does not wait again."""
    with App(Settings(discord_workers=31)) as app:
        order: list[str] = []
        askers = crowd(app.queue, order, "x" * 31)
        until(lambda: len(order) == 31)
        for each in askers:
            each.leave.set()
            each.join(PATIENCE_SECONDS)
