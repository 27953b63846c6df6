"""The runtime for many passages: the model's vectors, by products of bfloat16 numbers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from retrieval.embedding import embedder as embedding
from retrieval.embedding import torch as torch_runtime
from retrieval.embedding.embedder import BULK_COSINE, SentenceTransformerEmbedder, load_embedder
from retrieval.embedding.model_files import DEFAULT_MODEL, find_model
from tests.retrieval.fakes_ingest import story

FILES = find_model(DEFAULT_MODEL)


class Fixed:
    """Returns one vector, and keeps how many texts it was given."""

    def __init__(self, at: int) -> None:
        self.row = np.eye(FILES.fingerprint.dimension, dtype=np.float32)[at]
        self.given: list[int] = []

    def encode(self, texts: Sequence[str], prompt: str) -> NDArray[np.float32]:
        self.given.append(len(texts))
        return np.stack([self.row] * len(texts))


@pytest.fixture
def runtimes(monkeypatch: pytest.MonkeyPatch) -> tuple[Fixed, Fixed]:
    """The export, and the runtime for many passages, on a processor that has units for it."""
    usual, bulk = Fixed(0), Fixed(0)
    monkeypatch.setattr(embedding, "open_export", lambda *_: usual)
    monkeypatch.setattr(torch_runtime, "Bfloat16Runtime", lambda _: bulk)
    monkeypatch.setattr(torch_runtime, "has_bfloat16_units", lambda: True)
    return usual, bulk


def _loaded(one: SentenceTransformerEmbedder) -> None:
    assert one._bulk_loading is not None
    one._bulk_loading.join()


def test_many_passages_are_embedded_by_it(runtimes: tuple[Fixed, Fixed], tmp_path: Path) -> None:
    """From when it is loaded; questions and a few sentences that are compared are not."""
    usual, bulk = runtimes
    one = load_embedder(exports=tmp_path)
    one.embed_passages(["a"] * 100)
    assert (sum(bulk.given), sum(usual.given)) == (0, 100)
    one.load_bulk_ahead()
    _loaded(one)
    bulk.given.clear()
    usual.given.clear()
    one.embed_passages(["a"] * 100)
    assert (sum(bulk.given), usual.given) == (100, [])
    one.embed_passages(["a"] * 3)
    one.embed_query("a")
    assert (sum(bulk.given), usual.given) == (100, [3, 1])


def test_other_vectors_are_not_used(runtimes: tuple[Fixed, Fixed], tmp_path: Path) -> None:
    """A processor or a model whose vectors come out otherwise goes on with the export."""
    usual, bulk = runtimes
    bulk.row = bulk.row + np.float32(0.02) * np.roll(bulk.row, 1)
    bulk.row = np.asarray(bulk.row / np.linalg.norm(bulk.row), dtype=np.float32)
    one = load_embedder(exports=tmp_path)
    one.load_bulk_ahead()
    _loaded(one)
    usual.given.clear()
    one.embed_passages(["a"] * 100)
    assert sum(usual.given) == 100


def test_whoever_wants_float32_gets_it(runtimes: tuple[Fixed, Fixed], tmp_path: Path) -> None:
    """However much there is to embed."""
    usual, bulk = runtimes
    one = load_embedder(exports=tmp_path, bulk=False)
    one.load_bulk_ahead()
    one.embed_passages(["a"] * 100)
    assert one._bulk_loading is None
    assert (bulk.given, sum(usual.given)) == ([], 100)


def test_without_such_units_nothing_is_loaded(
    runtimes: tuple[Fixed, Fixed], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Products of bfloat16 numbers would be slow there."""
    _, bulk = runtimes
    monkeypatch.setattr(torch_runtime, "has_bfloat16_units", lambda: False)
    one = load_embedder(exports=tmp_path)
    one.load_bulk_ahead()
    _loaded(one)
    assert bulk.given == []


@pytest.mark.slow
@pytest.mark.xdist_group("torch")
def test_it_gives_the_models_own_vectors(real_embedder: SentenceTransformerEmbedder) -> None:
    """Of the right texts, in their order, and torch goes on with as many threads as before."""
    import torch

    threads = torch.get_num_threads()
    runtime = torch_runtime.Bfloat16Runtime(FILES)
    assert torch.get_num_threads() == threads
    texts = [story(number)[: 40 + 90 * (number % 9)] for number in range(24)]
    cosines = (runtime.encode(texts, "") * real_embedder.embed_passages(texts)).sum(axis=1)
    assert cosines.min() >= BULK_COSINE
