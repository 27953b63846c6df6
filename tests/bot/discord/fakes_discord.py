"""A simulated Discord around the real client, over the small corpus of the other faces' tests."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any

import simcord

from bot.app import App
from bot.discord.client import OnrecordBot
from bot.settings import Settings
from retrieval.articles import Article
from tests.bot.fakes_bot import HARBOUR, ORCHARD, make_parts


@dataclass
class Scene:
    """A server with one channel and two people, and the bot in it."""

    env: Any
    bot: OnrecordBot
    guild: Any
    channel: Any
    ana: Any
    ben: Any


def simulated(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """Run an asynchronous test."""

    @wraps(test)
    def run(*args: Any, **kwargs: Any) -> None:
        asyncio.run(test(*args, **kwargs))

    return run


def make_bot(folder: Path, articles: Sequence[Article] = (HARBOUR, ORCHARD), **more: Any) -> OnrecordBot:
    """Return the real client over a small library in ``folder``; settings begin with "discord_" or are named fully."""
    settings = {name: more.pop(name) for name in list(more) if name in Settings.model_fields}
    return OnrecordBot(App(Settings(store_dir=folder, **settings), **make_parts(folder, articles, **more)))


@asynccontextmanager
async def scene(bot: OnrecordBot, **options: Any) -> AsyncIterator[Scene]:
    """Set the scene; whatever the bot let through fails the test."""
    async with simcord.run(bot, **options) as env:
        guild = env.create_guild()
        channel = guild.create_text_channel("desk")
        ana = guild.add_member(env.create_user("ana"))
        ben = guild.add_member(env.create_user("ben"))
        yield Scene(env, bot, guild, channel, ana, ben)
        await bot.close()


def buttons(message: Any) -> dict[str, str]:
    """Return the ids of a message's buttons by their labels."""
    return {one["label"]: one["custom_id"] for row in message.components for one in row["components"]}
