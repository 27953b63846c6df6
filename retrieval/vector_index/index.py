"""Vector index: the passages nearest to a question's vector, from Chroma, derived from the library and disposable.

Chroma runs in this process (``retrieval.vector_index.local``) or on a server (``retrieval.vector_index.server``).
Passages added since the published snapshot are searched exactly beside it, so that results always match the library's
present revision. A snapshot that is missing, damaged, of another library or too stale is rebuilt without embedding
anything; a server that does not answer costs time, not answers.
"""

from __future__ import annotations

import contextlib
import heapq
import logging
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import EmbeddingError, FingerprintMismatch, StoreError, StoreLocked
from retrieval.store.library import Library
from retrieval.store.lock import LockWait, exclusive
from retrieval.store.rows import PassageChanges
from retrieval.vector_index.chroma import ChromaError, ChromaUnreachable
from retrieval.vector_index.local import LocalBackend, is_fresh_enough
from retrieval.vector_index.snapshots import Snapshot

EXACT_FILTER_MAX = 1_000
"""A filter that leaves at most this many passages is searched exactly, which misses nothing. Measured on 5,701 passages
(median, busy machine): 984 left, 16 ms against Chroma's 40; 2,049 left, 51 ms against 26."""

MAX_STALENESS = 1_000
"""Passages that may have been added or removed since the snapshot before a search updates it first."""

SMALL_LIBRARY_MAX = 2_000
"""A library of at most this many passages is searched exactly, in milliseconds, while Chroma is not loaded: loading
takes a second, which a process that answers one question need not spend."""

NOTIFY_PASSAGES_MIN = 2_000
"""Passages from which a build takes long enough (about a second) to notify the user."""

MAX_UPDATE_SHARE = 0.25
"""Share of a snapshot's passages whose changes are applied to a copy of it; when more changed, it is rebuilt."""

_log = logging.getLogger(__name__)


class VectorBackend(Protocol):
    """Where Chroma runs. Its methods raise Chroma's errors as ``ChromaError``."""

    def published(self, library: Library) -> Snapshot | None:
        """Return the published snapshot, or None."""
        ...

    def check(self, snapshot: Snapshot) -> None:
        """Check that it can be read."""
        ...

    def nearest(
        self, snapshot: Snapshot, vector: NDArray[np.float32], count: int, articles: Collection[str] | None
    ) -> dict[str, float]:
        """Return the nearest passages with their cosines."""
        ...

    def discard(self, library: Library) -> None:
        """Stop using the published snapshot."""
        ...

    def build(self, library: Library, on_progress: Callable[[int, int], None] | None) -> None:
        """Publish a snapshot of the whole library. The caller holds the lock."""
        ...

    def update(self, library: Library, current: Snapshot) -> bool:
        """Publish the changes since ``current``; return False when that failed. The caller holds the lock."""
        ...

    def is_cold(self, library: Library) -> bool:
        """Return whether it is not loaded yet, loading takes long, and its snapshot is intact."""
        ...

    def close(self) -> None:
        """Close files and connections."""
        ...


