"""The composition root makes each component once, at its first use."""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from bot.app import SWITCH_SECONDS, App, Overrides
from bot.component import component
from bot.render.layout import Places
from bot.render.sources import located
from bot.settings import Settings
from retrieval.articles import Filters
from retrieval.embedding.embedder import SentenceTransformerEmbedder
from retrieval.errors import FingerprintMismatch, InputError, StoreMissing
from retrieval.quotes.desk import QuoteDesk
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.vector_index.index import VectorIndex
from retrieval.vector_index.local import find_problem
from tests.bot.fakes_bot import HARBOUR, ORCHARD, make_app
from tests.fakes import FakeEmbedder, make_article, make_library
from tests.patience import PATIENCE_SECONDS


def test_nothing_is_opened_before_it_is_needed(tmp_path: Path) -> None:
    """Building an app for a store that is not there is no error; using it is."""
    app = App(Settings(store_dir=tmp_path / "nowhere"))
    assert not (tmp_path / "nowhere").exists()
    with pytest.raises(StoreMissing, match="onrecord ingest PATH"):
        _ = app.library


def test_a_process_that_stays_is_prepared_before_it_is_asked(tmp_path: Path) -> None:
    """Patterns are compiled, and threads wait less for the interpreter."""
    pattern, before = LazyPattern("prepared"), sys.getswitchinterval()
    try:
        make_app(tmp_path).warm()
        assert "compiled" in vars(pattern)
        assert sys.getswitchinterval() == pytest.approx(SWITCH_SECONDS)
    finally:
        sys.setswitchinterval(before)


def test_an_empty_store_has_nothing_to_ask(tmp_path: Path) -> None:
    """A store that holds no article says so like one that is missing."""
    make_library(tmp_path)
    with pytest.raises(StoreMissing, match="onrecord ingest PATH"):
        App(Settings(store_dir=tmp_path)).ask("Who?")


