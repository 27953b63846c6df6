"""Layout: a message as Discord takes it, in components (a coloured container of blocks, rules and buttons) or plain.

Limits of Discord: 40 components and 4,000 characters of text in a message of components, five buttons in a row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import discord

from bot.discord.pages import Accent, MessagePage, TextBlock
from bot.render.catalogue import translated

MessageLayout = Literal["components", "plain"]
"""How messages are laid out: in components, which present clients draw, or as text with rows of buttons."""
Button = discord.ui.Button[Any] | discord.ui.DynamicItem[discord.ui.Button[Any]]

MAX_COMPONENTS = 40
"""Components of one message, those inside others counted (Discord's limit)."""
BUTTONS_PER_ROW = 5
"""Discord's limit."""
OPEN_ARTICLE = "Open"
"""The label of a button that leads to an article's address."""

_SECTION_COMPONENTS = 3  # the section, its text, its button
_COLOURS: Final[Mapping[Accent, discord.Colour]] = {
    Accent.ANSWERED: discord.Colour.from_str("#2d7d9a"),
    Accent.POSSIBLY: discord.Colour.from_str("#d99a2b"),
    Accent.NOT_HERE: discord.Colour.from_str("#8a8f98"),
    Accent.ACCURATE: discord.Colour.from_str("#2e8b57"),
    Accent.INACCURATE: discord.Colour.from_str("#c0392b"),
    Accent.UNCERTAIN: discord.Colour.from_str("#d99a2b"),
    Accent.INFORMATION: discord.Colour.from_str("#5b6b8c"),
}


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """A message to be sent.

    Attributes:
        page: What it says.
        rows: The buttons under it, at most ``BUTTONS_PER_ROW`` in each row.
    """

    page: MessagePage
    rows: tuple[tuple[Button, ...], ...] = ()


def button_rows(buttons: Iterable[Button]) -> tuple[tuple[Button, ...], ...]:
    """Return buttons in rows."""
    held = list(buttons)
    return tuple(tuple(held[at : at + BUTTONS_PER_ROW]) for at in range(0, len(held), BUTTONS_PER_ROW))


def plain_view(message: OutgoingMessage) -> discord.ui.View | None:
    """Return the buttons of a plain message; None where it has none."""
    if not message.rows:
        return None
    view = discord.ui.View(timeout=None)
    for number, row in enumerate(message.rows):
        for button in row:
            if isinstance(button, discord.ui.DynamicItem):
                button.item.row = number
            button.row = number
            view.add_item(button)
    return view


def component_view(message: OutgoingMessage) -> discord.ui.LayoutView:
    """Return a message in components.

    What means something has a container with its colour; other messages are bare text. Sources with an address have
    their button beside them or, where a message has too many components for that, the address behind their words.
    """
    page = message.page
    rows = [discord.ui.ActionRow[Any](*row) for row in message.rows]
    blocks = page.blocks or (TextBlock(page.text),)
    room = MAX_COMPONENTS - 1 - sum(1 + len(row) for row in message.rows) - bool(rows)
    merged = _merged(blocks)
    taken = sum(_SECTION_COMPONENTS if block.url else 1 for block in merged) + sum(block.apart for block in merged)
    if taken > room:
        linked = [_linked(block) for block in blocks]
        apart = sum(block.apart for block in linked)
        merged = _merged(linked if 2 * apart + 1 <= room else [replace(block, apart=False) for block in linked])
    items: list[discord.ui.Item[Any]] = []
    for block in merged:
        if block.apart:
            items.append(discord.ui.Separator())
        text = discord.ui.TextDisplay[Any](block.text)
        if block.url:
            button = discord.ui.Button[Any](label=translated(OPEN_ARTICLE), url=block.url)
            items.append(discord.ui.Section[Any](text, accessory=button))
        else:
            items.append(text)
    view = discord.ui.LayoutView(timeout=None)
    if page.accent is Accent.PLAIN:
        for item in (*items, *rows):
            view.add_item(item)
    else:
        under = [discord.ui.Separator[Any](visible=False), *rows] if rows else []
        view.add_item(discord.ui.Container[Any](*items, *under, accent_colour=_COLOURS[page.accent]))
    return view


def message_payload(message: OutgoingMessage, layout: MessageLayout) -> dict[str, Any]:
    """Return the arguments for sending or editing a message with discord.py: ``content`` and ``view``."""
    if layout == "components":
        return {"content": None, "view": component_view(message)}
    return {"content": message.page.text, "view": plain_view(message)}


def _merged(blocks: Iterable[TextBlock]) -> list[TextBlock]:
    """Return blocks, each without an address and a rule above it joined to the one before, where that has none."""
    merged: list[TextBlock] = []
    for block in blocks:
        if merged and not (block.url or block.apart or merged[-1].url):
            merged[-1] = replace(merged[-1], text=f"{merged[-1].text}\n{block.text}")
        else:
            merged.append(block)
    return merged


def _linked(block: TextBlock) -> TextBlock:
    """Return a block with its address behind its words."""
    return (
        TextBlock(f"{block.text} · [{translated(OPEN_ARTICLE)}](<{block.url}>)", apart=block.apart)
        if block.url
        else block
    )
