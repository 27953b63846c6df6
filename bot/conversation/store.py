"""Keeps conversations in one SQLite file: bounded, expiring, and gone for good when they are forgotten.

A turn is one row, written in one transaction: after a kill it is there whole or not at all. Several processes may read
and write at once (write-ahead log; SQLite lets one write at a time, the others wait). The file and its log are readable
by their owner only, and what is deleted is overwritten (``secure_delete``).
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.conversation.turns import Turn, places_from, places_json
from retrieval.errors import InputError, StoreCorrupt, StoreError

FILE = "conversations.sqlite"
"""The file's name in the store's folder."""
KEPT_TURNS = 50
"""Turns kept of a conversation, the latest. Follow-ups reach back three; the rest is for ``/why`` and a chat model."""
LONGEST_NAME = 200
"""Characters of a conversation's name: two Discord ids and a word take 60."""

_DAY = 86_400.0
_PATIENCE = 10.0  # s to wait for another process's write
_SCHEMA = """
CREATE TABLE IF NOT EXISTS turns (
    key INTEGER PRIMARY KEY,
    conversation TEXT NOT NULL,
    asked REAL NOT NULL,
    question TEXT NOT NULL,
    standalone TEXT NOT NULL,
    answer TEXT NOT NULL,
    places TEXT NOT NULL,
    abstained INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS turns_of ON turns (conversation, key);
CREATE INDEX IF NOT EXISTS turns_by_age ON turns (asked);
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """A conversation in the list of those kept: its name, number of turns, and when the last was asked (s, UTC)."""

    name: str
    turns: int
    last: float


class Conversations:
    """The conversations of one store. Safe to share between threads; the file is made at the first turn.

    Args:
        folder: The store's folder.
        retention_days: Turns older than this are deleted at the next turn of any conversation, and never returned.
        clock: Seconds since 1970.
    """

    def __init__(self, folder: Path, *, retention_days: float, clock: Callable[[], float] = time.time) -> None:
        self._file = folder / FILE
        self._retention = retention_days * _DAY
        self._clock = clock
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None

    def turns(self, name: str) -> list[Turn]:
        """Return the turns of a conversation that have not expired, oldest first; none for an unknown one.

        Raises:
            StoreError: The file cannot be read.
        """
        with self._reading() as connection:
            if connection is None:
                return []
            found = connection.execute(
                "SELECT question, standalone, answer, places, abstained, asked FROM turns "
                "WHERE conversation = ? AND asked >= ? ORDER BY key",
                (name, self._oldest()),
            ).fetchall()
        return [
            Turn(question, standalone, answer, places_from(places), bool(abstained), asked)
            for question, standalone, answer, places, abstained, asked in found
        ]

    def add(self, name: str, turn: Turn) -> None:
        """Keep a turn, and let go what has expired and what is over ``KEPT_TURNS``.

        Raises:
            InputError: The name is empty or too long.
            StoreError: The file cannot be written.
        """
        check_name(name)
        row = (
            name, turn.asked, turn.question, turn.standalone_question, turn.answer, places_json(turn.places),
            int(turn.abstained),
        )  # fmt: skip
        with self._writing() as connection:
            connection.execute(
                "INSERT INTO turns (conversation, asked, question, standalone, answer, places, abstained) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                row,
            )
            connection.execute(
                "DELETE FROM turns WHERE conversation = ? AND key NOT IN "
                "(SELECT key FROM turns WHERE conversation = ? ORDER BY key DESC LIMIT ?)",
                (name, name, KEPT_TURNS),
            )
            connection.execute("DELETE FROM turns WHERE asked < ?", (self._oldest(),))

    def expire(self) -> int:
        """Delete every turn older than the retention; return how many went. Nothing of them stays in the file.

        Raises:
            StoreError: The file cannot be written.
        """
        return self._delete("asked < ?", self._oldest())

    def forget(self, name: str | None = None) -> int:
        """Delete a conversation, or all of them; return how many turns went. Nothing of them stays in the file.

        Raises:
            StoreError: The file cannot be written.
        """
        return self._delete("1") if name is None else self._delete("conversation = ?", name)

    def discard(self) -> None:
        """Delete the file itself, for one that is damaged. No other process may have it open.

        Raises:
            StoreError: It cannot be deleted.
        """
        self.close()
        with _translated():
            for ending in ("", "-wal", "-shm"):
                self._file.with_name(FILE + ending).unlink(missing_ok=True)

    def names(self) -> list[Entry]:
        """Return the conversations kept, the latest first.

        Raises:
            StoreError: The file cannot be read.
        """
        with self._reading() as connection:
            if connection is None:
                return []
            found = connection.execute(
                "SELECT conversation, count(*), max(asked) FROM turns WHERE asked >= ? "
                "GROUP BY conversation ORDER BY max(asked) DESC, conversation",
                (self._oldest(),),
            ).fetchall()
        return [Entry(*row) for row in found]

    def close(self) -> None:
        """Close the file; it opens again when it is needed."""
        with self._lock:
            if self._connection:
                self._connection.close()
                self._connection = None

    def _delete(self, condition: str, *values: object) -> int:
        if not self._file.exists():
            return 0
        with self._writing() as connection:
            gone = connection.execute(f"DELETE FROM turns WHERE {condition}", values).rowcount  # noqa: S608
        if gone:
            with self._lock, _translated():
                self._open().execute("PRAGMA wal_checkpoint(TRUNCATE)")  # the log held the rows, too
        return gone

    def _oldest(self) -> float:
        return self._clock() - self._retention

    @contextlib.contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection | None]:
        with self._lock, _translated():
            yield self._open() if self._connection or self._file.exists() else None

    @contextlib.contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._lock, _translated():
            connection = self._open()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    def _open(self) -> sqlite3.Connection:
        """Return the connection, opening the file and making it where it is missing. The caller holds the lock."""
        if self._connection is None:
            # Made by us first: SQLite would let the group read it, and gives its log the same permissions.
            os.close(os.open(self._file, os.O_CREAT | os.O_RDWR, 0o600))
            self._file.chmod(0o600)
            connection = sqlite3.connect(self._file, timeout=_PATIENCE, isolation_level=None, check_same_thread=False)
            try:
                connection.execute("PRAGMA secure_delete = ON")
                connection.execute("PRAGMA journal_mode = WAL")
                connection.executescript(_SCHEMA)
            except BaseException:
                connection.close()
                raise
            self._connection = connection
        return self._connection


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    """Turn SQLite's and the file system's exceptions into one line that says what to do."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise StoreError(f"conversations cannot be kept ({error}): check the store's folder and its disk") from error
    except sqlite3.DatabaseError as error:
        raise StoreCorrupt(
            f"{FILE} in the store is damaged ({error}): `onrecord forget --all` starts afresh; articles are not touched"
        ) from error
    except OSError as error:
        raise StoreError(
            f"conversations cannot be kept ({error.strerror or error}): check the store's folder"
        ) from error


def check_name(name: str) -> str:
    """Return a conversation's name as it was given.

    Raises:
        InputError: It is empty or too long, or holds a control character.
    """
    if not name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
        raise InputError(f"a conversation's name has 1 to {LONGEST_NAME} printable characters, not {name[:40]!r}")
    return name
