"""Search by meaning: vectors in Chroma, derived from the library and disposable. The only file that names Chroma.

Embedded Chroma loses rows when two processes write and can be broken for good by a kill in mid-write, so a published
generation is never written to: changes go into a copy, which then takes its place (see ``generations``). What the
library has learnt since the generation was made is searched exactly beside it, so that results are always those of the
library as it is now; whatever is missing, damaged, foreign or too far behind is built again, with no embedding.
"""

from __future__ import annotations

import contextlib
import heapq
import logging
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from retrieval import generations
from retrieval.errors import EmbeddingError, FingerprintMismatch, OnrecordError, StoreError, StoreLocked
from retrieval.generations import Generation
from retrieval.library import Library
from retrieval.locking import exclusive
from retrieval.rows import Changes

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection as ChromaCollection

EXACT = 1_000
"""A filter that leaves this many passages or fewer is searched exactly, which misses nothing. Measured on 5,701
passages (median, busy machine): 984 left, 16 ms against Chroma's 40; 2,049 left, 51 ms against 26."""

BEHIND = 1_000
"""Passages that may have come or gone since the generation was made before a search brings it up to date first."""

_NAME = "passages"
_SETTINGS: dict[str, Any] = {
    "hnsw": {"space": "cosine", "ef_construction": 200, "ef_search": 200, "max_neighbors": 24, "num_threads": 1}
}
_UPSERT = 2_000
_log = logging.getLogger(__name__)


class _BrokenError(Exception):
    """Chroma cannot use what it finds on disk."""


