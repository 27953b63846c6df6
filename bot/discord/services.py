"""Services: what the bot's commands, buttons and background tasks work with, made once by the client."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import time
import weakref
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

import discord

from bot.app import App
from bot.discord.article_titles import ArticleTitles
from bot.discord.database import BotDatabase, UnfinishedReply
from bot.discord.guild_settings import GuildSettingsStore
from bot.discord.layout import MessageLayout
from bot.discord.logs import log
from bot.discord.reply_journal import ReplyJournal
from bot.discord.workers import RateLimiter, WorkerPool
from retrieval.errors import OnrecordError

ButtonHandler = Callable[["Services", discord.Interaction[Any], str, int], Awaitable[None]]
"""What a button does, given the id of the reply it belongs to and the number of its citation (0: none)."""

MAX_CHOICE_CHARACTERS = 100
"""Characters of a choice that Discord accepts."""

MAX_YIELD_SECONDS = 1.0
"""How long an answer waits at most for the acknowledgements of others."""


class Services:
    """The services of one bot.

    Args:
        app: Answers questions and checks quotations. Its components are used in worker threads only: the first use of
            one may open files or load models.
        client: The connection to Discord.
        button_handlers: What is done when a button is pressed, by the name of its action.

    Attributes:
        workers: Runs what blocks.
        titles: The articles' titles.
        rate_limiter: Limits questions per person and channel.
        database: What the bot stores.
        guild_settings: Settings of servers and channels.
        layout: How messages are laid out.
        own_threads: The threads that the bot opened.
        languages: The languages of people who do not use English, as their interactions told, by ISO 639-1.
        run_id: Names this run in the table of events.
        started: When this run began, by ``time.monotonic``.
        connected: Whether there is a connection to Discord.
        stopping: Whether the bot is shutting down and accepts no more events.
        commands_problem: Why the commands are not registered with Discord; empty where they are.
    """

    def __init__(self, app: App, client: discord.Client, button_handlers: Mapping[str, ButtonHandler]) -> None:
        settings = app.settings
        self.app = app
        self.client = client
        self.button_handlers = button_handlers
        self.workers = WorkerPool(workers=settings.discord_workers, queue=settings.discord_queue)
        self.titles = ArticleTitles(lambda: app.library, longest=MAX_CHOICE_CHARACTERS)
        self.rate_limiter = RateLimiter(
            per_person=settings.discord_person_per_minute, per_channel=settings.discord_channel_per_minute
        )
        self.database = BotDatabase(app.folder, retention_days=settings.retention_days)
        self.guild_settings = GuildSettingsStore(self.database)
        self.layout: MessageLayout = settings.discord_layout
        self.own_threads: set[int] = set()
        self.languages: dict[int, str] = {}
        self.run_id = secrets.token_hex(8)
        self.started = time.monotonic()
        self.connected = self.stopping = False
        self.commands_problem = ""
        self._events_in_progress = 0
        self._idle = asyncio.Event()
        self._acknowledging = 0
        self._acknowledged = asyncio.Event()
        self._conversations: weakref.WeakValueDictionary[str, asyncio.Lock] = weakref.WeakValueDictionary()
        self._claimed: set[str] = set()

    async def load(self) -> None:
        """Read the settings, threads and languages that earlier runs stored."""
        await self.workers.query(self.guild_settings.load)
        self.own_threads = await self.workers.query(self.database.threads)
        self.languages = await self.workers.query(self.database.languages)

    def admit(self, person: int, channel: int) -> None:
        """Count a question that a person asks in a channel.

        Raises:
            QueueFull: Too many questions wait.
            RateLimited: The person or the channel has reached its limit.
        """
        self.workers.check_room()
        self.rate_limiter.check(person, channel)

    @property
    def user_id(self) -> int:
        """The bot's own user; 0 before it has logged in."""
        return self.client.user.id if self.client.user else 0

    @property
    def events_in_progress(self) -> int:
        """The number of events being answered."""
        return self._events_in_progress

    async def claim_event(self, event: str) -> bool:
        """Return whether an event is to be answered now: it was not yet, in this run or an earlier one."""
        if event in self._claimed or self.stopping:
            return False
        self._claimed.add(event)
        try:
            if await self.workers.query(lambda: self.database.claim_event(event, self.run_id)):
                return True
        except OnrecordError as error:  # an answer matters more than its record
            log("event_not_recorded", level=logging.WARNING, error=error)
            return True
        self._claimed.discard(event)
        return False

    def journal(self, reply: UnfinishedReply, *, resumed: bool = False) -> ReplyJournal:
        """Return what records how far a reply is, which an earlier run began where it is ``resumed``."""
        return ReplyJournal(self.database, self.workers, reply, resumed=resumed)

    async def complete_event(self, event: str) -> None:
        """Record that an event was answered."""
        try:
            await self.workers.query(lambda: self.database.complete_event(event))
        except OnrecordError as error:
            log("event_not_recorded", level=logging.WARNING, error=error)
            return
        self._claimed.discard(event)

    @contextlib.asynccontextmanager
    async def event_in_progress(self) -> AsyncIterator[None]:
        """Count an event as being answered while the block runs: shutting down waits for it."""
        self._events_in_progress += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._events_in_progress -= 1
            if not self._events_in_progress:
                self._idle.set()

    @contextlib.asynccontextmanager
    async def acknowledgement(self) -> AsyncIterator[None]:
        """Count the block as an acknowledgement under way, and end when none is, or after ``MAX_YIELD_SECONDS``.

        Discord waits 3 s for an acknowledgement and minutes for an answer: of many that come at once, all are
        acknowledged before the first is worked on.
        """
        self._acknowledging += 1
        self._acknowledged.clear()
        try:
            yield
        finally:
            self._acknowledging -= 1
            if not self._acknowledging:
                self._acknowledged.set()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(MAX_YIELD_SECONDS):
                await self._acknowledged.wait()

    async def wait_until_idle(self, timeout_seconds: float) -> None:
        """Wait until no event is being answered, or the time is up."""
        if self._events_in_progress:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._idle.wait(), timeout_seconds)

    @contextlib.asynccontextmanager
    async def conversation_turn(self, conversation: str) -> AsyncIterator[None]:
        """Answer the questions of one conversation one after another."""
        lock = self._conversations.get(conversation)
        if lock is None:
            lock = self._conversations[conversation] = asyncio.Lock()
        async with lock:
            yield

    def close(self) -> None:
        """Stop the workers and close the database."""
        self.workers.close()
        self.database.close()
