"""Derived indexes of the library: what is computed from its articles, versioned, and rebuilt when the version changes.

The vector index is derived as well, but is kept outside the library's file and follows its revision
(``retrieval.vector_index``).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from retrieval.store import duplicates, quote_index, rows, sqlite, statements, word_index


@dataclass(frozen=True, slots=True)
class DerivedIndex:
    """An index that can be rebuilt from the articles.

    Attributes:
        name: The key under which the library's ``meta`` table has its version.
        version: Its present version.
        rebuild: Builds it inside the caller's transaction.
        required: Whether a library that cannot be written is unusable while the index is of another version.
    """

    name: str
    version: str
    rebuild: Callable[[sqlite3.Connection], None]
    required: bool = True


DERIVED_INDEXES = (
    DerivedIndex("analyser", word_index.INDEX_VERSION, word_index.rebuild),
    DerivedIndex(word_index.TERMS_KEY, word_index.TERMS_VERSION, word_index.rebuild_terms, required=False),
    DerivedIndex("quotes", quote_index.INDEX_VERSION, quote_index.rebuild),
    DerivedIndex(duplicates.META_KEY, duplicates.SKETCH_VERSION, duplicates.rebuild, required=False),
    DerivedIndex(statements.META_KEY, statements.INDEX_VERSION, statements.rebuild, required=False),
)
"""In the order in which they are rebuilt: terms are counted in the word index, and sketches are computed from the quote
index's words. The statement index is
only emptied: its articles are read when it is first asked (``retrieval.quotes.record``)."""


def outdated(connection: sqlite3.Connection) -> list[DerivedIndex]:
    """Return the indexes that are missing or of another version."""
    return [index for index in DERIVED_INDEXES if rows.meta(connection, index.name) != index.version]


def rebuild(connection: sqlite3.Connection, indexes: Iterable[DerivedIndex]) -> None:
    """Rebuild indexes, each in one transaction with its version."""
    for index in indexes:
        with sqlite.transaction(connection):
            index.rebuild(connection)
            rows.set_meta(connection, index.name, index.version)
