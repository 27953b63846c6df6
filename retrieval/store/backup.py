"""Backups of the library: taken while it is in use, checked before they replace another, restored in one step."""

from __future__ import annotations

import contextlib
import glob
import os
import re
import sqlite3
import uuid
from collections.abc import Iterator
from pathlib import Path

from retrieval.errors import InputError, StoreCorrupt, StoreError, StoreMissing
from retrieval.store import rows, schema, sqlite
from retrieval.store.corpus_statistics import Counts
from retrieval.store.library import Library, refuse_replica
from retrieval.store.lock import exclusive
from retrieval.store.row_copy import UnsoundBackup, copy_rows
from retrieval.store.sqlite import DatabaseLabels

LAST_BACKUP = "backup.sqlite"
"""In the store: the last backup without a path of its own."""
BEFORE_RESTORE = "before-restore.sqlite"
"""In the store: the library that the last restore replaced."""
REVISION_STEP = 1_000_000
"""Added to the revision by a restore: more than are committed after a backup, which replicas may have seen."""
MAX_ANCESTORS = 100
"""Identities that a library keeps of those that it was restored from."""
DAMAGED_LIBRARY = "library.damaged"
"""In the store: a replaced library that was not a readable database any more."""


def backup(folder: Path, target: Path) -> int:
    """Copy a store's library to ``target``, atomically replacing a file there; return its size in bytes.

    Readers and a writer may be active: the copy is of one revision.

    Raises:
        StoreMissing: There is no library.
        StoreCorrupt: The library is damaged; nothing is replaced.
        StoreError: ``target`` cannot be written.
    """
    with schema.errors_translated(), partial_file(target) as partial:
        checked_copy(folder, partial).close()
        synced(partial)
        partial.replace(target)
        return target.stat().st_size


def checked_copy(folder: Path, target: Path) -> sqlite3.Connection:
    """Copy a store's library to ``target``, as of one revision, and return a connection to the copy.

    It is a single file with a rollback journal once the connection is closed.

    Raises:
        StoreMissing: There is no library.
        StoreCorrupt: The library is damaged.
        sqlite3.Error: ``target`` cannot be written.
    """
    with contextlib.closing(schema.connect(folder)) as library:
        copy = _copied(library, target)
    try:
        _refuse_damaged(copy)
    except BaseException:
        copy.close()
        raise
    return copy


def restore(folder: Path, source: Path) -> Counts:
    """Replace a store's library by the articles of a backup, in one step, and return its size.

    The backup may come from anybody: only rows that are checked one by one get over, and indexes are built again.

    An intact library is kept as ``BEFORE_RESTORE``, an unreadable file as ``DAMAGED_LIBRARY``. The library gets a new
    identity, so that indexes derived from the replaced one are not used for it, and a revision that neither it nor the
    replaced one had, also not on a replica (``REVISION_STEP``). Replicas of the backed-up library may follow it.

    Raises:
        InputError: ``source`` is not a backup, is damaged, or is of a newer version.
        LibraryIsReplica: The store's library is a replica.
        StoreLocked: Another process is writing to the store.
        StoreError: The store cannot be written.
    """
    with schema.errors_translated():
        folder.mkdir(parents=True, exist_ok=True)
        with (
            exclusive(folder, "writer", "writing to this store"),
            without_leftovers(folder / schema.LIBRARY_FILE, folder / BEFORE_RESTORE),
            partial_file(folder / schema.LIBRARY_FILE) as partial,
            contextlib.closing(_opened(source)) as given,
            contextlib.closing(_rebuilt(given, partial, source.name)) as copy,
        ):
            _begin_lineage(given, copy, _revision(folder))
            _replace(folder, copy, partial)
    with Library.open(folder) as library:
        return library.counts()


def _revision(folder: Path) -> int:
    """Return the revision of the store's library; 0 when there is none, or none that can be read.

    Raises:
        LibraryIsReplica: It is a replica.
    """
    try:
        with contextlib.closing(schema.connect(folder)) as library:
            refuse_replica(rows.meta(library, schema.WRITER_HOST))
            return int(rows.meta(library, "revision"))
    except (StoreMissing, StoreCorrupt):
        return 0


