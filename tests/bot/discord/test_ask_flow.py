"""Answering questions: acknowledged at once, however slow, many or long the answers are."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import discord
import pytest

from bot.answers import Answer, Doubt, SearchScope
from bot.discord import ask_flow
from bot.discord.ask_flow import (
    DiscordQuestion,
    WantedComposition,
    answer_question,
    question_json,
    recorded_question,
)
from bot.discord.delivery import Reply
from bot.discord.layout import OutgoingMessage
from bot.discord.logs import LOGGER, JsonFormatter
from bot.discord.pages import MessagePage
from retrieval.articles import Filters, Hit
from tests.bot.discord.fakes_discord import (
    PATIENCE_SECONDS,
    SETTLE_SECONDS,
    STRIKE,
    BlockedAnswerer,
    Scene,
    buttons,
    make_bot,
    scene,
    simulated,
    text_of,
    until,
)
from tests.bot.fakes_bot import answered, cite, info
from tests.fakes import make_article


class SentenceBySentence(BlockedAnswerer):
    """An answerer that yields its answer sentence by sentence, and waits after the first until it is released."""

    def stream(self, question: str, hits: Sequence[Hit], searched: SearchScope) -> Iterator[Answer]:
        citations = [cite(number, f"Sentence {number}.", info()) for number in range(1, 4)]
        for count in range(1, 4):
            yield answered(*citations[:count], question=question, answerer="openai:test", complete=count == 3)
            self.release.wait(PATIENCE_SECONDS)


def acknowledgements(here: Scene) -> list[int]:
    """Return the types of the acknowledgements that the bot sent."""
    return [one.json["type"] for one in here.env.http_requests if one.path.endswith("/callback")]


@simulated
async def test_a_slow_answer_is_acknowledged_at_once(tmp_path: Path) -> None:
    """Before the answerer has even begun; the answer replaces "thinking…" when it comes."""
    slow = BlockedAnswerer()
    async with scene(make_bot(tmp_path, answerer=slow), settle_timeout=0.2) as here:
        with pytest.raises(TimeoutError):
            await here.ana.slash(here.channel, "ask", question=STRIKE)
        await until(lambda: acknowledgements(here) == [5])
        assert here.channel.last_message is None or "ended" not in text_of(here.channel.last_message)
        slow.release.set()
        await here.env.settle(timeout=SETTLE_SECONDS)
        assert "It ended." in text_of(here.channel.last_message)


@simulated
async def test_a_hundred_questions_at_once_are_all_acknowledged_and_answered(tmp_path: Path) -> None:
    """By two workers; every one is acknowledged while the first is still being answered."""
    slow = BlockedAnswerer()
    async with scene(make_bot(tmp_path, answerer=slow), settle_timeout=0.01) as here:
        people = [here.guild.add_member(here.env.create_user(f"p{number}")) for number in range(100)]
        for number, person in enumerate(people):
            with pytest.raises(TimeoutError):
                await person.slash(here.channel, "ask", question=f"Question {number}?")
        await until(lambda: len(acknowledgements(here)) == 100)
        assert set(acknowledgements(here)) == {5}
        assert slow.answered == []
        here.env.settle_timeout = PATIENCE_SECONDS
        slow.release.set()
        await until(lambda: sum("It ended." in text_of(one) for one in here.channel.history()) == 100)
        assert sorted(slow.answered) == sorted(f"Question {number}?" for number in range(100))


@simulated
async def test_sentences_that_come_fast_make_one_edit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between two edits of an answer the interval passes, however many sentences come in it."""
    monkeypatch.setattr(ask_flow, "EDIT_INTERVAL_SECONDS", 3_600)
    fast = SentenceBySentence()
    fast.release.set()
    async with scene(make_bot(tmp_path, answerer=fast)) as here:
        result = await here.ana.slash(here.channel, "ask", question=STRIKE)
        assert "Sentence 1. [1] Sentence 2. [2] Sentence 3. [3]" in text_of(result.response)
        assert sum(one.method == "PATCH" for one in here.env.http_requests) == 1


