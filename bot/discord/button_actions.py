"""Button actions: what the buttons under answers and verdicts do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import discord

from bot.discord.ask_flow import actions_under, post_reply
from bot.discord.buttons import BAD, GOOD, OPEN, PAGE, QUOTES, SHARE, UNCONFIRMED, WHY, one_page
from bot.discord.database import StoredReply
from bot.discord.delivery import MessageReply
from bot.discord.errors import ArticleChanged, NotPermitted, ReplyExpired
from bot.discord.escape import escaped_line
from bot.discord.interactions import Interaction, acknowledged, is_private, may_post, settings_at
from bot.discord.pages import MAX_MESSAGE_CHARACTERS, Accent, MessagePage, TextBlock
from bot.discord.quote_flow import check_answer
from bot.discord.render_answers import MAX_TITLE_CHARACTERS, passage_pages, unconfirmed_pages
from bot.discord.services import ButtonHandler, Services
from bot.render.catalogue import translated

_HELPED = "Recorded: this answer helped."
_DID_NOT_HELP = "Recorded: this answer did not help."


async def open_citation(services: Services, interaction: Interaction, reply_id: str, number: int) -> None:
    """Show the passage of a citation in its article, to the person alone."""
    async with acknowledged(services, interaction, "open") as reply:
        if reply:
            stored = await _stored_reply(services, reply_id)
            target = next((each for each in stored.targets if each.number == number), None)
            if target is None:
                raise ReplyExpired

            def passage() -> list[MessagePage]:
                library = services.app.library
                info = library.infos([target.article]).get(target.article)
                if info is None:
                    raise ArticleChanged
                return passage_pages(library.article(info.id), info, number, target.span)

            await reply.say(*await services.workers.press(passage))


async def explain(services: Services, interaction: Interaction, reply_id: str, _: int) -> None:
    """Show why there is this answer, to the person alone."""
    async with acknowledged(services, interaction, "why") as reply:
        if reply:
            stored = await _stored_reply(services, reply_id)
            texts = stored.why or [translated("There is no further explanation.")]
            await reply.say(*(MessagePage(text, accent=Accent.INFORMATION) for text in texts))


async def show_unconfirmed(services: Services, interaction: Interaction, reply_id: str, _: int) -> None:
    """Show the claims that are not confirmed, to the person alone."""
    async with acknowledged(services, interaction, "unconfirmed") as reply:
        if reply:
            stored = await _stored_reply(services, reply_id)
            if not stored.unconfirmed:
                raise ReplyExpired
            await reply.say(*unconfirmed_pages(stored.unconfirmed))


async def check_quotations(services: Services, interaction: Interaction, reply_id: str, _: int) -> None:
    """Check the quotations of an answer."""
    async with acknowledged(services, interaction, "check_answer") as reply:
        if reply:
            services.rate_limiter.check(interaction.user.id, interaction.channel_id or 0)
            stored = await _stored_reply(services, reply_id)
            if not await check_answer(services, interaction, reply, stored):
                await reply.say(translated("This answer contains nothing to check."))


async def vote_up(services: Services, interaction: Interaction, reply_id: str, _: int) -> None:
    """Record that an answer helped."""
    await _vote(services, interaction, reply_id, 1)


async def vote_down(services: Services, interaction: Interaction, reply_id: str, _: int) -> None:
    """Record that an answer did not help."""
    await _vote(services, interaction, reply_id, -1)


async def share(services: Services, interaction: Interaction, reply_id: str, _: int) -> None:
    """Post what only the person saw to everybody in the channel, once."""
    async with acknowledged(services, interaction, "share") as reply:
        if reply:
            database, workers = services.database, services.workers
            stored = await _stored_reply(services, reply_id)
            channel = interaction.channel
            if stored.owner != interaction.user.id or not isinstance(channel, discord.abc.Messageable):
                raise NotPermitted("Only the person who asked can share this.")
            if not settings_at(services, interaction).answer:
                raise NotPermitted("Answers are not shown to everybody here.")
            if not may_post(interaction):
                raise NotPermitted("You, or I, may not write in this channel.")
            if not await workers.query(lambda: database.mark_shared(reply_id)):
                raise NotPermitted("This was shared already.")
            person = escaped_line(interaction.user.display_name, MAX_TITLE_CHARACTERS)
            signature = f"-# {translated('Shared by {person}', person=person)}"
            actions = actions_under(stored)
            try:
                await post_reply(MessageReply(channel, layout=services.layout), _signed(stored, signature), actions)
            except BaseException:
                await workers.query(lambda: database.unmark_shared(reply_id))
                raise
            await reply.say(translated("Shared."))


async def turn_page(services: Services, interaction: Interaction, reply_id: str, number: int) -> None:
    """Show another page: in place of the one before where only the person sees it, else to the person alone."""
    in_place = is_private(interaction)
    async with acknowledged(services, interaction, "page", in_place=in_place) as reply:
        if reply:
            stored = await _stored_reply(services, reply_id)
            if not 1 <= number <= len(stored.pages):
                raise ReplyExpired
            actions = [SHARE] if in_place and stored.owner == interaction.user.id else []
            await reply.finish([one_page(stored.pages, stored.id, actions, number)])


BUTTON_HANDLERS: Mapping[str, ButtonHandler] = {
    OPEN: open_citation,
    WHY.name: explain,
    UNCONFIRMED: show_unconfirmed,
    QUOTES.name: check_quotations,
    GOOD.name: vote_up,
    BAD.name: vote_down,
    SHARE.name: share,
    PAGE: turn_page,
}


async def _stored_reply(services: Services, reply_id: str) -> StoredReply:
    """Return the reply that a button belongs to.

    Raises:
        ReplyExpired: It was deleted, by its person or by age.
    """
    stored = await services.workers.query(lambda: services.database.reply(reply_id))
    if stored is None:
        raise ReplyExpired
    return stored


async def _vote(services: Services, interaction: Interaction, reply_id: str, vote: int) -> None:
    async with acknowledged(services, interaction, "vote") as reply:
        if reply:
            await _stored_reply(services, reply_id)
            await services.workers.query(lambda: services.database.save_vote(reply_id, interaction.user.id, vote))
            recorded = translated(_HELPED) if vote > 0 else translated(_DID_NOT_HELP)
            await reply.say(f"{recorded} {translated('`/forget-me` deletes your vote.')}")


def _signed(stored: StoredReply, signature: str) -> StoredReply:
    """Return a reply with a line under the page that readers see last, on one of its own where that is full."""
    pages = list(stored.pages)
    at = 0 if stored.is_paged else len(pages) - 1
    page = pages[at]
    if len(page.text) + len(signature) + 1 > MAX_MESSAGE_CHARACTERS:
        return stored if stored.is_paged else replace(stored, pages=(*pages, MessagePage(signature)))
    blocks = (*page.blocks, TextBlock(signature)) if page.blocks else ()
    pages[at] = replace(page, text=f"{page.text}\n{signature}", blocks=blocks)
    return replace(stored, pages=tuple(pages))
