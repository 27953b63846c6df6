"""Personal data: everything stored about a person, to hand over and to delete."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from bot.discord.ask_flow import conversation_name, is_conversation_of
from bot.discord.services import Services


def personal_data(services: Services, person: int) -> dict[str, Any]:
    """Return every row that belongs to a person, and the turns of their conversations. Blocks."""
    store = services.app.conversations
    names = [entry.name for entry in store.names() if is_conversation_of(entry.name, person)]
    conversations = {name: [asdict(turn) for turn in store.turns(name)] for name in names}
    return {"person": str(person), **services.database.personal_rows(person), "conversations": conversations}


def delete_personal_data(services: Services, person: int) -> int:
    """Delete all of it; return the number of rows deleted. Blocks.

    Others' answers and conversations that go on with the person's words go, too.
    """
    store = services.app.conversations
    names = [entry.name for entry in store.names() if is_conversation_of(entry.name, person)]
    services.languages.pop(person, None)
    for other, channel in services.database.repeated_in(person):
        for private in (False, True):
            store.forget(conversation_name(channel, other, private=private))
    return services.database.delete_person(person) + sum(store.forget(name) for name in names)
