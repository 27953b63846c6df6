"""A private database: an SQLite file that only its owner can read, in which deleted rows are overwritten."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

from retrieval.errors import StoreError
from retrieval.store import sqlite
from retrieval.store.sqlite import DatabaseLabels, Migration

_PRAGMAS = {"secure_delete": "ON", "journal_mode": "WAL", "synchronous": "NORMAL"}


class PrivateDatabase:
    """One connection, shared between threads; the file is created at its first use.

    Args:
        path: The file, in an existing folder.
        migrations: Create its tables and bring older files to the present format.
        failure: "conversations cannot be kept", for messages.
        recovery: What to do when it is damaged, for messages.
    """

    def __init__(self, path: Path, migrations: Sequence[Migration], *, failure: str, recovery: str) -> None:
        self._path = path
        self._migrations = migrations
        self._labels = DatabaseLabels(f"{path.name} in the store", failure, recovery)
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None

    @property
    def exists(self) -> bool:
        """Whether the file has been created."""
        return self._connection is not None or self._path.exists()

    @contextlib.contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Lend the connection.

        Raises:
            StoreError: The file cannot be read.
        """
        with self._lock, sqlite.errors_translated(self._labels):
            yield self._open()

    @contextlib.contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Lend the connection inside a transaction that is rolled back when the block raises.

        Raises:
            StoreError: The file cannot be written.
        """
        with self.reading() as connection, sqlite.transaction(connection):
            yield connection

    def flush(self) -> None:
        """Empty the write-ahead log, which still contains deleted rows.

        Raises:
            StoreError: The file cannot be written.
        """
        with self.reading() as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Close the file; the next use opens it again."""
        with self._lock:
            if self._connection:
                self._connection.close()
                self._connection = None

    def discard(self) -> None:
        """Delete a damaged file. No other process may have it open.

        Raises:
            StoreError: It cannot be deleted.
        """
        self.close()
        with sqlite.errors_translated(self._labels):
            for file in sqlite.files_of(self._path):
                file.unlink(missing_ok=True)

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            write = sqlite.is_writable(self._path)
            pragmas = _PRAGMAS if write else {}
            connection = sqlite.connect(self._path, create=True, write=write, private=True, pragmas=pragmas)
            try:
                self._migrate(connection, write=write)
            except BaseException:
                connection.close()
                raise
            self._connection = connection
        return self._connection

    def _migrate(self, connection: sqlite3.Connection, *, write: bool) -> None:
        if write:
            sqlite.migrate(connection, self._migrations)
            return
        sqlite.refuse_newer(connection, self._migrations)
        if not sqlite.is_readable(connection, self._migrations):
            raise StoreError(f"{self._labels.file} is of an older version and read-only: make it writable once")
