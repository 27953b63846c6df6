"""Discord client: starts the bot, reports its connection, and shuts down without losing answers in progress."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
from typing import Any

import discord
from discord.ext import commands

from bot.app import App
from bot.discord.backfill import Backfill
from bot.discord.button_actions import BUTTON_HANDLERS
from bot.discord.buttons import AnswerButton
from bot.discord.cogs.admin import AdminCog
from bot.discord.cogs.ask import AskCog
from bot.discord.cogs.info import InfoCog
from bot.discord.cogs.messages import MessagesCog
from bot.discord.cogs.quotes import QuotesCog
from bot.discord.cogs.record import RecordCog
from bot.discord.cogs.settings import SettingsCog
from bot.discord.command_sync import FIRST_ATTEMPT_SECONDS, CommandSync
from bot.discord.errors import ShuttingDown, error_message
from bot.discord.heartbeat import Heartbeat
from bot.discord.languages import CommandTranslator
from bot.discord.logs import correlation, log
from bot.discord.presence import Presence
from bot.discord.request_outcomes import request_trace
from bot.discord.services import Services
from bot.discord.welcome import Welcome
from retrieval.errors import OnrecordError

SHUTDOWN_TIMEOUT_SECONDS = 20.0
"""How long shutting down waits for answers in progress."""

_EXPIRY_INTERVAL_SECONDS = 3_600.0


def intents(*, read_threads: bool) -> discord.Intents:
    """Return the events that the bot receives: servers, messages in them and direct ones.

    Only the text of messages in threads, which ``read_threads`` adds, is privileged.
    """
    wanted = discord.Intents.none()
    wanted.guilds = wanted.guild_messages = wanted.dm_messages = True
    wanted.message_content = read_threads
    return wanted


class OnrecordBot(commands.Bot):
    """The Discord bot over one app.

    Args:
        app: Answers questions and checks quotations.

    Attributes:
        services: What commands, buttons and background tasks work with.
    """

    def __init__(self, app: App) -> None:
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            intents=intents(read_threads=app.settings.discord_read_threads),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            http_trace=request_trace(),
        )
        self.services = Services(app, self, BUTTON_HANDLERS)
        self._heartbeat = Heartbeat(self.services)
        self._backfill = Backfill(self.services)
        self._presence = Presence(self.services)
        self._welcome = Welcome(self.services)
        self._background_tasks: list[asyncio.Task[None]] = []

    async def setup_hook(self) -> None:
        """Load what earlier runs stored, add the commands and start the background tasks."""
        services = self.services
        await services.load()
        ask, quotes = AskCog(services), QuotesCog(services)
        admin = AdminCog(services)
        others = MessagesCog(services), RecordCog(services), InfoCog(services), SettingsCog(services)
        for cog in (ask, quotes, admin, *others):
            await self.add_cog(cog)
        for menu in (ask.context_menu, quotes.context_menu, admin.context_menu):
            self.tree.add_command(menu)
        self.add_dynamic_items(AnswerButton)
        self.tree.error(self._on_tree_error)
        await self.tree.set_translator(CommandTranslator())
        commands_sync = CommandSync(services, self.tree)
        self._background_tasks = [
            asyncio.create_task(commands_sync.run(), name="command-sync"),
            asyncio.create_task(self._expire_hourly(), name="expiry"),
            asyncio.create_task(self._heartbeat.run(), name="heartbeat"),
            asyncio.create_task(self._warm_up(), name="warm-up"),
            asyncio.create_task(self._presence.run(), name="presence"),
        ]
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(commands_sync.attempted.wait(), FIRST_ATTEMPT_SECONDS)

    async def on_connect(self) -> None:
        """Record that there is a connection."""
        self.services.connected = True

    async def on_resumed(self) -> None:
        """Record that the session was resumed."""
        self.services.connected = True
        log("resumed")

    async def on_disconnect(self) -> None:
        """Record that the connection was lost; discord.py reconnects."""
        if self.services.connected:
            log("disconnected")
        self.services.connected = False

    async def on_ready(self) -> None:
        """Greet servers at the first start, and answer what was missed while there was no connection."""
        log("ready", guilds=len(self.guilds), run=self.services.run_id)
        with contextlib.suppress(ShuttingDown):
            await self._presence.update()
            await self._welcome.greet_all()
            await self._backfill.run()

    async def on_guild_join(self, guild: discord.Guild, /) -> None:
        """Greet a server, once."""
        await self._welcome.greet(guild)

    async def on_message(self, message: discord.Message, /) -> None:
        """Ignore prefix commands: there are none, and messages are answered by their cog."""

    async def on_error(self, event_method: str, /, *_: Any, **__: Any) -> None:
        """Log an exception that a listener did not handle."""
        log("failed", level=logging.ERROR, error=sys.exc_info()[1], handler=event_method)

    async def _on_tree_error(self, interaction: discord.Interaction[Any], error: Exception) -> None:
        """Report an error that occurred before a command's own handler."""
        with correlation() as reference:
            log("failed", level=logging.ERROR, error=error, handler="command")
            with contextlib.suppress(discord.HTTPException):
                if not interaction.response.is_done():
                    await interaction.response.send_message(error_message(error, reference), ephemeral=True)

    async def close(self) -> None:
        """Accept no more events, wait for answers in progress, then disconnect."""
        services = self.services
        if services.stopping:
            return
        services.stopping = True
        log("closing", answers_in_progress=services.events_in_progress)
        await services.wait_until_idle(SHUTDOWN_TIMEOUT_SECONDS)
        for task in self._background_tasks:
            task.cancel()
        await asyncio.gather(*self._background_tasks, return_exceptions=True)
        await super().close()
        services.close()
        self._heartbeat.remove()
        log("closed", answers_lost=services.events_in_progress)

    async def _expire_hourly(self) -> None:
        services = self.services

        def expire_turns() -> int:
            return services.app.conversations.expire()

        while True:
            try:
                deleted = await services.workers.query(services.database.expire)
                deleted += await services.workers.look_up(expire_turns)
                log("expired", rows=deleted)
            except OnrecordError as error:
                log("expiry_failed", level=logging.WARNING, error=error)
            await asyncio.sleep(_EXPIRY_INTERVAL_SECONDS)

    async def _warm_up(self) -> None:
        try:
            await self.services.workers.run(self.services.app.warm)
            log("warm")
        except OnrecordError as error:
            log("warm_up_failed", level=logging.WARNING, error=error)
