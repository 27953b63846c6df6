"""What every test stands on: nothing of the machine's own settings, home or network."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from bot.settings import documented
from retrieval.embedding.embedder import SentenceTransformerEmbedder, load_embedder
from retrieval.ingest import ingest
from retrieval.store.library import Library
from tests.fakes import FakeEmbedder

if "PYTEST_XDIST_WORKER" in os.environ:  # as many workers as cores: more threads would only wait for each other
    os.environ.setdefault("OMP_NUM_THREADS", "1")

SEEDS = Path(__file__).parents[1] / "seeds"

_TERMINAL = ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "HF_HUB_OFFLINE", "HF_HOME", "LANGSMITH_TRACING")
_OURS = (*(name for name, _, _ in documented()), *_TERMINAL)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Start the slow tests first, so that no worker is left with one at the end."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@pytest.fixture(scope="session")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the default model's ONNX export, shared by all workers; only to be read."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "exports"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory, exports: Path) -> Path:
    """The home folder of the tests, whose cache holds the shared export."""
    home = tmp_path_factory.getbasetemp() / "home"
    (home / ".cache").mkdir(parents=True)
    (home / ".cache" / "onrecord").symlink_to(exports, target_is_directory=True)
    return home


@pytest.fixture(autouse=True)
def _isolated(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    """No setting, .env file, cache or history of the person running the tests reaches them."""
    for name in _OURS:
        monkeypatch.delenv(name, raising=False)
    for name in ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(home))
    monkeypatch.chdir(home)
    monkeypatch.setattr(os, "_exit", _refused)


def _refused(code: int) -> None:
    raise AssertionError(f"the tests themselves were about to end, with code {code}, and nobody would have noticed")


@pytest.fixture(scope="session")
def real_embedder(exports: Path) -> SentenceTransformerEmbedder:
    """The default model, run by its ONNX export, for tests that need true similarities."""
    with FileLock(exports / "export.lock"):
        embedder = load_embedder(exports=exports)
        embedder.warm()
    return embedder


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    """A folder that holds a copy of the seed articles."""
    return Path(shutil.copytree(SEEDS, tmp_path / "seeds"))


@pytest.fixture
def seeds_library(seeds: Path, tmp_path: Path) -> Iterator[Library]:
    """A library of the seed articles, embedded by a FakeEmbedder."""
    with Library.open(tmp_path / ".onrecord", create=True) as library:
        ingest(library, FakeEmbedder(), [str(seeds)])
        yield library


@pytest.fixture(scope="session")
def real_seeds_store(real_embedder: SentenceTransformerEmbedder) -> Iterator[Path]:
    """A store of the seed articles, embedded by the default model; shared, so only to be read."""
    with tempfile.TemporaryDirectory() as place:
        shutil.copytree(SEEDS, Path(place) / "seeds")
        store = Path(place) / ".onrecord"
        with Library.open(store, create=True) as library:
            ingest(library, real_embedder, [str(Path(place) / "seeds")])
        yield store


@pytest.fixture
def not_root() -> None:
    """Skip where permissions do not bind: an administrator may write anywhere."""
    if os.geteuid() == 0:
        pytest.skip("permissions do not bind an administrator")
