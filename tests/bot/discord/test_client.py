"""The client over real sockets: connections that break, sessions that are gone, rate limits, and how it shuts down."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.answers import Answer, SearchScope
from bot.discord import command_sync, delivery, run
from bot.discord.client import OnrecordBot, intents
from retrieval.articles import Hit
from tests.bot.discord.fakes_discord import (
    PATIENCE_SECONDS,
    STRIKE,
    BlockedAnswerer,
    buttons,
    make_bot,
    scene,
    simulated,
    text_of,
    until,
)
from tests.bot.discord.fakes_gateway import BOT, loopback
from tests.bot.fakes_bot import answered, cite, info

ASKED = f"<@{BOT}> {STRIKE}"
OTHER = f"<@{BOT}> Did late frost destroy the cherry harvest?"


@asynccontextmanager
async def running(bot: OnrecordBot) -> AsyncIterator[None]:
    """Run the bot, connected and after its first backfill, until the block is done."""

    async def identify_at_once(*_: Any, **__: Any) -> None:
        """Identify without discord.py's pause of 5 s."""

    bot.before_identify_hook = identify_at_once  # type: ignore[method-assign]
    bot._connection.guild_ready_timeout = 0.3  # s after the last server, instead of 2
    task = asyncio.ensure_future(bot.start("token"))
    await until(bot.is_ready)
    await until(lambda: bot.services.database.fact("connected"))
    try:
        yield
    finally:
        await bot.close()
        await task


def is_idle(bot: OnrecordBot) -> bool:
    """Return whether no event is being answered."""
    return not bot.services.events_in_progress


def test_only_intents_that_are_used_are_requested() -> None:
    """None of them privileged unless threads are to be read."""
    wanted = {name for name, on in intents(read_threads=False) if on}
    assert wanted == {"guilds", "guild_messages", "dm_messages"}
    assert {name for name, on in intents(read_threads=True) if on} - wanted == {"message_content"}


@simulated
async def test_after_a_drop_the_session_is_resumed_and_nothing_is_answered_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A resumed session repeats its last events."""
    bot = make_bot(tmp_path)
    async with loopback(monkeypatch) as server, running(bot):
        asked = server.say(ASKED)
        await server.send("MESSAGE_CREATE", asked)
        await until(lambda: server.answers)
        await server.drop()
        await until(lambda: server.sessions == ["identify", "resume"])
        await server.send("MESSAGE_CREATE", asked)
        await server.send("MESSAGE_CREATE", server.say(OTHER))
        await until(lambda: len(server.answers) == 2 and is_idle(bot))
        assert [("Port Vell" in text_of(one), "cherry" in text_of(one)) for one in server.answers] == [
            (True, False),
            (False, True),
        ]


@simulated
async def test_after_a_new_session_what_was_missed_is_answered_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The session was gone, and with it the events: the bot searches the channels for them."""
    bot = make_bot(tmp_path)
    async with loopback(monkeypatch) as server, running(bot):
        first = server.say(ASKED)
        await server.send("MESSAGE_CREATE", first)
        await until(lambda: server.answers and is_idle(bot))
        server.can_resume = False
        await server.drop()
        missed = server.say(OTHER)
        await until(lambda: len(server.answers) == 2 and is_idle(bot))
        assert server.sessions == ["identify", "refused", "identify"]
        answered = [str(one["message_reference"]["message_id"]) for one in server.answers]
        assert answered == [first["id"], missed["id"]]


