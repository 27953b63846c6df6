"""Search by meaning: vectors in Chroma, derived from the library and disposable.

Where they are kept is the backend's business: local Chroma (``retrieval.vector_index.local``) or a Chroma server
(``retrieval.vector_index.server``).
What the library has learnt since they were written is searched exactly beside them, so that results are always those of
the library as it is now; whatever is missing, damaged, foreign or too far behind is built again, with no embedding, and
a host that does not answer costs time, not answers.
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
from retrieval.store.lock import exclusive
from retrieval.store.rows import Changes
from retrieval.vector_index.chroma import ChromaSilence, ChromaTrouble
from retrieval.vector_index.local import EmbeddedHost, is_near
from retrieval.vector_index.snapshots import Generation

EXACT = 1_000
"""A filter that leaves this many passages or fewer is searched exactly, which misses nothing. Measured on 5,701
passages (median, busy machine): 984 left, 16 ms against Chroma's 40; 2,049 left, 51 ms against 26."""

BEHIND = 1_000
"""Passages that may have come or gone since the generation was made before a search brings it up to date first."""

SMALL = 2_000
"""Passages of a library that is searched exactly, in milliseconds, while Chroma is not loaded: that takes a second,
which a process that answers one question need not spend."""

NOTICED = 2_000
"""Passages from which building takes so long (about a second) that the person who waits is told."""

_log = logging.getLogger(__name__)


class Host(Protocol):
    """Where vectors are kept for Chroma to search. Whatever its methods raise of Chroma is ``ChromaTrouble``."""

    def published(self, library: Library) -> Generation | None:
        """Return what readers may use, or None."""
        ...

    def check(self, generation: Generation) -> None:
        """Check that it can be read."""
        ...

    def nearest(
        self, generation: Generation, vector: NDArray[np.float32], count: int, articles: Collection[str] | None
    ) -> dict[str, float]:
        """Return the nearest passages with their cosines."""
        ...

    def discard(self, library: Library) -> None:
        """Set aside what is published."""
        ...

    def build(self, library: Library, on_progress: Callable[[int, int], None] | None) -> None:
        """Publish all the library holds. The caller holds the lock."""
        ...

    def follow(self, library: Library, current: Generation) -> bool:
        """Publish what changed since ``current``; return False where that did not work. The caller holds the lock."""
        ...

    def is_at_rest(self, library: Library) -> bool:
        """Tell whether it is not loaded, loading would take long, and what it keeps is the library's and whole."""
        ...

    def close(self) -> None:
        """Let go of files and connections."""
        ...


