"""What a run that was killed or shut down left unfinished is finished by the next one, exactly once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.answers import Answer, SearchScope
from bot.discord import ask_flow, client
from bot.discord.recovery import TOKEN_SECONDS
from retrieval.articles import Hit
from tests.bot.discord.fakes_discord import (
    PATIENCE_SECONDS,
    STRIKE,
    BlockedAnswerer,
    buttons,
    make_bot,
    simulated,
    text_of,
    until,
)
from tests.bot.discord.fakes_gateway import BOT, Gateway, loopback
from tests.bot.fakes_bot import answered, cite, info

OTHER = "Did late frost destroy the cherry harvest?"


class HalfAnswer(BlockedAnswerer):
    """An answerer that yields its first sentence, and the second when it is released; ``once`` for one answer only."""

    once = False

    def stream(self, question: str, hits: Sequence[Hit], searched: SearchScope) -> Iterator[Answer]:
        citations = [cite(number, f"Sentence {number}.", info()) for number in (1, 2)]
        yield answered(*citations[:1], question=question, answerer="openai:test", complete=False)
        self.release.wait(PATIENCE_SECONDS)
        if self.once:
            self.release.clear()
        if self.error:
            raise self.error
        yield answered(*citations, question=question, answerer="openai:test", complete=True)


class BotRun:
    """A run of the bot that a test ends."""

    def __init__(self, folder: Path, *, first: bool, answerer: object = None) -> None:
        self.answerer = HalfAnswer()
        if not first:
            self.answerer.release.set()
        self.bot = make_bot(folder, **({} if first else {"articles": ()}), answerer=answerer or self.answerer)
        self._before = asyncio.all_tasks()
        self._task: asyncio.Task[None] | None = None
        self.is_backfilled = False

    async def start(self) -> None:
        async def identify_at_once(*_: Any, **__: Any) -> None:
            """Identify without discord.py's pause of 5 s."""

        backfill = self.bot._backfill.run

        async def run_backfill() -> int:
            try:
                return await backfill()
            finally:
                self.is_backfilled = True

        self.bot._backfill.run = run_backfill  # type: ignore[method-assign]
        self.bot.before_identify_hook = identify_at_once  # type: ignore[method-assign]
        self.bot._connection.guild_ready_timeout = 0.3
        self._task = asyncio.ensure_future(self.bot.start("token"))
        await until(self.bot.is_ready)
        await until(lambda: self.bot.services.database.fact("connected"))

    async def kill(self) -> None:
        """End the run at once, as the system does: nothing is closed or recorded."""
        current = asyncio.current_task()
        tasks = [each for each in asyncio.all_tasks() - self._before if each is not current]
        for each in tasks:
            each.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.bot.http.close()
        keep_alive: Any = self.bot.ws._keep_alive
        keep_alive.stop()  # its thread ends with a process only

    async def close(self) -> None:
        """End the run in order."""
        await self.bot.close()
        if self._task:
            await self._task

    @property
    def is_idle(self) -> bool:
        return not self.bot.services.events_in_progress


@asynccontextmanager
async def cut_off(
    folder: Path, monkeypatch: pytest.MonkeyPatch, question: str = STRIKE, **command: Any
) -> AsyncIterator[tuple[Gateway, BotRun, BotRun]]:
    """Provide Discord with the preview of an answer, the run that is to be ended, and the one to be started."""
    monkeypatch.setattr(ask_flow, "EDIT_INTERVAL_SECONDS", 0.01)
    async with loopback(monkeypatch) as server:
        first = BotRun(folder, first=True)
        await first.start()
        if command:
            await server.send("INTERACTION_CREATE", server.command("ask", question=question, **command))
        else:
            await server.send("MESSAGE_CREATE", server.say(f"<@{BOT}> {question}"))
        await until(lambda: any(text_of(one).rstrip().endswith("…") for one in server.answers))
        await until(
            lambda: first.bot.services.database.unfinished("") and first.bot.services.database.unfinished("")[0].message
        )
        second = BotRun(folder, first=False)
        try:
            yield server, first, second
        finally:
            await second.close()
            first.answerer.once = False
            first.answerer.release.set()
            await until(lambda: not first.bot.services.workers.running)
            first.bot.services.close()


def is_whole(message: dict[str, Any]) -> bool:
    """Return whether a message is a finished answer."""
    return "Sentence 2." in text_of(message) and "Why" in buttons(message)


async def finished(server: Gateway, run: BotRun) -> None:
    """Start a run and wait until it has finished what there is, and looked for what was missed."""
    await run.start()
    await until(lambda: run.is_backfilled and run.is_idle)
    assert any(map(is_whole, server.answers))
    assert run.bot.services.database.unfinished("") == []
    assert run.bot.services.database.open_events("") == set()


