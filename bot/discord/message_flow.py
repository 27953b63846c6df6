"""Message flow: which messages are questions to the bot, and their answers."""

from __future__ import annotations

import datetime as dt
import logging
import re

import discord

from bot.discord.ask_flow import DiscordQuestion, answer_question, open_thread
from bot.discord.database import StoredReply, UnfinishedReply
from bot.discord.delivery import CONNECTION_ERRORS, PARTIAL_CHANNELS, MessageReply, typing_indicator
from bot.discord.errors import BotRefusal, QueueFull, RateLimited, error_message
from bot.discord.guild_settings import GuildSettings
from bot.discord.languages import message_language
from bot.discord.logs import correlation, log
from bot.discord.reply_lookup import shown_reply
from bot.discord.services import Services
from bot.render.catalogue import speaking, translated

USAGE_HINT = "Mention me with a question, reply to an answer, or use `/ask`. `/help` lists everything I can do."
ROLE_HINT = "Mention me, not my role: Discord hides the words of a message from me that only names my role."
ANSWERS_OFF_HINT = "Answers are off in that channel. With `/ask` there, only you see the answer; here you can just ask."
NO_PERMISSION_HINT = "I may not write in that channel. With `/ask` there, or here in this chat, I can still answer you."
UNREADABLE_HINT = "I can only read messages that mention me or reply to me (with the ping on), and `/ask`."

MAX_EDIT_AGE = dt.timedelta(minutes=15)
"""How old a message may be that an edit addresses to the bot."""

_QUESTION_TYPES = frozenset({discord.MessageType.default, discord.MessageType.reply})


async def answer_message(
    services: Services, message: discord.Message, unfinished: UnfinishedReply | None = None
) -> bool:
    """Answer a message that is for the bot and was not answered before; return whether it was one.

    Args:
        services: The bot's services.
        message: The message.
        unfinished: How far an earlier run has answered it: that is finished.
    """
    if not is_for_bot(services, message):
        return False
    event = message_event(message.id)
    if not await services.claim_event(event):
        return False
    with correlation() as reference, speaking(message_language(services, message)):
        async with services.event_in_progress():
            log("received", handler="message", guild=_guild_id(message) or None)
            try:
                await _answer(services, message, unfinished)
            except Exception as error:  # noqa: BLE001 (a failing handler never stops the others)
                level = logging.INFO if isinstance(error, BotRefusal) else logging.WARNING
                log("failed", level=level, error=error, handler="message")
                if services.client.is_closed():
                    return True  # the next start finishes it
                await _report(services, message, error, reference)
            await services.complete_event(event)
    return True


def is_for_bot(services: Services, message: discord.Message) -> bool:
    """Return whether a person addresses the bot in a place where it may answer."""
    me = services.user_id
    if not me or message.author.bot or message.webhook_id or message.type not in _QUESTION_TYPES:
        return False
    if message.guild is None:
        return True
    if _mentions(message, me) or _mentions_role(message) or _replied_to(message) == me:
        return True
    is_for_others = bool(message.mentions or message.reference)
    in_own_thread = message.channel.id in services.own_threads and not is_for_others
    return in_own_thread and _settings(services, message).answer


async def answer_edited(services: Services, payload: discord.RawMessageUpdateEvent) -> bool:
    """Answer a recent message in which the bot is mentioned since it was edited; return whether it was one."""
    message = payload.message
    is_recent = discord.utils.utcnow() - message.created_at <= MAX_EDIT_AGE
    if message.edited_at is None or not is_recent or not _mentions(message, services.user_id):
        return False
    return await answer_message(services, message)


def question_text(services: Services, message: discord.Message) -> str:
    """Return what a message asks: its lines without the mention of the bot, or of its role."""
    role = message.guild.self_role if message.guild else None
    words = re.sub(rf"<@!?{services.user_id}>" + (rf"|<@&{role.id}>" if role else ""), " ", message.content)
    return "\n".join(filter(None, (" ".join(line.split()) for line in words.splitlines())))


