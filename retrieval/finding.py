"""How filters, names and terms become SQL. Nothing a person typed becomes part of a statement."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from datetime import date

from retrieval.articles import Filters
from retrieval.errors import FilterError, InputError

ALLOWED = "AND p.article IN (SELECT key FROM articles WHERE id IN (SELECT value FROM json_each(?)))"
"""Limits a query over passages ``p`` to articles given as a JSON list of ids."""

_LISTED = 3  # names shown when a name fits several articles


def condition(filters: Filters) -> tuple[str, list[object]]:
    """Return a condition on the articles table, and its values.

    Raises:
        FilterError: A date is not ``YYYY-MM-DD``, or the first day is after the last.
    """
    parts: list[str] = []
    values: list[object] = []
    if filters.sources:
        parts.append(f"source_folded IN ({_marks(filters.sources)})")
        values += [fold(source) for source in filters.sources]
    if filters.authors:  # found in the index on authors alone, each distinct row of it looked at once
        parts.append(
            f"key IN (SELECT key FROM articles WHERE {' OR '.join(['instr(author_folded, ?)'] * len(filters.authors))})"  # noqa: S608
        )
        values += [fold(author) for author in filters.authors]
    since, until = _day(filters.since), _day(filters.until)
    if since and until and since > until:
        raise FilterError(f"the first day {since} is after the last {until}: swap them")
    if since or until:
        parts.append("day != ''")
    if since:
        parts.append("day >= ?")
        values.append(since)
    if until:
        parts.append("day <= ?")
        values.append(until)
    if filters.articles:
        parts.append(f"id IN ({_marks(filters.articles)})")
        values += filters.articles
    return " AND ".join(parts) or "1", values


def fold(text: str) -> str:
    """Return ``text`` as names are compared: without case, with single spaces."""
    return " ".join(text.casefold().split())


def day(published: str) -> str:
    """Return the date part of an ISO date or date and time, empty when there is none."""
    return published[:10] if re.match(r"\d{4}-\d{2}-\d{2}", published, re.ASCII) else ""


def match(terms: Sequence[str]) -> str:
    """Return an FTS5 query for passages that hold any of ``terms``; empty when there are none."""
    return " OR ".join(
        '"' + term.replace('"', '""') + '"' for term in dict.fromkeys(terms) if term and "\0" not in term
    )


def key_of(connection: sqlite3.Connection, named: str) -> int:
    """Return the row key of the one article that ``named`` names.

    Tried in this order, the first that fits deciding: an id, an origin, a path; then the start of an id, of a title,
    and the last parts of a path.

    Raises:
        InputError: It names none, or several.
    """
    wanted = named.strip().removeprefix("./")
    for column in ("id", "origin", "path") if wanted else ():
        found = _matches(connection, f"{column} = ?", [wanted])
        if found:
            return _only(found, named)
    for where, start in (
        ("id >= ? AND id < ?", wanted.lower() if re.fullmatch(r"[0-9a-fA-F]{4,16}", wanted) else ""),
        ("title_folded >= ? AND title_folded < ?", fold(wanted)),
    ):
        found = _matches(connection, where, [start, start + "\U0010ffff"]) if start else []
        if found:
            return _only(found, named)
    found = _matches(connection, "substr(origin, -length(?)) = ?", [f"/{wanted}"] * 2) if wanted else []
    if found:
        return _only(found, named)
    raise InputError(f"no article is called {named!r}: see `onrecord articles`")


def _matches(connection: sqlite3.Connection, where: str, values: list[str]) -> list[tuple[int, str, str]]:
    return connection.execute(
        f"SELECT key, id, title FROM articles WHERE {where} ORDER BY origin LIMIT {_LISTED + 1}",  # noqa: S608
        values,
    ).fetchall()


def _only(found: list[tuple[int, str, str]], named: str) -> int:
    if len(found) > 1:
        names = ", ".join(
            f"{identifier} ({title})" if title else identifier for _, identifier, title in found[:_LISTED]
        )
        more = ", …" if len(found) > _LISTED else ""
        raise InputError(f"{named!r} names several articles: {names}{more}; use an id")
    return found[0][0]


def _marks(values: Sequence[str]) -> str:
    return ", ".join("?" * len(values))


def _day(text: str) -> str:
    if not text:
        return ""
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
            return date.fromisoformat(text).isoformat()
    except ValueError:
        pass
    raise FilterError(f"not a date: {text!r}; write it as YYYY-MM-DD")
