"""Prefetch: a batch of texts is embedded in another thread while the caller reads and writes other batches."""

from __future__ import annotations

import itertools
import threading
import time
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

    Attributes:
        embedded: Texts embedded so far; may be read from any thread.
        loading_seconds: How long the first batch waited for the model; may be read from any thread.
    """

    def __init__(self, embedder: Embedder) -> None:
        self.embedded = 0
        self.loading_seconds = 0.0
        self._is_warm = False
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
        batch = PendingBatch(texts)
        if texts:
            batch.future = self._pool.submit(self._embed, batch, list(texts.values()))
        return batch

    def _embed(self, batch: PendingBatch, texts: list[str]) -> NDArray[np.float32]:
        last = 0.0

        def on_batch(count: int) -> None:
            nonlocal last
            if self._stop.is_set():
                raise _Cancelled
            before, last = last, time.monotonic()
            self.embedded += count - batch.done
            batch.done = count
            batch.steps.put((count, last - before))

        try:
            self._load()
            last = time.monotonic()
            return self._embedder.embed_passages(texts, on_batch)
        finally:
            batch.steps.put(None)

    def _load(self) -> None:
        """Load the model before the first batch, so that this is no part of its first step."""
        if not self._is_warm:
            self._is_warm, began = True, time.monotonic()
            getattr(self._embedder, "warm", lambda: None)()
            self.loading_seconds = time.monotonic() - began


class PendingBatch:
    """A batch that is being embedded.

    Attributes:
        keys: Its keys.
        done: Texts embedded so far; may be read from any thread.
        told: Those of them that the caller was told of.
        characters: Cumulated lengths of the texts, the longest first, as embedders take them; the first is 0.
    """

    def __init__(self, texts: Mapping[bytes, str]) -> None:
        self.keys = list(texts)
        self.done = 0
        self.told = 0
        self.characters = list(itertools.accumulate(sorted(map(len, texts.values()), reverse=True), initial=0))
        self.steps: SimpleQueue[tuple[int, float] | None] = SimpleQueue()
        self.future: Future[NDArray[np.float32]] | None = None
        self._is_over = False

    def tell(self, on_step: Callable[[int, int, float], None], *, wait: bool = False) -> None:
        """Tell of each step since the last call: the number embedded before and after it, and its seconds.

        With ``wait``, until all of it is embedded.
        """
        while not self._is_over and self.future is not None and (wait or not self.steps.empty()):
            step = self.steps.get()
            if step is None:
                self._is_over = True
                return
            before, self.told = self.told, step[0]  # first: ``on_step`` may ask for more
            on_step(before, *step)

    def wait(self, on_step: Callable[[int, int, float], None]) -> dict[bytes, NDArray[np.float32]]:
        """Wait, and return each text's vector ``(d,)`` by key; ``on_step`` as above.

        Raises:
            EmbeddingError: The model failed.
        """
        if self.future is None:
            return {}
        self.tell(on_step, wait=True)
        return dict(zip(self.keys, self.future.result(), strict=True))
