"""A simulated Discord around the real client, over the small corpus of the other faces' tests."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar
from unittest.mock import patch

import discord
import simcord

from bot.answers import Answer, SearchScope
from bot.app import App, Overrides
from bot.discord.client import OnrecordBot
from bot.settings import Settings
from retrieval.articles import Article, Hit
from tests.bot.fakes_bot import HARBOUR, ORCHARD, answered, cite, info, make_parts
from tests.patience import PATIENCE_SECONDS

Result = TypeVar("Result")

STRIKE = "Which strike ended on Tuesday?"
SETTLE_SECONDS = 50.0
"""How long the simulation waits for an idle bot, and for whatever the bot has set a timer for within that time."""
NO_HEARTBEAT_SECONDS = 3_600.0
"""An interval that no scene lasts: with the bot's own, each action would wait for the next heartbeat as soon as it is
due within ``SETTLE_SECONDS``, which depends on the machine's speed."""


class OffLoopApp(App):
    """An app whose components refuse to be used on an event loop, where their first use would block."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.used_on_loop: list[str] = []

    def __getattribute__(self, name: str) -> Any:
        if name in Overrides.__annotations__ and _is_on_loop():
            self.used_on_loop.append(name)
            raise AssertionError(f"app.{name} is used on the event loop")
        return super().__getattribute__(name)


def _is_on_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


@dataclass
class Scene:
    """A server with one channel and two people, and the bot in it."""

    env: Any
    bot: OnrecordBot
    guild: Any
    channel: Any
    ana: Any
    ben: Any


class BlockedAnswerer:
    """An answerer that waits until it is released, then answers or fails."""

    def __init__(self, error: Exception | None = None) -> None:
        self.release = threading.Event()
        self.answered: list[str] = []
        self.started = 0
        self.error = error

    def answer(self, question: str, hits: Sequence[Hit], searched: SearchScope) -> Answer:
        self.started += 1
        self.release.wait(PATIENCE_SECONDS)
        if self.error:
            raise self.error
        self.answered.append(question)
        return answered(cite(1, "It ended.", info()), question=question)


def simulated(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """Run an asynchronous test."""

    @wraps(test)
    def run(*args: Any, **kwargs: Any) -> None:
        asyncio.run(test(*args, **kwargs))

    return run


async def until(is_true: Callable[[], Any]) -> None:
    """Wait for an event.

    Raises:
        AssertionError: It did not come in ``PATIENCE_SECONDS``.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_true():
        assert time.monotonic() < deadline, "it never came"
        await asyncio.sleep(0.01)


async def off_loop(bot: OnrecordBot, use: Callable[[App], Result]) -> Result:
    """Return what ``use`` returns for the bot's app, called in a thread."""
    return await asyncio.to_thread(use, bot.services.app)


def make_bot(
    folder: Path, articles: Sequence[Article] = (HARBOUR, ORCHARD), *, app: type[App] = OffLoopApp, **more: Any
) -> OnrecordBot:
    """Return the real client over a small library in ``folder``; ``more`` are settings or components."""
    settings = {name: more.pop(name) for name in list(more) if name in Settings.model_fields}
    return OnrecordBot(app(Settings(store_dir=folder, **settings), **make_parts(folder, articles, **more)))


@asynccontextmanager
async def scene(
    bot: OnrecordBot,
    *,
    settle_timeout: float = SETTLE_SECONDS,
    heartbeat: float = NO_HEARTBEAT_SECONDS,
    **options: Any,
) -> AsyncIterator[Scene]:
    """Set the scene; whatever the bot let through fails the test.

    Args:
        bot: The bot.
        settle_timeout: Seconds that an action of a person waits for the bot to finish.
        heartbeat: Seconds between two heartbeats.
        options: More options of the simulation.
    """
    with patch("bot.discord.heartbeat.HEARTBEAT_INTERVAL_SECONDS", heartbeat):
        async with simcord.run(bot, settle_timeout=settle_timeout, **options) as env:
            guild = env.create_guild()
            channel = guild.create_text_channel("desk")
            ana = guild.add_member(env.create_user("ana"))
            ben = guild.add_member(env.create_user("ben"))
            yield Scene(env, bot, guild, channel, ana, ben)
            await bot.close()
    app = bot.services.app
    await asyncio.to_thread(app.close)
    assert not isinstance(app, OffLoopApp) or app.used_on_loop == []


def keeper(here: Scene, **permissions: bool) -> Any:
    """Return a member with a role that has these permissions; none given: who manages the server."""
    given = permissions or {"manage_guild": True}
    role = here.guild.create_role("desk", permissions=discord.Permissions(**given))
    return here.guild.add_member(here.env.create_user("kim"), roles=[role])


def let_in(here: Scene, who: Any) -> None:
    """Allow a role or member every command, as the server's settings of integrations do."""
    for command in here.env.backend.commands[None].values():
        here.guild.set_command_permissions(int(command["id"]), {who: True})


def components(message: Any) -> Iterator[dict[str, Any]]:
    """Yield the components of a message, those inside others too, in the order in which they are read."""

    def inside(found: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        for one in found:
            yield one
            yield from inside(one.get("components", ()))
            if "accessory" in one:
                yield one["accessory"]

    held = message["components"] if isinstance(message, dict) else message.components
    yield from inside([one if isinstance(one, dict) else one.to_dict() for one in held])


def refusal_of(result: Any) -> str:
    """Return the one line that refuses a command; only who gave it sees it, and nothing else stands there."""
    shown = [one for one in (result.response, *result.followups) if one is not None]
    assert len(shown) == 1, (result.response, result.followups)
    assert shown[0].flags.ephemeral
    return text_of(shown[0])


def text_of(message: Any) -> str:
    """Return what a message says, in components or plain."""
    plain = message["content"] if isinstance(message, dict) else message.content
    return plain or "\n".join(one["content"] for one in components(message) if "content" in one)


def buttons(message: Any) -> dict[str, str]:
    """Return the ids of a message's buttons by their labels, those that lead to an address left out."""
    return {one["label"]: one["custom_id"] for one in components(message) if "custom_id" in one}
