"""The file that shows supervisors that the bot is alive."""

from __future__ import annotations

import json
import time
from pathlib import Path

from bot.discord.heartbeat import HEARTBEAT_FILE, HEARTBEAT_INTERVAL_SECONDS
from tests.bot.discord.fakes_discord import make_bot, scene, simulated, until


@simulated
async def test_the_heartbeat_shows_that_the_bot_is_connected(tmp_path: Path) -> None:
    """The file is rewritten all the time, and deleted when the bot closes."""
    file = tmp_path / HEARTBEAT_FILE
    async with scene(make_bot(tmp_path), heartbeat=HEARTBEAT_INTERVAL_SECONDS) as here:
        await here.env.advance_time(HEARTBEAT_INTERVAL_SECONDS + 1)
        await until(lambda: json.loads(file.read_text("utf-8"))["connected"])
        assert abs(json.loads(file.read_text("utf-8"))["time"] - time.time()) < 3_600
    assert not file.exists()
