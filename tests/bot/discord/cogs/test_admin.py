"""Adding and removing articles from a chat, and settings."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import discord
import pytest

from bot.discord.attachments import with_canonical_url
from tests.bot.discord.fakes_discord import (
    PATIENCE_SECONDS,
    SETTLE_SECONDS,
    OffLoopApp,
    Scene,
    make_bot,
    off_loop,
    scene,
    simulated,
    text_of,
    until,
)

FERRY = b"""# Ferry runs again

The ferry to the northern islands runs again since the ninth of May, the harbour office says.

Tickets cost four euros for a crossing, as they did before the storm in the spring of this year.
"""


class Vectors:
    """A vector index that is always up to date."""

    def problem(self) -> str:
        return ""

    def sync(self, waiting: object = None) -> None:
        """Do nothing."""


def keeper(here: Scene, **permissions: bool) -> Any:
    """Return a member with a role that has these permissions."""
    role = here.guild.create_role("desk", permissions=discord.Permissions(**permissions))
    return here.guild.add_member(here.env.create_user("kim"), roles=[role])


@simulated
async def test_whoever_manages_the_server_adds_and_removes_an_article(tmp_path: Path) -> None:
    """A file that is attached; what was read is said, and it is found."""
    bot = make_bot(tmp_path / "store", vectors=Vectors())
    async with scene(bot) as here:
        kim = keeper(here, manage_guild=True)
        result = await kim.slash(here.channel, "ingest", file=("../../ferry @everyone.md", FERRY))
        assert "1 added" in text_of(result.response)
        (path,) = (tmp_path / "store/received").iterdir()
        assert path.name.endswith("-ferry-everyone.md")
        assert await off_loop(bot, lambda app: app.library.article("Ferry runs again").text)
        again = await kim.slash(here.channel, "ingest", file=("ferry.md", FERRY))
        assert "refused" not in text_of(again.response)
        gone = await kim.slash(here.channel, "remove", article="Harbour strike ends")
        assert "Removed **Harbour strike ends**" in text_of(gone.response)
        left = await off_loop(bot, lambda app: app.library.articles())
        assert "Harbour strike ends" not in [info.title for info in left]


class GatedApp(OffLoopApp):
    """An app whose ingestion waits at a gate."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.gate = threading.Event()

    def ingest(self, *args: Any, **more: Any) -> Any:
        self.gate.wait(PATIENCE_SECONDS)
        return super().ingest(*args, **more)


@simulated
async def test_files_that_come_at_once_are_read_one_after_another(tmp_path: Path) -> None:
    """Each is told its place; what was refused leaves no file behind, and what was there before stays."""
    bot = make_bot(tmp_path / "store", app=GatedApp, vectors=Vectors())
    app = bot.services.app
    assert isinstance(app, GatedApp)
    async with scene(bot, settle_timeout=0.05) as here:
        kim = keeper(here, manage_guild=True)
        sent = [FERRY, FERRY.replace(b"ferry", b"tram"), b"\x00\xff\xfe", FERRY.replace(b"ferry", b"bus")]
        for number, data in enumerate(sent):
            with pytest.raises(TimeoutError):
                await kim.slash(here.channel, "ingest", file=(f"{number}.md", data))
        shown = ["one other comes first", "2 others come first", "3 others come first"]
        await until(lambda: all(any(one in each for each in said(here)) for one in shown))
        app.gate.set()
        await until(lambda: sum("added" in each for each in said(here)) == 3)
        await until(lambda: any("refused" in each for each in said(here)))
        assert len(list((tmp_path / "store/received").iterdir())) == 3
        await here.env.settle(timeout=SETTLE_SECONDS)
        assert bot.services.workers.waiting()["writes"] == 0


def said(here: Scene) -> list[str]:
    """Return what the bot answered to commands, and showed meanwhile."""
    return [text_of(one.json) for one in here.env.http_requests if one.path.endswith("/@original")]


