"""Settings of servers and channels."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.bot.discord.fakes_discord import Scene, keeper, let_in, make_bot, refusal_of, scene, simulated, text_of


async def shown(kim: Any, here: Scene, **options: Any) -> str:
    """Return what `/settings` says, on one line without escapes."""
    text = text_of((await kim.slash(here.channel, "settings", **options)).response)
    return " ".join(text.replace("\\", "").split())


@simulated
async def test_a_role_that_is_set_may_change_articles_too(tmp_path: Path) -> None:
    """Set by who manages the server, and by nobody else."""
    bot = make_bot(tmp_path / "store")
    async with scene(bot) as here:
        kim = keeper(here, manage_guild=True)
        role = here.guild.create_role("keepers")
        lee = here.guild.add_member(here.env.create_user("lee"), roles=[role])
        assert "settings" not in lee.available_commands(here.channel)
        let_in(here, role)
        assert "Only those" in refusal_of(await lee.slash(here.channel, "settings"))
        await kim.slash(here.channel, "settings", role=role)
        assert "Settings of this server" in text_of((await lee.slash(here.channel, "settings")).response)
        refused = await lee.slash(here.channel, "settings", role=role)
        assert "can set the role" in text_of(refused.response)


@simulated
async def test_settings_of_a_channel_win_over_those_of_its_server_and_outlive_a_restart(tmp_path: Path) -> None:
    """Where it answers, and what it searches by default."""
    bot = make_bot(tmp_path / "store")
    async with scene(bot) as here:
        kim = keeper(here, manage_guild=True)
        await kim.slash(here.channel, "settings", answer="off", source="Valley Times")
        await kim.slash(here.channel, "settings", channel=here.channel, answer="on")
        await here.env.restart_bot(make_bot(tmp_path / "store", articles=()))
        result = await here.ana.slash(here.channel, "ask", question="Which strike ended on Tuesday?")
        assert not result.ephemeral
        assert "Coast Herald" not in text_of(result.response)
        bad = await kim.slash(here.channel, "settings", since="soon")
        assert "soon" in text_of(bad.response)
        unknown = await kim.slash(here.channel, "settings", source="Vally Times")
        assert "did you mean Valley Times?" in text_of(unknown.response)
        here.env.bot.services.guild_settings.save(f"channel:{here.channel.id}", "source", "Gone Times")
        result = await here.ana.slash(here.channel, "ask", question="Which strike ended on Tuesday?")
        assert "No article matches the filters" in text_of(result.response).replace("\\", "")
        shown = await kim.slash(here.channel, "settings", source="-")
        assert "Valley Times" not in text_of(shown.response)
        await here.env.bot.close()


@simulated
async def test_a_setting_is_cleared_by_name_or_all_at_once(tmp_path: Path) -> None:
    """The role too, which has no value that could be typed; nobody but who manages the server clears that."""
    async with scene(make_bot(tmp_path / "store")) as here:
        kim = keeper(here)
        role = here.guild.create_role("keepers")
        lee = here.guild.add_member(here.env.create_user("lee"), roles=[role])
        let_in(here, role)
        text = await shown(kim, here, role=role, source="valley times", since="2024-01-01", answer="off")
        assert "and keepers" in text
        assert "Outlet: Valley Times" in text
        assert "can set the role" in text_of((await lee.slash(here.channel, "settings", clear="role")).response)
        assert "any day" in await shown(lee, here, clear="period")
        assert "Outlet: all" in await shown(kim, here, source="-")
        assert "keepers" not in await shown(kim, here, clear="everything")
        assert "Only those" in refusal_of(await lee.slash(here.channel, "settings"))
        assert here.bot.services.database.settings() == []


@simulated
async def test_nothing_is_set_that_leaves_nothing_to_search(tmp_path: Path) -> None:
    """An outlet that is none, days in the wrong order or without articles; in one step, in two, or for a channel."""
    async with scene(make_bot(tmp_path / "store")) as here:
        kim, other = keeper(here), here.guild.create_text_channel("sport")
        for options, why in (
            ({"source": "   "}, "a setting is empty"),
            ({"source": "Nowhere Gazette"}, "no article is from “Nowhere Gazette”"),
            ({"since": "2024-02-30"}, "not a date"),
            ({"since": "2024-06-01", "until": "2024-01-01"}, "is after the last"),
            ({"since": "2031-01-01"}, "no article matches since=2031-01-01"),
            ({"source": "Coast Herald", "since": "2024-03-06"}, "no article from “Coast Herald” was published"),
            ({"source": "Coast Herald", "clear": "source"}, "both set and cleared"),
        ):
            assert why in await shown(kim, here, **options), options
        assert here.bot.services.database.settings() == []
        await shown(kim, here, since="2024-03-01")
        assert "is after the last" in await shown(kim, here, until="2024-02-01")
        assert "is after the last" in await shown(kim, here, until="2024-02-01", channel=other)
        await shown(kim, here, since="2024-01-01", until="2024-03-10", channel=other)
        await shown(kim, here, clear="since")
        await shown(kim, here, since="2024-04-01", channel=here.channel)
        assert "in #desk, which has settings of its own" in await shown(kim, here, until="2024-03-20")
        assert "is after the last" in await shown(kim, here, since="2024-04-01", channel=other)
        assert "With settings of their own: #desk, #sport" in await shown(kim, here)
        assert "Published: since 2024-01-01 until 2024-03-10" in await shown(kim, here, channel=other)


@simulated
async def test_what_became_wrong_can_be_cleared_in_steps(tmp_path: Path) -> None:
    """An outlet whose articles are gone, or days stored by an earlier version."""
    async with scene(make_bot(tmp_path / "store")) as here:
        kim, scope = keeper(here), f"guild:{here.guild.id}"
        for name, value in (("source", "Gone Times"), ("since", "2024-06-01"), ("until", "2024-01-01")):
            here.bot.services.guild_settings.save(scope, name, value)
        assert "answer" in (await shown(kim, here, answer="off")).lower()
        assert "until 2024-01-01" in await shown(kim, here, clear="since")
        assert "any day" in await shown(kim, here, clear="until")
        assert "Outlet: all" in await shown(kim, here, clear="source")


@simulated
async def test_the_role_that_everybody_has_is_refused(tmp_path: Path) -> None:
    """Anybody could remove articles."""
    async with scene(make_bot(tmp_path / "store")) as here:
        everybody = here.guild.default_role
        assert "everybody has this role" in await shown(keeper(here), here, role=everybody)


@simulated
async def test_outlets_are_offered_while_one_is_typed(tmp_path: Path) -> None:
    async with scene(make_bot(tmp_path / "store")) as here:
        offered = await keeper(here).autocomplete(here.channel, "settings", "source", "vall")
        assert [one["value"] for one in offered] == ["Valley Times"]


@pytest.mark.parametrize("command", ["ingest", "remove", "settings"])
def test_commands_of_keepers_are_hidden_from_members_and_from_direct_messages(command: str, tmp_path: Path) -> None:
    """Until the server lets them in; then the bot says for whom they are, to the person alone, and does nothing."""

    @simulated
    async def check() -> None:
        options = {"ingest": {"url": "https://news.example/x"}, "remove": {"article": "Harbour"}, "settings": {}}
        async with scene(make_bot(tmp_path)) as here:
            assert command not in here.ana.available_commands(here.channel)
            assert command in keeper(here).available_commands(here.channel)
            (registered,) = [one for one in here.bot.tree.get_commands() if one.name == command]
            assert registered.to_dict(here.bot.tree)["contexts"] == [0]
            let_in(here, here.ana)
            result = await here.ana.slash(here.channel, command, **options[command])
            assert "Only those who manage this server" in refusal_of(result)
            assert "\n" not in refusal_of(result)

    check()
