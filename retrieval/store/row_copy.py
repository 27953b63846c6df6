"""Row copy: a library made anew from the rows of another file, which anybody may have made.

Nothing of the file but values of the library's own tables gets over: its triggers, views and generated columns would
act later, its indexes could tell otherwise than its rows. So the file may hold no object that a library does not, rows
are checked one by one, and derived indexes are built again.
"""

from __future__ import annotations

import contextlib
import json
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from retrieval.articles import Article, Span
from retrieval.embedding.model_files import Fingerprint
from retrieval.store import rows, schema, sqlite
from retrieval.text.analyzer import words
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.sanitize import line

MAX_VALUE_BYTES = 256 * 1024 * 1024
"""Longest value that is read; a chunk of a text has 16,384 characters, an article's blocks are about as long as it."""

COPIED = ("files", "articles", "texts", "blocks", "vectors", "passages")
"""The tables whose rows get over. ``staged`` and ``removed`` serve work that a restore ends."""

MAX_NUMBER = 1 << 48
"""Highest key, revision or position. SQLite gives no key after 2**63 - 1: nothing could be ingested any more."""

_COMMENT = LazyPattern(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_BATCH = 200
_MAX_SQUARED_LENGTH = 1e12  # of a vector; models give lengths about 1, and a search multiplies them as 32-bit numbers


def _is_number(value: object) -> bool:
    return isinstance(value, int) and 0 <= value <= MAX_NUMBER


class UnsoundBackup(ValueError):
    """A file is not a sound library; the message says why."""


def copy_rows(source: sqlite3.Connection, target: Path) -> sqlite3.Connection:
    """Return a connection to a new library in ``target`` with the articles of ``source``.

    Raises:
        UnsoundBackup: ``source`` has an object or a row that a library does not.
        sqlite3.DatabaseError: It is damaged.
    """
    source.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_VALUE_BYTES)
    source.execute("PRAGMA trusted_schema = OFF")
    source.execute("PRAGMA cell_size_check = ON")
    pragmas: dict[str, str | int] = {"page_size": schema.PAGE_BYTES, "application_id": schema.APPLICATION_ID}
    copy = sqlite.connect(target, create=True, pragmas=pragmas)
    try:
        copy.execute("PRAGMA trusted_schema = OFF")
        version = max(1, source.execute("PRAGMA user_version").fetchone()[0])
        sqlite.migrate(copy, schema.MIGRATIONS[:version])
        _compare_schemas(source, copy)
        _refuse_damaged(source)
        with sqlite.transaction(copy):
            _Rows(source, copy).copy()
        schema.migrate(copy)
    except BaseException:
        copy.close()
        raise
    return copy


def unknown_objects(connection: sqlite3.Connection) -> list[str]:
    """Return what a database holds beside a library's tables and indexes: "the trigger 'x'"."""
    known = _known_objects()
    return [
        f"the {kind} {name!r}"
        for kind, name in connection.execute("SELECT type, name FROM sqlite_master")
        if known.get(name) != kind and not name.startswith(("sqlite_autoindex_", "sqlite_stat"))
    ]


def refuse_foreign_schema(source: sqlite3.Connection) -> None:
    """Check that a file's tables are those of a library of its version, and that there is nothing else.

    Raises:
        UnsoundBackup: They are not.
    """
    version = max(1, source.execute("PRAGMA user_version").fetchone()[0])
    with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as fresh:
        sqlite.migrate(fresh, schema.MIGRATIONS[:version])
        _compare_schemas(source, fresh)


def _compare_schemas(source: sqlite3.Connection, fresh: sqlite3.Connection) -> None:
    if unknown := unknown_objects(source):
        raise UnsoundBackup(f"it holds {unknown[0]}, which no library has")
    held, wanted = _definitions(source), _definitions(fresh)
    for name, definition in held.items():  # an index may hold expressions
        if definition and name in wanted and definition != wanted[name]:
            raise UnsoundBackup(f"its {name!r} is not a library's")
    for name in ("meta", *COPIED):
        if name not in held:
            raise UnsoundBackup(f"it has no table {name!r}")


def _refuse_damaged(source: sqlite3.Connection) -> None:
    for name in ("meta", *COPIED):
        damage = [row[0] for row in source.execute(f"PRAGMA quick_check({name})") if row[0] != "ok"]
        if damage:
            raise UnsoundBackup(line(str(damage[0])))


def _known_objects() -> dict[str, str]:
    with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as fresh:
        schema.migrate(fresh)
        return {name: kind for kind, name in fresh.execute("SELECT type, name FROM sqlite_master")} | {
            "migrations": "table"
        }


def _definitions(connection: sqlite3.Connection) -> dict[str, str]:
    """Return the definition of each table and index without comments and white space."""
    found = connection.execute("SELECT name, sql FROM sqlite_master")
    return {name: re.sub(r"\s+", "", _COMMENT.sub("", sql or "")) for name, sql in found}


