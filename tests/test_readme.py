"""The README says what the program does: checked, so that it cannot rot."""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
sys.path.insert(0, str(ROOT / "docs"))

import refresh  # noqa: E402 (docs/ is not a package)

from bot.cli import cli  # noqa: E402
from bot.commands import COMMANDS  # noqa: E402


def test_help_texts_in_the_readme_are_what_the_program_prints() -> None:
    assert refresh.with_help(README) == README


def test_every_command_has_its_help_in_the_readme() -> None:
    names = {command.name or command.callback.__name__ for command in cli.registered_commands if command.callback}
    assert names == set(re.findall(r"<!-- help: (\w+) -->", README))


def test_every_repl_command_stands_in_the_readme() -> None:
    assert [name for name in COMMANDS if f"`/{name}" not in README] == []


def test_the_readme_begins_with_the_two_commands_and_a_real_picture() -> None:
    assert "make chat" in README
    assert "make test" in README
    assert "<svg" in (ROOT / "docs" / "repl.svg").read_text("utf-8")
