"""Article list: every article of a library without its text, kept in memory and followed from commit to commit.

A row of the articles table never changes: a changed article gets another key, and keys are never used again. After an
ingestion only the new rows are read, whatever the size of the library.
"""

from __future__ import annotations

import sqlite3
import threading
from bisect import insort
from collections.abc import Sequence
from dataclasses import dataclass, field

from retrieval.articles import ArticleInfo
from retrieval.store import rows

FEW_ARTICLES = 500
"""Articles up to which it is faster to read them than to pick them out of all."""

_ROWS = f"{rows.INFO.replace('SELECT', 'SELECT key, day,', 1)} WHERE key > ?"
_INVERTED = str.maketrans("0123456789", "9876543210")
_UNDATED = "~"  # after every digit


@dataclass(slots=True)
class _Articles:
    """The articles of a library as of a revision.

    Attributes:
        library: The library's identity.
        revision: The revision.
        infos: The articles by their row keys.
        order: The order of each, then its row key, sorted.
        last: The greatest row key that was read.
        listed: The articles in that order.
    """

    library: str = ""
    revision: str = ""
    infos: dict[int, ArticleInfo] = field(default_factory=dict)
    order: list[tuple[str, str, int]] = field(default_factory=list)
    last: int = 0
    listed: list[ArticleInfo] = field(default_factory=list)


class ArticleList:
    """The articles of a library, newest first, then by origin. Safe to share between threads.

    Each method takes a connection inside a read transaction and answers for its revision.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._known = _Articles()

    def all(self, connection: sqlite3.Connection) -> list[ArticleInfo]:
        """Return every article."""
        return self._current(connection).listed.copy()

    def matching(self, connection: sqlite3.Connection, where: str, values: Sequence[object]) -> list[ArticleInfo]:
        """Return the articles that meet a condition (``rows.condition``)."""
        if self._known.infos:
            keys = {key for (key,) in connection.execute(f"SELECT key FROM articles WHERE {where}", values)}  # noqa: S608 (ours)
            if len(keys) > FEW_ARTICLES:
                known = self._current(connection)
                return [known.infos[key] for *_, key in known.order if key in keys]
        found = connection.execute(f"{rows.INFO} WHERE {where} ORDER BY day DESC, origin", values)
        return [rows.info(row) for row in found]

    def _current(self, connection: sqlite3.Connection) -> _Articles:
        library, revision = rows.meta(connection, "library"), rows.meta(connection, "revision")
        with self._guard:
            known = self._known
            if (known.library, known.revision) == (library, revision):
                return known
            if known.library != library:
                known = _Articles()
            elif int(known.revision) > int(revision):  # of a reader that began before the last commit
                return _followed(connection, _Articles())
            known = _followed(connection, known)
            known.library, known.revision = library, revision
            self._known = known
            return known


def _followed(connection: sqlite3.Connection, known: _Articles) -> _Articles:
    """Return the articles of the connection's revision, given those of an earlier one."""
    fresh = [
        ((day.translate(_INVERTED) or _UNDATED, row[1], key), rows.info(row))
        for key, day, *row in connection.execute(_ROWS, (known.last,))
    ]
    infos = known.infos | {order[2]: info for order, info in fresh}
    order = known.order.copy()
    if len(fresh) > len(order) // 10:
        order = sorted([*order, *(each for each, _ in fresh)])
    else:
        for each, _ in fresh:
            insort(order, each)
    if connection.execute("SELECT count(*) FROM articles").fetchone()[0] != len(infos):
        there = set(rows.article_keys(connection))
        infos = {key: info for key, info in infos.items() if key in there}
        order = [each for each in order if each[2] in there]
    last = max(known.last, max((order[2] for order, _ in fresh), default=0))
    return _Articles(infos=infos, order=order, last=last, listed=[infos[key] for *_, key in order])