class RecordingReply(Reply):
    """A reply that records what it shows, and releases the answerer at the first preview."""

    def __init__(self, answerer: BlockedAnswerer) -> None:
        self.previews: list[str] = []
        self.pages: list[str] = []
        self._answerer = answerer

    async def update(self, page: MessagePage) -> None:
        self.previews.append(page.text)
        self._answerer.release.set()

    async def finish(self, messages: Sequence[OutgoingMessage]) -> None:
        self.pages = [message.page.text for message in messages]

    def following(self) -> RecordingReply:
        raise AssertionError("one question has one answer")


@simulated
async def test_the_first_sentences_are_shown_while_the_others_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole answer replaces them."""
    monkeypatch.setattr(ask_flow, "EDIT_INTERVAL_SECONDS", 0.01)
    slow = SentenceBySentence()
    services = make_bot(tmp_path, answerer=slow).services
    reply = RecordingReply(slow)
    await answer_question(services, DiscordQuestion(STRIKE, 1, 2, 3, Filters()), reply)
    assert reply.previews[0].startswith("Sentence 1. [1]")
    assert "Sentence 2." not in reply.previews[0]
    assert reply.previews[0].endswith(" …")
    assert "Sentence 1. [1] Sentence 2. [2] Sentence 3. [3]" in reply.pages[0]
    services.close()


@simulated
async def test_a_long_answer_with_many_citations_is_posted_whole(tmp_path: Path) -> None:
    """6,000 characters and 25 citations, accepted by Discord's limits; the last button works."""
    words = "Sentence {} says something *important* to @everyone and goes on for a while, as long ones do, " * 3
    quotes = [(words.format(number, number, number) + "until it ends").strip() for number in range(1, 26)]
    article = make_article("\n".join(quotes), title="Long [one](https://x.example)", origin="long.txt")
    starts = [article.text.index(quote) for quote in quotes]
    found = [
        cite(number, quote, info(id=article.id), start)
        for number, (quote, start) in enumerate(zip(quotes, starts, strict=True), 1)
    ]

    class Long:
        def answer(self, question: str, hits: Sequence[Hit], searched: SearchScope) -> Answer:
            return answered(*found, question=question)

    async with scene(make_bot(tmp_path, [article], answerer=Long())) as here:
        result = await here.ana.slash(here.channel, "ask", question=STRIKE)
        messages = [result.response, *result.followups]
        assert sum(len(text_of(one)) for one in messages) > 6_000
        assert all(len(text_of(one)) <= 2_000 for one in messages)
        labels = [label for one in messages for label in buttons(one) if label.startswith("[")]
        assert labels == [f"[{number}]" for number in range(1, 26)]
        (last,) = [one for one in messages if "[25]" in buttons(one)]
        opened = await here.ben.click(last, label="[25]")
        assert "**Sentence 25 says something" in text_of(opened.response)
        assert "Share" not in buttons(messages[-1])
        assert "Why" in buttons(messages[-1])


@simulated
async def test_one_question_too_many_is_refused_at_once(tmp_path: Path) -> None:
    """The third of two, while the others are being answered."""
    slow = BlockedAnswerer()
    bot = make_bot(tmp_path, answerer=slow, discord_workers=1, discord_queue=1)
    async with scene(bot, settle_timeout=0.05) as here:
        await until(lambda: bot.services.workers.pending == 0)  # the model is warm
        for pending, person in enumerate((here.ana, here.ben), 1):
            with pytest.raises(TimeoutError):
                await person.slash(here.channel, "ask", question=STRIKE)
            await until(lambda pending=pending: bot.services.workers.pending == pending)  # type: ignore[misc]
        cid = here.guild.add_member(here.env.create_user("cid"))
        with pytest.raises(TimeoutError):
            await cid.slash(here.channel, "ask", question=STRIKE)
        (refusal,) = [one.json for one in here.env.http_requests if "Too many questions" in str(one.json)]
        assert refusal["data"]["flags"] & discord.MessageFlags(ephemeral=True).value
        assert slow.answered == []
        slow.release.set()
        await here.env.settle(timeout=SETTLE_SECONDS)


