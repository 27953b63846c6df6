"""The bot's commands, one subject a file. Each gets the bot; none knows another."""

from __future__ import annotations

from bot.discord.cogs.admin import Keepers
from bot.discord.cogs.ask import Ask
from bot.discord.cogs.info import DeskCog
from bot.discord.cogs.messages import Messages
from bot.discord.cogs.quotes import Quotes

COGS = (Ask, Messages, Quotes, DeskCog, Keepers)
"""Every cog, in the order in which they are added."""
