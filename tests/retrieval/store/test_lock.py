"""One holder of a lock at a time, whose process id is named."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from retrieval.errors import StoreLocked
from retrieval.store.lock import LockWait, exclusive
from tests.patience import PATIENCE_SECONDS

Pauses = list[float]
AtPause = Callable[[int, Callable[[], object]], Pauses]


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[FileLock]:
    """Another holder of the writer lock, which has not written its process id yet."""
    lock = FileLock(tmp_path / "writer.lock", thread_local=False)
    with lock:
        yield lock


@pytest.fixture
def at_pause(monkeypatch: pytest.MonkeyPatch) -> AtPause:
    """Do something at the n-th pause between two attempts; return the seconds of every pause."""

    def arrange(number: int, act: Callable[[], object]) -> Pauses:
        pauses: Pauses = []

        def sleep(seconds: float) -> None:
            pauses.append(seconds)
            if len(pauses) == number:
                act()

        monkeypatch.setattr(time, "sleep", sleep)
        return pauses

    return arrange


def test_a_holder_that_has_just_taken_the_lock_is_named(tmp_path: Path, holder: FileLock, at_pause: AtPause) -> None:
    """The process id is waited for; the lock is not."""
    pauses = at_pause(3, lambda: (tmp_path / "writer.pid").write_text("4711"))
    with pytest.raises(StoreLocked, match=r"\(pid 4711\) is writing"), exclusive(tmp_path, "writer", "writing"):
        pass
    assert len(pauses) == 3


def test_a_lock_released_a_moment_later_is_acquired(tmp_path: Path, holder: FileLock, at_pause: AtPause) -> None:
    """Its new holder is named, until it releases the lock."""
    at_pause(3, holder.release)
    with exclusive(tmp_path, "writer", "writing"):
        assert (tmp_path / "writer.pid").exists()
    assert not (tmp_path / "writer.pid").exists()


def test_a_holder_that_never_writes_its_process_id_is_not_waited_for(
    tmp_path: Path, holder: FileLock, at_pause: AtPause
) -> None:
    """After less than a second the message goes without it."""
    pauses = at_pause(0, lambda: None)
    with pytest.raises(StoreLocked, match="another process is writing"), exclusive(tmp_path, "writer", "writing"):
        pass
    assert 0 < sum(pauses) < 1


def test_a_process_that_waits_gets_the_lock_when_it_is_free(tmp_path: Path) -> None:
    """And says once for whom it waits; after its time it gives up."""
    said: list[str] = []
    with (
        exclusive(tmp_path, "writer", "writing"),
        pytest.raises(StoreLocked),
        exclusive(tmp_path, "writer", "writing", LockWait(0.3, said.append)),
    ):
        pass
    assert len(said) == 1
    assert f"pid {os.getpid()}" in said[0]

    held, free = threading.Event(), threading.Event()

    def hold() -> None:
        with exclusive(tmp_path, "writer", "writing"):
            held.set()
            free.wait(PATIENCE_SECONDS)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(PATIENCE_SECONDS)
    with exclusive(tmp_path, "writer", "writing", LockWait(PATIENCE_SECONDS, lambda _: free.set())):
        pass
    thread.join()