@simulated
async def test_what_cannot_be_read_is_refused_with_the_reason(tmp_path: Path) -> None:
    """The kind, the size, neither or both; no path and no exception is shown."""
    async with scene(make_bot(tmp_path / "store", vectors=Vectors())) as here:
        kim = keeper(here, manage_guild=True)
        for options, why in (
            ({"file": ("tool.exe", b"MZ")}, "a file of this kind is not read"),
            ({"file": ("empty.txt", b"")}, "refused"),
            ({}, "give a file or a url"),
            ({"url": "http://127.0.0.1/admin"}, "private network"),
            ({"url": "http://169.254.169.254/latest"}, "private network"),
        ):
            result = await kim.slash(here.channel, "ingest", **options)
            assert why in text_of(result.response), options
            assert str(tmp_path) not in text_of(result.response)


@simulated
async def test_a_role_that_is_set_may_change_articles_too(tmp_path: Path) -> None:
    """Set by who manages the server, and by nobody else."""
    bot = make_bot(tmp_path / "store")
    async with scene(bot) as here:
        kim = keeper(here, manage_guild=True)
        role = here.guild.create_role("keepers")
        lee = here.guild.add_member(here.env.create_user("lee"), roles=[role])
        assert "Only those" in text_of((await lee.slash(here.channel, "settings")).response)
        await kim.slash(here.channel, "settings", role=role)
        assert "Settings of this server" in text_of((await lee.slash(here.channel, "settings")).response)
        refused = await lee.slash(here.channel, "settings", role=role)
        assert "can set the role" in text_of(refused.response)


@simulated
async def test_only_trusted_servers_change_articles_where_they_are_named(tmp_path: Path) -> None:
    """Whoever adds the bot to a server of their own manages that server."""
    async with scene(make_bot(tmp_path / "store", discord_admin_servers="1,2")) as here:
        kim = keeper(here, manage_guild=True)
        result = await kim.slash(here.channel, "remove", article="Harbour strike ends")
        assert "Only those who manage this server" in text_of(result.response)


def test_a_fetched_page_says_where_it_came_from() -> None:
    """Unless it says so itself."""
    named = b'<html><head><link rel="canonical" href="https://a.example/"></head></html>'
    assert with_canonical_url(named, "https://b.example/") == named
    url = 'https://b.example/?a=1&b="2"'
    assert with_canonical_url(b"<html><head></head></html>", url) == (
        b'<html><head><link rel="canonical" href="https://b.example/?a=1&amp;b=&quot;2&quot;"></head></html>'
    )


@simulated
async def test_settings_of_a_channel_win_over_those_of_its_server_and_outlive_a_restart(tmp_path: Path) -> None:
    """Where it answers, and what it searches by default."""
    bot = make_bot(tmp_path / "store")
    async with scene(bot) as here:
        kim = keeper(here, manage_guild=True)
        await kim.slash(here.channel, "settings", answer="off", source="Valley Times")
        await kim.slash(here.channel, "settings", channel=here.channel, answer="on")
        await here.env.restart_bot(make_bot(tmp_path / "store", articles=()))
        result = await here.ana.slash(here.channel, "ask", question="Which strike ended on Tuesday?")
        assert not result.ephemeral
        assert "Coast Herald" not in text_of(result.response)
        bad = await kim.slash(here.channel, "settings", since="soon")
        assert "soon" in text_of(bad.response)
        unknown = await kim.slash(here.channel, "settings", source="Vally Times")
        assert "did you mean Valley Times?" in text_of(unknown.response)
        here.env.bot.services.guild_settings.save(f"channel:{here.channel.id}", "source", "Gone Times")
        result = await here.ana.slash(here.channel, "ask", question="Which strike ended on Tuesday?")
        assert "No article matches the filters" in text_of(result.response).replace("\\", "")
        shown = await kim.slash(here.channel, "settings", source="-")
        assert "Valley Times" not in text_of(shown.response)
        await here.env.bot.close()
