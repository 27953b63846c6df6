"""`/said` and `/people`."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord.autocomplete import Choices, speaker_choices
from bot.discord.interactions import acknowledged, settings_at
from bot.discord.record_flow import list_people, list_statements
from bot.discord.services import Services
from bot.record_requests import MAX_NAME_CHARACTERS, MAX_TOPIC_CHARACTERS, record_request


class RecordCog(commands.Cog):
    """Shows who said what."""

    def __init__(self, services: Services) -> None:
        self.services = services

    @app_commands.command(description="What somebody said in the articles, by date, word for word")
    @app_commands.describe(
        name="The speaker: a person or an organisation",
        about="Only statements on this topic",
        since="Only articles published on or after this day (YYYY-MM-DD)",
        until="Only articles published on or before this day (YYYY-MM-DD)",
        before_after="Part what was said before this day from what was said from then on (YYYY-MM-DD)",
    )
    async def said(  # noqa: PLR0917 (Discord's options)
        self,
        interaction: discord.Interaction[Any],
        name: app_commands.Range[str, 1, MAX_NAME_CHARACTERS],
        about: app_commands.Range[str, 1, MAX_TOPIC_CHARACTERS] | None = None,
        since: str | None = None,
        until: str | None = None,
        before_after: str | None = None,
    ) -> None:
        """List what somebody said."""
        async with acknowledged(self.services, interaction, "said") as reply:
            if reply:
                self.services.rate_limiter.check(interaction.user.id, interaction.channel_id or 0)
                typed = {"since": since or "", "until": until or ""}
                await self.services.workers.look_up(lambda: self.services.app.filters(**typed))
                filters = settings_at(self.services, interaction).filters(None, since, until)
                request = record_request(name, about or "", filters, pivot=before_after or "")
                await list_statements(self.services, interaction, reply, request)

    @said.autocomplete("name")
    async def _speakers(self, _: discord.Interaction[Any], typed: str) -> Choices:
        return await speaker_choices(self.services, typed)

    @app_commands.command(description="List who is quoted in the articles, most statements first")
    async def people(self, interaction: discord.Interaction[Any]) -> None:
        """List who is quoted."""
        async with acknowledged(self.services, interaction, "people") as reply:
            if reply:
                await list_people(self.services, interaction, reply)
