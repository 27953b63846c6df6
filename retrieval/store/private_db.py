"""An SQLite file that only its owner can read: one connection, one write at a time, what is deleted is overwritten."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

from retrieval.errors import StoreCorrupt, StoreError

_BUSY_TIMEOUT_SECONDS = 10.0  # s to wait for another process's write


class PrivateDatabase:
    """Safe to share between threads; the file is made at its first use.

    Args:
        path: The file, in a folder that is there.
        schema: Statements that make its tables where they are missing.
        what: What it keeps, for messages: "conversations".
        afresh: What to do when it is damaged, for messages.
    """

    def __init__(self, path: Path, schema: str, *, what: str, afresh: str) -> None:
        self._path = path
        self._schema = schema
        self._what = what
        self._afresh = afresh
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None

    @property
    def exists(self) -> bool:
        """Whether anything was ever kept."""
        return self._connection is not None or self._path.exists()

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

    def discard(self) -> None:
        """Delete the file itself, for one that is damaged. No other process may have it open.

        Raises:
            StoreError: It cannot be deleted.
        """
        self.close()
        with self._translated():
            for ending in ("", "-wal", "-shm"):
                self._path.with_name(self._path.name + ending).unlink(missing_ok=True)

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            # Made by us first: SQLite would let the group read it, and gives its log the same permissions. One that is
            # there is not opened: closing it would let go of the locks that this process may have on it.
            with contextlib.suppress(FileExistsError):
                os.close(os.open(self._path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
            self._path.chmod(0o600)
            connection = sqlite3.connect(
                self._path, timeout=_BUSY_TIMEOUT_SECONDS, isolation_level=None, check_same_thread=False
            )
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
            raise StoreError(f"{self._what} cannot be kept ({error}): check the store's folder and its disk") from error
        except (sqlite3.ProgrammingError, sqlite3.IntegrityError):
            raise  # a bug of ours, not a damaged file
        except sqlite3.DatabaseError as error:
            raise StoreCorrupt(f"{self._path.name} in the store is damaged ({error}): {self._afresh}") from error
        except OSError as error:
            raise StoreError(
                f"{self._what} cannot be kept ({error.strerror or error}): check the store's folder"
            ) from error
