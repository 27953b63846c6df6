"""Turns text into vectors: the Embedder protocol, and a sentence-transformers model behind it.

Whatever implements ``Embedder`` returns float32 vectors of unit length, so that a dot product is the cosine.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from retrieval.embedding.model_files import DEFAULT_MODEL, Fingerprint, ModelFiles, find_model
from retrieval.embedding.onnx import Runtime, export, open_export, refusal
from retrieval.embedding.token_vectors import TokenVectors
from retrieval.errors import EmbeddingError

__all__ = ["DEFAULT_MODEL", "Embedder", "Fingerprint", "SentenceTransformerEmbedder", "load_embedder", "unit"]


BATCH_SIZE = 32
"""Texts of like length that are given to the model at once; progress is told after each."""


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
        exports: A folder for the model's fast copy (``retrieval.embedding.onnx``), which starts without torch; None:
            the model always runs as sentence-transformers loads it.

    Raises:
        EmbeddingError: The model is not here, or is not what was published.
    """

    def __init__(self, name: str = DEFAULT_MODEL, *, cache: Path | None = None, exports: Path | None = None) -> None:
        self._files: ModelFiles = find_model(name, cache / "weights.json" if cache else None)
        self._exports = exports
        self._runtime: Runtime | None = None
        self._lock = threading.Lock()

    @property
    def fingerprint(self) -> Fingerprint:
        """Which model this is; known without loading it."""
        return self._files.fingerprint

    def warm(self) -> None:
        """Load the weights now, for instance from a background thread."""
        self._loaded()

    def load_ahead(self) -> None:
        """Have another thread load the fast copy, where there is one; whoever needs the model meanwhile waits for it.

        Not the model itself: importing torch beside other imports gains nothing and may meet them half made. The thread
        is waited for at the program's end, which would break off native code.
        """
        if self._runtime is None and self._exports and refusal(self._exports, self._files) == "":
            threading.Thread(target=self._load_copy, args=(self._exports,), name="onrecord-load").start()

    def _load_copy(self, exports: Path) -> None:
        with self._lock, contextlib.suppress(Exception):  # whoever needs the model tries again, and is told
            self._runtime = self._runtime or open_export(exports, self._files)

    def start(self) -> str:
        """Say in a few words how the model starts: by its fast copy, or why not."""
        if self._exports is None:
            return "slowly: no folder for its fast copy"
        refused = refusal(self._exports, self._files)
        return "by its fast copy" if refused == "" else f"slowly: {refused or 'its fast copy is made at the first use'}"

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
        for start in range(0, len(order), BATCH_SIZE):
            chosen = order[start : start + BATCH_SIZE]
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
        return self._loaded().tokens([_whole(text) for text in texts])

    def _encode(self, texts: list[str], prompt: str) -> NDArray[np.float32]:
        runtime = self._loaded()
        try:
            rows = runtime.encode([_whole(text) for text in texts], prompt)
        except (RuntimeError, ValueError, MemoryError) as error:
            raise EmbeddingError(
                f"{self.fingerprint.name} failed on a text of {len(texts[0])} characters: {error}"
            ) from error
        return unit(rows, self.fingerprint)

    def _loaded(self) -> Runtime:
        """Return what runs the model, loading it once: its fast copy where there is one, else itself."""
        with self._lock:
            if self._runtime is None:
                self._runtime = (open_export(self._exports, self._files) if self._exports else None) or self._slow()
            return self._runtime

    def _slow(self) -> Runtime:
        """Return the model as sentence-transformers loads it (seconds), its fast copy made for the next start."""
        from retrieval.embedding.torch import TorchRuntime  # noqa: PLC0415 (late: its copy does without)

        runtime = TorchRuntime(self._files)
        if self._exports:
            export(self._exports, self._files, runtime.model, runtime)
        return runtime


def load_embedder(
    name: str = DEFAULT_MODEL, *, cache: Path | None = None, exports: Path | None = None
) -> SentenceTransformerEmbedder:
    """Return the embedder called ``name``; cheap: weights load at its first use or its ``warm()``.

    Args:
        name: A packaged model, a folder, or a hub name that is on this machine.
        cache: A folder to remember the weights' hash in (the store's).
        exports: A folder for the model's fast copy.

    Raises:
        EmbeddingError: The model is not here, or is not what was published.
    """
    return SentenceTransformerEmbedder(name, cache=cache, exports=exports)


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


def _whole(text: str) -> str:
    """Return ``text`` without halves of surrogate pairs, which are no text; places in it stay."""
    return text.encode("utf-8", "replace").decode("utf-8")
