"""Checking quotations in Discord."""

from __future__ import annotations

from pathlib import Path

from tests.bot.discord.fakes_discord import buttons, make_bot, scene, simulated, text_of
from tests.bot.fakes_bot import ORCHARD

WORDS = "The dockers of Port Vell ended their strike on Tuesday."


@simulated
async def test_a_quotation_that_stands_is_verbatim_and_its_place_opens(tmp_path: Path) -> None:
    """For the person alone, with Share."""
    async with scene(make_bot(tmp_path)) as here:
        result = await here.ana.slash(here.channel, "quote", text=WORDS)
        assert result.ephemeral
        assert "✅ **VERBATIM**" in text_of(result.response)
        assert list(buttons(result.response)) == ["[1]", "Share"]
        opened = await here.ana.click(result.response, label="[1]")
        assert f"**{WORDS}**" in text_of(opened.response)


@simulated
async def test_an_altered_quotation_shows_the_difference(tmp_path: Path) -> None:
    """Struck what only the quotation has, bold what only the article has."""
    async with scene(make_bot(tmp_path)) as here:
        result = await here.ana.slash(
            here.channel, "quote", text="The dockers of Port Vell ended their strike on Friday.", speaker="Ana Prats"
        )
        text = text_of(result.response)
        assert "❌ **ALTERED**" in text
        assert "~~Friday~~ **Tuesday**" in text


@simulated
async def test_every_quotation_of_a_message_is_checked(tmp_path: Path) -> None:
    """From the message's menu; sharing shows the verdicts to everybody."""
    async with scene(make_bot(tmp_path)) as here:
        said = await here.ben.send(
            here.channel, f'He said: "{WORDS}" Then she said: "The pandas of the zoo vote for oranges tonight."'
        )
        result = await here.ana.context_menu(here.channel, "Check quotes", said)
        assert result.ephemeral
        assert "2 quotations in this message: 1 verbatim, 1 not found" in text_of(result.response)
        await here.ana.click(result.response, label="Share")
        assert "VERBATIM" in text_of(here.channel.last_message)


@simulated
async def test_a_message_without_quotation_says_so(tmp_path: Path) -> None:
    """And how to check words without marks."""
    async with scene(make_bot(tmp_path)) as here:
        said = await here.ben.send(here.channel, "no quotation here")
        result = await here.ana.context_menu(here.channel, "Check quotes", said)
        assert "no quotation in this message" in text_of(result.response)


@simulated
async def test_an_answer_can_be_checked(tmp_path: Path) -> None:
    """Its cited words against the article as it is now."""
    async with scene(make_bot(tmp_path)) as here:
        result = await here.ana.slash(here.channel, "ask", question="Which strike ended on Tuesday?")
        checked = await here.ben.click(result.response, label="Check quotes")
        assert checked.ephemeral
        assert "VERBATIM" in text_of(checked.response)


@simulated
async def test_a_quotation_is_checked_in_the_articles_of_the_channel(tmp_path: Path) -> None:
    """The default filters of the channel limit quotations, and drafts, as they limit questions."""
    async with scene(make_bot(tmp_path)) as here:
        store = here.bot.services.guild_settings
        store.save(f"channel:{here.channel.id}", "source", ORCHARD.source)
        result = await here.ana.slash(here.channel, "quote", text=WORDS)
        assert "**VERBATIM**" not in text_of(result.response)
        assert ORCHARD.source in text_of(result.response).rpartition("Searched 1 article")[2]
        said = await here.ben.send(here.channel, f'He said: "{WORDS}"')
        checked = await here.ana.context_menu(here.channel, "Check quotes", said)
        assert "Searched 1 article" in text_of(checked.response)


@simulated
async def test_an_empty_library_is_not_an_article_without_the_words(tmp_path: Path) -> None:
    """A quotation is not called unfounded before anything was ingested."""
    async with scene(make_bot(tmp_path, [])) as here:
        said = await here.ben.send(here.channel, f'He said: "{WORDS}"')
        for result in (
            await here.ana.slash(here.channel, "quote", text=WORDS),
            await here.ana.context_menu(here.channel, "Check quotes", said),
        ):
            assert "No articles have been ingested yet" in text_of(result.response)
