"""`/quote`, "Check quotes" on any message, and the same under an answer."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.citations import retry_on_replacement
from bot.discord.ask_flow import post_reply
from bot.discord.buttons import QUOTES, SHARE, pressed
from bot.discord.cogs.ask import kept_for
from bot.discord.database import StoredReply
from bot.discord.delivery import Reply
from bot.discord.interactions import acknowledged_reply
from bot.discord.pages import MessagePage
from bot.discord.render_quotes import check_pages, quote_targets
from bot.quote_checks import LONGEST, Check, Sighting
from retrieval.articles import Filters
from retrieval.errors import InputError

if TYPE_CHECKING:
    from bot.discord.client import OnrecordBot

MAX_QUOTATIONS_CHECKED = 25
"""Quotations of one message that are checked."""


class QuotesCog(commands.Cog):
    """Checks quotations.

    Args:
        bot: The bot.
    """

    def __init__(self, bot: OnrecordBot) -> None:
        self.bot = bot
        self._menu = app_commands.ContextMenu(name="Check quotes", callback=self.check_message)

    async def cog_load(self) -> None:
        """Add the menu."""
        self.bot.tree.add_command(self._menu)

    @app_commands.command(description="Check a quotation: are these the words, who said them, and where?")
    @app_commands.describe(text="The quotation", speaker="Who is said to have said it")
    async def quote(
        self,
        interaction: discord.Interaction[Any],
        text: app_commands.Range[str, 1, 4000],
        speaker: app_commands.Range[str, 1, 100] | None = None,
    ) -> None:
        """Check one quotation."""
        async with acknowledged_reply(self.bot, interaction, "quote") as reply:
            if reply:
                self.bot.pace.check(interaction.user.id, interaction.channel_id or 0)
                desk = self.bot.app
                await _checked(
                    self.bot, interaction, reply, text, lambda: [_one(self.bot, desk.quotes.check(text, speaker))]
                )

    async def check_message(self, interaction: discord.Interaction[Any], message: discord.Message) -> None:
        """Check every quotation of a message."""
        async with acknowledged_reply(self.bot, interaction, "check_message") as reply:
            if reply:
                self.bot.pace.check(interaction.user.id, interaction.channel_id or 0)
                text = message.content[:LONGEST]
                checks = await _checked(
                    self.bot, interaction, reply, text, lambda: drafted(self.bot, text), named="this message"
                )
                if not checks:
                    raise InputError("there is no quotation in this message: `/quote` checks words without marks")


def _one(bot: OnrecordBot, verdict: Any) -> Check:
    return Sighting(bot.app.library).check(verdict)


def drafted(bot: OnrecordBot, text: str) -> list[Check]:
    """Return a check of every quotation in a text, the first ``MAX_QUOTATIONS_CHECKED``; runs in a worker."""
    sighting = Sighting(bot.app.library)
    found = bot.app.quotes.check_draft(text)[:MAX_QUOTATIONS_CHECKED]
    return [sighting.check(verdict, quotation) for quotation, verdict in found]


async def _checked(
    bot: OnrecordBot,
    interaction: discord.Interaction[Any],
    reply: Reply,
    asked: str,
    work: Callable[[], list[Check]],
    *,
    named: str = "",
) -> list[Check]:
    """Have quotations checked, show the verdicts and keep them for their buttons."""
    checks = await bot.bench.run(lambda: retry_on_replacement(work))
    if not checks:
        return checks
    kept = StoredReply(
        id=secrets.token_hex(8),
        owner=interaction.user.id,
        guild=interaction.guild_id or 0,
        channel=interaction.channel_id or 0,
        question=asked,
        text="; ".join(str(check.verdict.text) for check in checks),
        pages=tuple(check_pages(checks, named)),
        places=quote_targets(checks),
        why=(),
        asked=bot.records.clock(),
    )
    await bot.bench.note(lambda: bot.records.keep(kept))
    await post_reply(reply, kept, [SHARE])
    return checks


@pressed(QUOTES.name)
async def check_answer(bot: OnrecordBot, interaction: discord.Interaction[Any], identifier: str, _: int) -> None:
    """Check the quotations of an answer; of one that has none, the cited words against their articles as they are."""
    async with acknowledged_reply(bot, interaction, "check_answer") as reply:
        if reply:
            bot.pace.check(interaction.user.id, interaction.channel_id or 0)
            kept = await kept_for(bot, identifier)

            def work() -> list[Check]:
                sighting = Sighting(bot.app.library)
                return drafted(bot, kept.text) or [
                    sighting.check(bot.app.quotes.check(place.quote, filters=Filters(articles=(place.article,))))
                    for place in kept.places[:MAX_QUOTATIONS_CHECKED]
                ]

            if not await _checked(bot, interaction, reply, kept.question, work, named="this answer"):
                await reply.finish([MessagePage("There is nothing in this answer to check.")], [None])
