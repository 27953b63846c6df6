"""The word index: an FTS5 table of passages' analysed terms, and the number of passages that contain each term.

FTS5 counts a term by reading all its postings: as many as the library has passages, for a frequent one. The counts are
therefore kept in a table as well, which the writer follows: looking one up costs the same in every library.
"""

from __future__ import annotations

import sqlite3
import unicodedata
from collections.abc import Collection, Sequence

from retrieval.store import rows
from retrieval.text.analyzer import ANALYSER_VERSION, terms

INDEX_VERSION = f"{ANALYSER_VERSION}/unicode-{unicodedata.unidata_version}"
"""The index keeps no copy of the text: rows are removed by analysing the same text again, so that a change of the
analyser or of Python's Unicode tables requires a rebuild."""

TERMS_KEY = "terms"
TERMS_VERSION = f"1/{INDEX_VERSION}"
"""Stored under ``TERMS_KEY``; counts of another version are made anew from the word index."""

_TERMS = "CREATE TABLE IF NOT EXISTS word_terms (term TEXT PRIMARY KEY, passages INTEGER NOT NULL) WITHOUT ROWID"
_COUNT = "INSERT INTO word_terms VALUES (?, 1) ON CONFLICT(term) DO UPDATE SET passages = passages + 1"
_UNCOUNT = "UPDATE word_terms SET passages = passages - 1 WHERE term = ?"
_SCHEMA = """
CREATE VIRTUAL TABLE word_index USING fts5 (context, body, content='', tokenize="unicode61 remove_diacritics 0");
CREATE VIRTUAL TABLE vocabulary USING fts5vocab (word_index, row);
"""


def rebuild(connection: sqlite3.Connection) -> None:
    """Index every passage anew, inside the caller's transaction."""
    connection.execute("DROP TABLE IF EXISTS vocabulary")
    connection.execute("DROP TABLE IF EXISTS word_index")
    for statement in filter(str.strip, _SCHEMA.split(";")):
        connection.execute(statement)
    for key, article, start, end, context in connection.execute(
        'SELECT key, article, start, "end", context FROM passages'
    ):
        _insert(connection, key, _terms(context, rows.text(connection, article, start, end)))


def rebuild_terms(connection: sqlite3.Connection) -> None:
    """Count every term anew, inside the caller's transaction."""
    connection.execute("DROP TABLE IF EXISTS word_terms")
    connection.execute(_TERMS)
    connection.execute("INSERT INTO word_terms SELECT term, doc FROM vocabulary")


def add(connection: sqlite3.Connection, key: int, context: str, text: str) -> None:
    """Index a passage's context and text under its row key."""
    found = _terms(context, text)
    _insert(connection, key, found)
    connection.executemany(_COUNT, ((term,) for term in _distinct(found)))


def remove(connection: sqlite3.Connection, key: int, context: str, text: str) -> None:
    """Remove a passage, given the context and text it was indexed with."""
    found = _terms(context, text)
    connection.execute(
        "INSERT INTO word_index (word_index, rowid, context, body) VALUES ('delete', ?, ?, ?)", (key, *found)
    )
    connection.executemany(_UNCOUNT, ((term,) for term in _distinct(found)))
    connection.executemany(
        "DELETE FROM word_terms WHERE term = ? AND passages <= 0", ((term,) for term in _distinct(found))
    )


def counts(connection: sqlite3.Connection, terms: Collection[str]) -> dict[str, int]:
    """Return the number of passages that contain each term, 0 included."""
    query = "SELECT passages FROM word_terms WHERE term = ?"
    if not _has_counts(connection):  # an older library that cannot be written
        query = "SELECT doc FROM vocabulary WHERE term = ?"
    found = {term: connection.execute(query, (term,)).fetchone() for term in terms}
    return {term: int(row[0]) if row else 0 for term, row in found.items()}


def all_counts(connection: sqlite3.Connection) -> dict[str, int]:
    """Return the number of passages that contain each term that any contains, by the order of the terms."""
    table = "term, passages FROM word_terms" if _has_counts(connection) else "term, doc FROM vocabulary"
    return dict(connection.execute(f"SELECT {table}"))


def _has_counts(connection: sqlite3.Connection) -> bool:
    return rows.meta(connection, TERMS_KEY) == TERMS_VERSION


def newest(
    connection: sqlite3.Connection, query: str, count: int, allowed: str = "", values: Sequence[object] = ()
) -> int:
    """Return the key of the oldest of the ``count`` newest passages that match; 0 where no more than those do.

    Args:
        connection: The library's.
        query: What they match.
        count: How many.
        allowed: A condition on passages ``p``; empty for all.
        values: Its values.
    """
    passages = (
        f"JOIN passages p ON p.key = w.rowid WHERE word_index MATCH ? {allowed}"
        if allowed
        else ("WHERE word_index MATCH ?")
    )
    found = connection.execute(
        f"SELECT w.rowid FROM word_index w {passages} ORDER BY w.rowid DESC LIMIT 1 OFFSET ?",  # noqa: S608 (ours)
        (query, *values, count),
    ).fetchone()
    return int(found[0]) + 1 if found else 0


def query(words: Sequence[str]) -> str:
    """Return an FTS5 query for passages that contain any of these analysed terms; empty when there are none."""
    return " OR ".join(_literals(words))


def conjunction(words: Sequence[str]) -> str:
    """Return an FTS5 query for passages that contain all of these analysed terms; empty when there are none."""
    return " AND ".join(_literals(words))


def proximity(phrases: Sequence[str], apart: int) -> str:
    """Return an FTS5 query for passages that contain all of these, with at most ``apart`` terms between them."""
    literals = _literals(phrases)
    return f"NEAR({' '.join(literals)}, {apart})" if literals else ""


def _literals(words: Sequence[str]) -> list[str]:
    """Return analysed terms, or several in a row with spaces between, as FTS5 strings, each once."""
    return ['"' + word.replace('"', '""') + '"' for word in dict.fromkeys(words) if word and "\0" not in word]


def _insert(connection: sqlite3.Connection, key: int, found: tuple[str, str]) -> None:
    connection.execute("INSERT INTO word_index (rowid, context, body) VALUES (?, ?, ?)", (key, *found))


def _distinct(found: tuple[str, str]) -> list[str]:
    """Return each term of a passage once, in the order of the table."""
    return sorted({term for part in found for term in part.split()})


def _terms(context: str, text: str) -> tuple[str, str]:
    return " ".join(terms(context)), " ".join(terms(text))
