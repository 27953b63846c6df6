"""Quote flow: from quotations, however they were sent, to verdicts with their buttons."""

from __future__ import annotations

import secrets
from collections.abc import Callable

import discord

from bot.discord.ask_flow import post_reply
from bot.discord.buttons import SHARE
from bot.discord.database import StoredReply
from bot.discord.delivery import Reply
from bot.discord.interactions import Interaction, settings_at
from bot.discord.message_text import message_text
from bot.discord.render_quotes import check_pages, quote_targets
from bot.discord.services import Services
from bot.quote_checks import CheckedDraft, QuoteChecker
from retrieval.articles import Filters
from retrieval.errors import InputError

MAX_QUOTATIONS_CHECKED = 300
"""Quotations of one message that are checked, from the first: all that people write. A message made of marks alone,
which may hold two thousand, keeps a worker no longer than some seconds; what is not checked is counted."""


async def check_quotation(
    services: Services, interaction: Interaction, reply: Reply, text: str, speaker: str | None
) -> None:
    """Check one quotation in the articles that are searched by default where it was sent."""
    filters = settings_at(services, interaction).filters()
    await _post_checks(
        services,
        interaction,
        reply,
        text,
        lambda: CheckedDraft(None, (_checker(services).check_quote(text, speaker, filters),)),
    )


async def check_message(services: Services, interaction: Interaction, reply: Reply, message: discord.Message) -> None:
    """Check every quotation of a message.

    Raises:
        InputError: It contains none.
    """
    text = message_text(message, services.user_id)
    filters = settings_at(services, interaction).filters()
    checked = await _post_checks(
        services, interaction, reply, text, lambda: _check_text(services, text, filters), named="this message"
    )
    if not checked.checks and not checked.unchecked:
        raise InputError("there is no quotation in this message: use `/quote` for words without quotation marks")


async def check_answer(services: Services, interaction: Interaction, reply: Reply, stored: StoredReply) -> bool:
    """Check the quotations of an answer, or, if it has none, its cited words; return whether there were any.

    Each is checked against the articles as they are now.
    """

    def check() -> CheckedDraft:
        checked = _check_text(services, stored.text, Filters())
        if checked.checks:
            return checked
        targets = stored.targets[:MAX_QUOTATIONS_CHECKED]
        cited = _checker(services).check_cited((target.quote, target.article) for target in targets)
        return CheckedDraft(None, tuple(cited), checked.unchecked)

    asked = stored.question if stored.owner == interaction.user.id else ""
    checked = await _post_checks(services, interaction, reply, asked, check, named="this answer", pressed=True)
    return bool(checked.checks)


def _check_text(services: Services, text: str, filters: Filters) -> CheckedDraft:
    """Return the checks of the first ``MAX_QUOTATIONS_CHECKED`` quotations of a text. Blocks."""
    return _checker(services).check_text(text, filters, limit=MAX_QUOTATIONS_CHECKED)


def _checker(services: Services) -> QuoteChecker:
    """Return the checks of quotations. Blocks: the first use opens the library."""
    return QuoteChecker(services.app.quotes, services.app.library)


async def _post_checks(
    services: Services,
    interaction: Interaction,
    reply: Reply,
    asked: str,
    check: Callable[[], CheckedDraft],
    *,
    named: str = "",
    pressed: bool = False,
) -> CheckedDraft:
    """Have a worker check quotations, store the verdicts for their buttons and post them; return them.

    What a button asks for, ``pressed``, does not wait behind answers.
    """

    def job() -> tuple[CheckedDraft, StoredReply]:
        checked = check()
        return checked, StoredReply(
            id=secrets.token_hex(8),
            owner=interaction.user.id,
            guild=interaction.guild_id or 0,
            channel=interaction.channel_id or 0,
            question=asked,
            text="; ".join(str(each.verdict.text) for each in checked.checks),
            pages=tuple(check_pages(checked, named)),
            targets=quote_targets(checked.checks),
            why=(),
            asked_at=services.database.clock(),
        )

    checked, stored = await (services.workers.press if pressed else services.workers.run)(job)
    if checked.checks or checked.unchecked:
        await services.workers.query(lambda: services.database.save_reply(stored))
        await post_reply(reply, stored, [SHARE])
    return checked