@simulated
@pytest.mark.parametrize(
    "trouble", [["429"], ["500"], ["reset before"], ["reset after"], ["reset after", "reset after"]]
)
async def test_whatever_goes_wrong_while_sending_there_is_one_answer(
    trouble: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rate limits, a failing server, a connection that breaks before or after the message was made."""
    monkeypatch.setattr(delivery, "_RETRY_DELAY_SECONDS", 0.01)
    bot = make_bot(tmp_path)
    async with loopback(monkeypatch) as server, running(bot):
        server.trouble = trouble
        await server.send("MESSAGE_CREATE", server.say(ASKED))
        await until(lambda: server.answers and not server.trouble and is_idle(bot))
        assert len(server.answers) == 1


@simulated
@pytest.mark.parametrize(("trouble", "refusals"), [([], 1), (["reset after"], 2), (["502 after"], 2)])
async def test_a_command_that_comes_twice_or_whose_acknowledgement_breaks_is_answered_once(
    trouble: list[str], refusals: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Error 40060 refuses the repeated command, and the repeated acknowledgement of the first."""
    monkeypatch.setattr(delivery, "_RETRY_DELAY_SECONDS", 0.01)
    bot = make_bot(tmp_path)
    async with loopback(monkeypatch) as server, running(bot):
        server.trouble = trouble
        for _ in range(2):
            await server.send("INTERACTION_CREATE", server.command("ask", question=STRIKE))
        await until(lambda: server.answers and server.refused == refusals and is_idle(bot))
        assert [one["type"] for one in server.acknowledged] == [5]
        assert ["Port Vell" in text_of(one) for one in server.answers] == [True]


class LongAnswer:
    """An answer of two messages."""

    def answer(self, question: str, hits: Sequence[Hit], searched: SearchScope) -> Answer:
        words = "and so on, as long sentences do when nobody ends them in time, " * 15
        return answered(*(cite(number, f"Sentence {number} {words}.", info()) for number in (1, 2, 3)))


@simulated
@pytest.mark.parametrize("private", [True, False])
@pytest.mark.parametrize("trouble", ["", "reset after", "reset before", "502 after"])
async def test_each_page_of_a_long_answer_is_shown_once(
    trouble: str, private: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever happens to the request of the second page, which nobody can look up where it is private."""
    monkeypatch.setattr(delivery, "_RETRY_DELAY_SECONDS", 0.01)
    bot = make_bot(tmp_path, answerer=LongAnswer())
    async with loopback(monkeypatch) as server, running(bot):
        server.trouble = ["", trouble]
        await server.send("INTERACTION_CREATE", server.command("ask", question=STRIKE, private=private))
        await until(lambda: any("Why" in buttons(one) for one in server.answers) and is_idle(bot))
        shown = [text_of(one) for one in server.answers]
        assert [sum(f"Sentence {number} " in text for text in shown) for number in (1, 2, 3)] == [1, 1, 1]
        assert sum("Why" in buttons(one) for one in server.answers) == 1
        assert {text for text in shown if len(text) < 100} <= {"-# …"}


@simulated
@pytest.mark.parametrize("trouble", [[], ["429"]])
async def test_a_command_that_another_process_acknowledged_is_left_to_it(
    trouble: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Error 40060 and no earlier attempt that may have got through: nothing is posted; what follows is answered."""
    bot = make_bot(tmp_path)
    async with loopback(monkeypatch) as server, running(bot):
        server.trouble = trouble
        server.acknowledged.append({"type": 5})
        await server.send("INTERACTION_CREATE", server.command("ask", question=STRIKE))
        await until(lambda: server.refused == 1)
        await server.send("MESSAGE_CREATE", server.say(OTHER))
        await until(lambda: any("cherry" in text_of(one) for one in server.answers) and is_idle(bot))
        assert not any("Port Vell" in text_of(one) for one in server.answers)


@simulated
@pytest.mark.parametrize(
    ("status", "refusal", "says"),
    [
        (
            400,
            {
                "code": 50035,
                "message": "Invalid Form Body",
                "errors": {
                    "0": {"description": {"_errors": [{"code": "TOO_LONG", "message": "Must be 100 or fewer"}]}}
                },
            },
            ["error code 50035", "description: Must be 100 or fewer", "change their texts"],
        ),
        (403, {"code": 50001, "message": "Missing Access"}, ["50001", "Missing Access", "invite the bot again"]),
    ],
)
async def test_refused_commands_are_reported_and_messages_are_answered(  # noqa: PLR0917 (fixtures)
    status: int,
    refusal: dict[str, Any],
    says: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """With Discord's reason and what to change; they are uploaded again later."""
    monkeypatch.setattr(command_sync, "RETRY_SECONDS", 0.5)
    bot = make_bot(tmp_path)
    async with loopback(monkeypatch) as server:
        server.commands_refusal = status, refusal
        async with running(bot):
            problem = bot.services.commands_problem
            assert all(words in problem for words in says)
            assert problem in [getattr(one, "about", {}).get("reason") for one in caplog.records]
            await server.send("MESSAGE_CREATE", server.say(ASKED))
            await until(lambda: server.answers and is_idle(bot))
            assert "Port Vell" in text_of(server.answers[0])
            server.commands_refusal = None
            await until(lambda: not bot.services.commands_problem)
            assert len(server.commands) > 1


@simulated
async def test_a_message_that_cannot_be_read_does_not_end_the_search_for_missed_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those before and after it in the channel are answered."""
    bot = make_bot(tmp_path)
    bot.services.database.save_fact("connected", "yes")
    async with loopback(monkeypatch) as server:
        before = server.say(ASKED)
        server.messages.append({"id": server.say("odd")["id"], "author": {"id": "99"}})
        after = server.say(OTHER)
        async with running(bot):
            await until(lambda: len(server.answers) == 2 and is_idle(bot))
            answered = [str(one["message_reference"]["message_id"]) for one in server.answers]
            assert answered == [before["id"], after["id"]]


@simulated
async def test_a_refused_token_ends_with_one_line_that_does_not_show_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit code 5."""
    async with loopback(monkeypatch) as server:
        server.token_known = False
        bot = make_bot(tmp_path)
        with pytest.raises(run.TokenRefused, match="Discord refused DISCORD_TOKEN") as error:
            await run._connected(bot, "very-secret")
        assert "very-secret" not in str(error.value)
        await bot.close()


@simulated
async def test_shutting_down_waits_for_answers_in_progress(tmp_path: Path) -> None:
    """And accepts no new questions."""
    slow = BlockedAnswerer()
    bot = make_bot(tmp_path, answerer=slow)
    async with scene(bot, settle_timeout=0.1) as here:
        with pytest.raises(TimeoutError):
            await here.ana.slash(here.channel, "ask", question=STRIKE)
        await until(lambda: slow.started == 1)
        closing = asyncio.ensure_future(bot.close())
        await until(lambda: bot.services.stopping)
        await asyncio.sleep(0.05)
        assert not closing.done()
        slow.release.set()
        await closing
        assert "It ended." in text_of(here.channel.last_message)


@simulated
async def test_sigterm_shuts_the_bot_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Code 0, and everything is closed."""
    async with loopback(monkeypatch) as server:
        ended = asyncio.ensure_future(run._run(make_bot(tmp_path), "token"))
        await until(lambda: server.socket)
        os.kill(os.getpid(), signal.SIGTERM)
        assert await asyncio.wait_for(ended, PATIENCE_SECONDS) == 0
        assert not (tmp_path / "discord.alive").exists()
