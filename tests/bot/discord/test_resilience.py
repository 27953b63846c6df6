"""Slow answers, many questions at once, double clicks, restarts, broken connections."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.answers import Answer, SearchScope
from bot.discord.backfill import MAX_BACKFILL_AGE
from bot.discord.logs import LOGGER, JsonFormatter
from retrieval.articles import Hit
from tests.bot.discord.fakes_discord import buttons, make_bot, scene, simulated
from tests.bot.fakes_bot import answered, cite, info
from tests.fakes import make_article, remove

STRIKE = "Which strike ended on Tuesday?"


class Slow:
    """An answerer that waits to be let go, or fails."""

    def __init__(self, error: Exception | None = None) -> None:
        self.let_go = threading.Event()
        self.answered: list[str] = []
        self.started = 0
        self._error = error

    def answer(self, question: str, hits: Sequence[Hit], searched: SearchScope) -> Answer:
        self.started += 1
        self.let_go.wait(20)
        if self._error:
            raise self._error
        self.answered.append(question)
        return answered(cite(1, "It ended.", info()), question=question)


class Streaming(Slow):
    """An answerer that tells what it has so far, sentence by sentence."""

    def stream(self, question: str, hits: Sequence[Hit], searched: SearchScope) -> Iterator[Answer]:
        citations = [cite(number, f"Sentence {number}.", info()) for number in range(1, 4)]
        for count in range(1, 4):
            yield answered(*citations[:count], question=question, answerer="openai:test", complete=count == 3)
            time.sleep(0.05)


async def until(true: Callable[[], bool]) -> None:
    """Wait for something that a worker does."""
    for _ in range(3000):
        if true():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it never came")


@simulated
async def test_a_slow_answer_is_acknowledged_at_once(tmp_path: Path) -> None:
    """Before the answerer has even begun; the answer takes the place of "thinking…" when it comes."""
    slow = Slow()
    bot = make_bot(tmp_path, answerer=slow)
    async with scene(bot, settle_timeout=0.2) as here:
        with pytest.raises(TimeoutError):
            await here.ana.slash(here.channel, "ask", question=STRIKE)
        callbacks = [one for one in here.env.http_requests if one.path.endswith("/callback")]
        assert [one.json["type"] for one in callbacks] == [5]
        assert here.channel.last_message is None or "ended" not in here.channel.last_message.content
        slow.let_go.set()
        await here.env.settle(timeout=10)
        assert "It ended." in here.channel.last_message.content


@simulated
async def test_a_hundred_questions_at_once_are_all_acknowledged_and_answered(tmp_path: Path) -> None:
    """By a hundred people, on two workers; every one is acknowledged while the first is still worked on."""
    slow = Slow()
    bot = make_bot(tmp_path, answerer=slow)
    async with scene(bot, settle_timeout=0.01) as here:
        people = [here.guild.add_member(here.env.create_user(f"p{number}")) for number in range(100)]
        for number, person in enumerate(people):
            with pytest.raises(TimeoutError):
                await person.slash(here.channel, "ask", question=f"Question {number}?")

        def acknowledged() -> list[int]:
            return [one.json["type"] for one in here.env.http_requests if one.path.endswith("/callback")]

        await until(lambda: len(acknowledged()) == 100)
        assert set(acknowledged()) == {5}
        assert slow.answered == []
        here.env.settle_timeout = 10
        slow.let_go.set()
        await until(lambda: len(slow.answered) == 100)
        await here.env.settle()
        said = [one.content for one in here.channel.history()]
        assert sorted(slow.answered) == sorted(f"Question {number}?" for number in range(100))
        assert sum("It ended." in one for one in said) == 100


@simulated
async def test_an_answer_grows_by_edits_at_a_polite_pace(tmp_path: Path) -> None:
    """Fast sentences make one edit, not many; the last one is the whole answer with its buttons."""
    bot = make_bot(tmp_path, answerer=Streaming())
    async with scene(bot) as here:
        result = await here.ana.slash(here.channel, "ask", question=STRIKE)
        assert "Sentence 1. [1] Sentence 2. [2] Sentence 3. [3]" in result.response.content
        edits = [one for one in here.env.http_requests if one.method == "PATCH"]
        assert len(edits) <= 2


@simulated
async def test_a_long_answer_with_many_citations_comes_whole(tmp_path: Path) -> None:
    """6,000 characters and 25 citations, accepted by Discord's limits; the last button works."""
    words = "Sentence {} says something *important* to @everyone and goes on for a while, as long ones do, " * 3
    quotes = [(words.format(number, number, number) + "until it ends").strip() for number in range(1, 26)]
    article = make_article("\n".join(quotes), title="Long [one](https://x.example)", origin="long.txt")
    spans = [article.text.index(quote) for quote in quotes]
    found = [
        cite(at, quote, info(id=article.id), start)
        for at, (quote, start) in enumerate(zip(quotes, spans, strict=True), 1)
    ]

    class Long(Slow):
        def answer(self, question: str, hits: Sequence[Hit], searched: SearchScope) -> Answer:
            return answered(*found, question=question)

    async with scene(make_bot(tmp_path, [article], answerer=Long())) as here:
        result = await here.ana.slash(here.channel, "ask", question=STRIKE)
        messages = [result.response, *result.followups]
        assert sum(len(one.content) for one in messages) > 6_000
        assert all(len(one.content) <= 2_000 for one in messages)
        labels = [label for one in messages for label in buttons(one) if label.startswith("[")]
        assert labels == [f"[{number}]" for number in range(1, 26)]
        (last,) = [one for one in messages if "[25]" in buttons(one)]
        opened = await here.ben.click(last, label="[25]")
        assert "**Sentence 25 says something" in opened.response.content
        assert "Share" not in buttons(messages[-1])
        assert "Why" in buttons(messages[-1])


