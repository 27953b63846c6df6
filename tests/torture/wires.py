"""Tripwires: moments at which the process that is to be killed dies."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from retrieval.store import schema
from retrieval.vector_index import builder, chroma, matrix, snapshots
from tests.fakes import FakeEmbedder

WIRES = (
    "statement",  # anywhere in a transaction
    "commit",  # as it is about to be committed
    "committed",  # just after
    "embed",  # between reading and keeping
    "matrix",  # before the vectors of a build are written
    "journal",  # as a build can be continued from now on
    "continue",  # before a build that was cut off is continued
    "upsert",  # before Chroma is given a batch
    "indexing",  # up to 30 ms into that, when Chroma writes its index
    "copy",  # while the next snapshot is copied from the last
    "publish",  # before the snapshot is published
    "published",  # after it
    "sweep",  # while the old snapshot is removed
    "waiting",  # while a child process builds
)
CHILD_WIRES = ("upsert", "indexing")
"""Laid in the child where one builds."""


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class Tripwire:
    """Dies when it is touched for the ``count``-th time."""

    def __init__(self, count: int) -> None:
        self.left = count

    def touch(self) -> None:
        self.left -= 1
        if self.left == 0:
            die()

    def before(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **options: Any) -> Any:
            self.touch()
            return function(*args, **options)

        return call

    def after(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **options: Any) -> Any:
            done = function(*args, **options)
            self.touch()
            return done

        return call

    def during(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Die within 30 ms of the ``count``-th call's beginning."""

        def call(*args: Any, **options: Any) -> Any:
            self.left -= 1
            if self.left == 0:
                delay = random.random() * 0.03  # noqa: S311 (any moment will do)
                threading.Thread(target=lambda: (time.sleep(delay), die()), daemon=True).start()
            return function(*args, **options)

        return call


_CALLS: dict[str, tuple[Any, str, Callable[[Tripwire, Callable[..., Any]], Callable[..., Any]]]] = {
    "matrix": (matrix, "write", Tripwire.before),
    "journal": (snapshots, "write_journal", Tripwire.after),
    "continue": (snapshots, "may_resume", Tripwire.after),
    "upsert": (chroma, "put", Tripwire.before),
    "indexing": (chroma, "put", Tripwire.during),
    "copy": (shutil, "copyfile", Tripwire.before),
    "publish": (snapshots, "publish", Tripwire.before),
    "published": (snapshots, "publish", Tripwire.after),
    "sweep": (shutil, "rmtree", Tripwire.after),
}


def lay(wire: str, count: int, embedder: FakeEmbedder) -> None:
    """Lay one tripwire."""
    trip = Tripwire(count)
    match wire:
        case "statement" | "commit" | "committed":
            _lay_in_sqlite(wire, trip)
        case "embed":
            embedder.embed_passages = trip.after(embedder.embed_passages)  # type: ignore[method-assign]
        case "waiting":
            _lay_in_progress(trip)
        case _:
            module, name, how = _CALLS[wire]
            setattr(module, name, how(trip, getattr(module, name)))


def _lay_in_progress(trip: Tripwire) -> None:
    report_work = builder.report_work

    def report(lines: Iterable[str], on_work: Callable[[int], None]) -> None:
        report_work(lines, trip.before(on_work))

    builder.report_work = report


def _lay_in_sqlite(wire: str, trip: Tripwire) -> None:
    connect = schema.connect
    was_commit = False

    def watch(statement: str) -> None:
        nonlocal was_commit
        is_commit = statement.strip().upper() == "COMMIT"
        if wire == "statement" or (wire == "commit" and is_commit) or (wire == "committed" and was_commit):
            trip.touch()
        was_commit = is_commit

    def traced(folder: Path, *, create: bool = False, write: bool = False) -> sqlite3.Connection:
        connection = connect(folder, create=create, write=write)
        if write:
            connection.set_trace_callback(watch)
        return connection

    schema.connect = traced
