"""Settings in words. Pure: values in, text out."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bot.discord.escape import escaped_line
from bot.discord.guild_settings import GuildSettings
from bot.render.catalogue import translated

MAX_NAME_CHARACTERS = 100
"""Characters of a name that is shown."""
MAX_CHANNELS_NAMED = 10
"""Channels with settings of their own that are named."""

_KEEPERS = "Articles and settings: those who manage this server"
_ROLE_TOO = "Articles and settings: those who manage this server, and {role}"
_SEEN_BY_ALL = "Answers: everybody sees them"
_SEEN_BY_ASKER = "Answers: only who asked sees them"
_THREADS = "Threads: an answer opens one"
_NO_THREADS = "Threads: none are opened"
_ALLOW_ROLE = (
    "Discord shows that role /ingest, /remove and /settings once it is allowed them under Server Settings, "
    "Integrations."
)


def settings_text(
    settings: GuildSettings, place: str, role: str, *, own: Collection[str] | None = None, apart: Sequence[str] = ()
) -> str:
    """Return the settings that hold in a place, one a line.

    Args:
        settings: What holds there.
        place: Its name.
        role: The name of the configured role; empty for none.
        own: The settings that a channel has itself, the others being its server's; None for a server.
        apart: The names of the channels with settings of their own.
    """
    days = day_words(escaped_line(settings.since), escaped_line(settings.until))
    outlet, keeper = escaped_line(settings.source, MAX_NAME_CHARACTERS), escaped_line(role, 100)
    lines = [
        ("answer", translated(_SEEN_BY_ALL if settings.answer else _SEEN_BY_ASKER)),
        ("thread", translated(_THREADS if settings.thread else _NO_THREADS)),
        ("source", translated("Outlet: {outlet}", outlet=outlet or translated("all"))),
        ("since until", translated("Published: {days}", days=" ".join(days) or translated("any day"))),
        ("role", translated(_ROLE_TOO, role=keeper) if keeper else translated(_KEEPERS)),
    ]
    shown = [f"**{translated('Settings of {place}', place=escaped_line(place, MAX_NAME_CHARACTERS))}**"]
    for names, words in lines:
        of_server = own is not None and names != "role" and not set(names.split()) & set(own)
        shown.append(f"- {words} {translated('(as in the server)')}" if of_server else f"- {words}")
    if role:
        shown.append(f"-# {translated(_ALLOW_ROLE)}")
    if apart:
        named = ", ".join(f"#{escaped_line(name, MAX_NAME_CHARACTERS)}" for name in apart[:MAX_CHANNELS_NAMED])
        rest = len(apart) - MAX_CHANNELS_NAMED
        named += f" {translated('and {number:,} more', number=rest)}" if rest > 0 else ""
        shown.append(f"-# {translated('With settings of their own: {channels}.', channels=named)}")
    return "\n".join(shown)


def day_words(since: str, until: str) -> list[str]:
    """Return "since 2024-01-01", "until 2024-12-31" of the days that are given."""
    words = [translated("since {day}", day=since)] if since else []
    return [*words, translated("until {day}", day=until)] if until else words
