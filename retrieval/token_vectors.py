"""One vector a token, in its sentence: what a reader needs to see which words of a question a sentence answers to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

HALF = 8
"""From this many texts a pass is split in two of like length: padding the short ones costs more than a second pass."""


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


def token_vectors(model: SentenceTransformer, texts: Sequence[str]) -> list[TokenVectors]:
    """Run ``model`` over ``texts`` and return the tokens of each, in order. Texts are cut at the model's length."""
    order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
    middle = len(order) // 2 if len(order) >= HALF else len(order)
    found: dict[int, TokenVectors] = {}
    for chosen in (order[:middle], order[middle:]):
        if chosen:
            found.update(zip(chosen, _run(model, [texts[index] for index in chosen]), strict=True))
    return [found[index] for index in range(len(texts))]


def _run(model: SentenceTransformer, texts: list[str]) -> list[TokenVectors]:
    import torch  # noqa: PLC0415 (takes seconds)

    batch = model.tokenizer(
        texts,
        padding=True,
        truncation=True,
        max_length=model.max_seq_length,
        return_tensors="pt",
        return_offsets_mapping=True,
    )
    offsets = batch.pop("offset_mapping").numpy()
    with torch.inference_mode():
        out = model({name: tensor.to(model.device) for name, tensor in batch.items()})
    tokens = torch.nn.functional.normalize(out["token_embeddings"], dim=-1).cpu().numpy()
    wholes = torch.nn.functional.normalize(out["sentence_embedding"], dim=-1).cpu().numpy()
    found = []
    for row, whole in enumerate(wholes):
        real = offsets[row, :, 1] > offsets[row, :, 0]  # the model's markers and the padding stand for no character
        found.append(TokenVectors(offsets[row][real].astype(np.int32), tokens[row][real], whole))
    return found
