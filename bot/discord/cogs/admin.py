"""`/ingest` and `/remove`: who keeps the articles adds and removes them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord.ask_flow import EDIT_INTERVAL_SECONDS
from bot.discord.attachments import (
    MAX_ATTACHMENT_BYTES,
    ReceivedFile,
    received_file,
    report_text,
    saved_attachment,
    with_canonical_url,
)
from bot.discord.autocomplete import Choices, article_choices
from bot.discord.delivery import CONNECTION_ERRORS, InteractionReply, with_retries
from bot.discord.escape import escaped_line
from bot.discord.interactions import acknowledged, require_keeper
from bot.discord.logs import log
from bot.discord.pages import MessagePage
from bot.discord.render_answers import MAX_TITLE_CHARACTERS
from bot.discord.services import Services
from bot.discord.workers import LatestValue
from bot.render.ingest import progress_line
from retrieval.errors import InputError
from retrieval.ingest import IngestProgress
from retrieval.loaders.url import fetch

WRITER_WAIT_SECONDS = 120.0
"""How long adding an article waits for another program that writes to the store."""


class AdminCog(commands.Cog):
    """Adds and removes articles, for those who manage the server or have its configured role."""

    def __init__(self, services: Services) -> None:
        self.services = services

    @app_commands.command(description="Add an article from a file or a web address")
    @app_commands.describe(
        file="A .txt, .md, .html, .pdf, .docx, .odt, .rtf or .jsonl file", url="The address of one article"
    )
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    async def ingest(
        self,
        interaction: discord.Interaction[Any],
        file: discord.Attachment | None = None,
        url: app_commands.Range[str, 8, 2000] | None = None,
    ) -> None:
        """Add an article to the library."""
        check = partial(require_keeper, self.services, interaction)
        async with acknowledged(self.services, interaction, "ingest", check=check) as reply:
            if reply:
                if (file is None) == (url is None):
                    raise InputError("give a file or a url, one of them")
                self.services.rate_limiter.check(interaction.user.id, interaction.channel_id or 0)
                received = await self._download(file) if file else None
                await self._ingest(reply, lambda: received or _fetched(url or ""))

    async def _download(self, file: discord.Attachment) -> ReceivedFile:
        if file.size > MAX_ATTACHMENT_BYTES:
            raise InputError(f"the file has {file.size:,} bytes: {MAX_ATTACHMENT_BYTES:,} are the most")
        return received_file(file.filename, await with_retries(file.read))

    async def _ingest(self, reply: InteractionReply, receive: Callable[[], ReceivedFile]) -> None:
        """Ingest a file after those that came before it, showing its place among them and the progress."""
        app, latest = self.services.app, LatestValue[IngestProgress]()

        def work() -> str:
            received = receive()
            with saved_attachment(app.folder, received) as saved:
                report = app.ingest([str(saved.path)], on_progress=latest.put, wait_seconds=WRITER_WAIT_SECONDS)
                saved.kept = saved.kept or bool(report.added or report.changed or report.unchanged)
            return report_text(report, received.name)

        job = self.services.workers.writes.enter(work)
        try:
            shown = 0
            while not job.result.done():
                if job.ahead and job.ahead != shown:
                    shown = job.ahead
                    await self._show(reply, f"Waiting: {_before(shown)}.")
                await asyncio.wait({job.result}, timeout=EDIT_INTERVAL_SECONDS)
                progress = latest.take()
                if progress and not job.result.done():
                    await self._show(reply, f"Reading: {progress_line(progress)}")
            await reply.say(job.result.result())
        finally:
            job.result.cancel()

    async def _show(self, reply: InteractionReply, words: str) -> None:
        """Show how far it is; a failure is harmless, since the result follows."""
        try:
            await reply.update(MessagePage(words))
        except (discord.HTTPException, *CONNECTION_ERRORS) as error:
            log("preview_failed", error=error)

    @app_commands.command(description="Remove an article")
    @app_commands.describe(article="The beginning of its title, or its id")
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    async def remove(self, interaction: discord.Interaction[Any], article: app_commands.Range[str, 1, 200]) -> None:
        """Remove an article from the library."""
        check = partial(require_keeper, self.services, interaction)
        async with acknowledged(self.services, interaction, "remove", check=check) as reply:
            if reply:
                removed = await self.services.workers.writes.run(lambda: self.services.app.remove(article))
                title = escaped_line(removed.title, MAX_TITLE_CHARACTERS) or removed.id
                await reply.say(f"Removed **{title}**. Citations of it no longer open.")

    @remove.autocomplete("article")
    async def _articles(self, _: discord.Interaction[Any], typed: str) -> Choices:
        return await article_choices(self.services, typed)


def _fetched(url: str) -> ReceivedFile:
    """Return the page of an address. Blocks."""
    fetched = fetch(url)
    data = with_canonical_url(fetched.data, fetched.url) if fetched.suffix == ".html" else fetched.data
    return received_file(url.rstrip("/").rpartition("/")[2], data, fetched.suffix)


def _before(ahead: int) -> str:
    return "one other comes first" if ahead == 1 else f"{ahead} others come first"
