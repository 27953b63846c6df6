"""The record in Discord."""

from __future__ import annotations

from pathlib import Path

from tests.bot.discord.fakes_discord import buttons, make_bot, scene, simulated, text_of
from tests.fakes import make_article

BRIDGE = make_article(
    "“The bridge of the city is safe,” said Ann Brook. Tom Brook said that @everyone should *leave*.",
    title="Bridge",
    origin="bridge.txt",
    source="Herald",
    published="2024-03-05",
)


@simulated
async def test_statements_are_listed_and_open(tmp_path: Path) -> None:
    """For the person alone, with Share."""
    async with scene(make_bot(tmp_path, [BRIDGE])) as here:
        result = await here.ana.slash(here.channel, "said", name="Ann Brook", about="bridge", since="2024-01-01")
        assert result.ephemeral
        text = text_of(result.response)
        assert "**1 statement by Ann Brook about “bridge” in " in text
        assert "[1] **2024-03-05**\n> “The bridge of the city is safe,”" in text
        assert list(buttons(result.response)) == ["[1]", "Share"]
        opened = await here.ana.click(result.response, label="[1]")
        assert "**The bridge of the city is safe,**" in text_of(opened.response)


@simulated
async def test_words_of_articles_are_escaped(tmp_path: Path) -> None:
    async with scene(make_bot(tmp_path, [BRIDGE])) as here:
        text = text_of((await here.ana.slash(here.channel, "said", name="Tom Brook")).response)
        assert r"\*leave\*" in text
        assert "@everyone" not in text


@simulated
async def test_a_name_of_several_or_of_nobody_is_said_in_a_sentence(tmp_path: Path) -> None:
    async with scene(make_bot(tmp_path, [BRIDGE])) as here:
        several = await here.ana.slash(here.channel, "said", name="Brook")
        assert "can mean several speakers: Ann Brook (1), Tom Brook (1)" in text_of(several.response)
        outside = await here.ana.slash(here.channel, "said", name="Ann Brook", since="2030-01-01")
        assert "no article matches since=2030-01-01" in text_of(outside.response)
        nobody = await here.ana.slash(here.channel, "said", name="Sue Lind")
        assert "No article has a statement by" in text_of(nobody.response)


@simulated
async def test_who_is_quoted_is_listed(tmp_path: Path) -> None:
    async with scene(make_bot(tmp_path, [BRIDGE])) as here:
        result = await here.ana.slash(here.channel, "people")
        assert "- Ann Brook: 1\n" in text_of(result.response)


@simulated
async def test_the_record_has_the_options_of_the_terminal(tmp_path: Path) -> None:
    """Outlet and days for both commands; where it is asked for, everybody sees it."""
    star = make_article("“Trams are late,” said Sue Lind.", title="Trams", origin="t.txt", source="Star")
    async with scene(make_bot(tmp_path, [BRIDGE, star])) as here:
        shown = await here.ana.slash(here.channel, "said", name="Ann Brook", source="Herald", private=False)
        assert not shown.ephemeral
        assert list(buttons(shown.response)) == ["[1]"]
        other = await here.ana.slash(here.channel, "said", name="Ann Brook", source="Star")
        assert "The bridge" not in text_of(other.response)
        people = await here.ana.slash(here.channel, "people", source="Star", private=False)
        assert not people.ephemeral
        assert "Sue Lind: 1" in text_of(people.response)
        assert "Ann Brook" not in text_of(people.response)
        dated = text_of((await here.ana.slash(here.channel, "people", since="2024-01-01")).response)
        assert "Sue Lind" not in dated
        bad = await here.ana.slash(here.channel, "people", until="soon")
        assert "not a date" in text_of(bad.response)
        offered = await here.ana.autocomplete(here.channel, "people", "source", "st")
        assert [one["value"] for one in offered] == ["Star"]
