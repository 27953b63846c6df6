"""Replicas: published copies, taken in one step while the library is read."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import shutil
import sqlite3
import threading
import time
from pathlib import Path

import pytest

from retrieval.articles import Article
from retrieval.errors import InputError, LibraryIsReplica, StoreError
from retrieval.store import replica
from retrieval.store.backup import backup, restore
from retrieval.store.library import Library
from retrieval.store.replica import CopyIncomplete, PublishedCopy, Publisher, follow, publish
from retrieval.store.schema import LIBRARY_FILE
from tests.fakes import make_article, make_library, put, remove
from tests.patience import until


def pair(number: int) -> list[Article]:
    """Two articles that are always stored in one transaction."""
    return [make_article(f"Half {half} of story {number}.", title=f"Story {number} {half}") for half in "ab"]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A writer's store with one pair."""
    make_library(tmp_path / "writer", pair(0)).close()
    return tmp_path / "writer"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where copies are published."""
    (tmp_path / "shared").mkdir()
    return tmp_path / "shared" / "articles.sqlite"


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """A replica's store."""
    return tmp_path / "replica"


def grow(store: Path, number: int) -> None:
    with Library.open(store) as library:
        put(library, pair(number))


def titles(library: Library) -> set[str]:
    return {title for _, title, *_ in library.titles()}


def forge(file: Path, *, revision: int | None = None) -> None:
    """Write the record of what is in ``file``, as whoever can write there could."""
    record = PublishedCopy.read(file)
    assert record
    content = file.read_bytes()
    changed = dataclasses.replace(
        record,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        revision=record.revision if revision is None else revision,
    )
    file.with_name(f"{file.name}.json").write_text(json.dumps(dataclasses.asdict(changed)))


def alter(file: Path, statement: str) -> None:
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute(statement)
    connection.close()


def test_a_replica_follows_while_it_is_read(store: Path, file: Path, other: Path) -> None:
    """An open library shows the next copy at its next question, and the old one until then."""
    published = publish(store, file)
    assert published == follow(other, file)
    with Library.open(other) as library:
        assert titles(library) == {"Story 0 a", "Story 0 b"}
        assert follow(other, file) is None
        with library.reading() as connection:
            before = connection.execute("SELECT count(*) FROM articles").fetchone()
            grow(store, 1)
            publish(store, file)
            assert follow(other, file)
            assert connection.execute("SELECT count(*) FROM articles").fetchone() == before
        assert len(titles(library)) == library.counts().articles == 4
        assert library.check() == []
        with Library.open(store) as original:
            assert (library.identity, library.revision) == (original.identity, original.revision)
    assert sorted(each.name for each in other.iterdir() if each.suffix != ".lock") == [LIBRARY_FILE]


def test_a_copy_is_not_published_twice(store: Path, file: Path) -> None:
    """Only a new revision is; a copy without its record, as a crash leaves one, is published again."""
    assert publish(store, file)
    assert publish(store, file) is None
    file.unlink()
    assert publish(store, file)


def test_an_empty_library_is_not_published(tmp_path: Path, file: Path) -> None:
    """There is nothing to ask of it yet."""
    Library.open(tmp_path / "created", create=True).close()
    assert publish(tmp_path / "created", file) is None
    assert not file.exists()


def test_a_pipe_is_not_waited_for(store: Path, file: Path, other: Path) -> None:
    """Nor is a folder read."""
    publish(store, file)
    record = file.with_name(f"{file.name}.json")
    content = record.read_bytes()
    for path, kind in ((record, InputError), (file, CopyIncomplete)):
        record.write_bytes(content)
        path.unlink()
        os.mkfifo(path)
        with pytest.raises(kind, match="it is no file"):
            follow(other, file)
        path.unlink()


def test_a_replica_is_changed_by_its_writer_only(store: Path, file: Path, other: Path) -> None:
    """Everything that would write is refused, with the machine that may; its backup is somebody's own again."""
    record = publish(store, file)
    follow(other, file)
    assert record
    with Library.open(other) as library:
        with pytest.raises(LibraryIsReplica, match=f"ingest on {record.host}"):
            put(library, pair(7))
        with pytest.raises(LibraryIsReplica):
            remove(library, "a")
    backup(other, other / "copy.sqlite")
    with pytest.raises(LibraryIsReplica):
        restore(other, other / "copy.sqlite")
    assert restore(other.with_name("own"), other / "copy.sqlite").articles == 2
    grow(other.with_name("own"), 7)


def test_what_does_not_match_its_record_is_not_taken(store: Path, file: Path, other: Path) -> None:
    """Half carried, altered, or gone: the replica keeps what it has."""
    publish(store, file)
    whole = file.read_bytes()
    for content in (whole[:-4096], whole[:5000] + b"x" + whole[5001:], b"", whole + b"x"):
        file.write_bytes(content)
        with pytest.raises(CopyIncomplete, match="does not match its record"):
            follow(other, file)
        assert not (other / LIBRARY_FILE).exists()
    file.unlink()
    with pytest.raises(CopyIncomplete, match="cannot be read"):
        follow(other, file)
    file.write_bytes(whole)
    assert follow(other, file)
    assert [each.name for each in other.glob("*.new*")] == []


