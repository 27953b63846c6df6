"""Asking with /ask, and the buttons under an answer."""

from __future__ import annotations

import re
from pathlib import Path

import discord

from tests.bot.discord.fakes_discord import (
    STRIKE,
    buttons,
    components,
    keeper,
    make_bot,
    off_loop,
    refusal_of,
    scene,
    simulated,
    text_of,
)
from tests.fakes import make_article


@simulated
async def test_a_question_is_answered_with_citations_and_sources(tmp_path: Path) -> None:
    """The words, their numbers, and under them title, outlet and date with a button that opens the address."""
    async with scene(make_bot(tmp_path)) as here:
        result = await here.ana.slash(here.channel, "ask", question=STRIKE)
        text = text_of(result.response)
        assert not result.ephemeral
        assert "“The dockers of Port Vell ended their strike on Tuesday.” [1]" in text
        assert "[1][2] Harbour strike ends\n-# Coast Herald · 2024-03-05" in text
        (link,) = [one for one in components(result.response) if "url" in one]
        assert link["url"] == "https://coast.example/harbour"
        assert list(buttons(result.response))[-4:] == ["Why", "Check quotes", "👍", "👎"]


@simulated
async def test_deferring_is_the_first_thing_that_happens(tmp_path: Path) -> None:
    """Whatever is asked, "thinking…" is sent before any work."""
    async with scene(make_bot(tmp_path)) as here:
        before = len(here.env.http_requests)
        await here.ana.slash(here.channel, "ask", question=STRIKE)
        first = here.env.http_requests[before]
        assert first.path.endswith("/callback")
        assert first.json["type"] == 5


@simulated
async def test_filters_limit_what_is_searched(tmp_path: Path) -> None:
    """Outlet and days as on the command line; a day that is none is said so."""
    async with scene(make_bot(tmp_path)) as here:
        other = await here.ana.slash(here.channel, "ask", question=STRIKE, source="Valley Times")
        assert "Coast Herald" not in text_of(other.response)
        bad = await here.ana.slash(here.channel, "ask", question=STRIKE, since="yesterday")
        assert "yesterday" in refusal_of(bad)


@simulated
async def test_a_citation_opens_for_the_clicker_alone_with_the_words_in_bold(tmp_path: Path) -> None:
    """Ben presses the button under Ana's answer."""
    async with scene(make_bot(tmp_path)) as here:
        result = await here.ana.slash(here.channel, "ask", question=STRIKE)
        opened = await here.ben.click(result.response, label="[1]")
        assert opened.ephemeral
        assert "**The dockers of Port Vell ended their strike on Tuesday.**" in text_of(opened.response)
        assert "Wages rise by four percent." in text_of(opened.response)


@simulated
async def test_buttons_work_after_a_restart(tmp_path: Path) -> None:
    """A new process knows what an old button opens."""
    async with scene(make_bot(tmp_path)) as here:
        result = await here.ana.slash(here.channel, "ask", question=STRIKE)
        message = here.channel.last_message
        await here.env.restart_bot(make_bot(tmp_path, articles=()))
        opened = await here.ben.click(message, custom_id=buttons(result.response)["[1]"])
        assert "**The dockers" in text_of(opened.response)
        why = await here.ben.click(message, label="Why")
        assert "probability" in text_of(why.response)
        await here.env.bot.close()


@simulated
async def test_a_vote_is_kept_once_a_person(tmp_path: Path) -> None:
    """A double click counts once; a change of mind takes the old vote's place."""
    bot = make_bot(tmp_path)
    async with scene(bot) as here:
        result = await here.ana.slash(here.channel, "ask", question=STRIKE)
        for label in ("👍", "👍", "👎"):
            assert (await here.ben.click(result.response, label=label)).ephemeral
        rows = bot.services.database.personal_rows(here.ben.id)
        assert [row["vote"] for row in rows["votes"]] == [-1]


