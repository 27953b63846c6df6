"""The quote index: an FTS5 table of whole articles' words, and the number of articles that contain each word.

The table stores the words, so that a search that compares forty articles does not have to analyse forty texts; the
counts distinguish the rare phrases of a quotation from the common ones. Phrases may cross blocks and passages.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from retrieval.store import rows
from retrieval.text.folding import Words, joined

INDEX_VERSION = "2"

_SCHEMA = (
    # The ascii tokenizer leaves all other characters unchanged: words are folded before they are indexed.
    "CREATE VIRTUAL TABLE IF NOT EXISTS quote_index USING fts5(words, tokenize='ascii')",
    "CREATE TABLE IF NOT EXISTS quote_words(word TEXT PRIMARY KEY, articles INTEGER NOT NULL) WITHOUT ROWID",
)
_COUNT = "INSERT INTO quote_words VALUES (?, 1) ON CONFLICT(word) DO UPDATE SET articles = articles + 1"
_UNCOUNT = "UPDATE quote_words SET articles = articles - 1 WHERE word = ?"


def create(connection: sqlite3.Connection) -> None:
    """Create the index's tables where they are missing."""
    for statement in _SCHEMA:
        connection.execute(statement)


def rebuild(connection: sqlite3.Connection) -> None:
    """Index every article anew, inside the caller's transaction."""
    connection.execute("DROP TABLE IF EXISTS quote_index")
    connection.execute("DROP TABLE IF EXISTS quote_words")
    create(connection)
    for row in rows.article_keys(connection):
        add(connection, row, rows.text(connection, row))


def add(connection: sqlite3.Connection, rowid: int, text: str) -> str:
    """Index an article's text under its row; return its words, separated by spaces."""
    words = indexed(text)
    connection.execute("INSERT INTO quote_index(rowid, words) VALUES (?, ?)", (rowid, words))
    connection.executemany(_COUNT, ((word,) for word in sorted(set(words.split()))))
    return words


def remove(connection: sqlite3.Connection, rowid: int) -> None:
    """Remove an article from the index."""
    words = sorted(set(stored(connection, rowid).split()))
    connection.execute("DELETE FROM quote_index WHERE rowid = ?", (rowid,))
    connection.executemany(_UNCOUNT, ((word,) for word in words))
    connection.executemany("DELETE FROM quote_words WHERE word = ? AND articles <= 0", ((word,) for word in words))


def stored(connection: sqlite3.Connection, rowid: int) -> str:
    """Return an article's indexed words, a space before and after each; empty when it is not indexed."""
    row = connection.execute("SELECT words FROM quote_index WHERE rowid = ?", (rowid,)).fetchone()
    return f" {row[0]} " if row else ""


def indexed(text: str) -> str:
    """Return the words of ``text`` as they are indexed."""
    return joined(Words(text).texts).strip()


def articles_with(connection: sqlite3.Connection, words: Iterable[str]) -> dict[str, int]:
    """Return the number of articles that contain each word, 0 included."""
    asked = list(dict.fromkeys(words))
    counts = dict.fromkeys(asked, 0)
    for start in range(0, len(asked), 500):
        part = asked[start : start + 500]
        marks = ",".join("?" * len(part))
        counts.update(
            connection.execute(f"SELECT word, articles FROM quote_words WHERE word IN ({marks})", part)  # noqa: S608
        )
    return counts
