"""Heartbeat: a file that shows supervisors that the bot is alive, and the same status for `/status`."""

from __future__ import annotations

import asyncio
import json
import math
import os
import time
from dataclasses import asdict, dataclass

from bot.discord.logs import log
from bot.discord.services import Services

HEARTBEAT_FILE = "discord.alive"
"""In the store: a JSON document, rewritten every ``HEARTBEAT_INTERVAL_SECONDS``, deleted when the bot closes."""
HEARTBEAT_INTERVAL_SECONDS = 15.0
"""A supervisor that finds the file older than a minute may restart the bot."""


@dataclass(frozen=True, slots=True)
class BotStatus:
    """The status of the bot, as it is written to the file.

    Attributes:
        time: When, in seconds since 1970.
        pid: The process.
        connected: Whether Discord is connected.
        latency_ms: Of the connection, in milliseconds; None while unknown.
        waiting: Answers and checks running or queued.
        lanes: Jobs running or queued, by kind: answers, buttons, lookups, writes.
        commands_problem: Why the commands are not registered with Discord; empty where they are.
        guilds: Servers.
        uptime_s: Seconds since the start.
    """

    time: float
    pid: int
    connected: bool
    latency_ms: float | None
    waiting: int
    lanes: dict[str, int]
    commands_problem: str
    guilds: int
    uptime_s: float


def bot_status(services: Services) -> BotStatus:
    """Return the bot's status now."""
    client = services.client
    return BotStatus(
        time=round(time.time(), 1),
        pid=os.getpid(),
        connected=services.connected and client.is_ready(),
        latency_ms=round(client.latency * 1000, 1) if math.isfinite(client.latency) else None,
        waiting=services.workers.pending,
        lanes=services.workers.waiting(),
        commands_problem=services.commands_problem,
        guilds=len(client.guilds),
        uptime_s=round(time.monotonic() - services.started, 1),
    )


class Heartbeat:
    """Writes the file in a thread that nothing else waits for."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._file = services.app.folder / HEARTBEAT_FILE

    async def run(self) -> None:
        """Rewrite the file every ``HEARTBEAT_INTERVAL_SECONDS``."""
        while True:
            try:
                await asyncio.to_thread(self._write, bot_status(self._services))
            except OSError as error:
                log("heartbeat_failed", error=error)
            await asyncio.sleep(HEARTBEAT_INTERVAL_SECONDS)

    def remove(self) -> None:
        """Delete the file: the bot has closed."""
        self._file.unlink(missing_ok=True)

    def _write(self, status: BotStatus) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._file.with_name(f"{HEARTBEAT_FILE}.new")
        fresh.write_text(json.dumps(asdict(status)), encoding="utf-8")
        fresh.replace(self._file)
