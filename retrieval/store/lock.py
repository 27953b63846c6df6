"""One writer at a time, across processes: a lock that dies with its holder, and says who holds it."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

from retrieval.errors import StoreError, StoreLocked

_ATTEMPTS, _PAUSE_SECONDS = 20, 0.01  # while the holder has not written its process id yet


@contextlib.contextmanager
def exclusive(folder: Path, name: str, doing: str) -> Iterator[None]:
    """Hold the lock ``name`` of a store while the block runs; waits no longer than it takes to tell who holds it.

    The lock is the operating system's (flock): it is gone the moment its holder is, however it ended, so a stale one
    cannot be. The holder's process id stands in a file beside it, for the message only.

    Args:
        folder: The store.
        name: The lock's name: "writer", "vectors".
        doing: What the holder does, for the message: "writing to this store".

    Raises:
        StoreLocked: Another process (or another thread of this one) holds it.
        StoreError: The folder cannot be written to.
    """
    from filelock import FileLock, Timeout  # noqa: PLC0415 (only writers need it)

    lock = FileLock(folder / f"{name}.lock", timeout=0, thread_local=False)
    holder = folder / f"{name}.pid"
    for left in reversed(range(_ATTEMPTS)):
        try:
            lock.acquire()
            break
        except Timeout as error:
            who = _holder_of(holder)
            if who or not left:
                raise StoreLocked(f"another process{who} is {doing}: wait until it is done and try again") from error
            time.sleep(_PAUSE_SECONDS)  # it has just taken the lock, or is about to release it
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
