"""The derived index on a Chroma server or in Chroma Cloud: one collection a library and model, followed in place.

A collection's name holds the library's identity, so that writers of different machines never meet in one. Its metadata
say up to which of the library's revisions it holds everything; they are written last. A writer that dies before leaves
a collection that holds some of what is newer, which search tells from what is gone by asking the library.
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
from retrieval.vector_index.chroma import Address, ChromaSilence, ChromaTrouble
from retrieval.vector_index.snapshots import Generation

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection as ChromaCollection

PAUSE = 5.0
"""Seconds that a server that did not answer is left alone: every question would wait for it again."""

FRESH = 5.0
"""Seconds that what the server holds is taken to stay as it was: what the library has learnt since is searched beside
it anyhow, so this saves a request a question and costs nothing."""


class ServerHost:
    """A Chroma server. Safe to share between threads.

    Args:
        address: Where it is.

    Raises:
        InputError: The address is not one.
    """

    def __init__(self, address: Address) -> None:
        self._address = address
        self.name = f"the Chroma server at {address.host}"
        self._guard = threading.RLock()
        self._client: ClientAPI | None = None
        self._seen: tuple[float, Generation, ChromaCollection] | None = None
        self._silent_until = 0.0

    def close(self) -> None:
        """Forget the connection, and what was seen over it."""
        with self._guard:
            client, self._client, self._seen = self._client, None, None
        if client is not None:
            chroma.part(client)

    def published(self, library: Library) -> Generation | None:
        """Return what the server holds of the library, or None when that is nothing whole.

        Raises:
            ChromaTrouble: It does not answer.
        """
        name, held = _name(library), library.fingerprint
        if held is None:
            return None
        with self._guard:
            if self._seen and self._seen[0] > time.monotonic() and self._seen[1].name == name:
                return self._seen[1]
        with self._asking() as client:
            collection = chroma.find(client, name)
        said: Any = collection.metadata if collection else None
        if collection is None or not said or "revision" not in said:
            return None
        about = (int(said["revision"]), held.digest, int(said["passages"]), str(collection.id))
        generation = Generation(name, library.identity, *about)
        with self._guard:
            self._seen = (time.monotonic() + FRESH, generation, collection)
        return generation

    def check(self, generation: Generation) -> None:
        """Check that what the server holds is whole.

        Raises:
            ChromaTrouble: It is not, or the server does not answer.
        """
        with self._asking():
            if self._collection(generation).count() < generation.passages:
                raise ChromaTrouble("passages are missing from it")

    def nearest(
        self, generation: Generation, vector: NDArray[np.float32], count: int, articles: Collection[str] | None
    ) -> dict[str, float]:
        """Return the nearest passages with their cosines.

        Raises:
            ChromaTrouble: The server does not answer, or the collection is gone.
        """
        with self._asking():
            return chroma.nearest(self._collection(generation), vector, count, articles)

    def is_at_rest(self, library: Library) -> bool:  # noqa: ARG002 (a server is loaded)
        """Tell that there is nothing to load."""
        return False

    def discard(self, library: Library) -> None:  # noqa: ARG002 (what a server holds is looked at again, not removed)
        """Look again at what the server holds."""
        self.close()

    def build(self, library: Library, on_progress: Callable[[int, int], None] | None) -> None:
        """Write all the library holds to a collection of its own, in place of one that is there.

        Raises:
            ChromaTrouble: The server failed.
        """
        name, revision, total = _name(library), library.revision, library.counts().passages
        with self._asking() as client:
            if chroma.find(client, name):
                client.delete_collection(name)
            collection = chroma.create(client, name, on_server=True, library=library.identity)
            done = 0
            for ids, vectors in library.iter_vectors(chroma.batch_of(client)):
                chroma.put(client, collection, ids, vectors)
                done += len(ids)
                if on_progress:
                    on_progress(done, max(done, total))
            held = collection.count()
            if held != done:
                raise ChromaTrouble(f"{done} passages were written, {held} are there")
            self._publish(collection, library, revision, held)

    def follow(self, library: Library, current: Generation) -> bool:
        """Bring the collection to the library's revision; return False where building it anew is better."""
        changes, vectors = library.changes_with_vectors(current.revision)
        with self._asking() as client:
            collection = self._collection(current)
            chroma.take_out(client, collection, changes.removed)
            chroma.put(client, collection, changes.added, vectors)
            held = collection.count()
            if held == changes.passages:
                self._publish(collection, library, changes.revision, held)
        return held == changes.passages

    def _publish(self, collection: ChromaCollection, library: Library, revision: int, passages: int) -> None:
        collection.modify(metadata={"library": library.identity, "revision": revision, "passages": passages})
        with self._guard:
            self._seen = None

    def _collection(self, generation: Generation) -> ChromaCollection:
        with self._guard:
            if self._seen is None or self._seen[1].seal != generation.seal:
                raise ChromaTrouble("the collection is another one now")
            return self._seen[2]

    @contextlib.contextmanager
    def _asking(self) -> Iterator[ClientAPI]:
        """Lend a connected client; what goes wrong with it is told with the server's name, and silence remembered."""
        try:
            with chroma.translated():
                yield self._connected()
        except ChromaTrouble as error:
            if isinstance(error, ChromaSilence) and time.monotonic() >= self._silent_until:
                self.close()
                self._silent_until = time.monotonic() + PAUSE
            raise type(error)(f"{self.name}: {error}") from error

    def _connected(self) -> ClientAPI:
        with self._guard:
            if time.monotonic() < self._silent_until:
                raise ChromaSilence("it did not answer a moment ago")
            if self._client is None:
                self._client = chroma.served(self._address)
            return self._client


def _name(library: Library) -> str:
    held = library.fingerprint
    return f"onrecord-{library.identity[:16]}-{held.digest}" if held else ""
