"""Tells Discord of the commands when they changed, not at every start: registering them is rationed."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from discord import app_commands

from bot.discord.logs import log

if TYPE_CHECKING:
    from bot.discord.client import OnrecordBot


async def sync_if_changed(bot: OnrecordBot) -> bool:
    """Register the commands unless the same were registered last; return whether they were.

    Raises:
        discord.HTTPException: Discord refused.
    """
    name = f"commands:{bot.application_id}"
    digest = commands_digest(bot.tree)
    if await bot.bench.note(lambda: bot.records.fact(name)) == digest:
        return False
    await bot.tree.sync()
    await bot.bench.note(lambda: bot.records.note(name, digest))
    log("commands_synced", commands=len(bot.tree.get_commands()))
    return True


def commands_digest(tree: app_commands.CommandTree[Any]) -> str:
    """Return a hash of all that Discord knows of the commands."""
    # A menu of messages is listed apart from the commands that are typed.
    commands = [command.to_dict(tree) for command in tree._get_all_commands()]  # noqa: SLF001 (there is no public way)
    text = json.dumps(sorted(commands, key=lambda one: (one["type"], one["name"])), sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
