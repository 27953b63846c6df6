"""Quote flow: from quotations, however they were sent, to verdicts with their buttons."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import discord

from bot.discord.ask_flow import post_reply
from bot.discord.buttons import SHARE
from bot.discord.database import CitationTarget, StoredReply
from bot.discord.delivery import Reply
from bot.discord.interactions import Interaction, settings_at
from bot.discord.message_text import message_text
from bot.discord.render_quotes import check_pages, quote_targets
from bot.discord.reply_lookup import authors_of, shown_reply
from bot.discord.services import Services
from bot.quote_checks import CheckedDraft, QuoteCheck, QuoteChecker
from bot.render.catalogue import translated
from retrieval.articles import Filters
from retrieval.text.folding import Words

MAX_QUOTATIONS_CHECKED = 200
"""Quotations of one message that are checked, from the first: all that people write. A message made of marks alone,
which may hold two thousand, keeps a worker no longer than some seconds; what is not checked is counted."""

_NO_QUOTATION = "There is no quotation in this message. `/quote` checks words without quotation marks."


@dataclass(frozen=True, slots=True)
class _QuotationsChecked:
    """What became of the quotations of a text or an answer.

    Attributes:
        checked: Their verdicts, and what was not checked.
        text: The text that they are in.
        gone: The citations of an answer whose article was removed or changed since.
    """

    checked: CheckedDraft
    text: str = ""
    gone: tuple[CitationTarget, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there was no quotation."""
        return not (self.checked.checks or self.checked.unchecked or self.gone)


async def check_quotation(
    services: Services, interaction: Interaction, reply: Reply, text: str, speaker: str | None
) -> None:
    """Check one quotation in the articles that are searched by default where it was sent."""
    filters = settings_at(services, interaction).filters()

    def check() -> _QuotationsChecked:
        return _QuotationsChecked(CheckedDraft(None, (_checker(services).check_quote(text, speaker, filters),)))

    await _post_checks(services, interaction, reply, text, check)


async def check_message(services: Services, interaction: Interaction, reply: Reply, message: discord.Message) -> None:
    """Check every quotation of a message; of an answer of the bot, what its button checks."""
    stored = await shown_reply(services, message)
    if stored is not None and not stored.is_paged and await check_answer(services, interaction, reply, stored):
        return
    text = message_text(message, services.user_id)
    filters = settings_at(services, interaction).filters()

    def check() -> _QuotationsChecked:
        return _QuotationsChecked(_check_text(services, text, filters), text)

    authors = await authors_of(services, message)
    asked = text if message.author.id == interaction.user.id else ""
    if not await _post_checks(services, interaction, reply, asked, check, named="this message", words_of=authors):
        await reply.say(translated(_NO_QUOTATION))


async def check_answer(services: Services, interaction: Interaction, reply: Reply, stored: StoredReply) -> bool:
    """Check the quotations of an answer, or, if it has none, its cited words; return whether there were any.

    Each is checked against the articles as they are now; words of an article that is no longer there are not checked.
    """

    def check() -> _QuotationsChecked:
        library = services.app.library
        kept = library.infos([target.article for target in stored.targets])
        gone = tuple(target for target in stored.targets if target.article not in kept)
        checked = _check_text(services, stored.text, Filters())
        if checked.checks:
            still = tuple(one for one in checked.checks if not _is_from(one, gone))
            return _QuotationsChecked(replace(checked, checks=still), stored.text, gone)
        cited = [(target.quote, target.article) for target in stored.targets if target.article in kept]
        checks = _checker(services).check_cited(cited) if cited else []
        return _QuotationsChecked(CheckedDraft(None, tuple(checks), checked.unchecked), stored.text, gone)

    asked = stored.question if stored.owner == interaction.user.id else ""
    return await _post_checks(services, interaction, reply, asked, check, named="this answer", pressed=True)


def _is_from(check: QuoteCheck, targets: Sequence[CitationTarget]) -> bool:
    """Return whether a quotation is of the cited words of one of some citations."""
    words = f" {' '.join(Words(check.verdict.quote).texts)} "
    return any(words in f" {' '.join(Words(target.quote).texts)} " for target in targets)


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
    check: Callable[[], _QuotationsChecked],
    *,
    named: str = "",
    pressed: bool = False,
    words_of: tuple[int, ...] = (),
) -> bool:
    """Have a worker check quotations, store the verdicts and post them; return False where there is no quotation.

    What a button asks for, ``pressed``, does not wait behind answers.
    """

    def job() -> StoredReply | None:
        found = check()
        if found.is_empty:
            return None
        checks = found.checked.checks
        return StoredReply(
            id=secrets.token_hex(8),
            owner=interaction.user.id,
            guild=interaction.guild_id or 0,
            channel=interaction.channel_id or 0,
            question=asked,
            text="; ".join(str(each.verdict.text) for each in checks),
            pages=tuple(check_pages(found.checked, named, text=found.text, gone=found.gone)),
            targets=quote_targets(checks),
            why=(),
            asked_at=services.database.clock(),
            words_of=words_of,
        )

    stored = await (services.workers.press if pressed else services.workers.run)(job)
    if stored is None:
        return False
    await services.workers.query(lambda: services.database.save_reply(stored))
    await post_reply(reply, stored, [SHARE])
    return True
