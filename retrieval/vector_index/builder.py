"""Index builder: ``python -m retrieval.vector_index.builder FOLDER SNAPSHOT PASSAGES`` fills a snapshot.

It is a child of the process that builds, which says meanwhile how far it is, and can be interrupted: Chroma would keep
both from it. It ends when that does: when its standard input ends. A step's work done and its size are a line on stdout
each, for ``fill_in_child``; the exit code is 4 with one line on stderr when it failed. An alarm ends a step without an
end: Chroma keeps the interpreter's lock meanwhile, so that no line of Python could.
"""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from retrieval import interpreter
from retrieval.errors import OnrecordError, StoreError
from retrieval.store.lock import LockWait, exclusive
from retrieval.vector_index import build_steps, snapshots
from retrieval.vector_index.chroma import ChromaError, ChromaStalled
from retrieval.vector_index.matrix import MatrixError
from retrieval.vector_index.snapshots import Snapshot

TICK_SECONDS = 1.0
"""Between two reports of a build's progress, estimated where a step takes longer."""

_FIRST_RATE = 500.0  # rows a second, until it is measured
_NEW_SHARE = 0.2  # of a step in the running mean of the rate
_MARGIN = 10.0  # seconds in which a process ends that an alarm has ended
_FAILED = 4
_ENDED_BY_OTHERS = frozenset({signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP})


def fill_in_child(folder: Path, begun: Snapshot, on_work: Callable[[int], None], *, continued: bool) -> None:
    """Fill a snapshot in a child process.

    Args:
        folder: Of the snapshots.
        begun: Which one.
        on_work: Told every second how much of the work (``build_steps.work_of``) is done.
        continued: Whether an earlier process may have filled some of it.

    Raises:
        ChromaError: Chroma failed, or crashed on what an earlier process has left.
        ChromaStalled: Chroma did not end a step.
        StoreError: The child was killed, or crashed. The build can be continued.
    """
    words = [str(folder), begun.name, str(begun.passages), *(["continued"] if continued else [])]
    child = subprocess.Popen(  # noqa: S603 (ours)
        interpreter.command("retrieval.vector_index.builder", *words),
        stdin=subprocess.PIPE,  # its end tells the child that this process is gone
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=interpreter.environment(),
        start_new_session=True,  # Ctrl-C is for this process alone
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    with child:
        try:
            assert child.stdout  # noqa: S101 (pipes)
            assert child.stderr  # noqa: S101
            errors: list[str] = []
            reader = threading.Thread(target=errors.extend, args=(child.stderr,), daemon=True)
            reader.start()
            report_work(child.stdout, on_work)
            reader.join()
            code = child.wait()
        finally:
            child.kill()
    if code == -signal.SIGALRM:
        minutes = build_steps.stall_seconds(begun.passages) / 60
        raise ChromaStalled(f"Chroma did not get on for {minutes:.0f} min")
    if code == _FAILED:
        raise ChromaError(errors[-1].strip() if errors else "its process failed")
    if continued and code < 0 and -code not in _ENDED_BY_OTHERS:
        raise ChromaError(f"it crashed (signal {-code})")
    if code:
        with contextlib.suppress(OSError):
            snapshots.count_resumption(folder, begun.name)
        raise StoreError(f"the process that builds the vector index ended (exit code {code}): the next ingest goes on")


def report_work(lines: Iterable[str], on_work: Callable[[int], None]) -> None:
    """Report the steps that ``lines`` tell of, and every second, by the rate so far, how far the present one may be.

    What is reported never falls, nor does it reach the end of a step before that.
    """
    told: queue.SimpleQueue[str | None] = queue.SimpleQueue()

    def read() -> None:
        for line in lines:
            told.put(line)
        told.put(None)

    threading.Thread(target=read, daemon=True).start()
    done = size = shown = 0
    rate, begun = _FIRST_RATE, time.monotonic()
    while True:
        try:
            line = told.get(timeout=TICK_SECONDS if size else None)
        except queue.Empty:
            seconds = time.monotonic() - begun
            shown = max(shown, done + int(size * seconds / (seconds + size / rate)) if size else done)
            on_work(shown)
            continue
        if line is None:
            return
        now = time.monotonic()
        before, (done, size) = (done, size), map(int, line.split())
        if (done, size) == before:
            continue
        if done == sum(before) and now > begun:
            rate += _NEW_SHARE * (before[1] / (now - begun) - rate)
        begun, shown = now, max(shown, done)
        on_work(shown)


def main(arguments: list[str]) -> int:
    """Run."""
    folder, name, passages = Path(arguments[0]), arguments[1], int(arguments[2])
    limit = build_steps.stall_seconds(passages)
    threading.Thread(target=_end_with_parent, daemon=True).start()

    def tell(done: int, size: int) -> None:
        sys.stdout.write(f"{done} {size}\n")
        sys.stdout.flush()

    def begin(done: int, size: int) -> None:
        signal.alarm(limit)
        tell(done, size)

    try:
        continued = "continued" in arguments
        tell(*build_steps.first_step(folder / name, continued=continued))
        # The child of a process that was killed may still be at work, until the end of its step.
        with exclusive(folder, "builder", "building the vector index", LockWait(limit + _MARGIN, lambda _: None)):
            build_steps.fill(folder / name, passages, begin, continued=continued)
    except (ChromaError, MatrixError, OnrecordError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return _FAILED
    return 0


def _end_with_parent() -> None:
    while os.read(0, 1024):  # not by sys.stdin, which the interpreter could not close at its end
        pass
    os._exit(_FAILED)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
