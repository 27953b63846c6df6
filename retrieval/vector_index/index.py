"""Vector index: the passages nearest to a question's vector, from Chroma, derived from the library and disposable.

Chroma runs in this process (``retrieval.vector_index.local``) or on a server (``retrieval.vector_index.server``).
Passages added since the published snapshot are searched exactly beside it, so that results always match the library's
present revision. No search waits for Chroma to be built, updated or loaded: meanwhile the snapshot's vector matrix, or
the library itself, is searched exactly. Snapshots are built by whoever changes the library, at the end (``sync``), and
by processes that stay, in a child process (``keep_current``); nothing is ever embedded for it.
"""

from __future__ import annotations

import contextlib
import heapq
import logging
import subprocess
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from retrieval import interpreter
from retrieval.errors import EmbeddingError, FingerprintMismatch, OnrecordError, StoreError
from retrieval.progress import TimeLeft
from retrieval.store.library import Library
from retrieval.store.lock import LockWait, exclusive
from retrieval.vector_index.chroma import ChromaError, ChromaUnreachable
from retrieval.vector_index.local import MAX_UPDATE_SHARE, LocalBackend, is_fresh_enough, unpublished_max
from retrieval.vector_index.matrix import VectorMatrix, cosines
from retrieval.vector_index.recent_changes import RecentChanges
from retrieval.vector_index.snapshots import Snapshot

EXACT_FILTER_MAX = 1_000
"""A filter that leaves at most this many passages is searched exactly, which misses nothing. Measured on 5,701 passages
(median, busy machine): 984 left, 16 ms against Chroma's 40; 2,049 left, 51 ms against 26."""

SMALL_LIBRARY_MAX = 50_000
"""A library of at most this many passages is searched in SQLite, in a few tenths of a second, where there is nothing
else; a larger one takes seconds, which is said."""

COLD_SEARCHES_MAX = 20
"""Searches of a process after which it loads Chroma, unless it did so before: loading takes a second and, for a million
passages, ten, which a process that answers one question need not spend."""

NOTIFY_PASSAGES_MIN = 2_000
"""Passages from which a build takes long enough (about a second) to notify the user."""

NOTIFY_SECONDS = 5.0
"""Seconds between the lines that tell how far a build is."""

RETRY_SECONDS = 60.0
"""Seconds after which a process that stays tries again to update a snapshot, when that failed."""

MAX_FILTERED_ARTICLES = 5_000
"""Articles that Chroma is told to search: with 8,000 of them a search takes .2 s, and from 32,767 it fails, as its
database has no place for so many values. Of more, the nearest are taken from the nearest of all articles."""
MAX_UNFILTERED = 10_000
"""Passages of all articles among which they are looked for; where too few are, every vector is compared."""

_CLOSE_SECONDS = 20.0  # as long as a large index takes to load; writing to a server may take longer

_log = logging.getLogger(__name__)


class _TooFew(Exception):
    """Too few of the nearest passages are of the articles searched."""


