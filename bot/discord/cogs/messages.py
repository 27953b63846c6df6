"""Questions sent as messages: mentions, replies to the bot, direct messages, and messages in its threads."""

from __future__ import annotations

import discord
from discord.ext import commands

from bot.discord.message_flow import answer_edited, answer_message
from bot.discord.services import Services


class MessagesCog(commands.Cog):
    """Answers messages."""

    def __init__(self, services: Services) -> None:
        self.services = services

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Answer a message that is for the bot."""
        await answer_message(self.services, message)

    @commands.Cog.listener()
    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Answer a message that an edit addresses to the bot."""
        await answer_edited(self.services, payload)
