"""The index on a real Chroma server: the same results, whatever becomes of the server."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from retrieval.errors import InputError, LibraryIsReplica, StoreError, StoreLocked
from retrieval.store.backup import backup
from retrieval.store.lease import LeaseRecord, LibrarySuperseded
from retrieval.store.library import Library
from retrieval.store.replica import follow, publish
from retrieval.store.schema import LIBRARY_FILE
from retrieval.vector_index import chroma
from retrieval.vector_index import index as vectors
from retrieval.vector_index import server as served
from retrieval.vector_index.chroma import ChromaError, ServerAddress
from retrieval.vector_index.index import VectorIndex
from retrieval.vector_index.server import ServerBackend, ServerLeasePlace
from tests.chroma_server import ChromaServer, free_port, guarded_by
from tests.fakes import FakeEmbedder, make_article, make_library, put, remove

EMBEDDER = FakeEmbedder()
STORIES = [
    make_article(f"Story {n} tells of topic{n % 7}.\nIts animal{n} ran in weather{n % 5}.", title=f"T{n}")
    for n in range(40)
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaServer]:
    """A server for all tests of this file; every library has a collection of its own on it."""
    server = ChromaServer(tmp_path_factory.mktemp("chroma"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[ChromaServer]:
    """A server for one test, which may stop and start it."""
    server = ChromaServer(tmp_path / "chroma")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with make_library(tmp_path / "store", STORIES) as library:
        yield library


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask the server each time, and notify of every build."""
    monkeypatch.setattr(served, "METADATA_TTL_SECONDS", 0.0)
    monkeypatch.setattr(served, "RETRY_AFTER_SECONDS", 0.0)
    monkeypatch.setattr(vectors, "NOTIFY_PASSAGES_MIN", 0)


IndexOn = Callable[..., tuple[VectorIndex, list[str]]]


@pytest.fixture
def index_on() -> Iterator[IndexOn]:
    """Make an index on a server, and the list of what it tells."""
    made: list[VectorIndex] = []

    def make(library: Library, url: str, **address: Any) -> tuple[VectorIndex, list[str]]:
        lines: list[str] = []
        made.append(VectorIndex(library, ServerBackend(ServerAddress(url, **address)), lines.append))
        return made[-1], lines

    yield make
    for index in made:
        index.close()


def exact(library: Library, question: str, limit: int = 5, articles: list[str] | None = None) -> list[str]:
    ids, rows = library.vectors_of(library.article_ids() if articles is None else articles)
    scores = (rows @ EMBEDDER.embed_query(question)).tolist()
    return [each for each, _ in sorted(zip(ids, scores, strict=True), key=lambda pair: (-pair[1], pair[0]))][:limit]


def found(index: VectorIndex, question: str, limit: int = 5, articles: list[str] | None = None) -> list[str]:
    return [identifier for identifier, _ in index.search(EMBEDDER.embed_query(question), limit, articles)]


@pytest.mark.parametrize("few", [0, 1000])
def test_the_nearest_passages_are_the_librarys(
    server: ChromaServer, library: Library, few: int, monkeypatch: pytest.MonkeyPatch, index_on: IndexOn
) -> None:
    """With and without a filter, as comparing with every vector would give them."""
    monkeypatch.setattr(vectors, "EXACT_FILTER_MAX", few)
    index, lines = index_on(library, server.url)
    index.sync()
    some = library.article_ids()[3:9]
    assert found(index, "animal17 in weather2") == exact(library, "animal17 in weather2")
    assert found(index, "topic3", 4, some) == exact(library, "topic3", 4, some)
    question = EMBEDDER.embed_query("animal17")
    hits = index.search(question, 5)
    assert np.allclose([score for _, score in hits], library.vectors([each for each, _ in hits]) @ question, atol=1e-5)
    assert lines == ["building the vector index of 80 passages"]
    assert index.problem() == ""


def test_what_changed_is_found_at_once_and_followed(server: ChromaServer, library: Library, index_on: IndexOn) -> None:
    """New passages are searched beside the collection, gone ones left out; a sync writes what changed only."""
    index, _ = index_on(library, server.url)
    index.sync()
    put(library, [make_article("A zebra crossed the square.", title="Zebra")])
    put(library, [make_article("\n".join(f"Line {number}." for number in range(250)), title="Long")])
    remove(library, STORIES[17].origin)
    assert index.problem() == "behind the library"
    for _ in range(2):
        assert found(index, "zebra square", 1) == exact(library, "zebra square", 1)
        assert not set(found(index, "animal17", 80)) & {f"{STORIES[17].id}:{0}-{30}"}
        assert found(index, "animal17") == exact(library, "animal17")
        index.sync()
    assert index.problem() == ""
    assert not index.sync()


