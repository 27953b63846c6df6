"""Replicas: libraries that this machine answers from and another one writes.

The writing machine publishes a copy as one file, with a record of it beside (``FILE.json``). A folder that both see,
rsync or object storage carries the two. The answering machine copies the file beside its library, compares it with the
record, brings it to this version's format, and renames it over the library. Connections to the replaced file keep
reading it until their transaction ends; ``Library`` opens the next ones on the new file. A copy has a rollback journal,
and nobody writes to a replica, so no write-ahead log can lie beside it that belongs to another file.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import platform
import sqlite3
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Self

from retrieval.errors import InputError, OnrecordError, StoreError
from retrieval.store import rows, schema, sqlite
from retrieval.store.backup import checked_copy, partial_file, synced, without_leftovers
from retrieval.store.library import Library
from retrieval.store.lock import LockWait, exclusive
from retrieval.store.row_copy import UnsoundBackup, refuse_foreign_schema
from retrieval.store.sqlite import DatabaseLabels

PUBLICATION_PAUSE_SECONDS = 5.0
"""Shortest time between two publications of a library that is being written to."""
PUBLICATION_SHARE = 0.25
"""Most of the time that publishing may take: a large library is published less often."""
PUBLICATION_WAIT_SECONDS = 600.0
"""How long a process waits for another one of the same store that is publishing."""
_MAX_RECORD_BYTES = 65_536  # one has three hundred
_CHUNK_BYTES = 8 * 1024 * 1024
_ATTEMPTS = 3  # of a copy that was replaced while it was read


@dataclass(frozen=True, slots=True)
class PublishedCopy:
    """The record of a published copy.

    Attributes:
        library: The library's identity.
        revision: Its revision.
        size: The file's size in bytes.
        sha256: Of the file.
        host: The machine that published it.
        published: When, ISO 8601 in UTC.
        mark: The library's mark of the revision (``Library.revision_mark``).
    """

    library: str
    revision: int
    size: int
    sha256: str
    host: str
    published: str
    mark: str = ""

    @classmethod
    def read(cls, file: Path) -> Self | None:
        """Return the record of the copy in ``file``; None when there is none.

        Raises:
            InputError: It is not a record, or cannot be read.
        """
        try:
            if not _record_path(file).exists():
                return None
            with _opened(_record_path(file)) as stream:
                content = stream.read(_MAX_RECORD_BYTES)
        except FileNotFoundError:
            return None
        except OSError as error:
            reason = error.strerror or "it is no file"
            raise InputError(f"the record beside {file.name!r} cannot be read ({reason})") from None
        try:
            fields = json.loads(content)
            names = [field.name for field in dataclasses.fields(cls)]
            found = cls(**{name: fields.get(name, "") for name in names})
            kinds = [isinstance(getattr(found, name), int if name in {"revision", "size"} else str) for name in names]
        except (ValueError, TypeError, AttributeError):
            kinds = [False]
        if not all(kinds):
            raise InputError(
                f"{_record_path(file).name!r} is not the record of a published copy: delete both, and ingest again"
            )
        return found


class CopyIncomplete(StoreError):
    """A published copy does not match its record: it is being carried or replaced, or was altered."""


def _record_path(file: Path) -> Path:
    return file.with_name(f"{file.name}.json")


def _opened(file: Path) -> BinaryIO:
    """Open a file of the shared place; a pipe there would be waited for.

    Raises:
        OSError: It is no file, or cannot be read.
    """
    if file.exists() and not file.is_file():
        raise OSError
    return file.open("rb")


# The writing machine


def publish(folder: Path, file: Path, verify: Callable[[], None] = lambda: None) -> PublishedCopy | None:
    """Publish a copy of a store's library, also while it is written to; None when there is nothing new.

    Args:
        folder: The store.
        file: The copy's file, in an existing folder.
        verify: Called before the copy takes its place; raises when it must not.

    Raises:
        StoreError: ``file`` is something else than a copy of this library, or cannot be written, or the library is
            damaged.
    """
    with Library.open(folder) as library:
        held = check_publication(library, file)
        published = (held.library, held.revision) if held and file.exists() else (library.identity, 0)
        if published == (library.identity, library.revision):
            return None
    with (
        schema.errors_translated(),
        exclusive(folder, "publish", "publishing this library", LockWait(PUBLICATION_WAIT_SECONDS, lambda _: None)),
        without_leftovers(file, _record_path(file)),
        partial_file(file) as partial,
    ):
        with contextlib.closing(checked_copy(folder, partial)) as copy:
            identity, revision = rows.meta(copy, "library"), int(rows.meta(copy, "revision"))
            mark = rows.revision_mark(copy, revision)
        synced(partial)
        with partial.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        now = datetime.now(UTC).isoformat(timespec="seconds")
        record = PublishedCopy(identity, revision, partial.stat().st_size, digest, platform.node(), now, mark)
        verify()
        partial.replace(file)
        with partial_file(_record_path(file)) as text:
            text.write_text(json.dumps(dataclasses.asdict(record), indent=1), "utf-8")
            synced(text)
            text.replace(_record_path(file))
    return record


def check_publication(library: Library, file: Path) -> PublishedCopy | None:
    """Return the record of the copy of a library that is published in ``file``; None when there is nothing yet.

    Raises:
        StoreError: There is something else.
    """
    try:
        held = PublishedCopy.read(file)
    except InputError as error:
        raise StoreError(str(error)) from None
    if held is None:
        if file.exists():
            raise StoreError(f"{file.name!r} exists and is not a published copy: set another PUBLISH_FILE")
        return None
    is_ours = held.library == library.identity and held.revision <= library.revision
    is_ours = is_ours and library.revision_mark(held.revision) in {"", held.mark}
    if not is_ours and held.library not in library.lineage:
        what = "what another copy of this library became" if held.library == library.identity else "another library"
        raise StoreError(f"{file.name!r} is a copy of {what}, published by {held.host}: set another PUBLISH_FILE")
    return held


class Publisher:
    """Publishes a library that is being written to, from a thread, for as long as a ``with`` block runs.

    Args:
        folder: The store.
        file: The copy's file.
        verify: Called before each copy takes its place; raises when it must not.
        notify: Receives a line when a copy could not be published; it is tried again.
    """

    def __init__(
        self, folder: Path, file: Path, verify: Callable[[], None], notify: Callable[[str], None] = lambda _: None
    ) -> None:
        self._folder, self._file, self._verify, self._notify = folder, file, verify, notify
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run, name="publisher", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _run(self) -> None:
        pause, told = PUBLICATION_PAUSE_SECONDS, ""
        while not self._done.wait(pause):
            begun = time.monotonic()
            try:
                publish(self._folder, self._file, self._verify)
            except OnrecordError as error:
                if str(error) != told:
                    told = str(error)
                    self._notify(f"not published: {error}")
            pause = max(PUBLICATION_PAUSE_SECONDS, (time.monotonic() - begun) * (1 / PUBLICATION_SHARE - 1))


# The answering machine


def follow(folder: Path, file: Path) -> PublishedCopy | None:
    """Make a store's library the published copy in ``file``; None when it is that already.

    The store is empty, or its library is a replica of the same library. Other processes may be reading it.

    Raises:
        InputError: There is no such copy, or it is not a sound library.
        CopyIncomplete: It does not match its record; it may in a moment.
        StoreLocked: Another process is taking a copy.
        StoreError: The store has a library of its own, or cannot be written.
    """
    for attempt in range(_ATTEMPTS):
        record = PublishedCopy.read(file)
        if record is None:
            raise InputError(f"there is no published copy {file.name!r}: set PUBLISH_FILE on the machine that ingests")
        try:
            return record if _taken(folder, file, record) else None
        except CopyIncomplete:
            if attempt == _ATTEMPTS - 1 or PublishedCopy.read(file) == record:
                raise
    raise AssertionError


def _taken(folder: Path, file: Path, record: PublishedCopy) -> bool:
    with schema.errors_translated():
        folder.mkdir(parents=True, exist_ok=True)
        live = folder / schema.LIBRARY_FILE
        with exclusive(folder, "writer", "taking a published copy"), without_leftovers(live):
            present = _present(folder)
            if present and record.library == present.identity:
                if record.revision == present.revision and present.current:
                    return False
                if record.revision < present.revision:
                    raise StoreError(
                        f"{file.name!r} has revision {record.revision}, this replica {present.revision} already: "
                        f"see what {record.host} publishes, or move the store's library away to go back"
                    )
            with partial_file(live) as partial:
                _copy_file(file, partial, record)
                lineage = _prepare(partial, file.name, record)
                if present and record.library != present.identity and present.identity not in lineage:
                    raise StoreError(
                        f"{file.name!r} is a copy of another library than this replica's: use another store, "
                        "or move this one's library away"
                    )
                synced(partial)
                _put_in_place(partial, folder, had_library=present is not None)
            return True


@dataclass(frozen=True, slots=True)
class _PresentReplica:
    identity: str
    revision: int
    current: bool  # in this version's format


def _present(folder: Path) -> _PresentReplica | None:
    if not (folder / schema.LIBRARY_FILE).exists():
        return None
    with contextlib.closing(schema.connect(folder)) as connection:
        if not rows.meta(connection, schema.WRITER_HOST):
            raise StoreError("this store has a library of its own: follow with another store (--store DIR)")
        should_migrate, _ = schema.needs_migration(connection)
        identity, revision = rows.meta(connection, "library"), int(rows.meta(connection, "revision"))
        return _PresentReplica(identity, revision, not should_migrate)


def _copy_file(file: Path, partial: Path, record: PublishedCopy) -> None:
    digest, size = hashlib.sha256(), 0
    try:
        source = _opened(file)
    except OSError as error:
        reason = error.strerror or "it is no file"
        raise CopyIncomplete(f"{file.name!r} cannot be read ({reason}): it is tried again") from None
    with source, partial.open("wb") as target:
        while chunk := source.read(_CHUNK_BYTES):
            size += len(chunk)
            if size > record.size:
                break
            digest.update(chunk)
            target.write(chunk)
    if size != record.size or digest.hexdigest() != record.sha256:
        raise CopyIncomplete(
            f"{file.name!r} does not match its record yet, or is damaged: it is not used, and looked at again"
        )


def _prepare(partial: Path, name: str, record: PublishedCopy) -> list[str]:
    """Check that a copied file is the library of the record, and make it a replica of this version; return its lineage.

    The machine that publishes is trusted with the rows, which it has checked; not with anything that could act.
    """
    labels = DatabaseLabels(f"{name!r}", f"{name!r} cannot be used", "publish it again")
    try:
        with sqlite.errors_translated(labels), contextlib.closing(sqlite.connect(partial)) as copy:
            copy.execute("PRAGMA trusted_schema = OFF")
            copy.execute("PRAGMA cell_size_check = ON")
            schema.refuse_foreign(copy)
            refuse_foreign_schema(copy)
            if (rows.meta(copy, "library"), rows.meta(copy, "revision")) != (record.library, str(record.revision)):
                raise InputError(f"{name!r} is not the library that its record names: publish it again")
            copy.execute("PRAGMA journal_mode = DELETE")
            schema.migrate(copy)
            with sqlite.transaction(copy):
                rows.set_meta(copy, schema.WRITER_HOST, record.host)
            return rows.meta(copy, schema.LINEAGE).split()
    except (UnsoundBackup, sqlite3.Error) as error:
        raise InputError(f"{name!r} is not a library ({error}): publish it again") from None


def _put_in_place(partial: Path, folder: Path, *, had_library: bool) -> None:
    live = folder / schema.LIBRARY_FILE
    if not had_library:  # what an earlier library left beside it would be applied to the new file
        for each in sqlite.files_of(live)[1:]:
            each.unlink(missing_ok=True)
    partial.replace(live)
