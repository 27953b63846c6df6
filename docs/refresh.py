"""Write anew what the README shows of the program: each command's help, and the pictures of answers and a quote check.

Run from the repository's root, after ``make test``: ``.venv/bin/python docs/refresh.py``.
"""

from __future__ import annotations

import asyncio
import io
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

import discord_picture
from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text
from typer.testing import CliRunner

from bot.app import App, build
from bot.render.layout import Places
from bot.render.terminal import answer_text
from bot.settings import Settings
from bot.terminal.cli import cli
from bot.terminal.commands import Options
from bot.terminal.slash_commands import Session

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
PICTURE = ROOT / "docs" / "repl.svg"
WIDTH = 100
BLOCK = re.compile(r"(<!-- help: (\w+) -->\n```text\n).*?(```\n)", re.DOTALL)
DISCORD_PICTURE = ROOT / "docs" / "discord.svg"
QUOTE_PICTURE = ROOT / "docs" / "quote.svg"
CHECKED = [
    '/quote "Two Russian trainers were shown on Malian state television" by John Lechner',
    '/quote "the arrival of Russian air defenses is a move to control its airspace" by John Lechner',
]
SHOWN = ["What did Burkina Faso focus on in the Moscow talks?", "/open 1", "Who is the president of France?"]


def help_of(command: str) -> str:
    """Return what ``onrecord COMMAND --help`` prints, without trailing blanks."""
    result = CliRunner().invoke(
        cli,
        [command, "--help"],
        prog_name="onrecord",
        obj=Options(as_json=False, store=None, overrides={}),
        env={"COLUMNS": "100", "TERMINAL_WIDTH": "100"},
    )
    return "\n".join(line.rstrip() for line in result.output.strip().splitlines()) + "\n"


def with_help(readme: str) -> str:
    """Return ``readme`` with each help block as the program prints it now."""
    return BLOCK.sub(lambda found: found[1] + help_of(found[2]) + found[3], readme)


def picture(app: App, lines: Sequence[str]) -> str:
    """Return an SVG of what the REPL really prints for these lines."""
    places = Places(here=ROOT, home=ROOT)
    session = Session(app, places, lambda: WIDTH, lambda: 16)
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
    """Write the README's help blocks and the pictures."""
    README.write_text(with_help(README.read_text("utf-8")), encoding="utf-8")
    with tempfile.TemporaryDirectory(dir=ROOT) as store, build(Settings(store_dir=Path(store))) as app:
        app.ingest([str(ROOT / "seeds")])
        PICTURE.write_text(picture(app, SHOWN), encoding="utf-8")
        QUOTE_PICTURE.write_text(picture(app, CHECKED), encoding="utf-8")
        DISCORD_PICTURE.write_text(asyncio.run(discord_picture.picture(app)), encoding="utf-8")


if __name__ == "__main__":
    main()
