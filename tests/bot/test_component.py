"""Components are made once, each under a lock of its own."""

from __future__ import annotations

import threading

import pytest

from bot.component import component
from tests.patience import PATIENCE_SECONDS


class Kitchen:
    """Two components: one that takes until it is told to be done, one that is made at once."""

    def __init__(self) -> None:
        self.begun, self.done = threading.Event(), threading.Event()
        self.made: list[str] = []

    @component
    def slow(self) -> str:
        """The slow one."""
        self.begun.set()
        assert self.done.wait(PATIENCE_SECONDS)
        self.made.append("slow")
        return f"slow after {self.quick}"

    @component
    def quick(self) -> str:
        self.made.append("quick")
        return "quick"

    @component
    def broken(self) -> str:
        self.made.append("broken")
        raise OSError("no such thing")


def in_thread(run: object) -> threading.Thread:
    thread = threading.Thread(target=run, daemon=True)  # type: ignore[arg-type]
    thread.start()
    return thread


@pytest.mark.parametrize("ready", [True, False])
def test_one_component_does_not_wait_for_another_that_is_being_made(ready: bool) -> None:
    """Neither where it is ready nor where it is to be made."""
    kitchen = Kitchen()
    if ready:
        assert kitchen.quick
    making = in_thread(lambda: kitchen.slow)
    try:
        assert kitchen.begun.wait(PATIENCE_SECONDS)
        reading = in_thread(lambda: kitchen.quick)
        reading.join(PATIENCE_SECONDS)
        assert not reading.is_alive()
        assert kitchen.made == ["quick"]
    finally:
        kitchen.done.set()
    making.join(PATIENCE_SECONDS)
    assert kitchen.slow == "slow after quick"


def test_eight_threads_make_a_component_once() -> None:
    """All of them get the one that was made."""
    kitchen = Kitchen()
    found: list[str] = []
    threads = [in_thread(lambda: found.append(kitchen.slow)) for _ in range(8)]
    assert kitchen.begun.wait(PATIENCE_SECONDS)
    kitchen.done.set()
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
    assert kitchen.made.count("slow") == 1
    assert len(found) == 8
    assert len(set(map(id, found))) == 1


def test_each_owner_has_its_own() -> None:
    """Components belong to an object, not to its class."""
    first, second = Kitchen(), Kitchen()
    assert first.quick
    assert (first.made, second.made) == (["quick"], [])


def test_what_cannot_be_made_raises_each_time_and_is_tried_again() -> None:
    """A store that is created meanwhile is then found."""
    kitchen = Kitchen()
    for _ in range(2):
        with pytest.raises(OSError, match="no such thing"):
            _ = kitchen.broken
    assert kitchen.made == ["broken", "broken"]


def test_a_component_of_the_class_is_its_description() -> None:
    """Documentation tools read it."""
    assert Kitchen.slow.__doc__ == "The slow one."
