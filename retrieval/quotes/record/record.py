"""The record: what somebody said, over all articles, by date, each statement once.

It is answered from the statement index (``retrieval.store.statements``), which ingestion fills; articles that are not
in it (of an older store) are read when the record is first asked. Copies of a statement, in syndicated articles or
quoted by several outlets, are one entry: it has its first report, and who else carried it.
"""

from __future__ import annotations

import difflib
import json
import math
import sqlite3
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date
from itertools import count
from typing import Protocol

from retrieval.articles import ArticleInfo, Filters, Span
from retrieval.errors import FilterError, InputError, StoreError
from retrieval.quotes.record.differences import StatementDifference, differences
from retrieval.quotes.record.extraction import statements
from retrieval.quotes.record.speakers import (
    DOMINANCE,
    RecordedSpeaker,
    lookup_words,
    recorded_speakers,
    speakers_named,
)
from retrieval.store import rows
from retrieval.store import statements as index
from retrieval.store.lock import LockWait
from retrieval.store.statements import Statement, StatementKind, StoredStatement
from retrieval.store.writer import LibraryWriter
from retrieval.text.analyzer import terms
from retrieval.text.tokens import read_words, term_set

MAX_ENTRIES = 50
"""Entries returned where no other number is asked for, the latest ones."""
MIN_TOPIC_SHARE = 0.6
"""Share of the topic's terms, weighted by rarity, that a statement with its neighbouring sentences has to have."""
TITLE_WEIGHT = 0.5
"""Weight of a topic's term that only the article's title has."""
MAX_STATEMENTS = 5_000
"""Statements of a speaker that a question looks at, the latest ones: of somebody who is quoted 100,000 times, reading
them all takes two seconds."""
MAX_SUGGESTIONS = 5
"""Similar names, or speakers that a name can mean, that a message lists."""

UNREAD_REMEDY = "the store cannot be written now; ask again when it can"
"""What is said where articles could not be read for their statements."""

NOTIFY_SECONDS = 10.0
"""Between two lines that say how far the reading of articles is."""
_ARTICLES_PER_COMMIT = 100
_NO_FILTERS = Filters()


class StatementLibrary(Protocol):
    """The articles and their statement index: ``retrieval.store.library.Library``."""

    def reading(self) -> AbstractContextManager[sqlite3.Connection]:
        """Lend a connection inside a read transaction."""
        ...

    def writer(self, waiting: LockWait | None = ...) -> AbstractContextManager[LibraryWriter]:
        """Hold the writer lock while the block runs."""
        ...

    def document_frequencies(self, terms: Collection[str]) -> dict[str, int]:
        """Return, for each analysed term, the number of passages that contain it."""
        ...


@dataclass(frozen=True, slots=True)
class PlacedStatement:
    """A statement in its article.

    Attributes:
        article: The article.
        statement: The statement.
        words: Its words, verbatim: ``article.text[span.start:span.end]`` of each span of ``statement.content``.
        excerpt: The sentences around it, verbatim.
        named: The characters that name the speaker.
    """

    article: ArticleInfo
    statement: Statement
    words: tuple[str, ...]
    excerpt: str
    named: str


@dataclass(frozen=True, slots=True)
class RecordEntry:
    """A statement with all its reports.

    Attributes:
        shown: The report that is shown: direct before indirect, then the earliest.
        reports: All of them, the earliest first, undated last: ``reports[0]`` is the first report.
        mentions: Whether a report has the topic in its own sentences, not only beside them; true without a topic.
    """

    shown: PlacedStatement
    reports: tuple[PlacedStatement, ...]
    mentions: bool = True

    @property
    def first(self) -> PlacedStatement:
        """The first report."""
        return self.reports[0]

    @property
    def day(self) -> str:
        """The day of the first report, ISO; empty when unknown."""
        return rows.day(self.first.article.published)


