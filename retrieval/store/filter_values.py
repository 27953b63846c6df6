"""Filter values: what a library has no article for, with the nearest that it has."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence

from retrieval.articles import Filters
from retrieval.store import rows

MIN_RATIO = 60.0
"""Similarity, of 100, from which a name is offered for one that matches nothing (RapidFuzz's ``WRatio``)."""
MAX_OFFERED = 3
"""Names that are offered at most."""


def unmatched_value(connection: sqlite3.Connection, filters: Filters) -> str:
    """Return why one of the filters, taken alone, matches no article; empty where each matches some.

    Raises:
        FilterError: A date is not ``YYYY-MM-DD``, or the first day is after the last.
    """
    if not _any(connection, Filters()):
        return ""
    for source in filters.sources:
        if not _any(connection, Filters(sources=(source,))):
            return f"no article is from “{source}”: {_offer(source, _sources(connection), 'names its outlet')}"
    for author in filters.authors:
        if not _any(connection, Filters(authors=(author,))):
            return f"no article is by “{author}”: {_offer(author, _authors(connection), 'names its author')}"
    if (filters.since or filters.until) and not _any(connection, Filters(since=filters.since, until=filters.until)):
        first, last = rows.date_range(connection)
        typed = " and ".join(
            f"{name}={day}" for name, day in (("since", filters.since), ("until", filters.until)) if day
        )
        dated = f"those with a date are of {first} to {last}" if first else "none has a date"
        return f"no article matches {typed}: {dated}"
    return ""


def _any(connection: sqlite3.Connection, filters: Filters) -> bool:
    where, values = rows.condition(filters)
    return connection.execute(f"SELECT 1 FROM articles WHERE {where} LIMIT 1", values).fetchone() is not None  # noqa: S608


def _sources(connection: sqlite3.Connection) -> list[str]:
    return [name for name, _ in rows.sources(connection)]


def _authors(connection: sqlite3.Connection) -> list[str]:
    found = connection.execute(
        "SELECT max(author) FROM articles WHERE author_folded != '' "
        "GROUP BY author_folded ORDER BY count(*) DESC, author_folded"
    )
    return [row[0] for row in found]


def _offer(named: str, known: Sequence[str], does: str) -> str:
    from rapidfuzz import fuzz, process  # noqa: PLC0415 (only needed when nothing matches)

    if not known:
        return f"no article {does}"
    ratio: Callable[..., float] = fuzz.WRatio
    near = process.extract(
        rows.fold(named), known, scorer=ratio, processor=rows.fold, score_cutoff=MIN_RATIO, limit=MAX_OFFERED
    )
    if near:
        return f"did you mean {_listed([name for name, _, _ in near], 'or')}?"
    more = len(known) - MAX_OFFERED
    shown = [*known[:MAX_OFFERED], *([f"{more} more"] if more > 0 else [])]
    return f"there {'is' if len(known) == 1 else 'are'} {_listed(shown, 'and')}"


def _listed(names: Sequence[str], last: str) -> str:
    return f" {last} ".join(filter(None, (", ".join(names[:-1]), names[-1])))
