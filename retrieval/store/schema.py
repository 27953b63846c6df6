"""The library's file: its tables, how it is opened, and what SQLite's complaints mean to a person."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
import unicodedata
import uuid
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from retrieval.errors import OnrecordError, StoreCorrupt, StoreError, StoreLocked, StoreMissing
from retrieval.store import duplicates, quote_index
from retrieval.text.analyzer import ANALYSER_VERSION

FILE = "library.sqlite"
APPLICATION_ID = 0x4F6E5265  # "OnRe": tells our file from any other SQLite database
VERSION = 1

ANALYSER = f"{ANALYSER_VERSION}/unicode-{unicodedata.unidata_version}"
"""What the word index was made with. Its rows are removed by analysing the same text again (the index keeps no copy of
the text), so a change of the analyser or of Python's Unicode tables means indexing anew."""

SPLITTER = "1"
"""Changes with whatever moves a passage (``retrieval.structure.passages``, nupunkt's version): part of every article's
digest, so that what was split by another is split anew when its file is read again."""

_CACHE = (
    32_768  # KB a connection may keep of the file; word search in large libraries is a tenth faster than with 2,000
)
_PAGE = 8192  # five 384-number vectors a page, where 4096 holds two
_PATIENCE = 10_000  # ms that a reader or writer waits for SQLite's own short locks

SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- What was read, so that an unchanged file costs a hash.
CREATE TABLE files (
    origin TEXT PRIMARY KEY, sha256 TEXT NOT NULL, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,
    loader TEXT NOT NULL, problems TEXT NOT NULL
) WITHOUT ROWID;

