"""Text classifiers: models that give the log odds of each of several classes of a text."""

from __future__ import annotations

import contextlib
import threading
from functools import cache, lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from retrieval.embedding.onnx import TokenGraph
from retrieval.errors import EmbeddingError

TEXTS_KEPT = 1_024
"""Texts whose log odds are remembered."""


class TextClassifier(Protocol):
    """Classifies texts. Safe to share between threads."""

    def log_odds(self, text: str) -> NDArray[np.float32]:
        """Return the log odds of each class, up to a constant: ``(classes,)`` float32."""
        ...


class OnnxTextClassifier:
    """A classifier exported to ONNX with 8-bit weights, loaded at first use.

    Args:
        folder: ``model.onnx`` and ``tokenizer.json``, which cuts at the model's length.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._graph: TokenGraph | None = None
        self._remembered = lru_cache(TEXTS_KEPT)(self._row)

    def warm(self) -> None:
        """Load the model now.

        Raises:
            EmbeddingError: It cannot be loaded.
        """
        self._loaded()

    def load_ahead(self) -> None:
        """Load the model in another thread; who needs it meanwhile waits for it."""
        if self._graph is None:
            threading.Thread(target=self._load_quietly, name=f"load-{self._folder.name}").start()

    def log_odds(self, text: str) -> NDArray[np.float32]:
        """Return the log odds of each class, up to a constant: ``(classes,)`` float32.

        Raises:
            EmbeddingError: The model cannot be loaded.
        """
        return self._remembered(" ".join(text.split()))

    def _row(self, text: str) -> NDArray[np.float32]:
        return self._loaded().row(text)

    def _load_quietly(self) -> None:
        with contextlib.suppress(EmbeddingError):  # who needs it tries again, and gets the error
            self._loaded()

    def _loaded(self) -> TokenGraph:
        from tokenizers import Tokenizer  # noqa: PLC0415 (late: nothing heavy at import)

        with self._lock:
            if self._graph is None:
                try:
                    tokenizer = Tokenizer.from_file(str(self._folder / "tokenizer.json"))
                    self._graph = TokenGraph(self._folder / "model.onnx", tokenizer)
                except Exception as error:  # both libraries raise bare Exceptions of their own
                    raise EmbeddingError(f"the model in {self._folder.name} cannot be loaded: {error}") from error
            return self._graph


@cache
def open_classifier(folder: Path) -> OnnxTextClassifier:
    """Return the classifier in a folder, one for the process."""
    return OnnxTextClassifier(folder)
