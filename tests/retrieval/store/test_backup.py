"""Backups: whole, checked, taken in use, and put back in one step."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from retrieval.errors import InputError, StoreCorrupt, StoreLocked, StoreMissing
from retrieval.store.backup import BEFORE_RESTORE, DAMAGED_LIBRARY, LAST_BACKUP, backup, restore
from retrieval.store.library import Library
from retrieval.store.schema import LIBRARY_FILE
from retrieval.vector_index.index import VectorIndex
from tests.fakes import FakeEmbedder, make_article, make_library, put

STORIES = [make_article(f"Story {number} tells of animal{number}.", title=f"T{number}") for number in range(30)]
EMBEDDER = FakeEmbedder()


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store of thirty articles."""
    make_library(tmp_path / "store", STORIES).close()
    return tmp_path / "store"


def rows(file: Path) -> list[list[tuple[object, ...]]]:
    """Return every row of a library's own tables."""
    connection = sqlite3.connect(file)
    tables = ("articles", "texts", "blocks", "vectors", "passages", "files")
    found = [connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in tables]  # noqa: S608
    connection.close()
    return found


def files(store: Path) -> set[str]:
    return {path.name for path in store.iterdir() if not path.name.endswith((".lock", "-wal", "-shm"))}


def test_a_backup_restores_row_for_row(store: Path) -> None:
    """What was added since is gone, what was there is back, and the replaced library is kept."""
    before = rows(store / LIBRARY_FILE)
    assert backup(store, store / LAST_BACKUP) == (store / LAST_BACKUP).stat().st_size
    with Library.open(store) as library:
        put(library, [make_article("A late story.", title="Late")])
    late = rows(store / LIBRARY_FILE)
    assert restore(store, store / LAST_BACKUP).articles == 30
    assert rows(store / LIBRARY_FILE) == before
    assert rows(store / BEFORE_RESTORE) == late
    assert files(store) == {LIBRARY_FILE, LAST_BACKUP, BEFORE_RESTORE}


def test_a_backup_is_taken_while_somebody_writes(store: Path, tmp_path: Path) -> None:
    """It holds what was committed, not what is under way."""
    before = rows(store / LIBRARY_FILE)
    with Library.open(store) as library, library.writer() as writer, writer.transaction():
        writer.delete_articles([1, 2, 3])
        backup(store, tmp_path / "copy.sqlite")
    assert rows(tmp_path / "copy.sqlite") == before


def test_an_open_library_and_its_vectors_follow_a_restore(store: Path) -> None:
    """A bot that runs on reads the restored articles, by words and by meaning."""
    backup(store, store / LAST_BACKUP)
    with Library.open(store) as library:
        index = VectorIndex.open(library, store / "vectors")
        put(library, [make_article("A zebra.", title="Zebra")])
        zebra = EMBEDDER.embed_query("zebra")
        assert index.search(zebra, 1)[0][1] > 0.5
        restore(store, store / LAST_BACKUP)
        put(library, [make_article("A yak.", title="Yak")])  # the same revision as before, another content
        assert library.search_words(["zebra"], limit=5) == []
        assert index.search(zebra, 1)[0][1] < 0.5
        assert index.search(EMBEDDER.embed_query("yak"), 1)[0][1] > 0.5
        index.close()


@pytest.mark.parametrize("damage", [b"", b"rubbish" * 1000])
def test_a_library_that_is_no_database_any_more_is_set_aside(store: Path, damage: bytes) -> None:
    """The backup takes its place, and the damaged file is kept for who wants to look."""
    backup(store, store / LAST_BACKUP)
    before = rows(store / LIBRARY_FILE)
    (store / LIBRARY_FILE).write_bytes(damage)
    with pytest.raises(StoreCorrupt):
        Library.open(store)
    restore(store, store / LAST_BACKUP)
    assert rows(store / LIBRARY_FILE) == before
    assert (store / DAMAGED_LIBRARY).read_bytes() == damage


def test_a_library_with_damaged_pages_is_replaced_and_never_backed_up(store: Path) -> None:
    """A damaged library does not take a sound backup's place."""
    backup(store, store / LAST_BACKUP)
    sound = rows(store / LIBRARY_FILE)
    with (store / LIBRARY_FILE).open("r+b") as stream:
        stream.seek(3 * 8192)
        stream.write(b"\xff" * 8192 * 4)
    with pytest.raises(StoreCorrupt):
        backup(store, store / LAST_BACKUP)
    restore(store, store / LAST_BACKUP)
    assert rows(store / LIBRARY_FILE) == sound
    with Library.open(store) as library:
        assert library.check() == []


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\0" + b"\0" * 200, b"text"])
def test_what_is_no_backup_replaces_nothing(store: Path, tmp_path: Path, content: bytes) -> None:
    """One line says so, and the library is as it was."""
    before = rows(store / LIBRARY_FILE)
    (tmp_path / "odd").write_bytes(content)
    for name in ("odd", "absent"):
        with pytest.raises(InputError, match=name):
            restore(store, tmp_path / name)
    connection = sqlite3.connect(tmp_path / "foreign")
    connection.execute("CREATE TABLE t (x)")
    connection.close()
    with pytest.raises(InputError, match="another program"):
        restore(store, tmp_path / "foreign")
    assert rows(store / LIBRARY_FILE) == before


def test_a_damaged_backup_replaces_nothing(store: Path) -> None:
    """It is looked through before it is used."""
    backup(store, store / LAST_BACKUP)
    with (store / LAST_BACKUP).open("r+b") as stream:
        stream.seek(2 * 8192)
        stream.write(b"\xff" * 8192 * 6)
    before = rows(store / LIBRARY_FILE)
    with pytest.raises((InputError, StoreCorrupt), match="damaged"):
        restore(store, store / LAST_BACKUP)
    assert rows(store / LIBRARY_FILE) == before


def test_a_restore_waits_for_no_writer(store: Path) -> None:
    """While another process ingests, it says so and changes nothing."""
    backup(store, store / LAST_BACKUP)
    with Library.open(store) as library, library.writer(), pytest.raises(StoreLocked):
        restore(store, store / LAST_BACKUP)


def test_a_store_without_a_library_has_nothing_to_back_up(tmp_path: Path) -> None:
    """But a backup may be restored there: another machine's, for instance."""
    with pytest.raises(StoreMissing):
        backup(tmp_path, tmp_path / LAST_BACKUP)
    make_library(tmp_path / "one", STORIES).close()
    backup(tmp_path / "one", tmp_path / "copy")
    assert restore(tmp_path / "two", tmp_path / "copy").articles == 30
