"""Embedders: the ``Embedder`` protocol, and its implementation by a sentence-transformers model.

Vectors are float32 of unit length, so that a dot product is the cosine similarity.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from retrieval.embedding.model_files import DEFAULT_MODEL, Fingerprint, ModelFiles, find_model
from retrieval.embedding.onnx import Runtime, export, gives_same_vectors, open_export, refusal
from retrieval.errors import EmbeddingError

__all__ = ["DEFAULT_MODEL", "Embedder", "Fingerprint", "SentenceTransformerEmbedder", "load_embedder", "unit"]


BATCH_SIZE = 32
"""Texts of similar length per call of the model; progress is reported after each."""

QUERIES_KEPT = 512
"""Questions and other searched texts whose vectors are remembered, under a MB: a question is searched in several ways,
and with those before it."""

BULK_COSINE = 0.9999
"""Lowest cosine between the vectors of that runtime and of the model; MiniLM's lowest is .99994 on the sample, .99996
over passages of news."""


class Embedder(Protocol):
    """Embeds passages and questions with one model."""

    @property
    def fingerprint(self) -> Fingerprint:
        """Which model this is; known without loading it."""
        ...

    def embed_passages(
        self, texts: Sequence[str], on_batch: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """Return ``(n, d)`` float32 rows of unit length, in the order of ``texts``.

        ``on_batch`` is called with the number of texts done after each batch.

        Raises:
            EmbeddingError: The model cannot be loaded, or returned an invalid vector.
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
        cache: A folder (the store) to cache the weights' hash in; None: hashed at each start.
        exports: A folder for the model's ONNX export (``retrieval.embedding.onnx``), which starts without torch; None:
            the model always runs on torch.
        bulk: Whether ``load_bulk_ahead`` loads anything.

    Raises:
        EmbeddingError: The model is not here, or is not what was published.
    """

    def __init__(
        self, name: str = DEFAULT_MODEL, *, cache: Path | None = None, exports: Path | None = None, bulk: bool = True
    ) -> None:
        self._files: ModelFiles = find_model(name, cache / "weights.json" if cache else None)
        self._exports = exports
        self._loads_bulk = bulk
        self._runtime: Runtime | None = None
        self._lock = threading.Lock()
        self._bulk: Runtime | None = None
        self._bulk_loading: threading.Thread | None = None
        self._remembered = lru_cache(QUERIES_KEPT)(self._query_row)

    @property
    def fingerprint(self) -> Fingerprint:
        """Which model this is; known without loading it."""
        return self._files.fingerprint

    def warm(self) -> None:
        """Load the weights now, for instance from a background thread."""
        self._loaded()

    def load_ahead(self) -> None:
        """Load the ONNX export in another thread, if there is one; who needs the model meanwhile waits for it.

        The torch model is not loaded this way: importing torch concurrently with other imports gains nothing and may
        find them incomplete. The thread is no daemon, since ending the program would interrupt native code.
        """
        if self._runtime is None and self._exports and refusal(self._exports, self._files) == "":
            threading.Thread(target=self._load_export, args=(self._exports,), name="onrecord-load").start()

    def _load_export(self, exports: Path) -> None:
        with self._lock, contextlib.suppress(Exception):  # who needs the model tries again, and gets the error
            self._runtime = self._runtime or open_export(exports, self._files)

    def load_bulk(self) -> None:
        """Load the runtime for many passages, where the processor has units for it: by torch, with bfloat16 products.

        It is used only when its vectors are the model's, to a cosine of ``BULK_COSINE``: a store need not know which
        one ran. Questions go on with the other one.
        """
        from retrieval.embedding.torch import Bfloat16Runtime, has_bfloat16_units  # noqa: PLC0415 (loads torch)

        if self._bulk or not has_bfloat16_units():
            return
        with contextlib.suppress(EmbeddingError, RuntimeError, ValueError, OSError, ImportError):
            bulk = Bfloat16Runtime(self._files)
            if gives_same_vectors(bulk, self._loaded(), self._files, BULK_COSINE):
                self._bulk = bulk

    def load_bulk_ahead(self) -> None:
        """Load the runtime for many passages in another thread; until it is there, the other one goes on.

        For a caller with half a minute of work: loading takes six seconds of processor time, of which a passage saves
        .02.
        """
        if self._loads_bulk and self._exports and self._bulk_loading is None:
            self._bulk_loading = threading.Thread(target=self.load_bulk, name="onrecord-bulk")
            self._bulk_loading.start()

    def start(self) -> str:
        """Describe in a few words how the model starts: by its fast copy, or why not."""
        if self._exports is None:
            return "slowly: no folder for its fast copy"
        refused = refusal(self._exports, self._files)
        return "by its fast copy" if refused == "" else f"slowly: {refused or 'its fast copy is made at the first use'}"

    def embed_passages(
        self, texts: Sequence[str], on_batch: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """Return ``(n, d)`` float32 rows of unit length, in the order of ``texts``.

        Texts run in batches of similar length, since padding costs time.

        Raises:
            EmbeddingError: The model cannot be loaded, or returned an invalid vector.
        """
        vectors = np.empty((len(texts), self.fingerprint.dimension), dtype=np.float32)
        order = sorted(range(len(texts)), key=lambda index: len(texts[index]), reverse=True)
        for start in range(0, len(order), BATCH_SIZE):
            chosen = order[start : start + BATCH_SIZE]
            runtime = self._bulk if len(texts) > BATCH_SIZE else None
            vectors[chosen] = self._encode([texts[index] for index in chosen], self._files.passage_prompt, runtime)
            if on_batch:
                on_batch(start + len(chosen))
        return vectors

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Return ``(d,)`` float32 of unit length, read only. May be called from any thread.

        Raises:
            EmbeddingError: As above.
        """
        return self._remembered(text)

    def _query_row(self, text: str) -> NDArray[np.float32]:
        row: NDArray[np.float32] = self._encode([text], self._files.query_prompt)[0]
        row.flags.writeable = False  # others get it, too
        return row

    def _encode(self, texts: list[str], prompt: str, runtime: Runtime | None = None) -> NDArray[np.float32]:
        runtime = runtime or self._loaded()
        try:
            rows = runtime.encode([_encodable(text) for text in texts], prompt)
        except (RuntimeError, ValueError, MemoryError) as error:
            raise EmbeddingError(
                f"{self.fingerprint.name} failed on a text of {len(texts[0])} characters: {error}"
            ) from error
        return unit(rows, self.fingerprint)

    def _loaded(self) -> Runtime:
        """Return the runtime, loading it once: the ONNX export where there is one, else torch."""
        with self._lock:
            if self._runtime is None:
                self._runtime = (
                    open_export(self._exports, self._files) if self._exports else None
                ) or self._torch_runtime()
            return self._runtime

    def _torch_runtime(self) -> Runtime:
        """Return the torch runtime (seconds), after exporting the model for the next start."""
        from retrieval.embedding.torch import TorchRuntime  # noqa: PLC0415 (late: its copy does without)

        runtime = TorchRuntime(self._files)
        if self._exports:
            export(self._exports, self._files, runtime.model, runtime)
        return runtime


def load_embedder(
    name: str = DEFAULT_MODEL, *, cache: Path | None = None, exports: Path | None = None, bulk: bool = True
) -> SentenceTransformerEmbedder:
    """Return the embedder ``name``; cheap, as weights are loaded at first use or by ``warm()``.

    Args:
        name: A packaged model, a folder, or a hub name that is on this machine.
        cache: A folder (the store) to cache the weights' hash in.
        exports: A folder for the model's ONNX export.
        bulk: Whether long ingestions may use bfloat16 products.

    Raises:
        EmbeddingError: The model is not here, or is not what was published.
    """
    return SentenceTransformerEmbedder(name, cache=cache, exports=exports, bulk=bulk)


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


def _encodable(text: str) -> str:
    """Return ``text`` with lone surrogates replaced; offsets stay the same."""
    return text.encode("utf-8", "replace").decode("utf-8")
