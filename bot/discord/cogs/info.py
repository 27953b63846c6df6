"""`/sources`, `/article`, `/status`, `/help`, and a person's own data."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord.autocomplete import Choices, article_choices
from bot.discord.escape import escaped_line
from bot.discord.heartbeat import bot_status
from bot.discord.interactions import acknowledged
from bot.discord.pages import Accent, MessagePage
from bot.discord.people import delete_personal_data, personal_data
from bot.discord.render_library import article_pages, sources_pages
from bot.discord.services import Services
from bot.render.catalogue import translated, translated_count
from bot.render.phrases import counted
from retrieval.errors import StoreMissing

HELP_TEXT = """\
**I answer from this newsroom's articles only. Every citation opens at the exact words.**

- `/ask question: Which tanks does Algeria have?` Or mention me, reply to me, write to me directly; then go on asking.
- `/quote` checks a quotation: `/quote text: We will not raise taxes speaker: Jane Smith`. *Apps → Check quotes* \
checks all of a message, *Apps → Ask about this* asks about it.
- `/summary topic: Niger` and `/timeline topic: Niger` give the main sentences and the dated events.
- `/said name: Jane Smith about: taxes` lists what somebody said, by date; `/people` who is quoted.
- `/sources`, `/article` and `/status` show what I search.
- `/my-data` gives you everything stored about you, `/forget-me` deletes it. It expires after {days} days.

-# Numbered buttons open the passage, for you alone; *Why* explains the answer.
-# For those who keep the articles: `/ingest`, *Apps → Add to articles*, `/remove`, `/settings`."""


_DELETED_ONE = "Deleted 1 entry. The buttons under your answers no longer work."
_DELETED = "Deleted {number:,} entries. The buttons under your answers no longer work."
_UP = "**Up** for {hours} h {minutes:02} min, latency {latency:.0f} ms"


class InfoCog(commands.Cog):
    """Shows the articles, the bot's status and personal data."""

    def __init__(self, services: Services) -> None:
        self.services = services

    @app_commands.command(description="List the outlets and the number of articles from each")
    async def sources(self, interaction: discord.Interaction[Any]) -> None:
        """List the outlets."""
        async with acknowledged(self.services, interaction, "sources") as reply:
            if reply:
                pages = await self.services.workers.press(self._sources)
                await reply.say(*pages)

    def _sources(self) -> list[MessagePage]:
        library = self.services.app.library
        named = library.sources()
        unnamed = library.counts().articles - sum(count for _, count in named)
        return sources_pages(named, unnamed, library.date_range())

    @app_commands.command(description="Show the beginning of an article")
    @app_commands.describe(article="The beginning of its title, or its id")
    async def article(self, interaction: discord.Interaction[Any], article: app_commands.Range[str, 1, 200]) -> None:
        """Show an article."""
        async with acknowledged(self.services, interaction, "article") as reply:
            if reply:
                pages = await self.services.workers.press(lambda: self._article(article))
                await reply.say(*pages)

    def _article(self, named: str) -> list[MessagePage]:
        library = self.services.app.library
        found = library.article(named)
        return article_pages(found, library.info(found.id))

    @article.autocomplete("article")
    async def _articles(self, _: discord.Interaction[Any], typed: str) -> Choices:
        return await article_choices(self.services, typed)

    @app_commands.command(description="Show the bot's status and what it searches")
    async def status(self, interaction: discord.Interaction[Any]) -> None:
        """Show the status."""
        async with acknowledged(self.services, interaction, "status") as reply:
            if reply:
                text = await self.services.workers.look_up(self._status)
                await reply.say(MessagePage(text, accent=Accent.INFORMATION))

    def _status(self) -> str:
        status, settings = bot_status(self.services), self.services.app.settings
        try:
            counts = self.services.app.library.counts()
            searched = f"{counted(counts.articles, 'article')}, {counted(counts.passages, 'passage')}"
        except StoreMissing:
            searched = translated("no articles yet")
        hours, minutes = divmod(int(status.uptime_s) // 60, 60)
        latency, model = status.latency_ms or 0, escaped_line(settings.chat_model)
        answers = translated("**Answers** written by {model}", model=model)
        lines = [
            translated(_UP, hours=hours, minutes=minutes, latency=latency),
            translated("**Searching** {articles}", articles=searched),
            translated("**Working on** {work}", work=_work(status.lanes)),
            answers if model else translated("**Answers** are quotations"),
        ]
        if status.commands_problem:
            lines.append(f"**Commands** {escaped_line(status.commands_problem, 500)}")
        return "\n".join(lines)

    @app_commands.command(description="Show what the bot can do")
    async def help(self, interaction: discord.Interaction[Any]) -> None:
        """Show what the bot can do."""
        async with acknowledged(self.services, interaction, "help") as reply:
            if reply:
                text = translated(HELP_TEXT, days=self.services.app.settings.retention_days)
                await reply.say(MessagePage(text, accent=Accent.INFORMATION))

    @app_commands.command(name="my-data", description="Get everything stored about you as a file")
    async def my_data(self, interaction: discord.Interaction[Any]) -> None:
        """Hand over what is stored about a person."""
        async with acknowledged(self.services, interaction, "my_data") as reply:
            if reply:
                person = interaction.user.id
                data = await self.services.workers.look_up(
                    lambda: json.dumps(personal_data(self.services, person), ensure_ascii=False, indent=2).encode()
                )
                file = discord.File(io.BytesIO(data), filename="my-data.json")
                await reply.attach(translated("Everything stored about you. `/forget-me` deletes it."), file)

    @app_commands.command(name="forget-me", description="Delete everything stored about you")
    async def forget_me(self, interaction: discord.Interaction[Any]) -> None:
        """Delete what is stored about a person."""
        async with acknowledged(self.services, interaction, "forget_me") as reply:
            if reply:
                person = interaction.user.id
                deleted = await self.services.workers.look_up(lambda: delete_personal_data(self.services, person))
                await reply.say(translated_count(deleted, _DELETED_ONE, _DELETED))


def _work(lanes: Mapping[str, int]) -> str:
    """Return what is being worked on; what is short only where there is any."""
    questions = counted(lanes["answers"], "question")
    shorter = [counted(lanes[lane], one) for lane, one in (("buttons", "button"), ("writes", "article")) if lanes[lane]]
    return ", ".join([questions, *shorter])