@pytest.mark.parametrize("name", sorted(Overrides.__annotations__.keys() - {"chat", "rewriter"}))
def test_threads_share_each_component(name: str, tmp_path: Path) -> None:
    """However many threads ask first, it is made once."""
    make_library(tmp_path, [HARBOUR]).close()
    with App(Settings(store_dir=tmp_path), embedder=FakeEmbedder()) as app:
        found: list[object] = []
        threads = [threading.Thread(target=lambda: found.append(getattr(app, name))) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(found) == 8
        assert len(set(map(id, found))) == 1


@pytest.mark.parametrize(("precision", "loads"), [("auto", True), ("float32", False)])
def test_the_embedding_precision_is_the_setting_s(precision: Any, loads: bool, tmp_path: Path) -> None:
    """Float32: no long ingestion loads the runtime with bfloat16 products."""
    with App(Settings(store_dir=tmp_path, cache_dir=tmp_path, embedding_precision=precision)) as app:
        embedder = app.embedder
    assert isinstance(embedder, SentenceTransformerEmbedder)
    assert embedder._loads_bulk == loads


def test_the_library_is_read_while_the_chain_is_made(tmp_path: Path) -> None:
    """Lists, counts and filters never wait for LangChain or a model."""
    begun, done = threading.Event(), threading.Event()

    class Slow(FakeEmbedder):
        def load_ahead(self) -> None:
            begun.set()
            assert done.wait(PATIENCE_SECONDS)

    app = make_app(tmp_path, embedder=Slow())
    making = threading.Thread(target=lambda: app.chain)
    making.start()
    try:
        assert begun.wait(PATIENCE_SECONDS)
        counted: list[int] = []
        reading = threading.Thread(target=lambda: counted.append(app.library.counts().articles), daemon=True)
        reading.start()
        reading.join(PATIENCE_SECONDS)
        assert counted == [2]
        assert app.conversations
    finally:
        done.set()
        making.join()


def test_every_component_can_be_overridden_and_nothing_else(tmp_path: Path) -> None:
    """What ``Overrides`` names is what the app makes."""
    made = {name for name, value in vars(App).items() if isinstance(value, component)}
    assert made == set(Overrides.__annotations__)
    quotes = QuoteDesk(make_library(tmp_path))
    assert App(Settings(store_dir=tmp_path), quotes=quotes).quotes is quotes


def test_a_misspelt_override_is_refused(tmp_path: Path) -> None:
    """With its name, and the names there are."""
    with pytest.raises(TypeError, match=r"no component is called embeder: there are library, embedder, .*quotes"):
        App(Settings(store_dir=tmp_path), embeder=FakeEmbedder())  # type: ignore[call-arg]


def test_what_an_event_loop_reads_needs_no_component(tmp_path: Path) -> None:
    """The store's folder, the settings and ``notify`` are there at once, and open nothing."""
    app = App(Settings(store_dir=tmp_path / "nowhere"))
    app.notify("a line")
    assert (app.folder, app.settings.passages) == (tmp_path / "nowhere", 10)
    assert not vars(app).keys() & Overrides.__annotations__.keys()


def test_another_model_than_the_stores_is_refused(tmp_path: Path) -> None:
    """Vectors of two models are never compared."""
    make_library(tmp_path, [HARBOUR])
    app = App(Settings(store_dir=tmp_path), embedder=FakeEmbedder("another"))
    with pytest.raises(FingerprintMismatch, match="--rebuild"):
        app.ask("Who ended the strike?")


def test_an_article_is_named_by_title_id_or_path_from_here(tmp_path: Path) -> None:
    """A path counts from the person's folder, wherever the store is."""
    (tmp_path / "news").mkdir()
    (tmp_path / "news/harbour.txt").write_text(HARBOUR.text, encoding="utf-8")
    app = make_app(tmp_path / ".onrecord")
    for named, here in [
        ("harbour.txt", tmp_path / "news"),
        ("news/harbour.txt", tmp_path),
        (str(tmp_path / "news/harbour.txt"), Path("/")),
        ("Harbour strike", Path("/")),
        (HARBOUR.id[:9], Path("/")),
    ]:
        assert app.article(named, here) == HARBOUR


def test_an_article_of_a_file_of_many_is_named_by_the_files_path_and_its_id(tmp_path: Path) -> None:
    """As its citations write it."""
    (tmp_path / "wire").mkdir()
    (tmp_path / "wire/all.jsonl").write_text("{}", encoding="utf-8")
    article = make_article("It rained.", title="Rain", origin="wire/all.jsonl#7", path="wire/all.jsonl")
    app = make_app(tmp_path / ".onrecord", articles=[article])
    info = app.library.info(article.id)
    assert located(info, Places(app.home, tmp_path / "wire")) == "all.jsonl#7"
    assert app.article("all.jsonl#7", tmp_path / "wire") == article


@pytest.mark.parametrize("named", ["a\0b", "x" * 5000, "no such"])
def test_a_name_that_fits_no_article_is_refused(named: str, tmp_path: Path) -> None:
    """Strange names are no crash."""
    with pytest.raises(InputError):
        make_app(tmp_path).article(named, Path("/"))


def test_filters_name_articles_as_people_do(tmp_path: Path) -> None:
    """A title becomes an id; a date that is none is refused."""
    app = make_app(tmp_path)
    assert app.filters(articles=["Harbour"]).articles == (HARBOUR.id,)
    with pytest.raises(InputError, match="soon"):
        app.filters(since="soon")


@pytest.mark.parametrize(
    ("filters", "said"),
    [
        ({"sources": ["Cost Herald"]}, "no article is from “Cost Herald”: did you mean Coast Herald?"),
        ({"sources": ["Xyzzy"]}, "no article is from “Xyzzy”: there are "),
        ({"authors": ["Xyzzy"]}, "no article is by “Xyzzy”: "),
        (
            {"since": "2030-01-01"},
            r"no article matches since=2030-01-01: those with a date are of 2024-\d\d-\d\d to 2024",
        ),
        ({"until": "2010-01-01"}, "no article matches until=2010-01-01: "),
    ],
)
def test_a_filter_that_matches_nothing_is_refused(filters: dict[str, Any], said: str, tmp_path: Path) -> None:
    """With the nearest names, or what there is."""
    with pytest.raises(InputError, match=said):
        make_app(tmp_path).filters(**filters)


def test_undated_articles_that_a_date_leaves_out_are_counted(tmp_path: Path) -> None:
    """In what was searched, and in a line of the answer."""
    undated = make_article("The ferry to Sant Pol stopped on Monday.\n", origin="news/ferry.txt")
    app = make_app(tmp_path, [HARBOUR, ORCHARD, undated])
    filters = app.filters(since="2024-01-01")
    assert app.search_scope(filters).undated == 1
    answer = app.ask("When did the dockers end their strike?", filters)
    assert "1 undated article was left out by since=2024-01-01." in answer.remarks
    assert app.ask("When did the dockers end their strike?").remarks == ()


def test_filters_that_leave_no_article_together_say_so(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    filters = Filters(sources=("Nobody",))  # as a stored setting may be, once its articles are removed
    assert "No article matches the filters" in app.ask("When did the strike end?", filters).message


def test_trouble_with_the_index_is_seen_without_loading_it(tmp_path: Path) -> None:
    """Not built, built, behind, damaged: each is told from the files."""
    embedder = FakeEmbedder()
    library = make_library(tmp_path, [HARBOUR], embedder)
    folder = tmp_path / "vectors"
    assert find_problem(library, folder) == "not built"
    index = VectorIndex.open(library, folder)
    index.sync()
    index.close()
    assert find_problem(library, folder) == ""
    for file in folder.rglob("*.bin"):
        file.write_bytes(b"x")
    assert "damaged" in find_problem(library, folder)
