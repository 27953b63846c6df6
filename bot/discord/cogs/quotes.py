"""`/quote`, and "Check quotes" on a message."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord.interactions import acknowledged
from bot.discord.quote_flow import check_message, check_quotation
from bot.discord.services import Services


class QuotesCog(commands.Cog):
    """Checks quotations.

    Attributes:
        context_menu: "Check quotes"; the client adds it to its commands.
    """

    def __init__(self, services: Services) -> None:
        self.services = services
        self.context_menu = app_commands.ContextMenu(name="Check quotes", callback=self.check_message)

    @app_commands.command(description="Check the words, speaker and source of a quotation")
    @app_commands.describe(text="The quotation", speaker="Who is supposed to have said it")
    async def quote(
        self,
        interaction: discord.Interaction[Any],
        text: app_commands.Range[str, 1, 4000],
        speaker: app_commands.Range[str, 1, 100] | None = None,
    ) -> None:
        """Check one quotation."""
        async with acknowledged(self.services, interaction, "quote") as reply:
            if reply:
                self._limit_rate(interaction)
                await check_quotation(self.services, interaction, reply, text, speaker)

    async def check_message(self, interaction: discord.Interaction[Any], message: discord.Message) -> None:
        """Check every quotation of a message."""
        async with acknowledged(self.services, interaction, "check_message") as reply:
            if reply:
                self._limit_rate(interaction)
                await check_message(self.services, interaction, reply, message)

    def _limit_rate(self, interaction: discord.Interaction[Any]) -> None:
        self.services.rate_limiter.check(interaction.user.id, interaction.channel_id or 0)
