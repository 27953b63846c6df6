"""The nearest passages, whatever happens to the vector index."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
import textwrap
import threading
import warnings
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from retrieval.errors import EmbeddingError, FingerprintMismatch, StoreLocked
from retrieval.store.library import Library
from retrieval.store.lock import exclusive
from retrieval.vector_index import build_steps, builder, chroma, local, snapshots
from retrieval.vector_index import index as vectors
from retrieval.vector_index.index import VectorIndex
from tests.fakes import FakeEmbedder, make_article, make_library, put, remove
from tests.patience import PATIENCE_SECONDS, until
from tests.retrieval.vector_index.fakes_builder import fill_in_this_process

ROOT = Path(__file__).parents[3]
EMBEDDER = FakeEmbedder()
STORIES = [
    make_article(
        f"Story {number} tells of topic{number % 7}.\nIts animal{number} ran in weather{number % 5}.",
        title=f"T{number}",
    )
    for number in range(40)
]


@pytest.fixture(autouse=True)
def _talkative(monkeypatch: pytest.MonkeyPatch) -> None:
    """Notify of every build, however small."""
    monkeypatch.setattr(vectors, "NOTIFY_PASSAGES_MIN", 0)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with make_library(tmp_path / "store", STORIES) as library:
        yield library


@pytest.fixture
def index(library: Library) -> Iterator[VectorIndex]:
    index = VectorIndex.open(library, library.folder / "chroma")
    yield index
    index.close()


def told(library: Library) -> tuple[VectorIndex, list[str]]:
    lines: list[str] = []
    return VectorIndex.open(library, library.folder / "chroma", lines.append), lines


def exact(library: Library, question: str, limit: int, articles: list[str] | None = None) -> list[str]:
    ids, rows = library.vectors_of(library.article_ids() if articles is None else articles)
    scores = (rows @ EMBEDDER.embed_query(question)).tolist()
    return [
        identifier for identifier, _ in sorted(zip(ids, scores, strict=True), key=lambda pair: (-pair[1], pair[0]))
    ][:limit]


def found(index: VectorIndex, question: str, limit: int = 5, articles: list[str] | None = None) -> list[str]:
    return [identifier for identifier, _ in index.search(EMBEDDER.embed_query(question), limit, articles)]


def files(library: Library) -> list[Path]:
    return sorted(path for path in (library.folder / "chroma").rglob("*") if path.is_file())


def test_the_nearest_passages_come_first_with_their_cosine(library: Library, index: VectorIndex) -> None:
    """The same passages and similarities as comparing with every vector of the library."""
    question = EMBEDDER.embed_query("animal17 in weather2")
    hits = index.search(question, 5)
    assert [identifier for identifier, _ in hits] == exact(library, "animal17 in weather2", 5)
    scores = library.vectors([identifier for identifier, _ in hits]) @ question
    assert np.allclose([score for _, score in hits], scores, atol=1e-5)
    assert "animal17" in library.passages([hits[0][0]])[0].text


def test_a_search_may_ask_for_nothing_or_for_more_than_there_is(library: Library, index: VectorIndex) -> None:
    """All passages come at most, and none for a limit or filter of none."""
    assert len(found(index, "story", 1000)) == 80
    assert found(index, "story", 0) == found(index, "story", 5, []) == found(index, "story", 5, ["unknown"]) == []


@pytest.mark.parametrize("few", [0, 10_000])
def test_a_filter_keeps_to_its_articles(
    library: Library, index: VectorIndex, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Chroma's filter and the exact scan find the same."""
    monkeypatch.setattr(vectors, "EXACT_FILTER_MAX", few)
    chosen = [article.id for article in STORIES[::3]]
    put(
        library,
        [make_article("A late story on topic3.", title="Late"), make_article("Another on topic3.", title="Later")],
    )
    chosen.append(library.article("Late").id if few else library.article_ids()[-1])
    assert found(index, "topic3 weather1", 6, chosen) == exact(library, "topic3 weather1", 6, chosen)


