"""Autocompletion: the outlets and articles that Discord offers while a name is typed."""

from __future__ import annotations

from discord import app_commands

from bot.discord.services import Services
from retrieval.errors import StoreMissing

MAX_CHOICES = 25
"""Choices that Discord accepts."""
MAX_CHOICE_CHARACTERS = 100
"""Characters of a choice that Discord accepts."""

Choices = list[app_commands.Choice[str]]


async def outlet_choices(services: Services, typed: str) -> Choices:
    """Return the outlets whose name contains what was typed."""

    def outlets() -> list[str]:
        try:
            return [name for name, _ in services.app.library.sources()]
        except StoreMissing:
            return []

    names = await services.workers.look_up(outlets)
    matching = [name for name in names if typed.casefold() in name.casefold() and len(name) <= MAX_CHOICE_CHARACTERS]
    return [app_commands.Choice(name=name, value=name) for name in matching[:MAX_CHOICES]]


async def speaker_choices(services: Services, typed: str) -> Choices:
    """Return the speakers one of whose names contains what was typed, those with most statements first."""

    def speakers() -> list[str]:
        try:
            known = services.app.record.known_people()
        except StoreMissing:
            return []
        folded = typed.casefold()
        return [each.name for each in known if any(folded in alias.name.casefold() for alias in each.aliases)]

    names = [name for name in await services.workers.look_up(speakers) if len(name) <= MAX_CHOICE_CHARACTERS]
    return [app_commands.Choice(name=name, value=name) for name in names[:MAX_CHOICES]]


async def article_choices(services: Services, typed: str) -> Choices:
    """Return the articles whose title contains what was typed."""

    def articles() -> Choices:
        try:
            found = services.app.library.articles()
        except StoreMissing:
            return []
        matching = [info for info in found if typed.casefold() in info.title.casefold()][:MAX_CHOICES]
        return [
            app_commands.Choice(name=(info.title or info.id)[:MAX_CHOICE_CHARACTERS], value=info.id)
            for info in matching
        ]

    return await services.workers.look_up(articles)