@pytest.mark.parametrize(
    ("statement", "complaint"),
    [
        ("CREATE TRIGGER t AFTER UPDATE ON meta BEGIN DELETE FROM articles; END", "the trigger 't'"),
        ("CREATE VIEW v AS SELECT 1", "the view 'v'"),
        ("CREATE TABLE extra (x)", "the table 'extra'"),
        ("CREATE INDEX articles_url ON articles (abs(url))", "the index 'articles_url'"),
        ("DROP TABLE blocks", "no table 'blocks'"),
        ("PRAGMA application_id = 5", "another program's"),
        ("PRAGMA user_version = 99", "newer onrecord"),
        ("UPDATE meta SET value = 'another' WHERE key = 'library'", "not the library that its record names"),
    ],
)
def test_what_is_no_library_is_not_taken(store: Path, file: Path, other: Path, statement: str, complaint: str) -> None:
    """Whoever can write there can write the record, too."""
    publish(store, file)
    alter(file, statement)
    forge(file)
    with pytest.raises((InputError, StoreError), match=complaint):
        follow(other, file)
    assert not (other / LIBRARY_FILE).exists()


@pytest.mark.parametrize("record", ["", "[]", "{}", '{"library": 1}', "\udcff", '{"revision": "x"}'])
def test_a_record_that_is_none(store: Path, file: Path, other: Path, record: str) -> None:
    """One line says what to do."""
    publish(store, file)
    file.with_name(f"{file.name}.json").write_bytes(record.encode("utf-8", "surrogateescape"))
    with pytest.raises(InputError, match="record"):
        follow(other, file)


def test_a_store_with_its_own_library_is_left_alone(store: Path, file: Path, other: Path) -> None:
    """So is a replica of another library, and one that is ahead."""
    publish(store, file)
    make_library(other, pair(3)).close()
    with pytest.raises(StoreError, match="a library of its own"):
        follow(other, file)
    replica_store = other.with_name("second")
    follow(replica_store, file)
    strange = file.with_name("strange.sqlite")
    publish(other, strange)
    with pytest.raises(StoreError, match="a copy of another library"):
        follow(replica_store, strange)
    old, record = file.read_bytes(), file.with_name(f"{file.name}.json").read_bytes()
    grow(store, 1)
    publish(store, file)
    follow(replica_store, file)
    file.write_bytes(old)
    file.with_name(f"{file.name}.json").write_bytes(record)
    with pytest.raises(StoreError, match="this replica 2 already"):
        follow(replica_store, file)


def test_a_restored_library_takes_over(store: Path, file: Path, other: Path, tmp_path: Path) -> None:
    """When the writer is lost, its last copy becomes another machine's library, which the replicas follow.

    The old one, should it come back, cannot publish any more.
    """
    grow(store, 1)
    publish(store, file)
    follow(other, file)
    successor = tmp_path / "successor"
    restore(successor, file)
    grow(successor, 2)
    with Library.open(other) as library:
        before = library.revision
        assert publish(successor, file)
        assert follow(other, file)
        assert library.revision > before
        assert library.counts().articles == 6
    grow(store, 8)
    with pytest.raises(StoreError, match="a copy of another library"):
        publish(store, file)


def test_nothing_else_is_overwritten(store: Path, file: Path) -> None:
    """A file that is no published copy, or a later one of a library that went on elsewhere."""
    file.write_text("somebody's notes")
    with pytest.raises(StoreError, match="not a published copy"):
        publish(store, file)
    assert file.read_text() == "somebody's notes"
    file.unlink()
    publish(store, file)
    shutil.copytree(store, store.with_name("fork"))
    grow(store, 1)
    publish(store, file)
    with pytest.raises(StoreError, match="another copy of this library"):
        publish(store.with_name("fork"), file)
    for number in (5, 6):  # as many revisions, and more
        grow(store.with_name("fork"), number)
        with pytest.raises(StoreError, match="another copy of this library"):
            publish(store.with_name("fork"), file)


def test_a_log_that_an_earlier_library_left_is_not_applied(store: Path, file: Path, other: Path) -> None:
    """The write-ahead log of another file would be read into the copy."""
    with Library.open(store) as library, library.writer() as writer, writer.transaction():
        writer.delete_articles([1])
        other.mkdir()
        shutil.copy(store / f"{LIBRARY_FILE}-wal", other)  # as a killed process leaves it
    publish(store, file)
    follow(other, file)
    with Library.open(other) as library:
        assert library.check() == []


def test_nothing_half_is_seen(store: Path, file: Path, other: Path) -> None:
    """Readers ask without a pause while the library is written to, published and followed."""
    publish(store, file)
    follow(other, file)
    done, seen, broken = threading.Event(), set(), []

    def read(library: Library) -> None:
        while not done.is_set():
            with library.reading() as connection:
                count = connection.execute("SELECT count(*) FROM articles").fetchone()[0]
                time.sleep(0.001)
                found = {row[0] for row in connection.execute("SELECT title FROM articles")}
            pairs = {title[:-2] for title in found}
            if len(found) != count or {f"{each} {half}" for each in pairs for half in "ab"} != found:
                broken.append(found)
            seen.add(len(found))

    with Library.open(other) as library:
        readers = [threading.Thread(target=read, args=(library,)) for _ in range(3)]
        for each in readers:
            each.start()
        try:
            for number in range(1, 12):
                grow(store, number)
                publish(store, file)
                follow(other, file)
                until(lambda: broken or library.counts().articles in seen)
        finally:
            done.set()
            for each in readers:
                each.join()
    assert broken == []
    assert seen >= {2 * number for number in range(2, 13)}


def test_a_publisher_that_may_not_does_not(store: Path, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says so once, and the copy that is there stays."""
    monkeypatch.setattr(replica, "PUBLICATION_PAUSE_SECONDS", 0.01)
    publish(store, file)
    before = file.read_bytes()
    grow(store, 1)
    lines: list[str] = []

    def refuse() -> None:
        raise StoreError("another machine writes")

    with Publisher(store, file, refuse, lines.append):
        until(lambda: lines)
    assert lines == ["not published: another machine writes"]
    assert file.read_bytes() == before
