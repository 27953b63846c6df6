"""The client: starts, syncs its commands, attends to messages and interactions, and closes without losing an answer."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import weakref
from collections.abc import AsyncIterator
from typing import Any

import discord
from discord.ext import commands

from bot.app import App
from bot.discord.backfill import Backfill
from bot.discord.buttons import AnswerButton
from bot.discord.command_sync import sync_if_changed
from bot.discord.database import BotDatabase
from bot.discord.errors import ShuttingDown, error_message
from bot.discord.guild_settings import GuildSettingsStore
from bot.discord.heartbeat import Heartbeat
from bot.discord.logs import correlation, log
from bot.discord.workers import RateLimiter, WorkerPool
from retrieval.errors import OnrecordError

SHUTDOWN_TIMEOUT_SECONDS = 20.0
"""Seconds that answers under way have to finish when the bot is told to stop."""

_HOUR = 3_600.0


def intents(*, read_threads: bool) -> discord.Intents:
    """Return what is listened to: servers, messages in them and direct ones. Only reading threads is privileged."""
    wanted = discord.Intents.none()
    wanted.guilds = wanted.guild_messages = wanted.dm_messages = True
    wanted.message_content = read_threads
    return wanted


class OnrecordBot(commands.Bot):
    """The bot over one app.

    Args:
        app: What is asked.
    """

    def __init__(self, app: App) -> None:
        settings = app.settings
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            intents=intents(read_threads=settings.discord_read_threads),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
        )
        self.app = app
        self.bench = WorkerPool(workers=settings.discord_workers, waiting=settings.discord_queue)
        self.pace = RateLimiter(person=settings.discord_person_per_minute, channel=settings.discord_channel_per_minute)
        self.records = BotDatabase(app.folder, retention_days=settings.retention_days)
        self.rules = GuildSettingsStore(self.records)
        self.own_threads: set[int] = set()
        self.run_id = secrets.token_hex(8)
        self.stopping = self.connected = False
        self._working = 0
        self._idle = asyncio.Event()
        self._turns: weakref.WeakValueDictionary[str, asyncio.Lock] = weakref.WeakValueDictionary()
        self._claimed: set[str] = set()
        self._chores: list[asyncio.Task[None]] = []
        self.heartbeat = Heartbeat(self)
        self.lookback = Backfill(self)

    async def setup_hook(self) -> None:
        """Read what was kept, add the commands, tell Discord of them when they changed."""
        from bot.discord.cogs import COGS  # noqa: PLC0415 (they import this module's neighbours)

        await self.bench.note(self.rules.load)
        self.own_threads = await self.bench.note(self.records.threads)
        for cog in COGS:
            await self.add_cog(cog(self))
        self.add_dynamic_items(AnswerButton)
        self.tree.error(self._on_tree_error)
        await sync_if_changed(self)
        self._chores = [
            asyncio.create_task(self._tidy(), name="tidy"),
            asyncio.create_task(self.heartbeat.beat(), name="heartbeat"),
            asyncio.create_task(self._warm(), name="warm"),
        ]

    async def on_connect(self) -> None:
        """Note that there is a connection."""
        self.connected = True

    async def on_resumed(self) -> None:
        """Note that the session goes on."""
        self.connected = True
        log("resumed")

    async def on_disconnect(self) -> None:
        """Note that there is no connection; discord.py makes a new one."""
        if self.connected:
            log("disconnected")
        self.connected = False

    async def on_ready(self) -> None:
        """Answer what was missed while there was no connection."""
        log("ready", guilds=len(self.guilds), run=self.run_id)
        with contextlib.suppress(ShuttingDown):
            await self.lookback.look()

    async def on_message(self, message: discord.Message, /) -> None:
        """Leave messages to the cogs: there are no commands with a prefix."""

    async def on_error(self, event_method: str, /, *_: Any, **__: Any) -> None:
        """Note what a handler let through; the others go on."""
        log("failed", level=logging.ERROR, error=_current(), doing=event_method)

    async def _on_tree_error(self, interaction: discord.Interaction[Any], error: Exception) -> None:
        """Say that something went wrong before a handler could."""
        with correlation() as reference:
            log("failed", level=logging.ERROR, error=error, doing="command")
            with contextlib.suppress(discord.HTTPException):
                if not interaction.response.is_done():
                    await interaction.response.send_message(error_message(error, reference), ephemeral=True)

    # Once, and not all at once

    async def claim(self, event: str) -> bool:
        """Return whether an event is to be dealt with now: it was not before, here or in an earlier run."""
        if event in self._claimed or self.stopping:
            return False
        self._claimed.add(event)
        try:
            if await self.bench.note(lambda: self.records.claim(event, self.run_id)):
                return True
        except OnrecordError as error:  # a record that cannot be kept costs certainty, not the answer
            log("unrecorded", level=logging.WARNING, error=error)
            return True
        self._claimed.discard(event)
        return False

    async def done(self, event: str) -> None:
        """Note that an event was dealt with."""
        try:
            await self.bench.note(lambda: self.records.done(event))
        except OnrecordError as error:
            log("unrecorded", level=logging.WARNING, error=error)
            return
        self._claimed.discard(event)

    @contextlib.asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """Count an answer as under way while the block runs: closing waits for it."""
        self._working += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._working -= 1
            if not self._working:
                self._idle.set()

    @contextlib.asynccontextmanager
    async def turn(self, conversation: str) -> AsyncIterator[None]:
        """Let the questions of one conversation be answered one after another."""
        lock = self._turns.get(conversation)
        if lock is None:
            lock = self._turns[conversation] = asyncio.Lock()
        async with lock:
            yield

    # Ending

    async def close(self) -> None:
        """Take no more questions, let answers under way finish, then leave."""
        if self.stopping:
            return
        self.stopping = True
        log("closing", answers_under_way=self._working)
        if self._working:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._idle.wait(), SHUTDOWN_TIMEOUT_SECONDS)
        for chore in self._chores:
            chore.cancel()
        await asyncio.gather(*self._chores, return_exceptions=True)
        await super().close()
        self.bench.close()
        self.heartbeat.remove()
        self.records.close()
        log("closed", answers_lost=self._working)

    # Chores

    async def _tidy(self) -> None:
        while True:
            try:
                gone = await self.bench.note(self._expire)
                log("tidied", rows=gone)
            except OnrecordError as error:
                log("not_tidied", level=logging.WARNING, error=error)
            await asyncio.sleep(_HOUR)

    def _expire(self) -> int:
        """Delete what is older than the retention; blocks."""
        return self.records.expire() + self.app.conversations.expire()

    async def _warm(self) -> None:
        try:
            await self.bench.run(self.app.warm)
            log("warm")
        except OnrecordError as error:
            log("not_warm", level=logging.WARNING, error=error)


def _current() -> BaseException | None:
    import sys  # noqa: PLC0415 (discord.py calls ``on_error`` from the except block)

    return sys.exc_info()[1]