class VectorIndex:
    """The nearest passages to a vector. Safe to share between threads.

    Args:
        library: The truth.
        folder: Where the generations are; anything in it may be deleted at any time.
        notify: Told one line when the index is built anew, for the person who waits.
    """

    def __init__(self, library: Library, folder: Path, notify: Callable[[str], None] | None = None) -> None:
        self._library = library
        self._folder = folder
        self._notify = notify or (lambda line: _log.info("%s", line))
        self._guard = threading.RLock()
        self._open: tuple[Generation, Client, ChromaCollection] | None = None
        self._news: tuple[tuple[str, int], Changes, NDArray[np.float32]] | None = None

    @classmethod
    def open(cls, library: Library, folder: Path, notify: Callable[[str], None] | None = None) -> Self:
        """Return the index of ``library`` in ``folder``; Chroma is loaded, or built, at the first search."""
        return cls(library, folder, notify)

    def close(self) -> None:
        """Let go of Chroma's files."""
        with self._guard:
            opened, self._open = self._open, None
            if opened:
                with contextlib.suppress(Exception):  # nothing is lost with a client that only read
                    opened[1].close()

    @property
    def generation(self) -> Generation | None:
        """What is published, for a doctor to compare with the library; None when nothing usable is."""
        found = generations.published(self._folder)
        return found if found and self._belongs(found) else None

    def search(
        self, vector: NDArray[np.float32], limit: int, article_ids: Collection[str] | None = None
    ) -> list[tuple[str, float]]:
        """Return up to ``limit`` passages nearest to ``vector``, best first, as (passage id, cosine similarity).

        Args:
            vector: ``(d,)`` float32 of unit length.
            limit: At most this many.
            article_ids: Only passages of these articles.

        Raises:
            FingerprintMismatch: The vector is of another length than the library's.
            EmbeddingError: The vector is not a number.
            StoreError: The library cannot be used. Chroma's troubles are mended, or worked around, and not raised.
        """
        held = self._library.fingerprint
        if held is None or limit <= 0 or (article_ids is not None and not article_ids):
            return []
        if vector.shape != (held.dimension,):
            raise FingerprintMismatch(
                f"the question's vector has {vector.size} numbers, the library's have {held.dimension}: "
                "run `onrecord ingest --rebuild`"
            )
        if not np.isfinite(vector).all():
            raise EmbeddingError("the question's vector is not a number: another embedding model may help")
        if article_ids is not None and self._library.passage_count(article_ids) <= EXACT:
            return _best(zip(*_scored(*self._library.vectors_of(article_ids), vector), strict=True), limit)
        allowed = None if article_ids is None else set(article_ids)
        for _ in range(2):  # a generation may be swept away or found broken while it is read: then once more
            try:
                return self._search_generation(vector, limit, allowed)
            except _BrokenError as error:
                _log.info("the vector index is set aside: %s", error)
                self._discard()
            except StoreLocked:
                break
        return self._search_library(vector, limit, allowed)

    def sync(self, on_progress: Callable[[int, int], None] | None = None) -> bool:
        """Bring the published generation to the library's revision; return whether there was anything to do.

        Args:
            on_progress: Told the passages done and their total.

        Raises:
            StoreLocked: Another process is at it.
            StoreError: The disk is full, or the folder cannot be written to.
        """
        with self._guard, exclusive(self._library.folder, "vectors", "building the vector index"):
            current = self.generation
            if current and current.revision == self._library.revision and self._readable(current):
                return False
            if self._library.fingerprint is None:
                return False
            try:
                if not (current and self._readable(current) and self._follow(current)):
                    self._build(on_progress)
            except _BrokenError as error:
                raise StoreError(f"the vector index cannot be built ({error}): check for free space") from error
            except OSError as error:
                raise StoreError(f"the vector index cannot be written ({error.strerror}): check its folder") from error
            return True

    # Searching

    def _search_generation(
        self, vector: NDArray[np.float32], limit: int, allowed: set[str] | None
    ) -> list[tuple[str, float]]:
        with self._guard:
            generation, collection = self._current()
            changes, fresh = self._news_since(generation)
            gone = set(changes.removed)
            wanted = min(limit + len(gone), generation.passages)
            found: dict[str, float] = {}
            if wanted:
                where: Any = None if allowed is None else {"article": {"$in": sorted(allowed)}}
                with _chroma():
                    answer = collection.query(
                        query_embeddings=vector[None, :],
                        n_results=wanted,
                        include=["distances"],
                        where=where,
                    )
                distances = (answer["distances"] or [[]])[0]
                found = {
                    identifier: 1.0 - float(distance)
                    for identifier, distance in zip(answer["ids"][0], distances, strict=True)
                    if identifier not in gone
                }
        for identifier, score in zip(*_scored(changes.added, fresh, vector), strict=True):
            if allowed is None or identifier.partition(":")[0] in allowed:
                found[identifier] = score
        return _best(found.items(), limit)

    def _search_library(
        self, vector: NDArray[np.float32], limit: int, allowed: set[str] | None
    ) -> list[tuple[str, float]]:
        """Compare with every vector of the library: slow for many, right for all (while another process builds)."""

        def every() -> Iterator[tuple[str, float]]:
            for ids, vectors in self._library.iter_vectors(5_000):
                for identifier, score in zip(*_scored(ids, vectors, vector), strict=True):
                    if allowed is None or identifier.partition(":")[0] in allowed:
                        yield identifier, score

        return _best(every(), limit)

    def _news_since(self, generation: Generation) -> tuple[Changes, NDArray[np.float32]]:
        """Return what the library has learnt since the generation, with the new vectors ``(n, d)``."""
        key = (generation.name, self._library.revision)
        if self._news is None or self._news[0] != key:
            changes, vectors = self._library.changes_with_vectors(generation.revision)
            self._news = (key, changes, vectors)
        return self._news[1], self._news[2]

    def _current(self) -> tuple[Generation, ChromaCollection]:
        """Return the published generation, brought up to date if it has to be."""
        current = self.generation
        if current is None or self._is_far_behind(current):
            try:
                self.sync()
            except StoreLocked:
                if current is None:
                    raise
            current = self.generation
        if current is None:
            raise _BrokenError("nothing was published")
        return current, self._collection(current)

    def _is_far_behind(self, generation: Generation) -> bool:
        if generation.revision == self._library.revision:
            return False
        added, removed, complete = self._library.count_changes(generation.revision)
        return not complete or added + removed > BEHIND

    def _belongs(self, generation: Generation) -> bool:
        held = self._library.fingerprint
        return (
            held is not None
            and generation.library == self._library.identity
            and generation.fingerprint == held.digest
            and generation.revision <= self._library.revision
        )

    def _readable(self, generation: Generation) -> bool:
        try:
            self._collection(generation)
        except _BrokenError:
            return False
        return True

    def _collection(self, generation: Generation) -> ChromaCollection:
        """Open a published generation, unless it is the one that is open."""
        if self._open and self._open[0] == generation and (self._folder / generation.name).is_dir():
            return self._open[2]
        self.close()
        place = self._folder / generation.name
        with _chroma():
            if not place.is_dir() or generations.seal(place) != generation.seal:
                raise _BrokenError("its files are not as they were written")
            client = _connect(place)
            collection = client.get_collection(_NAME, embedding_function=None)
            if collection.count() != generation.passages:
                raise _BrokenError("passages are missing from it")
            self._open = (generation, client, collection)
        return collection

    def _discard(self) -> None:
        """Stop using what is published, so that the next look builds anew."""
        with self._guard:
            self.close()
            with contextlib.suppress(OnrecordError, OSError), exclusive(self._library.folder, "vectors", "building"):
                (self._folder / generations.POINTER).unlink(missing_ok=True)

    # Building. The caller holds the lock.

    def _build(self, on_progress: Callable[[int, int], None] | None) -> None:
        revision, total = self._library.revision, self._library.counts().passages
        self._notify(f"building the vector index of {total:,} passages")
        with self._building() as place, _chroma():
            client = _connect(place)
            try:
                collection = client.create_collection(_NAME, embedding_function=None, configuration=_SETTINGS)  # type: ignore[arg-type]
                done = 0
                for ids, vectors in self._library.iter_vectors(min(_UPSERT, client.get_max_batch_size())):
                    _upsert(collection, ids, vectors)
                    done += len(ids)
                    if on_progress:
                        on_progress(done, max(done, total))
                held = collection.count()
            finally:
                client.close()
            if held != done:
                raise _BrokenError(f"{done} passages were written, {held} are there")
            self._publish(place, revision, held)

    def _follow(self, current: Generation) -> bool:
        """Make the next generation out of ``current``; return False where building anew is better."""
        added, removed, complete = self._library.count_changes(current.revision)
        if not complete or added + removed > current.passages // 4:
            return False
        changes, vectors = self._library.changes_with_vectors(current.revision)
        with self._building() as place, contextlib.suppress(_BrokenError), _chroma():
            generations.copy(self._folder / current.name, place)
            client = _connect(place)
            try:
                collection = client.get_collection(_NAME, embedding_function=None)
                batch = min(_UPSERT, client.get_max_batch_size())
                for at in range(0, len(changes.removed), batch):
                    collection.delete(ids=changes.removed[at : at + batch])
                for at in range(0, len(changes.added), batch):
                    _upsert(collection, changes.added[at : at + batch], vectors[at : at + batch])
                held = collection.count()
            finally:
                client.close()
            if held == changes.passages:
                self._publish(place, changes.revision, held)
                return True
        return False

    @contextlib.contextmanager
    def _building(self) -> Iterator[Path]:
        """Lend a directory; what was not published of it, and what is not any more, is removed after."""
        place = generations.begin(self._folder)
        try:
            yield place
        finally:
            current = generations.published(self._folder)
            generations.sweep(self._folder, current.name if current else "")

    def _publish(self, place: Path, revision: int, passages: int) -> None:
        held = self._library.fingerprint
        digest = held.digest if held else ""
        generation = Generation(place.name, self._library.identity, revision, digest, passages, generations.seal(place))
        generations.publish(self._folder, generation)


