"""The library's file: its tables and migrations, and how it is created and opened."""

from __future__ import annotations

import contextlib
import sqlite3
import uuid
from pathlib import Path

from retrieval.errors import StoreMissing
from retrieval.store import derived_indexes, rows, sqlite
from retrieval.store.sqlite import DatabaseLabels, Migration
from retrieval.text.sentences import nupunkt_version

LIBRARY_FILE = "library.sqlite"
APPLICATION_ID = 0x4F6E5265  # "OnRe": distinguishes the library from any other SQLite database

LINEAGE = "lineage"
"""Key in the meta table: identities of the libraries that this one was restored from."""
WRITER_HOST = "writer host"
"""Key in the meta table of a replica: the machine that writes to the library."""

SPLITTER = "1"
"""Changes with whatever moves a passage, other than nupunkt (``retrieval.structure.passages``)."""

LABELS = DatabaseLabels(
    "the library's file", "the store cannot be used", "move the store's folder away and ingest the articles again"
)

_CACHE_KIB = 32_768  # per connection; word search in large libraries is a tenth faster than with 2,000
PAGE_BYTES = 8192  # five 384-dimensional vectors per page, where 4096 has room for two

_TABLES = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- Files that were read, so that an unchanged one costs only a hash.
CREATE TABLE IF NOT EXISTS files (
    origin TEXT PRIMARY KEY, sha256 TEXT NOT NULL, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,
    loader TEXT NOT NULL, problems TEXT NOT NULL
) WITHOUT ROWID;

