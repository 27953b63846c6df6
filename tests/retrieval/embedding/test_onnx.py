"""The model's fast copy: the same vectors, made once, and never trusted unseen."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from retrieval.embedding.embedder import SentenceTransformerEmbedder, load_embedder
from retrieval.embedding.model_files import DEFAULT_MODEL, find_model
from retrieval.embedding.onnx import EXPORT_VERSION, MIN_COSINE, open_export

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("torch")]

ROOT = Path(__file__).parents[3]
TEXTS = ["Who signed it?", "", "The U.S. has invested millions in Niger’s forces. " * 40, "half \ud83d a pair", "東京"]
FILES = find_model(DEFAULT_MODEL)


@pytest.fixture(scope="module")
def torch_embedder() -> SentenceTransformerEmbedder:
    """The default model as sentence-transformers runs it (seconds)."""
    return load_embedder()


@pytest.fixture
def spoilt(exports: Path, real_embedder: SentenceTransformerEmbedder, tmp_path: Path) -> Path:
    """A folder of links to the copy and of its record, to be spoilt."""
    for file in exports.iterdir():
        if file.suffix == ".onnx":
            (tmp_path / file.name).symlink_to(file)
        else:
            (tmp_path / file.name).write_bytes(file.read_bytes())
    return tmp_path


def test_the_copy_gives_the_models_own_vectors(
    real_embedder: SentenceTransformerEmbedder, torch_embedder: SentenceTransformerEmbedder
) -> None:
    """Questions and passages are embedded alike, so that a store never needs to know which one ran."""
    for mine, theirs in (
        (real_embedder.embed_passages(TEXTS), torch_embedder.embed_passages(TEXTS)),
        (real_embedder.embed_query(TEXTS[0])[None], torch_embedder.embed_query(TEXTS[0])[None]),
    ):
        assert (mine * theirs).sum(axis=1).min() >= MIN_COSINE


def test_the_copy_starts_without_torch(exports: Path, real_embedder: SentenceTransformerEmbedder) -> None:
    """What made starting slow is not imported."""
    code = (
        "import sys; from pathlib import Path; from retrieval.embedding.embedder import load_embedder\n"
        f"print(load_embedder(exports=Path({str(exports)!r})).embed_query('Who?').shape)\n"
        "print(sorted({'torch', 'transformers', 'sentence_transformers'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:2] == ["(384,)", "[]"]
    assert done.stderr == ""


def test_the_copy_loads_ahead_in_a_thread_that_ends_with_the_program(
    exports: Path, real_embedder: SentenceTransformerEmbedder
) -> None:
    """Who needs it meanwhile waits for that one; a program that is done sooner ends well, too."""
    code = (
        "import sys; from pathlib import Path; from retrieval.embedding import embedder as embedding\n"
        "opened, open_export = [], embedding.open_export\n"
        "embedding.open_export = lambda *given: opened.append(1) or open_export(*given)\n"
        f"one = embedding.load_embedder(exports=Path({str(exports)!r})); one.load_ahead()\n"
        "print(len(sys.argv) > 1 or one.embed_query('Who?').shape, len(opened) <= 1)"
    )
    for more in ([], ["leave"]):
        done = subprocess.run([sys.executable, "-c", code, *more], cwd=ROOT, capture_output=True, text=True, check=True)
        assert (done.stdout, done.stderr) == (f"{bool(more) or (384,)} True\n", "")


@pytest.mark.parametrize("state", ["none", "damaged"])
def test_only_a_copy_loads_ahead(spoilt: Path, state: str) -> None:
    """Never the model itself: that is left to whoever needs it."""
    for file in [*spoilt.glob("*.onnx"), *(spoilt.glob("*.json") if state == "none" else [])]:
        file.unlink()
    embedder = load_embedder(exports=spoilt)
    embedder.load_ahead()
    for thread in threading.enumerate():
        if thread.name == "onrecord-load":
            thread.join()
    assert embedder._runtime is None


def test_a_copy_that_gives_other_vectors_is_not_used(spoilt: Path) -> None:
    """Its record holds a vector that it must give again."""
    record = next(spoilt.glob("*.json"))
    said = json.loads(record.read_text())
    record.write_text(json.dumps({"vector": [-number for number in said["vector"]]}))
    assert open_export(spoilt, FILES) is None


@pytest.mark.parametrize("content", [b"", b"not a graph"])
def test_a_damaged_copy_is_not_used(spoilt: Path, content: bytes) -> None:
    """A cut or foreign file is no model; the embedder starts slowly and makes it anew."""
    copy = next(spoilt.glob("*.onnx"))
    copy.unlink()
    copy.write_bytes(content)
    assert open_export(spoilt, FILES) is None
    embedder = load_embedder(exports=spoilt)
    embedder.warm()
    assert open_export(spoilt, FILES) is not None
    assert embedder.start() == "by its fast copy"


def test_a_refused_copy_is_not_tried_again(tmp_path: Path) -> None:
    """A model that cannot be copied costs its three seconds once, and says why it starts slowly."""
    record = tmp_path / f"{FILES.fingerprint.digest}-{EXPORT_VERSION}.json"
    record.write_text('{"refused": "its export gives other vectors"}')
    embedder = load_embedder(exports=tmp_path)
    embedder.warm()
    assert not list(tmp_path.glob("*.onnx"))
    assert embedder.start() == "slowly: its export gives other vectors"


def test_a_folder_that_cannot_be_written_costs_only_speed(tmp_path: Path) -> None:
    """The model answers all the same."""
    (tmp_path / "file").write_text("")
    embedder = load_embedder(exports=tmp_path / "file" / "under")
    assert embedder.embed_query("Who?").shape == (384,)
