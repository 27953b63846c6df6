"""`/ask`, "Ask about this", and the buttons under an answer."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord.ask_flow import Question, answer, show
from bot.discord.buttons import BAD, GOOD, OPEN, QUOTES, SHARE, WHY, pressed
from bot.discord.database import Kept
from bot.discord.delivery import BROKEN, MessageReply, Reply
from bot.discord.errors import Gone, Left, NotAllowed
from bot.discord.escape import flat
from bot.discord.interactions import attending, place, rules
from bot.discord.logs import log
from bot.discord.pages import Page
from bot.discord.render_answers import LONGEST_QUESTION, passage_pages
from bot.user_input import MAX_QUESTION_CHARACTERS
from retrieval.articles import Filters
from retrieval.errors import InputError, StoreMissing

if TYPE_CHECKING:
    from bot.discord.client import OnrecordBot

MOST_CHOICES = 25  # that Discord offers while a name is typed


class Ask(commands.Cog):
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
        here = rules(self.bot, interaction)
        hidden = private or not here.answer
        async with attending(self.bot, interaction, "ask", private=hidden) as reply:
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
        return [app_commands.Choice(name=name, value=name) for name in near[:MOST_CHOICES]]

    def _outlets(self) -> list[str]:
        try:
            return [name for name, _ in self.bot.app.library.sources()]
        except StoreMissing:
            return []

    async def ask_about(self, interaction: discord.Interaction[Any], message: discord.Message) -> None:
        """Answer what a message says or asks, for the person alone."""
        async with attending(self.bot, interaction, "ask_about") as reply:
            if reply:
                if not message.content.strip():
                    raise InputError("this message has no text to ask about")
                filters = rules(self.bot, interaction).filters(None, None, None)
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
    ) -> Kept:
        person, channel, guild = interaction.user.id, interaction.channel_id or 0, interaction.guild_id or 0
        self.bot.pace.check(person, channel)
        asked = Question(text, person, guild, thread or channel, filters, private=hidden, echoed=True)
        return await answer(self.bot, asked, reply)

    def _filters(self, wanted: Filters) -> Filters:
        return self.bot.app.filters(wanted.sources, wanted.authors, wanted.since, wanted.until, wanted.articles)


async def open_thread(
    bot: OnrecordBot, message: discord.PartialMessage | discord.Message, question: str
) -> discord.Thread | None:
    """Open a thread named after a question; None where Discord does not allow it."""
    try:
        thread = await message.create_thread(name=flat(question, 90).replace("\\", "")[:100] or "Question")
    except (discord.HTTPException, *BROKEN) as error:
        log("no_thread", level=logging.WARNING, error=error)
        return None
    bot.own_threads.add(thread.id)
    await bot.bench.note(lambda: bot.records.opened(thread.id))
    return thread


async def kept_for(bot: OnrecordBot, identifier: str) -> Kept:
    """Return what a button belongs to.

    Raises:
        Gone: It has expired or was forgotten.
    """
    kept = await bot.bench.note(lambda: bot.records.kept(identifier))
    if kept is None:
        raise Gone
    return kept


@pressed(OPEN)
async def open_citation(bot: OnrecordBot, interaction: discord.Interaction[Any], identifier: str, number: int) -> None:
    """Show the passage of a citation in its article, for the person alone."""
    async with attending(bot, interaction, "open") as reply:
        if reply:
            kept = await kept_for(bot, identifier)
            found = next((each for each in kept.places if each.number == number), None)
            if found is None:
                raise Gone

            def read() -> list[Page]:
                library = bot.app.library
                info = library.infos([found.article]).get(found.article)
                if info is None:
                    raise Left
                return passage_pages(library.article(info.id), info, number, found.span)

            pages = [Page(page.text) for page in await bot.bench.run(read)]
            await reply.finish(pages, [None] * len(pages))


@pressed(WHY.name)
async def why(bot: OnrecordBot, interaction: discord.Interaction[Any], identifier: str, _: int) -> None:
    """Show why there is this answer, for the person alone."""
    async with attending(bot, interaction, "why") as reply:
        if reply:
            kept = await kept_for(bot, identifier)
            pages = [Page(text) for text in kept.why] or [Page("There is nothing more to say about this.")]
            await reply.finish(pages, [None] * len(pages))


async def _vote(bot: OnrecordBot, interaction: discord.Interaction[Any], identifier: str, vote: int) -> None:
    async with attending(bot, interaction, "vote") as reply:
        if reply:
            await kept_for(bot, identifier)
            await bot.bench.note(lambda: bot.records.vote(identifier, interaction.user.id, vote))
            thanks = "Noted: this answer helped." if vote > 0 else "Noted: this answer did not help."
            await reply.finish([Page(f"{thanks} `/forget-me` deletes what you said.")], [None])


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
    async with attending(bot, interaction, "share") as reply:
        if reply:
            kept = await kept_for(bot, identifier)
            channel = interaction.channel
            if kept.owner != interaction.user.id or not isinstance(channel, discord.abc.Messageable):
                raise NotAllowed("Only the person who asked can share this.")
            guild, _channel = place(interaction)
            given = interaction.permissions
            may_send = not guild or given.send_messages or given.send_messages_in_threads
            if not rules(bot, interaction).answer or not may_send:
                raise NotAllowed("Answers are not shown to everybody here.")
            if not await bot.bench.note(lambda: bot.records.share(identifier)):
                raise NotAllowed("This was shared already.")
            try:
                by = Page(f"-# Shared by {flat(interaction.user.display_name, LONGEST_QUESTION)}")
                await show(MessageReply(channel), _signed(kept, by), [WHY, QUOTES, GOOD, BAD] if kept.why else [])
            except BaseException:
                await bot.bench.note(lambda: bot.records.unshare(identifier))
                raise
            await reply.finish([Page("Shared.")], [None])


def _signed(kept: Kept, by: Page) -> Kept:
    from dataclasses import replace  # noqa: PLC0415

    last = kept.pages[-1]
    if len(last.text) + len(by.text) + 1 <= 2000:
        return replace(kept, pages=(*kept.pages[:-1], Page(f"{last.text}\n{by.text}", last.numbers)))
    return replace(kept, pages=(*kept.pages, by))
