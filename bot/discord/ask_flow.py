"""Ask flow: from a question, however it was asked, to an answer with its buttons."""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

import discord

from bot.answer_run import run_answer
from bot.answers import EXTRACTIVE, Answer, QuestionKind
from bot.app import App
from bot.composition.timeline import MAX_ROWS
from bot.conversation.session import ConversationSession
from bot.conversation.store import ConversationStore, Turn, turn_of
from bot.discord.buttons import AnswerAction, answer_actions, one_page, with_buttons
from bot.discord.database import StoredReply
from bot.discord.delivery import CONNECTION_ERRORS, Reply
from bot.discord.escape import escaped_line
from bot.discord.logs import log
from bot.discord.pages import MAX_MESSAGE_CHARACTERS, MessagePage, TextBlock
from bot.discord.render_answers import answer_pages, citation_targets, why_pages
from bot.discord.services import Services
from bot.discord.workers import LatestValue
from bot.render.catalogue import ENGLISH, speaking
from bot.user_input import checked, split_questions
from retrieval.articles import Filters
from retrieval.errors import InputError

EDIT_INTERVAL_SECONDS = 1.5
"""Between two edits of an answer in progress: Discord allows five edits in five seconds to a whole channel."""

_SMALL_TALK = frozenset({QuestionKind.SMALL_TALK, QuestionKind.COMMAND})
_CONTINUES = " …"
_MAX_THREAD_NAME_CHARACTERS = 100


@dataclass(frozen=True, slots=True)
class WantedComposition:
    """What a command asks for by its name.

    Attributes:
        kind: The name.
        topic: What it is about; empty for an article, or for everything.
        article: The article's id or title; empty for a topic.
    """

    kind: Literal["timeline", "summary"]
    topic: str = ""
    article: str = ""

    def compose(self, app: App, filters: Filters) -> Answer:
        """Return the answer. Blocks.

        Raises:
            OnrecordError: As ``App.timeline`` and ``App.summary``.
        """
        if self.kind == "timeline":
            return app.timeline(self.topic, filters, limit=MAX_ROWS)
        return app.summary(self.topic, filters, article=self.article)


@dataclass(frozen=True, slots=True)
class DiscordQuestion:
    """A question, who asked it and where.

    Attributes:
        text: The question.
        owner: The person, by Discord's id.
        guild: The server; 0 for a direct message.
        channel: The channel or thread.
        filters: What is searched.
        private: Whether only the person sees the answer.
        echoed: Whether the question is shown above the answer, because readers do not see it otherwise.
        after: The turn of the answer that it replies to, also of somebody else's; None: it follows the person's last.
        wanted: What a command asks for by its name; None: the question is interpreted.
        words_of: The others whose words it, or the answer that it replies to, repeats.
    """

    text: str
    owner: int
    guild: int
    channel: int
    filters: Filters
    private: bool = False
    echoed: bool = False
    after: Turn | None = None
    wanted: WantedComposition | None = None
    words_of: tuple[int, ...] = ()

    @property
    def conversation(self) -> str:
        """The name of the conversation that the question belongs to."""
        return conversation_name(self.channel, self.owner, private=self.private)

    @property
    def echo(self) -> str:
        """The question where it is shown above the answer, else nothing."""
        return self.text if self.echoed else ""


def conversation_name(channel: int, owner: int, *, private: bool = False) -> str:
    """Return the name of a person's conversation in a channel or thread.

    What everybody sees and what only the person sees are two conversations: a public answer to "When was that?" must
    not tell what was asked in private.
    """
    return f"discord-{'private-' if private else ''}{channel}-{owner}"


def is_conversation_of(name: str, owner: int) -> bool:
    """Return whether a conversation is a person's."""
    return name.startswith("discord-") and name.endswith(f"-{owner}")


async def answer_question(services: Services, question: DiscordQuestion, reply: Reply) -> StoredReply:
    """Answer a question where it was asked, or several in order; return the first answer as it was stored.

    Raises:
        QueueFull: Too many questions wait.
        OnrecordError: It cannot be answered, or there are more questions than the person may ask just now.
    """
    text = checked(question.text)
    if not text:
        raise InputError("write a question")
    questions = [text] if question.wanted else split_questions(text)
    journal = reply.journal
    done = journal.reply.answered if journal else 0  # by an earlier run
    for _ in questions[1:] if not done else ():
        services.rate_limiter.check(question.owner, question.channel)
    if journal and journal.reply.token:
        await journal.record(question=question_json(question))
    first: StoredReply | None = None
    for number, each in enumerate(questions[done:], done + 1):
        echoed = question.echoed or len(questions) > 1
        one = replace(question, text=each, echoed=echoed, after=question.after if number == 1 else None)
        stored = await _answer_one(services, one, reply)
        first = first or stored
        if number < len(questions):
            if journal:
                await journal.record(answered=number, message=0)
            reply = reply.following()
    if first is None:
        raise InputError("every question was answered")
    return first


async def _answer_one(services: Services, question: DiscordQuestion, reply: Reply) -> StoredReply:
    try:
        async with services.conversation_turn(question.conversation):
            answer, stored = await _answer_with_previews(services, question, reply)
        await services.workers.query(lambda: services.database.save_reply(stored))
    except Exception:
        if not services.client.is_closed():
            await reply.retract()
        raise
    await post_reply(reply, stored, actions_under(stored, private=question.private))
    log("answered", status=str(answer.status), pages=len(stored.pages), citations=len(stored.targets))
    return stored


def actions_under(stored: StoredReply, *, private: bool = False) -> list[AnswerAction]:
    """Return the actions under a stored reply: none under small talk, which says nothing of the articles."""
    if not stored.why:
        return []
    return answer_actions(len(stored.unconfirmed), cited=bool(stored.targets), private=private)


