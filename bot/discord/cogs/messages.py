"""Questions that come as messages: mentions, replies to the bot, direct messages, and what is said in its threads."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING

import discord
from discord.ext import commands

from bot.discord.ask_flow import DiscordQuestion, answer_question
from bot.discord.cogs.ask import open_thread
from bot.discord.delivery import CONNECTION_ERRORS, MessageReply, typing_indicator
from bot.discord.errors import BotRefusal, error_message
from bot.discord.guild_settings import GuildSettings
from bot.discord.logs import correlation, log
from bot.discord.pages import MessagePage

if TYPE_CHECKING:
    from bot.discord.client import OnrecordBot

USAGE_HINT = "Ask me something: mention me with a question, reply to an answer, or use `/ask`. `/help` tells the rest."
UNREADABLE_HINT = "I can only read messages that mention me or reply to me (with the ping on), and `/ask`."

_QUESTION_TYPES = frozenset({discord.MessageType.default, discord.MessageType.reply})


class MessagesCog(commands.Cog):
    """Attends to messages.

    Args:
        bot: The bot.
    """

    def __init__(self, bot: OnrecordBot) -> None:
        self.bot = bot

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Answer a message that is for the bot."""
        await self.attend(message)

    async def attend(self, message: discord.Message) -> bool:
        """Answer a message if it is for the bot and was not answered before; return whether it was to be answered."""
        if not self.is_for_us(message):
            return False
        event = f"message:{message.id}"
        if not await self.bot.claim(event):
            return False
        with correlation() as reference:
            async with self.bot.at_work():
                log("asked", doing="message", guild=message.guild.id if message.guild else None)
                try:
                    await self._answer(message)
                except Exception as error:  # noqa: BLE001 (a failing handler never stops the rest)
                    level = logging.INFO if isinstance(error, BotRefusal) else logging.WARNING
                    log("failed", level=level, error=error, doing="message")
                    await self._tell(message, error_message(error, reference))
                await self.bot.done(event)
        return True

    def is_for_us(self, message: discord.Message) -> bool:
        """Return whether a person speaks to the bot where it may answer."""
        me = self.bot.user
        if me is None or message.author.bot or message.webhook_id or message.type not in _QUESTION_TYPES:
            return False
        if message.guild is None:
            return True
        if not self._rules(message).answer:
            return False
        to_us = any(user.id == me.id for user in message.mentions) or self._replied_to(message) == me.id
        to_others = bool(message.mentions or message.reference)
        return to_us or (message.channel.id in self.bot.own_threads and not to_others)

    def _replied_to(self, message: discord.Message) -> int:
        reference = message.reference
        resolved = reference.resolved if reference else None
        return resolved.author.id if isinstance(resolved, discord.Message) else 0

    def _rules(self, message: discord.Message) -> GuildSettings:
        channel = message.channel
        parent = channel.parent_id if isinstance(channel, discord.Thread) else channel.id
        return self.bot.rules.at(message.guild.id if message.guild else 0, parent)

    def text(self, message: discord.Message) -> str:
        """Return what a message asks: its words without the mention of the bot."""
        me = self.bot.user.id if self.bot.user else 0
        return " ".join(re.sub(rf"<@!?{me}>", " ", message.content).split())

    async def _answer(self, message: discord.Message) -> None:
        text = self.text(message)
        if not text:
            await self._hint(message)
            return
        guild = message.guild.id if message.guild else 0
        if not guild:
            await self.bot.bench.note(lambda: self.bot.records.spoke(message.channel.id, message.author.id))
        here = self._rules(message)
        self.bot.pace.check(message.author.id, message.channel.id)
        channel: discord.abc.Messageable = message.channel
        to: discord.Message | None = message
        if here.thread and isinstance(message.channel, discord.TextChannel):
            thread = await open_thread(self.bot, message, text)
            channel, to = (thread, None) if thread else (channel, to)
        where = channel.id if isinstance(channel, discord.Thread) else message.channel.id
        question = DiscordQuestion(text, message.author.id, guild, where, here.filters(None, None, None))
        async with typing_indicator(channel):
            await answer_question(self.bot, question, MessageReply(channel, to))

    async def _hint(self, message: discord.Message) -> None:
        """Say how to ask: to whoever mentions the bot without a word, and once in a thread that it cannot read."""
        me = self.bot.user
        if me and (message.guild is None or any(user.id == me.id for user in message.mentions)):
            await self._tell(message, USAGE_HINT)
        elif message.attachments or message.stickers:
            return
        elif message.channel.id not in self.bot.own_threads or await self.bot.bench.note(
            lambda: self.bot.records.hinted(message.channel.id)
        ):
            await self._tell(message, UNREADABLE_HINT)

    async def _tell(self, message: discord.Message, words: str) -> None:
        try:
            await MessageReply(message.channel, message).finish([MessagePage(words)], [None])
        except (discord.HTTPException, *CONNECTION_ERRORS) as error:
            log("not_told", level=logging.WARNING, error=error)
