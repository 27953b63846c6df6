"""Questions that come as messages."""

from __future__ import annotations

from pathlib import Path

import discord

from tests.bot.discord.fakes_discord import STRIKE, buttons, make_bot, off_loop, scene, simulated, text_of


@simulated
async def test_a_mention_is_answered_as_a_reply_that_pings_nobody(tmp_path: Path) -> None:
    """Not even the person who asked."""
    async with scene(make_bot(tmp_path)) as here:
        asked = await here.ana.send(here.channel, f"{here.bot.user.mention} {STRIKE}")
        answer = here.channel.last_message
        assert answer.reference.message_id == asked.id
        assert "Port Vell" in text_of(answer)
        sent = [one for one in here.env.http_requests if one.method == "POST" and one.path.endswith("/messages")]
        assert [one.json["allowed_mentions"]["parse"] for one in sent] == [[]]
        assert sent[0].json["allowed_mentions"].get("replied_user") in {None, False}


@simulated
async def test_the_bot_shows_that_it_is_typing(tmp_path: Path) -> None:
    """While it works on a message."""
    async with scene(make_bot(tmp_path)) as here:
        await here.ana.send(here.channel, f"{here.bot.user.mention} {STRIKE}")
        assert any(one.path.endswith("/typing") for one in here.env.http_requests)


@simulated
async def test_a_reply_to_the_bot_is_a_question(tmp_path: Path) -> None:
    """With the ping that Discord sends along by default."""
    async with scene(make_bot(tmp_path)) as here:
        await here.ana.send(here.channel, f"{here.bot.user.mention} {STRIKE}")
        answer = here.channel.last_message
        await here.ana.send(here.channel, f"{here.bot.user.mention} And the late frost harvest?", reply_to=answer)
        assert "cherry harvest" in text_of(here.channel.last_message)


@simulated
async def test_what_is_not_for_the_bot_is_left_alone(tmp_path: Path) -> None:
    """Other people's talk, @everyone, and other bots."""
    async with scene(make_bot(tmp_path)) as here:
        robot = here.guild.add_member(here.env.create_user("robot", bot=True))
        await here.ana.send(here.channel, STRIKE)
        await here.ana.send(here.channel, f"@everyone {STRIKE}")
        await robot.send(here.channel, f"{here.bot.user.mention} {STRIKE}")
        assert [one for one in here.channel.history() if one.author.id == here.bot.user.id] == []


@simulated
async def test_a_direct_message_is_a_question(tmp_path: Path) -> None:
    """Without a mention."""
    async with scene(make_bot(tmp_path)) as here:
        await here.ana.send_dm(STRIKE)
        assert "Port Vell" in text_of(here.ana.user.dm_channel.last_message)


@simulated
async def test_a_mention_without_words_is_told_how_to_ask(tmp_path: Path) -> None:
    """Help, not silence."""
    async with scene(make_bot(tmp_path)) as here:
        await here.ana.send(here.channel, here.bot.user.mention)
        assert "/ask" in text_of(here.channel.last_message)


@simulated
async def test_an_answer_in_a_thread_where_that_is_set(tmp_path: Path) -> None:
    """The thread is named after the question, and asking goes on in it."""
    bot = make_bot(tmp_path)
    async with scene(bot) as here:
        bot.services.guild_settings.save(f"channel:{here.channel.id}", "thread", "on")
        await here.ana.send(here.channel, f"{here.bot.user.mention} {STRIKE}")
        (thread,) = here.channel.threads
        assert thread.name == STRIKE
        assert "Port Vell" in text_of(thread.last_message)
        await here.ana.send(thread, f"{here.bot.user.mention} And the late frost harvest?")
        assert "cherry harvest" in text_of(thread.last_message)


@simulated
async def test_in_its_threads_no_mention_is_needed_where_it_may_read(tmp_path: Path) -> None:
    """With the Message Content intent; without it, it says once that it cannot read."""
    for reads, last in ((True, "cherry harvest"), (False, "I can only read")):
        bot = make_bot(tmp_path / str(reads), discord_read_threads=reads)
        async with scene(bot) as here:
            bot.services.guild_settings.save(f"channel:{here.channel.id}", "thread", "on")
            await here.ana.send(here.channel, f"{here.bot.user.mention} {STRIKE}")
            (thread,) = here.channel.threads
            for _ in range(2):
                await here.ana.send(thread, "And the late frost harvest?")
            said = [text_of(one) for one in thread.history() if one.author.id == here.bot.user.id]
            assert last in said[-1]
            assert len(said) == (3 if reads else 2)


@simulated
async def test_where_it_may_not_answer_it_answers_in_private_only(tmp_path: Path) -> None:
    """Who mentions it there is told so alone."""
    bot = make_bot(tmp_path)
    async with scene(bot) as here:
        bot.services.guild_settings.save(f"guild:{here.guild.id}", "answer", "off")
        await here.ana.send(here.channel, f"{here.bot.user.mention} {STRIKE}")
        assert "Answers are off" in text_of(here.ana.user.dm_channel.last_message)
        result = await here.ana.slash(here.channel, "ask", question=STRIKE)
        assert result.ephemeral
        assert len(here.channel.history(viewer=here.ben)) == 1


