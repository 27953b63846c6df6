"""Locks between processes: one holder at a time, named by its process id."""

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
    """Hold the lock ``name`` of a store while the block runs; wait only to learn the holder's process id.

    The lock is the operating system's (flock): it ends with its holder, however that ended, so it cannot be stale. The
    holder's process id is in a file beside it, for the message only.

    Args:
        folder: The store.
        name: The lock's name: "writer", "vectors".
        doing: The holder's activity, for the message: "writing to this store".

    Raises:
        StoreLocked: Another process (or another thread of this one) holds it.
        StoreError: The folder cannot be written.
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