def _begin_lineage(source: sqlite3.Connection, copy: sqlite3.Connection, replaced: int) -> None:
    """Give a copy of a library an identity of its own, with that of the original among its ancestors."""
    ancestors = f"{rows.meta(source, schema.LINEAGE)} {rows.meta(source, 'library')}".split()
    known = [each for each in ancestors if re.fullmatch("[0-9a-f]{32}", each)][-MAX_ANCESTORS:]
    rows.set_meta(copy, schema.LINEAGE, " ".join(known))
    rows.set_meta(copy, "library", uuid.uuid4().hex)
    revision = max(int(rows.meta(copy, "revision")), replaced) + REVISION_STEP
    for key in ("revision", "changes_since"):
        rows.set_meta(copy, key, str(revision))


def _replace(folder: Path, copy: sqlite3.Connection, partial: Path) -> None:
    live = folder / schema.LIBRARY_FILE
    try:
        with contextlib.suppress(StoreMissing, StoreCorrupt):
            backup(folder, folder / BEFORE_RESTORE)
        with contextlib.closing(schema.connect(folder, create=True, write=True)) as library:
            copy.backup(library)  # one transaction: readers see the library before it or after it
    except StoreCorrupt:  # its header is unreadable: nobody else can be reading it either
        copy.close()
        synced(partial)
        for suffix in ("-wal", "-shm"):  # they belong to the damaged file, and would be applied to the new one
            with contextlib.suppress(FileNotFoundError):
                live.with_name(live.name + suffix).replace(folder / (DAMAGED_LIBRARY + suffix))
        live.replace(folder / DAMAGED_LIBRARY)
        partial.replace(live)


def _opened(source: Path) -> sqlite3.Connection:
    if not source.is_file():
        raise InputError(f"there is no backup {source.name!r}: `onrecord backup` makes one")
    labels = DatabaseLabels(f"{source.name!r}", f"{source.name!r} cannot be read", "restore another backup")
    try:
        with sqlite.errors_translated(labels):
            connection = sqlite.connect(source, write=False)
            try:
                schema.refuse_foreign(connection)
            except BaseException:
                connection.close()
                raise
    except StoreError as error:
        raise InputError(str(error)) from error
    return connection


def _rebuilt(source: sqlite3.Connection, target: Path, name: str) -> sqlite3.Connection:
    """Return a connection to a library with the checked rows of a file (``row_copy``)."""
    try:
        return copy_rows(source, target)
    except (UnsoundBackup, sqlite3.DatabaseError) as error:
        if isinstance(error, sqlite3.OperationalError) and not re.search("no such|not decode", str(error)):
            raise  # no space, or no permission: not the file's fault
        raise InputError(f"{name!r} is not a sound backup or is damaged ({error}): restore another one") from None


def _copied(source: sqlite3.Connection, target: Path) -> sqlite3.Connection:
    """Return a connection to a copy of a database in ``target``, a single file once it is closed."""
    copy = sqlite.connect(target, create=True)
    try:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
    except BaseException:
        copy.close()
        raise
    return copy


def _refuse_damaged(copy: sqlite3.Connection) -> None:
    found = [row[0] for row in copy.execute("PRAGMA quick_check(3)") if row[0] != "ok"]
    if found:
        raise StoreCorrupt(f"the library is damaged ({found[0]}): restore a sound backup, or ingest the articles again")


@contextlib.contextmanager
def partial_file(target: Path) -> Iterator[Path]:
    """Lend a path beside ``target`` to write to; what is left there afterwards is deleted."""
    partial = target.with_name(f"{target.name}.{uuid.uuid4().hex[:8]}.new")
    try:
        yield partial
    finally:
        for file in sqlite.files_of(partial):
            file.unlink(missing_ok=True)


@contextlib.contextmanager
def without_leftovers(*targets: Path) -> Iterator[None]:
    """Delete what killed processes left of ``partial_file``; the caller holds a lock against those that run."""
    for target in targets:
        for file in target.parent.glob(f"{glob.escape(target.name)}.{'[0-9a-f]' * 8}.new*"):
            file.unlink(missing_ok=True)
    yield


def synced(file: Path) -> None:
    """Write a file's content to the disk before it is renamed."""
    handle = os.open(file, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
