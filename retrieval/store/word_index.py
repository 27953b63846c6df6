"""The word index: an FTS5 table of passages' analysed terms, and its vocabulary."""

from __future__ import annotations

import sqlite3
import unicodedata
from collections.abc import Sequence

from retrieval.store import rows
from retrieval.text.analyzer import ANALYSER_VERSION, terms

INDEX_VERSION = f"{ANALYSER_VERSION}/unicode-{unicodedata.unidata_version}"
"""The index keeps no copy of the text: rows are removed by analysing the same text again, so that a change of the
analyser or of Python's Unicode tables requires a rebuild."""

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
        add(connection, key, context, rows.text(connection, article, start, end))


def add(connection: sqlite3.Connection, key: int, context: str, text: str) -> None:
    """Index a passage's context and text under its row key."""
    connection.execute("INSERT INTO word_index (rowid, context, body) VALUES (?, ?, ?)", (key, *_terms(context, text)))


def remove(connection: sqlite3.Connection, key: int, context: str, text: str) -> None:
    """Remove a passage, given the context and text it was indexed with."""
    connection.execute(
        "INSERT INTO word_index (word_index, rowid, context, body) VALUES ('delete', ?, ?, ?)",
        (key, *_terms(context, text)),
    )


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


def _terms(context: str, text: str) -> tuple[str, str]:
    return " ".join(terms(context)), " ".join(terms(text))