-- Keys are never reused (AUTOINCREMENT).
CREATE TABLE IF NOT EXISTS articles (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    origin TEXT NOT NULL UNIQUE,
    file TEXT NOT NULL,               -- origin of the file it was read from
    digest BLOB NOT NULL,             -- of everything but the text, which the id covers
    title TEXT NOT NULL, path TEXT NOT NULL, url TEXT NOT NULL,
    source TEXT NOT NULL, author TEXT NOT NULL, published TEXT NOT NULL,
    title_folded TEXT NOT NULL, source_folded TEXT NOT NULL, author_folded TEXT NOT NULL,
    day TEXT NOT NULL,                -- the date part of published
    characters INTEGER NOT NULL, words INTEGER NOT NULL, passages INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS articles_file ON articles (file);
CREATE INDEX IF NOT EXISTS articles_path ON articles (path);
CREATE INDEX IF NOT EXISTS articles_title ON articles (title_folded);
CREATE INDEX IF NOT EXISTS articles_source ON articles (source_folded, source);
CREATE INDEX IF NOT EXISTS articles_author ON articles (author_folded);
CREATE INDEX IF NOT EXISTS articles_day ON articles (day);

-- The text in chunks, so that a passage of a long article is read without the rest; it is stored nowhere else.
CREATE TABLE IF NOT EXISTS texts (
    article INTEGER NOT NULL REFERENCES articles (key) ON DELETE CASCADE,
    start INTEGER NOT NULL, text TEXT NOT NULL, UNIQUE (article, start)
);
CREATE TABLE IF NOT EXISTS blocks (
    article INTEGER PRIMARY KEY REFERENCES articles (key) ON DELETE CASCADE, blocks TEXT NOT NULL
);

-- The vector of a text and a model: the same text is never embedded twice.
CREATE TABLE IF NOT EXISTS vectors (
    key INTEGER PRIMARY KEY AUTOINCREMENT, text_key BLOB NOT NULL UNIQUE, vector BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS passages (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    article INTEGER NOT NULL REFERENCES articles (key) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL, page INTEGER,
    context TEXT NOT NULL, sentences TEXT NOT NULL,
    vector INTEGER NOT NULL REFERENCES vectors (key),
    revision INTEGER NOT NULL,        -- that added it
    UNIQUE (article, start)
);
CREATE INDEX IF NOT EXISTS passages_vector ON passages (vector);
CREATE INDEX IF NOT EXISTS passages_revision ON passages (revision);

-- Passages that were removed, for the vector index to follow.
CREATE TABLE IF NOT EXISTS removed (revision INTEGER NOT NULL, id TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS removed_revision ON removed (revision);

-- Another model's vectors while a rebuild is in progress.
CREATE TABLE IF NOT EXISTS staged (
    passage INTEGER PRIMARY KEY REFERENCES passages (key) ON DELETE CASCADE,
    vector INTEGER NOT NULL REFERENCES vectors (key)
);
CREATE INDEX IF NOT EXISTS staged_vector ON staged (vector);
"""


def _create_tables(connection: sqlite3.Connection) -> None:
    sqlite.run_script(connection, _TABLES)
    connection.executemany(
        "INSERT OR IGNORE INTO meta VALUES (?, ?)",
        [("library", uuid.uuid4().hex), ("revision", "0"), ("changes_since", "0")],
    )


MIGRATIONS = (Migration("library tables", _create_tables),)


def splitter_version() -> str:
    """Return the version of what splits articles into passages, with that of nupunkt, which finds their sentences.

    It is recorded with every file and is part of every article's digest: what another version split is split anew when
    its file is read again. Stores from before nupunkt's version was part of it have "1" alone. Needed for ingestion
    only: it imports nupunkt.
    """
    return f"{SPLITTER}/nupunkt-{nupunkt_version()}"


def connect(folder: Path, *, create: bool = False, write: bool = False) -> sqlite3.Connection:
    """Open the library's file of ``folder`` and check that it is one.

    Args:
        folder: The store.
        create: Create the folder and the file when they are missing.
        write: Whether the connection may write.

    Raises:
        StoreMissing: There is no file, and ``create`` is false.
        StoreCorrupt: The file is not a library, or is truncated.
        StoreError: It was written by a newer version, or cannot be read or created.
    """
    path = folder / LIBRARY_FILE
    with errors_translated():
        if not path.exists():
            if not create:
                raise StoreMissing("nothing has been ingested here yet: run `onrecord ingest PATH` first")
            _create(path)
        pragmas: dict[str, str | int] = {"cache_size": -_CACHE_KIB}  # negative: in KiB
        if write:
            # What ingest reported as saved must survive a power cut: NORMAL could lose the last commits of the
            # write-ahead log. A batch is seconds of embedding, its fsync some milliseconds.
            pragmas["synchronous"] = "FULL"
        connection = sqlite.connect(path, write=write, pragmas=pragmas)
        try:
            refuse_foreign(connection)
        except BaseException:
            connection.close()
            raise
    return connection


def errors_translated() -> contextlib.AbstractContextManager[None]:
    """Translate the errors of SQLite and of the file system (``sqlite.errors_translated``) for the library."""
    return sqlite.errors_translated(LABELS)


def refuse_foreign(connection: sqlite3.Connection) -> None:
    """Check that a database is a library that this version reads.

    A store may lie in anybody's folder: a view would be read in a table's place, without end if it likes, and a trigger
    would act on what is written.

    Raises:
        sqlite3.DatabaseError: It is not.
        StoreError: It was written by a newer version.
    """
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise sqlite3.DatabaseError("it is another program's database")
    foreign = "SELECT type, name FROM sqlite_master WHERE type IN ('trigger', 'view')"
    if found := connection.execute(foreign).fetchone():
        raise sqlite3.DatabaseError(f"it holds the {found[0]} {found[1]!r}, which no library has")
    sqlite.refuse_newer(connection, MIGRATIONS)
    rows.meta(connection, "revision")


def needs_migration(connection: sqlite3.Connection) -> tuple[bool, bool]:
    """Return whether a library should be written to before it is read, and whether it has to be."""
    outdated = derived_indexes.outdated(connection)
    has_to = not sqlite.is_readable(connection, MIGRATIONS) or any(index.required for index in outdated)
    return bool(outdated or sqlite.unrecorded(connection, MIGRATIONS)), has_to


def migrate(connection: sqlite3.Connection) -> None:
    """Bring a library's tables and derived indexes to the present version. The caller holds the writer lock."""
    sqlite.migrate(connection, MIGRATIONS)
    derived_indexes.rebuild(connection, derived_indexes.outdated(connection))


def _create(path: Path) -> None:
    """Create the file under another name and rename it: a library is complete or does not exist."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{LIBRARY_FILE}.{uuid.uuid4().hex[:8]}.new")
    pragmas: dict[str, str | int] = {"page_size": PAGE_BYTES, "journal_mode": "WAL", "application_id": APPLICATION_ID}
    try:
        with contextlib.closing(sqlite.connect(partial, create=True, pragmas=pragmas)) as connection:
            migrate(connection)
        if not path.exists():
            partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
