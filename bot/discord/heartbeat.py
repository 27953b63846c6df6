"""A small file that says that the bot is alive, for supervisors; and the same for `/status`."""

from __future__ import annotations

import asyncio
import json
import math
import os
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from bot.discord.logs import log

if TYPE_CHECKING:
    from bot.discord.client import OnrecordBot

HEARTBEAT_FILE = "discord.alive"
"""In the store: a JSON document, rewritten every ``HEARTBEAT_INTERVAL_SECONDS``, deleted when the bot closes."""
HEARTBEAT_INTERVAL_SECONDS = 15.0
"""Seconds: a supervisor that finds the file older than a minute may start the bot again."""


@dataclass(frozen=True, slots=True)
class BotStatus:
    """How the bot is.

    Attributes:
        time: When, in seconds since 1970.
        pid: The process.
        connected: Whether Discord is connected.
        latency_ms: Of the connection, in milliseconds; None while unknown.
        waiting: Pieces of work under way or waiting.
        guilds: Servers.
        uptime_s: Seconds since the start.
    """

    time: float
    pid: int
    connected: bool
    latency_ms: float | None
    waiting: int
    guilds: int
    uptime_s: float


class Heartbeat:
    """Writes the file.

    Args:
        bot: Whose.
    """

    def __init__(self, bot: OnrecordBot) -> None:
        self._bot = bot
        self._file = bot.app.folder / HEARTBEAT_FILE
        self._started = time.monotonic()

    def now(self) -> BotStatus:
        """Return how the bot is now."""
        latency = self._bot.latency
        return BotStatus(
            time=round(time.time(), 1),
            pid=os.getpid(),
            connected=self._bot.connected and self._bot.is_ready(),
            latency_ms=round(latency * 1000, 1) if math.isfinite(latency) else None,
            waiting=self._bot.bench.held,
            guilds=len(self._bot.guilds),
            uptime_s=round(time.monotonic() - self._started, 1),
        )

    async def beat(self) -> None:
        """Write the file again and again, and note when the bot was last connected."""
        while True:
            beat = self.now()
            try:
                await self._bot.bench.note(lambda beat=beat: self._write(beat))  # type: ignore[misc]
            except OSError as error:
                log("no_heartbeat", error=error)
            await asyncio.sleep(HEARTBEAT_INTERVAL_SECONDS)

    def remove(self) -> None:
        """Delete the file: the bot has closed."""
        self._file.unlink(missing_ok=True)

    def _write(self, beat: BotStatus) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._file.with_name(f"{HEARTBEAT_FILE}.new")
        fresh.write_text(json.dumps(asdict(beat)), encoding="utf-8")
        fresh.replace(self._file)
