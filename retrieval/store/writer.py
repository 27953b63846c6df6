"""The library's one writer: whole articles in, whole articles out, each batch in one transaction.

What is derived inside the library, made anew: vectors for another model, the word index for another analyser.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import sqlite3
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrieval.articles import Article, Passage
from retrieval.embedding.model_files import Fingerprint
from retrieval.store import duplicates, quote_index, rows, schema, word_index
from retrieval.store.rows import day, fold
from retrieval.text.analyzer import words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MAX_REMOVALS = 200_000
"""Removed passages remembered for what is derived from the library; beyond, it is derived anew (a rebuild of as many
vectors takes two minutes)."""


@dataclass(frozen=True, slots=True)
class PreparedArticle:
    """An article ready to be kept: its passages and, in the same order, their vectors ``(n, d)``."""

    article: Article
    passages: Sequence[Passage]
    vectors: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class FileRecord:
    """What the library remembers of a file it has read.

    Attributes:
        origin: The file.
        sha256: Of its bytes.
        size: In bytes.
        mtime_ns: When it was last changed, in ns since 1970.
        loader: ``LOADER_VERSION`` that read it.
        problems: Messages about what could not be read in it, said again while it stays as it is.
    """

    origin: str
    sha256: str
    size: int
    mtime_ns: int
    loader: str
    problems: tuple[str, ...] = ()


class LibraryWriter:
    """Changes the library; made by ``Library.writer`` only, used by one thread."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.revision = 0  # that the transaction under way leads to
        self.touched = False  # whether it changed articles

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit all that the block does, or nothing of it; the revision grows by one if articles changed."""
        connection = self.connection
        connection.execute("BEGIN IMMEDIATE")
        try:
            before = connection.total_changes
            self.revision = int(rows.meta(connection, "revision")) + 1
            self.touched = False
            yield
            if self.touched:
                rows.set_meta(connection, "revision", str(self.revision))
                self._trim()
            if connection.total_changes != before:
                connection.execute("COMMIT")
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")

    # What is there

    def file(self, origin: str) -> FileRecord | None:
        """Return what is remembered of a file, or None."""
        row = self.connection.execute(
            "SELECT origin, sha256, size, mtime_ns, loader, problems FROM files WHERE origin = ?", (origin,)
        ).fetchone()
        if row is None:
            return None
        origin, sha256, size, mtime_ns, loader, problems = row
        return FileRecord(origin, sha256, size, mtime_ns, loader, tuple(json.loads(problems)))

    def file_origins(self) -> list[str]:
        """Return the origins of all files that the library has read or holds articles of."""
        found = self.connection.execute("SELECT origin FROM files UNION SELECT file FROM articles ORDER BY 1")
        return [row[0] for row in found]

    def article_count(self, file: str) -> int:
        """Count the articles that came from a file."""
        return int(self.connection.execute("SELECT count(*) FROM articles WHERE file = ?", (file,)).fetchone()[0])

    def articles_of(self, file: str) -> Iterator[tuple[int, str]]:
        """Yield (key, origin) of the articles that came from a file."""
        yield from self.connection.execute("SELECT key, origin FROM articles WHERE file = ? ORDER BY key", (file,))

    def compare(self, article: Article) -> str:
        """Tell what keeping this article would be: "added", "changed" or "unchanged"."""
        row = self.connection.execute("SELECT id, digest FROM articles WHERE origin = ?", (article.origin,)).fetchone()
        if row is None:
            return "added"
        is_same = row[0] == article.id and row[1][:16] == digest(article)[:16]
        return "unchanged" if is_same else "changed"

    def has_read(self, origin: str, given: bytes) -> bool:
        """Tell whether an article was read from what ``given`` names (``Article.given``)."""
        row = self.connection.execute("SELECT digest FROM articles WHERE origin = ?", (origin,)).fetchone()
        return row is not None and row[0][16:] == given

    def known_vectors(self, keys: Collection[bytes]) -> dict[bytes, NDArray[np.float32]]:
        """Return the vectors the library already holds for ``keys`` (``text_key``)."""
        found = {}
        for key in keys:
            row = self.connection.execute("SELECT vector FROM vectors WHERE text_key = ?", (key,)).fetchone()
            if row:
                found[key] = rows.stack([row[0]])[0]
        return found

    # Changes, inside a transaction

    def set_model(self, fingerprint: Fingerprint) -> None:
        """Record the model whose vectors the library holds from now on."""
        rows.set_meta(self.connection, "fingerprint", fingerprint.to_json())

    def put_article(self, file: str, prepared: PreparedArticle, fingerprint: Fingerprint) -> int:
        """Keep an article, in place of the one of the same origin if there is one; return its row key."""
        old = self.connection.execute(
            "SELECT key FROM articles WHERE origin = ?", (prepared.article.origin,)
        ).fetchone()
        orphans = self._delete_article(old[0]) if old else []
        key = self._insert_article(file, prepared.article, prepared.passages)
        for passage, vector in zip(prepared.passages, prepared.vectors, strict=True):
            self._insert_passage(key, passage, self.store_vector(text_key(passage.embedded_text, fingerprint), vector))
        self.delete_unused_vectors(orphans)
        self.touched = True
        return key

    def has_near_duplicates(self, key: int) -> bool:
        """Tell whether another article is one story with that of a row key."""
        return bool(duplicates.near_duplicates_of(self.connection, key))

    def delete_articles(self, keys: Collection[int]) -> None:
        """Let articles go, by row key, with all that belongs to them."""
        for key in keys:
            self.delete_unused_vectors(self._delete_article(key))
            self.touched = True

    def record_file(self, record: FileRecord) -> None:
        """Remember that a file has been read to its end."""
        self.connection.execute(
            "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?)",
            (*(getattr(record, name) for name in FileRecord.__slots__[:5]), json.dumps(record.problems)),
        )

    def forget_file(self, origin: str) -> None:
        """Forget a file that is gone."""
        self.connection.execute("DELETE FROM files WHERE origin = ?", (origin,))

    def _insert_article(self, file: str, article: Article, passages: Sequence[Passage]) -> int:
        cursor = self.connection.execute(
            "INSERT INTO articles (id, origin, file, digest, title, path, url, source, author, published, "
            "title_folded, source_folded, author_folded, day, characters, words, passages) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(
                    article.id,
                    article.origin,
                    file,
                    digest(article),
                    article.title,
                    article.path,
                    article.url,
                ),
                *(article.source, article.author, article.published),
                *(fold(article.title), fold(article.source), fold(article.author), day(article.published)),
                *(len(article.text), len(words(article.text)), len(passages)),
            ),
        )
        key = int(cursor.lastrowid or 0)
        self.connection.executemany(
            "INSERT INTO texts (article, start, text) VALUES (?, ?, ?)",
            (
                (key, at, article.text[at : at + rows.TEXT_CHUNK_CHARACTERS])
                for at in range(0, len(article.text), rows.TEXT_CHUNK_CHARACTERS)
            ),
        )
        self.connection.execute("INSERT INTO blocks VALUES (?, ?)", (key, rows.blocks_to_json(article.blocks)))
        duplicates.add(self.connection, key, quote_index.add(self.connection, key, article.text).split())
        return key

    def _insert_passage(self, article: int, passage: Passage, vector: int) -> None:
        start, end = passage.span.start, passage.span.end
        cursor = self.connection.execute(
            'INSERT INTO passages (article, ordinal, start, "end", page, context, sentences, vector, revision) '
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(article, passage.ordinal, start, end, passage.page, passage.context),
                *(rows.spans_to_json(passage.sentences, start), vector, self.revision),
            ),
        )
        word_index.add(self.connection, int(cursor.lastrowid or 0), passage.context, passage.text)

    def store_vector(self, key: bytes, vector: NDArray[np.float32]) -> int:
        """Keep a vector unless it is there already; return its row key."""
        row = self.connection.execute("SELECT key FROM vectors WHERE text_key = ?", (key,)).fetchone()
        if row:
            return int(row[0])
        data = vector.astype("<f4", copy=False).tobytes()
        return int(
            self.connection.execute("INSERT INTO vectors (text_key, vector) VALUES (?, ?)", (key, data)).lastrowid or 0
        )

    def _delete_article(self, key: int) -> list[int]:
        """Remove an article; return the vectors its passages stood on."""
        connection = self.connection
        identifier = connection.execute("SELECT id FROM articles WHERE key = ?", (key,)).fetchone()[0]
        found = connection.execute(
            'SELECT key, start, "end", context, vector FROM passages WHERE article = ?', (key,)
        ).fetchall()
        text = rows.text(connection, key) if found else ""
        for row, start, end, context, _ in found:
            word_index.remove(connection, row, context, text[start:end])
        connection.executemany(
            "INSERT INTO removed VALUES (?, ?)",
            ((self.revision, f"{identifier}:{start}-{end}") for _, start, end, _, _ in found),
        )
        quote_index.remove(connection, key)
        connection.execute("DELETE FROM articles WHERE key = ?", (key,))
        return [vector for *_, vector in found]

    def delete_unused_vectors(self, keys: Sequence[int]) -> None:
        """Let vectors go, by row key, that nothing stands on any more."""
        self.connection.executemany(
            "DELETE FROM vectors WHERE key = ?1 AND NOT EXISTS (SELECT 1 FROM passages WHERE vector = ?1) "
            "AND NOT EXISTS (SELECT 1 FROM staged WHERE vector = ?1)",
            ((key,) for key in keys),
        )

    def _trim(self) -> None:
        """Forget what left long ago once there is too much of it."""
        last = self.connection.execute("SELECT max(rowid), min(rowid) FROM removed").fetchone()
        if last[0] and last[0] - last[1] >= MAX_REMOVALS:
            self.connection.execute("DELETE FROM removed")
            rows.set_meta(self.connection, "changes_since", str(self.revision))


def text_key(text: str, fingerprint: Fingerprint) -> bytes:
    """Return 16 bytes that name this text as read by this model."""
    return hashlib.sha256(f"{fingerprint.digest}\n{text}".encode("utf-8", "surrogatepass")).digest()[:16]


def digest(article: Article) -> bytes:
    """Return 16 bytes over all that is kept of an article beyond its text (metadata, blocks, how it is split).

    What names what it was read from follows, if anything does.
    """
    parts = [
        *(article.title, article.path, article.url, article.source, article.author, article.published),
        rows.blocks_to_json(article.blocks),
        schema.splitter_version(),
    ]
    return hashlib.sha256(json.dumps(parts).encode()).digest()[:16] + article.given


def reembed(
    writer: LibraryWriter,
    fingerprint: Fingerprint,
    embed: Callable[[list[str]], NDArray[np.float32]],
    on_batch: Callable[[int], None],
    batch: int,
) -> None:
    """Embed every passage anew, then change models at one stroke.

    Until the stroke, everything stays as it was; what was embedded is kept, so that an interrupted rebuild goes on
    where it stopped. ``embed`` gets texts, ``on_batch`` the number of passages done.
    """
    connection = writer.connection
    if rows.meta(connection, "staging") != fingerprint.digest:
        with writer.transaction():
            abandoned = [row[0] for row in connection.execute("SELECT vector FROM staged")]
            connection.execute("DELETE FROM staged")
            writer.delete_unused_vectors(abandoned)
            rows.set_meta(connection, "staging", fingerprint.digest)
    last = 0
    while found := connection.execute(
        'SELECT p.key, p.article, p.start, p."end", p.context FROM passages p '
        "WHERE p.key > ? AND NOT EXISTS (SELECT 1 FROM staged WHERE passage = p.key) ORDER BY p.key LIMIT ?",
        (last, batch),
    ).fetchall():
        bodies = [rows.text(connection, article, start, end) for _, article, start, end, _ in found]
        texts = [f"{row[4]}\n{body}" if row[4] else body for row, body in zip(found, bodies, strict=True)]
        vectors = embed(texts)
        with writer.transaction():
            connection.executemany(
                "INSERT INTO staged VALUES (?, ?)",
                (
                    (row[0], writer.store_vector(text_key(text, fingerprint), vector))
                    for row, text, vector in zip(found, texts, vectors, strict=True)
                ),
            )
        last = found[-1][0]
        on_batch(len(found))
    _switch_model(writer, fingerprint)


def _switch_model(writer: LibraryWriter, fingerprint: Fingerprint) -> None:
    connection = writer.connection
    with writer.transaction():
        connection.execute(
            "UPDATE passages SET vector = (SELECT vector FROM staged WHERE passage = passages.key), revision = ?",
            (writer.revision,),
        )
        connection.execute("DELETE FROM staged")
        connection.execute("DELETE FROM vectors WHERE NOT EXISTS (SELECT 1 FROM passages WHERE vector = vectors.key)")
        rows.set_meta(connection, "staging", "")
        writer.set_model(fingerprint)
        writer.touched = True
