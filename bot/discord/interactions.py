"""Interactions: acknowledged first, answered once, and any error reported in one sentence."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from typing import Any

import discord

from bot.discord.database import UnfinishedReply
from bot.discord.delivery import CONNECTION_ERRORS, InteractionReply, acknowledge, with_retries
from bot.discord.errors import BotRefusal, NotPermitted, ShuttingDown, error_message
from bot.discord.guild_settings import GuildSettings
from bot.discord.languages import interaction_language, remember_language
from bot.discord.layout import MessageLayout
from bot.discord.logs import correlation, log
from bot.discord.services import Services
from bot.render.catalogue import speaking
from retrieval.errors import OnrecordError

Interaction = discord.Interaction[Any]


@contextlib.asynccontextmanager
async def acknowledged(
    services: Services,
    interaction: Interaction,
    handler: str,
    *,
    private: bool = True,
    in_place: bool = False,
    check: Callable[[], object] = bool,
) -> AsyncIterator[InteractionReply | None]:
    """Acknowledge an interaction and provide its reply; None if it was answered before, and nothing is to be done.

    The block speaks the language of the reply. An exception of it is reported in one sentence and logged; it never
    propagates.

    Args:
        services: The bot's services.
        interaction: The command, menu or button.
        handler: Its name in the log.
        private: Whether only the person sees the reply.
        in_place: Whether the reply takes the place of the message whose button was pressed; a refusal never does.
        check: Raises what can be refused before anything is looked up; only the person sees that.
    """
    try:
        with speaking(interaction_language(interaction, private=True)):
            await _checked_at_once(interaction, check, handler)
    except OnrecordError:
        yield None
        return
    async with services.acknowledgement():
        is_ours = await acknowledge(interaction, private=private, in_place=in_place)
    with correlation() as reference, speaking(interaction_language(interaction, private=private)):
        reply = InteractionReply(interaction, private=private, layout=_layout(services, interaction, in_place=in_place))
        refusal = reply.following() if in_place else reply
        if is_ours and services.stopping:
            await _reply(refusal, str(ShuttingDown()))
            yield None
            return
        event = f"interaction:{interaction.id}"
        if not is_ours or not await services.claim_event(event):
            log("duplicate", handler=handler)
            yield None
            return
        reply.journal = services.journal(
            UnfinishedReply(
                event,
                interaction.user.id,
                interaction.guild_id or 0,
                interaction.channel_id or 0,
                interaction.channel_id or 0,
                services.database.clock(),
                token=interaction.token,
                private=private,
            )
        )
        async with services.event_in_progress():
            log("received", handler=handler, guild=interaction.guild_id, channel=interaction.channel_id)
            try:
                await remember_language(services, interaction)
                yield reply
            except Exception as error:  # noqa: BLE001 (a failing handler never stops the others)
                level = logging.INFO if isinstance(error, BotRefusal) else logging.WARNING
                log("failed", level=level, error=error, handler=handler)
                if services.client.is_closed():
                    return  # the next start finishes it
                await _reply(refusal, error_message(error, reference))
            await services.complete_event(event)


def _layout(services: Services, interaction: Interaction, *, in_place: bool) -> MessageLayout:
    """Return how a reply is laid out: one that takes a message's place as that message is."""
    if not in_place or interaction.message is None:
        return services.layout
    return "components" if interaction.message.flags.components_v2 else "plain"


def is_private(interaction: Interaction) -> bool:
    """Return whether only the person who presses a button sees its message."""
    is_alone = isinstance(interaction.channel, discord.DMChannel)
    return is_alone or (interaction.message is not None and interaction.message.flags.ephemeral)


def settings_at(services: Services, interaction: Interaction) -> GuildSettings:
    """Return the settings that hold where an interaction came from: a thread has those of its channel."""
    channel = interaction.channel
    parent = channel.parent_id if isinstance(channel, discord.Thread) else interaction.channel_id
    return services.guild_settings.at(interaction.guild_id or 0, parent or 0)


def may_administrate(services: Services, interaction: Interaction) -> bool:
    """Return whether a person may change articles and settings: manages the server, or has its configured role."""
    member = interaction.user
    if not interaction.guild_id or not isinstance(member, discord.Member):
        return False
    trusted = services.app.settings.discord_admin_servers
    if trusted and str(interaction.guild_id) not in trusted.split(","):
        return False
    role = settings_at(services, interaction).role
    return interaction.permissions.manage_guild or (role != 0 and any(each.id == role for each in member.roles))


def require_keeper(services: Services, interaction: Interaction) -> None:
    """Check that a person may change articles and settings.

    Raises:
        NotPermitted: The person may not.
    """
    if not may_administrate(services, interaction):
        raise NotPermitted("Only those who manage this server, or have the role set with /settings, can do this.")


def may_post(interaction: Interaction) -> bool:
    """Return whether the person and the bot may both write where an interaction came from, as it is now."""
    if not interaction.guild_id:
        return True
    channel = interaction.channel
    in_thread = isinstance(channel, discord.Thread)
    closed = isinstance(channel, discord.Thread) and channel.locked

    def may(permissions: discord.Permissions) -> bool:
        writes = permissions.send_messages_in_threads if in_thread else permissions.send_messages
        return permissions.view_channel and writes and (permissions.manage_threads or not closed)

    return may(interaction.permissions) and may(interaction.app_permissions)


async def _checked_at_once(interaction: Interaction, check: Callable[[], object], handler: str) -> None:
    """Check what can be refused before anything is looked up, and say why it is.

    Raises:
        OnrecordError: It is refused.
    """
    try:
        check()
    except OnrecordError as error:
        await _refuse_at_once(interaction, error, handler)
        raise


async def _refuse_at_once(interaction: Interaction, error: OnrecordError, handler: str) -> None:
    with correlation() as reference:
        log("refused", error=error, handler=handler)
        words = error_message(error, reference)
        with contextlib.suppress(discord.HTTPException, discord.InteractionResponded, *CONNECTION_ERRORS):
            # Discord takes the first of repeated responses only.
            await with_retries(lambda: interaction.response.send_message(words, ephemeral=True))


async def _reply(reply: InteractionReply, text: str) -> None:
    try:
        await reply.say(text)
    except (discord.HTTPException, *CONNECTION_ERRORS) as error:
        log("reply_failed", level=logging.WARNING, error=error)
