"""Gets messages to Discord: what was reset on the way is sent again, once for the reader."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Protocol, TypeVar

import aiohttp
import discord

from bot.discord.logs import log
from bot.discord.pages import MessagePage

Sent = TypeVar("Sent")
View = discord.ui.View

MAX_ATTEMPTS = 4
"""How often a request is made when its connection breaks. discord.py repeats 5xx and waits out rate limits itself, but
knows a reset connection by the numbers of macOS and Windows only."""
ALREADY_ACKNOWLEDGED = 40060  # Discord's code: this interaction was answered before
_EXPIRED = frozenset({10015, 50027})  # Discord's codes: unknown webhook, invalid token; 15 minutes have passed
_NO_HISTORY_PERMISSION = 160002  # Discord's code: a reply needs the permission to read the channel's history
_RETRY_DELAY_SECONDS = 0.5  # s before the first repetition, doubled each time
_TYPING_INTERVAL_SECONDS = 8.0  # s: Discord shows "typing" for ten

CONNECTION_ERRORS = (
    aiohttp.ServerDisconnectedError,
    aiohttp.ClientOSError,
    aiohttp.ClientPayloadError,
    ConnectionError,
)


async def with_retries(send: Callable[[], Awaitable[Sent]]) -> Sent:
    """Make a request, again where its connection breaks. It must be one that Discord does only once.

    Raises:
        discord.HTTPException: Discord refused.
        OSError: The connection broke ``MAX_ATTEMPTS`` times.
    """
    for attempt in range(1, MAX_ATTEMPTS):
        try:
            return await send()
        except CONNECTION_ERRORS as error:
            log("resending", error=error, attempt=attempt)
            await asyncio.sleep(_RETRY_DELAY_SECONDS * 2 ** (attempt - 1))
    return await send()


async def acknowledge(interaction: discord.Interaction, *, private: bool) -> bool:
    """Tell Discord that an answer will come; return False when the interaction was dealt with before, or is too old."""
    attempts = 0

    async def defer() -> None:
        nonlocal attempts
        attempts += 1
        await interaction.response.defer(ephemeral=private, thinking=True)

    try:
        await with_retries(defer)
    except discord.InteractionResponded:
        return False
    except discord.NotFound as error:
        log("too_late", error=error)
        return False
    except discord.HTTPException as error:
        # After a broken connection "already acknowledged" means that the first attempt got through.
        return error.code == ALREADY_ACKNOWLEDGED and attempts > 1
    return True


class Reply(Protocol):
    """Where an answer goes."""

    async def update(self, text: str) -> None:
        """Show what there is so far."""
        ...

    async def finish(self, pages: Sequence[MessagePage], views: Sequence[View | None]) -> None:
        """Show the whole answer, each page with its buttons."""
        ...

    def following(self) -> Reply:
        """Return where the answer to a further question of the same message goes."""
        ...


class InteractionReply:
    """An answer to a command, menu or button; the first page takes the place of "thinking…".

    Args:
        interaction: It was acknowledged.
        private: Whether only the person sees it.
        follows: Whether another answer took the place of "thinking…": there is no preview then.
    """

    def __init__(self, interaction: discord.Interaction, *, private: bool, follows: bool = False) -> None:
        self._interaction = interaction
        self._private = private
        self._follows = follows

    def following(self) -> InteractionReply:
        """Return where the answer to a further question goes."""
        return InteractionReply(self._interaction, private=self._private, follows=True)

    async def update(self, text: str) -> None:
        """Show what there is so far."""
        if self._follows:
            return
        await self._interaction.edit_original_response(content=text, allowed_mentions=discord.AllowedMentions.none())

    async def finish(self, pages: Sequence[MessagePage], views: Sequence[View | None]) -> None:
        """Show the whole answer; in the channel itself where it took longer than Discord holds an interaction open."""
        first, *more = pages
        none = discord.AllowedMentions.none()
        if self._follows:
            for page, view in zip(pages, views, strict=True):
                await self._follow(page, view)
            return
        try:
            await with_retries(
                lambda: self._interaction.edit_original_response(
                    content=first.text, view=views[0], allowed_mentions=none
                )
            )
        except discord.HTTPException as error:
            channel = self._interaction.channel
            if error.code not in _EXPIRED or self._private or not isinstance(channel, discord.abc.Messageable):
                raise
            await MessageReply(channel).finish(pages, views)
            return
        for page, view in zip(more, views[1:], strict=True):
            await self._follow(page, view)

    async def attach(self, words: str, file: discord.File) -> None:
        """Show a file."""
        none = discord.AllowedMentions.none()
        await self._interaction.edit_original_response(content=words, attachments=[file], allowed_mentions=none)

    async def _follow(self, page: MessagePage, view: View | None) -> None:
        await with_retries(
            lambda: self._interaction.followup.send(
                page.text,
                view=view or discord.utils.MISSING,
                ephemeral=self._private,
                suppress_embeds=True,
                allowed_mentions=discord.AllowedMentions.none(),
                wait=True,
            )
        )


class MessageReply:
    """An answer in a channel, as a reply to a message where there is one.

    Args:
        channel: Where to.
        to: The message that is answered.
    """

    def __init__(self, channel: discord.abc.Messageable, to: discord.Message | None = None) -> None:
        self._channel = channel
        self._to = to
        self._shown: discord.Message | None = None

    def following(self) -> MessageReply:
        """Return where the answer to a further question goes."""
        return MessageReply(self._channel)

    async def update(self, text: str) -> None:
        """Show what there is so far."""
        if self._shown is None:
            self._shown = await self._send(MessagePage(text), None, first=True)
        else:
            await self._shown.edit(content=text, allowed_mentions=discord.AllowedMentions.none())

    async def finish(self, pages: Sequence[MessagePage], views: Sequence[View | None]) -> None:
        """Show the whole answer."""
        first, *more = pages
        if not await self._edited(first, views[0]):
            await self._send(first, views[0], first=True)
        for page, view in zip(more, views[1:], strict=True):
            await self._send(page, view, first=False)

    async def _edited(self, page: MessagePage, view: View | None) -> bool:
        """Put the answer in the place of its preview; return False where there is none, or it was deleted."""
        shown, none = self._shown, discord.AllowedMentions.none()
        if shown is None:
            return False
        try:
            await with_retries(lambda: shown.edit(content=page.text, view=view, allowed_mentions=none))
        except discord.NotFound:
            return False
        return True

    async def _send(self, page: MessagePage, view: View | None, *, first: bool) -> discord.Message:
        reference = self._to.to_reference(fail_if_not_exists=False) if first and self._to else None
        try:
            return await self._post(page, view, reference)
        except discord.HTTPException as error:
            if error.code != _NO_HISTORY_PERMISSION:
                raise
            return await self._post(page, view, None)

    async def _post(
        self, page: MessagePage, view: View | None, reference: discord.MessageReference | None
    ) -> discord.Message:
        # The nonce makes a repeated request harmless: Discord returns the message that it made before.
        nonce = secrets.token_hex(12)
        return await with_retries(
            lambda: self._channel.send(
                page.text,
                view=view,  # type: ignore[arg-type]  # None is allowed, too
                reference=reference,  # type: ignore[arg-type]
                nonce=nonce,
                suppress_embeds=True,
                mention_author=False,
                allowed_mentions=discord.AllowedMentions.none(),
            )
        )


@contextlib.asynccontextmanager
async def typing_indicator(channel: discord.abc.Messageable) -> AsyncIterator[None]:
    """Show that the bot is at it while the block runs. What goes wrong with that does not matter."""
    task = asyncio.create_task(_typing(channel))
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _typing(channel: discord.abc.Messageable) -> None:
    with contextlib.suppress(discord.HTTPException, *CONNECTION_ERRORS):
        while True:
            await channel.typing()
            await asyncio.sleep(_TYPING_INTERVAL_SECONDS)
