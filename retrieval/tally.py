"""What is counted of a library, once a revision: a frequent term takes milliseconds."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from dataclasses import dataclass, field

from retrieval import rows

_KEPT = 100_000  # terms


@dataclass(frozen=True, slots=True)
class Counts:
    """How much a library holds."""

    articles: int
    passages: int
    words: int


@dataclass(slots=True)
class _Counted:
    revision: str
    counts: Counts | None = None
    frequencies: dict[str, int] = field(default_factory=dict)


class Tally:
    """Counts, and counts again when the library has changed. Safe to share between threads.

    Each method is given a connection inside a read transaction, whose revision it answers for.
    """

    def __init__(self) -> None:
        self._last = _Counted("")

    def counts(self, connection: sqlite3.Connection) -> Counts:
        """Count articles, passages and the articles' words."""
        counted = self._counted(connection)
        if counted.counts is None:
            row = connection.execute(
                "SELECT count(*), coalesce(sum(passages), 0), coalesce(sum(words), 0) FROM articles"
            ).fetchone()
            counted.counts = Counts(*row)
        return counted.counts

    def document_frequencies(self, connection: sqlite3.Connection, terms: Collection[str]) -> dict[str, int]:
        """Return, for each analysed term, the number of passages that hold it in their text or context."""
        known = self._counted(connection).frequencies
        found: dict[str, int] = {}
        for term in dict.fromkeys(terms):
            holding = known.get(term)
            if holding is None:
                row = connection.execute("SELECT doc FROM vocabulary WHERE term = ?", (term,)).fetchone()
                holding = int(row[0]) if row else 0
                if len(known) < _KEPT:
                    known[term] = holding
            found[term] = holding
        return found

    def _counted(self, connection: sqlite3.Connection) -> _Counted:
        revision = rows.meta(connection, "revision")
        last = self._last
        if last.revision != revision:
            last = self._last = _Counted(revision)
        return last
