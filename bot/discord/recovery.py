"""Recovery: finishes the replies that an earlier run left unfinished, because it was killed or shut down meanwhile.

Each is finished exactly once: an answer takes the place of its preview, and one that cannot come any more is removed.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any, Final

import discord

from bot.discord.ask_flow import answer_question, recorded_question
from bot.discord.database import UnfinishedReply
from bot.discord.delivery import PARTIAL_CHANNELS, InteractionReply, MessageReply, Reply
from bot.discord.errors import error_message
from bot.discord.logs import correlation, log
from bot.discord.message_flow import answer_message
from bot.discord.services import Services
from bot.render.catalogue import ENGLISH, speaking, translated

TOKEN_SECONDS: Final = 15 * 60.0
"""How long Discord holds an interaction open."""
RESTARTED = "I was restarted while I was working on this: please try again."

_CONCURRENT = 8  # replies that are finished at a time


async def finish_replies(services: Services) -> int:
    """Finish what earlier runs left unfinished; return the number of replies."""
    unfinished = await services.workers.query(lambda: services.database.unfinished(services.run_id))
    room = asyncio.Semaphore(_CONCURRENT)

    async def finish(reply: UnfinishedReply) -> bool:
        async with room:
            return await _finish(services, reply)

    return sum(await asyncio.gather(*map(finish, unfinished)))


async def _finish(services: Services, unfinished: UnfinishedReply) -> bool:
    with correlation():
        try:
            if unfinished.token:
                return await _finish_interaction(services, unfinished)
            return await _finish_message(services, unfinished)
        except Exception as error:  # noqa: BLE001 (one reply never ends the recovery of the others)
            log("not_recovered", level=logging.WARNING, error=error)
            return False


async def _finish_message(services: Services, unfinished: UnfinishedReply) -> bool:
    """Answer a message that was being answered; remove the preview of one that was deleted meanwhile."""
    channel = await _channel(services, unfinished.channel)
    try:
        message = await channel.fetch_message(int(unfinished.event.rpartition(":")[2]))
    except discord.NotFound:
        message = None
    if message is not None and await answer_message(services, message, unfinished):
        return True
    if await services.claim_event(unfinished.event):
        await _preview(services, await _channel(services, unfinished.reply_channel), unfinished).retract()
        await services.complete_event(unfinished.event)
    return False


async def _finish_interaction(services: Services, unfinished: UnfinishedReply) -> bool:
    """Answer a command that was being answered: by its token, then as a message where everybody sees it."""
    if not await services.claim_event(unfinished.event):
        return False
    async with services.event_in_progress():
        reply = await _interaction_reply(services, unfinished)
        if reply:
            language = services.languages.get(unfinished.owner, ENGLISH)
            with correlation() as reference, speaking(language):
                try:
                    await _answer(services, unfinished, reply)
                except Exception as error:  # noqa: BLE001 (reported to the person, as of any interaction)
                    log("failed", level=logging.WARNING, error=error, handler="recovery")
                    if services.client.is_closed():
                        return False
                    await reply.say(error_message(error, reference))
        await services.complete_event(unfinished.event)
    return reply is not None


async def _answer(services: Services, unfinished: UnfinishedReply, reply: Reply) -> None:
    if unfinished.question:
        await answer_question(services, recorded_question(unfinished.question), reply)
    else:
        await reply.say(translated(RESTARTED))


async def _interaction_reply(services: Services, unfinished: UnfinishedReply) -> Reply | None:
    """Return where the answer goes; None where nothing can be changed any more."""
    is_open = services.database.clock() - unfinished.at < TOKEN_SECONDS
    if not is_open and (unfinished.private or not unfinished.message):
        return None
    channel = None if unfinished.private else await _channel(services, unfinished.channel)
    if not is_open:
        return _preview(services, channel, unfinished)
    return InteractionReply(
        _interaction(services, unfinished, channel),
        private=unfinished.private,
        layout=services.layout,
        follows=bool(unfinished.answered),
        journal=services.journal(unfinished),
    )


def _interaction(services: Services, unfinished: UnfinishedReply, channel: object) -> discord.Interaction[Any]:
    """Return an interaction that an earlier run acknowledged, as far as a reply needs it."""
    payload: Any = {
        "id": unfinished.event.rpartition(":")[2],
        "application_id": services.client.application_id,
        "type": discord.InteractionType.application_command.value,
        "token": unfinished.token,
        "version": 1,
        "attachment_size_limit": 0,
    }
    state: Any = services.client._connection  # noqa: SLF001 (what discord.py makes interactions with)
    interaction = discord.Interaction[Any](data=payload, state=state)
    interaction.channel = channel  # type: ignore[assignment]  # one that holds messages
    return interaction


def _preview(services: Services, channel: object, unfinished: UnfinishedReply) -> MessageReply:
    """Return the reply whose preview is shown."""
    if not isinstance(channel, PARTIAL_CHANNELS):
        raise TypeError("the channel holds no messages")
    shown = channel.get_partial_message(unfinished.message) if unfinished.message else None
    return MessageReply(channel, layout=services.layout, shown=shown, journal=services.journal(unfinished))


async def _channel(services: Services, identifier: int) -> discord.abc.Messageable:
    client = services.client
    channel = client.get_channel(identifier) or await client.fetch_channel(identifier)
    if not isinstance(channel, discord.abc.Messageable):
        raise TypeError("the channel holds no messages")
    return channel
