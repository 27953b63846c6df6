"""From a question to an answer with its buttons, whatever way the question came."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import discord

from bot.answers import Answer
from bot.conversation.session import ConversationSession
from bot.discord.buttons import BAD, GOOD, QUOTES, SHARE, WHY, AnswerAction, views
from bot.discord.database import StoredReply
from bot.discord.delivery import CONNECTION_ERRORS, Reply
from bot.discord.logs import log
from bot.discord.pages import MessagePage
from bot.discord.render_answers import answer_pages, citation_targets, why_pages
from bot.discord.workers import LatestValue
from bot.user_input import checked
from retrieval.articles import Filters
from retrieval.errors import InputError

if TYPE_CHECKING:
    from bot.discord.client import OnrecordBot

EDIT_INTERVAL_SECONDS = 1.5
"""Seconds between two edits of an answer that grows: Discord allows five in five seconds, and others share them."""
_CONTINUES = " …"


@dataclass(frozen=True, slots=True)
class DiscordQuestion:
    """What was asked, by whom and where.

    Attributes:
        text: The question.
        owner: The person, by Discord's id.
        guild: The server; 0 for a direct message.
        channel: The channel or thread.
        filters: What is searched.
        private: Whether only the person sees the answer.
        echoed: Whether the question is shown above the answer, since readers do not see it otherwise.
    """

    text: str
    owner: int
    guild: int
    channel: int
    filters: Filters
    private: bool = False
    echoed: bool = False

    @property
    def conversation(self) -> str:
        """The name of the conversation: one a channel (or thread) and person, so that none mix."""
        return conversation_name(self.channel, self.owner)


def conversation_name(channel: int, owner: int) -> str:
    """Return the name of a person's conversation in a channel."""
    return f"discord-{channel}-{owner}"


def is_conversation_of(name: str, owner: int) -> bool:
    """Return whether a conversation is a person's."""
    return name.startswith("discord-") and name.endswith(f"-{owner}")


async def answer_question(bot: OnrecordBot, question: DiscordQuestion, reply: Reply) -> StoredReply:
    """Answer a question where it was asked, and keep the answer for its buttons.

    Raises:
        Busy: Too many questions wait.
        OnrecordError: It cannot be answered.
    """
    text = checked(question.text)
    if not text:
        raise InputError("write a question")
    asked = replace(question, text=text)
    async with bot.turn(asked.conversation):
        found, kept = await _computed(bot, asked, reply)
    await bot.bench.note(lambda: bot.records.keep(kept))
    actions = [WHY, QUOTES, GOOD, BAD, *([SHARE] if asked.private else [])]
    await post_reply(reply, kept, actions)
    log("answered", status=str(found.status), pages=len(kept.pages), citations=len(kept.places))
    return kept


async def _computed(bot: OnrecordBot, question: DiscordQuestion, reply: Reply) -> tuple[Answer, StoredReply]:
    """Have the answer made by a worker; show it as it grows."""
    growing = LatestValue()
    asked = question.text if question.echoed else ""

    def make() -> tuple[Answer, StoredReply]:
        found = _stream(bot, question, growing.tell)
        return found, stored_answer(bot, question, found)

    work = asyncio.ensure_future(bot.bench.run(make))
    try:
        while not work.done():
            await asyncio.wait({work}, timeout=EDIT_INTERVAL_SECONDS)
            state = growing.take()
            if not work.done() and isinstance(state, Answer) and state.claims:
                await _preview(reply, answer_pages(state, asked=asked))
        return work.result()
    finally:
        work.cancel()


async def _preview(reply: Reply, pages: Sequence[MessagePage]) -> None:
    """Show the first page of what there is; when that fails, the whole answer still comes."""
    text = pages[0].text
    try:
        await reply.update(text + _CONTINUES if len(text) + len(_CONTINUES) <= 2000 else text)
    except (discord.HTTPException, *CONNECTION_ERRORS) as error:
        log("preview_lost", error=error)


def _stream(bot: OnrecordBot, question: DiscordQuestion, tell: Callable[[object], None]) -> Answer:
    """Return the answer, telling each state of it; runs in a worker."""
    talk = ConversationSession(question.conversation, bot.app.conversations)
    last: Answer | None = None
    for last in bot.app.stream(question.text, question.filters, talk.history):
        tell(last)
    if last is None:
        raise InputError("the question got no answer")
    talk.keep(last)
    return last


def stored_answer(bot: OnrecordBot, question: DiscordQuestion, found: Answer) -> StoredReply:
    """Return what is kept of an answer."""
    return StoredReply(
        id=secrets.token_hex(8),
        owner=question.owner,
        guild=question.guild,
        channel=question.channel,
        question=question.text,
        text=found.text,
        pages=tuple(answer_pages(found, asked=question.text if question.echoed else "")),
        places=citation_targets(found),
        why=tuple(why_pages(found, bot.app.settings.wrong_costs)),
        asked=bot.records.clock(),
    )


async def post_reply(reply: Reply, kept: StoredReply, actions: Sequence[AnswerAction]) -> None:
    """Show something kept, with the buttons of its citations and what else can be done with it."""
    await reply.finish(kept.pages, views(kept.pages, kept.id, actions))
