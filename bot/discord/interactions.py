"""What every handler of a command, menu or button goes through: acknowledge first, answer once, say what went wrong."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

import discord

from bot.discord.delivery import CONNECTION_ERRORS, InteractionReply, acknowledge
from bot.discord.errors import BotRefusal, ShuttingDown, error_message
from bot.discord.guild_settings import GuildSettings
from bot.discord.logs import correlation, log
from bot.discord.pages import MessagePage

if TYPE_CHECKING:
    from bot.discord.client import OnrecordBot

Interaction = discord.Interaction[Any]


@contextlib.asynccontextmanager
async def acknowledged_reply(
    bot: OnrecordBot, interaction: Interaction, doing: str, *, private: bool = True
) -> AsyncIterator[InteractionReply | None]:
    """Acknowledge an interaction, then lend the reply to it. None means that it was dealt with before: do nothing.

    Whatever the block raises is said to the person in one sentence and noted in the log; it never goes further.

    Args:
        bot: The bot.
        interaction: What came.
        doing: What it is, for the log.
        private: Whether only the person sees the answer.
    """
    acknowledged = await acknowledge(interaction, private=private)
    with correlation() as reference:
        reply = InteractionReply(interaction, private=private)
        if acknowledged and bot.stopping:
            await _tell(reply, str(ShuttingDown()))
            yield None
            return
        event = f"interaction:{interaction.id}"
        if not acknowledged or not await bot.claim(event):
            log("seen_before", doing=doing)
            yield None
            return
        async with bot.at_work():
            log("asked", doing=doing, guild=interaction.guild_id, channel=interaction.channel_id)
            try:
                yield reply
            except Exception as error:  # noqa: BLE001 (a failing handler never stops the rest)
                level = logging.INFO if isinstance(error, BotRefusal) else logging.WARNING
                log("failed", level=level, error=error, doing=doing)
                await _tell(reply, error_message(error, reference))
            await bot.done(event)


async def _tell(reply: InteractionReply, message: str) -> None:
    try:
        await reply.finish([MessagePage(message)], [None])
    except (discord.HTTPException, *CONNECTION_ERRORS) as error:
        log("not_told", level=logging.WARNING, error=error)


def settings_place(interaction: Interaction) -> tuple[int, int]:
    """Return the server (0 for none) and the channel whose settings hold: a thread has its channel's."""
    channel = interaction.channel
    parent = channel.parent_id if isinstance(channel, discord.Thread) else interaction.channel_id
    return interaction.guild_id or 0, parent or 0


def settings_at(bot: OnrecordBot, interaction: Interaction) -> GuildSettings:
    """Return the settings that hold where an interaction came from."""
    return bot.rules.at(*settings_place(interaction))


def may_administrate(bot: OnrecordBot, interaction: Interaction) -> bool:
    """Return whether a person may change articles and settings: manages the server, or has its configured role."""
    member = interaction.user
    if not interaction.guild_id or not isinstance(member, discord.Member):
        return False
    trusted = bot.app.settings.discord_servers
    if trusted and str(interaction.guild_id) not in trusted.split(","):
        return False
    role = settings_at(bot, interaction).role
    return interaction.permissions.manage_guild or (role != 0 and any(each.id == role for each in member.roles))
