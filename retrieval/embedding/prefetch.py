"""Prefetch: a batch of texts is embedded in another thread while the caller reads and writes other batches."""

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
    """The caller left the block; the batch is not needed any more."""


class Prefetcher:
    """Embeds batches one after the other, in order; a context manager, for use by one thread.

    Leaving the block early, by an error or Ctrl-C, cancels the current batch after its next few texts.
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
        """Start embedding ``texts``, by any key, and return at once."""
        done: SimpleQueue[int | None] = SimpleQueue()

        def on_batch(count: int) -> None:
            if self._stop.is_set():
                raise _Cancelled
            done.put(count)

        def embed() -> NDArray[np.float32]:
            try:
                return self._embedder.embed_passages(list(texts.values()), on_batch)
            finally:
                done.put(None)

        return PendingBatch(list(texts), done, self._pool.submit(embed) if texts else None)


class PendingBatch:
    """A batch that is being embedded, with its keys."""

    def __init__(
        self, keys: list[bytes], done: SimpleQueue[int | None], future: Future[NDArray[np.float32]] | None
    ) -> None:
        self.keys = keys
        self._done = done
        self._future = future

    def wait(self, on_batch: Callable[[int], None]) -> dict[bytes, NDArray[np.float32]]:
        """Wait, and return each text's vector ``(d,)`` by key; ``on_batch`` is called with the number embedded so far.

        Raises:
            EmbeddingError: The model failed.
        """
        if self._future is None:
            return {}
        while (count := self._done.get()) is not None:
            on_batch(count)
        return dict(zip(self.keys, self._future.result(), strict=True))