@simulated
@pytest.mark.parametrize(("recorded", "private"), [(True, None), (False, None), (True, True), (True, False)])
async def test_a_preview_that_was_cut_off_becomes_the_answer(
    recorded: bool, private: bool | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a message, also one whose preview was not recorded yet, and of a command; there is one message."""
    command = {} if private is None else {"private": private}
    async with cut_off(tmp_path, monkeypatch, **command) as (server, first, second):
        await first.kill()
        if not recorded:
            first.bot.services.database.delete_person(30)
        await finished(server, second)
        assert [is_whole(one) for one in server.answers] == [True]


@simulated
async def test_an_ordinary_shutdown_leaves_nothing_unfinished_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer took longer than shutting down waits."""
    monkeypatch.setattr(client, "SHUTDOWN_TIMEOUT_SECONDS", 0.05)
    async with cut_off(tmp_path, monkeypatch) as (server, first, second):
        await first.close()
        await finished(server, second)
        assert [is_whole(one) for one in server.answers] == [True]


@simulated
async def test_a_preview_that_was_deleted_meanwhile_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By one new message that replies to the question."""
    async with cut_off(tmp_path, monkeypatch) as (server, first, second):
        await first.kill()
        (preview,) = server.answers
        server.messages.remove(preview)
        await finished(server, second)
        (answer,) = server.answers
        assert is_whole(answer)
        assert answer["message_reference"]["message_id"] == int(server.messages[0]["id"])


@simulated
async def test_the_preview_of_a_question_that_was_deleted_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is nothing to answer any more."""
    async with cut_off(tmp_path, monkeypatch) as (server, first, second):
        await first.kill()
        del server.messages[0]
        await second.start()
        await until(lambda: not server.messages and second.is_idle)
        await until(lambda: second.bot.services.database.unfinished("") == [])  # forgotten after the message is gone


@simulated
@pytest.mark.parametrize("private", [True, False])
async def test_an_answer_whose_token_has_expired_becomes_a_message_where_everybody_sees_it(
    private: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the place of its preview; what was private cannot be changed any more."""
    async with cut_off(tmp_path, monkeypatch, private=private) as (server, first, second):
        await first.kill()
        server.token_expired = True
        database = first.bot.services.database
        (row,) = database.unfinished("")
        database.save_unfinished(replace(row, at=row.at - TOKEN_SECONDS))
        if private:
            await second.start()
            await until(lambda: not database.unfinished(""))
        else:
            await finished(server, second)
        assert [is_whole(one) for one in server.answers] == [not private]


@simulated
@pytest.mark.parametrize("recorded", [True, False])
async def test_of_several_questions_those_that_were_answered_stay(
    recorded: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second was being answered; its preview, which replies to no message, may not be recorded yet."""
    async with cut_off(tmp_path, monkeypatch, f"{STRIKE}\n{OTHER}") as (server, first, second):
        first.answerer.once = True
        first.answerer.release.set()
        await until(lambda: len(server.answers) == 2 and not is_whole(server.answers[1]))
        await first.kill()
        assert [is_whole(one) for one in server.answers] == [True, False]
        database = first.bot.services.database
        (row,) = database.unfinished("")
        database.save_unfinished(replace(row, message=int(server.answers[1]["id"]) if recorded else 0))
        await second.start()
        await until(lambda: all(map(is_whole, server.answers)) and second.is_idle)
        assert [OTHER in text_of(one) for one in server.answers] == [False, True]


@simulated
async def test_a_preview_whose_answer_fails_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The person is told what went wrong instead."""
    async with cut_off(tmp_path, monkeypatch) as (server, first, second):
        first.answerer.error = RuntimeError("secret")
        first.answerer.release.set()
        await until(lambda: any("Something went wrong" in text_of(one) for one in server.answers) and first.is_idle)
        assert len(server.answers) == 1
        await first.close()
        await second.start()


class CutOffAnswer:
    """An answer of two messages, given at once: there is no preview."""

    def answer(self, question: str, hits: Sequence[Hit], searched: SearchScope) -> Answer:
        words = "and so on, as long sentences do when nobody ends them in time, " * 15
        return answered(*(cite(number, f"Sentence {number} {words}.", info()) for number in (1, 2, 3)))


@simulated
@pytest.mark.parametrize("private", [None, True, False])
async def test_an_answer_that_was_cut_off_between_its_messages_is_completed(
    private: bool | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was there becomes a whole answer, to the buttons with what can be done with it."""
    async with loopback(monkeypatch) as server:
        first = BotRun(tmp_path, first=True, answerer=CutOffAnswer())
        await first.start()
        server.trouble = ["", "hold"]
        if private is None:
            await server.send("MESSAGE_CREATE", server.say(f"<@{BOT}> {STRIKE}"))
        else:
            await server.send("INTERACTION_CREATE", server.command("ask", question=STRIKE, private=private))
        await until(lambda: server.held)
        await first.kill()
        assert len(server.answers) == 1
        second = BotRun(tmp_path, first=False, answerer=CutOffAnswer())
        await second.start()
        await until(lambda: second.is_backfilled and second.is_idle)
        await second.close()
        first.bot.services.close()
        assert ["Why" in buttons(one) for one in server.answers] == [False, True]
        first_page, second_page = map(text_of, server.answers)
        assert "> “Sentence 1 " in first_page
        assert "> “Sentence 3 " in second_page
