"""Gets messages to Discord: what was reset on the way is sent again, once for the reader."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import replace
from typing import TypeVar

import aiohttp
import discord

from bot.discord.layout import MessageLayout, OutgoingMessage, message_payload
from bot.discord.logs import log
from bot.discord.pages import MessagePage
from bot.discord.reply_journal import ReplyJournal
from bot.discord.request_outcomes import record_failure, recorded_requests

Sent = TypeVar("Sent")

MAX_ATTEMPTS = 4
"""How often a request is made when its connection breaks. discord.py repeats 5xx and waits out rate limits itself, but
knows a reset connection by the numbers of macOS and Windows only."""
ALREADY_ACKNOWLEDGED = 40060  # Discord's code: this interaction was answered before
_EXPIRED = frozenset({10015, 50027})  # Discord's codes: unknown webhook, invalid token; 15 minutes have passed
_NO_HISTORY_PERMISSION = 160002  # Discord's code: a reply needs the permission to read the channel's history
_MORE = "-# …"  # a message whose words come at once
_RETRY_DELAY_SECONDS = 0.5  # s before the first repetition, doubled each time
_TYPING_INTERVAL_SECONDS = 8.0  # s: Discord shows "typing" for ten

PARTIAL_CHANNELS = (discord.TextChannel, discord.Thread, discord.VoiceChannel, discord.StageChannel, discord.DMChannel)
"""Channels whose messages can be edited by their ids."""
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
            record_failure(error)
            log("resending", error=error, attempt=attempt)
            await asyncio.sleep(_RETRY_DELAY_SECONDS * 2 ** (attempt - 1))
    return await send()


async def acknowledge(interaction: discord.Interaction, *, private: bool, in_place: bool = False) -> bool:
    """Tell Discord that an answer will come; return False when the interaction was dealt with before, or is too old.

    "Already acknowledged" means that we did so where an earlier request of ours had no certain outcome, also one that
    discord.py repeated by itself; and somebody else otherwise. With ``in_place`` the answer takes the place of the
    message whose button was pressed.
    """

    async def defer() -> None:
        await interaction.response.defer(ephemeral=private, thinking=not in_place)

    with recorded_requests() as requests:
        try:
            try:
                await with_retries(defer)
            except discord.DiscordServerError as error:  # discord.py has given up: once more, to know what came of it
                record_failure(error)
                await with_retries(defer)
        except discord.InteractionResponded:
            return False
        except discord.NotFound as error:
            log("too_late", error=error)
            return False
        except discord.HTTPException as error:
            is_unknown = isinstance(error, discord.DiscordServerError)
            return requests.uncertain and (is_unknown or error.code == ALREADY_ACKNOWLEDGED)
        except CONNECTION_ERRORS as error:
            log("not_acknowledged", error=error)
            return requests.uncertain  # what follows finds out
    return True


class Reply(ABC):
    """Where an answer goes.

    Attributes:
        journal: Records how far it is, for the next start; None: it is not recorded.
    """

    journal: ReplyJournal | None = None

    @abstractmethod
    async def update(self, page: MessagePage) -> None:
        """Show what there is so far."""

    @abstractmethod
    async def finish(self, messages: Sequence[OutgoingMessage]) -> None:
        """Show the whole answer."""

    async def say(self, *pages: MessagePage | str) -> None:
        """Show pages without buttons; words are a page of their own."""
        made = (MessagePage(page) if isinstance(page, str) else page for page in pages)
        await self.finish([OutgoingMessage(replace(page, numbers=())) for page in made])

    async def retract(self) -> None:  # noqa: B027 (where nothing else takes its place, it is deleted)
        """Remove what was shown of an answer that will not come."""

    @abstractmethod
    def following(self) -> Reply:
        """Return where the answer to a further question of the same message goes."""


class InteractionReply(Reply):
    """An answer to a command, menu or button; the first message takes the place of "thinking…".

    Args:
        interaction: It was acknowledged.
        private: Whether only the person sees it.
        layout: How messages are laid out.
        follows: Whether another answer took the place of "thinking…": there is no preview then.
        journal: Records how far it is.
    """

    def __init__(
        self,
        interaction: discord.Interaction,
        *,
        private: bool,
        layout: MessageLayout,
        follows: bool = False,
        journal: ReplyJournal | None = None,
    ) -> None:
        self._interaction = interaction
        self.journal = journal
        self._private = private
        self._layout = layout
        self._follows = follows

    def following(self) -> InteractionReply:
        """Return where the answer to a further question goes."""
        return InteractionReply(
            self._interaction, private=self._private, layout=self._layout, follows=True, journal=self.journal
        )

    async def update(self, page: MessagePage) -> None:
        """Show what there is so far."""
        if not self._follows:
            shown = await self._edit(OutgoingMessage(page))
            if self.journal and self.journal.reply.message != shown:
                await self.journal.record(message=shown)

    async def finish(self, messages: Sequence[OutgoingMessage]) -> None:
        """Show the whole answer; in the channel itself where it took longer than Discord holds an interaction open."""
        more = messages
        if not self._follows:
            first, *more = messages
            try:
                await with_retries(lambda: self._edit(first))
            except discord.HTTPException as error:
                channel = self._interaction.channel
                if error.code not in _EXPIRED or self._private or not isinstance(channel, discord.abc.Messageable):
                    raise
                await self._in_channel(channel).finish(messages)
                return
        self._follows = True
        for message in more:
            await self._follow(message)

    async def attach(self, words: str, file: discord.File) -> None:
        """Show a file."""
        none = discord.AllowedMentions.none()
        await self._interaction.edit_original_response(content=words, attachments=[file], allowed_mentions=none)

    def _in_channel(self, channel: discord.abc.Messageable) -> MessageReply:
        """Return the reply as a message of the bot, in the place of what was shown so far."""
        shown = self.journal.reply.message if self.journal else 0
        preview = channel.get_partial_message(shown) if shown and isinstance(channel, PARTIAL_CHANNELS) else None
        return MessageReply(channel, layout=self._layout, shown=preview, journal=self.journal)

    async def _edit(self, message: OutgoingMessage) -> int:
        """Replace the first message; return its id."""
        edited = await self._interaction.edit_original_response(
            **message_payload(message, self._layout), allowed_mentions=discord.AllowedMentions.none()
        )
        return edited.id

    async def _follow(self, message: OutgoingMessage) -> None:
        """Send a further message, once for the reader.

        Discord does not know a repeated follow-up again, and nobody can look up what arrived in private: so the request
        that can be repeated unseen makes a message that says nothing yet, and the words come with an edit of it.
        """
        none = discord.AllowedMentions.none()
        empty = message_payload(OutgoingMessage(MessagePage(_MORE)), self._layout)
        payload = {name: value for name, value in empty.items() if value is not None}
        followup = self._interaction.followup
        sent = await with_retries(
            lambda: followup.send(
                **payload, ephemeral=self._private, suppress_embeds=True, allowed_mentions=none, wait=True
            )
        )
        whole = message_payload(message, self._layout)
        with contextlib.suppress(discord.NotFound):  # the person has deleted it
            await with_retries(lambda: followup.edit_message(sent.id, **whole, allowed_mentions=none))


class MessageReply(Reply):
    """An answer in a channel, as a reply to a message where there is one.

    Args:
        channel: Where to.
        to: The message that is answered.
        layout: How messages are laid out.
        shown: The message that shows what there is so far.
        journal: Records how far it is.
    """

    def __init__(
        self,
        channel: discord.abc.Messageable,
        to: discord.Message | None = None,
        *,
        layout: MessageLayout,
        shown: discord.Message | discord.PartialMessage | None = None,
        journal: ReplyJournal | None = None,
    ) -> None:
        self._channel = channel
        self._to = to
        self._layout = layout
        self._shown = shown
        self.journal = journal

    def following(self) -> MessageReply:
        """Return where the answer to a further question goes."""
        return MessageReply(self._channel, layout=self._layout, journal=self.journal)

    async def update(self, page: MessagePage) -> None:
        """Show what there is so far."""
        message = OutgoingMessage(page)
        if self._shown is None:
            self._shown = await self._send(message, "preview", reply=True)
            if self.journal:
                await self.journal.record(message=self._shown.id)
        else:
            await self._edit(self._shown, message)

    async def finish(self, messages: Sequence[OutgoingMessage]) -> None:
        """Show the whole answer."""
        first, *more = messages
        if self._shown is None and self.journal and self.journal.resumed:
            await self.update(first.page)  # a preview that was sent and not recorded: Discord returns it
        if not await self._replaced(first):
            shown = await self._send(first, "page 1", reply=True)
            if more and self.journal:  # it is not the whole answer yet
                await self.journal.record(message=shown.id)
        for number, message in enumerate(more, 2):
            await self._send(message, f"page {number}", reply=False)

    async def retract(self) -> None:
        """Delete what was shown of an answer that will not come."""
        shown, self._shown = self._shown, None
        if shown is not None:
            with contextlib.suppress(discord.HTTPException):
                await with_retries(shown.delete)

    async def _replaced(self, message: OutgoingMessage) -> bool:
        """Put the answer in the place of its preview; return False where there is none, or it was deleted."""
        shown = self._shown
        if shown is None:
            return False
        try:
            await with_retries(lambda: self._edit(shown, message))
        except (discord.NotFound, discord.Forbidden):
            return False
        return True

    async def _edit(self, shown: discord.Message | discord.PartialMessage, message: OutgoingMessage) -> None:
        await shown.edit(**message_payload(message, self._layout), allowed_mentions=discord.AllowedMentions.none())

    async def _send(self, message: OutgoingMessage, part: str, *, reply: bool) -> discord.Message:
        reference = self._to.to_reference(fail_if_not_exists=False) if reply and self._to else None
        try:
            return await self._post(message, part, reference)
        except discord.HTTPException as error:
            if error.code != _NO_HISTORY_PERMISSION:
                raise
            return await self._post(message, part, None)

    async def _post(
        self, message: OutgoingMessage, part: str, reference: discord.MessageReference | None
    ) -> discord.Message:
        # The nonce makes a repeated request harmless: Discord returns the message that it made before.
        nonce = self.journal.nonce(part) if self.journal else secrets.token_hex(12)
        payload = message_payload(message, self._layout)
        return await with_retries(
            lambda: self._channel.send(
                **payload,
                reference=reference,  # type: ignore[arg-type]  # None is allowed, too
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
