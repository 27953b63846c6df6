"""Delivery: a request whose connection breaks is repeated, and takes effect once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aiohttp
import discord
import pytest

from bot.discord import delivery
from bot.discord.delivery import ALREADY_ACKNOWLEDGED, acknowledge
from tests.bot.discord.fakes_discord import STRIKE, make_bot, scene, simulated, text_of


def refused(code: int, kind: type[discord.HTTPException] = discord.HTTPException) -> discord.HTTPException:
    """Return Discord's refusal with an error code."""
    return kind(SimpleNamespace(status=400, reason="Bad Request"), {"code": code, "message": ""})  # type: ignore[arg-type]


BROKEN = aiohttp.ServerDisconnectedError()
NOT_CONNECTED = aiohttp.ClientConnectorError(SimpleNamespace(ssl=None, host="", port=0), OSError())  # type: ignore[arg-type]
SERVER_ERROR = refused(0, discord.DiscordServerError)
ACKNOWLEDGED = refused(ALREADY_ACKNOWLEDGED)


class AnyInteraction:
    """An interaction whose acknowledgements have these outcomes, one after another; None is success."""

    def __init__(self, outcomes: Sequence[Exception | None]) -> None:
        self.response = self
        self._outcomes = list(outcomes)

    async def defer(self, **_: Any) -> None:
        outcome = self._outcomes.pop(0)
        if outcome:
            raise outcome


@pytest.mark.parametrize(
    ("outcomes", "is_ours"),
    [
        pytest.param([None], True, id="acknowledged"),
        pytest.param([BROKEN, None], True, id="acknowledged at the second attempt"),
        pytest.param([BROKEN, ACKNOWLEDGED], True, id="the first attempt took effect before its connection broke"),
        pytest.param([NOT_CONNECTED, ACKNOWLEDGED], False, id="the first attempt never left"),
        pytest.param([SERVER_ERROR, ACKNOWLEDGED], True, id="the first attempt took effect before its server failed"),
        pytest.param([SERVER_ERROR, None], True, id="the server failed before the first attempt took effect"),
        pytest.param([ACKNOWLEDGED], False, id="another process acknowledged it"),
        pytest.param([discord.InteractionResponded], False, id="this process acknowledged it before"),
        pytest.param([refused(10062, discord.NotFound)], False, id="too late"),
        pytest.param([refused(50001)], False, id="refused"),
        pytest.param([BROKEN, refused(50001)], False, id="refused at the second attempt"),
    ],
)
@simulated
async def test_an_interaction_is_answered_only_if_its_acknowledgement_is_ours(
    outcomes: list[Exception | None], is_ours: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Error 40060 means another process at the first attempt, and our own first attempt after a retry."""
    monkeypatch.setattr(delivery, "_RETRY_DELAY_SECONDS", 0)
    outcomes = [one(SimpleNamespace()) if isinstance(one, type) else one for one in outcomes]
    interaction: Any = AnyInteraction(outcomes)
    assert await acknowledge(interaction, private=True) is is_ours


@simulated
async def test_an_answer_whose_connection_breaks_is_sent_again_with_the_same_nonce(tmp_path: Path) -> None:
    """So that Discord makes one message of both requests."""
    bot = make_bot(tmp_path)
    async with scene(bot) as here:
        send, broken = bot.http.request, []

        async def request(route: Any, **options: Any) -> Any:
            result = None
            if route.path.endswith("/messages") and len(broken) < 2:
                broken.append(options["params"].payload["nonce"] if "params" in options else options["json"]["nonce"])
                if len(broken) == 2:
                    result = await send(route, **options)  # it took effect, its response was lost
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
async def test_an_answer_that_took_a_quarter_of_an_hour_is_posted_as_a_message(tmp_path: Path) -> None:
    """Discord holds an interaction open for fifteen minutes."""
    async with scene(make_bot(tmp_path)) as here:
        here.env.inject_error("PATCH", "/webhooks/*", status=401, code=50027)
        await here.ana.slash(here.channel, "ask", question=STRIKE)
        assert "Port Vell" in text_of(here.channel.last_message)
