"""Corpus statistics: counts of a library, cached per revision."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from retrieval.store import rows, word_index
from retrieval.text.analyzer import terms

_CACHED_TERMS_MAX = 100_000


@dataclass(frozen=True, slots=True)
class Counts:
    """The size of a library."""

    articles: int
    passages: int
    words: int


@dataclass(slots=True)
class _RevisionCounts:
    revision: str
    counts: Counts | None = None
    frequencies: dict[str, int] = field(default_factory=dict)
    vocabulary: Mapping[str, int] | None = None


class CorpusStatistics:
    """Counts of a library, cached per revision. Safe to share between threads.

    Each method takes a connection inside a read transaction and answers for its revision.
    """

    def __init__(self) -> None:
        self._last = _RevisionCounts("")

    def known_counts(self, revision: str) -> Counts | None:
        """Return what ``counts`` would, if that is known of the revision."""
        last = self._last
        return last.counts if last.revision == revision else None

    def known_frequencies(self, revision: str, terms: Collection[str]) -> dict[str, int] | None:
        """Return what ``document_frequencies`` would, if that is known of the revision."""
        last = self._last
        asked = dict.fromkeys(terms)
        if last.revision != revision or any(term not in last.frequencies for term in asked):
            return None
        return {term: last.frequencies[term] for term in asked}

    def counts(self, connection: sqlite3.Connection) -> Counts:
        """Count articles, passages and the articles' words."""
        counted = self._of_revision(connection)
        if counted.counts is None:
            row = connection.execute(
                "SELECT count(*), coalesce(sum(passages), 0), coalesce(sum(words), 0) FROM articles"
            ).fetchone()
            counted.counts = Counts(*row)
        return counted.counts

    def document_frequencies(self, connection: sqlite3.Connection, terms: Collection[str]) -> dict[str, int]:
        """Return, for each analysed term, the number of passages whose text or context contains it."""
        known = self._of_revision(connection).frequencies
        asked = dict.fromkeys(terms)
        fresh = word_index.counts(connection, [term for term in asked if term not in known])
        if len(known) < _CACHED_TERMS_MAX:
            known.update(fresh)
        return {term: fresh[term] if term in fresh else known[term] for term in asked}

    def vocabulary(self, connection: sqlite3.Connection) -> Mapping[str, int]:
        """Return every analysed term with the number of passages whose text or context contains it.

        Terms of the names of outlets and authors that no passage contains have 0.
        """
        counted = self._of_revision(connection)
        if counted.vocabulary is None:
            named = connection.execute(
                "SELECT DISTINCT source FROM articles UNION SELECT DISTINCT author FROM articles"
            )
            names = {term: 0 for (name,) in named for term in terms(name or "")}
            counted.vocabulary = names | word_index.all_counts(connection)
        return counted.vocabulary

    def _of_revision(self, connection: sqlite3.Connection) -> _RevisionCounts:
        revision = rows.meta(connection, "revision")
        last = self._last
        if last.revision != revision:
            last = self._last = _RevisionCounts(revision)
        return last
