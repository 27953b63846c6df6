"""A private database, shared by threads and processes."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from retrieval.errors import StoreCorrupt
from retrieval.store.private_db import PrivateDatabase
from retrieval.store.sqlite import Migration
from tests.patience import PATIENCE_SECONDS

NOTES = Migration("notes", lambda connection: connection.execute("CREATE TABLE IF NOT EXISTS said (words TEXT) STRICT"))
WRITING = """
import sqlite3, sys
with sqlite3.connect(sys.argv[1], timeout=0) as connection:
    connection.execute("BEGIN IMMEDIATE")
"""


def make(path: Path) -> PrivateDatabase:
    return PrivateDatabase(path, [NOTES], failure="notes cannot be kept", recovery="move it away")


def test_what_is_undone_was_never_there(tmp_path: Path) -> None:
    notes = make(tmp_path / "notes.sqlite")
    assert not notes.exists
    with notes.writing() as connection:
        connection.execute("INSERT INTO said VALUES ('kept')")
    with pytest.raises(sqlite3.IntegrityError), notes.writing() as connection:
        connection.executemany("INSERT INTO said VALUES (?)", [("undone",), (b"no text",)])
    with notes.reading() as connection:
        assert connection.execute("SELECT words FROM said").fetchall() == [("kept",)]
    assert (tmp_path / "notes.sqlite").stat().st_mode & 0o077 == 0
    notes.discard()
    assert not notes.exists


def test_opening_the_file_again_loses_no_lock(tmp_path: Path) -> None:
    """POSIX would drop this process's locks with any handle of the file that it closes by hand."""
    path = tmp_path / "notes.sqlite"
    first, second = make(path), make(path)
    with first.writing():
        with second.reading() as connection:
            connection.execute("SELECT * FROM said").fetchall()
        other = subprocess.run(
            [sys.executable, "-c", WRITING, str(path)],
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_SECONDS,
        )
    assert "database is locked" in other.stderr
    first.close()
    second.close()


def test_a_damaged_file_is_named_and_nothing_of_it_shown(tmp_path: Path) -> None:
    path = tmp_path / "notes.sqlite"
    path.write_bytes(b"not a database at all" * 100)
    with (
        pytest.raises(StoreCorrupt, match=r"notes\.sqlite in the store is damaged.*move it away") as caught,
        make(path).reading(),
    ):
        pass
    assert str(tmp_path) not in str(caught.value)
    assert isinstance(caught.value.__cause__, sqlite3.DatabaseError)
