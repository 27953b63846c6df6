"""`/settings` of a server or channel: where the bot answers, what it searches, and who may change that."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import partial
from typing import Any, Literal

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord.autocomplete import Choices, outlet_choices
from bot.discord.errors import NotPermitted
from bot.discord.guild_settings import GuildSettings, channel_scope, guild_scope
from bot.discord.interactions import acknowledged, require_keeper
from bot.discord.render_settings import day_words, settings_text
from bot.discord.services import Services
from bot.render.catalogue import translated
from retrieval.articles import Filters
from retrieval.errors import FilterError, InputError

OnOffDefault = Literal["on", "off", "default"]
Clearable = Literal["source", "period", "since", "until", "answer", "thread", "role", "everything"]

CLEAR_VALUES = frozenset({"-", "default", "none"})
"""What is typed in the place of a value to remove the setting."""

_PERIOD = ("since", "until")
_GROUPS: Mapping[str, tuple[str, ...]] = {
    "period": _PERIOD,
    "everything": ("answer", "thread", "source", *_PERIOD, "role"),
}

_PROBLEM_IN = "in #{channel}, which has settings of its own, {problem}"


class SettingsCog(commands.Cog):
    """Changes settings, for those who manage the server or have its configured role."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self._lock = asyncio.Lock()

    @app_commands.command(description="Show or change where the bot answers and what it searches")
    @app_commands.describe(
        channel="Only in this channel; otherwise in the whole server",
        answer="Whether everybody sees the answers",
        thread="Whether an answer opens a thread",
        source="Search this outlet unless another is named",
        since="Search articles published on or after this day (YYYY-MM-DD)",
        until="Search articles published on or before this day (YYYY-MM-DD)",
        role="Who may change articles and settings, besides those who manage the server",
        clear="Remove a setting; the period is since and until",
    )
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
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
        clear: Clearable | None = None,
    ) -> None:
        """Change settings, or show them."""
        check = partial(require_keeper, self.services, interaction)
        async with acknowledged(self.services, interaction, "settings", check=check) as reply:
            if reply:
                options = {"answer": answer, "thread": thread, "source": source, "since": since, "until": until}
                values = {name: _stored_value(typed) for name, typed in options.items() if typed is not None}
                if role:
                    values["role"] = str(role.id)
                changed = _with_cleared(values, clear, of_channel=channel is not None)
                if "role" in changed:
                    _check_role(interaction, role)
                await self._change(interaction, channel, changed)
                await reply.say(self._text(interaction, channel))

    @settings.autocomplete("source")
    async def _outlets(self, _: discord.Interaction[Any], typed: str) -> Choices:
        return await outlet_choices(self.services, typed)

    async def _change(
        self, interaction: discord.Interaction[Any], channel: discord.TextChannel | None, values: Mapping[str, str]
    ) -> None:
        """Check and store settings, one change at a time: two at once could leave an empty period."""
        guild, store, workers = interaction.guild_id or 0, self.services.guild_settings, self.services.workers
        others = {each.id: each.name for each in interaction.guild.channels} if interaction.guild else {}
        scope = channel_scope(channel.id) if channel else guild_scope(guild)

        def save(checked: Mapping[str, str]) -> None:
            for name, value in checked.items():
                store.save(guild_scope(guild) if name == "role" else scope, name, value)

        async with self._lock:
            checked = await workers.look_up(lambda: self._checked(guild, channel, values, others))
            await workers.query(lambda: save(checked))

    def _checked(
        self, guild: int, channel: discord.TextChannel | None, values: Mapping[str, str], others: Mapping[int, str]
    ) -> Mapping[str, str]:
        """Return the settings to store, the outlet spelled as most articles spell it. Blocks.

        Args:
            guild: The server.
            channel: The channel whose settings change; None: the server's.
            values: What is set; an empty value removes a setting.
            others: The names of the server's channels: those with settings of their own must still find articles, too.

        Raises:
            InputError: Nothing would be left to search.
        """
        store = self.services.guild_settings
        scope = channel_scope(channel.id) if channel else guild_scope(guild)
        place = channel.id if channel else 0
        problem = self._new_problem(store.at(guild, place), store.at(guild, place, {scope: values}))
        if problem and (any(values.values()) or not self._problem(store.at(guild, place).filters())):
            raise InputError(problem)
        for other, name in {} if channel else others.items():
            before, after = store.at(guild, other), store.at(guild, other, {scope: values})
            problem = self._new_problem(before, after)
            if problem and not self._problem(before.filters()):
                raise InputError(
                    translated("in #{channel}, which has settings of its own, {problem}", channel=name, problem=problem)
                )
        if not values.get("source"):
            return values
        wanted = values["source"].casefold()
        known = (name for name, _ in self.services.app.library.sources())
        return {**values, "source": next((name for name in known if name.casefold() == wanted), values["source"])}

    def _new_problem(self, before: GuildSettings, after: GuildSettings) -> str:
        """Return why changed filters find no article; empty where they find some, or are as they were."""
        return "" if before.filters() == after.filters() else self._problem(after.filters())

    def _problem(self, filters: Filters) -> str:
        """Return why filters find no article; empty where they find some. Blocks.

        Raises:
            StoreMissing: There are no articles at all.
        """
        app = self.services.app
        if not filters:
            return ""
        app.check_ready()
        try:
            app.filters(filters.sources, since=filters.since, until=filters.until)
        except FilterError as error:
            return str(error)
        if app.library.article_ids(filters):
            return ""
        days = " ".join(day_words(filters.since, filters.until))
        return translated("no article from “{outlet}” was published {days}", outlet=filters.sources[0], days=days)

    def _text(self, interaction: discord.Interaction[Any], channel: discord.TextChannel | None) -> str:
        store, guild = self.services.guild_settings, interaction.guild_id or 0
        settings = store.at(guild, channel.id if channel else 0)
        found = interaction.guild.get_role(settings.role) if interaction.guild and settings.role else None
        role = found.name if found else translated("a role that was deleted") if settings.role else ""
        if channel:
            return settings_text(settings, f"#{channel.name}", role, own=store.explicit(channel_scope(channel.id)))
        channels = interaction.guild.channels if interaction.guild else ()
        apart = [each.name for each in channels if store.explicit(channel_scope(each.id))]
        return settings_text(settings, translated("this server"), role, apart=apart)