@simulated
async def test_a_citation_of_an_article_that_left_says_so(tmp_path: Path) -> None:
    """Not a passage of other words."""
    bot = make_bot(tmp_path)
    async with scene(bot) as here:
        result = await here.ana.slash(here.channel, "ask", question=STRIKE)
        remove(bot.services.app.library, "news/harbour.txt")
        opened = await here.ana.click(result.response, label="[1]")
        assert "changed or removed since" in opened.response.content


@simulated
async def test_too_many_questions_are_told_so_in_time(tmp_path: Path) -> None:
    """The third of two is refused while the others are worked on."""
    slow = Slow()
    bot = make_bot(tmp_path, answerer=slow, discord_workers=1, discord_queue=1)
    async with scene(bot, settle_timeout=0.05) as here:
        await until(lambda: bot.services.workers.pending == 0)  # the model is warm
        for held, person in enumerate((here.ana, here.ben), 1):
            with pytest.raises(TimeoutError):
                await person.slash(here.channel, "ask", question=STRIKE)
            await until(lambda held=held: bot.services.workers.pending == held)  # type: ignore[misc]
        cid = here.guild.add_member(here.env.create_user("cid"))
        with pytest.raises(TimeoutError):
            await cid.slash(here.channel, "ask", question=STRIKE)
        await until(lambda: any("Too many questions" in one.content for one in here.channel.history()))
        assert slow.answered == []
        slow.let_go.set()
        await here.env.settle(timeout=10)


@simulated
async def test_a_failing_answer_says_so_without_its_words_and_the_next_is_answered(tmp_path: Path) -> None:
    """No exception text, no path; a reference that the log holds, too."""
    slow = Slow(RuntimeError(f"secret detail in {tmp_path}"))
    slow.let_go.set()
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonFormatter())
    LOGGER.addHandler(handler)
    try:
        async with scene(make_bot(tmp_path, answerer=slow)) as here:
            result = await here.ana.slash(here.channel, "ask", question=STRIKE)
            said = result.response.content
            slow._error = None
            after = await here.ana.slash(here.channel, "ask", question=STRIKE)
            assert "It ended." in after.response.content
    finally:
        LOGGER.removeHandler(handler)
    assert "Something went wrong" in said
    assert "secret" not in said + written.getvalue()
    assert str(tmp_path) not in said + written.getvalue()
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    (failed,) = [line for line in lines if line["event"] == "failed"]
    assert failed["error"] == "RuntimeError"
    assert failed["id"] in said


@simulated
async def test_a_connection_that_breaks_while_sending_is_used_again_once_for_the_reader(tmp_path: Path) -> None:
    """The answer carries a nonce, so that Discord makes one message of two requests."""
    bot = make_bot(tmp_path)
    async with scene(bot) as here:
        send, broken = bot.http.request, []

        async def request(route: Any, **options: Any) -> Any:
            result = None
            if route.path.endswith("/messages") and len(broken) < 2:
                broken.append(options["params"].payload["nonce"] if "params" in options else options["json"]["nonce"])
                if len(broken) == 2:
                    result = await send(route, **options)  # it got through, its answer did not
                raise aiohttp.ServerDisconnectedError
            return result or await send(route, **options)

        bot.http.request = request  # type: ignore[method-assign]
        await here.ana.send(here.channel, f"{here.bot.user.mention} {STRIKE}")
        await here.env.advance_time(5)
        assert broken[0] == broken[1]
        sent = [one for one in here.env.http_requests if one.method == "POST" and one.path.endswith("/messages")]
        assert {one.json["nonce"] for one in sent} == {broken[0]}
        assert all(one.json["enforce_nonce"] for one in sent)


