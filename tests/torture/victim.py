"""The process that is killed: one action on a store, with a tripwire at the moment where it is to die.

``python -m tests.torture.victim STORE NEWS ACTION MODEL WIRE COUNT``; it says ``kept N`` for every revision that it has
committed.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from retrieval import ingest as ingesting
from retrieval.store import schema
from retrieval.store.library import Library
from retrieval.vector_index import chroma, matrix, snapshots
from retrieval.vector_index.index import VectorIndex
from retrieval.vector_index.local import LocalBackend
from tests.fakes import FakeEmbedder

ACTIONS = ("ingest", "prune", "rebuild", "ask")
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
)
QUESTION = "What did the council of town3 say?"
MODELS = ("fake", "fake-2")


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


def lay(wire: str, count: int, embedder: FakeEmbedder) -> None:
    """Lay one tripwire."""
    trip = Tripwire(count)
    match wire:
        case "statement" | "commit" | "committed":
            _lay_in_sqlite(wire, trip)
        case "embed":
            embedder.embed_passages = trip.after(embedder.embed_passages)  # type: ignore[method-assign]
        case "matrix":
            matrix.write = trip.before(matrix.write)
        case "journal":
            snapshots.write_journal = trip.after(snapshots.write_journal)
        case "continue":
            snapshots.count_resumption = trip.after(snapshots.count_resumption)
        case "upsert":
            chroma.put = trip.before(chroma.put)
        case "indexing":
            chroma.put = trip.during(chroma.put)
        case "copy":
            shutil.copyfile = trip.before(shutil.copyfile)
        case "publish":
            snapshots.publish = trip.before(snapshots.publish)
        case "published":
            snapshots.publish = trip.after(snapshots.publish)
        case "sweep":
            shutil.rmtree = trip.after(shutil.rmtree)  # type: ignore[assignment]


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


def act(store: Path, news: Path, action: str, embedder: FakeEmbedder) -> None:
    """Do one thing that the program does, and bring the index by meaning up to date, as it would."""
    ingesting.BATCH_PASSAGES = 24
    chroma._UPSERT_MAX = 40
    with Library.open(store, create=True) as library:

        def told(_: object) -> None:
            sys.stdout.write(f"kept {library.revision}\n")
            sys.stdout.flush()

        if action != "ask":
            paths = [] if action == "rebuild" else [str(news)]
            ingesting.ingest(
                library, embedder, paths, prune=action == "prune", rebuild=action == "rebuild", home=news.parent,
                on_progress=told,
            )  # fmt: skip
        index = VectorIndex(library, LocalBackend(store / "vectors"))
        if action != "ask":
            index.sync()
        index.warm()
        index.search(embedder.embed_query(QUESTION), 5)
        index.close()


def main() -> None:
    store, news, action, model, wire, count = sys.argv[1:7]
    embedder = FakeEmbedder(model)
    if wire != "none":
        lay(wire, int(count), embedder)
    act(Path(store), Path(news), action, embedder)


if __name__ == "__main__":
    main()
