"""`/ask`, `/timeline`, `/summary`, and "Ask about this" on a message."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord.ask_flow import DiscordQuestion, WantedComposition, answer_question, open_thread
from bot.discord.autocomplete import Choices, article_choices, outlet_choices
from bot.discord.database import StoredReply
from bot.discord.delivery import Reply
from bot.discord.interactions import acknowledged, settings_at
from bot.discord.message_text import message_text, without_block_marks
from bot.discord.reply_lookup import authors_of
from bot.discord.services import Services
from bot.record_requests import MAX_TOPIC_CHARACTERS, checked_day
from bot.render.catalogue import translated
from bot.render.sources import title_of
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
        check = partial(self._admit_days, interaction, since, until)
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
    @app_commands.describe(
        topic="A person, a place, an event; “since 2017” may follow",
        since="Only events on or after this day (YYYY-MM-DD)",
        until="Only events on or before this day (YYYY-MM-DD)",
        source="Only articles from this outlet",
        private="Only you see it",
    )
    async def timeline(  # noqa: PLR0917 (Discord's options)
        self,
        interaction: discord.Interaction[Any],
        topic: app_commands.Range[str, 1, MAX_TOPIC_CHARACTERS],
        since: str | None = None,
        until: str | None = None,
        source: str | None = None,
        private: bool = False,
    ) -> None:
        """Answer with a timeline."""
        settings = settings_at(self.services, interaction)
        private = private or not settings.answer
        days = [f"{word} {day}" for word, day in (("since", since), ("until", until)) if day]
        of = " ".join((*topic.split(), *days))
        check = partial(self._admit_days, interaction, since, until)
        async with acknowledged(self.services, interaction, "timeline", private=private, check=check) as reply:
            if reply:
                await self.services.workers.look_up(lambda: self._check(source, None, None))
                filters = settings.filters(source)
                question = self._question(
                    interaction, translated("Timeline of {topic}", topic=of), filters, private=private
                )
                wanted = WantedComposition("timeline", of)
                await answer_question(self.services, replace(question, wanted=wanted), reply)

    @timeline.autocomplete("source")
    async def _timeline_outlets(self, _: discord.Interaction[Any], typed: str) -> Choices:
        return await outlet_choices(self.services, typed)

    @app_commands.command(description="The main sentences of an article or on a topic, word for word")
    @app_commands.describe(
        topic="A person, a place, an event; neither topic nor article: all articles",
        article="The beginning of its title, or its id",
        source="Only articles from this outlet",
        since="Only articles published on or after this day (YYYY-MM-DD)",
        until="Only articles published on or before this day (YYYY-MM-DD)",
        private="Only you see it",
    )
    async def summary(  # noqa: PLR0917 (Discord's options)
        self,
        interaction: discord.Interaction[Any],
        topic: app_commands.Range[str, 1, MAX_TOPIC_CHARACTERS] | None = None,
        article: app_commands.Range[str, 1, 200] | None = None,
        source: str | None = None,
        since: str | None = None,
        until: str | None = None,
        private: bool = False,
    ) -> None:
        """Answer with a summary."""
        settings = settings_at(self.services, interaction)
        private = private or not settings.answer
        check = partial(self._admit_days, interaction, since, until)
        async with acknowledged(self.services, interaction, "summary", private=private, check=check) as reply:
            if reply:
                if topic and article:
                    raise InputError("give a topic or an article, one of them")
                await self.services.workers.look_up(lambda: self._check(source, since, until))
                filters = settings.filters(source, since, until)
                subject = await self.services.workers.look_up(lambda: self._title(article)) if article else topic
                asked = translated("Summarise {topic}", topic=subject or translated("all articles"))
                question = self._question(interaction, asked, filters, private=private)
                wanted = WantedComposition("summary", topic or "", article or "")
                await answer_question(self.services, replace(question, wanted=wanted), reply)

    @summary.autocomplete("article")
    async def _articles(self, _: discord.Interaction[Any], typed: str) -> Choices:
        return await article_choices(self.services, typed)

    @summary.autocomplete("source")
    async def _summary_outlets(self, _: discord.Interaction[Any], typed: str) -> Choices:
        return await outlet_choices(self.services, typed)

    def _title(self, article: str) -> str:
        """Return the title of the article that a person names, in quotation marks. Blocks."""
        library = self.services.app.library
        return f"“{title_of(library.info(library.article(article).id))}”"

    async def ask_about(self, interaction: discord.Interaction[Any], message: discord.Message) -> None:
        """Answer what a message says or asks, for the person alone."""
        admit = partial(self._admit, interaction)
        async with acknowledged(self.services, interaction, "ask_about", check=admit) as reply:
            if reply:
                text = without_block_marks(message_text(message, self.services.user_id))
                if not text:
                    raise InputError("this message has no text to ask about")
                filters = settings_at(self.services, interaction).filters()
                question = self._question(interaction, text, filters, private=True)
                words_of = await authors_of(self.services, message)
                await answer_question(self.services, replace(question, words_of=words_of), reply)

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
        question = self._question(interaction, text, filters, private=private, thread=thread)
        return await answer_question(self.services, question, reply)

    def _question(
        self, interaction: discord.Interaction[Any], text: str, filters: Filters, *, private: bool, thread: int = 0
    ) -> DiscordQuestion:
        person, channel, guild = interaction.user.id, interaction.channel_id or 0, interaction.guild_id or 0
        return DiscordQuestion(text, person, guild, thread or channel, filters, private=private, echoed=True)

    def _admit_days(self, interaction: discord.Interaction[Any], *days: str | None) -> None:
        for day in filter(None, days):
            checked_day(day)
        self._admit(interaction)

    def _admit(self, interaction: discord.Interaction[Any]) -> None:
        self.services.admit(interaction.user.id, interaction.channel_id or 0)

    def _check(self, source: str | None, since: str | None, until: str | None) -> None:
        self.services.app.filters((source,) if source else (), since=since or "", until=until or "")
