"""Buttons of earlier messages: they work after a restart and an update, or say why not."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.bot.discord.fakes_discord import STRIKE, buttons, make_bot, off_loop, scene, simulated
from tests.fakes import remove


@simulated
async def test_a_citation_of_an_article_that_was_removed_says_so(tmp_path: Path) -> None:
    """It opens no other words."""
    bot = make_bot(tmp_path)
    async with scene(bot) as here:
        result = await here.ana.slash(here.channel, "ask", question=STRIKE)
        await off_loop(bot, lambda app: remove(app.library, "news/harbour.txt"))
        opened = await here.ana.click(result.response, label="[1]")
        assert "changed or removed since" in opened.response.content


@simulated
async def test_the_ids_of_posted_buttons_never_change(tmp_path: Path) -> None:
    """Buttons of messages from earlier versions are matched by them."""
    async with scene(make_bot(tmp_path)) as here:
        result = await here.ana.slash(here.channel, "ask", question=STRIKE, private=True)
        ids = buttons(result.response)
        reply_id = ids["[1]"].split(":")[2]
        assert ids == {
            "[2]": f"onrecord:open:{reply_id}:2",
            "[1]": f"onrecord:open:{reply_id}:1",
            "Why": f"onrecord:why:{reply_id}:0",
            "Check quotes": f"onrecord:quotes:{reply_id}:0",
            "👍": f"onrecord:good:{reply_id}:0",
            "👎": f"onrecord:bad:{reply_id}:0",
            "Share": f"onrecord:share:{reply_id}:0",
        }


@pytest.mark.parametrize("label", ["[1]", "Why", "Check quotes", "👍", "Share"])
def test_a_button_whose_reply_was_deleted_says_so(label: str, tmp_path: Path) -> None:
    """Because its person deleted it, or it expired."""

    @simulated
    async def check() -> None:
        bot = make_bot(tmp_path)
        async with scene(bot) as here:
            result = await here.ana.slash(here.channel, "ask", question=STRIKE, private=True)
            await asyncio.to_thread(lambda: bot.services.database.delete_person(here.ana.id))
            assert "no longer stored" in (await here.ana.click(result.response, label=label)).response.content

    check()
