"""Buttons of earlier messages: they work after a restart and an update, or say why not."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.answers import Answer, Claim, SearchScope, Support
from retrieval.articles import Hit
from tests.bot.discord.fakes_discord import (
    SETTLE_SECONDS,
    STRIKE,
    BlockedAnswerer,
    buttons,
    make_bot,
    off_loop,
    scene,
    simulated,
    text_of,
    until,
)
from tests.bot.fakes_bot import answered, cite, info
from tests.fakes import remove


@simulated
async def test_a_citation_of_an_article_that_was_removed_says_so(tmp_path: Path) -> None:
    """It opens no other words."""
    bot = make_bot(tmp_path)
    async with scene(bot) as here:
        result = await here.ana.slash(here.channel, "ask", question=STRIKE)
        await off_loop(bot, lambda app: remove(app.library, "news/harbour.txt"))
        opened = await here.ana.click(result.response, label="[1]")
        assert "changed or removed since" in text_of(opened.response)


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
            assert "no longer stored" in text_of((await here.ana.click(result.response, label=label)).response)

    check()


@simulated
async def test_a_button_is_answered_while_all_answers_wait(tmp_path: Path) -> None:
    """It reads its passage in a lane of its own."""
    slow = BlockedAnswerer()
    slow.release.set()
    bot = make_bot(tmp_path, answerer=slow, discord_workers=1)
    async with scene(bot) as here:
        result = await here.ana.slash(here.channel, "ask", question=STRIKE)
        slow.release.clear()
        here.env.settle_timeout = 0.05
        for number in range(3):
            person = here.guild.add_member(here.env.create_user(f"p{number}"))
            with pytest.raises(TimeoutError):
                await person.send(here.channel, f"{here.bot.user.mention} {STRIKE}")
        await until(lambda: bot.services.workers.pending == 3)

        def opened() -> list[str]:
            return [text_of(one.json) for one in here.env.http_requests if one.path.endswith("/@original")]

        for label in ("[1]", "Check quotes"):
            before = len(opened())
            with pytest.raises(TimeoutError):
                await here.ana.click(result.response, label=label)
            await until(lambda before=before: len(opened()) > before)  # type: ignore[misc]
        assert bot.services.workers.pending == 3
        slow.release.set()
        await here.env.settle(timeout=SETTLE_SECONDS)


class Unsure:
    """A chat model's answer with a number of claims that are not confirmed, and others that are cited or left out."""

    def __init__(self, unconfirmed: int, *, cited: int = 1, **more: Any) -> None:
        self._claims = tuple(
            Claim(f"The *town* has {number} @everyone.", Support.UNCONFIRMED, probability=0.5)
            for number in range(1, unconfirmed + 1)
        )
        self._citations = [cite(number, f"Sentence {number}.", info()) for number in range(1, cited + 1)]
        self._more = more

    def answer(self, question: str, hits: Sequence[Hit], searched: SearchScope) -> Answer:
        return answered(
            *self._citations, question=question, answerer="openai:test", **({"unconfirmed": self._claims} | self._more)
        )


class TestUnconfirmedClaims:
    @pytest.mark.parametrize(("number", "said"), [(1, "it"), (2, "them")])
    @simulated
    async def test_a_button_shows_them_to_the_person_alone(self, number: int, said: str, tmp_path: Path) -> None:
        """The answer says how many there are, and contains none of them; each is marked, and no markup."""
        async with scene(make_bot(tmp_path, answerer=Unsure(number))) as here:
            result = await here.ana.slash(here.channel, "ask", question=STRIKE)
            assert f" left out: not confirmed by the articles; the button shows {said}." in text_of(result.response)
            assert "town" not in text_of(result.response)
            shown = await here.ben.click(result.response, label=f"Show {number} not confirmed")
            assert shown.ephemeral
            first, _, *claims = text_of(shown.response).split("\n")
            assert first == "**Not confirmed by the articles**"
            assert len(claims) == number
            assert all(claim.startswith("-# ❔ The \\*town\\* has ") for claim in claims)
            assert all(claim.endswith(" (not confirmed)") for claim in claims)
            assert "@everyone" not in text_of(shown.response)

    @simulated
    async def test_alone_they_leave_a_message_and_the_nearest_sentences(self, tmp_path: Path) -> None:
        nearest = (cite(1, "The nearest sentence.", info()),)
        async with scene(make_bot(tmp_path, answerer=Unsure(1, cited=0, nearest=nearest))) as here:
            result = await here.ana.slash(here.channel, "ask", question=STRIKE)
            assert "\n🔎 **The articles do not confirm what the chat model wrote.**\n" in text_of(result.response)
            assert "“The nearest sentence.” [1]" in text_of(result.response)
            assert {"[1]", "Show 1 not confirmed"} < buttons(result.response).keys()

    @simulated
    async def test_a_private_answer_with_many_citations_has_room_for_the_button(self, tmp_path: Path) -> None:
        """Discord allows five rows of five; what is shared has it, too."""
        async with scene(make_bot(tmp_path, answerer=Unsure(2, cited=15))) as here:
            result = await here.ana.slash(here.channel, "ask", question=STRIKE, private=True)
            assert len(buttons(result.response)) == 15 + 6
            await here.ana.click(result.response, label="Share")
            assert "town" not in text_of(here.channel.last_message)
            shown = await here.ben.click(here.channel.last_message, label="Show 2 not confirmed")
            assert "has 2" in text_of(shown.response)

    @simulated
    async def test_hidden_they_are_counted_and_have_no_button(self, tmp_path: Path) -> None:
        hidden = (
            Claim("The town is old.", Support.UNCONFIRMED),
            Claim("The town is young.", Support.UNSUPPORTED),
        )
        async with scene(make_bot(tmp_path, answerer=Unsure(0, withheld=hidden))) as here:
            result = await here.ana.slash(here.channel, "ask", question=STRIKE)
            assert "-# 1 claim left out: not confirmed by the articles." in text_of(result.response)
            assert "1 claim left out: no article supports it." in text_of(result.response)
            assert not any("not confirmed" in label for label in buttons(result.response))
