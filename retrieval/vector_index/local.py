"""Local backend: Chroma in this process, over immutable snapshots in a folder.

Local Chroma loses rows when two processes write and can be damaged for good by a kill in the middle of a write, so
changes are made in a copy, which is then published in place of the original (``retrieval.vector_index.snapshots``).
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import OnrecordError
from retrieval.store.library import Library
from retrieval.store.lock import exclusive
from retrieval.vector_index import chroma, snapshots
from retrieval.vector_index.chroma import ChromaError
from retrieval.vector_index.snapshots import Snapshot

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection as ChromaCollection

_COLLECTION = "passages"

_MAX_UNPUBLISHED = 250
"""Passages, and at most a hundredth of the snapshot's, that are searched exactly beside it instead of being published:
publishing takes seconds, most of them to load Chroma and copy the snapshot."""


class LocalBackend:
    """A folder of snapshots. Safe to share between threads.

    Args:
        folder: Its content may be deleted at any time.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._guard = threading.RLock()
        self._open: tuple[Snapshot, Client, ChromaCollection] | None = None
        self._failed: Snapshot | None = None

    def close(self) -> None:
        """Close Chroma's files."""
        with self._guard:
            opened, self._open = self._open, None
            if opened:
                with contextlib.suppress(Exception):  # a client that only read loses nothing
                    opened[1].close()

    def published(self, library: Library) -> Snapshot | None:  # noqa: ARG002 (a folder serves one library)
        """Return the snapshot that readers use, or None."""
        return snapshots.read_pointer(self._folder)

    def check(self, snapshot: Snapshot) -> None:
        """Check that a published snapshot can be read.

        Raises:
            ChromaError: It cannot.
        """
        with self._guard:
            self._collection(snapshot)

    def nearest(
        self, snapshot: Snapshot, vector: NDArray[np.float32], count: int, articles: Collection[str] | None
    ) -> dict[str, float]:
        """Return the nearest passages of a published snapshot with their cosines.

        Raises:
            ChromaError: It cannot be read.
        """
        with self._guard:
            try:
                collection = self._collection(snapshot)
                with chroma.errors_translated():
                    return chroma.nearest(collection, vector, count, articles)
            except ChromaError:
                self._failed = snapshot
                raise

    def is_cold(self, library: Library) -> bool:
        """Return whether Chroma is not loaded yet, and its files are intact and belong to ``library``."""
        return self._open is None and not find_problem(library, self._folder)

    def discard(self, library: Library) -> None:
        """Stop using the snapshot that failed; unpublish it unless another has been published since.

        A snapshot also fails when another process has published the next one and deleted it.
        """
        with self._guard:
            self.close()
            with contextlib.suppress(OnrecordError, OSError), exclusive(library.folder, "vectors", "building"):
                if snapshots.read_pointer(self._folder) == self._failed:
                    (self._folder / snapshots.POINTER).unlink(missing_ok=True)

    def build(self, library: Library, on_progress: Callable[[int, int], None] | None) -> None:
        """Publish a snapshot of the whole library. The caller holds the lock.

        Raises:
            ChromaError: Chroma failed.
            OSError: The disk did.
        """
        revision, total = library.revision, library.counts().passages
        with self._building() as place, chroma.errors_translated():
            client = chroma.open_local(place)
            try:
                collection = chroma.create(client, _COLLECTION)
                done = 0
                for ids, vectors in library.iter_vectors(chroma.batch_size(client)):
                    chroma.put(client, collection, ids, vectors)
                    done += len(ids)
                    if on_progress:
                        on_progress(done, max(done, total))
                held = collection.count()
            finally:
                client.close()
            if held != done:
                raise ChromaError(f"{done} passages were written, {held} are there")
            self._publish(library, place, revision, held)

    def update(self, library: Library, current: Snapshot) -> bool:
        """Publish the next snapshot, a changed copy of ``current``; return False when that failed.

        The caller holds the lock.
        """
        changes, vectors = library.changes_with_vectors(current.revision)
        with self._building() as place, contextlib.suppress(ChromaError), chroma.errors_translated():
            snapshots.copy(self._folder / current.name, place)
            client = chroma.open_local(place)
            try:
                collection = client.get_collection(_COLLECTION, embedding_function=None)
                chroma.delete(client, collection, changes.removed)
                chroma.put(client, collection, changes.added, vectors)
                held = collection.count()
            finally:
                client.close()
            if held == changes.passages:
                self._publish(library, place, changes.revision, held)
                return True
        return False

    def _collection(self, snapshot: Snapshot) -> ChromaCollection:
        """Open a published snapshot, unless it is the one that is open."""
        if self._open and self._open[0] == snapshot and (self._folder / snapshot.name).is_dir():
            return self._open[2]
        self.close()
        place = self._folder / snapshot.name
        with chroma.errors_translated():
            if not place.is_dir() or snapshots.checksum(place) != snapshot.checksum:
                raise ChromaError("its files are not as they were written")
            client = chroma.open_local(place)
            collection = client.get_collection(_COLLECTION, embedding_function=None)
            if collection.count() != snapshot.passages:
                raise ChromaError("passages are missing from it")
            self._open = (snapshot, client, collection)
        return collection

    @contextlib.contextmanager
    def _building(self) -> Iterator[Path]:
        """Lend a new directory; afterwards everything but the published snapshot is deleted."""
        place = snapshots.create_directory(self._folder)
        try:
            yield place
        finally:
            current = snapshots.read_pointer(self._folder)
            snapshots.remove_others(self._folder, current.name if current else "")

    def _publish(self, library: Library, place: Path, revision: int, passages: int) -> None:
        held = library.fingerprint
        digest = held.digest if held else ""
        snapshot = Snapshot(place.name, library.identity, revision, digest, passages, snapshots.checksum(place))
        snapshots.publish(self._folder, snapshot)


def is_fresh_enough(library: Library, snapshot: Snapshot) -> bool:
    """Return whether a snapshot is so little behind the library that the rest is best searched beside it."""
    if snapshot.revision == library.revision:
        return True
    added, removed, complete = library.count_changes(snapshot.revision)
    return complete and added + removed <= min(_MAX_UNPUBLISHED, snapshot.passages // 100)


def find_problem(library: Library, folder: Path) -> str:
    """Return why the published snapshot does not match the library; empty when it does.

    Reads files only: Chroma is not loaded.
    """
    found, held = snapshots.read_pointer(folder), library.fingerprint
    if found is None:
        return "not built"
    if found.library != library.identity or held is None or found.fingerprint != held.digest:
        return "built from other articles or by another model"
    if not is_fresh_enough(library, found):
        return "behind the library"
    if found.revision == library.revision and found.passages != library.counts().passages:
        return f"holds {found.passages:,} passages, the library {library.counts().passages:,}"
    if not (folder / found.name).is_dir() or snapshots.checksum(folder / found.name) != found.checksum:
        return "damaged: its files are not as they were written"
    return ""