def _stored_value(typed: str) -> str:
    """Return the value to store; empty to remove the setting.

    Raises:
        InputError: Nothing was typed but white space.
    """
    value = " ".join(typed.split())
    if not value:
        raise InputError("a setting is empty: use clear to remove one")
    return "" if value.lower() in CLEAR_VALUES else value


def _with_cleared(values: Mapping[str, str], clear: Clearable | None, *, of_channel: bool) -> Mapping[str, str]:
    """Return what is set and removed.

    Raises:
        InputError: A setting is both set and removed.
    """
    names = _GROUPS.get(clear, (clear,)) if clear else ()
    if clear == "everything" and of_channel:
        names = tuple(name for name in names if name != "role")
    both = [name for name in names if values.get(name)]
    if both:
        raise InputError(translated("{name} is both set and cleared: do one of them", name=both[0]))
    return {**values, **dict.fromkeys(names, "")}


def _check_role(interaction: discord.Interaction[Any], role: discord.Role | None) -> None:
    """Check that a person may set the role, and that it is one that only some have.

    Raises:
        NotPermitted: The person does not manage the server.
        InputError: Everybody has the role.
    """
    if not interaction.permissions.manage_guild:
        raise NotPermitted("Only those who manage this server can set the role.")
    if role and role.is_default():
        raise InputError("everybody has this role, and could remove articles: choose another")
