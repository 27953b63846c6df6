"""Local backend: Chroma in this process, over immutable snapshots in a folder.

Local Chroma loses rows when two processes write and can be damaged for good by a kill in the middle of a write, so
changes are made in a copy, which is then published in place of the original (``retrieval.vector_index.snapshots``).
A build first writes the vector matrix, from which everything can be searched exactly at once, and then gives it to
Chroma row by row: after a kill, the next build continues with the first row that Chroma has not. An update copies the
published snapshot, extends its matrix, and goes on as a build that was cut off there.
"""

from __future__ import annotations

import contextlib
import json
import logging
import threading
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from retrieval import interpreter
from retrieval.embedding.model_files import Fingerprint
from retrieval.errors import OnrecordError
from retrieval.store import rows
from retrieval.store.library import Library
from retrieval.store.lock import exclusive
from retrieval.vector_index import build_steps, builder, chroma, matrix, snapshots
from retrieval.vector_index.chroma import ChromaError, ChromaStalled
from retrieval.vector_index.matrix import MatrixError, VectorMatrix
from retrieval.vector_index.snapshots import Snapshot

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection as ChromaCollection

MAX_UPDATE_SHARE = 0.25
"""Share of a snapshot's passages whose changes are applied to a copy of it; when more changed, it is rebuilt."""

CHILD_BUILD_MIN = 20_000
"""Passages from which an index is built in a child process: it takes longer than a few seconds."""

_READ_ROWS = 5_000  # of the library at a time
_MATRIX_PART = 100
"""Writing the matrix, or copying a snapshot, is about one part in so many of a build: 12 of 1,003 s of CPU time for a
million passages."""

_log = logging.getLogger(__name__)

OnProgress: TypeAlias = Callable[[int, int], None]
"""Receives the number of passages done and their total."""


