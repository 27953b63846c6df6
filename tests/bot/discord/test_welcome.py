"""The greeting on a server that the bot joined."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import discord

from bot.discord.welcome import Welcome
from tests.bot.discord.fakes_discord import Scene, make_bot, scene, simulated, text_of


def joined(here: Scene) -> discord.Guild:
    """Return the server as the client knows it."""
    guild = here.bot.get_guild(here.guild.id)
    assert guild
    return guild


def posted(here: Scene) -> list[tuple[str, Any]]:
    """Return what the bot posted: path and message."""
    return [
        (one.path, one.json)
        for one in here.env.http_requests
        if one.method == "POST" and one.path.endswith("/messages")
    ]


@simulated
async def test_a_server_is_greeted_in_its_system_channel_once_ever(tmp_path: Path) -> None:
    """With three examples and who may keep articles; not again after a restart, or when it is joined again."""
    async with scene(make_bot(tmp_path)) as here:
        here.env.backend.edit_guild(here.guild.id, {"system_channel_id": here.channel.id})
        await here.env.settle()
        await asyncio.gather(*(here.bot.on_guild_join(joined(here)) for _ in range(2)))
        ((path, message),) = posted(here)
        assert str(here.channel.id) in path
        text = text_of(message)
        assert [f"`/{name} " in text for name in ("ask", "quote", "timeline")] == [True] * 3
        assert "Whoever manages this server, or has the role set with `/settings`, adds articles" in text
        assert message["allowed_mentions"]["parse"] == []
        await here.env.restart_bot(make_bot(tmp_path, articles=()))
        restarted = here.env.bot
        assert not await Welcome(restarted.services).greet(restarted.get_guild(here.guild.id))
        await restarted.close()


@simulated
async def test_without_a_system_channel_the_owner_is_greeted_and_where_that_fails_a_channel(tmp_path: Path) -> None:
    """The audit log tells nobody here."""
    async with scene(make_bot(tmp_path, discord_admin_servers="7")) as here:
        owner = joined(here).owner_id
        assert await Welcome(here.bot.services).greet(joined(here))
        ((_, message),) = posted(here)
        assert "Articles are not added from this server." in text_of(message)
        assert here.channel.last_message is None
        assert owner != here.bot.user.id


@simulated
async def test_where_nothing_may_be_written_nothing_is_remembered(tmp_path: Path) -> None:
    """A later attempt greets."""
    async with scene(make_bot(tmp_path)) as here:

        async def nobody(_: Any) -> Any:
            raise discord.Forbidden(type("Response", (), {"status": 403, "reason": "Forbidden"})(), "no")

        here.bot.create_dm = nobody  # type: ignore[method-assign]
        assert await Welcome(here.bot.services).greet(joined(here))
        assert "I answer from" in text_of(here.channel.last_message)
        other = here.env.create_guild("empty")
        await asyncio.sleep(0)
        await here.env.settle()
        guild = here.bot.get_guild(other.id)
        assert guild
        assert not await Welcome(here.bot.services).greet(guild)
        assert not here.bot.services.database.fact(f"greeted:{guild.id}")
