"""A process of the crowd: the whole program with a model that costs nothing.

``python -m tests.bot.concurrent_user COMMAND…``, as ``python -m bot``. CROWD_API and CROWD_GATEWAY name a Discord on
the loopback; while the file CROWD_GATE exists, an ingest that has come to embed waits.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.terminal.cli import main
from retrieval import ingest
from tests.bot.fakes_bot import CountingReader
from tests.fakes import FakeEmbedder


class GatedEmbedder(FakeEmbedder):
    """Says that it was asked to embed passages, and waits for the gate."""

    def embed_passages(
        self, texts: Sequence[str], on_batch: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        gate = os.environ.get("CROWD_GATE")
        if gate and Path(gate).exists():
            sys.stderr.write("at the gate\n")
            sys.stderr.flush()
            while Path(gate).exists():
                time.sleep(0.01)
        return super().embed_passages(texts, on_batch)


def _on_loopback() -> None:
    import discord
    import yarl

    discord.http.Route.BASE = os.environ["CROWD_API"]
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(os.environ["CROWD_GATEWAY"])


if __name__ == "__main__":
    ingest.BATCH_PASSAGES = 3  # passages a commit: readers meet many revisions
    if sys.argv[1] == "discord":
        _on_loopback()
    sys.exit(main(overrides={"embedder": GatedEmbedder(), "reader": CountingReader()}))
