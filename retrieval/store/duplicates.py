"""Near-duplicates: articles that are one report, syndicated under other headlines, truncated or lightly edited.

Each article has a sketch: the ``SKETCH_HASHES`` smallest hashes of its shingles, runs of ``SHINGLE_WORDS`` words
(Broder, "On the resemblance and containment of documents", 1997). Up to the greatest hash that both sketches cover,
their hashes ``A`` and ``B`` are a random sample of the same shingles, and ``|A & B| / min(|A|, |B|)`` estimates the
containment of the shorter text in the longer: 1 for a copy that was only truncated. Candidates share one of their very
smallest hashes, which are indexed, so that the cost does not grow with the number of articles.

The relation is not transitive: a round-up is a near-duplicate of each brief in it; the briefs are not of each other.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import struct
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Sequence
from functools import lru_cache

from retrieval.articles import ArticleInfo
from retrieval.store import quote_index, rows

META_KEY = "sketches"
SKETCH_VERSION = "2"
"""Stored under ``META_KEY``; sketches of another version are rebuilt."""

SHINGLE_WORDS = 5
"""Words of a shingle: enough that two independent reports of one event share few."""

SKETCH_HASHES = 128
"""Hashes of a sketch, 4 bytes each. Of a copy truncated to half, 64 are compared: the error is at most .06."""

INDEXED_HASHES = 16
"""Smallest hashes that are indexed: of two texts that share a quarter of all their shingles, 99 % share one."""

MIN_CONTAINMENT = 0.55
"""Containment from which two articles are near-duplicates. With every twentieth word changed .77 of the shingles are
left, with every tenth .59. Of 2,000 articles of US outlets no two reach .45; the nearest are reports that quote one
person at length, and short articles under a publisher's long notice."""

MIN_SHINGLES = 30  # shorter texts have no sketch
_MIN_COMPARED_HASHES = 8  # with fewer, one text is a small part of the other
_MAX_ARTICLES_PER_HASH = 50
"""Articles read for one hash, in order of arrival, and near-duplicates returned: it bounds the work on a notice that
thousands of articles contain."""

_MAX_CANDIDATES = 100
"""Articles compared with one, those that share most of its smallest hashes: it bounds the time where many articles
share some sentences."""

_COMPARED_AT_ONCE_MIN = 16  # sketches from which arrays are faster than sets
_SCAN_INDEX_MIN = 200  # articles from which it pays to scan the index for those that share any hash
_FACTORS = tuple(pow(0x9E3779B97F4A7C15, power + 1, 2**64) for power in range(SHINGLE_WORDS))

_SCHEMA = """
CREATE TABLE IF NOT EXISTS sketches (
    article INTEGER PRIMARY KEY REFERENCES articles (key) ON DELETE CASCADE, hashes BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS sketch_keys (
    hash INTEGER NOT NULL, article INTEGER NOT NULL REFERENCES articles (key) ON DELETE CASCADE,
    PRIMARY KEY (hash, article)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS sketch_keys_article ON sketch_keys (article);
"""

Sketch = tuple[int, ...]


def sketch(words: Sequence[str]) -> Sketch:
    """Return the ``SKETCH_HASHES`` smallest hashes of the shingles of ``words``, ascending; none for a short text.

    Takes half a millisecond for 1,000 words.
    """
    import numpy as np  # noqa: PLC0415 (late: a store is opened by commands that do without)

    runs = len(words) - SHINGLE_WORDS + 1
    if runs < MIN_SHINGLES:
        return ()
    hashed = np.fromiter(map(_hashed, words), dtype=np.uint64, count=len(words))
    total = np.zeros(runs, dtype=np.uint64)
    for place, factor in enumerate(_FACTORS):
        total += (hashed[place : place + runs] ^ (hashed[place : place + runs] >> np.uint64(29))) * np.uint64(factor)
    total ^= total >> np.uint64(32)
    total *= np.uint64(0xD6E8FEB86659FD93)
    total ^= total >> np.uint64(32)
    smallest = np.unique((total >> np.uint64(32)).astype(np.uint32))
    return tuple(smallest[:SKETCH_HASHES].tolist()) if len(smallest) >= MIN_SHINGLES else ()


