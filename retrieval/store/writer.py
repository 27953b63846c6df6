"""The library's writer: adds, replaces and deletes complete articles, each batch in one transaction.

Also replaces every vector when the embedding model changes (``reembed``).
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
from retrieval.store import duplicates, quote_index, rows, schema, statements, word_index
from retrieval.store.rows import day, fold
from retrieval.text.analyzer import words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MAX_REMOVALS = 200_000
"""Removed passages recorded for the vector index; beyond, the record is cleared and the index rebuilt (two minutes for
as many vectors)."""


@dataclass(frozen=True, slots=True)
class PreparedArticle:
    """An article ready to be stored.

    Attributes:
        article: The article.
        passages: Its passages.
        vectors: Their vectors ``(n, d)``, in the same order.
        statements: What it says that people said; None where it has not been read for that.
    """

    article: Article
    passages: Sequence[Passage]
    vectors: NDArray[np.float32]
    statements: Sequence[statements.Statement] | None = None


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file that has been read, so that an unchanged one is skipped.

    Attributes:
        origin: The file.
        sha256: Of its bytes.
        size: In bytes.
        mtime_ns: Last modification, in ns since 1970.
        loader: The ``LOADER_VERSION`` that read it.
        problems: Messages about what could not be read in it, repeated while it is unchanged.
    """

    origin: str
    sha256: str
    size: int
    mtime_ns: int
    loader: str
    problems: tuple[str, ...] = ()


class LibraryWriter:
    """Changes the library; created by ``Library.writer`` only, used by one thread."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.revision = 0  # after the present transaction
        self.touched = False  # whether it changed articles

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit everything the block does, or nothing of it; the revision grows by one if articles changed."""
        connection = self.connection
        connection.execute("BEGIN IMMEDIATE")
        try:
            before = connection.total_changes
            self.revision = int(rows.meta(connection, "revision")) + 1
            self.touched = False
            yield
            if self.touched:
                rows.set_meta(connection, "revision", str(self.revision))
                rows.add_revision_mark(connection, self.revision)
                self._trim()
            if connection.total_changes != before:
                connection.execute("COMMIT")
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")

    # Reading

    def file(self, origin: str) -> FileRecord | None:
        """Return the record of a file, or None."""
        row = self.connection.execute(
            "SELECT origin, sha256, size, mtime_ns, loader, problems FROM files WHERE origin = ?", (origin,)
        ).fetchone()
        if row is None:
            return None
        origin, sha256, size, mtime_ns, loader, problems = row
        return FileRecord(origin, sha256, size, mtime_ns, loader, tuple(json.loads(problems)))

    def file_origins(self) -> list[str]:
        """Return the origins of all files that have been read or have articles in the library."""
        found = self.connection.execute("SELECT origin FROM files UNION SELECT file FROM articles ORDER BY 1")
        return [row[0] for row in found]

    def article_count(self, file: str) -> int:
        """Count the articles that came from a file."""
        return int(self.connection.execute("SELECT count(*) FROM articles WHERE file = ?", (file,)).fetchone()[0])

    def articles_of(self, file: str) -> Iterator[tuple[int, str]]:
        """Yield (key, origin) of the articles that came from a file."""
        yield from self.connection.execute("SELECT key, origin FROM articles WHERE file = ? ORDER BY key", (file,))

    def compare(self, article: Article) -> str:
        """Return whether storing this article would make it "added", "changed" or "unchanged"."""
        row = self.connection.execute("SELECT id, digest FROM articles WHERE origin = ?", (article.origin,)).fetchone()
        if row is None:
            return "added"
        is_same = row[0] == article.id and row[1][:16] == digest(article)[:16]
        return "unchanged" if is_same else "changed"

    def has_read(self, origin: str, given: bytes) -> bool:
        """Return whether the article of this origin was read from the source named by ``Article.given``."""
        row = self.connection.execute("SELECT digest FROM articles WHERE origin = ?", (origin,)).fetchone()
        return row is not None and row[0][16:] == given

    def known_vectors(self, keys: Collection[bytes]) -> dict[bytes, NDArray[np.float32]]:
        """Return the vectors that the library already has for ``keys`` (``text_key``)."""
        found = {}
        for key in keys:
            row = self.connection.execute("SELECT vector FROM vectors WHERE text_key = ?", (key,)).fetchone()
            if row:
                found[key] = rows.stack([row[0]])[0]
        return found

    # Changes, inside a transaction

    def set_model(self, fingerprint: Fingerprint) -> None:
        """Record the model of the library's vectors."""
        rows.set_meta(self.connection, "fingerprint", fingerprint.to_json())

    def put_article(self, file: str, prepared: PreparedArticle, fingerprint: Fingerprint) -> int:
        """Store an article, replacing the one of the same origin; return its row key."""
        old = self.connection.execute(
            "SELECT key FROM articles WHERE origin = ?", (prepared.article.origin,)
        ).fetchone()
        replaced = self._delete_article(old[0]) if old else []
        key = self._insert_article(file, prepared.article, prepared.passages)
        for passage, vector in zip(prepared.passages, prepared.vectors, strict=True):
            self._insert_passage(key, passage, self.store_vector(text_key(passage.embedded_text, fingerprint), vector))
        if prepared.statements is not None:
            statements.add(self.connection, key, prepared.statements)
        self.delete_unused_vectors(replaced)
        self.touched = True
        return key

    def put_statements(self, key: int, found: Sequence[statements.Statement]) -> None:
        """Store the statements of the article of a row key, in the place of those that it has."""
        statements.add(self.connection, key, found)

    def has_near_duplicates(self, key: int) -> bool:
        """Return whether the article of a row key has near-duplicates."""
        return bool(duplicates.near_duplicates_of(self.connection, key))

    def delete_articles(self, keys: Collection[int]) -> None:
        """Delete articles, by row key, with everything that belongs to them."""
        for key in keys:
            self.delete_unused_vectors(self._delete_article(key))
            self.touched = True

    def record_file(self, record: FileRecord) -> None:
        """Record that a file has been read completely."""
        self.connection.execute(
            "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?)",
            (*(getattr(record, name) for name in FileRecord.__slots__[:5]), json.dumps(record.problems)),
        )

    def forget_file(self, origin: str) -> None:
        """Delete the record of a file that no longer exists."""
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
        """Store a vector unless it exists already; return its row key."""
        row = self.connection.execute("SELECT key FROM vectors WHERE text_key = ?", (key,)).fetchone()
        if row:
            return int(row[0])
        data = vector.astype("<f4", copy=False).tobytes()
        return int(
            self.connection.execute("INSERT INTO vectors (text_key, vector) VALUES (?, ?)", (key, data)).lastrowid or 0
        )

    def _delete_article(self, key: int) -> list[int]:
        """Delete an article; return the row keys of its passages' vectors."""
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
        """Delete those vectors, by row key, that no passage refers to."""
        self.connection.executemany(
            "DELETE FROM vectors WHERE key = ?1 AND NOT EXISTS (SELECT 1 FROM passages WHERE vector = ?1) "
            "AND NOT EXISTS (SELECT 1 FROM staged WHERE vector = ?1)",
            ((key,) for key in keys),
        )

    def _trim(self) -> None:
        """Clear the record of removed passages when it exceeds ``MAX_REMOVALS``."""
        last = self.connection.execute("SELECT max(rowid), min(rowid) FROM removed").fetchone()
        if last[0] and last[0] - last[1] >= MAX_REMOVALS:
            self.connection.execute("DELETE FROM removed")
            rows.set_meta(self.connection, "changes_since", str(self.revision))


