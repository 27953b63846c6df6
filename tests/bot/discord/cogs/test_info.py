"""What there is, how the bot is, and a person's own data."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from bot.discord.database import DATABASE_FILE
from tests.bot.discord.fakes_discord import STRIKE, buttons, let_in, make_bot, off_loop, scene, simulated, text_of
from tests.fakes import make_article


@simulated
async def test_every_command_answers_the_person_alone(tmp_path: Path) -> None:
    """And says what it is for."""
    async with scene(make_bot(tmp_path)) as here:
        for command, options, holds in (
            ("sources", {}, "- Coast Herald: 1"),
            ("article", {"article": "Harbour"}, "> Wages rise by four percent."),
            ("status", {}, "**Searching** 2 articles"),
            ("help", {}, "`/quote` checks a quotation"),
        ):
            result = await here.ana.slash(here.channel, command, **options)
            assert result.ephemeral, command
            assert holds in text_of(result.response), command


@simulated
async def test_a_title_that_no_article_has_is_said_to_have_none(tmp_path: Path) -> None:
    """And the titles of several that begin so are named; neither names an id nor a command of the terminal."""
    ports = [make_article("Port one opened.", title="Port A"), make_article("Port two opened.", title="Port B")]
    async with scene(make_bot(tmp_path, ports)) as here:
        none = await here.ana.slash(here.channel, "article", article="No *such* title")
        assert text_of(none.response) == (
            "No article is called “No \\*such\\* title”. Type the beginning of a title, and choose from the list."
        )
        several = await here.ana.slash(here.channel, "article", article="port")
        assert text_of(several.response) == (
            "Several articles fit “port”: Port A; Port B. Type more of the title, and choose from the list."
        )


@simulated
async def test_articles_are_offered_while_a_title_is_typed(tmp_path: Path) -> None:
    """By any part of it."""
    async with scene(make_bot(tmp_path)) as here:
        offered = await here.ana.autocomplete(here.channel, "article", "article", "strike")
        assert [one["name"] for one in offered] == ["Harbour strike ends"]
        offered = await here.ana.autocomplete(here.channel, "ask", "source", "valley", question="?")
        assert [one["value"] for one in offered] == ["Valley Times"]


@simulated
async def test_a_person_gets_and_deletes_what_is_kept_of_them(tmp_path: Path) -> None:
    """No row, in no table of the file, holds the person's id or words afterwards; others' rows stay."""
    async with scene(make_bot(tmp_path)) as here:
        answer = await here.ana.slash(here.channel, "ask", question=STRIKE)
        await here.ana.click(answer.response, label="👍")
        await here.ana.send_dm(STRIKE)
        await here.ben.slash(here.channel, "ask", question="Is the cherry harvest destroyed by late frost?")
        data = await here.ana.slash(here.channel, "my-data")
        (file,) = data.response.attachments
        told = json.loads(await file.read())
        assert [row["question"] for row in told["kept"]] == [STRIKE, STRIKE]
        assert [len(turns) for turns in told["conversations"].values()] == [1, 1]
        result = await here.ana.slash(here.channel, "forget-me")
        assert "Deleted 6 entries" in text_of(result.response)
        held = everything(tmp_path)
        assert str(here.ana.id) not in held
        assert "strike ended on Tuesday?" not in held
        assert "cherry harvest" in held
        gone = await here.ben.click(answer.response, label="Why")
        assert "no longer stored" in text_of(gone.response)


@simulated
async def test_others_keep_no_words_of_who_is_forgotten(tmp_path: Path) -> None:
    """Not what they asked about, checked or replied to, nor what they asked after that; their own answers stay."""
    async with scene(make_bot(tmp_path)) as here:
        me = here.bot.user.mention
        asked = await here.ana.send(
            here.channel, f"{me} Who ended their peculiar “strike of the dockers” at Port Vell?"
        )
        answer = here.channel.last_message
        other = here.guild.create_text_channel("other")
        kept = await here.ben.slash(other, "ask", question=STRIKE)
        for label in ("Check quotes", "Why", "👍"):
            await here.ben.click(answer, label=label)
        await here.ben.context_menu(here.channel, "Check quotes", asked)
        await here.ben.context_menu(here.channel, "Ask about this", asked)
        await here.ben.context_menu(here.channel, "Ask about this", answer)
        await here.ben.send(here.channel, f"{me} And at Calais?", reply_to=answer)
        assert "peculiar" in text_of(here.channel.last_message)
        reply = here.channel.last_message
        await here.ben.send(here.channel, f"{me} And at Dover?")
        assert "peculiar" in text_of(here.channel.last_message)
        cid = here.guild.add_member(here.env.create_user("cid"))
        await cid.send(here.channel, f"{me} And at Brest?", reply_to=reply)
        assert "peculiar" in everything(tmp_path)
        await here.ana.slash(here.channel, "forget-me")
        held = everything(tmp_path)
        assert str(here.ana.id) not in held
        assert "peculiar" not in held
        assert "strike of the dockers" not in held
        assert "Why" in buttons(kept.response)
        assert "no longer stored" not in text_of((await here.ben.click(kept.response, label="Why")).response)


def everything(folder: Path) -> str:
    """Return every row of the files that hold people's data."""
    rows = []
    for file in (DATABASE_FILE, "conversations.sqlite"):
        connection = sqlite3.connect(folder / file)
        for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            rows += [repr(row) for row in connection.execute(f"SELECT * FROM {table}")]  # noqa: S608
        connection.close()
    return "\n".join(rows)


@simulated
async def test_what_is_older_than_the_retention_goes(tmp_path: Path) -> None:
    """Answers, votes, all of it; and is not shown before it went."""
    bot = make_bot(tmp_path, retention_days=2)
    async with scene(bot) as here:
        answer = await here.ana.slash(here.channel, "ask", question=STRIKE)
        await here.ana.click(answer.response, label="👍")
        now = bot.services.database.clock()
        bot.services.database.clock = lambda: now + 3 * 86_400  # type: ignore[method-assign]
        assert "no longer stored" in text_of((await here.ana.click(answer.response, label="Why")).response)
        assert bot.services.database.expire() >= 2
        assert bot.services.database.personal_rows(here.ana.id)["kept"] == []


@pytest.mark.parametrize("command", ["ingest", "remove", "settings"])
def test_articles_and_settings_are_for_keepers(command: str, tmp_path: Path) -> None:
    """Anybody else is told so."""

    @simulated
    async def check() -> None:
        options = {"ingest": {"url": "https://news.example/x"}, "remove": {"article": "Harbour"}, "settings": {}}
        bot = make_bot(tmp_path)
        async with scene(bot) as here:
            let_in(here, here.ana)
            result = await here.ana.slash(here.channel, command, **options[command])
            assert "Only those who manage this server" in text_of(result.response)
            counts = await off_loop(bot, lambda app: app.library.counts())
            assert counts.articles == 2

    check()
