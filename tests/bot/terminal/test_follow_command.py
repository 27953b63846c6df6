"""Following a published library from the command line: two stores, one that ingests and one that answers."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.app import App
from bot.settings import Settings
from bot.terminal import follow_command
from bot.terminal.cli import main
from retrieval.errors import LibraryIsReplica, StoreError, StoreLocked
from retrieval.store.lease import LibrarySuperseded
from retrieval.store.replica import PublishedCopy
from tests.fakes import FakeEmbedder
from tests.patience import until


class Newsroom:
    """A machine that ingests, one that answers, and the folder that both see."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.capsys = folder, capsys
        self.file = folder / "shared" / "articles.sqlite"
        self.file.parent.mkdir()
        self.news = folder / "news"
        self.news.mkdir()
        self.write("One")

    def write(self, title: str) -> None:
        (self.news / f"{title}.txt").write_text(f"{title} tells of a harbour.\n\nThe dockers went home.\n")

    def app(self, store: str = "writer") -> App:
        settings = Settings(store_dir=self.folder / store, publish_file=str(self.file) if store != "answers" else "")
        return App(settings, embedder=FakeEmbedder())

    def ingest(self, store: str = "writer") -> None:
        with self.app(store) as app:
            app.ingest([str(self.news)])

    def follow(self, *more: str, store: str = "answers") -> tuple[int, str, str]:
        self.capsys.readouterr()
        code = main(["follow", str(self.file), "--store", str(self.folder / store), *more])
        return (code, *self.capsys.readouterr())


