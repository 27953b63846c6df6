"""Backups: whole, checked, taken in use, and put back in one step."""

from __future__ import annotations

import shutil
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


HOSTILE = {
    "trigger": "CREATE TRIGGER evil AFTER INSERT ON articles BEGIN DELETE FROM passages; END",
    "view": "CREATE VIEW evil AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i FROM n) SELECT * FROM n",
    "view for a table": "DROP TABLE passages; CREATE VIEW passages AS WITH RECURSIVE n (i) AS "
    "(SELECT 1 UNION ALL SELECT i FROM n) SELECT i AS key FROM n",
    "table": "CREATE TABLE evil (x)",
    "virtual table": "CREATE VIRTUAL TABLE evil USING fts5 (x)",
    "index": "CREATE INDEX evil ON passages (context || 'x')",
    "generated column": "ALTER TABLE passages ADD COLUMN evil AS (context || 'x')",
    "column": "ALTER TABLE articles ADD COLUMN evil",
    "no passages table": "DROP TABLE passages",
    "no passages": "DELETE FROM passages",
    "no passages, and it says so": "DELETE FROM passages; UPDATE articles SET passages = 0",
    "one passage less": "DELETE FROM passages WHERE key = 3",
    "no blocks": "DELETE FROM blocks WHERE article = 2",
    "a text less": "DELETE FROM texts WHERE article = 2",
    "another text": "UPDATE texts SET text = replace(text, 'Story', 'Rumor')",
    "a span beyond the text": 'UPDATE passages SET "end" = "end" + 1 WHERE key = 3',
    "a span before the text": "UPDATE passages SET start = -1 WHERE key = 3",
    "a sentence beyond its passage": "UPDATE passages SET sentences = '[0,9999]' WHERE key = 3",
    "sentences nested without end": "UPDATE passages SET sentences = replace(hex(zeroblob(50000)), '0', '[')",
    "blocks beyond the text": "UPDATE blocks SET blocks = '[[\"paragraph\",0,99999,null,[]]]'",
    "a title that is a number": "UPDATE articles SET title = x'00ff' WHERE key = 2",
    "a vector that is too short": "UPDATE vectors SET vector = x'00000000' WHERE key = 3",
    "a vector of no numbers": "UPDATE vectors SET vector = replace(hex(zeroblob(64)), '00', 'ab')",
    "a missing vector": "UPDATE passages SET vector = 999 WHERE key = 3",
    "a passage of no article": "UPDATE passages SET article = 999 WHERE key = 3",
    "a view for the record": "DROP TABLE meta; CREATE VIEW meta AS WITH RECURSIVE n (key, value) AS "
    "(SELECT 1, 1 UNION ALL SELECT key, value FROM n) SELECT * FROM n",
    "another index of a known name": "DROP INDEX articles_file; CREATE INDEX articles_file ON articles (hex(file))",
    "the last key of all": "UPDATE passages SET key = 9223372036854775807 WHERE key = 3",
    "the last key of an article": "UPDATE articles SET key = 9223372036854775807 WHERE key = 2; "
    "UPDATE texts SET article = 9223372036854775807 WHERE article = 2; "
    "UPDATE blocks SET article = 9223372036854775807 WHERE article = 2; "
    "UPDATE passages SET article = 9223372036854775807 WHERE article = 2",
    "the last vector of all": "UPDATE vectors SET key = 9223372036854775807 WHERE key = 3; "
    "UPDATE passages SET vector = 9223372036854775807 WHERE vector = 3",
    "the last revision": "UPDATE meta SET value = '9223372036854775807' WHERE key = 'revision'",
    "a revision beyond all": "UPDATE meta SET value = replace(hex(zeroblob(20)), '0', '9') WHERE key = 'revision'",
    "a file's size in words": "INSERT INTO files VALUES ('a.txt', 'b', 'large', 0, 'c', '[]')",
    "a vector without measure": "UPDATE vectors SET vector = replace(hex(zeroblob(length(vector) / 2)), '0', '~')",
    "a title that is no text": "UPDATE articles SET title = CAST(x'ff41' AS TEXT) WHERE key = 2",
    "no model": "UPDATE meta SET value = '{}' WHERE key = 'fingerprint'",
    "no revision": "DELETE FROM meta WHERE key = 'revision'",
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_a_hostile_backup_holds_replaces_nothing(kind: str, store: Path) -> None:
    """One line, and the library is as it was: no object and no row gets over that a library could not have."""
    backup(store, store / LAST_BACKUP)
    connection = sqlite3.connect(store / LAST_BACKUP)
    connection.executescript(HOSTILE[kind])
    connection.close()
    before = rows(store / LIBRARY_FILE)
    with pytest.raises(InputError) as error:
        restore(store, store / LAST_BACKUP)
    assert "\n" not in str(error.value)
    assert rows(store / LIBRARY_FILE) == before
    assert files(store) == {LIBRARY_FILE, LAST_BACKUP}


def test_indexes_of_a_backup_are_built_again(store: Path) -> None:
    """Words that the file's own index was poisoned with are not found."""
    backup(store, store / LAST_BACKUP)
    connection = sqlite3.connect(store / LAST_BACKUP)
    connection.execute("INSERT INTO word_index (rowid, context, body) VALUES (3, 'poison', 'poison')")
    connection.commit()
    connection.close()
    restore(store, store / LAST_BACKUP)
    with Library.open(store) as library:
        assert library.search_words(["poison"], limit=5) == []
        assert library.search_words(["animal3"], limit=5)
        assert library.check() == []


def test_a_backup_of_the_first_version_is_restored(tmp_path: Path) -> None:
    """As an old store opens."""
    source = tmp_path / "old.sqlite"
    shutil.copy(Path(__file__).parents[2] / "data" / "store-v1" / LIBRARY_FILE, source)
    before = rows(source)
    assert restore(tmp_path / "store", source).articles == 3
    assert rows(tmp_path / "store" / LIBRARY_FILE) == before


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (HOSTILE["table"], "table 'evil'"),
        ("DELETE FROM passages WHERE key = 3", "has 0 of its 1 rows in passages"),
        ("DELETE FROM texts WHERE article = 2", "has 0 of its 1 rows in texts"),
    ],
)
def test_a_check_counts_what_is_recorded(harm: str, said: str, store: Path) -> None:
    """And names what no library has: what a hostile backup once brought in."""
    connection = sqlite3.connect(store / LIBRARY_FILE)
    connection.executescript(harm)
    connection.close()
    with Library.open(store) as library:
        assert said in "; ".join(library.check())


@pytest.mark.parametrize("kind", ["trigger", "view", "view for a table", "a view for the record"])
def test_a_library_with_a_trigger_or_a_view_is_not_opened(kind: str, store: Path) -> None:
    """The store of a foreign folder is no safer than a backup: a view could be read without end."""
    connection = sqlite3.connect(store / LIBRARY_FILE)
    connection.executescript(HOSTILE[kind])
    connection.close()
    with pytest.raises(StoreCorrupt, match="which no library has"), Library.open(store) as library:
        library.counts()


def test_what_a_killed_restore_left_is_deleted_by_the_next(store: Path) -> None:
    backup(store, store / LAST_BACKUP)
    (store / f"{LIBRARY_FILE}.0123abcd.new").write_bytes(b"half")
    (store / f"{LIBRARY_FILE}.0123abcd.new-journal").write_bytes(b"half")
    restore(store, store / LAST_BACKUP)
    assert files(store) == {LIBRARY_FILE, LAST_BACKUP, BEFORE_RESTORE}
