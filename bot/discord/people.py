"""What is kept of a person, to hand over and to delete."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from bot.discord.ask_flow import is_conversation_of

if TYPE_CHECKING:
    from bot.discord.client import OnrecordBot


def personal_data(bot: OnrecordBot, person: int) -> dict[str, Any]:
    """Return every row that belongs to a person, and what was said in their conversations; blocks."""
    kept = bot.app.conversations
    names = [entry.name for entry in kept.names() if is_conversation_of(entry.name, person)]
    conversations = {name: [asdict(turn) for turn in kept.turns(name)] for name in names}
    return {"person": str(person), **bot.records.of(person), "conversations": conversations}


def delete_personal_data(bot: OnrecordBot, person: int) -> int:
    """Delete all of it; return how many rows went. Blocks."""
    kept = bot.app.conversations
    names = [entry.name for entry in kept.names() if is_conversation_of(entry.name, person)]
    return bot.records.forget(person) + sum(kept.forget(name) for name in names)
