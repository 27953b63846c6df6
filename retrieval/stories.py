"""Tells which articles are one story: a report carried by many outlets, under other headlines, cut or lightly edited.

Each article has a sketch: the smallest of the hashes of its runs of five words. Of two sketches, the share that both
hold of the smallest hashes of either estimates how much of the two texts is the same (bottom-k sketches of resemblance:
Broder, "On the resemblance and containment of documents", 1997). Candidates share one of their very smallest hashes,
which an index finds, however many articles there are.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Sequence
from functools import lru_cache

SKETCH_VERSION = "1"
"""Stored with the sketches: those of another version are made anew."""

SHINGLE = 5
"""Words of a run: long enough that two reports of one event share few."""

SIZE = 32
"""Hashes of a sketch: it errs by .08 about a resemblance of .3."""

KEYS = 8
"""Smallest hashes that the index holds: of two texts alike by a half, 99.6 % share one; by .3, 94 %."""

ALIKE = 0.3
"""Resemblance from which two articles are one story. A copy that is cut to its first half is at .5, and lower with
words changed or a notice added; different reports of one event are under .1."""

LEAST = 30  # runs: shorter texts have no sketch
_CANDIDATES = 200
_FACTORS = tuple(pow(0x9E3779B97F4A7C15, power + 1, 2**64) for power in range(SHINGLE))

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
    """Return the ``SIZE`` smallest hashes of the runs of ``words``, ascending; none for a short text.

    Takes half a millisecond for 1,000 words.
    """
    import numpy as np  # noqa: PLC0415 (late: a store is opened by commands that do without)

    runs = len(words) - SHINGLE + 1
    if runs < LEAST:
        return ()
    hashed = np.fromiter(map(_hashed, words), dtype=np.uint64, count=len(words))
    total = np.zeros(runs, dtype=np.uint64)
    for place, factor in enumerate(_FACTORS):
        total += (hashed[place : place + runs] ^ (hashed[place : place + runs] >> np.uint64(29))) * np.uint64(factor)
    total ^= total >> np.uint64(32)
    total *= np.uint64(0xD6E8FEB86659FD93)
    total ^= total >> np.uint64(32)
    smallest = np.unique(total >> np.uint64(1))  # SQLite's integers have a sign
    return tuple(smallest[:SIZE].tolist()) if len(smallest) >= LEAST else ()


@lru_cache(maxsize=200_000)
def _hashed(word: str) -> int:
    return int.from_bytes(hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def resemblance(one: Sketch, other: Sketch) -> float:
    """Return how much of two texts is the same, 0 to 1, by their sketches; 0 without one."""
    if not one or not other:
        return 0.0
    size = min(len(one), len(other), SIZE)
    smallest = sorted({*one, *other})[:size]
    return len({*smallest} & {*one} & {*other}) / size


def are_one_story(one: Sketch, other: Sketch) -> bool:
    """Tell whether two articles are one story."""
    return resemblance(one, other) >= ALIKE


def create(connection: sqlite3.Connection) -> None:
    """Create the tables where they are missing."""
    for statement in filter(str.strip, _SCHEMA.split(";")):
        connection.execute(statement)


def rebuild(connection: sqlite3.Connection, articles: Iterable[tuple[int, Sequence[str]]]) -> None:
    """Make every sketch anew, from articles' rows and words, inside the caller's transaction."""
    create(connection)
    connection.execute("DELETE FROM sketch_keys")
    connection.execute("DELETE FROM sketches")
    for row, words in articles:
        add(connection, row, words)


def add(connection: sqlite3.Connection, row: int, words: Sequence[str]) -> None:
    """Keep an article's sketch under its row. It goes with the row."""
    made = sketch(words)
    if made:
        data = b"".join(value.to_bytes(8, "little") for value in made)
        connection.execute("INSERT INTO sketches VALUES (?, ?)", (row, data))
        connection.executemany("INSERT INTO sketch_keys VALUES (?, ?)", ((value, row) for value in made[:KEYS]))


def sketch_of(connection: sqlite3.Connection, row: int) -> Sketch:
    """Return an article's sketch; empty where it has none."""
    found = connection.execute("SELECT hashes FROM sketches WHERE article = ?", (row,)).fetchone()
    return _read(found[0]) if found else ()


def copies_of(connection: sqlite3.Connection, row: int) -> list[int]:
    """Return the rows of the other articles that are one story with this one, in order of arrival."""
    mine = sketch_of(connection, row)
    found = connection.execute(
        "SELECT DISTINCT article FROM sketch_keys WHERE article != ? AND hash IN "
        "(SELECT hash FROM sketch_keys WHERE article = ?) ORDER BY article LIMIT ?",
        (row, row, _CANDIDATES),
    )
    return [other for (other,) in found.fetchall() if are_one_story(mine, sketch_of(connection, other))]


def _read(data: bytes) -> Sketch:
    return tuple(int.from_bytes(data[at : at + 8], "little") for at in range(0, len(data), 8))
