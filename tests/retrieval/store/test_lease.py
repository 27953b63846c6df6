"""Leases: one writing machine at a time, and only the one whose library has the whole history."""

from __future__ import annotations

import os
import shutil
import threading
import time
from pathlib import Path

import pytest

from retrieval.errors import StoreError, StoreLocked
from retrieval.store import lease
from retrieval.store.backup import backup, restore
from retrieval.store.lease import FolderLeasePlace, LeaseRecord, LibrarySuperseded, WriterLease
from retrieval.store.library import Library
from tests.fakes import make_article, make_library
from tests.patience import until


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """A writer's store."""
    make_library(tmp_path / "mine", [make_article("One story.")]).close()
    return tmp_path / "mine"


@pytest.fixture
def theirs(mine: Path) -> Path:
    """A copy of that store, as on another machine."""
    shutil.copytree(mine, mine.with_name("theirs"))
    return mine.with_name("theirs")


@pytest.fixture
def place(tmp_path: Path) -> FolderLeasePlace:
    (tmp_path / "shared").mkdir()
    return FolderLeasePlace(tmp_path / "shared" / "articles.sqlite")


def record_of(place: FolderLeasePlace) -> LeaseRecord:
    newest = place.newest()
    assert newest
    return newest[1]


def let_end(place: FolderLeasePlace) -> None:
    """Let the time pass in which a lease that is not renewed ends."""
    for file in place._file.parent.glob("*.writer-*"):
        then = time.time() - lease.LEASE_SECONDS - 1
        os.utime(file, (then, then))


def test_a_second_machine_is_refused_while_the_first_writes(mine: Path, theirs: Path, place: FolderLeasePlace) -> None:
    """The message names the holder; afterwards it is refused because it lacks what was written."""
    with Library.open(mine) as library, Library.open(theirs) as other:
        with WriterLease(place, library).held() as held:
            with pytest.raises(StoreLocked, match=rf"\(pid {os.getpid()}\) is writing .* ends within 60 s"):
                WriterLease(place, other).held().__enter__()
            held.verify()
        with pytest.raises(LibrarySuperseded, match="since this copy of it was made"):
            WriterLease(place, other).held().__enter__()
        for _ in range(3):
            with WriterLease(place, library).held() as held:
                held.verify()
    assert len(list(place._file.parent.iterdir())) == 1


def test_whoever_has_the_history_may_go_on(mine: Path, place: FolderLeasePlace) -> None:
    """A store that was moved to another machine, with all that was written."""
    with Library.open(mine) as library, WriterLease(place, library).held():
        pass
    shutil.copytree(mine, mine.with_name("moved"))
    with Library.open(mine.with_name("moved")) as moved, WriterLease(place, moved).held() as held:
        held.verify()
    with Library.open(mine) as library, pytest.raises(LibrarySuperseded):
        WriterLease(place, library).held().__enter__()


def test_a_restored_library_takes_over_and_the_old_one_does_not(
    mine: Path, tmp_path: Path, place: FolderLeasePlace
) -> None:
    """Its history has the old one's identity; the old one does not have its."""
    with Library.open(mine) as library, WriterLease(place, library).held():
        backup(mine, tmp_path / "copy")
    restore(tmp_path / "new", tmp_path / "copy")
    with Library.open(tmp_path / "new") as successor, WriterLease(place, successor).held():
        pass
    with Library.open(mine) as library, pytest.raises(LibrarySuperseded):
        WriterLease(place, library).held().__enter__()


def test_the_lease_of_the_dead_ends(mine: Path, theirs: Path, place: FolderLeasePlace) -> None:
    """Who took it then refuses the first holder, which stops before it publishes."""
    with Library.open(mine) as library, Library.open(theirs) as other:
        first = WriterLease(place, library)
        with first.held():
            shutil.copytree(mine, mine.with_name("later"))
            let_end(place)
            with pytest.raises(LibrarySuperseded):
                WriterLease(place, other).held().__enter__()
            with (
                Library.open(mine.with_name("later")) as later,
                WriterLease(place, later).held(),
                pytest.raises(StoreLocked, match="has begun to write"),
            ):
                first.verify()
            with pytest.raises(StoreLocked):
                first.verify()
        assert record_of(place).store == lease.store_id(mine.with_name("later"))


def test_it_is_renewed(mine: Path, theirs: Path, place: FolderLeasePlace, monkeypatch: pytest.MonkeyPatch) -> None:
    """For as long as its holder works."""
    monkeypatch.setattr(lease, "RENEWAL_SECONDS", 0.02)
    with Library.open(mine) as library, Library.open(theirs) as other, WriterLease(place, library).held():
        let_end(place)
        until(lambda: lease.is_live(record_of(place), place.now()))
        with pytest.raises(StoreLocked):
            WriterLease(place, other).held().__enter__()


def test_processes_of_one_store_share_it(mine: Path, theirs: Path, place: FolderLeasePlace) -> None:
    """Their own lock excludes them; who stays when the holder is done takes it over."""
    with Library.open(mine) as library, Library.open(theirs) as other:
        first, second = WriterLease(place, library).held(), WriterLease(place, library).held()
        first.__enter__()
        held = second.__enter__()
        held.verify()
        first.__exit__(None, None, None)
        assert record_of(place).released
        held.verify()
        assert not record_of(place).released
        with pytest.raises(StoreLocked):
            WriterLease(place, other).held().__enter__()
        second.__exit__(None, None, None)
        assert record_of(place).released


def test_of_many_at_once_one_gets_it(mine: Path, place: FolderLeasePlace) -> None:
    """However many machines begin at the same moment."""
    stores = [mine.with_name(f"copy{number}") for number in range(6)]
    for each in stores:
        shutil.copytree(mine, each)
    begin, end = threading.Barrier(len(stores)), threading.Barrier(len(stores))
    got: list[Path] = []

    def compete(store: Path) -> None:
        with Library.open(store) as library:
            begin.wait()
            try:
                with WriterLease(place, library).held():
                    got.append(store)
                    end.wait()
            except StoreError:
                end.wait()

    threads = [threading.Thread(target=compete, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 1


def test_a_process_that_died_after_its_first_step_goes_on(
    mine: Path, place: FolderLeasePlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The token is in the library, but the record was never created; the machine was started again since."""
    with Library.open(mine) as library:
        with WriterLease(place, library).held():
            pass
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(FolderLeasePlace, "create", lambda *_: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                WriterLease(place, library).held().__enter__()
        monkeypatch.setattr(lease, "store_id", lambda _: "another boot")
        with WriterLease(place, library).held() as held:
            held.verify()


@pytest.mark.parametrize("content", ["", "[]", "{}", "\x00"])
def test_a_record_that_cannot_be_read_is_somebodys(mine: Path, place: FolderLeasePlace, content: str) -> None:
    """It is being written; should it stay so, it ends."""
    place._path(7).write_text(content)
    with Library.open(mine) as library:
        with pytest.raises(StoreLocked, match="another machine is writing"):
            WriterLease(place, library).held().__enter__()
        let_end(place)
        with WriterLease(place, library).held() as held:
            held.verify()


def test_a_folder_that_is_not_there(mine: Path, tmp_path: Path) -> None:
    """One line, without its path."""
    place = FolderLeasePlace(tmp_path / "unmounted" / "articles.sqlite")
    with Library.open(mine) as library, pytest.raises(StoreError, match=r"No such file.*check PUBLISH_FILE"):
        WriterLease(place, library).held().__enter__()