@simulated
async def test_a_failing_answer_is_reported_without_its_exception_and_the_next_is_answered(tmp_path: Path) -> None:
    """No exception text, no path; a reference that the log contains, too."""
    failing = BlockedAnswerer(RuntimeError(f"secret detail in {tmp_path}"))
    failing.release.set()
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonFormatter())
    LOGGER.addHandler(handler)
    try:
        async with scene(make_bot(tmp_path, answerer=failing)) as here:
            result = await here.ana.slash(here.channel, "ask", question=STRIKE)
            shown = text_of(result.response)
            failing.error = None
            after = await here.ana.slash(here.channel, "ask", question=STRIKE)
            assert "It ended." in text_of(after.response)
    finally:
        LOGGER.removeHandler(handler)
    assert "Something went wrong" in shown
    assert "secret" not in shown + written.getvalue()
    assert str(tmp_path) not in shown + written.getvalue()
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    (failed,) = [line for line in lines if line["event"] == "failed"]
    assert failed["error"] == "RuntimeError"
    assert failed["id"] in shown


@simulated
@pytest.mark.parametrize("mentioned", [False, True])
async def test_several_questions_are_answered_one_by_one(tmp_path: Path, mentioned: bool) -> None:
    """In order, each under its question."""
    second = "Who is the king of Spain?"
    async with scene(make_bot(tmp_path)) as here:
        if mentioned:
            await here.ana.send(here.channel, f"{here.bot.user.mention} {STRIKE}\n{second}")
        else:
            await here.ana.slash(here.channel, "ask", question=f"{STRIKE} {second}")
        await here.env.settle(timeout=SETTLE_SECONDS)
        shown = [text_of(one) for one in here.channel.history() if one.author.id == here.bot.user.id]
    assert [one.split("\n")[0] for one in shown] == [f"-# {STRIKE}", f"-# {second}"]
    assert "Not in these articles" in shown[1]


def test_a_question_of_a_command_is_recorded_whole() -> None:
    """A run that goes on with it knows what the command asked for."""
    filters = Filters(sources=("Herald",))
    wanted = WantedComposition("timeline", "Niger since 2017")
    question = DiscordQuestion("Timeline of Niger since 2017", 1, 2, 3, filters, echoed=True, wanted=wanted)
    assert recorded_question(question_json(question)) == question
    plain = replace(question, wanted=None)
    assert recorded_question(question_json(plain)) == plain


@simulated
async def test_an_answer_has_the_buttons_that_it_has_a_use_for(tmp_path: Path) -> None:
    """None under small talk; without words of articles there is nothing to check."""
    async with scene(make_bot(tmp_path)) as here:
        for said, labels in (
            ("Thanks!", []),
            ("Hello", []),
            ("How many articles are there?", ["Why", "👍", "👎"]),
            (STRIKE, ["[1]", "[2]", "Why", "Check quotes", "👍", "👎"]),
        ):
            await here.ana.send(here.channel, f"{here.bot.user.mention} {said}")
            assert list(buttons(here.channel.last_message)) == labels, said
        private = await here.ana.slash(here.channel, "ask", question="Thanks!", private=True)
        assert not buttons(private.response)


class DoubtfulAnswerer(BlockedAnswerer):
    """An answerer whose sentence only may answer, since it does not name what was asked for."""

    def answer(self, question: str, hits: Sequence[Hit], searched: SearchScope) -> Answer:
        doubt = Doubt("does not mention “2016”", "mentions “2016”")
        return replace(super().answer(question, hits, searched), possibly=True, doubts=(doubt,))


@simulated
async def test_the_words_of_a_doubt_are_no_quotation(tmp_path: Path) -> None:
    """Of an answer in the articles' own words those are checked, not what the program puts in marks beside them."""
    answerer = DoubtfulAnswerer()
    answerer.release.set()
    async with scene(make_bot(tmp_path, answerer=answerer)) as here:
        result = await here.ana.slash(here.channel, "ask", question=STRIKE)
        assert "“2016”" in text_of(result.response)
        checked = text_of((await here.ana.click(result.response, label="Check quotes")).response)
        assert "1 quotation in this answer" in checked
        assert "2016" not in checked
