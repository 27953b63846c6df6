"""Questions that were missed are answered at the next connection, once, and only recent ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bot.discord.backfill import MAX_BACKFILL_AGE
from tests.bot.discord.fakes_discord import STRIKE, Scene, make_bot, scene, simulated


def answers(here: Scene) -> list[Any]:
    """Return the bot's messages in the channel, oldest first."""
    return [one for one in here.channel.history() if one.author.id == here.env.bot.user.id]


@simulated
async def test_a_question_that_was_missed_is_answered_once_in_the_next_session(tmp_path: Path) -> None:
    """What was answered before is not answered again."""
    async with scene(make_bot(tmp_path)) as here:
        mention = here.bot.user.mention
        await here.ana.send(here.channel, f"{mention} {STRIKE}")
        await here.bot.close()
        missed = await here.ben.send(here.channel, f"{mention} Did late frost destroy the cherry harvest?")
        await here.env.restart_bot(make_bot(tmp_path, articles=()))
        await here.env.settle()
        assert len(answers(here)) == 2
        assert answers(here)[-1].reference.message_id == missed.id
        here.env.bot.dispatch("ready")
        await here.env.settle()
        assert len(answers(here)) == 2
        await here.env.bot.close()


@simulated
async def test_a_question_that_an_earlier_run_left_unanswered_is_answered(tmp_path: Path) -> None:
    """It had claimed the question and was killed."""
    bot = make_bot(tmp_path)
    async with scene(bot) as here:
        await bot.close()
        left = await here.ana.send(here.channel, f"{here.bot.user.mention} {STRIKE}")
        assert bot.services.database.claim_event(f"message:{left.id}", bot.services.run_id)
        await here.env.restart_bot(make_bot(tmp_path, articles=()))
        await here.env.settle()
        (answer,) = answers(here)
        assert answer.reference.message_id == left.id
        await here.env.bot.close()


@simulated
async def test_a_question_that_was_missed_long_ago_is_not_answered(tmp_path: Path) -> None:
    """After ``MAX_BACKFILL_AGE``."""
    async with scene(make_bot(tmp_path)) as here:
        mention = here.bot.user.mention
        await here.bot.close()
        await here.ben.send(here.channel, f"{mention} {STRIKE}")
        await here.env.advance_time(MAX_BACKFILL_AGE.total_seconds() + 60)
        await here.env.restart_bot(make_bot(tmp_path, articles=()))
        await here.env.settle()
        assert answers(here) == []
        await here.env.bot.close()
