"""Settings in words. Pure: values in, text out."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bot.discord.escape import escaped_line
from bot.discord.guild_settings import GuildSettings

MAX_NAME_CHARACTERS = 100
"""Characters of a name that is shown."""
MAX_CHANNELS_NAMED = 10
"""Channels with settings of their own that are named."""

_KEEPERS = "those who manage this server"


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
    days = [
        f"{word} {escaped_line(day)}" for word, day in (("since", settings.since), ("until", settings.until)) if day
    ]
    lines = [
        ("answer", f"Answers: {'everybody sees them' if settings.answer else 'only who asked sees them'}"),
        ("thread", f"Threads: {'an answer opens one' if settings.thread else 'none are opened'}"),
        ("source", f"Outlet: {escaped_line(settings.source, MAX_NAME_CHARACTERS) or 'all'}"),
        ("since until", f"Published: {' '.join(days) or 'any day'}"),
        ("role", f"Articles and settings: {_KEEPERS}" + (f", and {escaped_line(role, 100)}" if role else "")),
    ]
    shown = [f"**Settings of {escaped_line(place, MAX_NAME_CHARACTERS)}**"]
    for names, words in lines:
        of_server = own is not None and names != "role" and not set(names.split()) & set(own)
        shown.append(f"- {words}{' (as in the server)' if of_server else ''}")
    if role:
        shown.append(
            "-# Discord shows that role /ingest, /remove and /settings once it is allowed them under Server Settings, "
            "Integrations."
        )
    if apart:
        named = ", ".join(f"#{escaped_line(name, MAX_NAME_CHARACTERS)}" for name in apart[:MAX_CHANNELS_NAMED])
        more = f" and {len(apart) - MAX_CHANNELS_NAMED} more" if len(apart) > MAX_CHANNELS_NAMED else ""
        shown.append(f"-# With settings of their own: {named}{more}.")
    return "\n".join(shown)
