"""One holder of a lock at a time, which says who it is."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from filelock import FileLock

from retrieval.errors import StoreLocked
from retrieval.store.lock import exclusive


@contextmanager
def held(folder: Path, seconds: float, *, pid: str = "") -> Iterator[None]:
    """Hold a lock for some seconds; say who holds it only after half of them, if at all."""
    lock = FileLock(folder / "writer.lock", thread_local=False)
    lock.acquire()

    def end() -> None:
        time.sleep(seconds / 2)
        if pid:
            (folder / "writer.pid").write_text(pid)
        time.sleep(seconds / 2)
        lock.release()

    thread = threading.Thread(target=end)
    thread.start()
    try:
        yield
    finally:
        thread.join()


def test_who_has_only_just_taken_a_lock_is_named(tmp_path: Path) -> None:
    with (
        held(tmp_path, 0.1, pid="4711"),
        pytest.raises(StoreLocked, match=r"\(pid 4711\) is writing"),
        exclusive(tmp_path, "writer", "writing"),
    ):
        pass


def test_a_lock_that_is_let_go_a_moment_later_is_had(tmp_path: Path) -> None:
    with held(tmp_path, 0.05), exclusive(tmp_path, "writer", "writing"):
        assert (tmp_path / "writer.pid").exists()


def test_a_holder_that_never_says_who_it_is_is_not_waited_for(tmp_path: Path) -> None:
    begun = time.monotonic()
    with (
        held(tmp_path, 3),
        pytest.raises(StoreLocked, match="another process is writing"),
        exclusive(tmp_path, "writer", "writing"),
    ):
        pass
    assert time.monotonic() - begun < 5