@simulated
async def test_a_message_that_comes_twice_is_answered_once(tmp_path: Path) -> None:
    """A resumed session plays events again; so may a new process."""
    bot = make_bot(tmp_path)
    async with scene(bot) as here:
        asked = await here.ana.send(here.channel, f"{here.bot.user.mention} {STRIKE}")
        bot.dispatch("message", asked)
        await here.env.settle()
        assert len([one for one in here.channel.history() if buttons_of(one)]) == 1


def buttons_of(message: object) -> dict[str, str]:
    data = [row.to_dict() for row in message.components]  # type: ignore[attr-defined]
    return buttons(type("M", (), {"components": data})())


@simulated
async def test_conversations_of_people_and_channels_never_mix(tmp_path: Path) -> None:
    """A follow-up depends on what its asker said there, and on nothing else."""
    bot = make_bot(tmp_path)
    async with scene(bot) as here:
        other = here.guild.create_text_channel("other")
        for person, channel in ((here.ana, here.channel), (here.ben, here.channel), (here.ana, other)):
            await person.send(channel, f"{here.bot.user.mention} {STRIKE}")
        await here.ana.send(here.channel, f"{here.bot.user.mention} And wages?")
        entries = await off_loop(bot, lambda app: app.conversations.names())
        said = {entry.name: entry.turns for entry in entries}
        assert said == {
            f"discord-{here.channel.id}-{here.ana.id}": 2,
            f"discord-{here.channel.id}-{here.ben.id}": 1,
            f"discord-{other.id}-{here.ana.id}": 1,
        }


@simulated
async def test_a_question_with_ask_goes_on_in_its_thread(tmp_path: Path) -> None:
    """The first question belongs to the thread's conversation."""
    bot = make_bot(tmp_path)
    async with scene(bot) as here:
        bot.services.guild_settings.save(f"channel:{here.channel.id}", "thread", "on")
        await here.ana.slash(here.channel, "ask", question=STRIKE)
        (thread,) = here.channel.threads
        await here.ana.send(thread, f"{here.bot.user.mention} And wages?")
        entries = await off_loop(bot, lambda app: app.conversations.names())
        assert [(entry.name, entry.turns) for entry in entries] == [(f"discord-{thread.id}-{here.ana.id}", 2)]


@simulated
async def test_a_mention_that_an_edit_adds_is_answered_once(tmp_path: Path) -> None:
    """Further edits of it are not."""
    async with scene(make_bot(tmp_path)) as here:
        asked = await here.ana.send(here.channel, STRIKE)
        assert here.channel.last_message.author.id == here.ana.id
        await here.ana.edit(asked, f"{here.bot.user.mention} {STRIKE}")
        await here.ana.edit(asked, f"{here.bot.user.mention} {STRIKE} Please!")
        said = [text_of(one) for one in here.channel.history() if one.author.id == here.bot.user.id]
        assert ["Port Vell" in each for each in said] == [True]


@simulated
async def test_who_asks_too_often_is_told_alone(tmp_path: Path) -> None:
    """In a direct message: nobody else waits."""
    async with scene(make_bot(tmp_path, discord_person_per_minute=1)) as here:
        for _ in range(2):
            await here.ana.send(here.channel, f"{here.bot.user.mention} {STRIKE}")
        assert "asked a lot" in text_of(here.ana.user.dm_channel.last_message)
        assert not any("asked a lot" in text_of(one) for one in here.channel.history())


@simulated
async def test_where_it_may_not_write_the_asker_is_told(tmp_path: Path) -> None:
    """Never silence."""
    async with scene(make_bot(tmp_path)) as here:
        nobody, ana = discord.PermissionOverwrite(send_messages=False), discord.PermissionOverwrite(send_messages=True)
        news = here.guild.create_text_channel("news", overwrites={here.guild.default_role: nobody, here.ana: ana})
        await here.ana.send(news, f"{here.bot.user.mention} {STRIKE}")
        assert "may not write" in text_of(here.ana.user.dm_channel.last_message)


@simulated
async def test_a_reply_follows_the_answer_that_it_replies_to(tmp_path: Path) -> None:
    """An older one of one's own, and somebody else's; otherwise the person's last."""
    async with scene(make_bot(tmp_path)) as here:
        me = here.bot.user.mention
        await here.ana.send(here.channel, f"{me} Who ended their strike at Port Vell?")
        strike = here.channel.last_message
        await here.ana.send(here.channel, f"{me} Is the cherry harvest destroyed by late frost?")
        for person in (here.ana, here.ben):
            await person.send(here.channel, f"{me} And at Calais?", reply_to=strike)
            assert "strike at Calais" in text_of(here.channel.last_message)
        await here.ben.send(here.channel, f"{me} And at Dover?")
        assert "strike at Dover" in text_of(here.channel.last_message)


@simulated
async def test_a_reply_to_a_shared_answer_follows_that_and_none_of_the_same_words(tmp_path: Path) -> None:
    """The question was asked before, in public, where it meant something else."""
    async with scene(make_bot(tmp_path)) as here:
        me = here.bot.user.mention
        await here.ana.send(here.channel, f"{me} Is the cherry harvest destroyed by late frost?")
        await here.ana.send(here.channel, f"{me} And at Calais?")
        for question in ("Who ended their strike at Port Vell?", "And at Calais?"):
            result = await here.ana.slash(here.channel, "ask", question=question, private=True)
        await here.ana.click(result.response, label="Share")
        shared = here.channel.last_message
        await here.ana.send(here.channel, f"{me} And at Brest?", reply_to=shared)
        assert "Who ended their strike at Brest" in text_of(here.channel.last_message)
