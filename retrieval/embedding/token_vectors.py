"""One vector a token, in its sentence: what a reader needs to see which words of a question a sentence answers to.

Token vectors of sentences read lately: what is embedded once is not embedded again.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class TokenVectors:
    """A text's tokens, without the model's own markers.

    Attributes:
        offsets: ``(n, 2)`` int32, the characters ``[start, end)`` of the text that each token stands for.
        vectors: ``(n, d)`` float32, unit length, each token in the light of its whole text.
        whole: ``(d,)`` float32, unit length: the text's own vector.
    """

    offsets: NDArray[np.int32]
    vectors: NDArray[np.float32]
    whole: NDArray[np.float32]


@runtime_checkable
class TokenEmbedder(Protocol):
    """An embedder that can also show its tokens. Optional: without it the reader compares whole sentences only."""

    def embed_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        """Return the token vectors of each text, in order. May be called from any thread.

        Raises:
            EmbeddingError: The model cannot be loaded.
        """
        ...


def token_vectors(
    offsets: NDArray[np.integer[Any]], tokens: NDArray[np.floating[Any]], wholes: NDArray[np.floating[Any]]
) -> list[TokenVectors]:
    """Return the tokens of each text of a batch, as a model gave them, at unit length.

    Args:
        offsets: ``(n, t, 2)`` characters of the tokens; the model's markers and padding stand for no character.
        tokens: ``(n, t, d)``.
        wholes: ``(n, d)``.
    """
    found = []
    for row, whole in enumerate(wholes):
        real = offsets[row, :, 1] > offsets[row, :, 0]
        found.append(TokenVectors(offsets[row][real].astype(np.int32), _unit(tokens[row][real]), _unit(whole)))
    return found


def _unit(vectors: NDArray[np.floating[Any]]) -> NDArray[np.float32]:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), dtype=np.float32)


class TokenVectorCache:
    """Token vectors by text. Safe to share between threads.

    Args:
        embedder: Makes what is not known.
        kept: Texts whose vectors are kept: about 45 kB a sentence.
    """

    def __init__(self, embedder: TokenEmbedder, kept: int) -> None:
        self._embedder = embedder
        self._kept = kept
        self._known: OrderedDict[str, TokenVectors] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, texts: Sequence[str]) -> list[TokenVectors]:
        """Return the token vectors of each text, in order, embedding only what was not embedded lately.

        Raises:
            EmbeddingError: The model cannot be loaded.
        """
        with self._lock:
            known = {text: self._known[text] for text in texts if text in self._known}
        fresh = [text for text in dict.fromkeys(texts) if text not in known]
        if fresh:
            known |= zip(fresh, self._embedder.embed_tokens(fresh), strict=True)
        with self._lock:
            for text in texts:
                self._known[text] = known[text]
                self._known.move_to_end(text)
            while len(self._known) > self._kept:
                self._known.popitem(last=False)
        return [known[text] for text in texts]
