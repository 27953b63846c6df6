"""Server backend: a Chroma server or Chroma Cloud, one collection per library and model, updated in place.

A collection's name contains the library's identity, so that writers on different machines never share one. Its
metadata name the library's revision up to which it is complete, and are written last. A writer killed before that
leaves a collection with some newer passages; search asks the library which of them exist.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Collection, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from retrieval.store.library import Library
from retrieval.vector_index import chroma
from retrieval.vector_index.chroma import ChromaError, ChromaUnreachable, ServerAddress
from retrieval.vector_index.snapshots import Snapshot

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection as ChromaCollection

RETRY_AFTER_SECONDS = 5.0
"""Seconds before a server that did not answer is asked again: every question would wait for it."""

METADATA_TTL_SECONDS = 5.0
"""Seconds for which a collection's metadata are cached. Newer passages are searched in the library in any case, so this
saves one request per question at no cost."""


class ServerBackend:
    """A Chroma server. Safe to share between threads.

    Args:
        address: Its address.

    Raises:
        InputError: The address is malformed.
    """

    def __init__(self, address: ServerAddress) -> None:
        self._address = address
        self.name = f"the Chroma server at {address.host}"
        self._guard = threading.RLock()
        self._client: ClientAPI | None = None
        self._cached: tuple[float, Snapshot, ChromaCollection] | None = None
        self._retry_at = 0.0

    def close(self) -> None:
        """Close the connection and drop the cached metadata."""
        with self._guard:
            client, self._client, self._cached = self._client, None, None
        if client is not None:
            chroma.close_client(client)

    def published(self, library: Library) -> Snapshot | None:
        """Return the library's collection on the server as a snapshot, or None when there is no complete one.

        Raises:
            ChromaError: It does not answer.
        """
        name, held = _collection_name(library), library.fingerprint
        if held is None:
            return None
        with self._guard:
            if self._cached and self._cached[0] > time.monotonic() and self._cached[1].name == name:
                return self._cached[1]
        with self._requesting() as client:
            collection = chroma.find(client, name)
        said: Any = collection.metadata if collection else None
        if collection is None or not said or "revision" not in said:
            return None
        about = (int(said["revision"]), held.digest, int(said["passages"]), str(collection.id))
        snapshot = Snapshot(name, library.identity, *about)
        with self._guard:
            self._cached = (time.monotonic() + METADATA_TTL_SECONDS, snapshot, collection)
        return snapshot

    def check(self, snapshot: Snapshot) -> None:
        """Check that the collection is complete.

        Raises:
            ChromaError: It is not, or the server does not answer.
        """
        with self._requesting():
            if self._collection(snapshot).count() < snapshot.passages:
                raise ChromaError("passages are missing from it")

    def nearest(
        self, snapshot: Snapshot, vector: NDArray[np.float32], count: int, articles: Collection[str] | None
    ) -> dict[str, float]:
        """Return the nearest passages with their cosines.

        Raises:
            ChromaError: The server does not answer, or the collection is gone.
        """
        with self._requesting():
            return chroma.nearest(self._collection(snapshot), vector, count, articles)

    def is_cold(self, library: Library) -> bool:  # noqa: ARG002 (nothing has to be loaded)
        """Return False: a server is always loaded."""
        return False

    def discard(self, library: Library) -> None:  # noqa: ARG002 (the collection is read again, not deleted)
        """Read the collection's metadata again at the next request."""
        self.close()

    def build(self, library: Library, on_progress: Callable[[int, int], None] | None) -> None:
        """Write the whole library to a new collection that replaces an existing one.

        Raises:
            ChromaError: The server failed.
        """
        name, revision, total = _collection_name(library), library.revision, library.counts().passages
        with self._requesting() as client:
            if chroma.find(client, name):
                client.delete_collection(name)
            collection = chroma.create(client, name, on_server=True, library=library.identity)
            done = 0
            for ids, vectors in library.iter_vectors(chroma.batch_size(client)):
                chroma.put(client, collection, ids, vectors)
                done += len(ids)
                if on_progress:
                    on_progress(done, max(done, total))
            held = collection.count()
            if held != done:
                raise ChromaError(f"{done} passages were written, {held} are there")
            self._publish(collection, library, revision, held)

    def update(self, library: Library, current: Snapshot) -> bool:
        """Bring the collection to the library's revision; return False when it has to be rebuilt."""
        changes, vectors = library.changes_with_vectors(current.revision)
        with self._requesting() as client:
            collection = self._collection(current)
            chroma.delete(client, collection, changes.removed)
            chroma.put(client, collection, changes.added, vectors)
            held = collection.count()
            if held == changes.passages:
                self._publish(collection, library, changes.revision, held)
        return held == changes.passages

    def _publish(self, collection: ChromaCollection, library: Library, revision: int, passages: int) -> None:
        collection.modify(metadata={"library": library.identity, "revision": revision, "passages": passages})
        with self._guard:
            self._cached = None

    def _collection(self, snapshot: Snapshot) -> ChromaCollection:
        with self._guard:
            if self._cached is None or self._cached[1].checksum != snapshot.checksum:
                raise ChromaError("the collection has been replaced")
            return self._cached[2]

    @contextlib.contextmanager
    def _requesting(self) -> Iterator[ClientAPI]:
        """Lend a connected client; errors name the server, and an unreachable one is not asked again for a while."""
        try:
            with chroma.errors_translated():
                yield self._connected()
        except ChromaError as error:
            if isinstance(error, ChromaUnreachable) and time.monotonic() >= self._retry_at:
                self.close()
                self._retry_at = time.monotonic() + RETRY_AFTER_SECONDS
            raise type(error)(f"{self.name}: {error}") from error

    def _connected(self) -> ClientAPI:
        with self._guard:
            if time.monotonic() < self._retry_at:
                raise ChromaUnreachable("it did not answer a moment ago")
            if self._client is None:
                self._client = chroma.open_server(self._address)
            return self._client


def _collection_name(library: Library) -> str:
    held = library.fingerprint
    return f"onrecord-{library.identity[:16]}-{held.digest}" if held else ""
