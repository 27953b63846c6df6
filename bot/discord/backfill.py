"""After a connection that was not resumed: looks back for questions that were missed, and answers each once."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import discord

from bot.discord.delivery import CONNECTION_ERRORS
from bot.discord.logs import log

if TYPE_CHECKING:
    from bot.discord.client import OnrecordBot

MAX_BACKFILL_AGE = dt.timedelta(minutes=15)
"""How far back: whoever asked earlier has gone, or asked again."""
MAX_BACKFILL_CHANNELS = 100
"""Channels and threads that are looked through, those written to last first."""
MAX_BACKFILL_MESSAGES = 100
"""Messages of a channel that are looked at, the latest."""

_CONNECTED = "connected"

ReadableChannel = discord.TextChannel | discord.Thread | discord.VoiceChannel


class Backfill:
    """Looks back for one bot.

    Args:
        bot: Whose.
    """

    def __init__(self, bot: OnrecordBot) -> None:
        self._bot = bot

    async def look(self) -> int:
        """Answer what was missed in the last ``MAX_BACKFILL_AGE``; return how many questions that were.

        A store in which the bot was never connected before has missed nothing.
        """
        bot = self._bot
        known = await bot.bench.note(lambda: bot.records.fact(_CONNECTED))
        await bot.bench.note(lambda: bot.records.note(_CONNECTED, "yes"))
        if not known:
            return 0
        since = discord.utils.utcnow() - MAX_BACKFILL_AGE
        found = 0
        async for channel in self._channels(since):
            try:
                found += await self._look_through(channel, since)
            except (discord.HTTPException, *CONNECTION_ERRORS) as error:
                log("not_looked_through", level=logging.WARNING, error=error, channel=channel.id)
        log("looked_back", questions=found)
        return found

    async def _channels(self, since: dt.datetime) -> AsyncIterator[discord.abc.MessageableChannel]:
        """Yield the channels that were written to since, the latest first, then those of direct messages."""
        oldest = discord.utils.time_snowflake(since)
        written: list[ReadableChannel] = []
        for guild in self._bot.guilds:
            channels: list[ReadableChannel] = [*guild.text_channels, *guild.threads, *guild.voice_channels]
            for channel in channels:
                readable = channel.permissions_for(guild.me) if guild.me else discord.Permissions.none()
                if (channel.last_message_id or 0) >= oldest and readable.read_message_history:
                    written.append(channel)
        written.sort(key=lambda channel: -(channel.last_message_id or 0))
        for channel in written[:MAX_BACKFILL_CHANNELS]:
            yield channel
        for identifier in await self._bot.bench.note(lambda: self._bot.records.direct(MAX_BACKFILL_CHANNELS)):
            try:
                direct = self._bot.get_channel(identifier) or await self._bot.fetch_channel(identifier)
            except (discord.HTTPException, discord.InvalidData, *CONNECTION_ERRORS):
                continue
            if isinstance(direct, discord.DMChannel):
                yield direct

    async def _look_through(self, channel: discord.abc.MessageableChannel, since: dt.datetime) -> int:
        from bot.discord.cogs.messages import MessagesCog  # noqa: PLC0415 (it imports this module's neighbours)

        cog = self._bot.get_cog(MessagesCog.__name__)
        if not isinstance(cog, MessagesCog):
            return 0
        messages = [
            message async for message in channel.history(limit=MAX_BACKFILL_MESSAGES, after=since, oldest_first=False)
        ]
        answered = {
            message.reference.message_id
            for message in messages
            if message.reference and self._bot.user and message.author.id == self._bot.user.id
        }
        found = 0
        for message in reversed(messages):
            if message.id not in answered and await cog.attend(message):
                found += 1
        return found
