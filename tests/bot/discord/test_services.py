"""Services: what blocks runs in workers, so that nothing slow delays an acknowledgement or the heartbeat."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from typing import Any

import pytest

from bot.discord.heartbeat import HEARTBEAT_FILE, Heartbeat
from tests.bot.discord.fakes_discord import (
    PATIENCE_SECONDS,
    SETTLE_SECONDS,
    STRIKE,
    OffLoopApp,
    make_bot,
    scene,
    simulated,
    text_of,
    until,
)


class SlowStoreApp(OffLoopApp):
    """An app whose library and conversations take long to open."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.opening = threading.Event()
        self.opened = threading.Event()
        self.opened.set()  # until the bot has started

    def __getattribute__(self, name: str) -> Any:
        value = super().__getattribute__(name)
        if name in {"library", "conversations"} and not self.opened.is_set():
            self.opening.set()
            self.opened.wait(PATIENCE_SECONDS)
        return value


@simulated
async def test_a_library_that_opens_slowly_delays_no_acknowledgement_and_no_heartbeat(tmp_path: Path) -> None:
    """Commands that need no article are answered meanwhile, and the question afterwards."""
    bot = make_bot(tmp_path, app=SlowStoreApp)
    app = bot.services.app
    assert isinstance(app, SlowStoreApp)
    async with scene(bot, settle_timeout=0.05) as here:
        app.opened.clear()
        for person, command, options in (
            (here.ana, "ask", {"question": STRIKE, "source": "Coast Herald"}),
            (here.ben, "help", {}),
        ):
            with pytest.raises(TimeoutError):
                await person.slash(here.channel, command, **options)
        await until(app.opening.is_set)

        def sent(path: str) -> list[Any]:
            return [one.json for one in here.env.http_requests if one.path.endswith(path)]

        await until(lambda: len(sent("/callback")) == 2)
        await until(lambda: any("`/quote` checks" in text_of(one) for one in sent("/@original")))
        (tmp_path / HEARTBEAT_FILE).unlink(missing_ok=True)
        heartbeat = asyncio.create_task(Heartbeat(bot.services).run())
        await until((tmp_path / HEARTBEAT_FILE).exists)
        heartbeat.cancel()
        assert not any("Port Vell" in text_of(one) for one in sent("/@original"))
        app.opened.set()
        await until(lambda: any("Port Vell" in text_of(one) for one in sent("/@original")))
        await here.env.settle(timeout=SETTLE_SECONDS)


@simulated
async def test_an_event_is_claimed_once_until_the_bot_stops(tmp_path: Path) -> None:
    """Neither while it is being answered nor afterwards is it claimed again; nothing is once the bot is stopping."""
    services = make_bot(tmp_path).services
    assert await services.claim_event("message:1")
    assert not await services.claim_event("message:1")
    await services.complete_event("message:1")
    assert not await services.claim_event("message:1")
    services.stopping = True
    assert not await services.claim_event("message:2")
    services.close()


@simulated
async def test_of_many_that_come_at_once_all_are_acknowledged_before_the_first_is_worked_on(tmp_path: Path) -> None:
    """One whose acknowledgement hangs delays the others for a second at most."""
    services = make_bot(tmp_path).services
    order: list[str] = []

    async def event(number: int, seconds: float) -> None:
        async with services.acknowledgement():
            await asyncio.sleep(seconds)
            order.append(f"acknowledged {number}")
        order.append(f"worked on {number}")

    await asyncio.gather(event(1, 0), event(2, 0.05), event(3, 0.1))
    assert order[:3] == ["acknowledged 1", "acknowledged 2", "acknowledged 3"]
    assert sorted(order[3:]) == ["worked on 1", "worked on 2", "worked on 3"]
    hanging = asyncio.ensure_future(event(4, PATIENCE_SECONDS))
    await asyncio.sleep(0)
    await event(5, 0)
    assert order[-1] == "worked on 5"
    hanging.cancel()
    services.close()
