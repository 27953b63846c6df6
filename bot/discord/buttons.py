"""Buttons under replies. Each names in its id the stored reply it belongs to, so that it works after a restart."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import discord

from bot.discord.layout import Button, OutgoingMessage, button_rows
from bot.discord.pages import MessagePage
from bot.discord.services import Services
from bot.render.catalogue import translated

_ID_PATTERN = r"onrecord:(?P<action>[a-z]+):(?P<id>[0-9a-f]{16}):(?P<number>[0-9]{1,4})"  # never change: posted buttons
_ID = re.compile(_ID_PATTERN)


@dataclass(frozen=True, slots=True)
class AnswerAction:
    """An action offered under a reply.

    Attributes:
        name: Its name in the button's id; buttons of old messages have it, so it never changes.
        label: The button's text, which is translated.
        style: The button's colour.
    """

    name: str
    label: str
    style: discord.ButtonStyle = discord.ButtonStyle.secondary


OPEN = "open"
"""The action of the buttons of citations."""
PAGE = "page"
"""The action of the buttons that show another page of a reply; their number is the page's, from 1."""
WHY = AnswerAction("why", "Why")
QUOTES = AnswerAction("quotes", "Check quotes")
GOOD = AnswerAction("good", "👍")
BAD = AnswerAction("bad", "👎")
UNCONFIRMED = "unconfirmed"
"""The action of the button that shows what is not confirmed; it says how many claims."""
SHARE = AnswerAction("share", "Share", discord.ButtonStyle.primary)


def answer_actions(unconfirmed: int, *, cited: bool = True, private: bool = False) -> list[AnswerAction]:
    """Return the actions under an answer, those to read first.

    Args:
        unconfirmed: The number of its claims that are not confirmed.
        cited: Whether it shows words of articles: without any there is nothing to check.
        private: Whether only the person sees it.
    """
    apart = (
        [AnswerAction(UNCONFIRMED, translated("Show {number} not confirmed", number=unconfirmed))]
        if unconfirmed
        else []
    )
    return [*apart, WHY, *([QUOTES] if cited else []), GOOD, BAD, *([SHARE] if private else [])]


def reply_id_of(message: discord.Message) -> str:
    """Return the id of the stored reply whose buttons stand under a message; empty where there is none."""
    held: list[Any] = list(message.components)
    while held:
        item = held.pop(0)
        found = _ID.fullmatch(getattr(item, "custom_id", None) or "")
        if found:
            return found["id"]
        held = [*getattr(item, "children", ()), *held]
    return ""


class AnswerButton(discord.ui.DynamicItem[discord.ui.Button[Any]], template=_ID):
    """A button of a stored reply.

    Args:
        action: The name of its action.
        reply_id: The stored reply.
        number: The citation that it opens, or 0.
        label: Its text.
        style: Its colour.
        disabled: Whether it cannot be pressed.
    """

    def __init__(
        self,
        action: str,
        reply_id: str,
        number: int = 0,
        *,
        label: str = "",
        style: discord.ButtonStyle = discord.ButtonStyle.secondary,
        disabled: bool = False,
    ) -> None:
        custom_id = f"onrecord:{action}:{reply_id}:{number}"
        super().__init__(discord.ui.Button(label=label or action, style=style, custom_id=custom_id, disabled=disabled))
        self._action, self._reply_id, self._number = action, reply_id, number

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[Any],  # noqa: ARG003 (discord.py's signature)
        item: discord.ui.Item[Any],  # noqa: ARG003
        match: re.Match[str],
        /,
    ) -> Self:
        """Return the button that an id describes."""
        return cls(match["action"], match["id"], int(match["number"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Perform the action."""
        services: Services = interaction.client.services
        handler = services.button_handlers.get(self._action)
        if handler:
            await handler(services, interaction, self._reply_id, self._number)


def with_buttons(pages: Sequence[MessagePage], reply_id: str, actions: Sequence[AnswerAction]) -> list[OutgoingMessage]:
    """Return the messages of pages: each with the buttons of its citations, the last with the actions."""
    messages: list[OutgoingMessage] = []
    for index, page in enumerate(pages):
        rows = _citation_rows(page, reply_id)
        if index == len(pages) - 1:
            rows += button_rows(_action_buttons(reply_id, actions))
        messages.append(OutgoingMessage(page, rows))
    return messages


def one_page(
    pages: Sequence[MessagePage], reply_id: str, actions: Sequence[AnswerAction], number: int = 1
) -> OutgoingMessage:
    """Return the message of one page, from 1, with buttons that lead to the pages beside it: "◀ 2/5 ▶"."""
    page, last = pages[number - 1], len(pages)
    turns = [
        AnswerButton(PAGE, reply_id, number - 1, label="◀", disabled=number == 1),
        AnswerButton(PAGE, reply_id, number, label=f"{number}/{last}", disabled=True),
        AnswerButton(PAGE, reply_id, number + 1, label="▶", disabled=number == last),
    ]
    under = [*(turns if last > 1 else []), *_action_buttons(reply_id, actions)]
    return OutgoingMessage(page, _citation_rows(page, reply_id) + button_rows(under))


def _citation_rows(page: MessagePage, reply_id: str) -> tuple[tuple[Button, ...], ...]:
    return button_rows(AnswerButton(OPEN, reply_id, number, label=f"[{number}]") for number in page.numbers)


def _action_buttons(reply_id: str, actions: Sequence[AnswerAction]) -> list[AnswerButton]:
    return [
        AnswerButton(action.name, reply_id, label=translated(action.label), style=action.style) for action in actions
    ]