def _connect(place: Path) -> Client:
    """Open Chroma in ``place`` with every setting ours: neither the environment nor a .env file is read."""
    from chromadb.api.client import Client  # noqa: PLC0415 (a second)
    from chromadb.config import Settings  # noqa: PLC0415
    from pydantic_settings import BaseSettings, PydanticBaseSettingsSource  # noqa: PLC0415

    logging.getLogger("chromadb").setLevel(logging.CRITICAL)

    class Ours(Settings):
        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],  # noqa: ARG003
            init_settings: PydanticBaseSettingsSource,
            env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
            dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
            file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            return (init_settings,)

    return Client(
        settings=Ours(
            persist_directory=str(place),
            is_persistent=True,
            anonymized_telemetry=False,
            allow_reset=False,
            migrations="apply",
        )
    )


def _upsert(collection: ChromaCollection, ids: Sequence[str], vectors: NDArray[np.float32]) -> None:
    collection.upsert(
        ids=list(ids),
        embeddings=vectors,
        metadatas=[{"article": identifier.partition(":")[0]} for identifier in ids],
    )


@contextlib.contextmanager
def _chroma() -> Iterator[None]:
    """Turn whatever Chroma raises over its files, panics of its Rust core included, into one exception."""
    try:
        yield
    except (_BrokenError, OnrecordError, KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError):
        raise
    except BaseException as error:  # its core's PanicException is no Exception, and cannot be imported
        raise _BrokenError(next(iter(str(error).splitlines()), type(error).__name__)) from error


def _scored(
    ids: Sequence[str], vectors: NDArray[np.float32], vector: NDArray[np.float32]
) -> tuple[Sequence[str], list[float]]:
    return ids, (vectors @ vector).tolist() if len(ids) else []


def _best(scored: Any, limit: int) -> list[tuple[str, float]]:
    """Return the ``limit`` best of (id, score), best first, equal ones by id."""
    return heapq.nsmallest(limit, scored, key=lambda pair: (-pair[1], pair[0]))