-- Keys are never used twice (AUTOINCREMENT): the word index may outlive a row by a crash of its analyser.
CREATE TABLE articles (
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
CREATE INDEX articles_file ON articles (file);
CREATE INDEX articles_path ON articles (path);
CREATE INDEX articles_title ON articles (title_folded);
CREATE INDEX articles_source ON articles (source_folded, source);
CREATE INDEX articles_author ON articles (author_folded);
CREATE INDEX articles_day ON articles (day);

-- The text in pieces, so that a passage of a long article is read without the rest of it; it is kept nowhere else.
CREATE TABLE texts (
    article INTEGER NOT NULL REFERENCES articles (key) ON DELETE CASCADE,
    start INTEGER NOT NULL, text TEXT NOT NULL, UNIQUE (article, start)
);
CREATE TABLE blocks (
    article INTEGER PRIMARY KEY REFERENCES articles (key) ON DELETE CASCADE, blocks TEXT NOT NULL
);

-- A vector stands for a text read by a model: the same text is never embedded twice.
CREATE TABLE vectors (
    key INTEGER PRIMARY KEY AUTOINCREMENT, text_key BLOB NOT NULL UNIQUE, vector BLOB NOT NULL
);
CREATE TABLE passages (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    article INTEGER NOT NULL REFERENCES articles (key) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL, page INTEGER,
    context TEXT NOT NULL, sentences TEXT NOT NULL,
    vector INTEGER NOT NULL REFERENCES vectors (key),
    revision INTEGER NOT NULL,        -- the revision that brought it
    UNIQUE (article, start)
);
CREATE INDEX passages_vector ON passages (vector);
CREATE INDEX passages_revision ON passages (revision);

-- Passages that left, for whatever is derived from the library and has to follow.
CREATE TABLE removed (revision INTEGER NOT NULL, id TEXT NOT NULL);
CREATE INDEX removed_revision ON removed (revision);

-- A new model's vectors while a rebuild is under way.
CREATE TABLE staged (
    passage INTEGER PRIMARY KEY REFERENCES passages (key) ON DELETE CASCADE,
    vector INTEGER NOT NULL REFERENCES vectors (key)
);
CREATE INDEX staged_vector ON staged (vector);
"""

WORD_INDEX = """
CREATE VIRTUAL TABLE word_index USING fts5 (context, body, content='', tokenize="unicode61 remove_diacritics 0");
CREATE VIRTUAL TABLE vocabulary USING fts5vocab (word_index, row);
"""


def connect(folder: Path, *, create: bool = False, write: bool = False) -> sqlite3.Connection:
    """Open the library's file of ``folder`` and check that it is one.

    Args:
        folder: The store.
        create: Make the folder and the file when they are missing.
        write: Whether the connection may write.

    Raises:
        StoreMissing: There is no file, and ``create`` is false.
        StoreCorrupt: The file is not a library, or is cut off.
        StoreError: It was written by a newer version, or cannot be read or made.
    """
    path = folder / FILE
    with translated():
        if not path.exists():
            if not create:
                raise StoreMissing("nothing has been ingested here yet: run `onrecord ingest PATH` first")
            _create(path)
        connection = _connected(path, write=write)
        try:
            refuse_foreign(connection)
        except BaseException:
            connection.close()
            raise
    return connection


@contextlib.contextmanager
def translated() -> Iterator[None]:
    """Turn SQLite's and the file system's exceptions into the house's, one clear line each.

    Raises:
        StoreLocked: SQLite's own lock was held for longer than ten seconds.
        StoreCorrupt: The file is damaged.
        StoreError: The disk is full, the folder read-only, or the file cannot be read.
    """
    try:
        yield
    except OnrecordError:
        raise
    except sqlite3.OperationalError as error:
        raise _operational(error) from error
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.ProgrammingError | sqlite3.IntegrityError | sqlite3.InterfaceError):
            raise  # a bug of ours, not a damaged file
        raise _corrupt(str(error)) from error
    except OSError as error:
        raise StoreError(f"the store cannot be used ({error.strerror or error}): check its folder") from error


_COMPLAINTS = {
    sqlite3.SQLITE_FULL: "no space is left for the store: what was saved is whole; make room and run the command again",
    sqlite3.SQLITE_READONLY: "the store is read-only: check its folder's permissions",
    sqlite3.SQLITE_IOERR: "the disk failed the store: what was saved is whole; check for free space and try again",
    sqlite3.SQLITE_CANTOPEN: "the store cannot be opened: check its folder's permissions",
}


def _operational(error: sqlite3.OperationalError) -> StoreError:
    said = str(error)
    code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return StoreLocked("another process is writing to the store: wait until it is done and try again")
    if "no such table" in said or "no such column" in said:
        return _corrupt(said)
    return StoreError(_COMPLAINTS.get(code) or f"the store failed: {said}")


def _corrupt(what: str) -> StoreCorrupt:
    return StoreCorrupt(
        f"the library's file is damaged ({what}): move the store's folder away and ingest the articles again"
    )


def _create(path: Path) -> None:
    """Make the file under another name and move it in: a library is whole or is not there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{FILE}.{uuid.uuid4().hex[:8]}.new")
    try:
        connection = sqlite3.connect(partial, isolation_level=None)
        try:
            connection.executescript(
                f"PRAGMA page_size = {_PAGE}; PRAGMA journal_mode = WAL; PRAGMA application_id = {APPLICATION_ID};"
                f"PRAGMA user_version = {VERSION}; BEGIN; {SCHEMA} {WORD_INDEX}"
            )
            quote_index.create(connection)
            duplicates.create(connection)
            connection.executemany(
                "INSERT INTO meta VALUES (?, ?)",
                [
                    ("library", uuid.uuid4().hex),
                    ("revision", "0"),
                    ("changes_since", "0"),
                    ("analyser", ANALYSER),
                    ("quotes", quote_index.INDEX_VERSION),
                    ("sketches", duplicates.SKETCH_VERSION),
                ],
            )
            connection.execute("COMMIT")
        finally:
            connection.close()
        if not path.exists():
            partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


class _Counted(sqlite3.Connection):
    """A connection that is known to be open until it is closed."""

    file: tuple[int, int] | None = None

    def close(self) -> None:
        """Close it."""
        super().close()
        with _guard:
            if self.file:
                _open_files[self.file] -= 1
            self.file = None


_guard = threading.RLock()  # a connection that cannot be opened is closed while it is held
_open_files: Counter[tuple[int, int]] = Counter()
"""How many connections this process has to a file, by its device and number."""


def _connected(path: Path, *, write: bool) -> sqlite3.Connection:
    """Open a file that looks sound.

    It is looked at only while nothing in this process has it open. POSIX takes every lock that a process has on a file
    when it closes any handle of that file: the next process to leave would find nobody reading, and remove the log
    under our connections, which would see nothing new from then on.
    """
    with _guard:
        state = path.stat()
        file = (state.st_dev, state.st_ino)
        if not _open_files[file]:
            _refuse_damaged(path)
        connection = _open(path, write=write)
        connection.file = file
        _open_files[file] += 1
        return connection


def _open(path: Path, *, write: bool) -> _Counted:
    mode = "rw"
    if not write and not (os.access(path.parent, os.W_OK) and os.access(path, os.W_OK)):
        # A write-ahead log needs files beside it. Where none can be made, nobody can be writing either.
        mode = "ro" if path.with_name(f"{FILE}-wal").exists() else "ro&immutable=1"
    connection = sqlite3.connect(
        f"{path.resolve().as_uri()}?mode={mode}",
        uri=True,
        timeout=_PATIENCE / 1000,
        isolation_level=None,
        factory=_Counted,
        check_same_thread=False,  # one thread at a time: the library's pool sees to it
    )
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(f"PRAGMA cache_size = -{_CACHE}")  # negative: in KB
        # What ingest reported as saved must survive a power cut: NORMAL could lose the last commits of a write-ahead
        # log. A batch is seconds of embedding, its fsync some milliseconds.
        connection.execute("PRAGMA synchronous = FULL" if write else "PRAGMA query_only = ON")
    except BaseException:
        connection.close()
        raise
    return connection


def _refuse_damaged(path: Path) -> None:
    """Notice a file that is not SQLite's, or shorter than it says, before SQLite trips over it in mid-query."""
    with path.open("rb") as stream:
        header = stream.read(100)
    if len(header) < 100 or not header.startswith(b"SQLite format 3\0"):
        raise _corrupt("it is not a database")
    page = int.from_bytes(header[16:18], "big")
    pages = int.from_bytes(header[28:32], "big")
    pending = 0
    with contextlib.suppress(FileNotFoundError):  # whoever closes the library last removes its log
        pending = path.with_name(f"{FILE}-wal").stat().st_size  # the rest may still be in there
    if not pending and path.stat().st_size < pages * (65536 if page == 1 else page):
        raise _corrupt("it is cut off")


def refuse_foreign(connection: sqlite3.Connection) -> None:
    """Check that a database is a library that this version reads.

    Raises:
        StoreCorrupt: It is not.
        StoreError: It was written by a newer version.
    """
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if application != APPLICATION_ID:
        raise _corrupt("it is another program's database")
    if version > VERSION:
        raise StoreError(
            f"the store was written by a newer onrecord (format {version}, this one reads {VERSION}): update onrecord"
        )
    connection.execute("SELECT value FROM meta WHERE key = 'revision'").fetchone()