class VectorIndex:
    """The nearest passages to a vector. Safe to share between threads.

    Args:
        library: The truth.
        host: Where the vectors are kept for search.
        notify: Told one line when a large index is built anew, or one cannot be used, for the person who waits.
        small: A library of so many passages is searched without loading Chroma, until ``warm``.
    """

    def __init__(
        self, library: Library, host: Host, notify: Callable[[str], None] | None = None, *, small: int = 0
    ) -> None:
        self._library = library
        self._host = host
        self._notify = notify or (lambda line: _log.info("%s", line))
        self._guard = threading.RLock()
        self._news: tuple[tuple[str, int, int], Changes, NDArray[np.float32]] | None = None
        self._in_trouble = False
        self._small = small

    @classmethod
    def open(cls, library: Library, folder: Path, notify: Callable[[str], None] | None = None) -> Self:
        """Return the index of ``library`` in ``folder``; Chroma is loaded, or built, at the first search."""
        return cls(library, EmbeddedHost(folder), notify)

    def warm(self) -> None:
        """Load Chroma now, for questions to come; whatever is wrong with it is found by the first of them."""
        self._small = 0
        with contextlib.suppress(StoreError, ChromaTrouble):
            found = self.generation
            if found:
                self._host.check(found)

    def close(self) -> None:
        """Let go of Chroma."""
        self._host.close()

    @property
    def generation(self) -> Generation | None:
        """What is published, for a doctor to compare with the library; None when nothing usable is.

        Raises:
            ChromaTrouble: A server does not answer.
        """
        found = self._host.published(self._library)
        return found if found and self._belongs(found) else None

    def trouble(self) -> str:
        """Return what keeps what is published from being the library's; nothing when they agree. Asks the host."""
        try:
            found = self.generation
            if found is None:
                return "not built"
            self._host.check(found)
        except ChromaTrouble as error:
            return str(error)
        return "" if is_near(self._library, found) else "behind the library"

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
        if self._small >= self._library.counts().passages and self._host.is_at_rest(self._library):
            return self._search_library(vector, limit, allowed)
        for attempt in range(2):  # what is published may be replaced or found broken while it is read: then once more
            try:
                found = self._search_generation(vector, limit, allowed)
            except StoreLocked:
                break
            except ChromaTrouble as error:
                if attempt or isinstance(error, ChromaSilence):
                    self._tell(error)
                    break
                _log.info("the vector index is set aside: %s", error)
                self._host.discard(self._library)
            else:
                self._in_trouble = False
                return found
        return self._search_library(vector, limit, allowed)

    def sync(self, on_progress: Callable[[int, int], None] | None = None) -> bool:
        """Bring what is published to the library's revision; return whether there was anything to do.

        Args:
            on_progress: Told the passages done and their total.

        Raises:
            StoreLocked: Another process is at it.
            StoreError: The disk is full, the folder cannot be written to, or a server does not answer.
        """
        with self._guard, exclusive(self._library.folder, "vectors", "building the vector index"):
            try:
                current = self.generation
                readable = current is not None and self._readable(current)
                if current and readable and current.revision == self._library.revision:
                    return False
                if self._library.fingerprint is None:
                    return False
                if not (current and readable and self._followed(current)):
                    total = self._library.counts().passages
                    if total >= NOTICED:
                        self._notify(f"building the vector index of {total:,} passages")
                    self._host.build(self._library, on_progress)
            except ChromaSilence as error:
                raise StoreError(f"{error}: the articles are kept; ingest or ask again when it does") from error
            except ChromaTrouble as error:
                raise StoreError(f"the vector index cannot be built: {error}") from error
            except OSError as error:
                raise StoreError(f"the vector index cannot be written ({error.strerror}): check its folder") from error
            return True

    # Searching

    def _search_generation(
        self, vector: NDArray[np.float32], limit: int, allowed: set[str] | None
    ) -> list[tuple[str, float]]:
        with self._guard:
            generation = self._current()
            changes, fresh = self._news_since(generation)
        gone = set(changes.removed)
        wanted = min(limit + len(gone), generation.passages)
        near = self._host.nearest(generation, vector, wanted, allowed) if wanted else {}
        found = {identifier: score for identifier, score in near.items() if identifier not in gone}
        found |= {
            identifier: score
            for identifier, score in zip(*_scored(changes.added, fresh, vector), strict=True)
            if allowed is None or identifier.partition(":")[0] in allowed
        }
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
        key = (generation.name, generation.revision, self._library.revision)
        if self._news is None or self._news[0] != key:
            changes, vectors = self._library.changes_with_vectors(generation.revision)
            self._news = (key, changes, vectors)
        return self._news[1], self._news[2]

    def _current(self) -> Generation:
        """Return what is published, brought up to date if it has to be."""
        current = self.generation
        if current is None or self._is_far_behind(current):
            try:
                self.sync()
            except StoreLocked:
                if current is None:
                    raise
            current = self.generation
        if current is None:
            raise ChromaTrouble("nothing was published")
        return current

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
            self._host.check(generation)
        except ChromaSilence:
            raise
        except ChromaTrouble:
            return False
        return True

    def _followed(self, current: Generation) -> bool:
        """Publish what changed since ``current``; return False where building anew is better."""
        added, removed, complete = self._library.count_changes(current.revision)
        if not complete or added + removed > current.passages // 4:
            return False
        return self._host.follow(self._library, current)

    def _tell(self, error: ChromaTrouble) -> None:
        if not self._in_trouble:
            self._notify(f"{error}: searching the library instead, more slowly")
        self._in_trouble = True


def _scored(
    ids: Sequence[str], vectors: NDArray[np.float32], vector: NDArray[np.float32]
) -> tuple[Sequence[str], list[float]]:
    return ids, (vectors @ vector).tolist() if len(ids) else []


def _best(scored: Any, limit: int) -> list[tuple[str, float]]:
    """Return the ``limit`` best of (id, score), best first, equal ones by id."""
    return heapq.nsmallest(limit, scored, key=lambda pair: (-pair[1], pair[0]))
