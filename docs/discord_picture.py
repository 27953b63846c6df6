"""Draws what the bot really sends: the client runs in a simulated Discord, and its payloads become a picture."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from typing import Any

import simcord
from rich.console import Console
from rich.padding import Padding
from rich.terminal_theme import MONOKAI
from rich.text import Text

from bot.app import App
from bot.discord.client import OnrecordBot

WIDTH = 104
QUESTION = "What did Burkina Faso focus on in the Moscow talks?"
QUOTATION = "extremist insurgencies that have destabilized small swaths of territory across the Sahel"
NO = "Who is the president of France?"

_MARKS = re.compile(r"\*\*(?P<bold>.+?)\*\*|~~(?P<struck>.+?)~~|<(?P<link>https://[^>]+)>|\\(?P<mark>[^0-9A-Za-z\s])")


async def picture(app: App) -> str:
    """Return an SVG of an answer, a passage, an abstention and a quote check."""
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    app.warm()
    async with simcord.run(OnrecordBot(app), settle_timeout=12) as env:
        guild = env.create_guild()
        channel, ana = guild.create_text_channel("desk"), guild.add_member(env.create_user("ana"))
        answer = await ana.slash(channel, "ask", question=QUESTION)
        _draw(console, "ana used /ask", answer)
        _draw(console, "ana pressed [1] · only ana can see this", await ana.click(answer.response, label="[1]"))
        _draw(console, "ana used /quote · only ana can see this", await ana.slash(channel, "quote", text=QUOTATION))
        _draw(console, "ana used /ask", await ana.slash(channel, "ask", question=NO))
        await env.bot.close()
    return console.export_svg(title="#desk", theme=MONOKAI)


def _draw(console: Console, head: str, result: Any) -> None:
    """Draw the messages of one interaction under each other, with their buttons."""
    console.print(
        Text.assemble(("onrecord ", "bold cyan"), ("APP ", "bold white on blue"), (f" {head}", "bright_black"))
    )
    for message in [result.response, *result.followups]:
        for one in _parts(message.components):
            if "content" in one:
                for line in one["content"].split("\n"):
                    console.print(Padding(_line(line), (0, 0, 0, 2)))
            else:
                buttons = [Text(f" {each['label']} ", "white on bright_black") for each in one["buttons"]]
                console.print(Padding(Text("  ").join(buttons), (1, 0, 0, 2)))
    console.print()


def _parts(components: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the texts of a message, and its rows of buttons, in the order in which they are read."""
    for one in components:
        if "content" in one:
            yield one
        elif all("label" in each for each in one.get("components", ())):
            yield {"buttons": one.get("components", ())}
        else:
            yield from _parts(
                [*one["components"], *([{"components": [one["accessory"]]}] if "accessory" in one else [])]
            )


def _line(line: str) -> Text:
    """Return a line as Discord shows it: its marks take effect, escaped ones are characters."""
    style, lead = "", ""
    if line.startswith("> "):
        line, lead = line[2:], "▎ "
    elif line.startswith("-# "):
        line, style = line[3:], "bright_black"
    text = Text()
    text.append(lead, "bright_black")
    at = 0
    for found in _MARKS.finditer(line):
        text.append(line[at : found.start()], style)
        kind, at = found.lastgroup or "", found.end()
        shown = re.sub(r"\\([^0-9A-Za-z\s])", r"\1", found[kind])
        text.append(shown, {"bold": "bold white", "struck": "strike red", "link": "blue"}.get(kind, style))
    text.append(line[at:], style)
    return text
