"""The bot's commands, one subject a file. Each gets the bot; none knows another."""

from __future__ import annotations

from bot.discord.cogs.admin import AdminCog
from bot.discord.cogs.ask import AskCog
from bot.discord.cogs.info import InfoCog
from bot.discord.cogs.messages import MessagesCog
from bot.discord.cogs.quotes import QuotesCog

COGS = (AskCog, MessagesCog, QuotesCog, InfoCog, AdminCog)
"""Every cog, in the order in which they are added."""
