"""`/ask`, `/timeline`, and "Ask about this" on a message."""

from __future__ import annotations

from functools import partial
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord.ask_flow import DiscordQuestion, answer_question, open_thread
from bot.discord.autocomplete import Choices, outlet_choices
from bot.discord.database import StoredReply
from bot.discord.delivery import Reply
from bot.discord.interactions import acknowledged, settings_at
from bot.discord.message_text import message_text, without_block_marks
from bot.discord.services import Services
from bot.record_requests import MAX_TOPIC_CHARACTERS, checked_day
from bot.user_input import MAX_QUESTION_CHARACTERS
from retrieval.articles import Filters
from retrieval.errors import InputError


class AskCog(commands.Cog):
    """Questions asked with commands.

    Attributes:
        context_menu: "Ask about this"; the client adds it to its commands.
    """

    def __init__(self, services: Services) -> None:
        self.services = services
        self.context_menu = app_commands.ContextMenu(name="Ask about this", callback=self.ask_about)

    @app_commands.command(description="Ask the articles; every citation opens at the exact words")
    @app_commands.describe(
        question="Your question",
        source="Only articles from this outlet",
        since="Only articles published on or after this day (YYYY-MM-DD)",
        until="Only articles published on or before this day (YYYY-MM-DD)",
        private="Only you see the answer",
    )
    async def ask(  # noqa: PLR0917 (Discord's options)
        self,
        interaction: discord.Interaction[Any],
        question: app_commands.Range[str, 1, MAX_QUESTION_CHARACTERS],
        source: str | None = None,
        since: str | None = None,
        until: str | None = None,
        private: bool = False,
    ) -> None:
        """Answer a question."""
        settings = settings_at(self.services, interaction)
        private = private or not settings.answer

        def check() -> None:
            for day in filter(None, (since, until)):
                checked_day(day)
            self._admit(interaction)

        async with acknowledged(self.services, interaction, "ask", private=private, check=check) as reply:
            if reply:
                filters = settings.filters(source, since, until)
                await self.services.workers.look_up(lambda: self._check(source, since, until))
                channel = interaction.channel
                if not settings.thread or private or not isinstance(channel, discord.TextChannel):
                    await self._answer(interaction, question, filters, reply, private=private)
                    return
                # A thread has the id of the message that it starts from, so the first question belongs to it, too.
                message = await interaction.original_response()
                stored = await self._answer(interaction, question, filters, reply, private=False, thread=message.id)
                await open_thread(self.services, channel.get_partial_message(message.id), stored.question)

    @ask.autocomplete("source")
    async def _outlets(self, _: discord.Interaction[Any], typed: str) -> Choices:
        return await outlet_choices(self.services, typed)

    @app_commands.command(description="The dated events of a topic or person, the earliest first")
    @app_commands.describe(topic="A person, a place, an event; “since 2017” may follow", private="Only you see it")
    async def timeline(
        self,
        interaction: discord.Interaction[Any],
        topic: app_commands.Range[str, 1, MAX_TOPIC_CHARACTERS],
        private: bool = False,
    ) -> None:
        """Answer with a timeline."""
        settings = settings_at(self.services, interaction)
        private = private or not settings.answer
        admit = partial(self._admit, interaction)
        async with acknowledged(self.services, interaction, "timeline", private=private, check=admit) as reply:
            if reply:
                await self._answer(interaction, f"Timeline of {topic}", settings.filters(), reply, private=private)

    async def ask_about(self, interaction: discord.Interaction[Any], message: discord.Message) -> None:
        """Answer what a message says or asks, for the person alone."""
        admit = partial(self._admit, interaction)
        async with acknowledged(self.services, interaction, "ask_about", check=admit) as reply:
            if reply:
                text = without_block_marks(message_text(message, self.services.user_id))
                if not text:
                    raise InputError("this message has no text to ask about")
                filters = settings_at(self.services, interaction).filters()
                await self._answer(interaction, text, filters, reply, private=True)

    async def _answer(
        self,
        interaction: discord.Interaction[Any],
        text: str,
        filters: Filters,
        reply: Reply,
        *,
        private: bool,
        thread: int = 0,
    ) -> StoredReply:
        person, channel, guild = interaction.user.id, interaction.channel_id or 0, interaction.guild_id or 0
        question = DiscordQuestion(text, person, guild, thread or channel, filters, private=private, echoed=True)
        return await answer_question(self.services, question, reply)

    def _admit(self, interaction: discord.Interaction[Any]) -> None:
        self.services.admit(interaction.user.id, interaction.channel_id or 0)

    def _check(self, source: str | None, since: str | None, until: str | None) -> None:
        self.services.app.filters((source,) if source else (), since=since or "", until=until or "")