@dataclass(frozen=True, slots=True)
class SpeakerRecord:
    """What a speaker said.

    Attributes:
        speaker: The speaker.
        namesakes: Other speakers that the name can mean, who are named far less often.
        entries: The statements by date, direct before indirect on a day, undated last.
        found: How many entries there are; more than ``entries`` has where it was limited.
        statements: How many statements of the speaker the filters leave, whatever their topic, copies included.
        differences: Pairs of ``entries`` that share a topic and differ.
        about: The topic, as it was asked.
        pivot: The day that parts the entries into before and after; empty without one.
        articles: How many articles were searched.
        unread: Articles whose statements could not be read, because the store cannot be written now.
        ambiguous: Statements of the same surname that no article ties to one of several speakers.
    """

    speaker: RecordedSpeaker
    namesakes: tuple[RecordedSpeaker, ...]
    entries: tuple[RecordEntry, ...]
    found: int
    statements: int
    differences: tuple[StatementDifference, ...] = ()
    about: str = ""
    pivot: str = ""
    articles: int = 0
    unread: int = 0
    ambiguous: int = 0


class SpeakerUnknown(InputError):
    """No statement in the record is by a speaker of this name.

    Attributes:
        unread: Articles whose statements could not be read.
    """

    def __init__(self, message: str, unread: int = 0) -> None:
        super().__init__(message)
        self.unread = unread


class SpeakerAmbiguous(InputError):
    """A name can mean several speakers, none of whom is named far more often than the others."""


