"""An index that takes long is built in a child process, which may be killed, as may who waits for it."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval import interpreter
from retrieval.errors import StoreError
from retrieval.store.library import Library
from retrieval.vector_index import build_steps, builder, chroma, local, snapshots
from retrieval.vector_index.chroma import ChromaError, ChromaStalled
from retrieval.vector_index.index import VectorIndex
from tests.fakes import FakeEmbedder, make_article, make_library, put, remove
from tests.retrieval.vector_index.fakes_builder import fill_in_this_process

ROOT = Path(__file__).parents[3]
ZOO = make_article("\n".join(f"Zebra {n} grazed." for n in range(1200)), title="Zoo")


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Library]:
    monkeypatch.setattr(local, "CHILD_BUILD_MIN", 0)
    with make_library(tmp_path, [ZOO]) as library:
        yield library


def best(index: VectorIndex, question: str) -> str:
    return index.search(FakeEmbedder().embed_query(question), 1)[0][0]


def test_a_build_in_a_child_finds_everything_and_says_how_far_it_is(library: Library) -> None:
    index = VectorIndex.open(library, library.folder / "vectors")
    before, told = best(index, "zebra 77"), list[tuple[int, int]]()
    assert index.sync(lambda done, total: told.append((done, total)))
    index.warm()
    assert best(index, "zebra 77") == before
    assert index.problem() == ""
    assert {total for _, total in told} == {1200}
    done = [each for each, _ in told]
    assert done[-1] == 1200
    assert done == sorted(done)
    index.close()


def test_a_child_that_is_killed_is_said_and_the_next_one_continues(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What has been done stays, however often; a build that crashes each time is begun anew."""
    monkeypatch.setattr(builder, "TICK_SECONDS", 0.01)
    monkeypatch.setattr(snapshots, "MAX_RESUMPTIONS", 2)
    index = VectorIndex.open(library, library.folder / "vectors")

    def kill(_done: int, _total: int) -> None:
        for child in _children(os.getpid()):
            os.kill(child, signal.SIGKILL)

    for _ in range(snapshots.MAX_RESUMPTIONS):
        with pytest.raises(StoreError, match=r"ended \(exit code -9\): the next ingest goes on"):
            index.sync(kill)
    unfinished = snapshots.read_unfinished(library.folder / "vectors")
    assert unfinished
    assert not snapshots.may_resume(library.folder / "vectors", unfinished.name)
    assert index.sync()
    assert index.snapshot
    assert index.snapshot.name != unfinished.name
    index.close()


@pytest.mark.parametrize(
    ("number", "continued", "error"),
    [
        (signal.SIGSEGV, True, ChromaError),
        (signal.SIGSEGV, False, StoreError),
        (signal.SIGKILL, True, StoreError),
        (signal.SIGALRM, False, ChromaStalled),
    ],
)
def test_a_crash_on_what_is_there_is_damage(
    library: Library, monkeypatch: pytest.MonkeyPatch, number: int, continued: bool, error: type[Exception]
) -> None:
    """Chroma maps its files into memory; one that kills it at first, or is killed, may go on."""
    code = f"import os; os.kill(os.getpid(), {number})"
    monkeypatch.setattr(interpreter, "command", lambda *_: [sys.executable, "-c", code])
    snapshot = snapshots.Snapshot("generation-0", library.identity, 1, "", 1, "")
    with pytest.raises(error):
        builder.fill_in_child(library.folder, snapshot, lambda _: None, continued=continued)


HANGING = """
import ctypes, sys
from retrieval.vector_index import build_steps, builder, chroma
build_steps.STALL_SECONDS = 1
chroma.put = lambda *_: ctypes.PyDLL(None).sleep(1_000)
sys.exit(builder.main(sys.argv[1:]))
"""
"""A child whose Chroma never ends a request, and keeps the interpreter's lock meanwhile."""


