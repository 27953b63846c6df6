"""What the bot keeps: answers whose buttons work, votes, what it has seen, settings of servers. One SQLite file.

Rows that belong to a person carry the person's id (``owner``), so that they can be handed over and deleted.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bot.discord.pages import MessagePage
from retrieval.articles import Span
from retrieval.store.private_db import PrivateDatabase
from retrieval.store.sqlite import Migration, run_script

DATABASE_FILE = "discord.sqlite"
"""The file's name in the store's folder."""

_DAY_SECONDS = 86_400.0
_EVENT_RETENTION_SECONDS = 2 * _DAY_SECONDS  # events older than the longest look back need not be known
_TABLES = """
CREATE TABLE IF NOT EXISTS kept (
    id TEXT PRIMARY KEY, owner INTEGER NOT NULL, guild INTEGER NOT NULL, channel INTEGER NOT NULL,
    shared INTEGER NOT NULL, asked REAL NOT NULL, question TEXT NOT NULL, text TEXT NOT NULL, pages TEXT NOT NULL,
    places TEXT NOT NULL, why TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS kept_by_age ON kept (asked);
CREATE INDEX IF NOT EXISTS kept_by_owner ON kept (owner);
CREATE TABLE IF NOT EXISTS votes (
    answer TEXT NOT NULL, owner INTEGER NOT NULL, vote INTEGER NOT NULL, at REAL NOT NULL, PRIMARY KEY (answer, owner)
) STRICT;
CREATE TABLE IF NOT EXISTS seen (
    event TEXT PRIMARY KEY, run TEXT NOT NULL, done INTEGER NOT NULL, at REAL NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS rules (
    scope TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (scope, name)
) STRICT;
CREATE TABLE IF NOT EXISTS threads (id INTEGER PRIMARY KEY, hinted INTEGER NOT NULL, at REAL NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS direct (channel INTEGER PRIMARY KEY, owner INTEGER NOT NULL, at REAL NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
"""
_MIGRATIONS = (Migration("records", lambda connection: run_script(connection, _TABLES)),)


@dataclass(frozen=True, slots=True)
class CitationTarget:
    """Characters of an article that a button opens: ``article.text[start:end] == quote``, while it is unchanged."""

    number: int
    article: str
    start: int
    end: int
    quote: str

    @property
    def span(self) -> Span:
        """The characters."""
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class StoredReply:
    """Something that was said with buttons: an answer, or a check of quotations.

    Attributes:
        id: 16 hexadecimal digits.
        owner: The person who asked, by Discord's id.
        guild: The server; 0 for a direct message.
        channel: The channel or thread.
        question: What was asked.
        text: What was answered, in words.
        pages: The messages.
        places: What their numbered buttons open.
        why: The messages that "Why" shows; none for a check.
        asked: When, in seconds since 1970.
    """

    id: str
    owner: int
    guild: int
    channel: int
    question: str
    text: str
    pages: tuple[MessagePage, ...]
    places: tuple[CitationTarget, ...]
    why: tuple[str, ...]
    asked: float


class BotDatabase:
    """The file. Safe to share between threads.

    Args:
        folder: The store's folder.
        retention_days: What was kept longer is deleted by ``expire`` and never returned.
        clock: Seconds since 1970.
    """

    def __init__(self, folder: Path, *, retention_days: float, clock: Callable[[], float] = time.time) -> None:
        self._file = PrivateDatabase(
            folder / DATABASE_FILE,
            _MIGRATIONS,
            failure="the bot's records cannot be kept",
            recovery="move it away; articles are safe",
        )
        self._retention = retention_days * _DAY_SECONDS
        self.clock = clock

    def keep(self, kept: StoredReply) -> None:
        """Keep something that was said."""
        pages = json.dumps([[page.text, page.numbers] for page in kept.pages], ensure_ascii=False)
        places = json.dumps([asdict(place) for place in kept.places], ensure_ascii=False)
        why = json.dumps(kept.why, ensure_ascii=False)
        row = (kept.id, kept.owner, kept.guild, kept.channel, kept.asked, kept.question, kept.text, pages, places, why)
        with self._file.writing() as connection:
            connection.execute("INSERT INTO kept VALUES (?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?)", row)

    def kept(self, identifier: str) -> StoredReply | None:
        """Return what was kept under an id; None when it has expired or was forgotten."""
        with self._file.reading() as connection:
            row = connection.execute(
                "SELECT id, owner, guild, channel, question, text, pages, places, why, asked FROM kept "
                "WHERE id = ? AND asked >= ?",
                (identifier, self._oldest()),
            ).fetchone()
        if row is None:
            return None
        name, owner, guild, channel, question, text, pages, places, why, asked = row
        return StoredReply(
            id=name,
            owner=owner,
            guild=guild,
            channel=channel,
            question=question,
            text=text,
            pages=tuple(MessagePage(shown, tuple(numbers)) for shown, numbers in json.loads(pages)),
            places=tuple(CitationTarget(**place) for place in json.loads(places)),
            why=tuple(json.loads(why)),
            asked=asked,
        )

    def share(self, identifier: str) -> bool:
        """Mark a private answer as shared; return whether it was not before."""
        with self._file.writing() as connection:
            found = connection.execute("UPDATE kept SET shared = 1 WHERE id = ? AND shared = 0", (identifier,))
            return found.rowcount == 1

    def unshare(self, identifier: str) -> None:
        """Take the mark away: it could not be posted."""
        with self._file.writing() as connection:
            connection.execute("UPDATE kept SET shared = 0 WHERE id = ?", (identifier,))

    def vote(self, answer: str, owner: int, vote: int) -> None:
        """Keep a person's vote on an answer, 1 or -1; a later one takes its place."""
        with self._file.writing() as connection:
            connection.execute("INSERT OR REPLACE INTO votes VALUES (?, ?, ?, ?)", (answer, owner, vote, self.clock()))

    # What was seen

    def claim(self, event: str, run: str) -> bool:
        """Return whether ``run`` is to deal with an event: nobody has, and no other event of this run is at it.

        An event that an earlier run left undone is taken over.
        """
        with self._file.writing() as connection:
            row = connection.execute("SELECT run, done FROM seen WHERE event = ?", (event,)).fetchone()
            if row is not None and (row[1] or row[0] == run):
                return False
            connection.execute("INSERT OR REPLACE INTO seen VALUES (?, ?, 0, ?)", (event, run, self.clock()))
            return True

    def done(self, event: str) -> None:
        """Note that an event was dealt with."""
        with self._file.writing() as connection:
            connection.execute("UPDATE seen SET done = 1 WHERE event = ?", (event,))

    # Settings of servers and channels; threads and direct messages; facts

    def rules(self) -> list[tuple[str, str, str]]:
        """Return every setting as (scope, name, value)."""
        with self._file.reading() as connection:
            return connection.execute("SELECT scope, name, value FROM rules ORDER BY scope, name").fetchall()

    def rule(self, scope: str, name: str, value: str) -> None:
        """Keep a setting; an empty value takes it away."""
        with self._file.writing() as connection:
            if value:
                connection.execute("INSERT OR REPLACE INTO rules VALUES (?, ?, ?)", (scope, name, value))
            else:
                connection.execute("DELETE FROM rules WHERE scope = ? AND name = ?", (scope, name))

    def opened(self, thread: int) -> None:
        """Note that the bot opened a thread."""
        with self._file.writing() as connection:
            connection.execute("INSERT OR IGNORE INTO threads VALUES (?, 0, ?)", (thread, self.clock()))

    def threads(self) -> set[int]:
        """Return the threads that the bot opened."""
        with self._file.reading() as connection:
            return {row[0] for row in connection.execute("SELECT id FROM threads")}

    def hinted(self, thread: int) -> bool:
        """Note that a thread was told how to ask there; return whether it was not before."""
        with self._file.writing() as connection:
            found = connection.execute("UPDATE threads SET hinted = 1 WHERE id = ? AND NOT hinted", (thread,))
            return found.rowcount == 1

    def spoke(self, channel: int, owner: int) -> None:
        """Note that a person wrote to the bot directly."""
        with self._file.writing() as connection:
            connection.execute("INSERT OR REPLACE INTO direct VALUES (?, ?, ?)", (channel, owner, self.clock()))

    def direct(self, limit: int) -> list[int]:
        """Return the channels of direct messages, the latest first."""
        with self._file.reading() as connection:
            found = connection.execute("SELECT channel FROM direct ORDER BY at DESC LIMIT ?", (limit,))
            return [row[0] for row in found]

    def fact(self, name: str) -> str:
        """Return a fact; empty when it is not known."""
        with self._file.reading() as connection:
            row = connection.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return row[0] if row else ""

    def note(self, name: str, value: str) -> None:
        """Keep a fact."""
        with self._file.writing() as connection:
            connection.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, value))

    # People

    def of(self, owner: int) -> dict[str, list[dict[str, Any]]]:
        """Return every row that belongs to a person, by table."""
        with self._file.reading() as connection:
            return {
                table: list(_rows(connection.execute(f"SELECT * FROM {table} WHERE owner = ?", (owner,))))  # noqa: S608
                for table in _PERSONAL_TABLES
            }

    def forget(self, owner: int) -> int:
        """Delete every row that belongs to a person; return how many went. Nothing of them stays in the file."""
        with self._file.writing() as connection:
            gone = sum(
                connection.execute(f"DELETE FROM {table} WHERE owner = ?", (owner,)).rowcount  # noqa: S608
                for table in _PERSONAL_TABLES
            )
        self._file.flush()
        return gone

    def expire(self) -> int:
        """Delete what was kept for longer than the retention; return how many rows went."""
        oldest = self._oldest()
        with self._file.writing() as connection:
            gone = connection.execute("DELETE FROM kept WHERE asked < ?", (oldest,)).rowcount
            for table in ("votes", "threads", "direct"):
                gone += connection.execute(f"DELETE FROM {table} WHERE at < ?", (oldest,)).rowcount  # noqa: S608
            return (
                gone
                + connection.execute(
                    "DELETE FROM seen WHERE at < ?", (self.clock() - _EVENT_RETENTION_SECONDS,)
                ).rowcount
            )

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _oldest(self) -> float:
        return self.clock() - self._retention


_PERSONAL_TABLES = ("kept", "votes", "direct")


def _rows(cursor: Any) -> Iterator[dict[str, Any]]:
    names: Sequence[str] = [column[0] for column in cursor.description]
    for row in cursor:
        yield dict(zip(names, row, strict=True))
