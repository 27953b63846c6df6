"""The real client over real sockets: connections that break, sessions that are gone, limits, and how it ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.discord import delivery, run
from bot.discord.client import OnrecordBot
from tests.bot.discord.fakes_discord import make_bot, simulated
from tests.bot.discord.fakes_gateway import BOT, Gateway, loopback

pytestmark = pytest.mark.slow

ASKED = f"<@{BOT}> Which strike ended on Tuesday?"
OTHER = f"<@{BOT}> Did late frost destroy the cherry harvest?"


@asynccontextmanager
async def running(bot: OnrecordBot, server: Gateway) -> AsyncIterator[None]:
    """Run the bot until the block is done."""
    task = asyncio.ensure_future(bot.start("token"))
    await server.until(bot.is_ready)
    await asyncio.sleep(0.05)  # the first look back
    try:
        yield
    finally:
        await bot.close()
        await task


@simulated
async def test_after_a_drop_the_session_goes_on_and_nothing_is_answered_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A resumed session plays its last events again."""
    async with loopback(monkeypatch) as server, running(make_bot(tmp_path), server):
        asked = server.say(ASKED)
        await server.send("MESSAGE_CREATE", asked)
        await server.until(lambda: server.answers)
        await server.drop()
        await server.until(lambda: server.sessions == ["identify", "resume"])
        await server.send("MESSAGE_CREATE", asked)
        await server.send("MESSAGE_CREATE", server.say(OTHER))
        await server.until(lambda: len(server.answers) == 2)
        await asyncio.sleep(0.1)
        assert [("Port Vell" in one["content"], "cherry" in one["content"]) for one in server.answers] == [
            (True, False),
            (False, True),
        ]


@simulated
async def test_after_a_new_session_what_was_missed_is_answered_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The session was gone, and with it the events: the bot looks for them."""
    async with loopback(monkeypatch) as server, running(make_bot(tmp_path), server):
        first = server.say(ASKED)
        await server.send("MESSAGE_CREATE", first)
        await server.until(lambda: server.answers)
        server.can_resume = False
        await server.drop()
        missed = server.say(OTHER)
        await server.until(lambda: len(server.answers) == 2)
        await asyncio.sleep(0.1)
        assert server.sessions == ["identify", "refused", "identify"]
        answered = [str(one["message_reference"]["message_id"]) for one in server.answers]
        assert answered == [first["id"], missed["id"]]


@simulated
@pytest.mark.parametrize(
    "trouble", [["429"], ["500"], ["reset before"], ["reset after"], ["reset after", "reset after"]]
)
async def test_whatever_befalls_the_sending_there_is_one_answer(
    trouble: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rate limits, a failing server, a connection that breaks before or after the message was made."""
    monkeypatch.setattr(delivery, "_RETRY_DELAY_SECONDS", 0.01)
    async with loopback(monkeypatch) as server, running(make_bot(tmp_path), server):
        server.trouble = trouble
        await server.send("MESSAGE_CREATE", server.say(ASKED))
        await server.until(lambda: server.answers and not server.trouble)
        await asyncio.sleep(0.1)
        assert len(server.answers) == 1


@simulated
@pytest.mark.parametrize("trouble", [[], ["reset after"]])
async def test_a_command_that_comes_twice_or_whose_acknowledgement_breaks_is_answered_once(
    trouble: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That it was acknowledged before means our own first attempt in the one case, a repetition in the other."""
    monkeypatch.setattr(delivery, "_RETRY_DELAY_SECONDS", 0.01)
    async with loopback(monkeypatch) as server, running(make_bot(tmp_path), server):
        server.trouble = trouble
        for _ in range(2):
            await server.send("INTERACTION_CREATE", server.command("ask", question="Which strike ended on Tuesday?"))
        await server.until(lambda: server.answers)
        await asyncio.sleep(0.2)
        assert [one["type"] for one in server.acknowledged] == [5]
        assert ["Port Vell" in one["content"] for one in server.answers] == [True]


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
async def test_sigterm_ends_the_bot_in_good_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Code 0, and everything is closed."""
    import os
    import signal

    async with loopback(monkeypatch) as server:
        ended = asyncio.ensure_future(run._run(make_bot(tmp_path), "token"))
        await server.until(lambda: server.socket)
        os.kill(os.getpid(), signal.SIGTERM)
        assert await asyncio.wait_for(ended, 10) == 0
        assert not (tmp_path / "discord.alive").exists()
