"""Presence: under the bot's name stands how many articles it searches."""

from __future__ import annotations

import asyncio

import discord

from bot.discord.delivery import CONNECTION_ERRORS
from bot.discord.errors import BotRefusal
from bot.discord.logs import log
from bot.discord.services import Services
from bot.render.phrases import counted
from retrieval.errors import OnrecordError, StoreMissing

PRESENCE_INTERVAL_SECONDS = 180.0
"""Between two looks at the number of articles: Discord takes five changes in 20 s, and ingests come in series."""


class Presence:
    """Shows the number of articles, and follows it."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._shown = ""

    async def run(self) -> None:
        """Show the number of articles whenever it has changed; never returns."""
        while True:
            await self.update()
            await asyncio.sleep(PRESENCE_INTERVAL_SECONDS)

    async def update(self) -> bool:
        """Show the number of articles if it is another than is shown; return whether it was."""
        services, client = self._services, self._services.client
        try:
            words = await services.workers.look_up(self._words)
        except (BotRefusal, OnrecordError) as error:
            log("presence_failed", error=error)
            return False
        if words == self._shown or not (services.connected and client.is_ready()):
            return False
        activity = discord.CustomActivity(name=words)
        client.activity = activity  # what a new session says of itself
        try:
            await client.change_presence(activity=activity)
        except (discord.DiscordException, *CONNECTION_ERRORS) as error:
            log("presence_failed", error=error)
            return False
        self._shown = words
        return True

    def _words(self) -> str:
        """Return "2,516 articles". Blocks."""
        try:
            return counted(self._services.app.library.counts().articles, "article")
        except StoreMissing:
            return counted(0, "article")
