"""Embeds a batch of texts in a thread of its own, while its caller reads and writes the batches before and after."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:  # late: an ingest with nothing to embed needs neither
    import numpy as np
    from numpy.typing import NDArray

    from retrieval.embedding.embedder import Embedder


class _Cancelled(Exception):
    """Nobody waits for the batch any more."""


class Prefetcher:
    """Embeds batches one after the other, in the order they were begun; used in a ``with``, by one thread.

    Leaving the block early, by an error or Ctrl-C, gives up what is being embedded after its next few texts.
    """

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._stop = threading.Event()
        self._pool = ThreadPoolExecutor(1, "embedding")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._pool.shutdown(cancel_futures=True)

    def begin(self, texts: Mapping[bytes, str]) -> PendingBatch:
        """Have ``texts`` embedded, by any key; returns at once."""
        done: SimpleQueue[int | None] = SimpleQueue()

        def told(count: int) -> None:
            if self._stop.is_set():
                raise _Cancelled
            done.put(count)

        def embed() -> NDArray[np.float32]:
            try:
                return self._embedder.embed_passages(list(texts.values()), told)
            finally:
                done.put(None)

        return PendingBatch(list(texts), done, self._pool.submit(embed) if texts else None)


class PendingBatch:
    """A batch that is being embedded."""

    def __init__(
        self, keys: list[bytes], done: SimpleQueue[int | None], future: Future[NDArray[np.float32]] | None
    ) -> None:
        self.keys = keys
        self._done = done
        self._future = future

    def wait(self, on_batch: Callable[[int], None]) -> dict[bytes, NDArray[np.float32]]:
        """Return each text's vector ``(d,)``, by its key, once there; ``on_batch`` is told how many are, meanwhile.

        Raises:
            EmbeddingError: The model failed.
        """
        if self._future is None:
            return {}
        while (count := self._done.get()) is not None:
            on_batch(count)
        return dict(zip(self.keys, self._future.result(), strict=True))
