"""Command sync: registers the commands with Discord only when they have changed, since registering is rate-limited.

A refusal does not stop the bot: messages are answered without commands, and registering is tried again.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from collections.abc import Mapping
from typing import Any, Final

import discord
from discord import app_commands

from bot.discord.delivery import CONNECTION_ERRORS
from bot.discord.logs import log
from bot.discord.services import Services
from retrieval.errors import OnrecordError

FIRST_ATTEMPT_SECONDS = 10.0
"""How long the start waits for the commands at most; the attempt goes on beside it."""
RETRY_SECONDS = 60.0
"""Before the first repetition, doubled each time up to ``MAX_RETRY_SECONDS``."""
MAX_RETRY_SECONDS = 3_600.0
"""Between two attempts at most: Discord accepts 200 new commands a day."""

_HINTS: Final[Mapping[int, str]] = {
    50001: "invite the bot again with the link of `onrecord discord --invite`: it needs applications.commands",
    50013: "invite the bot again with the link of `onrecord discord --invite`: it needs applications.commands",
    50035: "Discord does not take the fields that are named: change their texts, or install another version",
    30032: "this application has too many commands: remove others in the developer portal",
    30034: "Discord takes no more commands of this application today: they are tried again",
}
_OTHER_HINT = "check the application's id and token in the developer portal"
_SERVER_HINT = "Discord or the network is out of order: it is tried again"
_BAD_REQUEST, _SERVER_ERROR = 400, 500  # HTTP status


class CommandSync:
    """Registers the commands, and goes on trying until that has succeeded.

    Args:
        services: The bot's services; ``commands_problem`` says why the commands are not registered.
        tree: The commands.
    """

    def __init__(self, services: Services, tree: app_commands.CommandTree[Any]) -> None:
        self._services = services
        self._tree = tree
        self.attempted = asyncio.Event()

    async def run(self) -> None:
        """Register the commands."""
        delay = RETRY_SECONDS
        while not await self._attempt():
            await asyncio.sleep(delay)
            delay = min(delay * 2, MAX_RETRY_SECONDS)

    async def _attempt(self) -> bool:
        services = self._services
        try:
            await sync_if_changed(services, self._tree)
        except (discord.DiscordException, *CONNECTION_ERRORS, OnrecordError) as error:
            services.commands_problem = problem = sync_problem(error)
            log("commands_not_registered", level=logging.ERROR, error=error, reason=problem)
            return False
        finally:
            self.attempted.set()
        services.commands_problem = ""
        return True


async def sync_if_changed(services: Services, tree: app_commands.CommandTree[Any]) -> bool:
    """Register the commands unless the same ones were registered last; return whether they were registered.

    Raises:
        discord.HTTPException: Discord refused.
    """
    database, workers = services.database, services.workers
    key = f"commands:{services.client.application_id}"
    digest = await commands_digest(tree)
    if await workers.query(lambda: database.fact(key)) == digest:
        return False
    await tree.sync()
    await workers.query(lambda: database.save_fact(key, digest))
    log("commands_synced", commands=len(tree.get_commands()))
    return True


async def command_payloads(tree: app_commands.CommandTree[Any]) -> list[dict[str, Any]]:
    """Return everything that Discord is told about the commands, their names in other languages included."""
    translator = tree.translator
    # The public `get_commands` leaves out context menus.
    commands = tree._get_all_commands()  # noqa: SLF001 (there is no public way)
    if translator is None:
        return [command.to_dict(tree) for command in commands]
    return [await command.get_translated_payload(tree, translator) for command in commands]


async def commands_digest(tree: app_commands.CommandTree[Any]) -> str:
    """Return a hash of what Discord is told about the commands."""
    commands = await command_payloads(tree)
    text = json.dumps(sorted(commands, key=lambda one: (one["type"], one["name"])), sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def sync_problem(error: Exception) -> str:
    """Return in one line why the commands were not registered, with Discord's reason and what to change."""
    if isinstance(error, discord.HTTPException) and _BAD_REQUEST <= error.status < _SERVER_ERROR:
        words = str(error) if isinstance(error, app_commands.CommandSyncFailure) else error.text
        reason = "; ".join(filter(None, (line.strip() for line in words.splitlines())))
        refusal = f"Discord refused the commands (HTTP {error.status}, error code {error.code}): {reason}"
        return f"{refusal} - {_HINTS.get(error.code, _OTHER_HINT)}"
    return f"the commands could not be registered ({type(error).__name__}) - {_SERVER_HINT}"
