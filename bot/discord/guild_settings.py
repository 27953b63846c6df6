"""Per-server and per-channel settings: where the bot answers, in a thread or not, and what it searches by default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.discord.database import BotDatabase
from retrieval.articles import Filters

SETTING_NAMES = ("answer", "thread", "source", "since", "until", "role")
"""What can be set; ``role`` only for a whole server."""


@dataclass(frozen=True, slots=True)
class GuildSettings:
    """What holds in one place.

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

    def filters(self, source: str | None, since: str | None, until: str | None) -> Filters:
        """Return what a question is limited to: what was named, else the defaults of the place."""
        chosen = source or self.source
        return Filters(
            sources=(chosen,) if chosen else (), since=since or self.since or "", until=until or self.until or ""
        )


class GuildSettingsStore:
    """The settings of every server, in memory; written through to the records.

    Args:
        records: Where they are kept.
    """

    def __init__(self, records: BotDatabase) -> None:
        self._records = records
        self._known: dict[str, dict[str, str]] = {}

    def load(self) -> None:
        """Read what is kept."""
        self._known.clear()
        for scope, name, value in self._records.rules():
            self._known.setdefault(scope, {})[name] = value

    def put(self, scope: str, name: str, value: str) -> None:
        """Set or, with an empty value, take away a setting of "guild:1" or "channel:2"."""
        self._records.rule(scope, name, value)
        known = self._known.setdefault(scope, {})
        if value:
            known[name] = value
        else:
            known.pop(name, None)

    def at(self, guild: int, channel: int) -> GuildSettings:
        """Return what holds in a channel: its own settings over its server's. A thread has its channel's."""
        given = {**self.given(f"guild:{guild}"), **self.given(f"channel:{channel}")}
        return GuildSettings(
            answer=given.get("answer", "on") == "on",
            thread=given.get("thread", "off") == "on",
            source=given.get("source", ""),
            since=given.get("since", ""),
            until=given.get("until", ""),
            role=int(given.get("role", "0")),
        )

    def given(self, scope: str) -> Mapping[str, str]:
        """Return what is set for "guild:1" or "channel:2" itself."""
        return dict(self._known.get(scope, {}))