class LocalBackend:
    """A folder of snapshots. Safe to share between threads.

    Args:
        folder: Its content may be deleted at any time.
        notify: Receives a line for the user when a build is begun anew.
    """

    def __init__(self, folder: Path, notify: Callable[[str], None] | None = None) -> None:
        self._folder = folder
        self._notify = notify or (lambda line: _log.info("%s", line))
        self._guard = threading.RLock()
        self._loading = threading.Lock()
        self._open: tuple[Snapshot, Client, ChromaCollection] | None = None
        self._failed: Snapshot | None = None
        self._matrix: tuple[Snapshot, VectorMatrix | None] | None = None

    def close(self) -> None:
        """Close Chroma's files."""
        with self._guard:
            opened, self._open, self._matrix = self._open, None, None
            if opened:
                with contextlib.suppress(Exception):  # a client that only read loses nothing
                    opened[1].close()

    def published(self, library: Library) -> Snapshot | None:
        """Return the snapshot that readers use; None when there is none, or it is another library's."""
        found = snapshots.read_pointer(self._folder)
        return found if found and snapshots.belongs(found, library) else None

    def check(self, snapshot: Snapshot) -> None:
        """Check that a published snapshot can be read, without loading it.

        Raises:
            ChromaError: It cannot.
        """
        with self._loading:
            if not self.is_loaded(snapshot):
                self._opened(snapshot)[0].close()

    def is_loaded(self, snapshot: Snapshot) -> bool:
        """Return whether ``nearest`` answers at once."""
        return self._open is not None and self._open[0] == snapshot

    def load(self, snapshot: Snapshot) -> None:
        """Load a published snapshot in place of the one that is loaded: memory has to do for one.

        Raises:
            ChromaError: It cannot be read.
        """
        with self._loading:
            if self.is_loaded(snapshot):
                return
            with self._guard:
                opened, self._open = self._open, None
                if opened:
                    with contextlib.suppress(Exception):
                        opened[1].close()
            try:
                self._refuse_changed(snapshot)
                client, collection = self._opened(snapshot)
                with chroma.errors_translated():
                    build_steps.refuse_count(collection, snapshot.passages)
                    chroma.preload(collection)
            except ChromaError:
                self._failed = snapshot
                raise
            with self._guard:
                self._open = (snapshot, client, collection)

    def nearest(
        self, snapshot: Snapshot, vector: NDArray[np.float32], count: int, articles: Collection[str] | None
    ) -> dict[str, float]:
        """Return the nearest passages of a loaded snapshot with their cosines.

        Raises:
            ChromaError: It cannot be read.
        """
        with self._guard:
            if self._open is None or self._open[0] != snapshot:
                raise ChromaError("another snapshot is loaded")
            try:
                with chroma.errors_translated():
                    return chroma.nearest(self._open[2], vector, count, articles)
            except ChromaError:
                self._failed = snapshot
                raise

    def exact(self, library: Library) -> tuple[Snapshot, VectorMatrix] | None:
        """Return the matrix of the published snapshot, else of the one that is being built, else None."""
        for found in (snapshots.read_pointer(self._folder), snapshots.read_unfinished(self._folder)):
            if found and snapshots.belongs(found, library) and (opened := self._matrix_of(found)):
                return found, opened
        return None

    def _matrix_of(self, snapshot: Snapshot) -> VectorMatrix | None:
        with self._guard:
            if self._matrix is None or self._matrix[0] != snapshot:
                try:
                    found = VectorMatrix.open(self._folder / snapshot.name / snapshots.MATRIX)
                except MatrixError:
                    found = None
                self._matrix = (snapshot, found)
            return self._matrix[1]

    def discard(self, library: Library) -> None:
        """Stop using the snapshot that failed; unpublish it unless another has been published since.

        A snapshot also fails when another process has published the next one and deleted it.
        """
        with self._guard:
            if self._open and self._open[0] == self._failed:
                self.close()
            with contextlib.suppress(OnrecordError, OSError), exclusive(library.folder, "vectors", "building"):
                if snapshots.read_pointer(self._folder) == self._failed:
                    (self._folder / snapshots.POINTER).unlink(missing_ok=True)

    def build(self, library: Library, on_progress: OnProgress) -> None:
        """Publish a snapshot of the whole library, continuing an unfinished one. The caller holds the lock.

        What is published may be of an earlier revision, when most of it was built by a process that was killed.

        Raises:
            ChromaError: Chroma failed.
            OSError: The disk did.
        """
        try:
            unfinished = snapshots.read_unfinished(self._folder)
            if unfinished is None or not self._continue(library, unfinished, on_progress):
                if unfinished:
                    snapshots.remove_journal(self._folder, unfinished.name)
                snapshots.remove_others(self._folder)
                self._fill(self._begin(library, on_progress), on_progress, continued=False)
        except (ChromaError, OSError):
            self._abandon()
            raise
        finally:
            snapshots.remove_others(self._folder)

    def _abandon(self) -> None:
        """Have an unfinished build deleted: it failed by itself, or needs its space."""
        with contextlib.suppress(OSError):
            if unfinished := snapshots.read_unfinished(self._folder):
                snapshots.remove_journal(self._folder, unfinished.name)

    def _begin(self, library: Library, on_progress: OnProgress) -> Snapshot:
        """Write the matrix of the library's present revision and the journal of the build."""
        place = snapshots.create_directory(self._folder)
        tell = _in_passages(on_progress, library.counts().passages)
        revision, fingerprint = _write_matrix(library, place, lambda written: tell(written // _MATRIX_PART))
        passages = VectorMatrix.open(place / snapshots.MATRIX).passages
        begun = Snapshot(place.name, library.identity, revision, fingerprint, passages, "")
        with chroma.errors_translated():
            client = chroma.open_local(place)
            try:
                chroma.create(client, build_steps.COLLECTION, sync_threshold=chroma.rows_per_write(passages))
            finally:
                client.close()
        snapshots.write_journal(self._folder, begun)
        return begun

    def _continue(self, library: Library, unfinished: Snapshot, on_progress: OnProgress) -> bool:
        """Finish and publish a build that was cut off, or from its checkpoint; return False when both are no use."""
        if not snapshots.belongs(unfinished, library):
            return False
        added, removed, complete = library.count_changes(unfinished.revision)
        if not complete or added + removed > max(1, unfinished.passages) * MAX_UPDATE_SHARE:
            return False
        if snapshots.may_resume(self._folder, unfinished.name) and self._is_filled(unfinished, on_progress):
            return True
        if not snapshots.restore_checkpoint(self._folder, unfinished.name):
            return False
        return self._is_filled(unfinished, on_progress)

    def _is_filled(self, unfinished: Snapshot, on_progress: OnProgress) -> bool:
        """Finish and publish a build; return False when Chroma fails on what it has."""
        try:
            self._fill(unfinished, on_progress, continued=True)
        except (ChromaError, MatrixError) as error:
            if isinstance(error, ChromaStalled):
                self._notify(f"what was built of the vector index is given up: {error}")
            return False
        return True

    def _fill(self, begun: Snapshot, on_progress: OnProgress, *, continued: bool) -> None:
        """Give Chroma the rows of the matrix that it has not; publish.

        A child process does what takes long, or reads files that a kill may have damaged.
        """
        place = self._folder / begun.name
        vectors = VectorMatrix.open(place / snapshots.MATRIX)
        tell = _in_passages(on_progress, begun.passages, vectors.inherited)

        def on_step(done: int, _: int = 0) -> None:
            tell(begun.passages // _MATRIX_PART + done)

        if continued or begun.passages >= CHILD_BUILD_MIN:
            builder.fill_in_child(self._folder, begun, on_step, continued=continued)
        else:
            build_steps.fill(place, begun.passages, on_step, continued=continued)
        on_progress(*[begun.passages - vectors.inherited] * 2)
        self._publish(begun)

    def update(self, library: Library, current: Snapshot, on_progress: OnProgress) -> bool:
        """Publish the next snapshot, a changed copy of ``current``; return False when that failed.

        The caller holds the lock. An update that was cut off is continued.
        """
        try:
            unfinished = snapshots.read_unfinished(self._folder)
            is_stuck = False
            if unfinished and unfinished.revision > current.revision:
                if self._continue(library, unfinished, on_progress):
                    return True
                is_stuck = not snapshots.may_resume(self._folder, unfinished.name)
            self._abandon()
            begun = None if is_stuck else self._copied(library, current)
            if begun:
                self._fill(begun, on_progress, continued=False)
        except (ChromaError, MatrixError):
            self._abandon()
            return False
        except OSError:
            self._abandon()
            raise
        else:
            return begun is not None
        finally:
            snapshots.remove_others(self._folder)

    def _copied(self, library: Library, current: Snapshot) -> Snapshot | None:
        """Copy a snapshot, and write what has changed since into its matrix and the journal; None when it cannot be."""
        before = self._matrix_of(current)
        if before is None or before.is_fragmented:
            return None
        self._refuse_changed(current)
        changes, vectors = library.changes_with_vectors(current.revision)
        source, place = self._folder / current.name, snapshots.create_directory(self._folder)
        with chroma.errors_translated():
            snapshots.copy(source, place)
        (place / snapshots.REMOVED).write_text(json.dumps(list(changes.removed)), "utf-8")
        matrices = (source / snapshots.MATRIX, place / snapshots.MATRIX)
        before.extend(*matrices, changes.removed, changes.added, vectors)
        if VectorMatrix.open(place / snapshots.MATRIX).passages != changes.passages:
            return None
        begun = replace(
            current,
            name=place.name,
            revision=changes.revision,
            passages=changes.passages,
            checksum="",
            digest="",
        )
        snapshots.write_journal(self._folder, begun)
        return begun

    def may_write(self, library: Library) -> bool:  # noqa: ARG002 (a folder is this machine's own)
        """Return True."""
        return True

    def updater(self, library: Library) -> list[str]:
        """Return the command of a process that brings the snapshots up to date.

        Chroma keeps the interpreter's lock while it writes, for seconds, and its memory.
        """
        return interpreter.command("retrieval.vector_index.updater", str(library.folder), str(self._folder))

    def _opened(self, snapshot: Snapshot) -> tuple[Client, ChromaCollection]:
        """Open a published snapshot.

        Raises:
            ChromaError: It cannot be read.
        """
        place = self._folder / snapshot.name
        with chroma.errors_translated():
            if not place.is_dir() or snapshots.checksum(place) != snapshot.checksum:
                raise ChromaError("its files are not as they were written")
            client = chroma.open_local(place)
            try:
                collection = client.get_collection(build_steps.COLLECTION, embedding_function=None)
            except BaseException:
                with contextlib.suppress(Exception):
                    client.close()
                raise
        return client, collection

    def _refuse_changed(self, snapshot: Snapshot) -> None:
        """Check that the files of a published snapshot are byte for byte as they were written.

        Raises:
            ChromaError: They are not.
        """
        with chroma.errors_translated():
            if snapshot.digest and snapshots.digest(self._folder / snapshot.name) != snapshot.digest:
                raise ChromaError("its files are not as they were written")

    def _publish(self, built: Snapshot) -> None:
        place = self._folder / built.name
        snapshots.remove_journal(self._folder, built.name)
        whole = replace(built, checksum=snapshots.checksum(place), digest=snapshots.digest(place))
        snapshots.publish(self._folder, whole)


def _in_passages(on_progress: OnProgress, passages: int, inherited: int = 0) -> Callable[[int], None]:
    """Return what tells of work that is done, in rows, as passages of those that are not inherited."""
    new = passages - inherited
    work = passages // _MATRIX_PART + build_steps.work_of(passages, inherited)
    return lambda done: on_progress(min(new * done // max(1, work), new), new)


def _write_matrix(library: Library, place: Path, on_rows: Callable[[int], None]) -> tuple[int, str]:
    """Write the matrix of the library's present revision; return that, and the digest of the vectors' model.

    ``on_rows`` is called with the number of rows written so far.
    """
    with library.reading() as connection:
        model = Fingerprint.from_json(rows.meta(connection, "fingerprint"))

        def batches() -> Iterator[tuple[list[str], NDArray[np.float32]]]:
            cursor = connection.execute(f"{rows.VECTORS} ORDER BY p.key")
            written = 0
            while found := cursor.fetchmany(_READ_ROWS):
                yield [row[0] for row in found], rows.stack([row[1] for row in found])
                written += len(found)
                on_rows(written)

        matrix.write(place / snapshots.MATRIX, model.dimension, batches())
        return int(rows.meta(connection, "revision")), model.digest


def unpublished_max(passages: int) -> int:
    """Return how many changed passages are searched exactly beside a snapshot before an update is due.

    An update copies the snapshot, loads it and has every reader load it again, seconds to a minute; comparing 20,000
    vectors of 384 dimensions takes some 3 ms.
    """
    return min(20_000, max(250, passages // 50))


def is_fresh_enough(library: Library, snapshot: Snapshot) -> bool:
    """Return whether a snapshot is so little behind the library that the rest is best searched beside it."""
    if snapshot.revision == library.revision:
        return True
    added, removed, complete = library.count_changes(snapshot.revision)
    return complete and added + removed <= unpublished_max(snapshot.passages)


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
