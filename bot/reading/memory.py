"""Token vectors of sentences read lately: what is embedded once is not embedded again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence

from retrieval.token_vectors import TokenEmbedder, TokenVectors


class TokenMemory:
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
