"""For those who look after the articles: `/ingest`, `/remove`, and `/settings` of a server or channel."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Literal

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord.ask_flow import EDIT_INTERVAL_SECONDS
from bot.discord.attachments import (
    MAX_ATTACHMENT_BYTES,
    ReceivedFile,
    received_file,
    report_text,
    save_attachment,
    with_canonical_url,
)
from bot.discord.cogs.info import titles
from bot.discord.delivery import InteractionReply, with_retries
from bot.discord.errors import NotPermitted
from bot.discord.escape import escaped_line
from bot.discord.interactions import acknowledged_reply, may_administrate
from bot.discord.pages import MessagePage
from bot.discord.workers import LatestValue
from bot.render.ingest import progress_line
from retrieval.errors import InputError
from retrieval.ingest import IngestProgress, IngestReport
from retrieval.loaders.url import fetch

if TYPE_CHECKING:
    from bot.discord.client import OnrecordBot

OnOffDefault = Literal["on", "off", "default"]
CLEAR_VALUE = "-"
"""What is typed in the place of a name or day to take a setting away."""


class AdminCog(commands.Cog):
    """Changes articles and settings.

    Args:
        bot: The bot.
    """

    def __init__(self, bot: OnrecordBot) -> None:
        self.bot = bot

    def _check(self, interaction: discord.Interaction[Any]) -> None:
        if not may_administrate(self.bot, interaction):
            raise NotPermitted("Only those who manage this server, or have the role set with /settings, can do this.")

    @app_commands.command(description="Add an article: a file, or a web address")
    @app_commands.describe(file="A .txt, .md, .html, .pdf or .jsonl file", url="The address of one article")
    @app_commands.guild_only()
    async def ingest(
        self,
        interaction: discord.Interaction[Any],
        file: discord.Attachment | None = None,
        url: app_commands.Range[str, 8, 2000] | None = None,
    ) -> None:
        """Read an article into the store."""
        async with acknowledged_reply(self.bot, interaction, "ingest") as reply:
            if reply:
                self._check(interaction)
                if (file is None) == (url is None):
                    raise InputError("give a file or a url, one of them")
                self.bot.pace.check(interaction.user.id, interaction.channel_id or 0)
                got = await self._from_discord(file) if file else await self._from_web(url or "")
                await self._read(got, reply)

    async def _from_discord(self, file: discord.Attachment) -> ReceivedFile:
        if file.size > MAX_ATTACHMENT_BYTES:
            raise InputError(f"the file has {file.size:,} bytes: {MAX_ATTACHMENT_BYTES:,} are the most")
        return received_file(file.filename, await with_retries(file.read))

    async def _from_web(self, url: str) -> ReceivedFile:
        fetched = await self.bot.bench.run(lambda: fetch(url))
        data = with_canonical_url(fetched.data, fetched.url) if fetched.suffix == ".html" else fetched.data
        return received_file(url.rstrip("/").rpartition("/")[2], data, fetched.suffix)

    async def _read(self, got: ReceivedFile, reply: InteractionReply) -> None:
        """Ingest what was received, telling how far it is."""
        growing = LatestValue()

        def work() -> IngestReport:
            path = save_attachment(self.bot.app.folder, got)
            report = self.bot.app.ingest([str(path)], on_progress=growing.tell)
            if not (report.added or report.changed or report.unchanged):
                path.unlink(missing_ok=True)
            return report

        task = asyncio.ensure_future(self.bot.bench.run(work))
        try:
            while not task.done():
                await asyncio.wait({task}, timeout=EDIT_INTERVAL_SECONDS)
                state = growing.take()
                if not task.done() and isinstance(state, IngestProgress):
                    await reply.update(f"Reading: {progress_line(state)}")
            await reply.finish([MessagePage(report_text(task.result(), got.name))], [None])
        finally:
            task.cancel()

    @app_commands.command(description="Remove an article")
    @app_commands.describe(article="Its title's beginning, or its id")
    @app_commands.guild_only()
    async def remove(self, interaction: discord.Interaction[Any], article: app_commands.Range[str, 1, 200]) -> None:
        """Let an article go."""
        async with acknowledged_reply(self.bot, interaction, "remove") as reply:
            if reply:
                self._check(interaction)
                gone = await self.bot.bench.run(lambda: self.bot.app.remove(article))
                title = escaped_line(gone.title, 120) or gone.id
                await reply.finish([MessagePage(f"Removed **{title}**. Citations of it no longer open.")], [None])

    @remove.autocomplete("article")
    async def _titles(self, _: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        return await titles(self.bot, typed)

    @app_commands.command(description="Where the bot answers, and what it searches; without options: show it")
    @app_commands.describe(
        channel="Only for this channel; otherwise for the whole server",
        answer="Whether answers are shown to everybody",
        thread="Whether an answer opens a thread",
        source="Search this outlet unless another is named; - for all",
        since="Search from this day on, as 2024-01-31; - for all",
        until="Search up to this day; - for all",
        role="Who may change articles and settings, besides those who manage the server",
    )
    @app_commands.guild_only()
    async def settings(  # noqa: PLR0917 (Discord's options)
        self,
        interaction: discord.Interaction[Any],
        channel: discord.TextChannel | None = None,
        answer: OnOffDefault | None = None,
        thread: OnOffDefault | None = None,
        source: app_commands.Range[str, 1, 100] | None = None,
        since: app_commands.Range[str, 1, 10] | None = None,
        until: app_commands.Range[str, 1, 10] | None = None,
        role: discord.Role | None = None,
    ) -> None:
        """Change settings, or show them."""
        async with acknowledged_reply(self.bot, interaction, "settings") as reply:
            if reply:
                self._check(interaction)
                scope = f"channel:{channel.id}" if channel else f"guild:{interaction.guild_id}"
                given = {"answer": answer, "thread": thread, "source": source, "since": since, "until": until}
                chosen = {name: _value(value) for name, value in given.items() if value is not None}
                days = [chosen.get("since", ""), chosen.get("until", "")]
                await self.bot.bench.run(lambda: self.bot.app.filters(since=days[0], until=days[1]))
                if role and interaction.permissions.manage_guild:
                    await self._put(f"guild:{interaction.guild_id}", "role", str(role.id))
                elif role:
                    raise NotPermitted("Only those who manage this server can set the role.")
                for name, value in chosen.items():
                    await self._put(scope, name, value)
                await reply.finish([MessagePage(self._shown(scope, channel))], [None])

    async def _put(self, scope: str, name: str, value: str) -> None:
        await self.bot.bench.note(lambda: self.bot.rules.put(scope, name, value))

    def _shown(self, scope: str, channel: discord.TextChannel | None) -> str:
        given = self.bot.rules.given(scope)
        lines = [f"- {name}: {escaped_line(value, 100)}" for name, value in sorted(given.items())]
        where = f"#{escaped_line(channel.name)}" if channel else "this server"
        return "\n".join([f"**Settings of {where}**", *(lines or ["- everything as it comes: answers to everybody"])])


def _value(typed: str) -> str:
    return "" if typed in {CLEAR_VALUE, "default"} else typed
