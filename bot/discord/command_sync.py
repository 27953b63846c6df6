"""Command sync: registers the commands with Discord only when they have changed, since registering is rate-limited."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from discord import app_commands

from bot.discord.logs import log
from bot.discord.services import Services


async def sync_if_changed(services: Services, tree: app_commands.CommandTree[Any]) -> bool:
    """Register the commands unless the same ones were registered last; return whether they were registered.

    Raises:
        discord.HTTPException: Discord refused.
    """
    database, workers = services.database, services.workers
    key = f"commands:{services.client.application_id}"
    digest = commands_digest(tree)
    if await workers.query(lambda: database.fact(key)) == digest:
        return False
    await tree.sync()
    await workers.query(lambda: database.save_fact(key, digest))
    log("commands_synced", commands=len(tree.get_commands()))
    return True


def commands_digest(tree: app_commands.CommandTree[Any]) -> str:
    """Return a hash of everything that Discord is told about the commands."""
    # The public `get_commands` leaves out context menus.
    commands = [command.to_dict(tree) for command in tree._get_all_commands()]  # noqa: SLF001 (there is no public way)
    text = json.dumps(sorted(commands, key=lambda one: (one["type"], one["name"])), sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