@pytest.mark.parametrize("unfiltered", [1, 10_000])
def test_a_filter_of_more_articles_than_chromas_database_has_place_for_keeps_to_them(
    library: Library, index: VectorIndex, unfiltered: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are looked for among the nearest of all, then in every vector; the index is not taken for damaged."""
    monkeypatch.setattr(vectors, "EXACT_FILTER_MAX", 0)
    monkeypatch.setattr(vectors, "MAX_UNFILTERED", unfiltered)
    index.sync()
    index.warm()
    published = index.snapshot
    chosen = [article.id for article in STORIES[::3]]
    many = [*chosen, *(f"{number:016x}" for number in range(40_000))]
    for question in ("topic3 weather1", "topic5"):
        assert found(index, question, 6, many) == exact(library, question, 6, chosen)
    assert published is not None
    assert index.snapshot == published


def test_an_update_gives_an_index_of_an_earlier_version_the_present_number_of_candidates(
    library: Library, index: VectorIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    def candidates() -> int:
        assert index.snapshot
        with (
            build_steps.collection_in(library.folder / "chroma" / index.snapshot.name) as (_, collection),
            warnings.catch_warnings(action="ignore"),  # of the embedding function that it has not
        ):
            return int(collection.configuration["hnsw"]["ef_search"])

    with monkeypatch.context() as earlier:
        earlier.setattr(chroma, "EF_SEARCH", 200)
        index.sync()
    assert candidates() == 200
    put(library, [make_article("A late story on topic3.", title="Late")])
    index.sync()
    assert candidates() == chroma.EF_SEARCH > 200


def test_an_empty_library_has_no_nearest_passage(tmp_path: Path) -> None:
    """No index is built of nothing; the first article is found."""
    with Library.open(tmp_path, create=True) as library:
        index = VectorIndex.open(library, tmp_path / "chroma")
        assert found(index, "anything") == []
        assert not index.sync()
        put(library, STORIES[:1])
        assert len(found(index, "story")) == 2
        remove(library, STORIES[0].origin)
        assert found(index, "story") == []
        index.sync()
        assert found(index, "story") == []
        index.close()


def test_what_is_not_a_questions_vector_is_refused(index: VectorIndex) -> None:
    """Another length names the mismatch; NaN never reaches Chroma."""
    with pytest.raises(FingerprintMismatch, match="has 3 numbers, the library's have 64"):
        index.search(np.ones(3, dtype=np.float32), 5)
    with pytest.raises(EmbeddingError):
        index.search(np.full(64, np.nan, dtype=np.float32), 5)


def test_a_build_says_how_far_it_is(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every few seconds, about, with an estimate of the time left."""
    monkeypatch.setattr(build_steps, "REQUEST_ROWS", (30, 30))
    monkeypatch.setattr(vectors, "NOTIFY_SECONDS", 0)
    index, lines = told(library)
    index.sync()
    assert lines[0] == "building the vector index of 80 passages"
    done = [int(line.split()[2]) for line in lines[1:] if re.match(r"vector index: \d+ of 80 passages,", line)]
    assert done == [pytest.approx(30, abs=5), pytest.approx(60, abs=5)]
    assert re.search(r", about \d+ (s|min) left$", lines[1])
    index.close()


def test_a_deleted_index_comes_back(library: Library) -> None:
    """Also while it is loaded: searches go on, and the next update builds it; the user is notified."""
    index, lines = told(library)
    index.sync()
    index.warm()
    before = found(index, "topic4")
    shutil.rmtree(library.folder / "chroma")
    assert found(index, "topic4") == before
    assert index.sync()
    assert found(index, "topic4") == before
    assert lines == ["building the vector index of 80 passages"] * 2
    index.close()


@pytest.mark.parametrize("damage", ["cut", "rubbish", "gone", "empty"])
def test_a_damaged_index_comes_back(tmp_path: Path, damage: str) -> None:
    """Whichever of its files is hurt and however, the answer is the library's."""
    many = make_article("\n".join(f"Paragraph {n} of a{n % 37} b{n % 11} c{n}." for n in range(1100)), title="Many")
    with make_library(tmp_path, [many]) as library:
        index = VectorIndex.open(library, tmp_path / "chroma")
        index.sync()
        expected = found(index, "c77 a3")
        names = [file.name for file in files(library)]
        assert {"chroma.sqlite3", "data_level0.bin", "current.json", "0000.f32", "matrix.json"} <= set(names)
        for name in names:
            file = next(file for file in files(library) if file.name == name)
            whole = file.read_bytes()
            if damage == "gone":
                file.unlink()
            else:
                file.write_bytes(
                    {"cut": whole[: len(whole) // 2], "rubbish": b"\xff\x13" * len(whole), "empty": b""}[damage]
                )
            index.close()
            index = VectorIndex.open(library, tmp_path / "chroma")
            assert found(index, "c77 a3") == expected, name
            index.warm()
            assert found(index, "c77 a3") == expected, name
            index.sync()
            index.warm()
            assert found(index, "c77 a3") == expected, name
            assert index.snapshot
            assert index.snapshot.passages == 1100
        index.close()


@pytest.mark.parametrize("is_loaded", [True, False])
def test_one_changed_byte_is_noticed_before_chroma_reads_the_file(tmp_path: Path, is_loaded: bool) -> None:
    """It crashes or hangs on some: an index that was changed is neither loaded nor updated, but built anew."""
    many = make_article("\n".join(f"Paragraph {n} of a{n % 37} b{n % 11} c{n}." for n in range(1100)), title="Many")
    with make_library(tmp_path, [many]) as library:
        index = VectorIndex.open(library, tmp_path / "chroma")
        index.sync()
        damaged, expected = index.snapshot, found(index, "c77 a3")
        assert damaged
        file = next(file for file in files(library) if file.name == "data_level0.bin")
        content = bytearray(file.read_bytes())
        content[len(content) // 3] ^= 1
        file.write_bytes(content)
        assert snapshots.checksum(tmp_path / "chroma" / damaged.name) == damaged.checksum
        if is_loaded:
            index.warm()
            assert index.snapshot is None
        put(library, [make_article("A small story of a gnu.")])
        assert found(index, "c77 a3") == expected
        assert index.sync()
        index.warm()
        assert found(index, "c77 a3") == expected
        assert index.snapshot
        assert index._backend.is_loaded(index.snapshot)
        new = next(file for file in files(library) if file.name == "data_level0.bin")
        assert new.parent.name != file.parent.name
        index.close()


def test_the_index_of_another_library_is_not_used(library: Library, tmp_path: Path) -> None:
    """A folder copied from elsewhere is built anew."""
    with make_library(tmp_path / "other", [make_article("Alone.", title="One")]) as other:
        index = VectorIndex.open(other, library.folder / "chroma")
        index.sync()
        assert len(found(index, "story", 50)) == 1
        index.close()
    index, lines = told(library)
    assert index.snapshot is None
    assert len(found(index, "story", 500)) == 80
    assert index.sync()
    assert len(found(index, "story", 500)) == 80
    assert len(lines) == 1
    index.close()


@pytest.mark.parametrize("loaded", [False, True])
def test_new_articles_are_found_before_the_index_knows_them(library: Library, loaded: bool) -> None:
    """What came, changed and left since is already right; the index is not built again for it."""
    index, lines = told(library)
    index.sync()
    if loaded:
        index.warm()
    assert index.snapshot
    revision = index.snapshot.revision
    put(
        library,
        [make_article("Brand new animal17 story.", title="New"), make_article("Changed animal18.", title="T18")],
    )
    remove(library, "T17")
    assert found(index, "animal17 animal18") == exact(library, "animal17 animal18", 5)
    assert index.snapshot.revision == revision
    assert len(lines) == 1
    index.close()


def test_bringing_up_to_date_writes_what_changed_only(library: Library) -> None:
    """A copy with the changes takes the old one's place, and the old one is removed."""
    index, lines = told(library)
    assert index.sync()
    assert not index.sync()
    put(library, [make_article("Brand new animal17 story.", title="New")])
    remove(library, "T17")
    assert index.sync()
    assert index.snapshot
    assert (index.snapshot.revision, index.snapshot.passages) == (library.revision, 79)
    assert len([place for place in (library.folder / "chroma").iterdir() if place.is_dir()]) == 1
    assert found(index, "animal17", 100) == exact(library, "animal17", 100)
    assert len(lines) == 1
    index.close()


def test_chroma_is_loaded_when_that_is_worth_it(library: Library) -> None:
    """Not for one question; after some, in the background; at once when warmed."""
    index, _ = told(library)
    index.sync()
    snapshot, backend = index.snapshot, index._backend
    assert snapshot
    for _ in range(vectors.COLD_SEARCHES_MAX):
        assert found(index, "story animal7") == exact(library, "story animal7", 5)
        assert not backend.is_loaded(snapshot)
    found(index, "story animal7")
    assert index._loader
    index._loader.join()
    assert backend.is_loaded(snapshot)
    assert found(index, "story animal7") == exact(library, "story animal7", 5)
    index.close()
    other, _ = told(library)
    other.warm()
    assert other._backend.is_loaded(snapshot)
    other.close()


def test_a_snapshot_without_a_matrix_is_used(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """Earlier versions wrote none: Chroma is loaded for the first question, and the next update adds it."""
    index, _ = told(library)
    index.sync()
    snapshot = index.snapshot
    assert snapshot
    folder = library.folder / "chroma"
    shutil.rmtree(folder / snapshot.name / "matrix")
    snapshots.publish(folder, replace(snapshot, checksum=snapshots.checksum(folder / snapshot.name)))
    monkeypatch.setattr(vectors, "SMALL_LIBRARY_MAX", 0)
    assert found(index, "animal17") == exact(library, "animal17", 5)
    assert index.snapshot
    assert index._backend.is_loaded(index.snapshot)
    put(library, [make_article("Brand new animal17 story.", title="New")])
    index.sync()
    assert index._backend.exact(library)
    assert found(index, "animal17") == exact(library, "animal17", 5)
    index.close()


def test_an_index_a_little_behind_is_well(library: Library, index: VectorIndex) -> None:
    """A fiftieth of the passages, at least 250, is searched beside it; more has it published anew."""
    index.sync()
    put(library, [make_article("\n".join(f"Line {number}." for number in range(250)), title="New")])
    assert (index.problem(), local.find_problem(library, library.folder / "chroma")) == ("", "")
    put(library, [make_article("Another story tells of a topic.")])
    assert index.problem() == local.find_problem(library, library.folder / "chroma") == "behind the library"
    assert [local.unpublished_max(size) for size in (0, 100_000, 5_000_000)] == [250, 2_000, 20_000]


@pytest.mark.parametrize(("removed", "builds"), [(10, 1), (11, 2)])
def test_an_index_of_which_more_than_a_quarter_changed_is_rebuilt(library: Library, removed: int, builds: int) -> None:
    """Of 80 passages, changes to 20 are applied to a copy; 22 are more than that."""
    index, lines = told(library)
    index.sync()
    remove(library, *(article.origin for article in STORIES[:removed]))
    assert index.sync()
    assert len(lines) == builds
    assert found(index, "story", 100) == exact(library, "story", 100)
    index.close()


def test_a_search_does_not_wait_for_who_builds(library: Library, index: VectorIndex) -> None:
    """Meanwhile the library itself is searched."""
    with exclusive(library.folder, "vectors", "building the vector index"):
        assert found(index, "animal9") == exact(library, "animal9", 5)
        assert found(index, "animal9", 5, [STORIES[9].id])[0].startswith(STORIES[9].id)
        with pytest.raises(StoreLocked, match="building the vector index"):
            index.sync()
    assert index.snapshot is None


def test_another_process_brings_the_index_up_to_date_under_a_reader(library: Library, index: VectorIndex) -> None:
    """The reader follows to the new snapshot without being opened again."""
    index.sync()
    index.warm()
    code = """
        import sys; from pathlib import Path
        from retrieval.store.library import Library; from retrieval.vector_index.index import VectorIndex
        from tests.fakes import make_article, put
        with Library.open(Path(sys.argv[1])) as library:
            put(library, [make_article("A zebra grazed.", title="Zoo")])
            VectorIndex.open(library, Path(sys.argv[1]) / "chroma").sync()
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), str(library.folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert found(index, "zebra") == exact(library, "zebra", 5)
    assert index.snapshot
    assert index.snapshot.revision == library.revision


@pytest.mark.parametrize("batches", [1, 3, 100])
def test_a_build_that_was_killed_is_continued(
    library: Library, index: VectorIndex, batches: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old snapshot answers meanwhile; what Chroma was given is not given to it again; then all of it is there."""
    index.sync()
    put(library, [make_article("\n".join(f"Zebra {n} grazed." for n in range(1200)), title="Zoo")])
    code = """
        import os, signal, sys; from pathlib import Path
        from retrieval.store.library import Library; from retrieval.vector_index import build_steps, chroma
        from retrieval.vector_index.index import VectorIndex
        build_steps.REQUEST_ROWS = 100, 100
        left, put = int(sys.argv[2]), chroma.put
        def put_or_die(*given):
            global left
            left -= 1
            put(*given)
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
        chroma.put = put_or_die
        with Library.open(Path(sys.argv[1])) as library:
            VectorIndex.open(library, Path(sys.argv[1]) / "chroma").sync()
    """
    command = [sys.executable, "-c", textwrap.dedent(code), str(library.folder), str(batches)]
    killed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (killed.returncode, killed.stderr) == (-signal.SIGKILL if batches < 13 else 0, "")
    assert found(index, "zebra 77") == exact(library, "zebra 77", 5)
    put(library, [make_article("Zebra 77 grazed and slept.", title="Late")])
    given: list[int] = []
    written = chroma.put

    def count(client: Any, collection: Any, ids: Any, rows: Any) -> None:
        given.append(len(ids))
        written(client, collection, ids, rows)

    monkeypatch.setattr(chroma, "put", count)
    monkeypatch.setattr(builder, "fill_in_child", fill_in_this_process)
    assert index.sync()
    assert sum(given) == max(0, 1280 - 100 * batches) + 1
    index.warm()
    assert index.snapshot
    assert (index.snapshot.revision, index.snapshot.passages) == (library.revision, 1281)
    nearest = found(index, "zebra 77")
    assert nearest[:2] == exact(library, "zebra 77", 2)
    assert len([place for place in (library.folder / "chroma").iterdir() if place.is_dir()]) == 1


@pytest.mark.parametrize("damage", ["gone", "rubbish", "foreign", "matrix"])
def test_an_unfinished_build_that_is_no_use_is_begun_anew(library: Library, damage: str) -> None:
    """Damaged files, rows of another library and a damaged matrix are all noticed before anything is published."""
    index, _ = told(library)
    folder = library.folder / "chroma"
    begun = index._backend._begin(library, lambda *_: None)  # type: ignore[attr-defined]
    place = folder / begun.name
    if damage == "foreign":
        client = chroma.open_local(place)
        chroma.put(
            client, client.get_collection("passages", embedding_function=None), ["f" * 16 + ":0-1"], np.eye(1, 64)
        )
        client.close()
    for file in place.rglob("*.f32" if damage == "matrix" else "*.sqlite3"):
        if damage == "gone":
            file.unlink()
        elif damage != "foreign":
            file.write_bytes(b"\xff\x13" * 999)
    assert found(index, "animal17") == exact(library, "animal17", 5)
    assert index.sync()
    assert index.snapshot
    assert index.snapshot.name != begun.name
    index.warm()
    assert found(index, "animal17") == exact(library, "animal17", 5)
    index.close()


def test_a_build_that_never_gets_on_is_begun_anew(library: Library) -> None:
    """Chroma could crash on a damaged file each time, and with it whoever continues."""
    index, _ = told(library)
    begun = index._backend._begin(library, lambda *_: None)  # type: ignore[attr-defined]
    for _ in range(snapshots.MAX_RESUMPTIONS):
        assert snapshots.count_resumption(library.folder / "chroma", begun.name)
    assert index.sync()
    assert index.snapshot
    assert index.snapshot.name != begun.name
    index.close()


def test_a_library_without_an_index_is_searched_in_the_matrix_of_the_one_being_built(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Long before Chroma has all; new articles included, and others on request not."""
    index, lines = told(library)
    monkeypatch.setattr(vectors, "SMALL_LIBRARY_MAX", 0)
    monkeypatch.setattr(vectors, "EXACT_FILTER_MAX", 0)
    assert found(index, "animal17") == exact(library, "animal17", 5)
    assert lines == [
        "no vector index yet, so each search reads all 80 passages: `onrecord ingest` with any path builds it"
    ]
    index._backend._begin(library, lambda *_: None)  # type: ignore[attr-defined]
    put(library, [make_article("Brand new animal17 story.", title="New")])
    remove(library, "T18")
    monkeypatch.setattr(Library, "iter_vectors", None)
    assert found(index, "animal17") == exact(library, "animal17", 5)
    chosen = [article.id for article in STORIES[::3]]
    assert found(index, "topic3 weather1", 6, chosen) == exact(library, "topic3 weather1", 6, chosen)
    index.close()


def test_searches_go_on_while_an_index_is_built(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """The old snapshot and what came since answer; no search builds, copies, loads or waits."""
    index, _ = told(library)
    index.sync()
    index.warm()
    put(library, [make_article("\n".join(f"Zebra {n} grazed." for n in range(500)), title="Zoo")])
    building, done = threading.Event(), threading.Event()
    written = chroma.put

    def slow(*given: Any) -> None:
        building.set()
        assert done.wait(PATIENCE_SECONDS)
        written(*given)

    monkeypatch.setattr(chroma, "put", slow)
    thread = threading.Thread(target=index.sync)
    thread.start()
    assert building.wait(PATIENCE_SECONDS)
    try:
        put(library, [make_article("A late zebra.", title="Late")])
        assert found(index, "late zebra", 3) == exact(library, "late zebra", 3)
        assert index.snapshot
        assert index._backend.is_loaded(index.snapshot)
    finally:
        done.set()
        thread.join()
    assert found(index, "late zebra", 3) == exact(library, "late zebra", 3)
    index.close()


def test_a_process_that_stays_has_the_index_brought_up_to_date(library: Library) -> None:
    """In a child process, and only when more changed than is well searched beside it."""
    index, _ = told(library)
    index.keep_current()
    assert index._keeper
    index._keeper.join()
    first = index.snapshot
    assert first
    put(library, [make_article("A late zebra.", title="Late")])
    assert found(index, "late zebra", 3) == exact(library, "late zebra", 3)
    assert not index._keeper.is_alive()
    put(library, [make_article("\n".join(f"Zebra {n} grazed." for n in range(300)), title="Zoo")])
    found(index, "late zebra")
    index._keeper.join()
    assert index.snapshot
    assert index.snapshot.revision == library.revision
    index.close()


def test_closing_ends_the_child_process_and_the_next_build_continues(library: Library) -> None:
    """Whatever it was doing."""
    put(library, [make_article("\n".join(f"Zebra {n} grazed." for n in range(3000)), title="Zoo")])
    index, _ = told(library)
    index.keep_current()
    until(lambda: index._child)
    index.close()
    assert index._child
    assert index._child.returncode == -signal.SIGKILL
    other, _ = told(library)
    assert other.sync()
    assert other.problem() == ""
    other.close()


def test_settings_of_the_working_directory_do_not_reach_chroma(
    library: Library, index: VectorIndex, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Neither a .env file nor the environment changes where or how it works."""
    (tmp_path / ".env").write_text("ALLOW_RESET=true\nPERSIST_DIRECTORY=elsewhere\nIS_PERSISTENT=false\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CHROMA_API_IMPL", "nonsense")
    assert len(found(index, "story")) == 5
    client = chroma.open_local(tmp_path / "other")
    assert not client.get_settings().allow_reset
    client.close()
    assert not (tmp_path / "elsewhere").exists()


def test_asking_leaves_a_published_generation_as_it_is(seeds_library: Library, tmp_path: Path) -> None:
    """Processes that ask one after the other find the index sound; nothing is built again."""
    code = """
        import sys; from pathlib import Path
        from retrieval.store.library import Library; from retrieval.vector_index.index import VectorIndex
        from tests.fakes import FakeEmbedder
        with Library.open(Path(sys.argv[1])) as library:
            index = VectorIndex.open(library, Path(sys.argv[2]))
            index.sync()
            index.warm()
            found = index.search(FakeEmbedder().embed_query("Russian trainers in Niger"), 5)
            print(index.snapshot.name, len(found))
    """
    store = tmp_path / ".onrecord"
    told = {
        subprocess.run(
            [sys.executable, "-c", textwrap.dedent(code), str(store), str(tmp_path / "vectors")],
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for _ in range(3)
    }
    assert len(told) == 1


def test_an_index_replaced_in_mid_search_is_not_thrown_away(
    library: Library, index: VectorIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader follows to the snapshot that another process has just published, and builds nothing."""
    index.sync()
    stale = index.snapshot
    put(library, [make_article("A late story on topic3.", title="Late")])
    other, _ = told(library)
    other.sync()
    now = other.snapshot
    other.close()
    assert now
    assert now != stale
    host: Any = index._backend
    seen = iter([stale])
    published = host.published
    monkeypatch.setattr(host, "published", lambda library: next(seen, None) or published(library))
    assert found(index, "late story", 3) == exact(library, "late story", 3)
    assert index.snapshot == now