@pytest.fixture
def newsroom(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Newsroom:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.chdir(tmp_path)
    return Newsroom(tmp_path, capsys)


def test_each_ingestion_is_published_and_taken_once(newsroom: Newsroom) -> None:
    """With what it holds, where it comes from, and whether it was new."""
    newsroom.ingest()
    record = PublishedCopy.read(newsroom.file)
    assert record
    code, out, err = newsroom.follow("--once")
    assert (code, err) == (0, "")
    assert out == f"now revision 1: 1 article, 1 passage, published by {record.host} at {record.published}\n"
    assert newsroom.follow("--once")[1].startswith("up to date: revision 1: 1 article")
    newsroom.write("Two")
    newsroom.ingest()
    taken = json.loads(newsroom.follow("--once", "--json")[1])
    assert (taken["taken"], taken["articles"], taken["host"]) == (True, 2, record.host)
    with newsroom.app() as app:
        app.remove("One")
    assert json.loads(newsroom.follow("--once", "--json")[1])["articles"] == 1


def test_a_replica_answers_and_is_not_written_to(newsroom: Newsroom) -> None:
    """Ingesting, removing and restoring name the machine that may."""
    newsroom.ingest()
    newsroom.follow("--once")
    with newsroom.app("answers") as app:
        assert app.library.counts().articles == 1
        for change in (lambda: app.ingest([str(newsroom.news)]), lambda: app.remove("One")):
            with pytest.raises(LibraryIsReplica, match="ingest on "):
                change()
        assert app.record.sync() == 0  # the writer has read who said what
    for command in (["ingest", str(newsroom.news)], ["restore", str(newsroom.file)], ["ingest", "--rebuild"]):
        newsroom.capsys.readouterr()
        assert main([*command, "--store", str(newsroom.folder / "answers")], {"embedder": FakeEmbedder()}) == 4
        said = newsroom.capsys.readouterr().err
        assert "this library is a replica" in said
        assert said.count("\n") == 1


def test_nothing_to_follow(newsroom: Newsroom) -> None:
    """One line, and what to do."""
    code, _, err = newsroom.follow("--once")
    assert code == 2
    assert "set PUBLISH_FILE on the machine that ingests" in err
    newsroom.ingest()
    code, _, err = newsroom.follow("--once", store="writer")
    assert code == 4
    assert "a library of its own" in err
    assert newsroom.follow(store="writer")[0] == 4
    assert newsroom.follow("--every", "0")[0] == 2


def test_it_goes_on_following(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    """It waits for the first copy, says once what is wrong with another, and takes what comes after."""
    looks, whole = 0, b""

    def pause(_: float) -> None:
        nonlocal looks, whole
        looks += 1
        match looks:
            case 2:
                newsroom.ingest()
            case 3:
                record.write_text("{}")
            case 5:
                record.unlink()
                newsroom.file.unlink()
                newsroom.write("Two")
                newsroom.ingest()
            case 7:
                newsroom.write("Three")
                newsroom.ingest()
                whole = newsroom.file.read_bytes()
                newsroom.file.write_bytes(b"half")
            case 8:
                newsroom.file.write_bytes(whole)
            case 10:
                newsroom.file.write_bytes(b"half")
                record.write_text(record.read_text().replace('"revision": 3', '"revision": 4'))
            case 13:
                raise KeyboardInterrupt

    record = newsroom.file.with_name(f"{newsroom.file.name}.json")
    monkeypatch.setattr(follow_command.time, "sleep", pause)
    code, out, err = newsroom.follow()
    assert code == 130
    assert [line.split(",")[0] for line in out.splitlines()] == [
        "now revision 1: 1 article",
        "now revision 2: 2 articles",
        "now revision 3: 3 articles",
    ]
    assert [line.split(":")[0] for line in err.splitlines() if "interrupted" not in line] == [
        "there is no published copy 'articles.sqlite'",
        "'articles.sqlite.json' is not the record of a published copy",
        "'articles.sqlite' does not match its record yet, or is damaged",
    ]


def test_a_second_writer_is_refused_before_it_embeds_anything(newsroom: Newsroom) -> None:
    """A copy of the store on another machine: while the first writes, and afterwards."""
    newsroom.ingest()
    shutil.copytree(newsroom.folder / "writer", newsroom.folder / "second")
    newsroom.write("Two")
    with newsroom.app() as app, newsroom.app("second") as second, app.publication.writing(app.library):
        with pytest.raises(StoreLocked, match="is writing to this library"):
            second.ingest([str(newsroom.news)])
        assert second.library.counts().articles == 1
    with newsroom.app() as app, app.publication.writing(app.library):
        pass  # it writes nothing, and has written last all the same
    with pytest.raises(LibrarySuperseded, match="onrecord follow"):
        newsroom.ingest("second")
    newsroom.ingest()
    with pytest.raises(StoreError, match="another copy of this library became, published by "):
        newsroom.ingest("second")
    with pytest.raises(StoreError, match="a copy of another library, published by "):
        newsroom.ingest("third")


def test_what_cannot_be_published_is_kept(newsroom: Newsroom) -> None:
    """The folder is away, or has somebody else's file: the articles are in the library, and the error says the rest."""
    shutil.rmtree(newsroom.file.parent)
    with pytest.raises(StoreError, match=r"check PUBLISH_FILE|check the store's folder"):
        newsroom.ingest()
    with newsroom.app() as app:
        assert app.library.counts().articles == 1
    newsroom.file.parent.mkdir()
    newsroom.file.write_text("notes")
    newsroom.write("Two")
    with pytest.raises(StoreError, match="is not a published copy"):
        newsroom.ingest()
    assert newsroom.file.read_text() == "notes"
    newsroom.file.unlink()
    newsroom.ingest()
    assert newsroom.follow("--once")[0] == 0


def test_a_restored_library_is_published_at_once(newsroom: Newsroom) -> None:
    """Its replicas follow it."""
    newsroom.ingest()
    newsroom.follow("--once")
    shutil.copy(newsroom.file, newsroom.folder / "kept")
    newsroom.write("Two")
    newsroom.ingest()
    newsroom.follow("--once")
    with newsroom.app() as app:
        assert app.restore(newsroom.folder / "kept").articles == 1
    assert json.loads(newsroom.follow("--once", "--json")[1])["articles"] == 1


def test_the_doctor_says_who_writes(newsroom: Newsroom) -> None:
    """On the machine that ingests, and on one that answers."""

    def checks(store: str) -> dict[str, dict[str, object]]:
        newsroom.capsys.readouterr()
        settings = {"store_dir": newsroom.folder / store}
        main(["doctor", "--json", "--store", str(settings["store_dir"])], {"embedder": FakeEmbedder()})
        return {each["name"]: each for each in json.loads(newsroom.capsys.readouterr().out)["checks"]}

    newsroom.ingest()
    newsroom.follow("--once")
    assert "is read here only" in str(checks("answers")["replica"]["found"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PUBLISH_FILE", str(newsroom.file))
        found = checks("writer")
        assert found["writer"]["found"] == "folder: no machine is writing"
        assert str(found["published"]["found"]).startswith("revision 1 by ")
        with newsroom.app() as app, app.publication.writing(app.library):
            assert "is writing" in str(checks("writer")["writer"]["found"])
        newsroom.file.with_name(f"{newsroom.file.name}.json").unlink()
        newsroom.file.unlink()
        assert checks("writer")["published"]["ok"] is False


class WaitingEmbedder(FakeEmbedder):
    """Embeds the second half of 31 articles when a copy has been published."""

    def __init__(self, published: Path) -> None:
        super().__init__()
        self._published, self._calls = published, 0

    def embed_passages(
        self, texts: Sequence[str], on_batch: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        self._calls += 1
        if self._calls == 16:
            until(lambda: PublishedCopy.read(self._published))
        return super().embed_passages(texts, on_batch)


def test_a_long_ingestion_is_published_while_it_goes_on(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    """Replicas do not wait for its end."""
    monkeypatch.setattr("retrieval.store.replica.PUBLICATION_PAUSE_SECONDS", 0.01)
    monkeypatch.setattr("retrieval.ingest.BATCH_PASSAGES", 1)
    for number in range(30):
        newsroom.write(f"Story {number}")
    writer = newsroom.app()
    with App(writer.settings, embedder=WaitingEmbedder(newsroom.file)) as app:
        app.ingest([str(newsroom.news)])
        assert app.library.counts().articles == 31