@lru_cache(maxsize=200_000)
def _hashed(word: str) -> int:
    return int.from_bytes(hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def containment(one: Sketch, other: Sketch) -> float:
    """Return the estimated containment of the shorter text in the longer, 0 to 1; 0 with too few hashes to compare."""
    reach = min(_reach(one), _reach(other))
    mine, theirs = one[: bisect_right(one, reach)], other[: bisect_right(other, reach)]
    smaller = min(len(mine), len(theirs))
    return len(set(mine).intersection(theirs)) / smaller if smaller >= _MIN_COMPARED_HASHES else 0.0


def are_near_duplicates(one: Sketch, other: Sketch) -> bool:
    """Return whether two articles are near-duplicates."""
    return containment(one, other) >= MIN_CONTAINMENT


def _reach(known: Sketch) -> int:
    """Return the greatest hash up to which a sketch is complete."""
    return known[-1] if len(known) == SKETCH_HASHES else 2**32


def create(connection: sqlite3.Connection) -> None:
    """Create the tables where they are missing."""
    for statement in filter(str.strip, _SCHEMA.split(";")):
        connection.execute(statement)


def rebuild(connection: sqlite3.Connection) -> None:
    """Sketch every article anew, inside the caller's transaction."""
    create(connection)
    connection.execute("DELETE FROM sketch_keys")
    connection.execute("DELETE FROM sketches")
    for row in rows.article_keys(connection):
        add(connection, row, quote_index.stored(connection, row).split())


def add(connection: sqlite3.Connection, row: int, words: Sequence[str]) -> None:
    """Store an article's sketch under its row, with which it is deleted."""
    made = sketch(words)
    if made:
        connection.execute("INSERT INTO sketches VALUES (?, ?)", (row, struct.pack(f"<{len(made)}I", *made)))
        connection.executemany(
            "INSERT INTO sketch_keys VALUES (?, ?)", ((value, row) for value in made[:INDEXED_HASHES])
        )


def sketch_of(connection: sqlite3.Connection, row: int) -> Sketch:
    """Return an article's sketch; empty where it has none."""
    found = connection.execute("SELECT hashes FROM sketches WHERE article = ?", (row,)).fetchone()
    return _unpack(found[0]) if found else ()


def near_duplicates_of(connection: sqlite3.Connection, row: int) -> list[int]:
    """Return the rows of an article's near-duplicates, in order of arrival."""
    mine = sketch_of(connection, row)
    sharing: Counter[int] = Counter()
    for value in mine[:INDEXED_HASHES]:  # separately: a hash shared by thousands must not crowd out one shared by two
        found = connection.execute(
            "SELECT article FROM sketch_keys WHERE hash = ? AND article != ? ORDER BY article LIMIT ?",
            (value, row, _MAX_ARTICLES_PER_HASH),
        )
        sharing.update(other for (other,) in found)
    candidates = connection.execute(
        "SELECT article, hashes FROM sketches WHERE article IN (SELECT value FROM json_each(?)) ORDER BY article",
        (json.dumps([other for other, _ in sharing.most_common(_MAX_CANDIDATES)]),),
    )
    return _alike(mine, candidates.fetchall())[:_MAX_ARTICLES_PER_HASH]


def _alike(mine: Sketch, others: Sequence[tuple[int, bytes]]) -> list[int]:
    """Return the rows of the sketches, given as stored, that are ``mine``'s near-duplicates (``containment``)."""
    if len(others) < _COMPARED_AT_ONCE_MIN:
        return [row for row, hashes in others if are_near_duplicates(mine, _unpack(hashes))]
    import numpy as np  # noqa: PLC0415 (late, as above)

    theirs = np.full((len(others), SKETCH_HASHES), 2**33, dtype=np.int64)  # padding is beyond every reach
    reach = np.full(len(others), min(_reach(mine), 2**32), dtype=np.int64)
    for at, (_, hashes) in enumerate(others):
        known = np.frombuffer(hashes, dtype="<u4")
        theirs[at, : len(known)] = known
        if len(known) == SKETCH_HASHES:
            reach[at] = min(reach[at], int(known[-1]))
    own = np.array(mine, dtype=np.int64)
    within = theirs <= reach[:, None]
    places = np.minimum(np.searchsorted(own, theirs), len(own) - 1)
    shared = ((own[places] == theirs) & within).sum(axis=1)
    smaller = np.minimum(np.searchsorted(own, reach, side="right"), within.sum(axis=1))
    is_alike = (smaller >= _MIN_COMPARED_HASHES) & (shared / np.maximum(smaller, 1) >= MIN_CONTAINMENT)
    return [row for (row, _), alike in zip(others, is_alike, strict=True) if alike]


def sketches(connection: sqlite3.Connection, article_ids: Collection[str]) -> dict[str, Sketch]:
    """Return the sketches of ``article_ids``, by id; empty for articles without one."""
    return {identifier: sketch_of(connection, row) for identifier, row in _rows(connection, article_ids).items()}


def near_duplicates(connection: sqlite3.Connection, article_ids: Collection[str]) -> dict[str, list[ArticleInfo]]:
    """Return the near-duplicates of those of ``article_ids`` that have any, earliest first, undated last."""
    known = _rows(connection, article_ids)
    if len(known) > _SCAN_INDEX_MIN:
        sharing = _sharing_hashes(connection)
        known = {identifier: row for identifier, row in known.items() if row in sharing}
    found = {identifier: near_duplicates_of(connection, row) for identifier, row in known.items()}
    infos = {
        row: rows.info(connection.execute(f"{rows.INFO} WHERE key = ?", (row,)).fetchone())
        for row in {row for each in found.values() for row in each}
    }
    return {identifier: sorted((infos[row] for row in each), key=_age) for identifier, each in found.items() if each}


def _age(info: ArticleInfo) -> tuple[bool, str, str]:
    return not info.published, info.published, info.origin


def _rows(connection: sqlite3.Connection, article_ids: Collection[str]) -> dict[str, int]:
    """Return the rows of articles by id; none while the sketches are of another version."""
    if rows.meta(connection, META_KEY) != SKETCH_VERSION:
        return {}
    found = connection.execute(
        "SELECT id, key FROM articles WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(list(article_ids)),)
    )
    return dict(found.fetchall())


def _sharing_hashes(connection: sqlite3.Connection) -> set[int]:
    """Return the rows of the articles that share a hash with another: the others have no near-duplicates."""
    found = connection.execute(
        "SELECT article FROM sketch_keys WHERE hash IN (SELECT hash FROM sketch_keys GROUP BY hash HAVING count(*) > 1)"
    )
    return {row for (row,) in found}


def _unpack(data: bytes) -> Sketch:
    return struct.unpack(f"<{len(data) // 4}I", data)