def test_a_build_on_which_chroma_hangs_is_ended_and_begun_anew(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It works for ever on some files that a kill has damaged; one line says so, and nothing is lost."""
    lines: list[str] = []
    index = VectorIndex.open(library, library.folder / "vectors", lines.append)
    begun = index._backend._begin(library, lambda *_: None)  # type: ignore[attr-defined]
    real = interpreter.command

    def command(module: str, *words: str) -> list[str]:
        return [sys.executable, "-c", HANGING, *words] if "continued" in words else real(module, *words)

    monkeypatch.setattr(interpreter, "command", command)
    assert index.sync()
    assert [line for line in lines if "given up" in line] == [
        "what was built of the vector index is given up: Chroma did not get on for 5 min"
    ]
    assert index.snapshot
    assert index.snapshot.name != begun.name
    assert index.problem() == ""
    index.close()


def test_a_new_build_on_which_chroma_hangs_is_ended_and_said(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """The articles are kept, and found."""
    index = VectorIndex.open(library, library.folder / "vectors")
    expected = best(index, "zebra 77")
    monkeypatch.setattr(interpreter, "command", lambda _, *words: [sys.executable, "-c", HANGING, *words])
    with pytest.raises(StoreError, match="vector index cannot be built: Chroma did not get on for 5 min"):
        index.sync()
    assert snapshots.read_unfinished(library.folder / "vectors") is None
    assert best(index, "zebra 77") == expected
    index.close()


@pytest.mark.parametrize("is_small", [True, False])
def test_what_an_earlier_process_left_is_read_by_a_child(
    library: Library, monkeypatch: pytest.MonkeyPatch, is_small: bool
) -> None:
    """Of whatever size: nothing can end Chroma within a process."""
    monkeypatch.setattr(local, "CHILD_BUILD_MIN", 10_000 if is_small else 0)
    index = VectorIndex.open(library, library.folder / "vectors")
    begun = index._backend._begin(library, lambda *_: None)  # type: ignore[attr-defined]
    monkeypatch.setattr(build_steps, "fill", pytest.fail)
    assert index.sync()
    assert index.snapshot
    assert index.snapshot.name == begun.name
    index.close()


def test_who_waits_may_be_killed_any_number_of_times(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its child ends too, and never writes beside the next one; the next build continues."""
    monkeypatch.setattr(snapshots, "MAX_RESUMPTIONS", 1)
    code = """
        import sys; from pathlib import Path
        from retrieval.store.library import Library; from retrieval.vector_index import local
        from retrieval.vector_index.index import VectorIndex
        local.CHILD_BUILD_MIN = 0
        with Library.open(Path(sys.argv[1])) as library:
            VectorIndex.open(library, Path(sys.argv[1]) / "vectors").sync(lambda *told: print(*told, flush=True))
    """
    folder = library.folder / "vectors"
    names = set()
    for _ in range(snapshots.MAX_RESUMPTIONS + 1):
        command = [sys.executable, "-c", textwrap.dedent(code), str(library.folder)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as waiting:
            assert waiting.stdout
            next(line for line in waiting.stdout if int(line.split()[0]) > 100)
            waiting.kill()
        begun = snapshots.read_unfinished(folder)
        assert begun
        names.add(begun.name)
    assert len(names) == 1
    index = VectorIndex.open(library, folder)
    assert index.sync()
    assert index.snapshot
    assert {index.snapshot.name} == names
    assert index.snapshot.passages == 1200
    index.close()


def change(library: Library) -> None:
    """Add 250 passages, change some, and remove some."""
    put(library, [make_article("\n".join(f"Okapi {n} slept." for n in range(250)), title="Night")])
    remove(library, "small.txt")


@pytest.fixture
def changed(library: Library) -> VectorIndex:
    put(library, [make_article("A small story of a gnu.", origin="small.txt")])
    index = VectorIndex.open(library, library.folder / "vectors")
    index.sync()
    change(library)
    return index


@pytest.mark.parametrize("in_child", [True, False])
def test_an_update_says_how_far_it_is(changed: VectorIndex, monkeypatch: pytest.MonkeyPatch, in_child: bool) -> None:
    """Before each request of some passages: of those that are new, as it has the others."""
    monkeypatch.setattr(local, "CHILD_BUILD_MIN", 0 if in_child else 10_000)
    monkeypatch.setattr(build_steps, "REQUEST_ROWS", (10, 10))
    before, told = best(changed, "okapi 77"), list[tuple[int, int]]()
    assert changed.sync(lambda done, total: told.append((done, total)))
    done = [each for each, _ in told]
    assert {total for _, total in told} == {250}
    assert done == sorted(done)
    assert done[-1] == 250
    assert in_child or len(set(done)) >= 25
    changed.warm()
    assert best(changed, "okapi 77") == before
    assert changed.problem() == ""
    assert changed.snapshot
    assert changed.snapshot.passages == 1450
    changed.close()


def test_an_update_that_was_cut_off_is_continued(
    library: Library, changed: VectorIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was copied and added is not done again; what has changed since is done next."""
    monkeypatch.setattr(builder, "fill_in_child", fill_in_this_process)
    monkeypatch.setattr(build_steps, "REQUEST_ROWS", (10, 10))

    def stop(done: int, _: int) -> None:
        if done > 100:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        changed.sync(stop)
    folder = library.folder / "vectors"
    begun = snapshots.read_unfinished(folder)
    assert begun
    there = chroma.stored(folder / begun.name)
    assert 1200 < there < 1450
    published, given = list[str](), list[str]()
    publish, give = snapshots.publish, chroma.put
    monkeypatch.setattr(snapshots, "publish", lambda at, new: (published.append(new.name), publish(at, new)))
    put(library, [make_article("The newest story of a kudu.", title="Kudu")])
    monkeypatch.setattr(chroma, "put", lambda *call: (given.extend(call[2]), give(*call)))
    assert changed.sync()
    assert published[0] == begun.name
    assert len(published) == 2
    assert len(given) == 1450 - there + 1
    assert snapshots.read_unfinished(folder) is None
    changed.warm()
    for question in ("okapi 77", "zebra 1100", "newest kudu"):
        exact = {identifier for identifier, _ in changed._search_library(FakeEmbedder().embed_query(question), 1, None)}
        assert best(changed, question) in exact
    changed.close()


@pytest.mark.parametrize(("stuck", "passages"), [(False, 250), (True, 1450)])
def test_an_update_that_cannot_be_continued_is_begun_anew(
    library: Library, changed: VectorIndex, stuck: bool, passages: int
) -> None:
    """A kill may damage Chroma's files: they are copied again, or built, where Chroma crashed on them each time."""
    begun = changed._backend._copied(library, changed.snapshot)  # type: ignore[attr-defined]
    folder = library.folder / "vectors"
    (folder / begun.name / "chroma.sqlite3").write_bytes(b"damaged")
    for _ in range(snapshots.MAX_RESUMPTIONS if stuck else 0):
        snapshots.count_resumption(folder, begun.name)
    told = list[tuple[int, int]]()
    assert changed.sync(lambda done, total: told.append((done, total)))
    assert told[-1] == (passages, passages)
    assert changed.problem() == ""
    changed.close()


def test_a_build_whose_files_a_kill_has_damaged_continues_from_its_checkpoint(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Chroma writes its index in place, and cannot read one that it has half written."""
    monkeypatch.setattr(builder, "fill_in_child", fill_in_this_process)
    monkeypatch.setattr(build_steps, "REQUEST_ROWS", (50, 50))
    monkeypatch.setattr(build_steps, "CHECKPOINT_ROWS", 100)
    monkeypatch.setattr(chroma, "_BUILD_SYNC", 200)
    index = VectorIndex.open(library, library.folder / "vectors")

    def stop(done: int, _: int) -> None:
        if done > 900:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        index.sync(stop)
    begun = snapshots.read_unfinished(library.folder / "vectors")
    assert begun
    place = library.folder / "vectors" / begun.name
    (file,) = [each for each in place.rglob("index_metadata.pickle") if "checkpoint" not in each.parts]
    file.write_bytes(b"half of it")
    given, give = list[str](), chroma.put
    monkeypatch.setattr(chroma, "put", lambda *call: (given.extend(call[2]), give(*call)))
    assert index.sync()
    assert index.snapshot
    assert index.snapshot.name == begun.name
    assert 300 <= len(given) <= 450
    assert not list(place.glob("checkpoint*"))
    index.warm()
    assert index._backend.is_loaded(index.snapshot)
    for question in ("zebra 77", "zebra 1100"):
        exact = {identifier for identifier, _ in index._search_library(FakeEmbedder().embed_query(question), 1, None)}
        assert best(index, question) in exact
    index.close()


def test_a_finished_build_leaves_nothing_in_chromas_log(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever it was begun with: the next opening would write it, and change a snapshot that is published."""
    monkeypatch.setattr(local, "CHILD_BUILD_MIN", 10_000)
    index = VectorIndex.open(library, library.folder / "vectors")
    begun = index._backend._begin(library, lambda *_: None)  # type: ignore[attr-defined]
    place = library.folder / "vectors" / begun.name
    with build_steps.collection_in(place) as (_, collection):
        chroma.set_sync_threshold(collection, 5_000)
    assert index.sync()
    assert index.snapshot
    assert index.snapshot.name == begun.name
    assert chroma.unwritten(place) == 0
    assert chroma.stored(place) == 1200
    for _ in range(2):
        index.warm()
        assert index._backend.is_loaded(index.snapshot)
        index.close()
        index = VectorIndex.open(library, library.folder / "vectors")
    assert snapshots.checksum(place) == index.snapshot.checksum
    index.close()


def test_work_is_estimated_between_two_steps_and_never_falls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(builder, "TICK_SECONDS", 0.01)

    def lines() -> Iterator[str]:
        for done, size in ((0, 100), (0, 100), (100, 100), (200, 1_000), (200, 1_000)):
            yield f"{done} {size}\n"
            time.sleep(0.2)

    told: list[int] = []
    builder.report_work(lines(), told.append)
    assert told == sorted(told)
    assert len({each for each in told if 200 < each < 1_200}) > 3
    assert max(told) < 1_200


@pytest.mark.parametrize(
    ("inherited", "total"), [(0, 30), (0, 20_000), (0, 100_000), (1_200, 1_450), (10**6, 1_020_000)]
)
def test_the_work_of_a_build_is_that_of_its_steps(inherited: int, total: int) -> None:
    """The first rows of a new index cost less than those of a large one."""
    costs = [build_steps._insertion(rows, inherited) for rows in range(inherited, total + 1, (total - inherited) // 10)]
    assert costs[-1] + total // 100 == build_steps.work_of(total, inherited)
    steps = [after - before for before, after in itertools.pairwise(costs)]
    assert min(steps) >= 0
    assert steps[0] <= steps[-1] + 1
    if inherited > 50_000 or total < 1_000:  # all alike
        assert max(steps) - min(steps) <= 1
    if (inherited, total) == (0, 100_000):
        assert 0.03 < steps[0] / costs[-1] < 0.06
        assert 0.3 < sum(steps[:4]) / costs[-1] < 0.37


@pytest.mark.parametrize("total", [1, 2, 3, 999, 20_000, 29_999, 40_001, 100_379, 1_000_343])
@pytest.mark.parametrize("size", [50, 333, 1_000])
def test_the_last_request_is_one_after_which_the_index_is_written(total: int, size: int) -> None:
    """And so is one after every 20,000 passages; no request goes across."""
    ends = [0]
    while ends[-1] < total:
        ends.append(chroma.request_end(ends[-1], total, size))
    steps = [after - before for before, after in itertools.pairwise(ends)]
    since, writes = 0, []
    for end, step in zip(ends[1:], steps, strict=True):
        since += step
        if since >= chroma.rows_per_write(total):
            writes.append(end)
            since = 0
    assert max(steps) <= size + total % chroma.rows_per_write(total)
    assert writes[-1:] == [total] or total < 2
    assert max(after - before for before, after in itertools.pairwise([0, *writes, total])) < 31_000


def test_requests_get_smaller_where_they_take_long() -> None:
    """But no smaller than what takes little more time than no row at all."""
    least, most = build_steps.REQUEST_ROWS
    assert build_steps.next_size(most, 4.0) == most // 2
    assert build_steps.next_size(least, 4.0) == least
    assert build_steps.next_size(least, 0.1) == 2 * least
    assert build_steps.next_size(most, 0.1) == most
    assert build_steps.next_size(least, 1.2) == least


def _children(pid: int) -> list[int]:
    found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False)
    return [int(each) for each in found.stdout.split()]
