"""The statement index: who said what, in which article, at which characters.

It is filled article by article, in the transaction that stores the article; an article that was stored before the index
existed, or by another version of the rules, counts as unread until ``add`` is called for it. What a statement is, and
whose, is decided elsewhere (``retrieval.quotes.record``).
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from retrieval.articles import Span
from retrieval.store import rows
from retrieval.text.lexicon import ARTICLES
from retrieval.text.names import fold_name

META_KEY = "statements"
INDEX_VERSION = "2"
"""Stored under ``META_KEY``. It changes with the tables, and with the rules of attribution: statements of another
version are deleted, and their articles read again."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS statement_articles (
    article INTEGER PRIMARY KEY REFERENCES articles (key) ON DELETE CASCADE
);
CREATE TABLE IF NOT EXISTS speakers (key INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS speaker_words (
    word TEXT NOT NULL, speaker INTEGER NOT NULL REFERENCES speakers (key), PRIMARY KEY (word, speaker)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS statements (
    key INTEGER PRIMARY KEY,
    article INTEGER NOT NULL REFERENCES articles (key) ON DELETE CASCADE,
    speaker INTEGER NOT NULL REFERENCES speakers (key),
    kind TEXT NOT NULL, rule TEXT NOT NULL, confidence REAL NOT NULL,
    places TEXT NOT NULL, terms TEXT NOT NULL, nearby TEXT NOT NULL, sentences TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS statements_article ON statements (article);
CREATE INDEX IF NOT EXISTS statements_speaker ON statements (speaker, article);
"""


_SMALL_WORDS = ARTICLES | {"of", "and", "for"}


class StatementKind(StrEnum):
    """How an article gives somebody's words, the closest to them first."""

    DIRECT = "direct"  # inside quotation marks
    MIXED = "mixed"  # partly so: she called it “a disaster”
    INDIRECT = "indirect"  # in the article's words: she said that it was bad


@dataclass(frozen=True, slots=True)
class Statement:
    """What an article says that somebody said.

    Attributes:
        kind: Whether in their words.
        content: The characters of the words, without marks; several where the source interrupts them.
        excerpt: The sentences that have the words and, where it is near, the source: what is shown.
        speaker: The full name that the source stands for in the article, or the source's own characters.
        source: The characters that name the speaker.
        cue: The verb or noun of saying; None where there is none.
        rule: The rule of attribution.
        confidence: The measured precision of that rule, in [0, 1].
        via: The outlet that it was said to, or is quoted from; None where none is named.
        terms: Analysed terms of its sentences, each once.
        nearby: Analysed terms that only the sentences beside them have, each once.
        sentences: A hash of each sentence of the words, by which copies are recognised.
    """

    kind: StatementKind
    content: tuple[Span, ...]
    excerpt: Span
    speaker: str
    source: Span
    cue: Span | None
    rule: str
    confidence: float
    via: Span | None = None
    terms: tuple[str, ...] = ()
    nearby: tuple[str, ...] = ()
    sentences: tuple[str, ...] = ()

    @property
    def span(self) -> Span:
        """The characters from its first word to its last."""
        return Span(self.content[0].start, self.content[-1].end)


class StoredStatement(NamedTuple):  # read by the thousand, shown by the dozen
    """A statement of the index.

    Attributes:
        key: Its row key.
        article: The row key of its article.
        day: The day on which that was published, ISO; empty when unknown.
        kind: Whether in the speaker's words.
        terms: Analysed terms of its sentences, separated by spaces.
        nearby: Analysed terms that only the sentences beside them have, likewise.
        sentences: A hash of each sentence of the words, separated by spaces.
        speaker: The speaker's name in the article.
        rule: The rule of attribution.
        confidence: The measured precision of that rule.
        places: Its spans as they are stored.
    """

    key: int
    article: int
    day: str
    kind: str
    terms: str
    nearby: str
    sentences: str
    speaker: str
    rule: str
    confidence: float
    places: str

    @property
    def statement(self) -> Statement:
        """The statement."""
        excerpt, source, cue, via, *content = _spans(self.places)
        return Statement(
            StatementKind(self.kind),
            tuple(span for span in content if span),
            excerpt or Span(0, 0),
            self.speaker,
            source or Span(0, 0),
            cue,
            self.rule,
            self.confidence,
            via,
            tuple(self.terms.split()),
            tuple(self.nearby.split()),
            tuple(self.sentences.split()),
        )


@dataclass(frozen=True, slots=True)
class SpeakerName:
    """A name under which statements are stored.

    Attributes:
        key: Its row key.
        name: The name.
        statements: How many statements there are.
        articles: In how many articles.
    """

    key: int
    name: str
    statements: int
    articles: int


def create(connection: sqlite3.Connection) -> None:
    """Create the tables where they are missing."""
    for statement in filter(str.strip, _SCHEMA.split(";")):
        connection.execute(statement)


def rebuild(connection: sqlite3.Connection) -> None:
    """Empty the index inside the caller's transaction: every article counts as unread after."""
    for table in ("statements", "statement_articles", "speaker_words", "speakers"):
        connection.execute(f"DROP TABLE IF EXISTS {table}")
    create(connection)


def is_current(connection: sqlite3.Connection) -> bool:
    """Return whether the index exists and is of this version."""
    return rows.meta(connection, META_KEY) == INDEX_VERSION


def unread(connection: sqlite3.Connection, among: Collection[int] | None = None) -> list[int]:
    """Return the row keys of the articles whose statements are not in the index, in order of arrival.

    Args:
        connection: Of the library.
        among: Only of these articles.
    """
    if not is_current(connection):
        return rows.article_keys(connection)
    chosen, values = (
        ("", ()) if among is None else ("key IN (SELECT value FROM json_each(?)) AND ", (json.dumps([*among]),))
    )
    found = connection.execute(
        f"SELECT key FROM articles WHERE {chosen}key NOT IN (SELECT article FROM statement_articles) ORDER BY key",  # noqa: S608
        values,
    )
    return [key for (key,) in found]


def add(connection: sqlite3.Connection, article: int, found: Iterable[Statement]) -> None:
    """Store the statements of an article, with which they are deleted; it counts as read."""
    connection.execute("INSERT OR IGNORE INTO statement_articles VALUES (?)", (article,))
    connection.execute("DELETE FROM statements WHERE article = ?", (article,))
    speakers: dict[str, int] = {}
    for each in found:
        if each.speaker not in speakers:
            speakers[each.speaker] = _speaker(connection, each.speaker)
        connection.execute(
            "INSERT INTO statements (article, speaker, kind, rule, confidence, places, terms, nearby, sentences) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(article, speakers[each.speaker], each.kind, each.rule, each.confidence, _places(each)),
                *(" ".join(each.terms), " ".join(each.nearby), " ".join(each.sentences)),
            ),
        )


def _speaker(connection: sqlite3.Connection, name: str) -> int:
    row = connection.execute("SELECT key FROM speakers WHERE name = ?", (name,)).fetchone()
    if row:
        return int(row[0])
    key = int(connection.execute("INSERT INTO speakers (name) VALUES (?)", (name,)).lastrowid or 0)
    plain = fold_name(name).split()
    words = {part for word in plain for part in (word, *word.split("-"))}
    words.add("".join(word[0] for word in plain if word not in _SMALL_WORDS))  # FBI
    connection.executemany("INSERT OR IGNORE INTO speaker_words VALUES (?, ?)", ((word, key) for word in sorted(words)))
    return key


def _places(statement: Statement) -> str:
    """Return the excerpt, source, cue, via and content of a statement as offsets, -1 for what it lacks."""
    spans = (statement.excerpt, statement.source, statement.cue, statement.via, *statement.content)
    return json.dumps(
        [offset for span in spans for offset in ((span.start, span.end) if span else (-1, -1))], separators=(",", ":")
    )


_NAMES = (
    "SELECT s.key, s.name, count(t.key), count(DISTINCT t.article) "
    "FROM speakers s JOIN statements t ON t.speaker = s.key"
)


def speaker_names(
    connection: sqlite3.Connection,
    words: Collection[str] | None = None,
    condition: tuple[str, Sequence[object]] = ("1", ()),
) -> list[SpeakerName]:
    """Return the names under which there are statements, most first.

    Args:
        connection: The library's.
        words: Only names that have any of these folded words.
        condition: On the articles that count (``rows.condition``).
    """
    if not is_current(connection):
        return []
    where, values = "WHERE 1", list(condition[1])
    if condition[0] != "1":
        where = f"WHERE t.article IN (SELECT key FROM articles WHERE {condition[0]})"  # noqa: S608 (our condition)
    if words is not None:
        where += " AND s.key IN (SELECT speaker FROM speaker_words WHERE word IN (SELECT value FROM json_each(?)))"
        values.append(json.dumps(sorted(words)))
    found = connection.execute(f"{_NAMES} {where} GROUP BY s.key ORDER BY count(t.key) DESC, s.name", values)
    return [SpeakerName(*row) for row in found]


def statements_of(
    connection: sqlite3.Connection,
    speakers: Sequence[int],
    condition: tuple[str, Sequence[object]],
    terms: Collection[str] = (),
    latest: int | None = None,
) -> Iterator[StoredStatement]:
    """Yield the statements of speakers, by row key, in order of date, undated last, then of arrival.

    Args:
        connection: The library's.
        speakers: Their row keys.
        condition: On the articles that count (``rows.condition``).
        terms: Only statements that have any of these, themselves or nearby.
        latest: At most so many, the last in that order.
    """
    if not is_current(connection):
        return
    where, values = _by_speakers(speakers, condition)
    if terms:
        held = "instr(' ' || t.terms || ' ' || t.nearby || ' ', ' ' || value || ' ')"
        where += f" AND EXISTS (SELECT 1 FROM json_each(?) WHERE {held})"  # noqa: S608 (ours)
        values.append(json.dumps(sorted(terms)))
    if latest is not None:
        last = "ORDER BY day = '' DESC, day DESC, t.article DESC, t.key DESC LIMIT ?"
        where = f"t.key IN (SELECT t.key FROM statements t JOIN articles a ON a.key = t.article WHERE {where} {last})"  # noqa: S608 (ours)
        values.append(latest)
    found = connection.execute(
        "SELECT t.key, t.article, day, t.kind, t.terms, t.nearby, t.sentences, s.name, t.rule, t.confidence, t.places "  # noqa: S608 (ours)
        "FROM statements t JOIN speakers s ON s.key = t.speaker JOIN articles a ON a.key = t.article "
        f"WHERE {where} ORDER BY day = '', day, t.article, t.key",
        values,
    )
    yield from map(StoredStatement._make, found)


def sentences_of(
    connection: sqlite3.Connection, speakers: Sequence[int], condition: tuple[str, Sequence[object]]
) -> set[str]:
    """Return the keys of the sentences of all statements of speakers (``StoredStatement.sentences``)."""
    where, values = _by_speakers(speakers, condition)
    found = connection.execute(f"SELECT t.sentences FROM statements t WHERE {where}", values)  # noqa: S608 (ours)
    return {key for (sentences,) in found for key in sentences.split()}


def _by_speakers(speakers: Sequence[int], condition: tuple[str, Sequence[object]]) -> tuple[str, list[object]]:
    """Return the condition that a statement ``t`` is by one of the speakers, in an article that counts."""
    where, values = condition
    chosen = "" if where == "1" else f" AND t.article IN (SELECT key FROM articles WHERE {where})"  # noqa: S608 (ours)
    by = "t.speaker IN (SELECT value FROM json_each(?))"
    return by + chosen, [json.dumps(list(speakers)), *values]


def _spans(stored: str) -> list[Span | None]:
    offsets = json.loads(stored)
    return [Span(start, end) if start >= 0 else None for start, end in zip(offsets[::2], offsets[1::2], strict=True)]
