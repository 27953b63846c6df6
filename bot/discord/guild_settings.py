"""Guild settings: per server and per channel, where the bot answers, in a thread or not, and its default filters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bot.discord.database import BotDatabase
from retrieval.articles import Filters


@dataclass(frozen=True, slots=True)
class GuildSettings:
    """The settings that hold in one channel.

    Attributes:
        answer: Whether the bot answers where everybody sees it; if not, only in private.
        thread: Whether an answer opens a thread.
        source: The outlet that is searched where none is named.
        since: The first day likewise.
        until: The last day likewise.
        role: The role that may change articles and settings, besides those who manage the server; 0: none.
    """

    answer: bool = True
    thread: bool = False
    source: str = ""
    since: str = ""
    until: str = ""
    role: int = 0

    def filters(self, source: str | None = None, since: str | None = None, until: str | None = None) -> Filters:
        """Return the filters of a question: what was named, else the defaults."""
        source = source or self.source
        return Filters(
            sources=(source,) if source else (), since=since or self.since or "", until=until or self.until or ""
        )


class GuildSettingsStore:
    """The settings of every server and channel, in memory and in the database.

    A scope is "guild:1" or "channel:2"; names and values are those of ``GuildSettings``, switches "on" or "off".

    Args:
        database: Where they are stored.
    """

    def __init__(self, database: BotDatabase) -> None:
        self._database = database
        self._values: dict[str, dict[str, str]] = {}

    def load(self) -> None:
        """Read the stored settings. Blocks."""
        self._values.clear()
        for scope, name, value in self._database.settings():
            self._values.setdefault(scope, {})[name] = value

    def save(self, scope: str, name: str, value: str) -> None:
        """Set a setting or, with an empty value, remove it. Blocks."""
        self._database.save_setting(scope, name, value)
        values = self._values.setdefault(scope, {})
        if value:
            values[name] = value
        else:
            values.pop(name, None)

    def at(
        self, guild: int, channel: int, changes: Mapping[str, Mapping[str, str]] = MappingProxyType({})
    ) -> GuildSettings:
        """Return the settings of a channel: its own, else those of its server.

        Args:
            guild: The server; 0 for a direct message.
            channel: The channel; 0 for the server's own settings.
            changes: What is set in a scope, as if it were stored; an empty value removes a setting.
        """
        values: dict[str, str] = {}
        for scope in (guild_scope(guild), channel_scope(channel)):
            own = {**self.explicit(scope), **changes.get(scope, {})}
            values |= {name: value for name, value in own.items() if value}
        return GuildSettings(
            answer=values.get("answer", "on") == "on",
            thread=values.get("thread", "off") == "on",
            source=values.get("source", ""),
            since=values.get("since", ""),
            until=values.get("until", ""),
            role=int(values.get("role", "0")),
        )

    def explicit(self, scope: str) -> Mapping[str, str]:
        """Return what is set for a scope itself."""
        return dict(self._values.get(scope, {}))


def guild_scope(guild: int) -> str:
    """Return the scope of a server's settings."""
    return f"guild:{guild}"


def channel_scope(channel: int) -> str:
    """Return the scope of a channel's own settings."""
    return f"channel:{channel}"