class VectorBackend(Protocol):
    """Where Chroma runs. Its methods raise Chroma's errors as ``ChromaError``."""

    def published(self, library: Library) -> Snapshot | None:
        """Return the published snapshot that was built from this library; None when there is none."""
        ...

    def check(self, snapshot: Snapshot) -> None:
        """Check that it can be read, without loading it."""
        ...

    def is_loaded(self, snapshot: Snapshot) -> bool:
        """Return whether ``nearest`` answers at once."""
        ...

    def load(self, snapshot: Snapshot) -> None:
        """Load it, so that ``nearest`` answers at once."""
        ...

    def exact(self, library: Library) -> tuple[Snapshot, VectorMatrix] | None:
        """Return the matrix of the newest snapshot that has one, be it published or not, if there is any."""
        ...

    def nearest(
        self, snapshot: Snapshot, vector: NDArray[np.float32], count: int, articles: Collection[str] | None
    ) -> dict[str, float]:
        """Return the nearest passages with their cosines."""
        ...

    def discard(self, library: Library) -> None:
        """Stop using the published snapshot."""
        ...

    def build(self, library: Library, on_progress: Callable[[int, int], None]) -> None:
        """Publish a snapshot of the whole library. The caller holds the lock."""
        ...

    def update(self, library: Library, current: Snapshot, on_progress: Callable[[int, int], None]) -> bool:
        """Publish the changes since ``current``; return False when that failed. The caller holds the lock."""
        ...

    def may_write(self, library: Library) -> bool:
        """Return whether this machine may build and update it."""
        ...

    def updater(self, library: Library) -> list[str] | None:
        """Return the command of a child process that brings it up to date; None when this process may do it itself."""
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
    """

    def __init__(self, library: Library, backend: VectorBackend, notify: Callable[[str], None] | None = None) -> None:
        self._library = library
        self._backend = backend
        self._notify = notify or (lambda line: _log.info("%s", line))
        self._guard = threading.RLock()
        self._syncing = threading.Lock()
        self._recent: tuple[tuple[str, int], RecentChanges] | None = None
        self._is_failing = self._is_missing = self._is_closed = False
        self._cold_searches: float = 0.0
        self._unloadable: Snapshot | None = None
        self._loader: threading.Thread | None = None
        self._keeper: threading.Thread | None = None
        self._keeps_current = False
        self._retry_at = 0.0
        self._child: subprocess.Popen[bytes] | None = None

    @classmethod
    def open(cls, library: Library, folder: Path, notify: Callable[[str], None] | None = None) -> Self:
        """Return the local index of ``library`` in ``folder``."""
        return cls(library, LocalBackend(folder, notify), notify)

    def warm(self) -> None:
        """Load Chroma now, and from now on whatever is published; a problem with it is left to searches."""
        self._cold_searches = float("inf")
        with contextlib.suppress(StoreError, ChromaError):
            if found := self.snapshot:
                self._load(found)

    def keep_current(self) -> None:
        """Bring the snapshots up to date in the background, from now on: for processes that stay.

        A local index is updated by a child process, which ends when this one does.
        """
        self._keeps_current = self._backend.may_write(self._library)
        if self._keeps_current:
            with contextlib.suppress(StoreError, ChromaError):
                self._look_after()

    def close(self) -> None:
        """Close Chroma; end what runs in the background. An unfinished build is continued by the next one."""
        with self._guard:
            self._is_closed = True
            if self._child:
                self._child.kill()
        for thread in (self._keeper, self._loader):
            if thread:
                thread.join(_CLOSE_SECONDS)
        self._backend.close()

    @property
    def snapshot(self) -> Snapshot | None:
        """The published snapshot; None when there is no usable one.

        Raises:
            ChromaError: A server does not answer.
        """
        return self._backend.published(self._library)

    def problem(self) -> str:
        """Return why the published snapshot does not match the library; empty when it does."""
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
            StoreError: The library cannot be read. Chroma's errors are worked around, and not raised.
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
            ids, vectors = self._library.vectors_of(article_ids)
            return _best(zip(ids, cosines(vectors, vector).tolist(), strict=True), limit) if ids else []
        allowed = None if article_ids is None else set(article_ids)
        found = self._search_chroma(vector, limit, allowed)
        if found is None:
            self._cold_searches += 1
            found = self._search_matrix(vector, limit, allowed)
        if found is None:
            found = self._search_library(vector, limit, allowed)
        if self._keeps_current:
            with contextlib.suppress(ChromaError):
                self._look_after()
        return found

    def sync(self, on_progress: Callable[[int, int], None] | None = None, waiting: LockWait | None = None) -> bool:
        """Bring the published snapshot to the library's revision; return whether there was anything to do.

        Searches go on meanwhile. A build that was cut off is continued. A replica leaves a server to the machine that
        writes to its library.

        Args:
            on_progress: Receives the number of passages done and their total: of an update, the new ones.
            waiting: How long to wait for another process that is building; not at all when None.

        Raises:
            StoreLocked: Another process is building, also after waiting.
            StoreError: The disk is full, the folder cannot be written, or a server does not answer.
        """
        if not self._backend.may_write(self._library):
            return False
        with self._syncing, exclusive(self._library.folder, "vectors", "building the vector index", waiting):
            try:
                return self._sync(on_progress)
            except ChromaUnreachable as error:
                raise StoreError(f"{error}: the articles are kept; ingest or ask again when it does") from error
            except ChromaError as error:
                raise StoreError(f"the vector index cannot be built: {error}") from error
            except OSError as error:
                raise StoreError(f"the vector index cannot be written ({error.strerror}): check its folder") from error

    def _sync(self, on_progress: Callable[[int, int], None] | None) -> bool:
        wanted, done = self._library.revision, False
        for _ in range(2):  # a build that is continued is of an earlier revision
            current = self.snapshot
            readable = current is not None and self._is_readable(current)
            if self._library.fingerprint is None or (current and readable and current.revision >= wanted):
                break
            tell = on_progress or self._progress_lines()
            if not (current and readable and self._apply_changes(current, tell)):
                total = self._library.counts().passages
                if total >= NOTIFY_PASSAGES_MIN:
                    self._notify(f"building the vector index of {total:,} passages")
                self._backend.build(self._library, tell)
            done = True
        return done

    def _progress_lines(self) -> Callable[[int, int], None]:
        """Return what notifies the user of a build's progress every few seconds."""
        last, time_left = time.monotonic(), TimeLeft()

        def show(done: int, total: int) -> None:
            nonlocal last
            now, left = time.monotonic(), time_left(done, total)
            if left is not None and now - last >= NOTIFY_SECONDS and done < total:
                last = now
                said = f"{left / 60:,.0f} min" if left >= 90 else f"{left:.0f} s"
                self._notify(f"vector index: {done:,} of {total:,} passages, about {said} left")

        return show

    # Searching

    def _search_chroma(
        self, vector: NDArray[np.float32], limit: int, allowed: set[str] | None
    ) -> list[tuple[str, float]] | None:
        """Return what Chroma and the recent changes have, or None where Chroma cannot answer now."""
        for attempt in range(2):  # the snapshot may be replaced or found damaged while it is read
            try:
                snapshot = self.snapshot
                if snapshot is None or not self._is_ready(snapshot):
                    return None

                near = partial(self._nearest, snapshot, vector, allowed=allowed)
                found = self._with_recent(snapshot, near, vector, limit, allowed)
            except _TooFew:
                return None
            except ChromaError as error:
                if attempt or isinstance(error, ChromaUnreachable):
                    self._report_failure(error)
                    return None
                self._discard(error)
            else:
                self._is_failing = False
                return found
        return None

    def _nearest(
        self, snapshot: Snapshot, vector: NDArray[np.float32], count: int, *, allowed: set[str] | None
    ) -> dict[str, float]:
        """Return the nearest passages of a loaded snapshot with their cosines.

        Raises:
            ChromaError: It cannot be read.
            _TooFew: They are too far among those of other articles.
        """
        if allowed is None or len(allowed) <= MAX_FILTERED_ARTICLES:
            return self._backend.nearest(snapshot, vector, count, allowed)
        wanted = count
        while True:
            wanted = min(2 * wanted, snapshot.passages)
            nearest = self._backend.nearest(snapshot, vector, wanted, None)
            found = [each for each in nearest.items() if each[0].partition(":")[0] in allowed]
            if len(found) >= count or wanted == snapshot.passages:
                return dict(found[:count])
            if wanted >= MAX_UNFILTERED:
                raise _TooFew

    def _search_matrix(
        self, vector: NDArray[np.float32], limit: int, allowed: set[str] | None
    ) -> list[tuple[str, float]] | None:
        """Compare with every vector of a snapshot's matrix, and the recent changes; None where there is no matrix."""
        exact = self._backend.exact(self._library)
        if exact is None:
            return None
        snapshot, matrix = exact
        return self._with_recent(snapshot, lambda count: matrix.nearest(vector, count, allowed), vector, limit, allowed)

    def _search_library(
        self, vector: NDArray[np.float32], limit: int, allowed: set[str] | None
    ) -> list[tuple[str, float]]:
        """Compare with every vector of the library: exact, slow for large libraries."""
        passages = self._library.counts().passages
        if passages > SMALL_LIBRARY_MAX and not self._is_missing:
            self._is_missing = True
            remedy = "it is being built" if self._keeps_current else "`onrecord ingest` with any path builds it"
            self._notify(f"no vector index yet, so each search reads all {passages:,} passages: {remedy}")

        def every() -> Iterator[tuple[str, float]]:
            for ids, vectors in self._library.iter_vectors(5_000):
                for identifier, score in zip(ids, cosines(vectors, vector).tolist(), strict=True):
                    if allowed is None or identifier.partition(":")[0] in allowed:
                        yield identifier, score

        return _best(every(), limit)

    def _with_recent(
        self,
        snapshot: Snapshot,
        near: Callable[[int], dict[str, float]],
        vector: NDArray[np.float32],
        limit: int,
        allowed: set[str] | None,
    ) -> list[tuple[str, float]]:
        """Return the nearest of a snapshot and of what was added since, without what was removed."""
        recent = self._recent_since(snapshot)
        wanted = limit + min(limit, len(recent.removed)) if recent.is_complete else 2 * limit
        while True:
            wanted = min(wanted, snapshot.passages)
            found = near(wanted) if wanted else {}
            kept = {identifier: score for identifier, score in found.items() if identifier not in recent.removed}
            if not recent.is_complete:
                known = {passage.id for passage in self._library.passages(list(kept))}
                kept = {identifier: score for identifier, score in kept.items() if identifier in known}
            if len(kept) >= limit or len(found) < wanted or wanted == snapshot.passages:
                return _best((kept | recent.nearest(vector, limit, allowed)).items(), limit)
            wanted *= 4

    def _recent_since(self, snapshot: Snapshot) -> RecentChanges:
        """Return the library's changes since the snapshot; only what is newer than the last time is read."""
        with self._guard:
            key = (snapshot.name, snapshot.revision)
            recent, revision = RecentChanges(snapshot.revision), self._library.revision
            if self._recent and self._recent[0] == key and self._recent[1].revision <= revision:
                recent = self._recent[1]  # else another snapshot's, or of a library that has gone back to a backup
            if recent.revision != revision:
                recent = recent.extended(*self._library.changes_with_vectors(recent.revision))
            self._recent = (key, recent)
            return recent

    # Loading

    def _is_ready(self, snapshot: Snapshot) -> bool:
        """Return whether Chroma answers at once; where it is worth it, load it, meanwhile or at once.

        Raises:
            ChromaError: It cannot be loaded.
        """
        if self._backend.is_loaded(snapshot):
            return True
        if self._backend.exact(self._library) is None and self._library.counts().passages > SMALL_LIBRARY_MAX:
            self._backend.load(snapshot)  # a snapshot of an earlier version, which has no matrix
            return True
        with self._guard:
            is_loading = self._loader is not None and self._loader.is_alive()
            if self._cold_searches >= COLD_SEARCHES_MAX and not is_loading and snapshot != self._unloadable:
                self._loader = self._started(lambda: self._load(snapshot))
        return False

    def _load(self, snapshot: Snapshot) -> None:
        try:
            self._backend.load(snapshot)
        except ChromaUnreachable:
            return
        except ChromaError as error:
            if self._backend.published(self._library) == snapshot:  # else another has taken its place meanwhile
                self._unloadable = snapshot
                self._discard(error)

    def _discard(self, error: ChromaError) -> None:
        """Have a snapshot that cannot be read unpublished, unless the next one is on its way."""
        if self._syncing.acquire(blocking=False):
            try:
                _log.info("the vector index is discarded: %s", error)
                self._backend.discard(self._library)
            finally:
                self._syncing.release()

    # Keeping up

    def _look_after(self) -> None:
        """Start an update where one is due."""
        with self._guard:
            is_busy = self._keeper is not None and self._keeper.is_alive()
            if is_busy or self._is_closed or time.monotonic() < self._retry_at or self._library.fingerprint is None:
                return
            current = self.snapshot
            if current:
                recent = self._recent_since(current)
                if recent.is_complete and recent.count <= unpublished_max(current.passages):
                    return
            self._keeper = self._started(self._update)

    def _update(self) -> None:
        try:
            command = self._backend.updater(self._library)
            if command is None:
                self.sync()
            else:
                self._run(command)
            self._is_missing = False
        except (OnrecordError, OSError) as error:
            _log.info("the vector index was not updated: %s", error)
            self._retry_at = time.monotonic() + RETRY_SECONDS

    def _run(self, command: list[str]) -> None:
        with self._guard:
            if self._is_closed:
                return
            self._child = subprocess.Popen(  # noqa: S603 (ours)
                command,
                stdin=subprocess.PIPE,  # its end tells the child that this process is gone
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                env=interpreter.environment(),
                start_new_session=True,  # Ctrl-C is for this process alone
            )
        with self._child as child:
            assert child.stderr  # noqa: S101 (a pipe)
            said = child.stderr.read().decode("utf-8", "replace").strip()
        if child.returncode and not self._is_closed:
            raise StoreError(said.rpartition("\n")[2] or f"its process ended with {child.returncode}")

    @staticmethod
    def _started(work: Callable[[], None]) -> threading.Thread:
        thread = threading.Thread(target=work, daemon=True, name="vector index")
        thread.start()
        return thread

    def _is_readable(self, snapshot: Snapshot) -> bool:
        try:
            self._backend.check(snapshot)
        except ChromaUnreachable:
            raise
        except ChromaError:
            return False
        return True

    def _apply_changes(self, current: Snapshot, on_progress: Callable[[int, int], None]) -> bool:
        """Publish the changes since ``current``; return False when a rebuild is better."""
        added, removed, complete = self._library.count_changes(current.revision)
        if not complete or added + removed > int(current.passages * MAX_UPDATE_SHARE):
            return False
        return self._backend.update(self._library, current, on_progress)

    def _report_failure(self, error: ChromaError) -> None:
        if not self._is_failing:
            self._notify(f"{error}: searching the library instead, more slowly")
        self._is_failing = True


def _best(scored: Iterable[tuple[str, float]], limit: int) -> list[tuple[str, float]]:
    """Return the ``limit`` best of (id, score), best first, equal ones by id."""
    return heapq.nsmallest(limit, scored, key=lambda pair: (-pair[1], pair[0]))
