"""SQLite files: the one way to open them, ordered migrations, and SQLite's errors as those of ``retrieval.errors``.

POSIX drops every lock that a process holds on a file when it closes any handle of that file. The next process would
then find no reader, and reset the write-ahead log under this process's connections, which would miss every later
commit. A database is therefore never opened by hand while this process has a connection to it.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from retrieval.errors import OnrecordError, StoreCorrupt, StoreError, StoreLocked

BUSY_TIMEOUT_SECONDS = 10.0
"""How long a connection waits for SQLite's own locks, which other connections hold for milliseconds."""

_SNAPSHOT = "ro&immutable=1"
_NO_SPACE = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN})
_COMPANIONS = ("", "-wal", "-shm", "-journal")  # endings of a database and of the files SQLite keeps beside it


@dataclass(frozen=True, slots=True)
class DatabaseLabels:
    """What messages say of a database.

    Attributes:
        file: "the library's file".
        failure: "the store cannot be used".
        recovery: What to do when the file is damaged.
    """

    file: str
    failure: str
    recovery: str

    def damaged(self, reason: str) -> StoreCorrupt:
        """Return the error for a damaged file."""
        return StoreCorrupt(f"{self.file} is damaged ({reason}): {self.recovery}")


# Opening


class _TrackedConnection(sqlite3.Connection):
    """A connection counted in ``_open_files`` until it is closed."""

    file: tuple[int, int] | None = None
    is_snapshot = False

    def close(self) -> None:
        super().close()
        with _guard:
            if self.file:
                _open_files[self.file] -= 1
            self.file = None


_guard = threading.RLock()  # re-entered when a connection that cannot be opened is closed
_open_files: Counter[tuple[int, int]] = Counter()
"""Number of this process's connections to a file, by its device and inode."""


def connect(
    path: Path,
    *,
    create: bool = False,
    write: bool = True,
    private: bool = False,
    pragmas: Mapping[str, str | int] | None = None,
) -> sqlite3.Connection:
    """Open an SQLite file in autocommit mode.

    Args:
        path: The file.
        create: Create it if it is missing. Otherwise it has to exist and to be a complete database.
        write: Whether the connection may write. One that may not can also read files that cannot be written, and files
            on a full disk.
        private: Only the owner may read the file: it is created so, and an existing one is restricted.
        pragmas: Set in this order, after those that every database has.

    Raises:
        sqlite3.Error: It cannot be opened, or is damaged.
        OSError: It is missing, or cannot be created.
    """
    with _guard:
        if create:
            with contextlib.suppress(FileExistsError):
                os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600 if private else 0o666))
        if private:
            _restrict(path)
        state = path.stat()
        file = (state.st_dev, state.st_ino)
        if not create and not _open_files[file]:
            _refuse_damaged(path)
        mode = _mode(path, write=write)
        connection = _opened(path, mode, file)
        if not write and mode == "rw" and _lacks_space(connection, path):
            connection.close()
            connection = _opened(path, _SNAPSHOT, file)
            connection.is_snapshot = True
    try:
        for name, value in {"foreign_keys": "ON", **({} if write else {"query_only": "ON"}), **(pragmas or {})}.items():
            connection.execute(f"PRAGMA {name} = {value}")
    except BaseException:
        connection.close()
        raise
    return connection


def _opened(path: Path, mode: str, file: tuple[int, int]) -> _TrackedConnection:
    connection = sqlite3.connect(
        f"{path.resolve().as_uri()}?mode={mode}",
        uri=True,
        timeout=BUSY_TIMEOUT_SECONDS,
        isolation_level=None,
        factory=_TrackedConnection,
        check_same_thread=False,  # callers use a connection from one thread at a time
    )
    connection.file = file
    _open_files[file] += 1
    return connection


def _lacks_space(connection: sqlite3.Connection, path: Path) -> bool:
    """Return whether a database cannot be read because the files beside it cannot be made, and is whole without."""
    try:
        connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
    except sqlite3.OperationalError as error:
        log = path.with_name(f"{path.name}-wal")
        code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
        return code in _NO_SPACE and not (log.exists() and log.stat().st_size)
    except sqlite3.DatabaseError:
        return False  # damaged: said when it is read
    return False


def is_snapshot(connection: sqlite3.Connection) -> bool:
    """Return whether a connection reads a file as it was when it was opened, for want of space beside it.

    It must not be kept: it would miss, or misread, what is written once there is space again.
    """
    return isinstance(connection, _TrackedConnection) and connection.is_snapshot


def without_replaced(connections: Sequence[sqlite3.Connection], path: Path) -> list[sqlite3.Connection]:
    """Return the connections that read the file that is at ``path`` now; one that was replaced stays readable."""
    try:
        state = path.stat()
    except OSError:
        return list(connections)  # it is gone: what is open is all there is
    file = (state.st_dev, state.st_ino)
    return [each for each in connections if isinstance(each, _TrackedConnection) and each.file == file]


def is_writable(path: Path) -> bool:
    """Return whether a database can be written: a write-ahead log needs files beside it."""
    return os.access(path.parent, os.W_OK) and (not path.exists() or os.access(path, os.W_OK))


def files_of(path: Path) -> list[Path]:
    """Return a database's file and those that SQLite may keep beside it."""
    return [path.with_name(path.name + ending) for ending in _COMPANIONS]


def _mode(path: Path, *, write: bool) -> str:
    if write or is_writable(path):
        return "rw"
    # Without a log beside it, nobody can be writing, and the missing files are not needed.
    return "ro" if path.with_name(f"{path.name}-wal").exists() else _SNAPSHOT


