"""Languages: in which language a reply is written, and what Discord is told of the commands' names in each.

What only one person sees is in the person's language. What everybody sees is in the server's, where the server chose
one: "en-US" is what Discord says of those that never did. Discord tells a person's language with interactions only, so
that a direct message is answered in the one that an earlier interaction told.
"""

from __future__ import annotations

import logging
from typing import Any

import discord
from discord import app_commands

from bot.discord.logs import log
from bot.discord.services import Services
from bot.render.catalogue import ENGLISH, catalogue, language_of
from retrieval.errors import OnrecordError

_UNCHOSEN = discord.Locale.american_english
_COMMUNITY = "COMMUNITY"  # the feature of servers that choose a language


def interaction_language(interaction: discord.Interaction[Any], *, private: bool) -> str:
    """Return the language of the reply to a command, menu or button.

    Args:
        interaction: It.
        private: Whether only the person sees the reply.
    """
    server = interaction.guild_locale
    features = interaction.guild.features if interaction.guild else ()
    if private or server is None or (server is _UNCHOSEN and _COMMUNITY not in features):
        return language_of(interaction.locale.value)
    return language_of(server.value)


def message_language(services: Services, message: discord.Message) -> str:
    """Return the language of the reply to a message: the server's or, in a direct message, the person's if known."""
    if message.guild:
        return language_of(message.guild.preferred_locale.value)
    return services.languages.get(message.author.id, ENGLISH)


async def remember_language(services: Services, interaction: discord.Interaction[Any]) -> None:
    """Record a person's language where it is not what is known; what is not recorded is English."""
    person, language = interaction.user.id, language_of(interaction.locale.value)
    if services.languages.get(person, ENGLISH) == language:
        return
    services.languages[person] = language
    try:
        await services.workers.query(lambda: services.database.save_language(person, language))
    except OnrecordError as error:
        log("language_not_recorded", level=logging.WARNING, error=error)


class CommandTranslator(app_commands.Translator):
    """Translates what Discord shows of commands, from the catalogue: names under "/ask", options under "question:"."""

    async def translate(
        self, string: app_commands.locale_str, locale: discord.Locale, context: app_commands.TranslationContextTypes
    ) -> str | None:
        """Return a name or description in a language; None where there is no translation."""
        language = language_of(locale.value)
        return None if language == ENGLISH else catalogue(language).get(_key(string.message, context))


def _key(message: str, context: app_commands.TranslationContextTypes) -> str:
    places = app_commands.TranslationContextLocation
    if context.location is places.parameter_name:
        return f"{message}:"
    is_typed = context.location in {places.command_name, places.group_name}
    return f"/{message}" if is_typed and not isinstance(context.data, app_commands.ContextMenu) else message