def test_another_process_may_follow_or_build_under_a_reader(
    server: ChromaServer, library: Library, index_on: IndexOn
) -> None:
    """A reader whose collection was replaced looks again, and answers."""
    reader, _ = index_on(library, server.url)
    writer, _ = index_on(library, server.url)
    writer.sync()
    found(reader, "topic1")
    put(library, [make_article("A zebra crossed the square.", title="Zebra")])
    writer.sync()
    assert found(reader, "zebra square", 1) == exact(library, "zebra square", 1)
    other = ServerBackend(ServerAddress(server.url))
    other.build(library, lambda *_: None)
    other.close()
    assert found(reader, "animal17") == exact(library, "animal17")


def test_two_libraries_share_a_server_and_nothing_else(
    server: ChromaServer, library: Library, tmp_path: Path, index_on: IndexOn
) -> None:
    """Writers of two machines never meet in one collection."""
    mine, _ = index_on(library, server.url)
    mine.sync()
    with make_library(tmp_path / "other", [make_article("A zebra crossed the square.", title="Zebra")]) as library_2:
        other, _ = index_on(library_2, server.url)
        other.sync()
        assert found(other, "topic1", 100) == exact(library_2, "topic1")
        assert found(mine, "zebra", 100) == exact(library, "zebra", 100)


def test_a_build_that_was_cut_off_is_not_read(server: ChromaServer, library: Library, index_on: IndexOn) -> None:
    """Until its last line is written a collection is nobody's; the next sync builds it."""
    client = chroma.open_server(ServerAddress(server.url))
    held = library.fingerprint
    assert held
    chroma.create(client, f"onrecord-{library.identity[:16]}-{held.digest}", on_server=True, library=library.identity)
    chroma.close_client(client)
    index, lines = index_on(library, server.url)
    assert index.snapshot is None
    assert found(index, "animal17") == exact(library, "animal17")
    assert index.sync()
    assert found(index, "animal17") == exact(library, "animal17")
    assert len(lines) == 1


def test_a_server_that_goes_away_costs_time_and_not_answers(
    library: Library, own_server: ChromaServer, index_on: IndexOn
) -> None:
    """One line says so, once; what is learnt meanwhile is kept; when it comes back it is used again."""
    server = own_server
    index, lines = index_on(library, server.url)
    index.sync()
    assert found(index, "animal17") == exact(library, "animal17")
    server.stop()
    put(library, [make_article("A zebra crossed the square.", title="Zebra")])
    for _ in range(2):
        assert found(index, "zebra square", 1) == exact(library, "zebra square", 1)
    with pytest.raises(StoreError, match=r"127\.0\.0\.1:\d+.*does not answer.*the articles are kept"):
        index.sync()
    assert sum("searching the library instead" in line for line in lines) == 1
    server.start()
    assert index.sync()
    assert index.problem() == ""
    assert found(index, "zebra square", 1) == exact(library, "zebra square", 1)


def test_a_proxy_in_front_is_shown_the_header(server: ChromaServer, library: Library, index_on: IndexOn) -> None:
    """Without it the answer comes from the library, and the line says what is wrong and no secret."""
    with guarded_by(server, "X-Key", "s3cret") as url:
        index, _ = index_on(library, url, headers={"X-Key": "s3cret"})
        index.sync()
        assert found(index, "animal17") == exact(library, "animal17")
        assert index.problem() == ""
        refused, lines = index_on(library, url, headers={"X-Key": "wr0ng"})
        assert found(refused, "animal17") == exact(library, "animal17")
        assert "refuses the credentials" in lines[0]
        assert "wr0ng" not in " ".join([*lines, refused.problem(), repr(ServerAddress(url, {"X-Key": "wr0ng"}))])


def test_nobody_is_there(library: Library, index_on: IndexOn) -> None:
    """The library answers."""
    index, lines = index_on(library, f"http://127.0.0.1:{free_port()}")
    assert found(index, "animal17") == exact(library, "animal17")
    assert "does not answer" in lines[0]


@pytest.mark.parametrize("url", ["ftp://host", "http://", "http://host/path", "http://a:b@host", "http://host:x", ""])
def test_what_is_no_address_is_refused(url: str) -> None:
    """With what to write instead."""
    with pytest.raises(InputError, match="write http://HOST:PORT"):
        ServerBackend(ServerAddress(url))


def test_chroma_cloud_is_asked_with_its_own_client(monkeypatch: pytest.MonkeyPatch, server: ChromaServer) -> None:
    """Its class takes the key to the host that is set, and sends it as Chroma Cloud wants it."""
    with guarded_by(server, "X-Chroma-Token", "key") as url:
        monkeypatch.setattr(chroma, "CLOUD_HOST", "127.0.0.1")
        where = {"tenant": "default_tenant", "database": "default_database"}
        client = chroma.open_server(ServerAddress(url, api_key="key", **where))
        assert client.heartbeat() > 0
        chroma.close_client(client)
        with pytest.raises(ChromaError, match="refuses the credentials"):
            chroma.open_server(ServerAddress(url, api_key="other", **where))


