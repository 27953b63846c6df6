"""A library of texts alone, without vectors: what the quote evaluations search."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

from retrieval.articles import article_id
from retrieval.store import quote_index, rows, schema
from retrieval.store.rows import day, fold

_INSERT = (
    "INSERT INTO articles (id, origin, file, digest, title, path, url, source, author, published, title_folded, "
    "source_folded, author_folded, day, characters, words, passages) "
    "VALUES (?, ?, ?, x'', ?, '', '', ?, '', ?, ?, ?, '', ?, ?, 0, 0)"
)


class TextLibrary:
    """Articles and the quote index in one SQLite file, or in memory. For one thread."""

    def __init__(self, file: Path | None = None) -> None:
        self._connection = sqlite3.connect(file or ":memory:", isolation_level=None)
        self._connection.execute("PRAGMA mmap_size = 4294967296")
        self.revision = 0
        if not self._connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'articles'").fetchone():
            schema.MIGRATIONS[0].apply(self._connection)
            quote_index.create(self._connection)

    def add(self, articles: Iterable[tuple[str, str, str, str, str]]) -> int:
        """Keep articles given as (origin, title, source, published, text); return how many."""
        connection = self._connection
        connection.execute("BEGIN")
        count = 0
        for origin, title, source, published, text in articles:
            identity = (article_id(origin, text), origin, origin)
            names = (title, source, published, fold(title), fold(source), day(published), len(text))
            key = int(connection.execute(_INSERT, (*identity, *names)).lastrowid or 0)
            connection.executemany(
                "INSERT INTO texts VALUES (?, ?, ?)",
                (
                    (key, at, text[at : at + rows.TEXT_CHUNK_CHARACTERS])
                    for at in range(0, len(text), rows.TEXT_CHUNK_CHARACTERS)
                ),
            )
            quote_index.add(connection, key, text)
            count += 1
        connection.execute("COMMIT")
        self.revision += 1
        return count

    def optimize(self) -> None:
        """Merge the index into one piece, as a library's index becomes in time."""
        self._connection.execute("INSERT INTO quote_index(quote_index) VALUES ('optimize')")

    @contextlib.contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Lend the connection."""
        yield self._connection

    def close(self) -> None:
        """Close the file."""
        self._connection.close()
