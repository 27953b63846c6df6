"""`/ask`, "Ask about this", and the buttons under an answer."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord.ask_flow import DiscordQuestion, answer_question, post_reply
from bot.discord.buttons import BAD, GOOD, OPEN, QUOTES, SHARE, WHY, pressed
from bot.discord.database import StoredReply
from bot.discord.delivery import CONNECTION_ERRORS, MessageReply, Reply
from bot.discord.errors import ArticleChanged, NotPermitted, ReplyExpired
from bot.discord.escape import escaped_line
from bot.discord.interactions import acknowledged_reply, settings_at, settings_place
from bot.discord.logs import log
from bot.discord.pages import MessagePage
from bot.discord.render_answers import MAX_SHOWN_QUESTION_CHARACTERS, passage_pages
from bot.user_input import MAX_QUESTION_CHARACTERS
from retrieval.articles import Filters
from retrieval.errors import InputError, StoreMissing

if TYPE_CHECKING:
    from bot.discord.client import OnrecordBot

MAX_CHOICES = 25  # that Discord offers while a name is typed


class AskCog(commands.Cog):
    """Questions that come as interactions.

    Args:
        bot: The bot.
    """

    def __init__(self, bot: OnrecordBot) -> None:
        self.bot = bot
        self._menu = app_commands.ContextMenu(name="Ask about this", callback=self.ask_about)

    async def cog_load(self) -> None:
        """Add the menu."""
        self.bot.tree.add_command(self._menu)

    @app_commands.command(description="Ask the articles. Every citation opens at the exact words it rests on.")
    @app_commands.describe(
        question="What you want to know",
        source="Only this outlet",
        since="Only articles of this day or later, as 2024-01-31",
        until="Only articles of this day or earlier, as 2024-01-31",
        private="Only you see the answer",
    )
    async def ask(  # noqa: PLR0917 (Discord's options)
        self,
        interaction: discord.Interaction[Any],
        question: app_commands.Range[str, 1, MAX_QUESTION_CHARACTERS],
        source: str | None = None,
        since: str | None = None,
        until: str | None = None,
        private: bool = False,
    ) -> None:
        """Answer a question."""
        here = settings_at(self.bot, interaction)
        hidden = private or not here.answer
        async with acknowledged_reply(self.bot, interaction, "ask", private=hidden) as reply:
            if reply:
                filters = await self.bot.bench.note(lambda: self._filters(here.filters(source, since, until)))
                channel = interaction.channel
                if not here.thread or hidden or not isinstance(channel, discord.TextChannel):
                    await self._answer(interaction, question, filters, reply, hidden=hidden)
                    return
                # A thread has the id of the message that it begins at, so what is said belongs to it from the start.
                shown = await interaction.original_response()
                kept = await self._answer(interaction, question, filters, reply, hidden=False, thread=shown.id)
                await open_thread(self.bot, channel.get_partial_message(shown.id), kept.question)

    @ask.autocomplete("source")
    async def _sources(self, _: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        names = await self.bot.bench.note(self._outlets)
        near = [name for name in names if typed.casefold() in name.casefold() and len(name) <= 100]
        return [app_commands.Choice(name=name, value=name) for name in near[:MAX_CHOICES]]

    def _outlets(self) -> list[str]:
        try:
            return [name for name, _ in self.bot.app.library.sources()]
        except StoreMissing:
            return []

    async def ask_about(self, interaction: discord.Interaction[Any], message: discord.Message) -> None:
        """Answer what a message says or asks, for the person alone."""
        async with acknowledged_reply(self.bot, interaction, "ask_about") as reply:
            if reply:
                if not message.content.strip():
                    raise InputError("this message has no text to ask about")
                filters = settings_at(self.bot, interaction).filters(None, None, None)
                await self._answer(interaction, message.content[:MAX_QUESTION_CHARACTERS], filters, reply, hidden=True)

    async def _answer(
        self,
        interaction: discord.Interaction[Any],
        text: str,
        filters: Filters,
        reply: Reply,
        *,
        hidden: bool,
        thread: int = 0,
    ) -> StoredReply:
        person, channel, guild = interaction.user.id, interaction.channel_id or 0, interaction.guild_id or 0
        self.bot.pace.check(person, channel)
        asked = DiscordQuestion(text, person, guild, thread or channel, filters, private=hidden, echoed=True)
        return await answer_question(self.bot, asked, reply)

    def _filters(self, wanted: Filters) -> Filters:
        return self.bot.app.filters(wanted.sources, wanted.authors, wanted.since, wanted.until, wanted.articles)


async def open_thread(
    bot: OnrecordBot, message: discord.PartialMessage | discord.Message, question: str
) -> discord.Thread | None:
    """Open a thread named after a question; None where Discord does not allow it."""
    try:
        thread = await message.create_thread(name=escaped_line(question, 90).replace("\\", "")[:100] or "Question")
    except (discord.HTTPException, *CONNECTION_ERRORS) as error:
        log("no_thread", level=logging.WARNING, error=error)
        return None
    bot.own_threads.add(thread.id)
    await bot.bench.note(lambda: bot.records.opened(thread.id))
    return thread


async def kept_for(bot: OnrecordBot, identifier: str) -> StoredReply:
    """Return what a button belongs to.

    Raises:
        Gone: It has expired or was forgotten.
    """
    kept = await bot.bench.note(lambda: bot.records.kept(identifier))
    if kept is None:
        raise ReplyExpired
    return kept


@pressed(OPEN)
async def open_citation(bot: OnrecordBot, interaction: discord.Interaction[Any], identifier: str, number: int) -> None:
    """Show the passage of a citation in its article, for the person alone."""
    async with acknowledged_reply(bot, interaction, "open") as reply:
        if reply:
            kept = await kept_for(bot, identifier)
            found = next((each for each in kept.places if each.number == number), None)
            if found is None:
                raise ReplyExpired

            def read() -> list[MessagePage]:
                library = bot.app.library
                info = library.infos([found.article]).get(found.article)
                if info is None:
                    raise ArticleChanged
                return passage_pages(library.article(info.id), info, number, found.span)

            pages = [MessagePage(page.text) for page in await bot.bench.run(read)]
            await reply.finish(pages, [None] * len(pages))


@pressed(WHY.name)
async def why(bot: OnrecordBot, interaction: discord.Interaction[Any], identifier: str, _: int) -> None:
    """Show why there is this answer, for the person alone."""
    async with acknowledged_reply(bot, interaction, "why") as reply:
        if reply:
            kept = await kept_for(bot, identifier)
            pages = [MessagePage(text) for text in kept.why] or [
                MessagePage("There is nothing more to say about this.")
            ]
            await reply.finish(pages, [None] * len(pages))


async def _vote(bot: OnrecordBot, interaction: discord.Interaction[Any], identifier: str, vote: int) -> None:
    async with acknowledged_reply(bot, interaction, "vote") as reply:
        if reply:
            await kept_for(bot, identifier)
            await bot.bench.note(lambda: bot.records.vote(identifier, interaction.user.id, vote))
            thanks = "Noted: this answer helped." if vote > 0 else "Noted: this answer did not help."
            await reply.finish([MessagePage(f"{thanks} `/forget-me` deletes what you said.")], [None])


@pressed(GOOD.name)
async def good(bot: OnrecordBot, interaction: discord.Interaction[Any], identifier: str, _: int) -> None:
    """Keep that an answer helped."""
    await _vote(bot, interaction, identifier, 1)


@pressed(BAD.name)
async def bad(bot: OnrecordBot, interaction: discord.Interaction[Any], identifier: str, _: int) -> None:
    """Keep that an answer did not help."""
    await _vote(bot, interaction, identifier, -1)


@pressed(SHARE.name)
async def share(bot: OnrecordBot, interaction: discord.Interaction[Any], identifier: str, _: int) -> None:
    """Show what only the person saw to everybody in the channel, once."""
    async with acknowledged_reply(bot, interaction, "share") as reply:
        if reply:
            kept = await kept_for(bot, identifier)
            channel = interaction.channel
            if kept.owner != interaction.user.id or not isinstance(channel, discord.abc.Messageable):
                raise NotPermitted("Only the person who asked can share this.")
            guild, _channel = settings_place(interaction)
            given = interaction.permissions
            may_send = not guild or given.send_messages or given.send_messages_in_threads
            if not settings_at(bot, interaction).answer or not may_send:
                raise NotPermitted("Answers are not shown to everybody here.")
            if not await bot.bench.note(lambda: bot.records.share(identifier)):
                raise NotPermitted("This was shared already.")
            try:
                by = MessagePage(
                    f"-# Shared by {escaped_line(interaction.user.display_name, MAX_SHOWN_QUESTION_CHARACTERS)}"
                )
                await post_reply(MessageReply(channel), _signed(kept, by), [WHY, QUOTES, GOOD, BAD] if kept.why else [])
            except BaseException:
                await bot.bench.note(lambda: bot.records.unshare(identifier))
                raise
            await reply.finish([MessagePage("Shared.")], [None])


def _signed(kept: StoredReply, by: MessagePage) -> StoredReply:
    from dataclasses import replace  # noqa: PLC0415

    last = kept.pages[-1]
    if len(last.text) + len(by.text) + 1 <= 2000:
        return replace(kept, pages=(*kept.pages[:-1], MessagePage(f"{last.text}\n{by.text}", last.numbers)))
    return replace(kept, pages=(*kept.pages, by))
