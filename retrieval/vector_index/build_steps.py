"""Steps of a build: Chroma is given the rows of a snapshot's vector matrix, from the first that it has not.

An update is a build that begins with a copy of the last snapshot, from which removed passages are deleted first. Chroma
keeps the interpreter's lock through each request, for seconds when it writes its index.
"""

from __future__ import annotations

import contextlib
import json
import math
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
"""Receives how much of the work (``work_of``) is done, and how much the step that begins now is; the same once more
after a part of a long step."""

COLLECTION = "passages"
"""Chroma's name of the collection of a snapshot."""

_REQUEST_SECONDS = 3.0
"""Seconds that a request shall take: less can be said meanwhile, and a child whose parent was killed ends after it."""
REQUEST_ROWS = (500, 2_000)
"""Fewest and most rows of a request. Each takes .25 s of CPU time beside .4 ms a row: on a busy machine 100,000 rows
took 99 s in requests of 500 to 2,000, and 152 s in those of 50 to 1,000 that took at most a second."""
_SAMPLED_ROWS = 200  # of a build that is continued, compared with what Chroma has
_LOOK_UP_ROWS = 5_000  # ids that Chroma is asked for at a time
CHECKPOINT_ROWS = 100_000
"""Rows, and at least an eighth of a build, after which Chroma's files are copied: a kill while it writes its index, in
place, leaves files that it cannot read any more. A large index is written for seconds, once in 20,000 rows."""
_CHECKED_PART = 100
"""Checking that a row is there is one part in so many of the work of adding it: 9 of 1,003 s for a million."""


STALL_SECONDS = 300
"""Seconds, and one more for each 1,000 passages, after which a step that has not ended will not: on some damaged files
Chroma works for ever. At a million passages, with six processes at work on two processors, a request took up to 3 s,
writing the index 9 s, and what comes after a kill, indexing 20,000 passages of the log again, up to 35 s."""

_COPIED_PART = 50
"""Loading a copied index, and writing it in the end, are together one part in so many of the work of building it."""


_CHEAP_ROWS, _CHEAP_SHARE = 7_000, 0.85
"""About how many rows of a new index take less time than those of a large one, and how much less the first one does. Of
100,000 rows the first 10,000 took 4 % of the CPU time and 40,000 33 %; from 20,000 on, up to a million, all cost the
same."""


def work_of(total: int, inherited: int) -> int:
    """Return the work of giving Chroma the rows that a matrix has not inherited, and of checking them all.

    In rows, as a large index takes them.
    """
    return _insertion(total, inherited) + total // _CHECKED_PART


def _insertion(rows: int, inherited: int) -> int:
    """Return the work of loading what is inherited, and giving Chroma what is missing of the first ``rows``."""
    return inherited // _COPIED_PART + _cost(rows) - _cost(inherited)


def _cost(rows: int) -> int:
    return rows + round(_CHEAP_SHARE * _CHEAP_ROWS * math.expm1(-rows / _CHEAP_ROWS))


def stall_seconds(passages: int) -> int:
    """Return after how many seconds a step of building an index of ``passages`` is taken for one without an end."""
    return STALL_SECONDS + passages // 1_000


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
    size, first = REQUEST_ROWS[1], vectors.inherited
    loading = first_step(place, continued=continued)
    on_step(*loading)
    removed = _prepare_removal(place, total - first)
    with chroma.errors_translated(), collection_in(place) as (client, collection):
        for at in range(0, len(removed), _LOOK_UP_ROWS):
            chroma.delete(client, collection, removed[at : at + _LOOK_UP_ROWS])
            on_step(*loading)
        (place / snapshots.REMOVED).unlink(missing_ok=True)
        done = collection.count()
        if continued or first:
            _refuse_different(collection, vectors, done)
        kept = done
        while done < total:
            if done - kept >= max(CHECKPOINT_ROWS, total // 8):
                on_step(_insertion(done, first), 1)
                snapshots.write_checkpoint(place)
                kept = done
            end = first + chroma.request_end(done - first, total - first, size)
            on_step(_insertion(done, first), _insertion(end, first) - _insertion(done, first))
            begun = time.monotonic()
            chroma.put(client, collection, *vectors.read(done, end))
            size, done = next_size(size, time.monotonic() - begun), end
            snapshots.forget_resumptions(place.parent, place.name)
        _refuse_missing(collection, vectors, lambda checked, step: on_step(_insertion(total, first) + checked, step))
        pending = chroma.unwritten(place)
        chroma.set_sync_threshold(collection, *([pending] if pending else []))
    if pending:  # or the next opening would write them, and change a snapshot that is published
        with chroma.errors_translated(), collection_in(place) as (_, collection):
            refuse_count(collection, total)
            chroma.set_sync_threshold(collection)
    snapshots.remove_checkpoint(place)


def first_step(place: Path, *, continued: bool) -> tuple[int, int]:
    """Return the work that was done before a build goes on, and the first step's: it loads what there is.

    A build that is continued indexes what is in Chroma's log once more.
    """
    vectors = VectorMatrix.open(place / snapshots.MATRIX)
    total, first = vectors.passages, vectors.inherited
    if not continued:
        return 0, _insertion(first, first) or REQUEST_ROWS[1]  # Chroma is imported first
    there = min(max(first, chroma.stored(place)), total)
    again = min(there - first, max(REQUEST_ROWS[1], (there - first) % chroma.rows_per_write(total - first)))
    done = _insertion(there - again, first)
    return done, _insertion(there, first) - done


def _prepare_removal(place: Path, added: int) -> list[str]:
    """Return the passages that are still to be deleted from a copied index, and have it written after these changes."""
    try:
        removed = json.loads((place / snapshots.REMOVED).read_text("utf-8"))
    except FileNotFoundError:
        return []
    with chroma.errors_translated(), collection_in(place) as (_, collection):
        batches = (removed[at : at + _LOOK_UP_ROWS] for at in range(0, len(removed), _LOOK_UP_ROWS))
        there = [identifier for batch in batches for identifier in chroma.known(collection, batch)]
        chroma.set_sync_threshold(collection, chroma.rows_per_write(len(there) + added))  # from the next opening on
    return there


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
    if done > vectors.passages:
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


def _refuse_missing(collection: ChromaCollection, vectors: VectorMatrix, on_step: OnStep) -> None:
    """Check that Chroma has every passage of the matrix and no other.

    Raises:
        ChromaError: It has not.
    """
    refuse_count(collection, vectors.passages)
    for at in range(0, vectors.passages, _LOOK_UP_ROWS):
        on_step(at // _CHECKED_PART, _LOOK_UP_ROWS // _CHECKED_PART)
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
