"""Token vectors: one vector per token of a text, for comparing questions and claims with sentences word by word.

``VectorCache`` keeps the vectors of recently embedded texts, so that a sentence is not embedded twice.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar, runtime_checkable

import numpy as np
from numpy.typing import NDArray

_Vectors = TypeVar("_Vectors")


@dataclass(frozen=True, slots=True)
class TokenVectors:
    """The tokens of a text, without the model's special tokens.

    Attributes:
        offsets: ``(n, 2)`` int32, the characters ``[start, end)`` of each token in the text.
        vectors: ``(n, d)`` float32, unit length: each token in the context of the whole text.
        whole: ``(d,)`` float32, unit length: the vector of the text.
    """

    offsets: NDArray[np.int32]
    vectors: NDArray[np.float32]
    whole: NDArray[np.float32]


@runtime_checkable
class TokenEmbedder(Protocol):
    """An embedder that also returns token vectors. Optional: without it only whole sentences are compared."""

    def embed_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        """Return the token vectors of each text, in order. May be called from any thread.

        Raises:
            EmbeddingError: The model cannot be loaded.
        """
        ...


class VectorCache(Generic[_Vectors]):
    """The vectors of recently embedded texts. Safe to share between threads.

    Args:
        embed: Returns the vectors of each text, in order.
        max_texts: Texts whose vectors are kept; token vectors take about 45 kB a sentence.
    """

    def __init__(self, embed: Callable[[Sequence[str]], Iterable[_Vectors]], max_texts: int) -> None:
        self._embed = embed
        self._max_texts = max_texts
        self._vectors: OrderedDict[str, _Vectors] = OrderedDict()  # least recently used first
        self._lock = threading.Lock()

    def get(self, texts: Sequence[str]) -> list[_Vectors]:
        """Return the vectors of each text, in order, embedding only those that are not in the cache.

        Raises:
            EmbeddingError: The model failed.
        """
        with self._lock:
            found = {text: self._vectors[text] for text in texts if text in self._vectors}
        missing = [text for text in dict.fromkeys(texts) if text not in found]
        if missing:
            found |= zip(missing, self._embed(missing), strict=True)
        with self._lock:
            for text in texts:
                self._vectors[text] = found[text]
                self._vectors.move_to_end(text)
            while len(self._vectors) > self._max_texts:
                self._vectors.popitem(last=False)
        return [found[text] for text in texts]


def token_cache(embedder: object, max_texts: int) -> VectorCache[TokenVectors] | None:
    """Return an empty cache of token vectors, or None when ``embedder`` is no ``TokenEmbedder``."""
    return VectorCache(embedder.embed_tokens, max_texts) if isinstance(embedder, TokenEmbedder) else None


def token_vectors(
    offsets: NDArray[np.integer[Any]], tokens: NDArray[np.floating[Any]], wholes: NDArray[np.floating[Any]]
) -> list[TokenVectors]:
    """Return the token vectors of each text of a batch, at unit length, from a model's output.

    Args:
        offsets: ``(n, t, 2)`` characters of the tokens; special tokens and padding have no characters.
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