class Record:
    """The record of one library. Safe to share between threads.

    Args:
        library: The library.
        notify: Called with one line before many articles are read.
    """

    def __init__(self, library: StatementLibrary, notify: Callable[[str], None] = lambda _: None) -> None:
        self._library = library
        self._notify = notify
        self._known: tuple[tuple[str, int], list[RecordedSpeaker]] = (("", -1), [])

    def sync(self, waiting: LockWait | None = None) -> int:
        """Read the articles that are not in the index (6 ms each, 30 of long ones); return how many are left.

        Some are left only where the store cannot be written. A hundred are committed at a time: what was committed
        stays when it is interrupted, and others may write between, and while texts are read. How far it is goes to
        ``notify`` every ``NOTIFY_SECONDS``.
        """
        with self._library.reading() as connection:
            missing = index.unread(connection)
        if not missing:
            return 0
        self._notify(f"reading who said what in {len(missing):,} articles, once")
        try:
            with self._library.writer(waiting) as writer:  # an index of an earlier version is emptied
                missing = index.unread(writer.connection)
            begun = told = time.monotonic()
            for start in range(0, len(missing), _ARTICLES_PER_COMMIT):
                keys = missing[start : start + _ARTICLES_PER_COMMIT]
                self._read(keys, waiting)
                now, done = time.monotonic(), start + len(keys)
                if now - told >= NOTIFY_SECONDS and done < len(missing):
                    told = now
                    minutes = math.ceil((now - begun) / done * (len(missing) - done) / 60)
                    self._notify(f"{done:,} of {len(missing):,} read, about {minutes:,} min left")
        except StoreError:
            with self._library.reading() as connection:
                return len(index.unread(connection))
        return 0

    def _read(self, keys: Sequence[int], waiting: LockWait | None) -> None:
        """Read articles and store their statements: the writer lock is held for the latter only."""
        with self._library.reading() as connection:
            texts = [(key, rows.text(connection, key)) for key in index.unread(connection, keys)]
        read = {key: list(statements(text)) for key, text in texts}
        with self._library.writer(waiting) as writer, writer.transaction():
            for key in index.unread(writer.connection, read):  # not one that was deleted, or read, meanwhile
                writer.put_statements(key, read[key])

    def known_people(self) -> list[RecordedSpeaker]:
        """Return the named speakers of the articles that have been read, as of the library's last change; at once."""
        with self._library.reading() as connection:
            revision = rows.meta(connection, "revision"), len(index.unread(connection))
            if self._known[0] != revision:
                found = recorded_speakers(index.speaker_names(connection))
                self._known = revision, [speaker for speaker in found if speaker.named]
            return self._known[1]

    def people(self, filters: Filters = _NO_FILTERS) -> list[RecordedSpeaker]:
        """Return the named speakers of the articles that match ``filters``, most statements first.

        Raises:
            FilterError: A date in ``filters`` cannot be read.
        """
        self.sync()
        with self._library.reading() as connection:
            names = index.speaker_names(connection, condition=rows.condition(filters))
        return [speaker for speaker in recorded_speakers(names) if speaker.named]

    def said(
        self,
        name: str,
        about: str = "",
        filters: Filters = _NO_FILTERS,
        *,
        pivot: str = "",
        limit: int | None = MAX_ENTRIES,
    ) -> SpeakerRecord:
        """Return what somebody said, by date.

        Args:
            name: The speaker: any name that articles use, with or without a title.
            about: Words of the topic; empty for all topics.
            filters: The articles to search.
            pivot: A day (YYYY-MM-DD) that parts what was said before it from what was said from then on.
            limit: At most this many entries, the latest; all of them with None.

        Raises:
            SpeakerUnknown: There is no statement by anybody of that name.
            SpeakerAmbiguous: The name can mean several speakers.
            FilterError: A date cannot be read.
        """
        condition = rows.condition(filters)
        _check_day(pivot)
        unread = self.sync()
        weights = self._weights(_topic(about))
        with self._library.reading() as connection:
            speakers = recorded_speakers(index.speaker_names(connection, lookup_words(name)))
            meant = speakers_named(name, speakers)
            if not meant:
                raise SpeakerUnknown(_unknown(connection, name, unread), unread)
            if _is_ambiguous(meant):
                raise SpeakerAmbiguous(_ambiguous(name, meant))
            speaker, *namesakes = meant
            found, ambiguous = _statements(connection, speaker, speakers, condition)
            groups = _groups(connection, found, weights)
            shown = groups if limit is None else groups[max(0, len(groups) - limit) :]
            entries = tuple(_entries(connection, shown, weights))
            articles = connection.execute(f"SELECT count(*) FROM articles WHERE {condition[0]}", condition[1])  # noqa: S608
            searched = int(articles.fetchone()[0])
        return SpeakerRecord(
            speaker=speaker,
            namesakes=tuple(namesakes),
            entries=entries,
            found=len(groups),
            statements=len(found),
            differences=tuple(differences([" … ".join(entry.shown.words) for entry in entries])),
            about=about.strip(),
            pivot=pivot,
            articles=searched,
            unread=unread,
            ambiguous=ambiguous,
        )

    def latest(self, name: str, about: str = "", filters: Filters = _NO_FILTERS) -> tuple[RecordEntry, ...]:
        """Return the last entries of what somebody said, by date, for a question: as ``said`` has them, but at once.

        Nothing for a name that no statement or several speakers have. Articles that are not in the index do not count,
        and of the statements that have a word of the topic only the latest ``MAX_STATEMENTS``.

        Raises:
            InputError: The topic has no word to search for.
            FilterError: A date cannot be read.
        """
        condition, topic = rows.condition(filters), _topic(about)
        weights = self._weights(topic)
        with self._library.reading() as connection:
            speakers = recorded_speakers(index.speaker_names(connection, lookup_words(name)))
            meant = speakers_named(name, speakers)
            if not meant or _is_ambiguous(meant):
                return ()
            found, _ = _statements(connection, meant[0], speakers, condition, topic=topic, latest=MAX_STATEMENTS)
            return tuple(_entries(connection, _groups(connection, found, weights)[-MAX_ENTRIES:], weights))

    def _weights(self, topic: Collection[str]) -> dict[str, float]:
        """Return the rarity of each term of a topic."""
        frequencies = self._library.document_frequencies(topic)
        most = max(frequencies.values(), default=0) + 1
        return {term: 1.0 + math.log((most + 1) / (frequency + 1)) for term, frequency in frequencies.items()}


