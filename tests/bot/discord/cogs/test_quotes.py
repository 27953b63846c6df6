"""Checking quotations in Discord."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.discord.database import BotDatabase
from bot.discord.layout import MAX_COMPONENTS
from tests.bot.discord.fakes_discord import buttons, components, make_bot, off_loop, scene, simulated, text_of
from tests.bot.fakes_bot import ORCHARD
from tests.fakes import remove

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
        assert text_of(result.response) == (
            "There is no quotation in this message. `/quote` checks words without quotation marks."
        )


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


INVENTED = "The panda eats {} oranges."


def many() -> str:
    """Return a message of 50 quotations: five are the same, and the last is the only one that was changed."""
    invented = [f"“{INVENTED.format(number)}”" for number in range(1, 45)]
    return "\n".join([*[f"“{WORDS}”"] * 5, *invented, f"“{WORDS.replace('Tuesday', 'Friday')}”"])


@simulated
async def test_every_quotation_of_a_long_message_is_counted_in_one_message_of_pages(tmp_path: Path) -> None:
    """Equal ones merged, the worst first; all pages stored, so that their buttons work after a restart."""
    async with scene(make_bot(tmp_path)) as here:
        said = await here.ben.send(here.channel, many())
        result = await here.ana.context_menu(here.channel, "Check quotes", said)
        assert not result.followups
        shown = text_of(result.response)
        assert shown.startswith("**50 quotations in this message: 5 verbatim, 1 altered, 44 not found.**")
        assert shown.index("ALTERED") < shown.index("NOT FOUND")
        reply_id = buttons(result.response)["▶"].split(":")[2]
        stored = await asyncio.to_thread(lambda: here.bot.services.database.reply(reply_id))
        assert stored is not None
        words = "\n".join(page.text for page in stored.pages)
        assert words.count("**NOT FOUND**") == 44
        assert words.count("**VERBATIM** · exactly these words are in the article") == 1
        assert "quoted 5 times" in words
        assert {target.number for target in stored.targets} == {one for page in stored.pages for one in page.numbers}


@simulated
async def test_a_page_takes_the_place_of_the_one_before_for_the_person_alone(tmp_path: Path) -> None:
    """After a restart too. What is shared stays as it is: whoever presses gets the page for themselves."""
    async with scene(make_bot(tmp_path)) as here:
        said = await here.ben.send(here.channel, many())
        result = await here.ana.context_menu(here.channel, "Check quotes", said)
        reply_id = buttons(result.response)["▶"].split(":")[2]
        last = int(next(label for label in buttons(result.response) if "/" in label).partition("/")[2])
        page = result.response
        await here.env.restart_bot(make_bot(tmp_path, articles=()))
        for at in range(2, last + 1):
            turned = await here.ana.click(page, label="▶")
            assert not turned.followups
            page = turned.response
            assert page.id == result.response.id
            assert buttons(page)[f"{at}/{last}"] == f"onrecord:page:{reply_id}:{at}"
            assert len(list(components(page))) <= MAX_COMPONENTS
        assert "VERBATIM" in text_of(page)
        await here.ana.click(page, label="Share")
        shared = here.channel.last_message
        assert text_of(shared).endswith("-# Shared by ana")
        seen = text_of(shared)
        turned = await here.ben.click(shared, label="▶")
        assert turned.ephemeral
        assert f"2/{last}" in buttons(turned.response)
        assert "Share" not in buttons(turned.response)
        assert text_of(here.channel.last_message) == seen
        again = await here.ben.click(turned.response, label="▶")
        assert f"3/{last}" in buttons(again.response)
        await asyncio.to_thread(lambda: BotDatabase(tmp_path, retention_days=1).delete_person(here.ana.id))
        gone = await here.ben.click(again.response, label="▶")
        assert "no longer stored" in text_of(gone.followups[0])
        assert f"3/{last}" in buttons(again.response)


@pytest.mark.parametrize("way", ["button", "menu"])
def test_an_answer_whose_article_was_removed_is_not_certified(way: str, tmp_path: Path) -> None:
    """Its citation and its check say the same: the article is gone."""

    @simulated
    async def check() -> None:
        bot = make_bot(tmp_path)
        async with scene(bot) as here:
            result = await here.ana.slash(here.channel, "ask", question="Which strike ended on Tuesday?")
            await off_loop(bot, lambda app: remove(app.library, "news/harbour.txt"))
            opened = await here.ana.click(result.response, label="[1]")
            assert "changed or removed since" in text_of(opened.response)
            if way == "button":
                checked = await here.ben.click(result.response, label="Check quotes")
            else:
                checked = await here.ben.context_menu(here.channel, "Check quotes", result.response)
            shown = text_of(checked.response)
            assert "**ARTICLE GONE** · the article of [1] in the answer was changed or removed since then" in shown
            assert "whose article is gone" in shown
            assert "VERBATIM" not in shown
            assert "NOT FOUND" not in shown

    check()


@simulated
async def test_a_page_is_laid_out_as_the_message_that_it_takes_the_place_of(tmp_path: Path) -> None:
    """Discord turns no message of components into a plain one; the setting may have changed in between."""
    async with scene(make_bot(tmp_path, discord_layout="plain")) as here:
        said = await here.ben.send(here.channel, many())
        result = await here.ana.context_menu(here.channel, "Check quotes", said)
        assert result.response.content.startswith("**50 quotations")
        await here.env.restart_bot(make_bot(tmp_path, articles=()))
        turned = await here.ana.click(result.response, label="▶")
        assert "**NOT FOUND**" in turned.response.content
        assert not turned.response.content.startswith("**50 quotations")
