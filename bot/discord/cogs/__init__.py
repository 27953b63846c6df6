"""The bot's commands, one subject a file. Each gets the bot; none knows another."""

from __future__ import annotations

from bot.discord.cogs.ask import Ask
from bot.discord.cogs.messages import Messages

COGS = (Ask, Messages)
"""Every cog, in the order in which they are added."""
