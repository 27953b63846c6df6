"""Autocompletion: the outlets and articles that Discord offers while a name is typed."""

from __future__ import annotations

from collections.abc import Callable

from discord import app_commands

from bot.discord.errors import BotRefusal
from bot.discord.services import MAX_CHOICE_CHARACTERS, Services
from retrieval.errors import StoreMissing

MAX_CHOICES = 25
"""Choices that Discord accepts."""

Choices = list[app_commands.Choice[str]]


async def outlet_choices(services: Services, typed: str) -> Choices:
    """Return the outlets whose name contains what was typed."""

    def outlets() -> list[tuple[str, str]]:
        folded = typed.casefold()
        return [(name, name) for name, _ in services.app.library.sources() if folded in name.casefold()]

    return await _choices(services, outlets)


async def speaker_choices(services: Services, typed: str) -> Choices:
    """Return the speakers one of whose names contains what was typed, those with most statements first."""

    def speakers() -> list[tuple[str, str]]:
        folded, known = typed.casefold(), services.app.record.known_people()
        return [
            (each.name, each.name) for each in known if any(folded in alias.name.casefold() for alias in each.aliases)
        ]

    return await _choices(services, speakers)


async def article_choices(services: Services, typed: str) -> Choices:
    """Return the articles whose title contains what was typed, equal titles told apart by outlet and date."""
    return await _choices(
        services, lambda: [(each.label, each.id) for each in services.titles.containing(typed, MAX_CHOICES)]
    )


async def _choices(services: Services, found: Callable[[], list[tuple[str, str]]]) -> Choices:
    """Return the first of what is found as (name, value); none where there is no library, or too many are typing."""
    try:
        names = await services.workers.look_up(found)
    except (BotRefusal, StoreMissing):
        return []
    fitting = [(name, value) for name, value in names if len(name) <= MAX_CHOICE_CHARACTERS]
    return [app_commands.Choice(name=name, value=value) for name, value in fitting[:MAX_CHOICES]]