@simulated
async def test_what_was_missed_is_answered_once_after_a_new_session(tmp_path: Path) -> None:
    """A mention while the bot was away is answered at its return; what was answered before is not again."""
    async with scene(make_bot(tmp_path)) as here:
        mention = here.bot.user.mention
        await here.ana.send(here.channel, f"{mention} {STRIKE}")
        await here.bot.close()
        missed = await here.ben.send(here.channel, f"{mention} Did late frost destroy the cherry harvest?")
        await here.env.restart_bot(make_bot(tmp_path, articles=()))
        await here.env.settle()
        answers = [one for one in here.channel.history() if one.author.id == here.env.bot.user.id]
        assert [one.reference.message_id for one in answers][-1] == missed.id
        assert len(answers) == 2
        here.env.bot.dispatch("ready")
        await here.env.settle()
        assert len([one for one in here.channel.history() if one.author.id == here.env.bot.user.id]) == 2
        await here.env.bot.close()


@simulated
async def test_a_question_that_an_earlier_run_left_undone_is_answered(tmp_path: Path) -> None:
    """It had begun and was killed."""
    bot = make_bot(tmp_path)
    async with scene(bot) as here:
        await bot.close()
        left = await here.ana.send(here.channel, f"{here.bot.user.mention} {STRIKE}")
        assert bot.services.database.claim_event(f"message:{left.id}", bot.services.run_id)
        await here.env.restart_bot(make_bot(tmp_path, articles=()))
        await here.env.settle()
        (answer,) = [one for one in here.channel.history() if one.author.id == here.env.bot.user.id]
        assert answer.reference.message_id == left.id
        await here.env.bot.close()


@simulated
async def test_what_was_missed_long_ago_is_let_be(tmp_path: Path) -> None:
    """Fifteen minutes are the reach."""
    async with scene(make_bot(tmp_path)) as here:
        mention = here.bot.user.mention
        await here.bot.close()
        await here.ben.send(here.channel, f"{mention} {STRIKE}")
        await here.env.advance_time(MAX_BACKFILL_AGE.total_seconds() + 60)
        await here.env.restart_bot(make_bot(tmp_path, articles=()))
        await here.env.settle()
        assert [one for one in here.channel.history() if one.author.id == here.env.bot.user.id] == []
        await here.env.bot.close()


@simulated
async def test_an_answer_that_took_a_quarter_of_an_hour_comes_as_a_message(tmp_path: Path) -> None:
    """Discord holds an interaction open for fifteen minutes."""
    async with scene(make_bot(tmp_path)) as here:
        here.env.inject_error("PATCH", "/webhooks/*", status=401, code=50027)
        await here.ana.slash(here.channel, "ask", question=STRIKE)
        assert "Port Vell" in here.channel.last_message.content


@simulated
async def test_closing_waits_for_answers_under_way(tmp_path: Path) -> None:
    """And takes no new ones."""
    slow = Slow()
    bot = make_bot(tmp_path, answerer=slow)
    async with scene(bot, settle_timeout=0.1) as here:
        with pytest.raises(TimeoutError):
            await here.ana.slash(here.channel, "ask", question=STRIKE)
        await until(lambda: slow.started == 1)
        closing = asyncio.ensure_future(bot.close())
        await asyncio.sleep(0.05)
        assert not closing.done()
        slow.let_go.set()
        await closing
        assert "It ended." in here.channel.last_message.content
        assert not (tmp_path / "discord.alive").exists()


@simulated
async def test_the_heartbeat_says_that_the_bot_is_connected(tmp_path: Path) -> None:
    """For supervisors: a file that is written anew all the time."""
    bot = make_bot(tmp_path)
    async with scene(bot) as here:
        await here.env.advance_time(16)
        beat = json.loads((tmp_path / "discord.alive").read_text("utf-8"))
        assert beat["connected"] is True
        assert abs(beat["time"] - time.time()) < 60
