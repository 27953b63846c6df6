"""Locks between processes: one holder at a time, named by its process id."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from retrieval.errors import StoreError, StoreLocked

_ATTEMPTS, _PAUSE_SECONDS = 20, 0.01  # while the holder has not written its process id yet


_POLL_SECONDS = 0.2  # between two tries of a process that waits


@dataclass(frozen=True, slots=True)
class LockWait:
    """How long a process waits for a lock.

    Attributes:
        seconds: The longest wait.
        notify: Called once, with one line, before the wait: who holds the lock, and how long the wait may be.
    """

    seconds: float
    notify: Callable[[str], None]


@contextlib.contextmanager
def exclusive(folder: Path, name: str, doing: str, waiting: LockWait | None = None) -> Iterator[None]:
    """Hold the lock ``name`` of a store while the block runs; without ``waiting``, wait only to learn who holds it.

    The lock is the operating system's (flock): it ends with its holder, however that ended, so it cannot be stale. The
    holder's process id is in a file beside it, for the message only.

    Args:
        folder: The store.
        name: The lock's name: "writer", "vectors".
        doing: The holder's activity, for the message: "writing to this store".
        waiting: How long to wait for its holder.

    Raises:
        StoreLocked: Another process (or another thread of this one) holds it, also after waiting.
        StoreError: The folder cannot be written.
    """
    from filelock import FileLock, Timeout  # noqa: PLC0415 (only writers need it)

    lock = FileLock(folder / f"{name}.lock", timeout=0, thread_local=False)
    holder = folder / f"{name}.pid"
    gives_up, attempts = None, _ATTEMPTS
    while True:
        try:
            lock.acquire()
            break
        except Timeout as error:
            who, attempts = _holder_of(holder), attempts - 1
            if not who and attempts:
                time.sleep(_PAUSE_SECONDS)  # it has just taken the lock, or is about to release it
                continue
            if waiting is not None and gives_up is None:
                gives_up = time.monotonic() + waiting.seconds
                waiting.notify(f"another process{who} is {doing}: waiting up to {waiting.seconds:,.0f} s for it")
            if gives_up is None or time.monotonic() >= gives_up:
                raise StoreLocked(f"another process{who} is {doing}: wait until it is done and try again") from error
            time.sleep(_POLL_SECONDS)
        except OSError as error:
            raise StoreError(
                f"the store cannot be written to ({error.strerror}): check its folder's permissions"
            ) from error
    try:
        with contextlib.suppress(OSError):
            holder.write_text(str(os.getpid()), "utf-8")
        yield
    finally:
        with contextlib.suppress(OSError):
            holder.unlink()
        lock.release()


def _holder_of(holder: Path) -> str:
    try:
        pid = int(holder.read_text("utf-8"))
    except (OSError, ValueError):
        return ""
    return f" (pid {pid})"
