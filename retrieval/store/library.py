"""The library: articles, passages, vectors and their indexes in one SQLite file, the source of truth of a store.

One writer at a time (``Library.writer``), any number of readers in any process; a reader sees complete commits only.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
import threading
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from retrieval.articles import Article, ArticleInfo, Filters, Passage
from retrieval.embedding.model_files import Fingerprint
from retrieval.errors import FingerprintMismatch, InputError, LibraryIsReplica, StoreError
from retrieval.store import duplicates, filter_values, rows, schema, word_index
from retrieval.store.article_list import ArticleList
from retrieval.store.corpus_statistics import CorpusStatistics, Counts
from retrieval.store.lock import LockWait, exclusive
from retrieval.store.row_copy import unknown_objects
from retrieval.store.rows import PassageChanges
from retrieval.store.sqlite import is_snapshot, without_replaced

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from retrieval.store.writer import LibraryWriter

NO_FILTERS = Filters()

MAX_SCORED = 20_000
"""Passages that word search scores at most, about a microsecond each. It is four times what search itself asks for
(``retrieval.search.hybrid``): it bounds the searches that ask for one term, however frequent, or a phrase."""

_RECORDED = {
    "passages": "a.passages",
    "blocks": "1",
    "texts": f"(a.characters + {rows.TEXT_CHUNK_CHARACTERS - 1}) / {rows.TEXT_CHUNK_CHARACTERS}",
}
"""How many rows of other tables an article says that it has."""


@dataclass(frozen=True, slots=True)
class LibraryState:
    """Which library it is, and what it contains.

    Attributes:
        identity: ``Library.identity``.
        fingerprint: ``Library.fingerprint``.
        revision: ``Library.revision``.
    """

    identity: str
    fingerprint: Fingerprint | None
    revision: int


class Library:
    """The articles of one store. Safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._file = folder / schema.LIBRARY_FILE
        self._idle: list[sqlite3.Connection] = []
        self._guard = threading.Lock()
        self._closed = False
        self._statistics = CorpusStatistics()
        self._listing = ArticleList()

    @classmethod
    def open(cls, folder: Path, *, create: bool = False) -> Self:
        """Open the library in ``folder``, creating an empty one there if ``create``; migrate an older one.

        Raises:
            StoreMissing: There is none, and ``create`` is false.
            StoreCorrupt: The file is not a library, or is truncated.
            StoreError: It is of a newer version, or cannot be read, created or migrated.
        """
        library = cls(folder)
        library._give(schema.connect(folder, create=create))
        try:
            library._migrate()
        except BaseException:
            library.close()
            raise
        return library

    def _migrate(self) -> None:
        with self.reading() as connection:
            should, has_to = schema.needs_migration(connection)
        if should:
            # A library that is readable as it is opens even while it cannot be written, or another process writes.
            with contextlib.nullcontext() if has_to else contextlib.suppress(StoreError), self.writer():
                pass

    def close(self) -> None:
        """Close every connection; the library cannot be used after."""
        with self._guard:
            self._closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # What it is

    @property
    def revision(self) -> int:
        """A number that grows with every committed change of articles, passages or vectors."""
        return int(self._meta("revision"))

    def revision_mark(self, revision: int) -> str:
        """Return the random mark of one of the last revisions; empty where it has none.

        It tells a library from a copy of it that went on separately, and has other articles at the same revision.
        """
        with self.reading() as connection:
            return rows.revision_mark(connection, revision)

    @property
    def identity(self) -> str:
        """A random name given when the library was created: two libraries never share one."""
        return self._meta("library")

    @property
    def lineage(self) -> list[str]:
        """Identities of the libraries that it was restored from, the oldest first."""
        return self._meta(schema.LINEAGE).split()

    @property
    def writer_host(self) -> str:
        """Name of the machine that writes to it, where this is a replica (``retrieval.store.replica``); else empty."""
        return self._meta(schema.WRITER_HOST)

    @property
    def fingerprint(self) -> Fingerprint | None:
        """The model whose vectors it contains; None while it contains none."""
        text = self._meta("fingerprint")
        return Fingerprint.from_json(text) if text else None

    def state(self) -> LibraryState:
        """Return identity, fingerprint and revision, all of one moment."""
        with self.reading() as connection:
            identity, text, revision = (rows.meta(connection, key) for key in ("library", "fingerprint", "revision"))
        return LibraryState(identity, Fingerprint.from_json(text) if text else None, int(revision))

    def require(self, fingerprint: Fingerprint) -> None:
        """Check that a model's vectors can be compared with this library's.

        Raises:
            FingerprintMismatch: They come from different models.
        """
        held = self.fingerprint
        if held is not None and held.digest != fingerprint.digest:
            difference = (
                f"{held.name}, not {fingerprint.name}"
                if held.name != fingerprint.name
                else f"another version of {held.name}"
            )
            raise FingerprintMismatch(
                f"the articles were embedded with {difference}: set EMBEDDING_MODEL back, "
                "or run `onrecord ingest --rebuild`"
            )

    def counts(self) -> Counts:
        """Count articles, passages and the articles' words."""
        if known := self._statistics.known_counts(self._meta("revision")):
            return known
        with self.reading() as connection:
            return self._statistics.counts(connection)

    def check(self) -> list[str]:
        """Check the whole file for damage (seconds per GB); return what was found, nothing when it is intact.

        Foreign triggers and views are named, and what articles record of themselves is counted again.
        """
        with self.reading() as connection:
            if unknown := unknown_objects(connection):  # they could act while the rest is read
                return [f"it holds {each}, which no library has" for each in unknown[:3]]
            found = [row[0] for row in connection.execute("PRAGMA quick_check(10)") if row[0] != "ok"]
            found += [
                f"{row[0]} points at a missing {row[2]}" for row in connection.execute("PRAGMA foreign_key_check")
            ]
            for table, recorded in _RECORDED.items():
                wrong = connection.execute(
                    f"SELECT id, {recorded}, count(t.article) FROM articles a LEFT JOIN {table} t ON t.article = a.key "  # noqa: S608 (constants)
                    f"GROUP BY a.key HAVING count(t.article) != {recorded} LIMIT 3"
                )
                found += [f"article {row[0]} has {row[2]} of its {row[1]} rows in {table}" for row in wrong]
        return found

    # Articles

    def articles(self, filters: Filters = NO_FILTERS) -> list[ArticleInfo]:
        """Return the articles that match ``filters``, newest first, then by origin.

        Raises:
            FilterError: A date in ``filters`` cannot be read.
        """
        where, values = rows.condition(filters)
        with self.reading() as connection:
            if filters:
                return self._listing.matching(connection, where, values)
            return self._listing.all(connection)

    def articles_of_file(self, origin: str, limit: int) -> list[ArticleInfo]:
        """Return the first articles that were read from a file, in its order, at most ``limit``."""
        with self.reading() as connection:
            found = connection.execute(f"{rows.INFO} WHERE file = ? ORDER BY key LIMIT ?", (origin, limit))
            return [rows.info(row) for row in found]

    def titles(self) -> list[tuple[str, str, str, str]]:
        """Return id, title, outlet and published day of every article, newest first, then by origin."""
        with self.reading() as connection:
            return connection.execute(
                "SELECT id, title, source, day FROM articles ORDER BY day DESC, origin"
            ).fetchall()

    def article_ids(self, filters: Filters = NO_FILTERS) -> rows.ArticleSelection:
        """Return the ids of the articles that match ``filters``, in order of arrival.

        Raises:
            FilterError: A date in ``filters`` cannot be read.
        """
        where, values = rows.condition(filters)
        with self.reading() as connection:
            found = connection.execute(f"SELECT id FROM articles WHERE {where} ORDER BY key", values)  # noqa: S608
            return rows.ArticleSelection((row[0] for row in found), (where, values))

    def article_keys(self, article_ids: Collection[str]) -> list[int]:
        """Return the row keys of those of ``article_ids`` that exist, in order of arrival."""
        with self.reading() as connection:
            found = connection.execute(
                "SELECT key FROM articles WHERE id IN (SELECT value FROM json_each(?)) ORDER BY key",
                (json.dumps(list(article_ids)),),
            )
            return [row[0] for row in found]

    def info(self, article_id: str) -> ArticleInfo:
        """Return an article without its text.

        Raises:
            InputError: No article has this id.
        """
        with self.reading() as connection:
            row = connection.execute(f"{rows.INFO} WHERE id = ?", (article_id,)).fetchone()
        if row is None:
            raise InputError(f"no article has the id {article_id!r}: see `onrecord articles`")
        return rows.info(row)

    def infos(self, article_ids: Collection[str]) -> dict[str, ArticleInfo]:
        """Return the articles of ``article_ids`` that exist, by id, without their text."""
        with self.reading() as connection:
            found = connection.execute(
                f"{rows.INFO} WHERE id IN (SELECT value FROM json_each(?))",  # noqa: S608
                (json.dumps(list(article_ids)),),
            )
            return {info.id: info for info in map(rows.info, found)}

    def article(self, named: str) -> Article:
        """Return the article that ``named`` names: an id or the start of one, an origin, a path, or a title's start.

        Raises:
            ArticleNotFound: It names none, or several.
        """
        with self.reading() as connection:
            return rows.article(connection, rows.key_of(connection, named))

    def near_duplicates(self, article_id: str) -> list[ArticleInfo]:
        """Return the near-duplicates of an article (``retrieval.store.duplicates``), the earliest first.

        Those without a date come last.
        """
        with self.reading() as connection:
            return duplicates.near_duplicates(connection, [article_id]).get(article_id, [])

    def near_duplicates_among(self, article_ids: Collection[str]) -> dict[str, list[ArticleInfo]]:
        """Return, for those of ``article_ids`` that have any, their near-duplicates."""
        with self.reading() as connection:
            return duplicates.near_duplicates(connection, article_ids)

    def sketches(self, article_ids: Collection[str]) -> dict[str, duplicates.Sketch]:
        """Return the sketches of ``article_ids``, by id; empty for articles without one."""
        with self.reading() as connection:
            return duplicates.sketches(connection, article_ids)

    def sources(self) -> list[tuple[str, int]]:
        """Return the outlets with their numbers of articles, most first, ignoring case."""
        with self.reading() as connection:
            return rows.sources(connection)

    def date_range(self) -> tuple[str, str]:
        """Return the first and last published day, ISO; two empty strings when no article has a date."""
        with self._reading_once() as connection:
            return rows.date_range(connection)

    def undated_count(self, filters: Filters) -> int:
        """Count the articles without a date that would match ``filters`` but for their dates; 0 where none are set."""
        if not filters.since and not filters.until:
            return 0
        where, values = rows.condition(replace(filters, since="", until=""))
        with self.reading() as connection:
            row = connection.execute(f"SELECT count(*) FROM articles WHERE day = '' AND {where}", values).fetchone()  # noqa: S608
        return int(row[0])

    def unmatched_filter(self, filters: Filters) -> str:
        """Return why one of the filters matches no article, with the nearest that does; empty where each matches some.

        Raises:
            FilterError: A date in ``filters`` cannot be read.
        """
        with self.reading() as connection:
            return filter_values.unmatched_value(connection, filters)

    # Passages

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        """Return passages in the given order; unknown ids are omitted."""
        with self.reading() as connection:
            return [found for identifier in ids if (found := rows.passage(connection, identifier)) is not None]

    def passage_texts(self, ids: Sequence[str]) -> Iterator[tuple[str, str, str]]:
        """Yield the id, context and text of passages, in the given order; unknown ids are omitted.

        In a third of the time that ``passages`` takes: of 20,000, .35 s.
        """
        with self.reading() as connection:
            yield from rows.passage_texts(connection, ids)

    def existing(self, ids: Iterable[str]) -> set[str]:
        """Return those of ``ids`` that are ids of passages."""
        with self.reading() as connection:
            return {identifier for identifier in ids if rows.passage_exists(connection, identifier)}

    @property
    def last_passage(self) -> int:
        """The greatest row key of a passage; 0 where there is none. Keys only grow."""
        with self.reading() as connection:
            return int(connection.execute("SELECT coalesce(max(key), 0) FROM passages").fetchone()[0])

    def passages_of(self, article_id: str) -> list[Passage]:
        """Return an article's passages in order; none for an unknown id."""
        return self.passages(self.passage_ids([article_id]))

    def passage_ids(self, article_ids: Collection[str]) -> list[str]:
        """Return the ids of all passages of ``article_ids``, in order of arrival."""
        with self.reading() as connection:
            found = connection.execute(
                f"SELECT {rows.PASSAGE_ID} FROM articles a CROSS JOIN passages p ON p.article = a.key "  # noqa: S608
                "WHERE a.id IN (SELECT value FROM json_each(?)) ORDER BY p.key",
                (json.dumps(list(article_ids)),),
            )
            return [row[0] for row in found]

    def passage_count(self, article_ids: Collection[str]) -> int:
        """Count the passages of ``article_ids``."""
        where, values = rows.chosen(article_ids)
        with self.reading() as connection:
            row = connection.execute(f"SELECT coalesce(sum(passages), 0) FROM articles WHERE {where}", values)  # noqa: S608 (ours)
            return int(row.fetchone()[0])

    # Words

    def search_words(
        self,
        terms: Sequence[str],
        *,
        limit: int,
        article_ids: Collection[str] | None = None,
        weights: tuple[float, float] = (1.0, 1.0),
    ) -> list[tuple[str, float]]:
        """Return up to ``limit`` passages that contain any of ``terms``, best first, as (passage id, BM25).

        At most about ``MAX_SCORED`` passages are scored: terms count from the rarest on, while they fit; of one that
        alone is in more passages, the newest of them.

        Args:
            terms: Analysed terms (``retrieval.text.analyzer.terms``), or several in a row with spaces between; repeats
                count once.
            limit: At most this many.
            article_ids: Only passages of these articles.
            weights: Weights of a passage's context and of its own text. BM25 is FTS5's, k1 1.2, b .75.
        """
        if not word_index.query(terms) or limit <= 0:
            return []
        where, of_articles = ("", []) if article_ids is None else rows.chosen(article_ids)
        allowed = f"AND p.article IN (SELECT key FROM articles WHERE {where})" if where else ""  # noqa: S608 (ours)
        with self.reading() as connection:
            chosen, is_bounded = self._scored(connection, terms)
            query = word_index.query(chosen)
            values: list[object] = [query, f"bm25({float(weights[0])!r}, {float(weights[1])!r})", *of_articles]
            if not is_bounded and (oldest := word_index.newest(connection, query, MAX_SCORED, allowed, of_articles)):
                allowed += " AND w.rowid >= ?"
                values.append(oldest)
            # The plus keeps FTS5 from scoring the passages of articles that are not allowed, where those are many.
            by_rank = "w.rank" if is_bounded or not of_articles else "+w.rank"
            found = connection.execute(
                f"SELECT {rows.PASSAGE_ID}, -w.rank FROM word_index w JOIN passages p ON p.key = w.rowid "  # noqa: S608
                f"JOIN articles a ON a.key = p.article WHERE word_index MATCH ? AND rank MATCH ? {allowed} "
                f"ORDER BY {by_rank} LIMIT ?",
                (*values, limit),
            )
            return found.fetchall()

    def _scored(self, connection: sqlite3.Connection, terms: Sequence[str]) -> tuple[list[str], bool]:
        """Return the terms that are searched for, and whether no more than ``MAX_SCORED`` passages contain them."""
        inside = {each: each.split() for each in dict.fromkeys(terms)}
        counts = self._statistics.document_frequencies(connection, {word for each in inside.values() for word in each})
        frequencies = {each: min((counts[word] for word in found), default=0) for each, found in inside.items()}
        chosen: list[str] = []
        postings = 0
        for each in sorted(inside, key=frequencies.__getitem__):
            postings += frequencies[each]
            if chosen and postings > MAX_SCORED:
                break
            chosen.append(each)
        return chosen, postings <= MAX_SCORED or len(chosen) > 1

    def contains_phrase(self, terms: Sequence[str]) -> bool:
        """Return whether the text or the context of a passage has these analysed terms in a row."""
        phrase = word_index.query([" ".join(terms)])
        if not phrase:
            return False
        with self.reading() as connection:
            found = connection.execute("SELECT 1 FROM word_index WHERE word_index MATCH ? LIMIT 1", (phrase,))
            return found.fetchone() is not None

    def mentions(self, phrases: Sequence[Sequence[str]], apart: int | None = None) -> dict[str, list[str]]:
        """Return, by article id, the ids of the passages that have each phrase in their text or context.

        Args:
            phrases: Analysed terms in a row, each.
            apart: The most terms between them, in the text or in the context; None for any number.
        """
        joined = [" ".join(phrase) for phrase in phrases]
        query = word_index.conjunction(joined) if apart is None else word_index.proximity(joined, apart)
        found: dict[str, list[str]] = {}
        if query:
            with self.reading() as connection:
                for article, passage in connection.execute(
                    f"SELECT a.id, {rows.PASSAGE_ID} FROM word_index w JOIN passages p ON p.key = w.rowid "  # noqa: S608
                    "JOIN articles a ON a.key = p.article WHERE word_index MATCH ? ORDER BY p.key",
                    (query,),
                ):
                    found.setdefault(article, []).append(passage)
        return found

    def articles_with(self, phrase: Sequence[str], *, after: int = 0) -> list[int]:
        """Return the row keys of the articles with a passage that has these analysed terms in a row.

        Args:
            phrase: The terms.
            after: Only passages of greater row keys count: those that were added since ``last_passage`` was that.
        """
        query = word_index.query([" ".join(phrase)])
        if not query:
            return []
        with self.reading() as connection:
            found = connection.execute(
                "SELECT DISTINCT p.article FROM word_index w JOIN passages p ON p.key = w.rowid "
                "WHERE word_index MATCH ? AND w.rowid > ?",
                (query, after),
            )
            return [row[0] for row in found]

    def document_frequencies(self, terms: Collection[str]) -> dict[str, int]:
        """Return, for each analysed term, the number of passages whose text or context contains it."""
        if (known := self._statistics.known_frequencies(self._meta("revision"), terms)) is not None:
            return known
        with self.reading() as connection:
            return self._statistics.document_frequencies(connection, terms)

    def vocabulary(self) -> Mapping[str, int]:
        """Return every analysed term with the number of passages that contain it; the same mapping until a change."""
        with self.reading() as connection:
            return self._statistics.vocabulary(connection)

    # Vectors

    def vectors(self, passage_ids: Sequence[str]) -> NDArray[np.float32]:
        """Return ``(n, d)`` float32 of unit length, in the given order.

        Raises:
            InputError: A passage does not exist.
        """
        with self.reading() as connection:
            return rows.stack(rows.vectors(connection, passage_ids))

    def vectors_of(self, article_ids: Collection[str]) -> tuple[list[str], NDArray[np.float32]]:
        """Return the ids of all passages of ``article_ids`` and their vectors ``(n, d)``, in order of arrival."""
        with self.reading() as connection:
            found = connection.execute(
                f"{rows.VECTORS_OF} WHERE a.id IN (SELECT value FROM json_each(?)) ORDER BY p.key",  # noqa: S608
                (json.dumps(list(article_ids)),),
            ).fetchall()
        return [row[0] for row in found], rows.stack([row[1] for row in found])

    def iter_vectors(self, batch: int = 1000) -> Iterator[tuple[list[str], NDArray[np.float32]]]:
        """Yield every passage's id and vector, ``batch`` at a time, as of one revision, in order of arrival."""
        with self.reading() as connection:
            cursor = connection.execute(f"{rows.VECTORS} ORDER BY p.key")
            while found := cursor.fetchmany(batch):
                yield [row[0] for row in found], rows.stack([row[1] for row in found])

    def changes(self, since: int) -> PassageChanges:
        """Return the passages added and removed after revision ``since``."""
        with self.reading() as connection:
            return rows.changes(connection, since)

    def changes_with_vectors(self, since: int) -> tuple[PassageChanges, NDArray[np.float32]]:
        """Return the changes after revision ``since``, and the vectors ``(n, d)`` of the passages added."""
        with self.reading() as connection:
            return rows.changes(connection, since), rows.vectors_added(connection, since)

    def count_changes(self, since: int) -> tuple[int, int, bool]:
        """Return how many passages were added and removed after ``since``, and whether the removals are complete."""
        with self.reading() as connection:
            added = connection.execute("SELECT count(*) FROM passages WHERE revision > ?", (since,)).fetchone()[0]
            removed = connection.execute("SELECT count(*) FROM removed WHERE revision > ?", (since,)).fetchone()[0]
            return added, removed, since >= int(rows.meta(connection, "changes_since"))

    # Writing

    @contextlib.contextmanager
    def writer(self, waiting: LockWait | None = None) -> Iterator[LibraryWriter]:
        """Hold the writer lock while the block runs; an older library is migrated first.

        Args:
            waiting: How long to wait for another process that is writing; not at all when None.

        Raises:
            LibraryIsReplica: Another machine writes to it.
            StoreLocked: Another process is writing; the message has its process id where that is known.
            StoreError: The store cannot be written.
        """
        from retrieval.store.writer import LibraryWriter  # noqa: PLC0415 (late: most processes only read)

        refuse_replica(self.writer_host)
        with exclusive(self.folder, "writer", "writing to this store", waiting), schema.errors_translated():
            connection = schema.connect(self.folder, write=True)
            try:
                schema.migrate(connection)
                yield LibraryWriter(connection)
            finally:
                connection.close()

    # Connections: lent to one thread at a time, reused by the next

    @contextlib.contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection inside a read transaction: everything it reads is of one revision."""
        with schema.errors_translated():
            connection = self._take()
            try:
                connection.execute("BEGIN")
                yield connection
            finally:
                with contextlib.suppress(sqlite3.Error):
                    connection.execute("ROLLBACK")
                self._give(connection)

    def _take(self) -> sqlite3.Connection:
        with self._guard:
            if self._closed:
                raise InputError("the library is closed")
            current = without_replaced(self._idle, self._file)
            replaced = [each for each in self._idle if each not in current]  # by a replica's next copy
            found = current.pop() if current else None
            self._idle = current
        for each in replaced:
            each.close()
        return found or schema.connect(self.folder)

    def _give(self, connection: sqlite3.Connection) -> None:
        with self._guard:
            if not self._closed and not is_snapshot(connection):
                self._idle.append(connection)
                return
        connection.close()

    @contextlib.contextmanager
    def _reading_once(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection for one statement, which needs no transaction."""
        with schema.errors_translated():
            connection = self._take()
            try:
                yield connection
            finally:
                self._give(connection)

    def _meta(self, key: str) -> str:
        with self._reading_once() as connection:
            return rows.meta(connection, key)


def refuse_replica(writer_host: str) -> None:
    """Check that this machine may write to a library.

    Args:
        writer_host: The machine that writes to it, if it is a replica; else empty.

    Raises:
        LibraryIsReplica: Another one does.
    """
    if writer_host:
        raise LibraryIsReplica(
            f"this library is a replica and cannot be changed here: ingest on {writer_host}, which publishes it"
        )
