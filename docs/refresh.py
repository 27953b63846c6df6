"""Write anew what the documents show of the program: help texts, settings, examples and pictures.

Run from the repository's root, after ``make test``: ``.venv/bin/python docs/refresh.py``.
"""

from __future__ import annotations

import asyncio
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import discord_picture
from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text
from typer.testing import CliRunner

from bot.app import App, build
from bot.render.layout import Places
from bot.render.terminal import answer_text
from bot.settings import Settings, documented
from bot.terminal.cli import cli
from bot.terminal.commands import GlobalOptions
from bot.terminal.slash_commands import TerminalSession

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]
WIDTH = 100
HELP = re.compile(r"(<!-- help: (\w+) -->\n```text\n).*?(```\n)", re.DOTALL)
EXAMPLE = re.compile(r"(```console\n\$ onrecord )((?:ask|quote) [^\n]+)\n(.*?)(```\n)", re.DOTALL)
SETTINGS = re.compile(r"(<!-- settings -->\n).*?(<!-- end of settings -->\n)", re.DOTALL)
CHECKED = [
    '/quote "Two Russian trainers were shown on Malian state television" by John Lechner',
    '/quote "the arrival of Russian air defenses is a move to control its airspace" by John Lechner',
]
SHOWN = ["What did Burkina Faso focus on in the Moscow talks?", "/open 1", "Who is the president of France?"]


def help_of(command: str) -> str:
    """Return what ``onrecord COMMAND --help`` prints, without trailing blanks, or ``onrecord --help``."""
    result = CliRunner().invoke(
        cli,
        ["--help"] if command == "onrecord" else [command, "--help"],
        prog_name="onrecord",
        obj=GlobalOptions(as_json=False, store=None, overrides={}),
        env={"COLUMNS": "100", "TERMINAL_WIDTH": "100"},
    )
    return "\n".join(line.rstrip() for line in result.output.strip().splitlines()) + "\n"


def settings_table() -> str:
    """Return every setting with its default and its description, as a Markdown table."""
    rows = [f"| `{name}` | {f'`{default}`' if default else ''} | {about} |" for name, default, about in documented()]
    return "\n".join(["| setting | default | meaning |", "|---|---|---|", *rows])


def refreshed(page: str) -> str:
    """Return ``page`` with each help text and table of settings as the program has them now."""
    page = HELP.sub(lambda found: found[1] + help_of(found[2]) + found[3], page)
    return SETTINGS.sub(lambda found: found[1] + settings_table() + "\n" + found[2], page)


def with_examples(page: str, run: Callable[[Sequence[str]], str]) -> str:
    """Return ``page`` with the output of each ``$ onrecord ask`` and ``$ onrecord quote`` as ``run`` returns it."""
    return EXAMPLE.sub(lambda found: f"{found[1]}{found[2]}\n{run(shlex.split(found[2]))}{found[4]}", page)


def run_in(folder: Path) -> Callable[[Sequence[str]], str]:
    """Return what runs a command line in ``folder`` and returns what it prints."""

    def run(arguments: Sequence[str]) -> str:
        command = [sys.executable, "-m", "bot", *arguments]
        environment = {**os.environ, "NO_COLOR": "1", "COLUMNS": str(WIDTH), "PYTHONPATH": str(ROOT)}
        return subprocess.run(  # noqa: S603 (our own program)
            command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True, check=False
        ).stdout

    return run


def picture(app: App, folder: Path, lines: Sequence[str]) -> str:
    """Return an SVG of what the REPL really prints for these lines."""
    places = Places(here=folder, home=folder)
    session = TerminalSession(app, places, lambda: WIDTH, lambda: 16)
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    for typed in lines:
        console.print(Text("› ", "bold cyan") + Text(typed))
        if typed.startswith("/"):
            console.print(session.run(typed))
        else:
            session.answers.append(app.ask(typed))
            console.print(answer_text(session.last(), places, WIDTH))
        console.print()
    return console.export_svg(title="onrecord", theme=MONOKAI)


def main() -> None:
    """Write the documents and the pictures."""
    with tempfile.TemporaryDirectory() as place, build(Settings(store_dir=Path(place) / ".onrecord")) as app:
        seeds = shutil.copytree(ROOT / "seeds", Path(place) / "seeds")
        app.ingest([str(seeds)])
        for page in PAGES:
            text = page.read_text("utf-8")
            if page.name == "README.md":
                text = with_examples(text, run_in(Path(place)))
            page.write_text(refreshed(text), encoding="utf-8")
        (DOCS / "repl.svg").write_text(picture(app, Path(place), SHOWN), encoding="utf-8")
        (DOCS / "quote.svg").write_text(picture(app, Path(place), CHECKED), encoding="utf-8")
        (DOCS / "discord.svg").write_text(asyncio.run(discord_picture.picture(app)), encoding="utf-8")


if __name__ == "__main__":
    main()