@simulated
async def test_what_an_article_says_takes_no_effect(tmp_path: Path) -> None:
    """No ping, no link, no formatting, no hidden character; title and outlet likewise."""
    hostile = make_article(
        "The strike @everyone <@1> [won](https://evil.example) **loud** \u202eback\u202c \x1b[31m https://evil.example.\n",
        title="# Strike @here [x](https://evil.example)",
        source="<t:0:R> `Post`",
        origin="a.txt",
        url="javascript:alert(1)",
    )
    async with scene(make_bot(tmp_path, [hostile])) as here:
        result = await here.ana.slash(here.channel, "ask", question="Is the strike won, loud and back?")
        for shown in (
            result,
            await here.ben.click(result.response, label="[1]"),
            await here.ben.click(result.response, label="Why"),
        ):
            text = text_of(shown.response)
            assert not re.search(r"@(everyone|here)|(?<!\\)[<`]|(?<!\\):(?=//)|javascript|[\u202a-\u202e\x1b]", text)
            assert "won" in text or shown is not result
        sent = [
            one.json for one in here.env.http_requests if one.method in {"POST", "PATCH"} and "messages" in one.path
        ]
        assert sent
        assert all(one["allowed_mentions"]["parse"] == [] for one in sent)


@simulated
async def test_a_private_answer_is_seen_by_the_asker_until_it_is_shared(tmp_path: Path) -> None:
    """Share shows it to everybody, once."""
    async with scene(make_bot(tmp_path)) as here:
        result = await here.ana.slash(here.channel, "ask", question=STRIKE, private=True)
        assert result.ephemeral
        assert here.channel.history(viewer=here.ben) == []
        await here.ana.click(result.response, label="Share")
        again = await here.ana.click(result.response, label="Share")
        assert "shared already" in text_of(again.response)
        (shown,) = here.channel.history(viewer=here.ben)
        assert "[1]" in text_of(shown)
        assert "Shared by ana" in text_of(shown)


@simulated
async def test_an_abstention_shows_what_was_searched_and_what_comes_nearest(tmp_path: Path) -> None:
    """Saying no is a state of its own."""
    async with scene(make_bot(tmp_path)) as here:
        result = await here.ana.slash(here.channel, "ask", question="Who ate the harvest?")
        text = text_of(result.response)
        assert "**Not in these articles.**" in text
        assert "Searched 2 articles" in text
        assert "Nearest in the articles:\n> “A late frost" in text
        assert "[1]" in buttons(result.response)


@simulated
async def test_ask_about_this_answers_a_message_privately(tmp_path: Path) -> None:
    """The menu of a message."""
    async with scene(make_bot(tmp_path)) as here:
        said = await here.ben.send(here.channel, "I heard the dockers ended their strike on Tuesday")
        result = await here.ana.context_menu(here.channel, "Ask about this", said)
        assert result.ephemeral
        assert "Port Vell" in text_of(result.response)


@simulated
async def test_a_timeline_is_a_list_of_dates_and_sentences(tmp_path: Path) -> None:
    """Each row has its date in bold, and a button that opens it."""
    async with scene(make_bot(tmp_path)) as here:
        result = await here.ana.slash(here.channel, "timeline", topic="the strike of Port Vell")
        text = text_of(result.response)
        assert "**2024-03-05** “The dockers of Port Vell ended their strike on Tuesday.” [1]" in text
        assert "[1]" in buttons(result.response)


@simulated
async def test_what_was_asked_in_private_is_not_told_in_public(tmp_path: Path) -> None:
    """A public follow-up depends on public turns, a private one on private turns."""
    async with scene(make_bot(tmp_path)) as here:
        await here.ana.slash(here.channel, "ask", question=STRIKE, private=True)
        public = await here.ana.slash(here.channel, "ask", question="When was that?")
        assert "strike" not in text_of(public.response)
        private = await here.ana.slash(here.channel, "ask", question="When was that?", private=True)
        assert "Understood as: When did" in text_of(private.response)


