"""What stands under the bot's name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bot.discord.presence import Presence
from tests.bot.discord.fakes_discord import make_bot, off_loop, scene, simulated


@simulated
async def test_the_number_of_articles_is_shown_and_followed(tmp_path: Path) -> None:
    """A change is sent, and nothing where there is none; a new session says it of itself."""
    bot = make_bot(tmp_path)
    shown: list[str] = []

    async def change_presence(*, activity: Any) -> None:
        shown.append(activity.name)

    async with scene(bot):
        bot.change_presence = change_presence  # type: ignore[assignment]
        presence = Presence(bot.services)
        assert await presence.update()
        assert not await presence.update()
        await off_loop(bot, lambda app: app.remove("Harbour strike ends"))
        assert await presence.update()
        assert shown == ["2 articles", "1 article"]
        assert (bot._connection._activity or {})["state"] == "1 article"
