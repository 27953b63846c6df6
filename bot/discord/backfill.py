"""Backfill: after a connection that was not resumed, finds the questions that were missed and answers each once."""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
from collections.abc import AsyncIterator, Iterable, Iterator

import discord

from bot.discord.database import UnfinishedReply
from bot.discord.logs import log
from bot.discord.message_flow import answer_message, message_event
from bot.discord.recovery import finish_replies
from bot.discord.services import Services

MAX_BACKFILL_AGE = dt.timedelta(minutes=15)
"""Older questions are not answered: whoever asked has left, or asked again."""
MAX_BACKFILL_CHANNELS = 100
"""Channels and threads that are searched, the most recently active first."""
MAX_BACKFILL_MESSAGES = 100
"""Messages of a channel that are searched, the latest."""

ReadableChannel = discord.TextChannel | discord.Thread | discord.VoiceChannel

CONNECTED_FACT = "connected"
"""Records in the database that the bot was connected."""


class Backfill:
    """Answers missed questions."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def run(self) -> int:
        """Finish what was left unfinished, and answer what was missed in the last ``MAX_BACKFILL_AGE``.

        Returns the number of questions.

        A bot that was never connected with this store has missed nothing.
        """
        database, workers = self._services.database, self._services.workers
        was_connected = await workers.query(lambda: database.fact(CONNECTED_FACT))
        await workers.query(lambda: database.save_fact(CONNECTED_FACT, "yes"))
        if not was_connected:
            return 0
        since = discord.utils.utcnow() - MAX_BACKFILL_AGE
        answered = await finish_replies(self._services)
        async for channel in self._channels(since):
            with _skipping(channel.id):
                answered += await self._answer_missed(channel, since)
        log("backfilled", questions=answered)
        return answered

    async def _channels(self, since: dt.datetime) -> AsyncIterator[discord.abc.MessageableChannel]:
        """Yield the channels with messages since then, the latest first, then the channels of direct messages."""
        services, oldest = self._services, discord.utils.time_snowflake(since)
        active: list[ReadableChannel] = []
        for guild in services.client.guilds:
            channels: list[ReadableChannel] = [*guild.text_channels, *guild.threads, *guild.voice_channels]
            for channel in channels:
                with _skipping(channel.id):
                    permissions = channel.permissions_for(guild.me) if guild.me else discord.Permissions.none()
                    if (channel.last_message_id or 0) >= oldest and permissions.read_message_history:
                        active.append(channel)
        active.sort(key=lambda channel: -(channel.last_message_id or 0))
        for channel in active[:MAX_BACKFILL_CHANNELS]:
            yield channel
        for identifier in await services.workers.query(
            lambda: services.database.direct_channels(MAX_BACKFILL_CHANNELS)
        ):
            direct = None
            with _skipping(identifier):
                direct = services.client.get_channel(identifier) or await services.client.fetch_channel(identifier)
            if isinstance(direct, discord.DMChannel):
                yield direct

    async def _answer_missed(self, channel: discord.abc.MessageableChannel, since: dt.datetime) -> int:
        messages = await self._messages(channel, since)
        services = self._services
        left = await services.workers.query(lambda: services.database.open_events(services.run_id))
        answered: set[int] = set()
        previews: dict[int, discord.Message] = {}
        for message in messages:
            asked = message.reference.message_id if message.reference else None
            if asked and message.author.id == services.user_id:
                if message_event(asked) in left and not _has_buttons(message.components):
                    previews[asked] = message
                else:
                    answered.add(asked)
        count = 0
        for message in reversed(messages):
            with _skipping(channel.id):
                preview = previews.get(message.id)
                unfinished = _unfinished(message, preview) if preview else None
                if message.id not in answered and await answer_message(services, message, unfinished):
                    count += 1
        return count

    async def _messages(self, channel: discord.abc.MessageableChannel, since: dt.datetime) -> list[discord.Message]:
        """Return the channel's messages since then, the latest first, without those that discord.py cannot read.

        Its own history ends at the first of these.
        """
        state = self._services.client._connection  # noqa: SLF001 (there is no public way)
        messages: list[discord.Message] = []
        for data in await self._services.client.http.logs_from(channel.id, MAX_BACKFILL_MESSAGES):
            with _skipping(channel.id):
                message = state.create_message(channel=channel, data=data)
                if message.created_at > since:
                    messages.append(message)
        return messages


def _has_buttons(components: Iterable[object]) -> bool:
    """Return whether there is a button of the bot's among components: an answer has some, its preview none."""
    return any(
        getattr(one, "custom_id", None)
        or _has_buttons(getattr(one, "children", ()))
        or getattr(getattr(one, "accessory", None), "custom_id", None)
        for one in components
    )


def _unfinished(message: discord.Message, preview: discord.Message) -> UnfinishedReply:
    """Return the reply to a message whose run ended before the preview was recorded."""
    return UnfinishedReply(
        message_event(message.id),
        message.author.id,
        message.guild.id if message.guild else 0,
        message.channel.id,
        preview.channel.id,
        message.created_at.timestamp(),
        message=preview.id,
    )


@contextlib.contextmanager
def _skipping(channel: int) -> Iterator[None]:
    """Log what goes wrong in the block, and go on after it: one message or channel never ends the search."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 (as it says)
        log("backfill_failed", level=logging.WARNING, error=error, channel=channel)
