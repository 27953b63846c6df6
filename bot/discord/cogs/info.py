"""`/sources`, `/article`, `/status`, `/help`, and what a person can do with their own data."""

from __future__ import annotations

import asyncio
import io
import json
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord.escape import escaped_line
from bot.discord.interactions import acknowledged_reply
from bot.discord.pages import MessagePage
from bot.discord.people import delete_personal_data, personal_data
from bot.discord.render_answers import article_pages
from bot.discord.render_quotes import sources_pages
from bot.render.wording import counted
from retrieval.errors import StoreMissing

if TYPE_CHECKING:
    from bot.discord.client import OnrecordBot

HELP_TEXT = """\
**Onrecord** answers from this newsroom's articles and from nothing else. Citations open at the exact words.

- `/ask` a question, or mention me, reply to me, write to me directly. Follow-ups in the same place are understood.
- The numbered buttons open the passage, for you alone. *Why* shows what the answer rests on.
- `/quote` checks a quotation. On any message, *Apps → Check quotes* checks every quotation in it, and
*Ask about this* asks about it.
- `/sources` and `/article` show what there is; `/status` how I am.
- `/my-data` gives you what is kept of you, `/forget-me` deletes it. It goes by itself after {days} days.

For those who look after the articles: `/ingest`, `/remove`, `/settings`."""


class InfoCog(commands.Cog, name="Desk"):
    """What there is, and how the bot is.

    Args:
        bot: The bot.
    """

    def __init__(self, bot: OnrecordBot) -> None:
        self.bot = bot

    @app_commands.command(description="The outlets, and how many articles of each there are")
    async def sources(self, interaction: discord.Interaction[Any]) -> None:
        """List the outlets."""
        async with acknowledged_reply(self.bot, interaction, "sources") as reply:
            if reply:
                pages = await self.bot.bench.run(self._sources)
                await reply.finish(pages, [None] * len(pages))

    def _sources(self) -> list[MessagePage]:
        library = self.bot.app.library
        named = library.sources()
        return sources_pages(named, library.counts().articles - sum(each for _, each in named), library.date_range())

    @app_commands.command(description="Show an article's beginning")
    @app_commands.describe(article="Its title's beginning, or its id")
    async def article(self, interaction: discord.Interaction[Any], article: app_commands.Range[str, 1, 200]) -> None:
        """Show an article."""
        async with acknowledged_reply(self.bot, interaction, "article") as reply:
            if reply:
                pages = await self.bot.bench.run(lambda: self._article(article))
                await reply.finish(pages, [None] * len(pages))

    def _article(self, named: str) -> list[MessagePage]:
        library = self.bot.app.library
        found = library.article(named)
        return article_pages(found, library.info(found.id))

    @article.autocomplete("article")
    async def _titles(self, _: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        return await titles(self.bot, typed)

    @app_commands.command(description="How the bot is, and what it searches")
    async def status(self, interaction: discord.Interaction[Any]) -> None:
        """Say how the bot is."""
        async with acknowledged_reply(self.bot, interaction, "status") as reply:
            if reply:
                await reply.finish([MessagePage(await self.bot.bench.note(self._status))], [None])

    def _status(self) -> str:
        beat, settings = self.bot.heartbeat.now(), self.bot.app.settings
        try:
            counts = self.bot.app.library.counts()
            held = f"{counted(counts.articles, 'article')}, {counted(counts.passages, 'passage')}"
        except StoreMissing:
            held = "no articles yet"
        hours, minutes = divmod(int(beat.uptime_s) // 60, 60)
        answers = f"written by {escaped_line(settings.chat_model)}" if settings.chat_model else "are quotations"
        lines = [
            f"**Up** for {hours} h {minutes:02} min, latency {beat.latency_ms or 0:.0f} ms",
            f"**Searching** {held}",
            f"**At work on** {counted(beat.waiting, 'question')}",
            f"**Answers** {answers}",
        ]
        return "\n".join(lines)

    @app_commands.command(description="What the bot can do")
    async def help(self, interaction: discord.Interaction[Any]) -> None:
        """Say what the bot can do."""
        async with acknowledged_reply(self.bot, interaction, "help") as reply:
            if reply:
                await reply.finish([MessagePage(HELP_TEXT.format(days=self.bot.app.settings.retention_days))], [None])

    @app_commands.command(name="my-data", description="Everything that is kept of you, as a file")
    async def my_data(self, interaction: discord.Interaction[Any]) -> None:
        """Hand over what is kept of a person."""
        async with acknowledged_reply(self.bot, interaction, "my_data") as reply:
            if reply:
                found = await self.bot.bench.note(lambda: personal_data(self.bot, interaction.user.id))
                text = json.dumps(found, ensure_ascii=False, indent=2)
                file = discord.File(io.BytesIO(text.encode()), filename="my-data.json")
                await reply.attach("Everything that is kept of you. `/forget-me` deletes it.", file)

    @app_commands.command(name="forget-me", description="Delete everything that is kept of you")
    async def forget_me(self, interaction: discord.Interaction[Any]) -> None:
        """Delete what is kept of a person."""
        async with acknowledged_reply(self.bot, interaction, "forget_me") as reply:
            if reply:
                gone = await self.bot.bench.note(lambda: delete_personal_data(self.bot, interaction.user.id))
                message = f"Forgotten: {counted(gone, 'entry').replace('entrys', 'entries')} deleted."
                await reply.finish([MessagePage(f"{message} Buttons under your answers no longer work.")], [None])


async def titles(bot: OnrecordBot, typed: str) -> list[app_commands.Choice[str]]:
    """Return the articles whose title holds what was typed, for Discord to offer."""

    def look() -> list[app_commands.Choice[str]]:
        try:
            found = bot.app.library.articles()
        except StoreMissing:
            return []
        near = [info for info in found if typed.casefold() in info.title.casefold()]
        return [app_commands.Choice(name=(info.title or info.id)[:100], value=info.id) for info in near[:25]]

    return await asyncio.to_thread(look)