def _check_day(pivot: str) -> None:
    try:
        if pivot:
            date.fromisoformat(pivot)
    except ValueError:
        raise FilterError(f"not a date: {pivot!r}; write it as YYYY-MM-DD") from None


def _topic(about: str) -> frozenset[str]:
    """Return the terms of a topic.

    Raises:
        InputError: It has none.
    """
    topic = term_set(read_words(about, sentence=False)) or frozenset(terms(about))
    if about.strip() and not topic:
        raise InputError(f"the topic {about!r} has no word to search for: name a person, a place or a subject")
    return topic


def _is_ambiguous(found: Sequence[RecordedSpeaker]) -> bool:
    """Return whether a name can mean several speakers, of whom the first is not named far more often."""
    return len(found) > 1 and found[0].statements < DOMINANCE * found[1].statements


def _ambiguous(name: str, found: Sequence[RecordedSpeaker]) -> str:
    listed = ", ".join(f"{each.name} ({each.statements:,})" for each in found[:MAX_SUGGESTIONS])
    more = f" and {len(found) - MAX_SUGGESTIONS} more" if len(found) > MAX_SUGGESTIONS else ""
    return f"{name!r} can mean several speakers: {listed}{more}; give the full name"


def _unknown(connection: sqlite3.Connection, name: str, unread: int) -> str:
    if unread:
        return f"no statement by {name!r} was found, but {unread:,} articles could not be read: {UNREAD_REMEDY}"
    names = [each.name for each in index.speaker_names(connection) if each.name]
    near = difflib.get_close_matches(name, names, n=3, cutoff=0.75)
    hint = f": did you mean {' or '.join(near)}?" if near else ""
    return f"no article has a statement by {name!r}{hint}"


def _is_surname_of(short: RecordedSpeaker, speaker: RecordedSpeaker) -> bool:
    """Return whether a speaker is only a surname that could be this one's."""
    return len(short.name.split()) == 1 and short in speakers_named(speaker.name.split()[-1], [short])


def _topic_share(weights: dict[str, float], found: StoredStatement, infos: dict[int, ArticleInfo]) -> float:
    """Return the share of a topic's terms, weighted by rarity, in a statement and beside it; 1 without a topic."""
    if not weights:
        return 1.0
    held = weights.keys() & {*found.terms.split(), *found.nearby.split()}
    if not held:
        return 0.0
    missing = weights.keys() - held
    title = missing & set(terms(infos[found.article].title)) if missing else missing
    return (sum(weights[term] for term in held) + TITLE_WEIGHT * sum(weights[term] for term in title)) / sum(
        weights.values()
    )


def _statements(
    connection: sqlite3.Connection,
    speaker: RecordedSpeaker,
    speakers: Sequence[RecordedSpeaker],
    condition: tuple[str, Sequence[object]],
    *,
    topic: Collection[str] = (),
    latest: int | None = None,
) -> tuple[list[StoredStatement], int]:
    """Return the statements of a speaker by date, and how many of the same surname no article ties to one of several.

    Those under a surname alone are the speaker's where they have a sentence of theirs. ``topic`` and ``latest`` are as
    for ``index.statements_of``.
    """
    apart = [each for each in speakers if each is not speaker and _is_surname_of(each, speaker)]
    keys = [key for each in apart for key in each.keys]
    found = list(index.statements_of(connection, speaker.keys, condition, topic, latest))
    shared = list(index.statements_of(connection, keys, condition, topic, latest)) if keys else []
    known = index.sentences_of(connection, speaker.keys, condition) if shared else set()
    told = {key for key in known if not key.startswith("=")}
    copies = [each for each in shared if not told.isdisjoint(each.sentences.split())]
    return (sorted([*found, *copies], key=_age) if copies else found), len(shared) - len(copies)