# Several machines


def followed(library: Library, folder: Path) -> Path:
    """Publish a library, and take the copy in ``folder``; return that."""
    publish(library.folder, folder.parent / "published.sqlite")
    follow(folder, folder.parent / "published.sqlite")
    return folder


Finder = Callable[[Library], Any]


@pytest.fixture
def collection_of(server: ChromaServer) -> Iterator[Finder]:
    """Return a library's collection, or None."""
    client = chroma.open_server(ServerAddress(server.url))

    def find(library: Library) -> Any:
        held = library.fingerprint
        assert held
        return chroma.find(client, f"onrecord-{library.identity[:16]}-{held.digest}")

    yield find
    chroma.close_client(client)


def test_a_replica_reads_the_collection_and_writes_nothing(
    server: ChromaServer, library: Library, tmp_path: Path, index_on: IndexOn, collection_of: Finder
) -> None:
    """Behind it, at its revision or ahead of it: found is what its own library has, nothing more and nothing less."""
    writer, _ = index_on(library, server.url)
    writer.sync()
    with Library.open(followed(library, tmp_path / "replica")) as replica:
        reader, _ = index_on(replica, server.url)
        assert found(reader, "animal17") == exact(replica, "animal17")
        put(library, [make_article("A zebra crossed the square.", title="Zebra")])
        remove(library, STORIES[17].origin)
        writer.sync()
        assert found(reader, "animal17 zebra", 30) == exact(replica, "animal17 zebra", 30)
        assert found(reader, "animal17", 80) == exact(replica, "animal17", 80)
        followed(library, tmp_path / "replica")
        assert found(reader, "animal17 zebra", 30) == exact(replica, "animal17 zebra", 30)
        put(library, [make_article("A lynx sat in the square.", title="Lynx")])
        followed(library, tmp_path / "replica")
        before = collection_of(library).metadata
        assert found(reader, "lynx square", 3) == exact(replica, "lynx square", 3)
        assert not reader.sync()
        reader.keep_current()
        with pytest.raises(LibraryIsReplica):
            ServerBackend(ServerAddress(server.url)).build(replica, lambda *_: None)
        assert collection_of(library).metadata == before


def test_a_replica_without_a_collection_does_not_build_one(
    server: ChromaServer, library: Library, tmp_path: Path, index_on: IndexOn, collection_of: Finder
) -> None:
    """It searches its library, and says nothing of a build."""
    with Library.open(followed(library, tmp_path / "replica")) as replica:
        reader, lines = index_on(replica, server.url)
        reader.keep_current()
        assert lines == []
        assert found(reader, "animal17") == exact(replica, "animal17")
        assert collection_of(library) is None


