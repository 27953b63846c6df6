"""The bot's database: replies whose buttons work, votes, answered events and settings of servers. One SQLite file.

Rows that belong to a person have the person's id (``owner``), so that they can be handed over and deleted.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bot.conversation.store import Turn, turn_from, turn_text
from bot.discord.pages import Accent, MessagePage, TextBlock
from retrieval.articles import Span
from retrieval.store.private_db import PrivateDatabase
from retrieval.store.sqlite import Migration, run_script

DATABASE_FILE = "discord.sqlite"
"""The file's name in the store's folder."""

_DAY_SECONDS = 86_400.0
_EVENT_RETENTION_SECONDS = 2 * _DAY_SECONDS  # longer than any backfill or repeated event
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
_UNCONFIRMED = "ALTER TABLE kept ADD COLUMN unconfirmed TEXT NOT NULL DEFAULT '[]';"
_OTHERS_QUESTIONS = """
UPDATE kept SET question = '' WHERE why = '[]' AND EXISTS
    (SELECT 1 FROM kept AS other WHERE other.question = kept.question AND other.owner != kept.owner);
"""  # checks of somebody else's answer once repeated the question, which belongs to who asked it
_LANGUAGES = "CREATE TABLE languages (owner INTEGER PRIMARY KEY, language TEXT NOT NULL, at REAL NOT NULL) STRICT;"
_UNFINISHED = """
CREATE TABLE IF NOT EXISTS unfinished (
    event TEXT PRIMARY KEY, owner INTEGER NOT NULL, guild INTEGER NOT NULL, channel INTEGER NOT NULL,
    reply_channel INTEGER NOT NULL, message INTEGER NOT NULL, token TEXT NOT NULL, private INTEGER NOT NULL,
    question TEXT NOT NULL, answered INTEGER NOT NULL, at REAL NOT NULL
) STRICT;
"""
_TURNS = "ALTER TABLE kept ADD COLUMN turn TEXT NOT NULL DEFAULT '';"
_WORDS_OF = """
CREATE TABLE words_of (reply TEXT NOT NULL, owner INTEGER NOT NULL, PRIMARY KEY (reply, owner)) STRICT;
CREATE INDEX words_of_owner ON words_of (owner);
"""
_MIGRATIONS = (
    Migration("records", lambda connection: run_script(connection, _TABLES)),
    Migration("unconfirmed", lambda connection: run_script(connection, _UNCONFIRMED)),
    Migration("questions of others", lambda connection: run_script(connection, _OTHERS_QUESTIONS)),
    Migration("languages", lambda connection: run_script(connection, _LANGUAGES)),
    Migration("unfinished replies", lambda connection: run_script(connection, _UNFINISHED)),
    Migration("turns", lambda connection: run_script(connection, _TURNS)),
    Migration("words of others", lambda connection: run_script(connection, _WORDS_OF)),
)


@dataclass(frozen=True, slots=True)
class UnfinishedReply:
    """A reply that has begun: what the next start needs to finish it, should this run end before.

    Attributes:
        event: The event that is answered.
        owner: The person who asked, by Discord's id.
        guild: The server; 0 for a direct message.
        channel: The channel or thread where it was asked.
        reply_channel: The channel or thread where the reply goes.
        message: The message that shows what there is so far; 0: none yet.
        token: Of the interaction, valid for 15 minutes; empty for a message.
        private: Whether only the person sees the reply.
        question: The question of an interaction, as JSON; empty where it is none, or that of a message.
        answered: The questions of the event that have been answered.
        at: When it began, in seconds since 1970.
    """

    event: str
    owner: int
    guild: int
    channel: int
    reply_channel: int
    at: float
    message: int = 0
    token: str = ""
    private: bool = False
    question: str = ""
    answered: int = 0


@dataclass(frozen=True, slots=True)
class CitationTarget:
    """Characters of an article that a button opens: ``article.text[start:end] == quote`` while it is unchanged.

    Attributes:
        number: The citation's number.
        article: The article's id.
        start: The first character.
        end: The character after the last.
        quote: The characters.
    """

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
    """A reply with buttons: an answer, or verdicts on quotations.

    Attributes:
        id: 16 hexadecimal digits.
        owner: The person who asked, by Discord's id.
        guild: The server; 0 for a direct message.
        channel: The channel or thread.
        question: What was asked; empty where it was somebody else who asked.
        text: What it says in words, whose quotations "Check quotes" checks.
        pages: The messages.
        targets: What their numbered buttons open.
        why: The messages that "Why" shows; none for verdicts and small talk.
        asked_at: When, in seconds since 1970.
        unconfirmed: The claims, each with its mark, that the button for what is not confirmed shows.
        turn: The answer as a turn of a conversation, for questions that reply to it; None for verdicts and the like.
        words_of: Other people whose words it repeats: the author of the message or answer that it is about. It goes
            when one of them is forgotten.
    """

    id: str
    owner: int
    guild: int
    channel: int
    question: str
    text: str
    pages: tuple[MessagePage, ...]
    targets: tuple[CitationTarget, ...]
    why: tuple[str, ...]
    asked_at: float
    unconfirmed: tuple[str, ...] = ()
    turn: Turn | None = None
    words_of: tuple[int, ...] = ()

    @property
    def people(self) -> tuple[int, ...]:
        """Those whose words it repeats: who asked, and those in ``words_of``."""
        return (self.owner, *self.words_of)

    @property
    def is_paged(self) -> bool:
        """Whether it is one message whose pages buttons show: verdicts and statements; answers are read whole."""
        return not self.why


class BotDatabase:
    """The database. Safe to share between threads; every method blocks.

    Args:
        folder: The store's folder.
        retention_days: Older rows are deleted by ``expire`` and never returned.
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

    def save_reply(self, reply: StoredReply) -> None:
        """Store a reply."""
        pages = json.dumps([asdict(page) for page in reply.pages], ensure_ascii=False)
        places = json.dumps([asdict(place) for place in reply.targets], ensure_ascii=False)
        why = json.dumps(reply.why, ensure_ascii=False)
        row = (
            reply.id, reply.owner, reply.guild, reply.channel, reply.asked_at, reply.question, reply.text, pages,
            places, why, json.dumps(reply.unconfirmed, ensure_ascii=False), turn_text(reply.turn) if reply.turn else "",
        )  # fmt: skip
        with self._file.writing() as connection:
            connection.execute("INSERT INTO kept VALUES (?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?)", row)
            others = [(reply.id, person) for person in set(reply.words_of) - {reply.owner}]
            connection.executemany("INSERT INTO words_of VALUES (?, ?)", others)

    def reply(self, identifier: str) -> StoredReply | None:
        """Return a stored reply; None when it has expired or was deleted."""
        with self._file.reading() as connection:
            row = connection.execute(
                "SELECT id, owner, guild, channel, question, text, pages, places, why, asked, unconfirmed, turn "
                "FROM kept "
                "WHERE id = ? AND asked >= ?",
                (identifier, self._oldest()),
            ).fetchone()
            others = connection.execute("SELECT owner FROM words_of WHERE reply = ?", (identifier,)).fetchall()
        if row is None:
            return None
        name, owner, guild, channel, question, text, pages, places, why, asked, unconfirmed, turn = row
        return StoredReply(
            id=name,
            owner=owner,
            guild=guild,
            channel=channel,
            question=question,
            text=text,
            pages=tuple(map(_page, json.loads(pages))),
            targets=tuple(CitationTarget(**place) for place in json.loads(places)),
            why=tuple(json.loads(why)),
            asked_at=asked,
            unconfirmed=tuple(json.loads(unconfirmed)),
            turn=turn_from(turn) if turn else None,
            words_of=tuple(person for (person,) in others),
        )

    def latest_words_of(self, owner: int, channel: int) -> tuple[int, ...]:
        """Return the other people whose words the latest answers to a person in a channel repeat."""
        with self._file.reading() as connection:
            found = connection.execute(
                "SELECT DISTINCT owner FROM words_of WHERE reply IN "
                "(SELECT id FROM kept WHERE owner = ? AND channel = ? AND turn != '' ORDER BY asked DESC LIMIT ?)",
                (owner, channel, _FOLLOWED_TURNS),
            )
            return tuple(person for (person,) in found)

    def mark_shared(self, identifier: str) -> bool:
        """Mark a reply as shared; return whether it was not before."""
        with self._file.writing() as connection:
            found = connection.execute("UPDATE kept SET shared = 1 WHERE id = ? AND shared = 0", (identifier,))
            return found.rowcount == 1

    def unmark_shared(self, identifier: str) -> None:
        """Remove the mark: the reply could not be posted."""
        with self._file.writing() as connection:
            connection.execute("UPDATE kept SET shared = 0 WHERE id = ?", (identifier,))

    def save_vote(self, answer: str, owner: int, vote: int) -> None:
        """Store a person's vote on an answer, 1 or -1; it replaces an earlier one."""
        with self._file.writing() as connection:
            connection.execute("INSERT OR REPLACE INTO votes VALUES (?, ?, ?, ?)", (answer, owner, vote, self.clock()))

    # Events

    def claim_event(self, event: str, run: str) -> bool:
        """Return whether ``run`` is to answer an event: nobody has answered it, and this run is not doing so.

        An event that an earlier run left unanswered is claimed.
        """
        with self._file.writing() as connection:
            row = connection.execute("SELECT run, done FROM seen WHERE event = ?", (event,)).fetchone()
            if row is not None and (row[1] or row[0] == run):
                return False
            connection.execute("INSERT OR REPLACE INTO seen VALUES (?, ?, 0, ?)", (event, run, self.clock()))
            return True

    def complete_event(self, event: str) -> None:
        """Record that an event was answered."""
        with self._file.writing() as connection:
            connection.execute("UPDATE seen SET done = 1 WHERE event = ?", (event,))
            connection.execute("DELETE FROM unfinished WHERE event = ?", (event,))

    def open_events(self, run: str) -> set[str]:
        """Return the events that runs before ``run`` have claimed and not answered, or not answered to the end."""
        with self._file.reading() as connection:
            found = connection.execute("SELECT event FROM seen WHERE NOT done AND run != ?", (run,))
            return {row[0] for row in found}

    def save_unfinished(self, reply: UnfinishedReply) -> None:
        """Store how far a reply is."""
        row = (
            reply.event, reply.owner, reply.guild, reply.channel, reply.reply_channel, reply.message, reply.token,
            int(reply.private), reply.question, reply.answered, reply.at,
        )  # fmt: skip
        with self._file.writing() as connection:
            connection.execute("INSERT OR REPLACE INTO unfinished VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)

    def unfinished(self, run: str) -> list[UnfinishedReply]:
        """Return the replies that runs before ``run`` have begun and not finished, the earliest first."""
        with self._file.reading() as connection:
            found = connection.execute(
                "SELECT u.* FROM unfinished u JOIN seen s ON s.event = u.event WHERE NOT s.done AND s.run != ? "
                "ORDER BY u.at",
                (run,),
            )
            names = [column[0] for column in found.description]
            rows = [dict(zip(names, row, strict=True)) for row in found]
        return [UnfinishedReply(**{**row, "private": bool(row["private"])}) for row in rows]

    # Settings; threads and direct messages; facts

    def settings(self) -> list[tuple[str, str, str]]:
        """Return every setting as (scope, name, value)."""
        with self._file.reading() as connection:
            return connection.execute("SELECT scope, name, value FROM rules ORDER BY scope, name").fetchall()

    def save_setting(self, scope: str, name: str, value: str) -> None:
        """Store a setting; an empty value removes it."""
        with self._file.writing() as connection:
            if value:
                connection.execute("INSERT OR REPLACE INTO rules VALUES (?, ?, ?)", (scope, name, value))
            else:
                connection.execute("DELETE FROM rules WHERE scope = ? AND name = ?", (scope, name))

    def add_thread(self, thread: int) -> None:
        """Record that the bot opened a thread."""
        with self._file.writing() as connection:
            connection.execute("INSERT OR IGNORE INTO threads VALUES (?, 0, ?)", (thread, self.clock()))

    def threads(self) -> set[int]:
        """Return the threads that the bot opened."""
        with self._file.reading() as connection:
            return {row[0] for row in connection.execute("SELECT id FROM threads")}

    def mark_thread_hinted(self, thread: int) -> bool:
        """Record that how to ask was explained in a thread; return whether it was not before."""
        with self._file.writing() as connection:
            found = connection.execute("UPDATE threads SET hinted = 1 WHERE id = ? AND NOT hinted", (thread,))
            return found.rowcount == 1

    def save_direct_channel(self, channel: int, owner: int) -> None:
        """Record that a person sent the bot a direct message."""
        with self._file.writing() as connection:
            connection.execute("INSERT OR REPLACE INTO direct VALUES (?, ?, ?)", (channel, owner, self.clock()))

    def direct_channels(self, limit: int) -> list[int]:
        """Return at most ``limit`` channels of direct messages, the latest first."""
        with self._file.reading() as connection:
            found = connection.execute("SELECT channel FROM direct ORDER BY at DESC LIMIT ?", (limit,))
            return [row[0] for row in found]

    def languages(self) -> dict[int, str]:
        """Return the recorded languages by person."""
        with self._file.reading() as connection:
            return dict(connection.execute("SELECT owner, language FROM languages"))

    def save_language(self, owner: int, language: str) -> None:
        """Record a person's language."""
        with self._file.writing() as connection:
            connection.execute("INSERT OR REPLACE INTO languages VALUES (?, ?, ?)", (owner, language, self.clock()))

    def fact(self, name: str) -> str:
        """Return a stored fact; empty when there is none."""
        with self._file.reading() as connection:
            row = connection.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return row[0] if row else ""

    def save_fact(self, name: str, value: str) -> None:
        """Store a fact: what was registered last, that the bot was connected before."""
        with self._file.writing() as connection:
            connection.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, value))

    # Personal data

    def personal_rows(self, owner: int) -> dict[str, list[dict[str, Any]]]:
        """Return every row that belongs to a person, by table."""
        with self._file.reading() as connection:
            return {
                table: list(_rows(connection.execute(f"SELECT * FROM {table} WHERE owner = ?", (owner,))))  # noqa: S608
                for table in _PERSONAL_TABLES
            }

    def repeated_in(self, person: int) -> set[tuple[int, int]]:
        """Return where others were answered with a person's words: (the other, the channel)."""
        with self._file.reading() as connection:
            found = connection.execute(f"SELECT owner, channel FROM kept WHERE id IN ({_REPEATING})", (person,))  # noqa: S608
            return set(found)

    def delete_person(self, owner: int) -> int:
        """Delete every row that belongs to a person; return how many. Nothing of them remains in the file.

        Others' replies that repeat the person's words go, too; they are not counted.
        """
        with self._file.writing() as connection:
            connection.execute(f"DELETE FROM kept WHERE id IN ({_REPEATING})", (owner,))  # noqa: S608
            connection.execute(_UNUSED_WORDS_OF, (owner,))
            deleted = sum(
                connection.execute(f"DELETE FROM {table} WHERE owner = ?", (owner,)).rowcount  # noqa: S608
                for table in _PERSONAL_TABLES
            )
            connection.execute(_UNUSED_WORDS_OF, (owner,))
        self._file.flush()
        return deleted

    def expire(self) -> int:
        """Delete the rows that are older than the retention; return how many."""
        oldest = self._oldest()
        with self._file.writing() as connection:
            deleted = connection.execute("DELETE FROM kept WHERE asked < ?", (oldest,)).rowcount
            connection.execute(_UNUSED_WORDS_OF, (0,))
            for table in ("votes", "threads", "direct", "languages"):
                deleted += connection.execute(f"DELETE FROM {table} WHERE at < ?", (oldest,)).rowcount  # noqa: S608
            outdated = self.clock() - _EVENT_RETENTION_SECONDS
            for table in ("seen", "unfinished"):
                deleted += connection.execute(f"DELETE FROM {table} WHERE at < ?", (outdated,)).rowcount  # noqa: S608
            return deleted

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _oldest(self) -> float:
        return self.clock() - self._retention


def _page(stored: dict[str, Any] | list[Any]) -> MessagePage:
    """Return a stored page; those of earlier versions are pairs of text and numbers."""
    if isinstance(stored, list):
        return MessagePage(stored[0], tuple(stored[1]))
    blocks = tuple(TextBlock(**block) for block in stored["blocks"])
    return MessagePage(stored["text"], tuple(stored["numbers"]), Accent(stored["accent"]), blocks)


_PERSONAL_TABLES = ("kept", "votes", "direct", "languages", "unfinished")
_FOLLOWED_TURNS = 4  # a follow-up reaches back three answers
_REPEATING = "SELECT reply FROM words_of WHERE owner = ?"
_UNUSED_WORDS_OF = "DELETE FROM words_of WHERE owner = ? OR reply NOT IN (SELECT id FROM kept)"
_SECRET_COLUMNS = frozenset({"token"})


def _rows(cursor: Any) -> Iterator[dict[str, Any]]:
    names: Sequence[str] = [column[0] for column in cursor.description]
    for row in cursor:
        yield {name: value for name, value in zip(names, row, strict=True) if name not in _SECRET_COLUMNS}
