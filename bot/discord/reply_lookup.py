"""Reply lookup: which stored reply a message of the bot shows, and whose words a message repeats."""

from __future__ import annotations

import discord

from bot.discord.buttons import reply_id_of
from bot.discord.database import StoredReply
from bot.discord.services import Services


async def shown_reply(services: Services, message: discord.Message) -> StoredReply | None:
    """Return the stored reply that a message shows; None where it shows none, or it is no longer stored."""
    identifier = reply_id_of(message) if message.author.id == services.user_id else ""
    return await services.workers.query(lambda: services.database.reply(identifier)) if identifier else None


async def authors_of(services: Services, message: discord.Message) -> tuple[int, ...]:
    """Return the people whose words a message repeats: its author; of an answer of the bot, who asked for it."""
    if message.author.id != services.user_id:
        return (message.author.id,)
    stored = await shown_reply(services, message)
    return stored.people if stored else ()
