"""Adding and removing articles from a chat."""

from __future__ import annotations

import io
import threading
from pathlib import Path
from typing import Any

import docx
import pytest
import simcord

from bot.discord.attachments import with_canonical_url
from tests.bot.discord.fakes_discord import (
    PATIENCE_SECONDS,
    SETTLE_SECONDS,
    OffLoopApp,
    Scene,
    keeper,
    let_in,
    make_bot,
    off_loop,
    refusal_of,
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

    def sync(self, on_progress: object = None, waiting: object = None) -> None:
        """Do nothing."""


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


def word_file(*paragraphs: str) -> bytes:
    """Return a .docx file."""
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


@simulated
async def test_of_each_file_it_is_said_what_was_read_and_how_it_begins(tmp_path: Path) -> None:
    """Title, outlet, day and length; a file that is refused keeps no other from being read, and says why."""
    dated = b"---\ntitle: Tram stops\nsource: Star\ndate: 2024-05-09\n---\n\nThe tram stops at *night* from May on.\n"
    async with scene(make_bot(tmp_path / "store", vectors=Vectors())) as here:
        result = await keeper(here).slash(
            here.channel,
            "ingest",
            file=("tram.md", dated),
            file2=("tool.exe", b"MZ"),
            file3=("bridge.docx", word_file("Bridge closed", "The bridge is closed since the storm of Monday night.")),
            file4=("empty.txt", b""),
        )
        text = text_of(result.response)
        assert "**2 of 4 files read**" in text
        assert "**tram.md**: 1 added." in text
        assert "**Tram stops**\n-# Star · 2024-05-09 · 96 characters\n> The tram stops at" in text
        assert "tool.exe**: not read: a file of this kind is not read" in text
        assert "The bridge is closed since the storm of Monday night." in text
        assert "empty.txt**: 1 refused." in text
        assert str(tmp_path) not in text
        assert len(list((tmp_path / "store/received").iterdir())) == 2


@simulated
async def test_many_articles_of_a_file_are_counted_and_the_first_shown(tmp_path: Path) -> None:
    lines = [f'{{"id": "{n}", "title": "Report {n}", "text": "Report {n} says it rained."}}' for n in range(5)]
    async with scene(make_bot(tmp_path / "store", vectors=Vectors())) as here:
        result = await keeper(here).slash(here.channel, "ingest", file=("many.jsonl", "\n".join(lines).encode()))
        text = text_of(result.response)
        assert "5 added" in text
        assert [title in text for title in ("Report 0", "Report 2", "Report 3")] == [True, True, False]
        assert "-# 2 more articles." in text


@simulated
async def test_the_files_of_a_message_are_added_from_its_menu(tmp_path: Path) -> None:
    """By keepers alone: it is not in the menu of others, and refuses them once they are let in."""
    bot = make_bot(tmp_path / "store", vectors=Vectors())
    async with scene(bot) as here:
        kim = keeper(here)
        sent = await here.ben.send(here.channel, "for the archive", attachments=[("ferry.md", FERRY)])
        result = await kim.context_menu(here.channel, "Add to articles", sent)
        assert result.ephemeral
        assert "**Ferry runs again**\n-# undated" in text_of(result.response)
        empty = await here.ben.send(here.channel, "nothing here")
        refused = await kim.context_menu(here.channel, "Add to articles", empty)
        assert "has no file" in text_of(refused.response)
        with pytest.raises(simcord.SetupError):
            await here.ana.context_menu(here.channel, "Add to articles", sent)
        let_in(here, here.ana)
        assert "Only those" in refusal_of(await here.ana.context_menu(here.channel, "Add to articles", sent))
        assert len(list((tmp_path / "store/received").iterdir())) == 1
