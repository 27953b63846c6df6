"""`/ingest` and `/remove`: who keeps the articles adds and removes them."""

from __future__ import annotations

from functools import partial
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord.autocomplete import Choices, article_choices
from bot.discord.escape import escaped_line
from bot.discord.ingest_flow import ingest_address, ingest_attachments
from bot.discord.interactions import acknowledged, require_keeper
from bot.discord.render_answers import MAX_TITLE_CHARACTERS
from bot.discord.services import Services
from bot.render.catalogue import translated
from retrieval.errors import InputError


class AdminCog(commands.Cog):
    """Adds and removes articles, for those who manage the server or have its configured role.

    Attributes:
        context_menu: "Add to articles"; the client adds it to its commands.
    """

    def __init__(self, services: Services) -> None:
        self.services = services
        self.context_menu = app_commands.ContextMenu(name="Add to articles", callback=self.ingest_message)

    @app_commands.command(description="Add articles from files or a web address")
    @app_commands.describe(
        file="A .txt, .md, .html, .pdf, .docx, .odt, .rtf or .jsonl file",
        file2="Another file",
        file3="Another file",
        file4="Another file",
        file5="Another file",
        url="The address of one article",
    )
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    async def ingest(  # noqa: PLR0917 (Discord's options)
        self,
        interaction: discord.Interaction[Any],
        file: discord.Attachment | None = None,
        file2: discord.Attachment | None = None,
        file3: discord.Attachment | None = None,
        file4: discord.Attachment | None = None,
        file5: discord.Attachment | None = None,
        url: app_commands.Range[str, 8, 2000] | None = None,
    ) -> None:
        """Add articles to the library."""
        check = partial(require_keeper, self.services, interaction)
        async with acknowledged(self.services, interaction, "ingest", check=check) as reply:
            if reply:
                files = [each for each in (file, file2, file3, file4, file5) if each]
                if bool(files) == bool(url):
                    raise InputError("give a file or a url, one of them")
                self.services.rate_limiter.check(interaction.user.id, interaction.channel_id or 0)
                if url:
                    await ingest_address(self.services, reply, url)
                else:
                    await ingest_attachments(self.services, reply, files)

    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    async def ingest_message(self, interaction: discord.Interaction[Any], message: discord.Message) -> None:
        """Add the files of a message, or of one that it forwards, to the library."""
        check = partial(require_keeper, self.services, interaction)
        async with acknowledged(self.services, interaction, "ingest_message", check=check) as reply:
            if reply:
                forwarded = [each for one in message.message_snapshots for each in one.attachments]
                files = [*message.attachments, *forwarded]
                if not files:
                    raise InputError("this message has no file: attach some, or use /ingest with a url")
                self.services.rate_limiter.check(interaction.user.id, interaction.channel_id or 0)
                await ingest_attachments(self.services, reply, files)

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
                await reply.say(translated("Removed **{title}**. Citations of it no longer open.", title=title))

    @remove.autocomplete("article")
    async def _articles(self, _: discord.Interaction[Any], typed: str) -> Choices:
        return await article_choices(self.services, typed)