def question_json(question: DiscordQuestion) -> str:
    """Return a question of a command, which replies to no answer, as it is recorded."""
    return json.dumps(asdict(replace(question, after=None)), ensure_ascii=False)


def recorded_question(text: str) -> DiscordQuestion:
    """Return the question of ``question_json``.

    Raises:
        TypeError: Another version of the bot recorded it with other fields.
    """
    fields = json.loads(text)
    filters: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in fields["filters"].items()
    }
    wanted = fields.get("wanted")
    fields["wanted"] = WantedComposition(**wanted) if wanted else None
    fields["words_of"] = tuple(fields.get("words_of", ()))
    return DiscordQuestion(**{**fields, "filters": Filters(**filters)})


async def post_reply(reply: Reply, stored: StoredReply, actions: Sequence[AnswerAction]) -> None:
    """Post a stored reply with the buttons of its citations and of ``actions``; of one in pages the first."""
    if stored.is_paged:
        await reply.finish([one_page(stored.pages, stored.id, actions)])
    else:
        await reply.finish(with_buttons(stored.pages, stored.id, actions))


async def open_thread(
    services: Services, message: discord.PartialMessage | discord.Message, question: str
) -> discord.Thread | None:
    """Open a thread named after a question; return None where Discord does not allow it."""
    name = escaped_line(question, 90).replace("\\", "")[:_MAX_THREAD_NAME_CHARACTERS]
    try:
        thread = await message.create_thread(name=name or "Question")
    except (discord.HTTPException, *CONNECTION_ERRORS) as error:
        log("thread_failed", level=logging.WARNING, error=error)
        return None
    services.own_threads.add(thread.id)
    await services.workers.query(lambda: services.database.add_thread(thread.id))
    return thread


async def _answer_with_previews(
    services: Services, question: DiscordQuestion, reply: Reply
) -> tuple[Answer, StoredReply]:
    """Have a worker answer; show its sentences while more come."""
    latest: LatestValue[Answer] = LatestValue()

    def job() -> tuple[Answer, StoredReply]:
        answer = _answer(services, question, latest.put)
        return answer, _stored(services, question, answer)

    work = asyncio.ensure_future(services.workers.run(job))
    try:
        while not work.done():
            await asyncio.wait({work}, timeout=EDIT_INTERVAL_SECONDS)
            preview = latest.take()
            if not work.done() and preview and preview.claims:
                await _show_preview(reply, answer_pages(preview, asked=question.echo))
        return work.result()
    finally:
        work.cancel()


async def _show_preview(reply: Reply, pages: Sequence[MessagePage]) -> None:
    """Show the first page of an unfinished answer; a failure is harmless, since the whole answer follows."""
    try:
        await reply.update(_unfinished(pages[0]))
    except (discord.HTTPException, *CONNECTION_ERRORS) as error:
        log("preview_failed", error=error)


def _unfinished(page: MessagePage) -> MessagePage:
    """Return a page with a sign that more will come, where there is room."""
    if len(page.text) + len(_CONTINUES) > MAX_MESSAGE_CHARACTERS:
        return page
    blocks = (*page.blocks, TextBlock(_CONTINUES.strip())) if page.blocks else ()
    return replace(page, text=page.text + _CONTINUES, blocks=blocks)


def _answer(services: Services, question: DiscordQuestion, on_state: Callable[[Answer], None]) -> Answer:
    """Return the answer, and call ``on_state`` with each state of it. Blocks.

    It is composed in English, which the questions that follow build on; what is shown of it is translated.
    """
    session = RepliedConversation(question.conversation, services.app.conversations, question.after)
    with speaking(ENGLISH):
        if question.wanted:
            answer = question.wanted.compose(services.app, question.filters)
            session.keep(answer)
            return answer
        return run_answer(services.app, question.text, question.filters, session, show=on_state)


class RepliedConversation(ConversationSession):
    """A person's conversation as it was when an answer was given, for a question that replies to that answer.

    Args:
        name: The person's conversation.
        kept: The store of conversations.
        after: The turn of the answer; another's stands alone. None: the conversation as it is.
    """

    def __init__(self, name: str, kept: ConversationStore, after: Turn | None) -> None:
        super().__init__(name, kept)
        self._after = after

    @property
    def history(self) -> tuple[Turn, ...]:
        """The turns up to the answer that is replied to, oldest first."""
        turns, after = super().history, self._after
        if after is None:
            return turns
        own = [at for at, turn in enumerate(turns) if replace(turn, asked=after.asked) == after]
        return turns[: own[-1] + 1] if own else (after,)


def _said(answer: Answer) -> str:
    """Return what an answer says, whose quotations can be checked: of one in the articles' words those alone.

    What the program says around them puts in marks what was asked for, which nobody said.
    """
    if answer.answerer != EXTRACTIVE or not answer.shown:
        return answer.text
    return "\n".join(claim.marked for claim in answer.claims if claim.citations)


def _stored(services: Services, question: DiscordQuestion, answer: Answer) -> StoredReply:
    follows = answer.standalone_question and question.after is None
    words_of = services.database.latest_words_of(question.owner, question.channel) if follows else ()
    return StoredReply(
        id=secrets.token_hex(8),
        owner=question.owner,
        guild=question.guild,
        channel=question.channel,
        question=question.text,
        text=_said(answer),
        pages=tuple(answer_pages(answer, asked=question.echo)),
        targets=citation_targets(answer),
        why=() if answer.kind in _SMALL_TALK else tuple(why_pages(answer)),
        asked_at=services.database.clock(),
        unconfirmed=tuple(claim.marked for claim in answer.unconfirmed),
        turn=turn_of(answer, services.database.clock()),
        words_of=question.words_of or words_of,
    )
