"""The buttons under answers. Each says in its own id what it belongs to, so that it works after a restart, too."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import discord

from bot.discord.pages import MessagePage

if TYPE_CHECKING:
    from bot.discord.client import OnrecordBot

Style = discord.ButtonStyle
Press = Callable[["OnrecordBot", discord.Interaction, str, int], Awaitable[None]]

BUTTONS_PER_ROW = 5  # buttons in a row (Discord's limit)
_IDENTIFIER = "[0-9a-f]{16}"


@dataclass(frozen=True, slots=True)
class AnswerAction:
    """What a button does.

    Attributes:
        name: Its name in the button's id.
        label: What stands on it.
        style: Its colour.
    """

    name: str
    label: str
    style: discord.ButtonStyle = Style.secondary


OPEN = "open"
WHY = AnswerAction("why", "Why")
QUOTES = AnswerAction("quotes", "Check quotes")
GOOD = AnswerAction("good", "👍")
BAD = AnswerAction("bad", "👎")
SHARE = AnswerAction("share", "Share", Style.primary)

PRESSED: dict[str, Press] = {}
"""What is done when a button is pressed, by the action's name; filled by the modules that do it."""


def pressed(name: str) -> Callable[[Press], Press]:
    """Register what a button does."""

    def register(press: Press) -> Press:
        PRESSED[name] = press
        return press

    return register


class AnswerButton(
    discord.ui.DynamicItem[discord.ui.Button[Any]],
    template=re.compile(rf"onrecord:(?P<action>[a-z]+):(?P<id>{_IDENTIFIER}):(?P<number>[0-9]{{1,4}})"),
):
    """A button of a kept answer.

    Args:
        action: What it does.
        identifier: The answer's id.
        number: The citation that it opens, or 0.
        label: What stands on it.
        style: Its colour.
        row: The row it stands in, from 0.
    """

    def __init__(
        self,
        action: str,
        identifier: str,
        number: int = 0,
        *,
        label: str = "",
        style: discord.ButtonStyle = Style.secondary,
        row: int | None = None,
    ) -> None:
        custom_id = f"onrecord:{action}:{identifier}:{number}"
        super().__init__(discord.ui.Button(label=label or action, style=style, custom_id=custom_id, row=row), row=row)
        self._action, self._identifier, self._number = action, identifier, number

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[Any],  # noqa: ARG003 (discord.py's signature)
        item: discord.ui.Item[Any],  # noqa: ARG003
        match: re.Match[str],
        /,
    ) -> Self:
        """Return the button that an id stands for."""
        return cls(match["action"], match["id"], int(match["number"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Do what the button is for."""
        press = PRESSED.get(self._action)
        if press:
            await press(interaction.client, interaction, self._identifier, self._number)


def views(
    pages: Sequence[MessagePage], identifier: str, actions: Sequence[AnswerAction]
) -> list[discord.ui.View | None]:
    """Return the buttons of each page: its citations, and under the last page what can be done with the answer."""
    made: list[discord.ui.View | None] = []
    for at, page in enumerate(pages):
        view = discord.ui.View(timeout=None)
        for place, number in enumerate(page.numbers):
            view.add_item(AnswerButton(OPEN, identifier, number, label=f"[{number}]", row=place // BUTTONS_PER_ROW))
        if at == len(pages) - 1:
            row = -(-len(page.numbers) // BUTTONS_PER_ROW)
            for action in actions:
                view.add_item(AnswerButton(action.name, identifier, label=action.label, style=action.style, row=row))
        made.append(view if view.children else None)
    return made
