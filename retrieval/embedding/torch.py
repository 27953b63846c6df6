"""Torch runtime: a model run by sentence-transformers, the reference for its vectors. Loading it takes seconds."""

from __future__ import annotations

import logging
import os
import threading
import warnings
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from retrieval.embedding.model_files import ModelFiles, allows_download
from retrieval.embedding.onnx import processors
from retrieval.errors import EmbeddingError

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder, SentenceTransformer


_BFLOAT16_BATCH = 8
"""Texts a batch on one processor; of 4 and of 32, CPU time was a tenth more."""


class TorchRuntime:
    """A loaded sentence-transformers model. Safe to share between threads; one batch at a time.

    Args:
        files: The model.

    Raises:
        EmbeddingError: It cannot be loaded.
    """

    def __init__(self, files: ModelFiles) -> None:
        self.model = _load(files)
        self._lock = threading.Lock()  # its tokenizers are not safe to share: one batch at a time

    def encode(self, texts: Sequence[str], prompt: str) -> NDArray[np.float32]:
        """Return ``(n, d)`` float32, a row a text. Texts are cut at the model's length."""
        with self._lock:
            rows = self.model.encode(
                list(texts),
                prompt=prompt,
                batch_size=max(1, len(texts)),
                show_progress_bar=False,
                convert_to_numpy=True,
                normalize_embeddings=True,
            )
        return np.asarray(rows, dtype=np.float32)


class Bfloat16Runtime:
    """A model whose matrix products take bfloat16 numbers and add float32 ones, for processors with units for it (AMX).

    Normalisations, sums of layers and the vectors stay float32: the cosine with the model's own vectors is .99997 or
    more over passages of news. A passage takes under half of the export's processor time (96 passages of 177 tokens:
    1.7 s, 3.7 s by the export), but torch must be loaded. Small batches run one on each processor at once.

    Args:
        files: The model.

    Raises:
        EmbeddingError: It cannot be loaded.
    """

    def __init__(self, files: ModelFiles) -> None:
        self._model = _load(files).eval()
        self._tokenizing = threading.Lock()
        self._pool = _single_threads(processors())

    def encode(self, texts: Sequence[str], prompt: str) -> NDArray[np.float32]:
        """Return ``(n, d)`` float32, a row a text. Texts are cut at the model's length; neighbours share a batch."""
        size = min(_BFLOAT16_BATCH, -(-len(texts) // processors()))
        given = [prompt + text for text in texts]
        batches = [given[at : at + size] for at in range(0, len(given), size)]
        return np.concatenate(list(self._pool.map(self._rows, batches)))

    def _rows(self, texts: list[str]) -> NDArray[np.float32]:
        import torch  # noqa: PLC0415 (loaded already, with the model)

        with self._tokenizing:
            features = self._model.preprocess(texts)
        with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
            rows = self._model(features)["sentence_embedding"]
            rows = torch.nn.functional.normalize(rows.float(), dim=1)
        return np.asarray(rows.numpy(), dtype=np.float32)


def has_bfloat16_units() -> bool:
    """Return whether the processor multiplies matrices of bfloat16 numbers (AMX), as far as the system tells."""
    try:
        return " amx_bf16" in Path("/proc/cpuinfo").read_text("utf-8")
    except OSError:
        return False


def _single_threads(count: int) -> ThreadPoolExecutor:
    """Return a pool of ``count`` threads, each of which runs torch's operators by itself.

    Torch keeps the number both for each thread and for the process, where it is left as it was.
    """
    import torch  # noqa: PLC0415 (loaded already, with the model)

    before = torch.get_num_threads()
    started = threading.Barrier(count)
    pool = ThreadPoolExecutor(count, "bulk", initializer=lambda: torch.set_num_threads(1))
    list(pool.map(lambda _: started.wait(), range(count)))
    torch.set_num_threads(before)
    return pool


def _load(files: ModelFiles) -> SentenceTransformer:
    _quiet()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from sentence_transformers import SentenceTransformer  # noqa: PLC0415 (takes seconds)

            return SentenceTransformer(str(files.folder), local_files_only=True, trust_remote_code=False)
    except (OSError, ValueError, RuntimeError, KeyError, ImportError) as error:
        first_line = next(iter(str(error).splitlines()), type(error).__name__)
        raise EmbeddingError(f"the model {files.fingerprint.name} cannot be loaded: {first_line}") from error


def load_cross_encoder(folder: Path, name: str) -> CrossEncoder:
    """Return a loaded sentence-transformers cross-encoder that returns log odds.

    Raises:
        EmbeddingError: It cannot be loaded.
    """
    _quiet()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import torch  # noqa: PLC0415 (takes seconds)
            from sentence_transformers import CrossEncoder  # noqa: PLC0415

            model: CrossEncoder = CrossEncoder(
                str(folder), local_files_only=True, trust_remote_code=False, activation_fn=torch.nn.Identity()
            )
            return model
    except (OSError, ValueError, RuntimeError, KeyError, ImportError) as error:
        first_line = next(iter(str(error).splitlines()), type(error).__name__)
        raise EmbeddingError(f"the model {name} cannot be loaded: {first_line}") from error


def _quiet() -> None:
    """Keep the model's libraries off the network (unless allowed) and off stderr; they read this at import."""
    if not allows_download():
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        os.environ.setdefault("TRANSFORMERS_OFFLINE", "1")
    for name, value in (
        ("HF_HUB_DISABLE_TELEMETRY", "1"),
        ("HF_HUB_DISABLE_PROGRESS_BARS", "1"),
        ("TRANSFORMERS_VERBOSITY", "error"),
        ("TRANSFORMERS_NO_ADVISORY_WARNINGS", "1"),
        ("TQDM_DISABLE", "1"),  # transformers draws a bar while weights load
    ):
        os.environ.setdefault(name, value)
    for library in ("sentence_transformers", "transformers", "huggingface_hub", "torch"):
        logging.getLogger(library).setLevel(logging.ERROR)