async def _answer(services: Services, message: discord.Message, unfinished: UnfinishedReply | None) -> None:
    refusal = _refusal(services, message)
    if refusal:
        await _tell_asker(services, message, refusal)
        return
    text = question_text(services, message)
    if not text:
        await _hint(services, message)
        return
    guild = _guild_id(message)
    if not guild:
        await services.workers.query(
            lambda: services.database.save_direct_channel(message.channel.id, message.author.id)
        )
    settings = _settings(services, message)
    asked_in = message.channel.id
    channel: discord.abc.Messageable = message.channel
    if unfinished:
        found = services.client.get_channel(unfinished.reply_channel)
        channel = found if isinstance(found, discord.abc.Messageable) else channel
    else:
        services.admit(message.author.id, asked_in)
        if settings.thread and isinstance(message.channel, discord.TextChannel):
            channel = await open_thread(services, message, text) or channel
    reply_channel = channel.id if isinstance(channel, PARTIAL_CHANNELS) else asked_in
    journal = services.journal(
        unfinished
        or UnfinishedReply(
            message_event(message.id), message.author.id, guild, asked_in, reply_channel, services.database.clock()
        ),
        resumed=unfinished is not None,
    )
    shown = journal.reply.message
    reply = MessageReply(
        channel,
        message if reply_channel == asked_in and not journal.reply.answered else None,
        layout=services.layout,
        shown=channel.get_partial_message(shown) if shown and isinstance(channel, PARTIAL_CHANNELS) else None,
        journal=journal,
    )
    replied = await _replied_answer(services, message)
    question = DiscordQuestion(
        text,
        message.author.id,
        guild,
        reply_channel,
        settings.filters(),
        after=replied.turn if replied else None,
        words_of=replied.people if replied else (),
    )
    async with typing_indicator(channel):
        await answer_question(services, question, reply)


def message_event(message: int) -> str:
    """Return the name of the event that a message is."""
    return f"message:{message}"


async def _replied_answer(services: Services, message: discord.Message) -> StoredReply | None:
    """Return the answer of the bot that a message replies to; None where it replies to none that is stored."""
    resolved = message.reference.resolved if message.reference else None
    return await shown_reply(services, resolved) if isinstance(resolved, discord.Message) else None


async def _hint(services: Services, message: discord.Message) -> None:
    """Explain how to ask: to a mention without words, and once in a thread whose messages cannot be read."""
    if _mentions_role(message) and not _mentions(message, services.user_id):
        await _reply(services, message, translated(ROLE_HINT))
    elif message.guild is None or _mentions(message, services.user_id):
        await _reply(services, message, translated(USAGE_HINT))
    elif message.attachments or message.stickers:
        return
    elif message.channel.id not in services.own_threads or await services.workers.query(
        lambda: services.database.mark_thread_hinted(message.channel.id)
    ):
        await _reply(services, message, translated(UNREADABLE_HINT))


def _refusal(services: Services, message: discord.Message) -> str:
    """Return why a message is not answered where it was written; empty where it is."""
    if message.guild is None:
        return ""
    if not _settings(services, message).answer:
        return translated(ANSWERS_OFF_HINT)
    channel, me = message.channel, message.guild.me
    if me is None or isinstance(channel, discord.abc.PrivateChannel):
        return ""
    permissions = channel.permissions_for(me)
    in_thread = isinstance(channel, discord.Thread)
    may_write = permissions.send_messages_in_threads if in_thread else permissions.send_messages
    return "" if may_write else translated(NO_PERMISSION_HINT)


async def _report(services: Services, message: discord.Message, error: Exception, reference: str) -> None:
    """Say why there is no answer: to the asker alone where it is the asker's to wait, or the channel is closed."""
    if isinstance(error, discord.Forbidden):
        await _tell_asker(services, message, translated(NO_PERMISSION_HINT))
    elif not isinstance(error, QueueFull | RateLimited) or not await _tell_asker(services, message, str(error)):
        await _reply(services, message, error_message(error, reference))


async def _tell_asker(services: Services, message: discord.Message, text: str) -> bool:
    """Tell the asker alone, in a direct message; return whether Discord let it through."""
    try:
        await MessageReply(await message.author.create_dm(), layout=services.layout).say(text)
    except (discord.HTTPException, *CONNECTION_ERRORS) as error:
        log("asker_not_told", error=error)
        return False
    return True


async def _reply(services: Services, message: discord.Message, text: str) -> None:
    try:
        await MessageReply(message.channel, message, layout=services.layout).say(text)
    except (discord.HTTPException, *CONNECTION_ERRORS) as error:
        log("reply_failed", level=logging.WARNING, error=error)


def _guild_id(message: discord.Message) -> int:
    return message.guild.id if message.guild else 0


def _mentions(message: discord.Message, user: int) -> bool:
    return any(mentioned.id == user for mentioned in message.mentions)


def _mentions_role(message: discord.Message) -> bool:
    role = message.guild.self_role if message.guild else None
    return role is not None and role in message.role_mentions


def _replied_to(message: discord.Message) -> int:
    """Return the author of the message that a message replies to; 0 where it is no reply or that is not known."""
    resolved = message.reference.resolved if message.reference else None
    return resolved.author.id if isinstance(resolved, discord.Message) else 0


def _settings(services: Services, message: discord.Message) -> GuildSettings:
    channel = message.channel
    parent = channel.parent_id if isinstance(channel, discord.Thread) else channel.id
    return services.guild_settings.at(_guild_id(message), parent)