def text_key(text: str, fingerprint: Fingerprint) -> bytes:
    """Return 16 bytes that identify a text embedded by a model."""
    return hashlib.sha256(f"{fingerprint.digest}\n{text}".encode("utf-8", "surrogatepass")).digest()[:16]


def digest(article: Article) -> bytes:
    """Return a 16-byte hash of an article's metadata, blocks and splitter, followed by ``Article.given``."""
    parts = [
        *(article.title, article.path, article.url, article.source, article.author, article.published),
        rows.blocks_to_json(article.blocks),
        schema.splitter_version(),
    ]
    return hashlib.sha256(json.dumps(parts).encode()).digest()[:16] + article.given


def count_to_reembed(writer: LibraryWriter, fingerprint: Fingerprint) -> int:
    """Count the passages that ``reembed`` would embed: without those of an interrupted run."""
    passages, staged = writer.connection.execute(
        "SELECT (SELECT count(*) FROM passages), (SELECT count(*) FROM staged)"
    ).fetchone()
    return int(passages - (staged if rows.meta(writer.connection, "staging") == fingerprint.digest else 0))


def reembed(
    writer: LibraryWriter,
    fingerprint: Fingerprint,
    embed: Callable[[list[str]], NDArray[np.float32]],
    on_batch: Callable[[int], None],
    batch: int,
) -> None:
    """Embed every passage with another model, then switch to its vectors in one transaction.

    Until then nothing changes for readers. Finished batches are kept, so that an interrupted run is resumed. ``embed``
    receives texts, ``on_batch`` the number of passages done.
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
