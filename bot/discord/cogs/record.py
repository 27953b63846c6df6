"""`/said` and `/people`."""

from __future__ import annotations

from functools import partial
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord.autocomplete import Choices, outlet_choices, speaker_choices
from bot.discord.interactions import acknowledged, settings_at
from bot.discord.record_flow import list_people, list_statements
from bot.discord.services import Services
from bot.record_requests import MAX_NAME_CHARACTERS, MAX_TOPIC_CHARACTERS, checked_day, record_request


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
        source="Only articles from this outlet",
        private="Only you see it; False shows it to everybody",
    )
    async def said(  # noqa: PLR0917 (Discord's options)
        self,
        interaction: discord.Interaction[Any],
        name: app_commands.Range[str, 1, MAX_NAME_CHARACTERS],
        about: app_commands.Range[str, 1, MAX_TOPIC_CHARACTERS] | None = None,
        since: str | None = None,
        until: str | None = None,
        before_after: str | None = None,
        source: str | None = None,
        private: bool = True,
    ) -> None:
        """List what somebody said."""
        settings = settings_at(self.services, interaction)
        private = private or not settings.answer
        check = partial(self._admit, interaction, since, until, before_after)
        async with acknowledged(self.services, interaction, "said", private=private, check=check) as reply:
            if reply:
                await self.services.workers.look_up(lambda: self._check(source, since, until))
                filters = settings.filters(source, since, until)
                request = record_request(name, about or "", filters, pivot=before_after or "")
                await list_statements(self.services, interaction, reply, request, private=private)

    @said.autocomplete("name")
    async def _speakers(self, _: discord.Interaction[Any], typed: str) -> Choices:
        return await speaker_choices(self.services, typed)

    @said.autocomplete("source")
    async def _said_outlets(self, _: discord.Interaction[Any], typed: str) -> Choices:
        return await outlet_choices(self.services, typed)

    @app_commands.command(description="List who is quoted in the articles, most statements first")
    @app_commands.describe(
        source="Only articles from this outlet",
        since="Only articles published on or after this day (YYYY-MM-DD)",
        until="Only articles published on or before this day (YYYY-MM-DD)",
        private="Only you see it; False shows it to everybody",
    )
    async def people(
        self,
        interaction: discord.Interaction[Any],
        source: str | None = None,
        since: str | None = None,
        until: str | None = None,
        private: bool = True,
    ) -> None:
        """List who is quoted."""
        settings = settings_at(self.services, interaction)
        private = private or not settings.answer
        check = partial(self._admit, interaction, since, until)
        async with acknowledged(self.services, interaction, "people", private=private, check=check) as reply:
            if reply:
                await self.services.workers.look_up(lambda: self._check(source, since, until))
                await list_people(self.services, reply, settings.filters(source, since, until))

    @people.autocomplete("source")
    async def _people_outlets(self, _: discord.Interaction[Any], typed: str) -> Choices:
        return await outlet_choices(self.services, typed)

    def _admit(self, interaction: discord.Interaction[Any], *days: str | None) -> None:
        for day in filter(None, days):
            checked_day(day)
        self.services.rate_limiter.check(interaction.user.id, interaction.channel_id or 0)

    def _check(self, source: str | None, since: str | None, until: str | None) -> None:
        self.services.app.filters((source,) if source else (), since=since or "", until=until or "")