class _Rows:
    """Copies the rows of one library to another, each checked."""

    def __init__(self, source: sqlite3.Connection, copy: sqlite3.Connection) -> None:
        self._source = source
        self._copy = copy
        self._revision = 0
        self._dimension = 0

    def copy(self) -> None:
        self._meta()
        vectors: set[int] = set()
        for row in self._read("vectors"):
            self._vector(*row)
            vectors.add(row[0])
            self._write("vectors", row)
        for row in self._read("files"):
            with self._checked(f"the record of the file {row[0]!r}"):
                problems = json.loads(str(row[5]))
                size, modified = row[2:4]
                sound = all(isinstance(each, str) for each in [*row[:2], row[4], *problems])
                self._require(sound and _is_number(size) and isinstance(modified, int), "a file's record")
            self._write("files", row)
        articles = passages = 0
        for row in self._read("articles"):
            articles += 1
            passages += self._article(row, vectors)
        counted = [
            self._source.execute(f"SELECT count(*) FROM {name} NOT INDEXED").fetchone()[0]  # noqa: S608 (a constant)
            for name in ("texts", "blocks", "passages")
        ]
        written = [
            self._copy.execute(f"SELECT count(*) FROM {name}").fetchone()[0]  # noqa: S608 (a constant)
            for name in ("texts", "blocks", "passages")
        ]
        self._require(counted == written and counted[1:] == [articles, passages], "a row of no article")

    def _meta(self) -> None:
        held = {str(key): str(value) for key, value in self._source.execute("SELECT key, value FROM meta NOT INDEXED")}
        with self._checked("the record of its revision or model"):
            self._revision = int(held["revision"])
            self._require(_is_number(self._revision), "its revision")
            if held.get("fingerprint"):
                fingerprint = Fingerprint.from_json(held["fingerprint"])
                self._dimension = int(fingerprint.dimension)
                rows.set_meta(self._copy, "fingerprint", fingerprint.to_json())
        rows.set_meta(self._copy, "revision", str(self._revision))
        rows.set_meta(self._copy, "changes_since", str(self._revision))

    def _vector(self, key: Any, text_key: Any, vector: Any) -> None:
        import numpy as np  # noqa: PLC0415 (late: opening a library needs no numbers)

        sound = _is_number(key) and isinstance(text_key, bytes) and len(text_key) == 16
        sound = sound and isinstance(vector, bytes) and len(vector) == 4 * self._dimension
        self._require(sound, f"vector {key!r}")
        numbers = np.frombuffer(vector, "<f4").astype("<f8")
        self._require(float(numbers @ numbers) < _MAX_SQUARED_LENGTH, f"vector {key!r}")  # false of a NaN, too

    def _article(self, row: tuple[Any, ...], vectors: set[int]) -> int:
        """Copy an article with all that belongs to it; return its number of passages."""
        key, identifier, origin, _, digest, *about = row
        title, path, url, source, author, published, *_, characters, _, count = about
        name = f"article {identifier!r}"
        strings = (identifier, origin, row[3], title, path, url, source, author, published)
        sound = all(isinstance(each, str) for each in strings) and isinstance(digest, bytes)
        self._require(sound and _is_number(key) and _is_number(count), name)
        chunks = self._of("texts", key, "start")
        size = rows.TEXT_CHUNK_CHARACTERS
        text = "".join(chunk for _, _, chunk in chunks if isinstance(chunk, str))
        starts = [start for _, start, _ in chunks] == list(range(0, len(text), size))
        self._require(starts and len(text) == characters and all(len(chunk[2]) == size for chunk in chunks[:-1]), name)
        blocks = self._of("blocks", key, "article")
        with self._checked(name):
            article = Article(
                *(origin, text, title, rows.blocks_from_json(blocks[0][1]), path, url, source, author, published)
            )
            spans = [span for block in article.blocks for span in (block.span, *block.context)]
            self._require(article.id == identifier and len(blocks) == 1, name)
            self._require(all(0 <= span.start <= span.end <= len(text) for span in spans), name)
            folded = (rows.fold(article.title), rows.fold(article.source), rows.fold(article.author))
            derived = (*folded, rows.day(article.published), len(text), len(words(text)), count)
        self._write("articles", (*row[:11], *derived))
        for each in chunks:
            self._write("texts", each)
        self._write("blocks", blocks[0])
        passages = self._of("passages", key, "start")
        self._require(len(passages) == count and bool(passages), f"the passages of {name}")
        for passage in passages:
            self._passage(passage, len(text), vectors)
        return len(passages)

    def _passage(self, row: tuple[Any, ...], length: int, vectors: set[int]) -> None:
        key, _, ordinal, start, end, page, context, sentences, vector, revision = row
        name = f"passage {key!r}"
        numbers = all(map(_is_number, (key, ordinal, start, end, vector, revision, page or 0)))
        self._require(numbers and isinstance(context, str), name)
        with self._checked(name):
            span = Span(start, end)
            self._require(0 <= span.start < span.end <= length and vector in vectors, name)
            inside = rows.spans_from_json(str(sentences), span.start)
            self._require(all(span.start <= each.start <= each.end <= span.end for each in inside), name)
            self._require(revision <= self._revision, name)
        self._write("passages", row)

    def _of(self, table: str, article: object, order: str) -> list[tuple[Any, ...]]:
        return self._source.execute(
            f"SELECT * FROM {table} WHERE article = ? ORDER BY {order}",  # noqa: S608 (constants)
            (article,),
        ).fetchall()

    def _read(self, table: str) -> Iterator[tuple[Any, ...]]:
        cursor = self._source.execute(f"SELECT * FROM {table} NOT INDEXED")  # noqa: S608 (a constant)
        while found := cursor.fetchmany(_BATCH):
            yield from found

    def _write(self, table: str, row: tuple[Any, ...]) -> None:
        try:
            self._copy.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)  # noqa: S608 (a constant)
        except sqlite3.IntegrityError as error:
            raise UnsoundBackup(f"a row of its table {table!r} does not fit ({error})") from None

    @staticmethod
    @contextlib.contextmanager
    def _checked(what: str) -> Iterator[None]:
        try:
            yield
        except UnsoundBackup:
            raise
        except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError, OverflowError):
            raise UnsoundBackup(f"{what} is not sound") from None

    @staticmethod
    def _require(sound: bool, what: str) -> None:
        if not sound:
            raise UnsoundBackup(f"{what} is not sound")
