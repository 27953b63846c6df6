"""Conversation store: turns in one SQLite file, bounded, expiring, and overwritten when deleted.

A turn is one row, written in one transaction: after a kill it is there whole or not at all. Several processes may read
and write at once (write-ahead log; SQLite lets one write at a time, the others wait). The file and its log are readable
by their owner only; deleted rows are overwritten (``secure_delete``).
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from bot.answers import Answer, Citation
from bot.conversation.separate_questions import main_question
from retrieval.articles import Span
from retrieval.errors import InputError
from retrieval.store.private_db import PrivateDatabase
from retrieval.store.sqlite import Migration, run_script

MAX_ANSWER_CHARACTERS = 4_000
"""Characters of an answer that are kept. Follow-ups are searched with the first few hundred
(``bot.conversation.context_dependence``); a chat model gets the rest."""


@dataclass(frozen=True, slots=True)
class CitedPlace:
    """A citation of a turn's answer.

    Attributes:
        number: The citation's number in that answer.
        article_id: The article.
        span: The characters: ``article.text[span.start:span.end] == quote``, while the article is unchanged.
        quote: The words.
    """

    number: int
    article_id: str
    span: Span
    quote: str


@dataclass(frozen=True, slots=True)
class Turn:
    """A question that was asked and what was answered.

    Attributes:
        question: As it was asked.
        standalone_question: As it was resolved; ``question`` itself where it needed no context.
        answer: The answer in words, without what is not confirmed; the message where ``abstained``.
        places: The citations; where ``abstained``, the nearest sentences shown.
        abstained: Nothing was asserted.
        asked: When, in seconds since 1970 (UTC).
        possibly: The answer is sentences that only may answer.
        confidence: The calibrated probability that the first citation answers, in [0, 1]; None where none was judged:
            a composed answer, or a turn of an older version.
    """

    question: str
    standalone_question: str
    answer: str
    places: tuple[CitedPlace, ...]
    abstained: bool
    asked: float
    possibly: bool = False
    confidence: float | None = None


def turn_of(answer: Answer, asked: float) -> Turn:
    """Return the turn of ``answer``, asked at ``asked`` seconds since 1970."""
    return Turn(
        question=answer.question,
        standalone_question=answer.standalone_question or main_question(answer.question),
        answer=_words(answer)[:MAX_ANSWER_CHARACTERS],
        places=tuple(_place(citation) for citation in answer.shown),
        abstained=bool(answer.message),
        asked=asked,
        possibly=answer.possibly,
        confidence=None if answer.method else answer.confidence,
    )


def places_json(places: Sequence[CitedPlace]) -> str:
    """Return places as they are stored."""
    return json.dumps(
        [[place.number, place.article_id, place.span.start, place.span.end, place.quote] for place in places],
        ensure_ascii=False,
    )


def places_from(text: str) -> tuple[CitedPlace, ...]:
    """Return the places that ``places_json`` wrote."""
    return tuple(
        CitedPlace(number, article, Span(start, end), quote) for number, article, start, end, quote in json.loads(text)
    )


def turn_text(turn: Turn) -> str:
    """Return a turn as it is stored outside of a conversation: JSON."""
    return json.dumps({**asdict(turn), "places": places_json(turn.places)}, ensure_ascii=False)


def turn_from(text: str) -> Turn:
    """Return the turn that ``turn_text`` wrote."""
    stored = json.loads(text)
    return Turn(**{**stored, "places": places_from(stored["places"])})


def _words(answer: Answer) -> str:
    """Return the claims of the answer, without citation numbers."""
    return answer.message or " ".join(claim.text for claim in answer.claims)


def _place(citation: Citation) -> CitedPlace:
    return CitedPlace(citation.number, citation.article.id, citation.span, citation.quote)


CONVERSATIONS_FILE = "conversations.sqlite"
"""The file's name in the store's folder."""
MAX_TURNS = 50
"""Turns kept of a conversation, the latest. Follow-ups reach back three; the rest is for ``/why`` and a chat model."""
MAX_NAME_CHARACTERS = 200
"""Characters of a conversation's name: two Discord ids and a word take 60."""