class VectorIndex:
    """The nearest passages to a vector. Safe to share between threads.

    Args:
        library: The library it is derived from.
        backend: Where Chroma runs.
        notify: Receives a line for the user when a large index is built, or one cannot be used.
        small_library_max: A library of at most this many passages is searched without loading Chroma, until ``warm``.
    """

    def __init__(
        self,
        library: Library,
        backend: VectorBackend,
        notify: Callable[[str], None] | None = None,
        *,
        small_library_max: int = 0,
    ) -> None:
        self._library = library
        self._backend = backend
        self._notify = notify or (lambda line: _log.info("%s", line))
        self._guard = threading.RLock()
        self._recent: tuple[tuple[str, int, int], PassageChanges, NDArray[np.float32]] | None = None
        self._failing = False
        self._small_library_max = small_library_max

    @classmethod
    def open(cls, library: Library, folder: Path, notify: Callable[[str], None] | None = None) -> Self:
        """Return the local index of ``library`` in ``folder``; it is loaded, or built, at the first search."""
        return cls(library, LocalBackend(folder), notify)

    def warm(self) -> None:
        """Load Chroma now; a problem with it is left to the first search."""
        self._small_library_max = 0
        with contextlib.suppress(StoreError, ChromaError):
            found = self.snapshot
            if found:
                self._backend.check(found)

    def close(self) -> None:
        """Close Chroma."""
        self._backend.close()

    @property
    def snapshot(self) -> Snapshot | None:
        """The published snapshot; None when there is no usable one.

        Raises:
            ChromaError: A server does not answer.
        """
        found = self._backend.published(self._library)
        return found if found and self._belongs(found) else None

    def problem(self) -> str:
        """Return why the published snapshot does not match the library; empty when it does. Loads Chroma."""
        try:
            found = self.snapshot
            if found is None:
                return "not built"
            self._backend.check(found)
        except ChromaError as error:
            return str(error)
        return "" if is_fresh_enough(self._library, found) else "behind the library"

    def search(
        self, vector: NDArray[np.float32], limit: int, article_ids: Collection[str] | None = None
    ) -> list[tuple[str, float]]:
        """Return up to ``limit`` passages nearest to ``vector``, best first, as (passage id, cosine similarity).

        Args:
            vector: ``(d,)`` float32 of unit length.
            limit: At most this many.
            article_ids: Only passages of these articles.

        Raises:
            FingerprintMismatch: The vector has another dimension than the library's.
            EmbeddingError: The vector is not finite.
            StoreError: The library cannot be read. Chroma's errors are repaired or worked around, and not raised.
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
        if article_ids is not None and self._library.passage_count(article_ids) <= EXACT_FILTER_MAX:
            return _best(zip(*_with_scores(*self._library.vectors_of(article_ids), vector), strict=True), limit)
        allowed = None if article_ids is None else set(article_ids)
        if self._small_library_max >= self._library.counts().passages and self._backend.is_cold(self._library):
            return self._search_library(vector, limit, allowed)
        for attempt in range(2):  # the snapshot may be replaced or found damaged while it is read
            try:
                found = self._search_snapshot(vector, limit, allowed)
            except StoreLocked:
                break
            except ChromaError as error:
                if attempt or isinstance(error, ChromaUnreachable):
                    self._report_failure(error)
                    break
                _log.info("the vector index is discarded: %s", error)
                self._backend.discard(self._library)
            else:
                self._failing = False
                return found
        return self._search_library(vector, limit, allowed)

    def sync(self, on_progress: Callable[[int, int], None] | None = None, waiting: LockWait | None = None) -> bool:
        """Bring the published snapshot to the library's revision; return whether there was anything to do.

        Args:
            on_progress: Receives the number of passages done and their total.
            waiting: How long to wait for another process that is building; not at all when None.

        Raises:
            StoreLocked: Another process is building, also after waiting.
            StoreError: The disk is full, the folder cannot be written, or a server does not answer.
        """
        with self._guard, exclusive(self._library.folder, "vectors", "building the vector index", waiting):
            try:
                current = self.snapshot
                readable = current is not None and self._is_readable(current)
                if current and readable and current.revision == self._library.revision:
                    return False
                if self._library.fingerprint is None:
                    return False
                if not (current and readable and self._apply_changes(current)):
                    total = self._library.counts().passages
                    if total >= NOTIFY_PASSAGES_MIN:
                        self._notify(f"building the vector index of {total:,} passages")
                    self._backend.build(self._library, on_progress)
            except ChromaUnreachable as error:
                raise StoreError(f"{error}: the articles are kept; ingest or ask again when it does") from error
            except ChromaError as error:
                raise StoreError(f"the vector index cannot be built: {error}") from error
            except OSError as error:
                raise StoreError(f"the vector index cannot be written ({error.strerror}): check its folder") from error
            return True

    # Searching

    def _search_snapshot(
        self, vector: NDArray[np.float32], limit: int, allowed: set[str] | None
    ) -> list[tuple[str, float]]:
        with self._guard:
            snapshot = self._current()
            changes, fresh = self._changes_since(snapshot)
        gone = set(changes.removed)
        wanted = min(limit + len(gone), snapshot.passages)
        near = self._backend.nearest(snapshot, vector, wanted, allowed) if wanted else {}
        found = {identifier: score for identifier, score in near.items() if identifier not in gone}
        found |= {
            identifier: score
            for identifier, score in zip(*_with_scores(changes.added, fresh, vector), strict=True)
            if allowed is None or identifier.partition(":")[0] in allowed
        }
        return _best(found.items(), limit)

    def _search_library(
        self, vector: NDArray[np.float32], limit: int, allowed: set[str] | None
    ) -> list[tuple[str, float]]:
        """Compare with every vector of the library: exact, slow for large libraries."""

        def every() -> Iterator[tuple[str, float]]:
            for ids, vectors in self._library.iter_vectors(5_000):
                for identifier, score in zip(*_with_scores(ids, vectors, vector), strict=True):
                    if allowed is None or identifier.partition(":")[0] in allowed:
                        yield identifier, score

        return _best(every(), limit)

    def _changes_since(self, snapshot: Snapshot) -> tuple[PassageChanges, NDArray[np.float32]]:
        """Return the library's changes since the snapshot, with the new vectors ``(n, d)``."""
        key = (snapshot.name, snapshot.revision, self._library.revision)
        if self._recent is None or self._recent[0] != key:
            changes, vectors = self._library.changes_with_vectors(snapshot.revision)
            self._recent = (key, changes, vectors)
        return self._recent[1], self._recent[2]

    def _current(self) -> Snapshot:
        """Return the published snapshot, updated first when it is too stale."""
        current = self.snapshot
        if current is None or self._is_stale(current):
            try:
                self.sync()
            except StoreLocked:
                if current is None:
                    raise
            current = self.snapshot
        if current is None:
            raise ChromaError("nothing was published")
        return current

    def _is_stale(self, snapshot: Snapshot) -> bool:
        if snapshot.revision == self._library.revision:
            return False
        added, removed, complete = self._library.count_changes(snapshot.revision)
        return not complete or added + removed > MAX_STALENESS

    def _belongs(self, snapshot: Snapshot) -> bool:
        held = self._library.fingerprint
        return (
            held is not None
            and snapshot.library == self._library.identity
            and snapshot.fingerprint == held.digest
            and snapshot.revision <= self._library.revision
        )

    def _is_readable(self, snapshot: Snapshot) -> bool:
        try:
            self._backend.check(snapshot)
        except ChromaUnreachable:
            raise
        except ChromaError:
            return False
        return True

    def _apply_changes(self, current: Snapshot) -> bool:
        """Publish the changes since ``current``; return False when a rebuild is better."""
        added, removed, complete = self._library.count_changes(current.revision)
        if not complete or added + removed > int(current.passages * MAX_UPDATE_SHARE):
            return False
        return self._backend.update(self._library, current)

    def _report_failure(self, error: ChromaError) -> None:
        if not self._failing:
            self._notify(f"{error}: searching the library instead, more slowly")
        self._failing = True


def _with_scores(
    ids: Sequence[str], vectors: NDArray[np.float32], vector: NDArray[np.float32]
) -> tuple[Sequence[str], list[float]]:
    return ids, (vectors @ vector).tolist() if len(ids) else []


def _best(scored: Any, limit: int) -> list[tuple[str, float]]:
    """Return the ``limit`` best of (id, score), best first, equal ones by id."""
    return heapq.nsmallest(limit, scored, key=lambda pair: (-pair[1], pair[0]))
