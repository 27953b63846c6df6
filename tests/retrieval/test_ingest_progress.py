"""Progress of an ingest: it never stands still, and its estimate fits the work, whatever is mixed."""

from __future__ import annotations

import concurrent.futures
import json
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from retrieval import ingest as ingesting
from retrieval import progress
from retrieval.articles import Article, Passage
from retrieval.embedding import prefetch
from retrieval.embedding.embedder import unit
from retrieval.ingest import ingest
from retrieval.progress import IngestProgress, SteadyProgress
from retrieval.store.library import Library
from retrieval.structure.passages import split
from tests.fakes import FakeEmbedder
from tests.patience import PATIENCE_SECONDS
from tests.retrieval.fakes_ingest import story

SECONDS_A_CHARACTER = 1e-4
"""Of a slow model, in simulated time, against which reading takes none."""


class Clock:
    """Simulated time: passes when a text is embedded, and nowhere else."""

    def __init__(self) -> None:
        self.now = 0.0
        self.lock = threading.Lock()

    def monotonic(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        with self.lock:
            self.now += seconds


class SlowEmbedder(FakeEmbedder):
    """Takes simulated time for each character; its vectors are noise."""

    def __init__(self, clock: Clock, name: str = "fake", loading: float = 0.0) -> None:
        super().__init__(name)
        self._clock = clock
        self._loading = loading
        self._random = np.random.default_rng(1)
        self.batches: list[int] = []

    def warm(self) -> None:
        self._clock.advance(self._loading)
        self._loading = 0.0

    def embed_passages(
        self, texts: Sequence[str], on_batch: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        self.warm()
        self.batches.append(len(texts))
        for at in range(0, len(texts), 16):
            self._clock.advance(SECONDS_A_CHARACTER * sum(map(len, texts[at : at + 16])))
            if on_batch:
                on_batch(min(len(texts), at + 16))
        return unit(self._random.normal(size=(len(texts), self.fingerprint.dimension)), self.fingerprint)


class _Inline(concurrent.futures.Executor):
    """Runs what is submitted at once: in simulated time no other thread may run ahead."""

    def __init__(self, *_: object) -> None: ...

    def submit(self, run: Callable[..., Any], /, *args: Any, **options: Any) -> concurrent.futures.Future[Any]:
        future: concurrent.futures.Future[Any] = concurrent.futures.Future()
        future.set_result(run(*args, **options))
        return future


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    for module in (ingesting, prefetch, progress):
        monkeypatch.setattr(module, "time", clock)
    monkeypatch.setattr(ingesting, "BATCH_PASSAGES", 16)
    monkeypatch.setattr(prefetch, "ThreadPoolExecutor", _Inline)
    return clock


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / ".onrecord", create=True) as library:
        yield library


def told_of(
    library: Library, clock: Clock, *paths: Path, name: str = "fake", rebuild: bool = False
) -> list[IngestProgress]:
    told: list[IngestProgress] = []
    ingest(library, SlowEmbedder(clock, name), [str(path) for path in paths], rebuild=rebuild, on_progress=told.append)
    return told


def error_after_a_tenth(told: Sequence[IngestProgress]) -> float:
    """Return the estimate of the whole time, made after a tenth of it, over the whole time, less one."""
    begun, whole = told[0].seconds, told[-1].seconds
    now = next(each for each in told if each.seconds >= begun + 0.1 * (whole - begun) and each.seconds_left)
    assert now.seconds <= begun + 0.2 * (whole - begun)
    assert now.seconds_left is not None
    return now.seconds_left / (whole - now.seconds) - 1


def error_where(told: Sequence[IngestProgress], share: float) -> float:
    """Return the estimate over the truth, less one, when a share of the passages is embedded."""
    now = next(each for each in told if each.passages >= share * told[-1].passages and each.seconds_left)
    assert now.seconds_left is not None
    return now.seconds_left / (told[-1].seconds - now.seconds) - 1


def _texts(folder: Path, numbers: Sequence[int], times: int = 1) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for number in numbers:
        (folder / f"{number:05}.txt").write_text("\n\n".join(story(number * 1000 + each) for each in range(times)))


def _records(path: Path, numbers: Sequence[int]) -> None:
    rows = [
        {"id": str(number), "title": f"Town {number}", "text": story(number), "tags": "x" * 300} for number in numbers
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


def _page(number: int, markup: int) -> str:
    paragraphs = "".join(f"<p>{part}</p>" for part in story(number).split("\n\n") if part.strip())
    return (
        f"<html><head><title>Town {number}</title><style>{'a{color:red}' * markup}</style></head>"
        f"<body><article><h1>Town {number}</h1>{paragraphs}</article></body></html>"
    )


@pytest.mark.parametrize("order", ["unchanged first", "new first"])
def test_unchanged_files_count_little(library: Library, clock: Clock, tmp_path: Path, order: str) -> None:
    """By bytes, half would be done at once, or the estimate be twice the truth."""
    old, new = ("a", "b") if order == "unchanged first" else ("b", "a")
    _texts(tmp_path / old, range(60), times=2)
    told_of(library, clock, tmp_path / old)
    _texts(tmp_path / new, range(100, 160), times=2)
    assert abs(error_after_a_tenth(told_of(library, clock, tmp_path / "a", tmp_path / "b"))) < 0.3


@pytest.mark.parametrize("sizes", [(1, 8), (8, 1)])
def test_small_and_large_files(library: Library, clock: Clock, tmp_path: Path, sizes: tuple[int, int]) -> None:
    """Text counts, not files."""
    _texts(tmp_path / "a", range(60), times=sizes[0])
    _texts(tmp_path / "b", range(100, 130), times=sizes[1])
    assert abs(error_after_a_tenth(told_of(library, clock, tmp_path / "a", tmp_path / "b"))) < 0.3


def test_one_file_of_many_records(library: Library, clock: Clock, tmp_path: Path) -> None:
    """It is measured within the file, of which a part is no text."""
    _records(tmp_path / "all.jsonl", range(150))
    assert abs(error_after_a_tenth(told_of(library, clock, tmp_path / "all.jsonl"))) < 0.3


@pytest.mark.parametrize("place", ["appended", "prepended"])
def test_records_added_to_a_file(library: Library, clock: Clock, tmp_path: Path, place: str) -> None:
    """What a file has grown by is new; the rest is as before, wherever it stands."""
    _records(tmp_path / "all.jsonl", range(200))
    told_of(library, clock, tmp_path / "all.jsonl")
    added = list(range(200, 300))
    _records(tmp_path / "all.jsonl", [*range(200), *added] if place == "appended" else [*added, *range(200)])
    assert abs(error_after_a_tenth(told_of(library, clock, tmp_path / "all.jsonl"))) < 0.3


def test_pages_that_are_mostly_markup_before_plain_text(library: Library, clock: Clock, tmp_path: Path) -> None:
    """Pages and plain text have their own shares of text."""
    (tmp_path / "a").mkdir()
    for number in range(25):
        (tmp_path / "a" / f"{number:03}.html").write_text(_page(number, markup=2_000))
    _texts(tmp_path / "b", range(100, 150))
    assert abs(error_after_a_tenth(told_of(library, clock, tmp_path / "a", tmp_path / "b"))) < 0.3


def test_articles_whose_text_is_known_are_not_embedded(library: Library, clock: Clock, tmp_path: Path) -> None:
    """Half of the articles are copies of others, mixed among them."""
    (tmp_path / "a").mkdir()
    for number in range(120):
        (tmp_path / "a" / f"{number:03}.txt").write_text(story(number // 2 if number % 2 else number * 7 + 1000))
    for number in range(0, 120, 2):
        (tmp_path / "a" / f"{number + 1:03}.txt").write_text(story(number * 7 + 1000))
    assert abs(error_after_a_tenth(told_of(library, clock, tmp_path / "a"))) < 0.3


def test_embedding_again_has_a_total(library: Library, clock: Clock, tmp_path: Path) -> None:
    """With another model, the passages of the library are counted with what is read after them."""
    _texts(tmp_path / "a", range(80))
    told_of(library, clock, tmp_path / "a")
    told = told_of(library, clock, name="other", rebuild=True)
    assert abs(error_after_a_tenth(told)) < 0.3
    assert told[-1].done == told[-1].total > 0
    assert told[-1].passages == library.counts().passages
    assert [each.done for each in told] == sorted(each.done for each in told)


def test_the_first_batch_is_small_so_that_the_speed_is_soon_known(
    library: Library, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a slow machine, reading as many passages as a commit has takes longer than a tenth of a short run."""
    monkeypatch.setattr(ingesting, "BATCH_PASSAGES", 256)
    read = ingesting.split

    def slow(article: Article) -> Sequence[Passage]:
        clock.advance(SECONDS_A_CHARACTER / 9 * len(article.text))
        return read(article)

    monkeypatch.setattr(ingesting, "split", slow)
    _texts(tmp_path / "a", range(200), times=2)
    embedder, told = SlowEmbedder(clock), list[IngestProgress]()
    ingest(library, embedder, [str(tmp_path / "a")], on_progress=told.append)
    assert embedder.batches[0] < embedder.batches[1] < embedder.batches[2]
    assert embedder.batches[0] < 256 / 3
    assert max(embedder.batches) >= 256
    assert abs(error_after_a_tenth(told)) < 0.3


def test_loading_the_model_is_no_measure_of_the_rest(library: Library, clock: Clock, tmp_path: Path) -> None:
    """It is loaded once, for as long as half of the run takes."""
    _texts(tmp_path / "a", range(80))
    told: list[IngestProgress] = []
    ingest(library, SlowEmbedder(clock, loading=5.0), [str(tmp_path / "a")], on_progress=told.append)
    for share in (0.1, 0.25, 0.5, 0.75):
        assert abs(error_where(told, share)) < 0.2


def test_a_machine_that_gets_faster_is_noticed(library: Library, clock: Clock, tmp_path: Path) -> None:
    """The last texts count, not all since the beginning."""
    _texts(tmp_path / "a", range(400), times=2)
    advance, passed = clock.advance, 0

    def faster(seconds: float) -> None:
        nonlocal passed
        passed += 1
        advance(seconds * (1.0 if passed < 60 else 0.3))

    clock.advance = faster  # type: ignore[method-assign]
    told = told_of(library, clock, tmp_path / "a")
    assert passed > 150
    assert abs(error_where(told, 0.8)) < 0.3


def test_a_large_file_is_hashed_step_by_step(
    library: Library, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also of a file that is as before, more is seen to be done while it is hashed."""
    monkeypatch.setattr(ingesting, "_HASHED_BYTES", 1_000)
    monkeypatch.setattr(ingesting, "_REPORT_SECONDS", 0.0)
    _records(tmp_path / "all.jsonl", range(40))
    told_of(library, clock, tmp_path / "all.jsonl")
    told = told_of(library, clock, tmp_path / "all.jsonl")
    assert len({each.done for each in told}) > 30
    assert told[-1].seconds_left == 0


def test_progress_is_told_in_the_middle_of_what_cannot_be_divided(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page or a long text takes many seconds; meanwhile, a thread tells that the run goes on."""
    monkeypatch.setattr(progress, "BEAT_SECONDS", 0.01)
    told: list[IngestProgress] = []
    beaten = threading.Event()

    def slow(article: Article) -> list[Passage]:
        assert beaten.wait(PATIENCE_SECONDS)
        return split(article)

    def tell(now: IngestProgress) -> None:
        told.append(now)
        if threading.current_thread() is not threading.main_thread():
            beaten.set()

    monkeypatch.setattr(ingesting, "split", slow)
    _texts(tmp_path / "a", [1])
    with SteadyProgress(tell) as steady:
        ingest(library, FakeEmbedder(), [str(tmp_path / "a")], on_progress=steady)
    assert beaten.is_set()
    assert told[-1].done == told[-1].total


def test_a_long_run_lets_the_model_load_its_way_for_many_passages(
    library: Library, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once; a short run does not, which would be over before."""
    loaded: list[int] = []
    monkeypatch.setattr(SlowEmbedder, "load_bulk_ahead", lambda self: loaded.append(1), raising=False)
    _texts(tmp_path / "short", range(40))
    told_of(library, clock, tmp_path / "short")
    assert loaded == []
    monkeypatch.setattr(ingesting, "_LONG_SECONDS", 3.0)
    _texts(tmp_path / "long", range(100, 180))
    told_of(library, clock, tmp_path / "long")
    assert loaded == [1]