def test_removed_passages_go_when_replicas_have_followed(  # noqa: PLR0917 (fixtures)
    server: ChromaServer,
    library: Library,
    tmp_path: Path,
    index_on: IndexOn,
    collection_of: Finder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """They stay for a while; a replica that is further behind than that searches its library."""
    writer, _ = index_on(library, server.url)
    writer.sync()
    with Library.open(followed(library, tmp_path / "replica")) as replica:
        reader, _ = index_on(replica, server.url)
        remove(library, STORIES[17].origin)
        writer.sync()
        assert collection_of(library).count() == 80
        assert writer.problem() == ""
        assert found(writer, "animal17") == exact(library, "animal17")
        monkeypatch.setattr(served, "REMOVAL_LAG_SECONDS", 0.0)
        for title in ("Zebra", "Lynx", "Otter"):
            put(library, [make_article(f"A {title} crossed the square.", title=title)])
            writer.sync()
        assert collection_of(library).count() == library.counts().passages
        assert found(writer, "animal17") == exact(library, "animal17")
        assert reader.snapshot is None
        assert found(reader, "animal17") == exact(replica, "animal17")


def test_many_removed_passages_hide_nothing(
    server: ChromaServer, tmp_path: Path, index_on: IndexOn, collection_of: Finder
) -> None:
    """Those that are left are found behind them."""
    same = [make_article(f"The same words in number {n}.", title=f"S{n}") for n in range(60)]
    with make_library(tmp_path / "many", [*same, *STORIES]) as library:
        writer, _ = index_on(library, server.url)
        writer.sync()
        remove(library, *(article.origin for article in same[:30]))
        writer.sync()
        assert collection_of(library).count() > library.counts().passages
        assert found(writer, "the same words in number", 6) == exact(library, "the same words in number", 6)


def test_a_rebuilt_collection_takes_the_place_of_the_old_one(
    server: ChromaServer, library: Library, index_on: IndexOn, collection_of: Finder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until it is complete readers have the old one; when its builder dies between two steps, it is not lost."""
    reader, _ = index_on(library, server.url)
    reader.sync()
    before = collection_of(library).id
    backend = ServerBackend(ServerAddress(server.url))

    def look(*_: object) -> None:
        assert collection_of(library).id == before
        assert found(reader, "animal17") == exact(library, "animal17")

    backend.build(library, look)
    rebuilt = collection_of(library).id
    assert rebuilt != before
    assert found(reader, "animal17") == exact(library, "animal17")

    class Killed(Exception):
        pass

    def die(*_: object) -> None:
        raise Killed

    for moment in ("_publish", "_replace"):
        with monkeypatch.context() as patch:
            patch.setattr(ServerBackend, moment, die)
            with pytest.raises(ChromaError):
                backend.build(library, lambda *_: None)
        assert collection_of(library).id == rebuilt
    collection_of(library).modify(name="moved-away-by-a-killed-process")
    done: list[int] = []
    backend.build(library, lambda count, _: done.append(count))
    assert done == []  # the complete one was there
    assert found(reader, "animal17") == exact(library, "animal17")
    backend.close()


def test_a_second_machine_cannot_write_to_the_collection(
    server: ChromaServer, library: Library, index_on: IndexOn
) -> None:
    """Neither while the first has the lease nor afterwards, when it lacks what that wrote; it answers all along."""
    writer, _ = index_on(library, server.url)
    writer.sync()
    shutil.copytree(library.folder, library.folder.with_name("second"))
    with Library.open(library.folder.with_name("second")) as second:
        other, _ = index_on(second, server.url)
        put(library, [make_article("A zebra crossed the square.", title="Zebra")])
        backend = ServerBackend(ServerAddress(server.url))
        with backend.lease(library).held():
            put(second, [make_article("A lynx sat in the square.", title="Lynx")])
            with pytest.raises(StoreLocked, match=rf"\(pid {os.getpid()}\) is writing to this library"):
                other.sync()
            assert found(other, "lynx square", 3) == exact(second, "lynx square", 3)
            writer.sync()
            assert found(other, "lynx square", 3) == exact(second, "lynx square", 3)
        put(second, [make_article("An otter swam in the square.", title="Otter")])
        with pytest.raises(LibrarySuperseded, match="since this copy of it was made"):
            other.sync()
        assert found(other, "lynx otter square", 5) == exact(second, "lynx otter square", 5)
        assert found(writer, "zebra square", 3) == exact(library, "zebra square", 3)
        backend.close()


def test_a_library_that_lost_its_last_revisions_is_indexed_anew(
    server: ChromaServer, library: Library, tmp_path: Path, index_on: IndexOn
) -> None:
    """A folder that was brought back as it was yesterday, on the same machine, and is written to again."""
    index, _ = index_on(library, server.url)
    index.sync()
    backup(library.folder, tmp_path / "yesterday")
    put(library, [make_article("A zebra crossed the square.", title="Zebra")])
    index.sync()
    index.close()
    library.close()
    for ending in ("", "-wal", "-shm"):
        (library.folder / f"{LIBRARY_FILE}{ending}").unlink(missing_ok=True)
    shutil.copy(tmp_path / "yesterday", library.folder / LIBRARY_FILE)
    with Library.open(library.folder) as yesterday:
        put(yesterday, [make_article("A lynx sat in the square.", title="Lynx")])
        again, _ = index_on(yesterday, server.url)
        assert found(again, "lynx square", 3) == exact(yesterday, "lynx square", 3)
        again.sync()
        assert found(again, "lynx square", 3) == exact(yesterday, "lynx square", 3)


def test_of_many_machines_at_once_one_gets_the_lease(server: ChromaServer, library: Library) -> None:
    """The server creates a collection for one of them only."""
    backends = [ServerBackend(ServerAddress(server.url)) for _ in range(5)]
    places = [ServerLeasePlace(library, backend._requesting) for backend in backends]
    begin, got = threading.Barrier(len(places)), list[bool]()
    record = LeaseRecord(library.identity, "token", "store", "host", 1)

    def compete(place: ServerLeasePlace) -> None:
        place.now()
        begin.wait()
        got.append(place.create(1, record))

    threads = [threading.Thread(target=compete, args=(place,)) for place in places]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == [False] * 4 + [True]
    newest = places[0].newest()
    assert newest
    assert (newest[0], newest[1].token, newest[1].host) == (1, "token", "host")
    assert abs(newest[1].renewed - places[0].now()) < 30
    for backend in backends:
        backend.close()
