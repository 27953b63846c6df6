"""Steps of a build: Chroma is given the rows of a snapshot's vector matrix, from the first that it has not.

It keeps the interpreter's lock through each request, for seconds when it writes its index.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from retrieval.vector_index import chroma, snapshots
from retrieval.vector_index.chroma import ChromaError
from retrieval.vector_index.matrix import VectorMatrix

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection as ChromaCollection

OnStep: TypeAlias = Callable[[int, int], None]
"""Receives how much of the work (``work_of``) is done, and how much the step that begins now is."""

COLLECTION = "passages"
"""Chroma's name of the collection of a snapshot."""

_REQUEST_SECONDS = 1.0
"""Seconds that a request shall take, as nothing can be said meanwhile."""
REQUEST_ROWS = (50, 1_000)
"""Fewest and most rows of a request."""
_SAMPLED_ROWS = 200  # of a build that is continued, compared with what Chroma has
_LOOK_UP_ROWS = 5_000  # ids that Chroma is asked for at a time
_CHECKED_PART = 100
"""Checking that a row is there is one part in so many of the work of adding it: 9 of 1,003 s for a million."""


def work_of(total: int) -> int:
    """Return the work of giving Chroma ``total`` rows, in rows: the check in the end is some too."""
    return total + total // _CHECKED_PART


def fill(place: Path, total: int, on_step: OnStep, *, continued: bool) -> None:
    """Give Chroma the rows of the matrix that it has not, and check that it has them all.

    Args:
        place: The snapshot's folder.
        total: Rows of its matrix.
        on_step: Told before each step.
        continued: Whether an earlier process may have given it some.

    Raises:
        ChromaError: Chroma failed, or has other passages than the matrix.
        MatrixError: The matrix cannot be read.
    """
    vectors = VectorMatrix.open(place / snapshots.MATRIX)
    size = REQUEST_ROWS[1]
    if continued:  # it loads its index, and indexes what is in its log once more
        there = min(chroma.stored(place), total)
        again = min(there, max(size, there % chroma.rows_per_write(total)))
        on_step(there - again, again)
    with chroma.errors_translated(), collection_in(place) as (client, collection):
        done = collection.count()
        if continued:
            _refuse_different(collection, vectors, done)
        while done < total:
            end = chroma.request_end(done, total, size)
            on_step(done, end - done)
            begun = time.monotonic()
            chroma.put(client, collection, *vectors.read(done, end))
            size, done = next_size(size, time.monotonic() - begun), end
            snapshots.forget_resumptions(place.parent, place.name)
        _refuse_missing(collection, vectors, total, on_step)
        pending = chroma.unwritten(place)
        chroma.set_sync_threshold(collection, *([pending] if pending else []))
    if pending:  # or the next opening would write them, and change a snapshot that is published
        with chroma.errors_translated(), collection_in(place) as (_, collection):
            refuse_count(collection, total)
            chroma.set_sync_threshold(collection)


def next_size(size: int, seconds: float) -> int:
    """Return how many rows the next request has, after one of ``size`` took ``seconds``."""
    least, most = REQUEST_ROWS
    if seconds > _REQUEST_SECONDS:
        return max(least, size // 2)
    return min(most, size * 2) if seconds < _REQUEST_SECONDS / 3 else size


@contextlib.contextmanager
def collection_in(place: Path) -> Iterator[tuple[Client, ChromaCollection]]:
    """Open Chroma in a snapshot's folder, and close it."""
    client = chroma.open_local(place)
    try:
        yield client, client.get_collection(COLLECTION, embedding_function=None)
    finally:
        client.close()


def _refuse_different(collection: ChromaCollection, vectors: VectorMatrix, done: int) -> None:
    """Check that Chroma's first ``done`` passages are those of the matrix, and can be searched: a sample of them.

    Raises:
        ChromaError: They are not.
    """
    if done > vectors.rows:
        raise ChromaError("it has more passages than the library")
    if not done:
        return
    read = [vectors.read(at, at + 1) for at in np.linspace(0, done - 1, _SAMPLED_ROWS).astype(int).tolist()]
    expected = {ids[0]: row[0] for ids, row in read}
    held = chroma.vectors(collection, list(expected))
    if held.keys() != expected.keys() or any(float(held[each] @ row) < 0.999 for each, row in expected.items()):
        raise ChromaError("it has other passages than the library")
    missed = sum(
        max(chroma.nearest(collection, row, 1, None).values(), default=0.0) < 0.999
        for row in list(expected.values())[::10]
    )
    if missed > 1:  # the search is approximate
        raise ChromaError("its passages are not found")


def _refuse_missing(collection: ChromaCollection, vectors: VectorMatrix, total: int, on_step: OnStep) -> None:
    """Check that Chroma has every passage of the matrix and no other.

    Raises:
        ChromaError: It has not.
    """
    refuse_count(collection, total)
    for at in range(0, total, _LOOK_UP_ROWS):
        on_step(total + at // _CHECKED_PART, _LOOK_UP_ROWS // _CHECKED_PART)
        wanted = vectors.ids(at, at + _LOOK_UP_ROWS)
        if len(chroma.known(collection, wanted)) != len(wanted):
            raise ChromaError("passages are missing from it")


def refuse_count(collection: ChromaCollection, passages: int) -> None:
    """Check how many passages Chroma has.

    Raises:
        ChromaError: Another number.
    """
    held = collection.count()
    if held != passages:
        raise ChromaError(f"{passages} passages were written, {held} are there")