def _restrict(path: Path) -> None:
    for file in files_of(path):  # SQLite gives its log the permissions of the database
        with contextlib.suppress(FileNotFoundError):
            mode = file.stat().st_mode & 0o777
            try:
                if mode & 0o077:
                    file.chmod(mode & 0o700)
            except OSError:
                if os.access(file, os.W_OK):  # not on a read-only disk
                    raise


def _refuse_damaged(path: Path) -> None:
    """Detect a file that is not an SQLite database, or is truncated, before a query fails in the middle."""
    with path.open("rb") as stream:
        header = stream.read(100)
    if len(header) < 100 or not header.startswith(b"SQLite format 3\0"):
        raise sqlite3.DatabaseError("it is not a database")
    page = int.from_bytes(header[16:18], "big")
    pages = int.from_bytes(header[28:32], "big")
    pending = 0
    with contextlib.suppress(FileNotFoundError):  # the last connection to close deletes the log
        pending = path.with_name(f"{path.name}-wal").stat().st_size  # the missing pages may be in there
    if not pending and path.stat().st_size < pages * (65536 if page == 1 else page):
        raise sqlite3.DatabaseError("it is cut off")


# Errors

_REASONS = {
    sqlite3.SQLITE_FULL: "no space is left; what was saved is whole; free some space and try again",
    sqlite3.SQLITE_READONLY: "the file cannot be written; check the permissions of the store's folder",
    sqlite3.SQLITE_IOERR: "the disk failed; what was saved is whole; check for free space and try again",
    sqlite3.SQLITE_CANTOPEN: "the file cannot be opened; check the permissions of the store's folder",
}


@contextlib.contextmanager
def errors_translated(labels: DatabaseLabels) -> Iterator[None]:
    """Translate the errors of SQLite and of the file system, with one clear line each.

    Raises:
        StoreLocked: Another process held SQLite's lock for longer than ``BUSY_TIMEOUT_SECONDS``.
        StoreCorrupt: The file is damaged.
        StoreError: The disk is full, the folder is read-only, or the file cannot be read.
    """
    try:
        yield
    except OnrecordError:
        raise
    except sqlite3.OperationalError as error:
        raise _operational(error, labels) from error
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.ProgrammingError | sqlite3.IntegrityError | sqlite3.InterfaceError):
            raise  # a bug, not a damaged file
        raise labels.damaged(str(error)) from error
    except OSError as error:
        raise StoreError(f"{labels.failure} ({error.strerror or error}): check the store's folder") from error


def _operational(error: sqlite3.OperationalError, labels: DatabaseLabels) -> StoreError:
    said = str(error)
    code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return StoreLocked("another process is writing to the store: wait until it is done and try again")
    if "no such table" in said or "no such column" in said:
        return labels.damaged(said)
    return StoreError(f"{labels.failure}: {_REASONS.get(code, said)}")


# Writing


@contextlib.contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Commit what the block does, or nothing of it when it raises."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def run_script(connection: sqlite3.Connection, script: str) -> None:
    """Execute statements inside the present transaction, which ``executescript`` would commit."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            connection.execute(statement)
            statement = ""
    if statement.strip():
        raise ValueError(f"not a complete statement: {statement.strip()[:80]}")


# Migrations


@dataclass(frozen=True, slots=True)
class Migration:
    """A named step from one format of a database to the next.

    Databases older than the record of migrations already have the tables of the first step, which therefore creates
    only what is missing. ``user_version`` is the number of steps applied.
    """

    name: str
    apply: Callable[[sqlite3.Connection], object]


_RECORD = "CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY, applied_at TEXT NOT NULL) WITHOUT ROWID"


def unrecorded(connection: sqlite3.Connection, migrations: Sequence[Migration]) -> list[Migration]:
    """Return the migrations that the database does not list as applied, in order."""
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'migrations'").fetchone():
        return list(migrations)
    applied = {name for (name,) in connection.execute("SELECT name FROM migrations")}
    return [migration for migration in migrations if migration.name not in applied]


def is_readable(connection: sqlite3.Connection, migrations: Sequence[Migration]) -> bool:
    """Return whether a database can be read as it is: only the record of the first migration may be missing."""
    return not [each for each in unrecorded(connection, migrations) if each is not migrations[0]]


def migrate(connection: sqlite3.Connection, migrations: Sequence[Migration]) -> None:
    """Apply the migrations that are missing, in order, each in a transaction with its record.

    Raises:
        StoreError: The database was written by a newer version.
    """
    refuse_newer(connection, migrations)
    for version, migration in enumerate(migrations, 1):
        if migration not in unrecorded(connection, migrations):
            continue
        with transaction(connection):
            if migration in unrecorded(connection, migrations):  # no other process was faster
                connection.execute(_RECORD)
                migration.apply(connection)
                now = datetime.now(UTC).isoformat(timespec="seconds")
                connection.execute("INSERT INTO migrations VALUES (?, ?)", (migration.name, now))
                connection.execute(f"PRAGMA user_version = {version}")


def refuse_newer(connection: sqlite3.Connection, migrations: Sequence[Migration]) -> None:
    """Check that a database was not written by a newer version.

    Raises:
        StoreError: It was.
    """
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > len(migrations):
        raise StoreError(
            f"the store was written by a newer onrecord (format {version}, this one reads {len(migrations)}): "
            "update onrecord"
        )
