"""The derived index in Chroma's embedded store: generations in folders, never written to once published.

Embedded Chroma loses rows when two processes write and can be broken for good by a kill in mid-write, so changes go
into a copy, which then takes its place (see ``retrieval.vector_index.snapshots``).
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
from retrieval.vector_index.chroma import ChromaTrouble
from retrieval.vector_index.snapshots import Generation

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection as ChromaCollection

_NAME = "passages"

_BESIDE = 250  # passages, that are searched beside a generation a hundred times as large


class EmbeddedHost:
    """A folder of generations. Safe to share between threads.

    Args:
        folder: Where they are; anything in it may be deleted at any time.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._guard = threading.RLock()
        self._open: tuple[Generation, Client, ChromaCollection] | None = None
        self._failed: Generation | None = None

    def close(self) -> None:
        """Let go of Chroma's files."""
        with self._guard:
            opened, self._open = self._open, None
            if opened:
                with contextlib.suppress(Exception):  # nothing is lost with a client that only read
                    opened[1].close()

    def published(self, library: Library) -> Generation | None:  # noqa: ARG002 (a folder serves one library)
        """Return the generation that readers use, or None."""
        return snapshots.published(self._folder)

    def check(self, generation: Generation) -> None:
        """Check that a published generation can be read.

        Raises:
            ChromaTrouble: It cannot.
        """
        with self._guard:
            self._collection(generation)

    def nearest(
        self, generation: Generation, vector: NDArray[np.float32], count: int, articles: Collection[str] | None
    ) -> dict[str, float]:
        """Return the nearest passages of a published generation with their cosines.

        Raises:
            ChromaTrouble: It cannot be read.
        """
        with self._guard:
            try:
                collection = self._collection(generation)
                with chroma.translated():
                    return chroma.nearest(collection, vector, count, articles)
            except ChromaTrouble:
                self._failed = generation
                raise

    def is_at_rest(self, library: Library) -> bool:
        """Tell whether Chroma is not loaded, and the files it would read are as they should be."""
        return self._open is None and not trouble(library, self._folder)

    def discard(self, library: Library) -> None:
        """Stop using what failed; where it is still what is published, the next look builds anew.

        A generation also fails when another process has published the next one and removed it.
        """
        with self._guard:
            self.close()
            with contextlib.suppress(OnrecordError, OSError), exclusive(library.folder, "vectors", "building"):
                if snapshots.published(self._folder) == self._failed:
                    (self._folder / snapshots.POINTER).unlink(missing_ok=True)

    def build(self, library: Library, on_progress: Callable[[int, int], None] | None) -> None:
        """Publish a generation of all the library holds. The caller holds the lock.

        Raises:
            ChromaTrouble: Chroma failed.
            OSError: The disk did.
        """
        revision, total = library.revision, library.counts().passages
        with self._building() as place, chroma.translated():
            client = chroma.embedded(place)
            try:
                collection = chroma.create(client, _NAME)
                done = 0
                for ids, vectors in library.iter_vectors(chroma.batch_of(client)):
                    chroma.put(client, collection, ids, vectors)
                    done += len(ids)
                    if on_progress:
                        on_progress(done, max(done, total))
                held = collection.count()
            finally:
                client.close()
            if held != done:
                raise ChromaTrouble(f"{done} passages were written, {held} are there")
            self._publish(library, place, revision, held)

    def follow(self, library: Library, current: Generation) -> bool:
        """Publish the next generation, made out of ``current``; return False where that did not work.

        The caller holds the lock.
        """
        changes, vectors = library.changes_with_vectors(current.revision)
        with self._building() as place, contextlib.suppress(ChromaTrouble), chroma.translated():
            snapshots.copy(self._folder / current.name, place)
            client = chroma.embedded(place)
            try:
                collection = client.get_collection(_NAME, embedding_function=None)
                chroma.take_out(client, collection, changes.removed)
                chroma.put(client, collection, changes.added, vectors)
                held = collection.count()
            finally:
                client.close()
            if held == changes.passages:
                self._publish(library, place, changes.revision, held)
                return True
        return False

    def _collection(self, generation: Generation) -> ChromaCollection:
        """Open a published generation, unless it is the one that is open."""
        if self._open and self._open[0] == generation and (self._folder / generation.name).is_dir():
            return self._open[2]
        self.close()
        place = self._folder / generation.name
        with chroma.translated():
            if not place.is_dir() or snapshots.seal(place) != generation.seal:
                raise ChromaTrouble("its files are not as they were written")
            client = chroma.embedded(place)
            collection = client.get_collection(_NAME, embedding_function=None)
            if collection.count() != generation.passages:
                raise ChromaTrouble("passages are missing from it")
            self._open = (generation, client, collection)
        return collection

    @contextlib.contextmanager
    def _building(self) -> Iterator[Path]:
        """Lend a directory; what was not published of it, and what is not any more, is removed after."""
        place = snapshots.begin(self._folder)
        try:
            yield place
        finally:
            current = snapshots.published(self._folder)
            snapshots.sweep(self._folder, current.name if current else "")

    def _publish(self, library: Library, place: Path, revision: int, passages: int) -> None:
        held = library.fingerprint
        digest = held.digest if held else ""
        generation = Generation(place.name, library.identity, revision, digest, passages, snapshots.seal(place))
        snapshots.publish(self._folder, generation)


def is_near(library: Library, generation: Generation) -> bool:
    """Tell whether a generation is so little behind the library that the rest is best searched beside it.

    Publishing the next one takes seconds, most of them to load Chroma and copy what it holds.
    """
    if generation.revision == library.revision:
        return True
    added, removed, complete = library.count_changes(generation.revision)
    return complete and added + removed <= min(_BESIDE, generation.passages // 100)


def trouble(library: Library, folder: Path) -> str:
    """Return what keeps the published index by meaning from being the library's; nothing when they agree.

    Looks at files only: Chroma is not loaded.
    """
    found, held = snapshots.published(folder), library.fingerprint
    if found is None:
        return "not built"
    if found.library != library.identity or held is None or found.fingerprint != held.digest:
        return "built from other articles or by another model"
    if not is_near(library, found):
        return "behind the library"
    if found.revision == library.revision and found.passages != library.counts().passages:
        return f"holds {found.passages:,} passages, the library {library.counts().passages:,}"
    if not (folder / found.name).is_dir() or snapshots.seal(folder / found.name) != found.seal:
        return "damaged: its files are not as they were written"
    return ""
