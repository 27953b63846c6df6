"""An SQLite file that only its owner can read: one connection, one write at a time, what is deleted is overwritten."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

from retrieval.errors import StoreCorrupt, StoreError

_PATIENCE = 10.0  # s to wait for another process's write


class PrivateFile:
    """Safe to share between threads; the file is made at its first use.

    Args:
        path: The file; its folder is made where it is missing.
        schema: Statements that make its tables where they are missing.
    """

    def __init__(self, path: Path, schema: str) -> None:
        self._path = path
        self._schema = schema
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None

    @contextlib.contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Lend the connection.

        Raises:
            StoreError: The file cannot be read.
        """
        with self._lock, self._translated():
            yield self._open()

    @contextlib.contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Lend the connection inside a transaction that is undone when the block raises.

        Raises:
            StoreError: The file cannot be written.
        """
        with self._lock, self._translated():
            connection = self._open()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    def flush(self) -> None:
        """Empty the write-ahead log, which still holds rows that were deleted.

        Raises:
            StoreError: The file cannot be written.
        """
        with self.reading() as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Close the file; it opens again when it is needed."""
        with self._lock:
            if self._connection:
                self._connection.close()
                self._connection = None

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            # Made by us first: SQLite would let the group read it, and gives its log the same permissions.
            os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
            self._path.chmod(0o600)
            connection = sqlite3.connect(self._path, timeout=_PATIENCE, isolation_level=None, check_same_thread=False)
            try:
                connection.execute("PRAGMA secure_delete = ON")
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = NORMAL")
                connection.executescript(self._schema)
            except BaseException:
                connection.close()
                raise
            self._connection = connection
        return self._connection

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            raise StoreError(f"{self._path.name} cannot be used: check the store's folder and its disk") from error
        except sqlite3.DatabaseError as error:
            raise StoreCorrupt(f"{self._path.name} in the store is damaged: move it away; articles are safe") from error
        except OSError as error:
            raise StoreError(f"{self._path.name} cannot be used ({error.strerror}): check its folder") from error
