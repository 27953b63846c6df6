"""Turns text into vectors: the Embedder protocol, and sentence-transformers behind it.

Whatever implements ``Embedder`` returns float32 vectors of unit length, so that a dot product is the cosine.
"""

from __future__ import annotations

import logging
import os
import threading
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import EmbeddingError
from retrieval.token_vectors import TokenVectors, token_vectors
from retrieval.weights import DEFAULT_MODEL, Fingerprint, ModelFiles, allows_download, find_model

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

__all__ = ["DEFAULT_MODEL", "Embedder", "Fingerprint", "SentenceTransformerEmbedder", "load_embedder", "unit"]

BATCH = 32
"""Texts a forward pass, sentence-transformers' own default; progress is told after each."""


class Embedder(Protocol):
    """What a runtime must offer to embed for a library."""

    @property
    def fingerprint(self) -> Fingerprint:
        """Which model this is; known without loading it."""
        ...

    def embed_passages(
        self, texts: Sequence[str], on_batch: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """Return ``(n, d)`` float32 rows of unit length, in the order of ``texts``.

        ``on_batch`` is told the number of texts done after each batch.

        Raises:
            EmbeddingError: The model cannot be loaded, or gave something that is not a vector.
        """
        ...

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Return ``(d,)`` float32 of unit length. May be called from any thread.

        Raises:
            EmbeddingError: As above.
        """
        ...


class SentenceTransformerEmbedder:
    """A sentence-transformers model on this machine; its weights are loaded at first use.

    Args:
        name: A packaged model, a folder, or a hub name that is on this machine.
        cache: A folder to remember the weights' hash in (the store's); None: hashed at each start.

    Raises:
        EmbeddingError: The model is not here, or is not what was published.
    """

    def __init__(self, name: str = DEFAULT_MODEL, *, cache: Path | None = None) -> None:
        self._files: ModelFiles = find_model(name, cache / "weights.json" if cache else None)
        self._model: SentenceTransformer | None = None
        self._lock = threading.Lock()  # tokenizers are not safe to share: one batch at a time

    @property
    def fingerprint(self) -> Fingerprint:
        """Which model this is; known without loading it."""
        return self._files.fingerprint

    def warm(self) -> None:
        """Load the weights now (seconds), for instance from a background thread."""
        with self._lock:
            self._loaded()

    def embed_passages(
        self, texts: Sequence[str], on_batch: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """Return ``(n, d)`` float32 rows of unit length, in the order of ``texts``.

        Texts run in batches of like length: padding is what costs time.

        Raises:
            EmbeddingError: The model cannot be loaded, or gave something that is not a vector.
        """
        vectors = np.empty((len(texts), self.fingerprint.dimension), dtype=np.float32)
        order = sorted(range(len(texts)), key=lambda index: len(texts[index]), reverse=True)
        for start in range(0, len(order), BATCH):
            chosen = order[start : start + BATCH]
            vectors[chosen] = self._encode([texts[index] for index in chosen], self._files.passage_prompt)
            if on_batch:
                on_batch(start + len(chosen))
        return vectors

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Return ``(d,)`` float32 of unit length. May be called from any thread.

        Raises:
            EmbeddingError: As above.
        """
        row: NDArray[np.float32] = self._encode([text], self._files.query_prompt)[0]
        return row

    def embed_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        """Return the token vectors of each text, in order. May be called from any thread.

        Raises:
            EmbeddingError: The model cannot be loaded.
        """
        with self._lock:
            return token_vectors(self._loaded(), texts)

    def _encode(self, texts: list[str], prompt: str) -> NDArray[np.float32]:
        whole = [text.encode("utf-8", "replace").decode("utf-8") for text in texts]  # half a surrogate pair is no text
        with self._lock:
            model = self._loaded()
            try:
                rows = model.encode(
                    whole,
                    prompt=prompt,
                    batch_size=len(whole),
                    show_progress_bar=False,
                    convert_to_numpy=True,
                    normalize_embeddings=True,
                )
            except (RuntimeError, ValueError, MemoryError) as error:
                raise EmbeddingError(
                    f"{self.fingerprint.name} failed on a text of {len(whole[0])} characters: {error}"
                ) from error
        return unit(np.asarray(rows), self.fingerprint)

    def _loaded(self) -> SentenceTransformer:
        """Return the model, loading it once. The caller holds the lock."""
        if self._model is None:
            _quiet()
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    from sentence_transformers import SentenceTransformer  # noqa: PLC0415 (takes seconds)

                    model = SentenceTransformer(str(self._files.folder), local_files_only=True, trust_remote_code=False)
            except (OSError, ValueError, RuntimeError, KeyError, ImportError) as error:
                first_line = next(iter(str(error).splitlines()), type(error).__name__)
                raise EmbeddingError(f"the model {self.fingerprint.name} cannot be loaded: {first_line}") from error
            self._model = model
        return self._model


def load_embedder(name: str = DEFAULT_MODEL, *, cache: Path | None = None) -> SentenceTransformerEmbedder:
    """Return the embedder called ``name``; cheap: weights load at its first use or its ``warm()``.

    Args:
        name: A packaged model, a folder, or a hub name that is on this machine.
        cache: A folder to remember the weights' hash in (the store's).

    Raises:
        EmbeddingError: The model is not here, or is not what was published.
    """
    return SentenceTransformerEmbedder(name, cache=cache)


def unit(rows: NDArray[np.floating], fingerprint: Fingerprint) -> NDArray[np.float32]:
    """Return ``rows`` ``(n, d)`` as float32 of unit length.

    Raises:
        EmbeddingError: Another shape than the fingerprint says, a NaN or infinity, or a row of zeros.
    """
    if rows.ndim != 2 or rows.shape[1] != fingerprint.dimension:
        raise EmbeddingError(
            f"{fingerprint.name} returned vectors of shape {rows.shape}, not of {fingerprint.dimension} numbers each"
        )
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    if not np.isfinite(lengths).all() or not (lengths > 0).all():
        raise EmbeddingError(f"{fingerprint.name} returned a vector that is not a number or has no direction")
    return np.asarray(rows / lengths, dtype=np.float32)


def _quiet() -> None:
    """Keep the model's libraries off the network (unless allowed) and off stderr. They read this when imported."""
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
