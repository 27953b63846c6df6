"""Record flow: from a request to the statements with their buttons."""

from __future__ import annotations

import secrets

from bot.discord.ask_flow import post_reply
from bot.discord.buttons import SHARE
from bot.discord.database import StoredReply
from bot.discord.delivery import Reply
from bot.discord.escape import escaped_line
from bot.discord.interactions import Interaction
from bot.discord.pages import MessagePage
from bot.discord.render_record import MAX_NOTE_CHARACTERS, MAX_STATEMENTS, people_pages, record_pages, statement_targets
from bot.discord.services import Services
from bot.record_requests import RecordRequest
from bot.render.catalogue import translated
from bot.render.record import record_summary, unknown_words
from retrieval.articles import Filters
from retrieval.quotes.record.record import SpeakerUnknown


async def list_statements(
    services: Services, interaction: Interaction, reply: Reply, request: RecordRequest, *, private: bool
) -> None:
    """Post what somebody said, the latest statements, each with a button that opens it.

    Raises:
        SpeakerAmbiguous: The name can mean several speakers.
        FilterError: A date cannot be read.
    """

    def job() -> StoredReply:
        services.app.check_ready()
        found = services.app.record.said(
            request.name, request.about, request.filters, pivot=request.pivot, limit=MAX_STATEMENTS
        )
        return StoredReply(
            id=secrets.token_hex(8),
            owner=interaction.user.id,
            guild=interaction.guild_id or 0,
            channel=interaction.channel_id or 0,
            question=request.name,
            text=record_summary(found),
            pages=tuple(record_pages(found)),
            targets=statement_targets(found),
            why=(),
            asked_at=services.database.clock(),
        )

    try:
        stored = await services.workers.run(job)
    except SpeakerUnknown as error:
        text = escaped_line(f"{unknown_words(error)} {translated('/people lists who is quoted.')}", MAX_NOTE_CHARACTERS)
        await reply.say(text)
        return
    await services.workers.query(lambda: services.database.save_reply(stored))
    await post_reply(reply, stored, [SHARE] if private else [])


async def list_people(services: Services, reply: Reply, filters: Filters) -> None:
    """Post who is quoted in the articles that filters leave."""

    def pages() -> list[MessagePage]:
        services.app.check_ready()
        return people_pages(services.app.record.people(filters))

    await reply.say(*await services.workers.run(pages))