_DAY = 86_400.0
_TABLES = """
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
_POSSIBLY = "ALTER TABLE turns ADD COLUMN possibly INTEGER NOT NULL DEFAULT 0;"
_CONFIDENCE = "ALTER TABLE turns ADD COLUMN confidence REAL;"
_MIGRATIONS = (
    Migration("turns", lambda connection: run_script(connection, _TABLES)),
    Migration("possibly", lambda connection: run_script(connection, _POSSIBLY)),
    Migration("confidence", lambda connection: run_script(connection, _CONFIDENCE)),
)


@dataclass(frozen=True, slots=True)
class StoredConversation:
    """A conversation in the list of those kept: its name, number of turns, and when the last was asked (s, UTC)."""

    name: str
    turns: int
    last: float


class ConversationStore:
    """The conversations of one store. Safe to share between threads; the file is made at the first turn.

    Args:
        folder: The store's folder.
        retention_days: Turns older than this are deleted at the next turn of any conversation, and never returned.
        clock: Seconds since 1970.
    """

    def __init__(self, folder: Path, *, retention_days: float, clock: Callable[[], float] = time.time) -> None:
        self._file = PrivateDatabase(
            folder / CONVERSATIONS_FILE,
            _MIGRATIONS,
            failure="conversations cannot be kept",
            recovery="`onrecord forget --all` deletes it; articles are not touched",
        )
        self._retention = retention_days * _DAY
        self._clock = clock

    def turns(self, name: str) -> list[Turn]:
        """Return the turns of a conversation that have not expired, oldest first; none for an unknown one.

        Raises:
            StoreError: The file cannot be read.
        """
        if not self._file.exists:
            return []
        with self._file.reading() as connection:
            found = connection.execute(
                "SELECT question, standalone, answer, places, abstained, asked, possibly, confidence FROM turns "
                "WHERE conversation = ? AND asked >= ? ORDER BY key",
                (name, self._oldest()),
            ).fetchall()
        return [
            Turn(question, standalone, answer, places_from(places), bool(abstained), asked, bool(possibly), confidence)
            for question, standalone, answer, places, abstained, asked, possibly, confidence in found
        ]

    def add(self, name: str, turn: Turn) -> None:
        """Keep a turn, and delete what has expired and what exceeds ``MAX_TURNS``.

        Raises:
            InputError: The name is empty or too long.
            StoreError: The file cannot be written.
        """
        check_name(name)
        row = (
            name, turn.asked, turn.question, turn.standalone_question, turn.answer, places_json(turn.places),
            int(turn.abstained), int(turn.possibly), turn.confidence,
        )  # fmt: skip
        with self._file.writing() as connection:
            connection.execute(
                "INSERT INTO turns (conversation, asked, question, standalone, answer, places, abstained, possibly, "
                "confidence) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                row,
            )
            connection.execute(
                "DELETE FROM turns WHERE conversation = ? AND key NOT IN "
                "(SELECT key FROM turns WHERE conversation = ? ORDER BY key DESC LIMIT ?)",
                (name, name, MAX_TURNS),
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
        self._file.discard()

    def names(self) -> list[StoredConversation]:
        """Return the conversations kept, the latest first.

        Raises:
            StoreError: The file cannot be read.
        """
        if not self._file.exists:
            return []
        with self._file.reading() as connection:
            found = connection.execute(
                "SELECT conversation, count(*), max(asked) FROM turns WHERE asked >= ? "
                "GROUP BY conversation ORDER BY max(asked) DESC, conversation",
                (self._oldest(),),
            ).fetchall()
        return [StoredConversation(*row) for row in found]

    def close(self) -> None:
        """Close the file; it opens again when it is needed."""
        self._file.close()

    def _delete(self, condition: str, *values: object) -> int:
        if not self._file.exists:
            return 0
        with self._file.writing() as connection:
            gone = connection.execute(f"DELETE FROM turns WHERE {condition}", values).rowcount  # noqa: S608
        if gone:
            self._file.flush()  # the log held the rows, too
        return gone

    def _oldest(self) -> float:
        return self._clock() - self._retention


def check_name(name: str) -> str:
    """Return a conversation's name as it was given.

    Raises:
        InputError: It is empty or too long, or holds a control character.
    """
    if not name.strip() or len(name) > MAX_NAME_CHARACTERS or not name.isprintable():
        raise InputError(
            f"a conversation's name has 1 to {MAX_NAME_CHARACTERS} printable characters, not {name[:40]!r}"
        )
    return name