@simulated
async def test_nobody_shares_where_they_may_not_write(tmp_path: Path) -> None:
    """The permission to write in threads does not help in the channel."""
    async with scene(make_bot(tmp_path)) as here:
        reads = discord.PermissionOverwrite(send_messages=False, send_messages_in_threads=True)
        news = here.guild.create_text_channel("news", overwrites={here.ana: reads})
        answer = await here.ana.slash(news, "ask", question=STRIKE, private=True)
        refused = await here.ana.click(answer.response, label="Share")
        assert "may not write" in text_of(refused.response)
        assert news.history(viewer=here.ben) == []


FERRY = make_article(
    "The ferry to the islands sank on 3 May 2024.\n\nThe ferry company paid its whole crew in June 2023.\n",
    title="Ferry sinks",
    origin="ferry.txt",
    source="Herald",
    published="2024-05-04",
)


@simulated
async def test_a_timeline_has_the_options_and_rows_of_the_terminal(tmp_path: Path) -> None:
    """The events of the days that are asked for, in the articles of an outlet."""
    bot = make_bot(tmp_path, [FERRY])
    async with scene(bot) as here:
        result = await here.ana.slash(
            here.channel, "timeline", topic="ferry", since="2024-01-01", source="Herald", private=True
        )
        text = text_of(result.response)
        assert result.ephemeral
        assert text.startswith("-# Timeline of ferry since 2024-01-01\n")
        assert "sank on 3 May 2024" in text
        assert "paid its whole crew" not in text
        terminal = await off_loop(bot, lambda app: app.timeline("ferry since 2024-01-01", app.filters(["Herald"])))
        assert [claim.text in text for claim in terminal.claims if claim.citations] == [True]
        assert "2024-13-01" in refusal_of(await here.ana.slash(here.channel, "timeline", topic="x", since="2024-13-01"))
        other = await here.ana.slash(here.channel, "timeline", topic="ferry", source="Star")
        assert "no article is from" in text_of(other.response)


@simulated
async def test_an_article_is_summarised_by_its_title_and_a_topic_by_its_name(tmp_path: Path) -> None:
    """Titles are offered; the question above says which article it is, and what follows may refer to it."""
    async with scene(make_bot(tmp_path)) as here:
        (offered,) = await here.ana.autocomplete(here.channel, "summary", "article", "harbour")
        result = await here.ana.slash(here.channel, "summary", article=offered["value"])
        text = text_of(result.response)
        assert not result.ephemeral
        assert text.startswith("-# Summarise “Harbour strike ends”\n")
        assert "“The dockers of Port Vell ended their strike on Tuesday.” [1]" in text
        assert offered["value"] not in text
        topic = await here.ana.slash(here.channel, "summary", topic="frost", private=True)
        assert topic.ephemeral
        assert "frost" in text_of(topic.response)
        assert "Port Vell" not in text_of(topic.response)
        everything = text_of((await here.ana.slash(here.channel, "summary")).response)
        assert "Harbour strike ends" in everything
        both = await here.ana.slash(here.channel, "summary", topic="frost", article=offered["value"])
        assert "one of them" in text_of(both.response)
        none = await here.ana.slash(here.channel, "summary", article="Nothing like it")
        assert text_of(none.response).startswith("No article is called “Nothing like it”. ")


@simulated
async def test_a_thread_begins_with_the_question(tmp_path: Path) -> None:
    """Its name, and the message that it starts from."""
    async with scene(make_bot(tmp_path)) as here:
        await keeper(here).slash(here.channel, "settings", thread="on")
        result = await here.ana.slash(here.channel, "ask", question=STRIKE)
        assert text_of(result.response).startswith(f"-# {STRIKE}\n")
        (thread,) = here.bot.get_guild(here.guild.id).threads
        assert thread.name == STRIKE
        assert thread.id == result.response.id
