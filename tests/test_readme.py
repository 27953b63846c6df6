"""The README, and what the documents show of the program: help texts, commands and settings, generated and current."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
sys.path.insert(0, str(DOCS))

import refresh  # noqa: E402 (docs/ is not a package)

from bot.settings import documented  # noqa: E402
from bot.terminal.cli import cli  # noqa: E402
from bot.terminal.slash_commands import COMMANDS  # noqa: E402

README = (ROOT / "README.md").read_text("utf-8")
CLI = (DOCS / "cli.md").read_text("utf-8")


def test_the_readme_is_short_and_begins_with_the_two_commands_and_a_picture() -> None:
    assert len(README.splitlines()) <= 130
    assert "make chat" in README
    assert "make test" in README
    for picture in ("repl", "quote", "discord"):
        assert "<svg" in (DOCS / f"{picture}.svg").read_text("utf-8")


@pytest.mark.parametrize("page", refresh.PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_help_texts_and_settings_are_the_programs_own(page: Path) -> None:
    """`docs/refresh.py` writes them anew."""
    text = page.read_text("utf-8")
    assert refresh.refreshed(text) == text


def test_every_command_has_its_help_in_the_documents() -> None:
    names = {command.name or command.callback.__name__ for command in cli.registered_commands if command.callback}
    assert names | {"onrecord"} == set(re.findall(r"<!-- help: (\w+) -->", CLI))


def test_every_repl_command_is_documented() -> None:
    assert [name for name in COMMANDS if f"`/{name}" not in CLI] == []


def test_every_setting_is_documented() -> None:
    page = (DOCS / "configuration.md").read_text("utf-8")
    assert [name for name, _, _ in documented() if f"| `{name}` |" not in page] == []
