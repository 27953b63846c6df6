"""The documentation of the commands, held to those that are registered."""

from __future__ import annotations

import re
from pathlib import Path

from discord import AppCommandType, app_commands

from bot.discord.cogs.info import HELP_TEXT
from tests.bot.discord.fakes_discord import make_bot, scene, simulated

DOCS = Path(__file__).parents[3] / "docs/discord.md"


@simulated
async def test_every_command_and_option_of_the_documentation_is_registered_and_none_is_missing(tmp_path: Path) -> None:
    """In the documentation and in /help; menus under Apps."""
    text = DOCS.read_text(encoding="utf-8").replace("`/why` in the terminal", "")
    async with scene(make_bot(tmp_path)) as here:
        tree = here.bot.tree
        slash = [one for one in tree.get_commands() if isinstance(one, app_commands.Command)]
        options = {one.name: {each.name for each in one.parameters} for one in slash}
        menus = {one.name for one in tree.get_commands(type=AppCommandType.message)}
    for described in (text, HELP_TEXT):
        named = re.findall(r"`/([a-z-]+)((?: [^`]*)?)`", described)
        assert {name for name, _ in named} | {"help"} == set(options)
        for name, typed in named:
            assert set(re.findall(r"([a-z_]+):", typed)) <= options[name], (name, typed)
        assert set(re.findall(r"Apps → ([^*]+)\*", described)) == menus
