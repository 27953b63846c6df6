"""What an interruption, a kill or another run does to an ingest."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from retrieval import ingest as ingesting
from retrieval.errors import StoreLocked
from retrieval.ingest import ingest
from retrieval.store.library import Library
from tests.fakes import DeafEmbedder, FakeEmbedder
from tests.retrieval.fakes_ingest import everything, make_news

ROOT = Path(__file__).parents[2]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / ".onrecord", create=True) as library:
        yield library


@pytest.fixture
def news(tmp_path: Path) -> Path:
    return make_news(tmp_path / "news")


class Interrupting(FakeEmbedder):
    """A FakeEmbedder that is interrupted at its nth call."""

    def __init__(self, calls: int, error: type[BaseException], name: str = "fake") -> None:
        super().__init__(name)
        self.calls, self.error = calls, error

    def embed_passages(
        self, texts: Sequence[str], on_batch: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        self.calls -= 1
        if self.calls < 0:
            raise self.error
        return super().embed_passages(texts, on_batch)


@pytest.mark.parametrize(("calls", "error"), [(0, KeyboardInterrupt), (1, MemoryError), (3, KeyboardInterrupt)])
def test_an_interrupted_run_is_finished_by_the_next(
    library: Library, news: Path, calls: int, error: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was kept stays, and the end is the same as of a run that nothing disturbed."""
    monkeypatch.setattr(ingesting, "BATCH_PASSAGES", 8)
    with pytest.raises(error):
        ingest(library, Interrupting(calls, error), [str(news)])
    kept = library.counts().passages
    assert (kept > 0) == (calls > 0)
    report = ingest(library, FakeEmbedder(), [str(news)])
    assert report.passages_embedded + kept == library.counts().passages
    with Library.open(news / "second" / ".onrecord", create=True) as second:
        ingest(second, FakeEmbedder(), [str(news)], home=news.parent)
        assert everything(library) == everything(second)


def test_an_interrupted_rebuild_goes_on_where_it_stopped(
    library: Library, news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until it is through, the old model answers; then nothing of the old one is left."""
    monkeypatch.setattr(ingesting, "BATCH_PASSAGES", 8)
    old = FakeEmbedder()
    ingest(library, old, [str(news)])
    before = library.vectors(library.passage_ids(library.article_ids()))
    with pytest.raises(KeyboardInterrupt):
        ingest(library, Interrupting(3, KeyboardInterrupt, "other"), [], rebuild=True)
    assert library.fingerprint == old.fingerprint
    assert np.array_equal(library.vectors(library.passage_ids(library.article_ids())), before)
    rest = ingest(library, FakeEmbedder("other"), [], rebuild=True)
    assert rest.passages_embedded == library.counts().passages - 24
    assert library.check() == []
    with sqlite3.connect(library.folder / "library.sqlite") as connection:
        assert connection.execute("SELECT count(*) FROM staged").fetchone() == (0,)


@pytest.mark.parametrize("moment", ["embedding", "transaction", "between"])
@pytest.mark.parametrize("times", [1, 4])
def test_a_killed_run_is_finished_by_the_next(
    library: Library, news: Path, tmp_path: Path, moment: str, times: int
) -> None:
    """SIGKILL while embedding, inside a transaction, or after a commit: the next run ends as an undisturbed one."""
    code = """
        import os, signal, sys; from pathlib import Path
        from retrieval import ingest as ingesting
        from retrieval.store.library import Library; from retrieval.store.writer import LibraryWriter
        from tests.fakes import FakeEmbedder
        place, news, moment, times = Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
        ingesting.BATCH_PASSAGES = 8
        def counted(function):
            left = [times]
            def call(*args, **options):
                left[0] -= 1
                if not left[0]:
                    os.kill(os.getpid(), signal.SIGKILL)
                return function(*args, **options)
            return call
        embedder = FakeEmbedder()
        if moment == "embedding": embedder.embed_passages = counted(embedder.embed_passages)
        if moment == "transaction": LibraryWriter.put_article = counted(LibraryWriter.put_article)
        told = counted(lambda progress: None) if moment == "between" else None
        with Library.open(place) as library:
            ingesting.ingest(library, embedder, [news], on_progress=told)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), str(library.folder), str(news), moment, str(times)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (-signal.SIGKILL, "")
    assert library.check() == []
    ingest(library, FakeEmbedder(), [str(news)])
    with Library.open(tmp_path / "second" / ".onrecord", create=True) as second:
        ingest(second, FakeEmbedder(), [str(news)], home=tmp_path)
        assert everything(library) == everything(second)


def test_two_runs_at_once_are_refused(library: Library, news: Path) -> None:
    """The second is told so before it reads anything."""
    with library.writer(), pytest.raises(StoreLocked):
        ingest(library, DeafEmbedder(), [str(news)])
