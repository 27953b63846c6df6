"""How SQLite files are opened, migrated and their errors named."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval.errors import StoreCorrupt, StoreError, StoreLocked
from retrieval.store import sqlite
from retrieval.store.sqlite import DatabaseLabels, Migration
from tests.patience import PATIENCE_SECONDS

LABELS = DatabaseLabels("the file", "notes cannot be kept", "move it away")
FIRST = Migration("first", lambda connection: connection.execute("CREATE TABLE IF NOT EXISTS notes (words TEXT)"))
SECOND = Migration("second", lambda connection: connection.execute("ALTER TABLE notes ADD COLUMN day TEXT"))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "notes.sqlite"


@pytest.fixture
def connection(file: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite.connect(file, create=True)
    yield connection
    connection.close()


def applied(connection: sqlite3.Connection) -> list[str]:
    return [name for (name,) in connection.execute("SELECT name FROM migrations ORDER BY name")]


# Opening


def test_an_existing_private_file_with_loose_permissions_is_tightened(file: Path) -> None:
    """Its log, too; nobody but the owner keeps any right, and the owner gains none."""
    sqlite.connect(file, create=True).close()
    log = file.with_name(f"{file.name}-wal")
    log.touch()
    for each, mode in ((file, 0o664), (log, 0o644)):
        each.chmod(mode)
    sqlite.connect(file, create=True, private=True).close()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert not log.exists() or stat.S_IMODE(log.stat().st_mode) == 0o600
    file.chmod(0o444)
    sqlite.connect(file, create=True, private=True).close()
    assert stat.S_IMODE(file.stat().st_mode) == 0o400


def test_a_file_that_is_not_private_keeps_its_permissions(file: Path) -> None:
    sqlite.connect(file, create=True).close()
    file.chmod(0o664)
    sqlite.connect(file, create=True).close()
    assert stat.S_IMODE(file.stat().st_mode) == 0o664


def test_only_a_complete_database_is_opened_unless_it_may_be_created(file: Path) -> None:
    with pytest.raises(FileNotFoundError):
        sqlite.connect(file)
    assert not file.exists()
    connection = sqlite.connect(file, create=True)
    connection.execute("CREATE TABLE notes (words TEXT)")
    connection.close()
    whole = file.read_bytes()
    for damaged, reason in ((b"", "not a database"), (b"text" * 99, "not a database"), (whole[:-1], "cut off")):
        file.write_bytes(damaged)
        with pytest.raises(sqlite3.DatabaseError, match=reason):
            sqlite.connect(file)


def test_a_reader_cannot_write(connection: sqlite3.Connection, file: Path) -> None:
    connection.execute("CREATE TABLE notes (words TEXT)")
    reader = sqlite.connect(file, write=False)
    refused = pytest.raises(StoreError, match="notes cannot be kept: the file cannot be written")
    with refused, sqlite.errors_translated(LABELS):
        reader.execute("DELETE FROM notes")
    reader.close()


@pytest.mark.skipif(sys.platform == "win32", reason="has no limit on the size of files")
def test_a_file_on_a_full_disk_is_read_as_it_is(file: Path) -> None:
    """The files that SQLite wants beside it cannot be made; a connection that may write says so."""
    connection = sqlite.connect(file, create=True, pragmas={"journal_mode": "WAL"})
    connection.execute("CREATE TABLE notes AS SELECT 'kept' AS words")
    connection.close()
    program = (
        "import resource, sqlite3, sys, pathlib\n"
        "from retrieval.store import sqlite\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))\n"
        "connection = sqlite.connect(pathlib.Path(sys.argv[1]), write=False)\n"
        "sys.exit(str((connection.execute('SELECT * FROM notes').fetchone(), sqlite.is_snapshot(connection))))"
    )
    ran = subprocess.run([sys.executable, "-c", program, str(file)], capture_output=True, text=True, check=False)
    assert ran.stderr.strip() == "(('kept',), True)"


# Errors


def test_another_processs_lock_is_named(connection: sqlite3.Connection, file: Path) -> None:
    """A lock held for longer than the time-out is a StoreLocked."""
    other = sqlite.connect(file)
    other.execute("PRAGMA busy_timeout = 0")
    with sqlite.transaction(connection), pytest.raises(StoreLocked), sqlite.errors_translated(LABELS):
        other.execute("BEGIN IMMEDIATE")
    other.close()


def test_a_missing_table_is_damage_and_a_violated_constraint_a_bug(connection: sqlite3.Connection) -> None:
    connection.execute("CREATE TABLE notes (words TEXT PRIMARY KEY)")
    named = pytest.raises(StoreCorrupt, match=r"the file is damaged \(no such table: other\): move it away")
    with named, sqlite.errors_translated(LABELS):
        connection.execute("SELECT * FROM other")
    connection.execute("INSERT INTO notes VALUES ('a')")
    with pytest.raises(sqlite3.IntegrityError), sqlite.errors_translated(LABELS):
        connection.execute("INSERT INTO notes VALUES ('a')")


# Migrations


def test_migrations_are_applied_once_in_order_and_recorded(connection: sqlite3.Connection) -> None:
    """Each step that is missing, and no other; the format is their number."""
    sqlite.migrate(connection, [FIRST])
    connection.execute("INSERT INTO notes VALUES ('kept')")
    assert [each.name for each in sqlite.unrecorded(connection, [FIRST, SECOND])] == ["second"]
    assert not sqlite.is_readable(connection, [FIRST, SECOND])
    for _ in range(2):
        sqlite.migrate(connection, [FIRST, SECOND])
        assert applied(connection) == ["first", "second"]
        assert connection.execute("SELECT * FROM notes").fetchall() == [("kept", None)]
        assert connection.execute("PRAGMA user_version").fetchone() == (2,)
    with pytest.raises(StoreError, match=r"newer onrecord \(format 2, this one reads 1\)"):
        sqlite.migrate(connection, [FIRST])


def test_a_database_from_before_the_record_is_readable_and_then_recorded(connection: sqlite3.Connection) -> None:
    """It has the tables of the first migration, whatever its user_version."""
    connection.execute("CREATE TABLE notes (words TEXT)")
    connection.execute("INSERT INTO notes VALUES ('old')")
    assert sqlite.is_readable(connection, [FIRST])
    assert not sqlite.is_readable(connection, [FIRST, SECOND])
    sqlite.migrate(connection, [FIRST, SECOND])
    assert applied(connection) == ["first", "second"]
    assert connection.execute("SELECT * FROM notes").fetchall() == [("old", None)]


def test_a_migration_that_fails_leaves_nothing_of_itself(connection: sqlite3.Connection) -> None:
    """Those before it stay, and the next attempt goes on there."""

    def fail(connection: sqlite3.Connection) -> None:
        connection.execute("DROP TABLE notes")
        raise ValueError("halfway")

    with pytest.raises(ValueError, match="halfway"):
        sqlite.migrate(connection, [FIRST, Migration("second", fail)])
    assert applied(connection) == ["first"]
    assert connection.execute("SELECT * FROM notes").fetchall() == []
    assert connection.execute("PRAGMA user_version").fetchone() == (1,)
    sqlite.migrate(connection, [FIRST, SECOND])
    assert applied(connection) == ["first", "second"]


MIGRATING = """
import sys; from pathlib import Path
from retrieval.store import sqlite
add = lambda connection: connection.execute("ALTER TABLE notes ADD COLUMN day TEXT")
sys.stdin.readline()
connection = sqlite.connect(Path(sys.argv[1]))
sqlite.migrate(connection, [sqlite.Migration("first", lambda connection: None), sqlite.Migration("second", add)])
"""


def test_processes_that_migrate_at_once_apply_each_step_once(connection: sqlite3.Connection, file: Path) -> None:
    sqlite.migrate(connection, [FIRST])
    running = [
        subprocess.Popen(
            [sys.executable, "-c", MIGRATING, str(file)],
            cwd=Path(__file__).parents[3],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    for each in running:
        assert each.stdin
        each.stdin.write("\n")
        each.stdin.flush()
    assert [each.communicate(timeout=PATIENCE_SECONDS)[1] for each in running] == [""] * 3
    assert applied(connection) == ["first", "second"]


def test_a_script_is_run_inside_the_transaction(connection: sqlite3.Connection) -> None:
    """A semicolon in a comment ends no statement; what is not finished is refused."""
    with pytest.raises(ValueError, match="not a complete statement"), sqlite.transaction(connection):
        sqlite.run_script(connection, "-- a; b\nCREATE TABLE a (x);\nCREATE TABLE b (y)")
    assert connection.execute("SELECT name FROM sqlite_master").fetchall() == []
    with sqlite.transaction(connection):
        sqlite.run_script(connection, "-- a; b\nCREATE TABLE a (x);\nCREATE TABLE b (y);\n")
    assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("a",), ("b",)]