def _groups(
    connection: sqlite3.Connection, found: Sequence[StoredStatement], weights: dict[str, float]
) -> list[list[StoredStatement]]:
    """Return statements on a topic in groups of copies, in the order of entries."""
    infos = _infos(connection, {each.article for each in found}) if weights else {}
    chosen = [each for each in found if _topic_share(weights, each, infos) >= MIN_TOPIC_SHARE]
    return sorted(_grouped(chosen), key=_order)


def _grouped(found: Sequence[StoredStatement]) -> list[list[StoredStatement]]:
    """Return statements of one speaker in groups of copies: those that share a sentence.

    Sentences of fewer than four words are copies only on one day.
    """
    numbers = count()
    group_of: dict[str, int] = {}
    groups: dict[int, list[StoredStatement]] = {}
    for each in found:
        keys = [f"{each.day}{key}" if key.startswith("=") else key for key in each.sentences.split()]
        known = sorted({group_of[key] for key in keys if key in group_of})
        number = known[0] if known else next(numbers)
        members = groups.setdefault(number, [])
        for other in known[1:]:
            members += groups.pop(other)
        if known[1:]:
            merged = set(known[1:])
            group_of.update({key: number for key, value in group_of.items() if value in merged})
        members.append(each)
        group_of.update(dict.fromkeys(keys, number))
    return [sorted(members, key=_age) for members in groups.values()]


def _age(found: StoredStatement) -> tuple[bool, str, int, int]:
    return not found.day, found.day, found.article, found.key


_DIRECTNESS: dict[str, int] = {kind: number for number, kind in enumerate(StatementKind)}


def _order(group: Sequence[StoredStatement]) -> tuple[bool, str, int, int, int]:
    """The order of entries: by the day of the first report, direct before indirect, then as articles have them."""
    first = group[0]
    return not first.day, first.day, _DIRECTNESS[_best(group).kind], first.article, first.key


def _best(group: Sequence[StoredStatement]) -> StoredStatement:
    return min(group, key=lambda each: (_DIRECTNESS[each.kind], *_age(each)))


def _mentions(weights: dict[str, float], found: StoredStatement) -> bool:
    """Return whether a statement's own sentences have half of a topic."""
    held = weights.keys() & set(found.terms.split())
    return 2 * sum(weights[term] for term in held) >= sum(weights.values())


def _entries(
    connection: sqlite3.Connection, groups: Sequence[Sequence[StoredStatement]], weights: dict[str, float]
) -> Iterator[RecordEntry]:
    infos = _infos(connection, {each.article for group in groups for each in group})
    for group in groups:
        best = _best(group)
        once = {each.article: each for each in reversed(group)}
        once[best.article] = best
        placed = {
            each.key: _placed(connection, each, infos[each.article]) for each in group if once[each.article] is each
        }
        mentions = any(_mentions(weights, each) for each in group)
        yield RecordEntry(placed[best.key], tuple(placed.values()), mentions)


def _placed(connection: sqlite3.Connection, found: StoredStatement, info: ArticleInfo) -> PlacedStatement:
    statement = found.statement
    around = _hull([statement.excerpt, statement.source, *statement.content])
    text = rows.text(connection, found.article, around.start, around.end)

    def of(span: Span) -> str:
        return text[span.start - around.start : span.end - around.start]

    return PlacedStatement(
        info,
        replace(statement, terms=(), nearby=()),
        tuple(map(of, statement.content)),
        of(statement.excerpt),
        of(statement.source),
    )


def _hull(spans: Sequence[Span]) -> Span:
    return Span(min(span.start for span in spans), max(span.end for span in spans))


def _infos(connection: sqlite3.Connection, keys: Collection[int]) -> dict[int, ArticleInfo]:
    found = connection.execute(
        f"{rows.INFO.replace('SELECT', 'SELECT key,', 1)} WHERE key IN (SELECT value FROM json_each(?))",  # noqa: S608
        (json.dumps(sorted(keys)),),
    )
    return {row[0]: rows.info(row[1:]) for row in found}
