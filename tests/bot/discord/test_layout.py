"""Messages in components and plain, within Discord's limits."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, TypeVar

import pytest

from bot.answers import Answer
from bot.discord.buttons import BAD, GOOD, QUOTES, SHARE, WHY, with_buttons
from bot.discord.database import _page
from bot.discord.layout import MAX_COMPONENTS, MessageLayout, OutgoingMessage, message_payload
from bot.discord.pages import Accent, MessagePage, TextBlock
from bot.discord.render_answers import answer_pages
from tests.bot.discord.fakes_discord import components, text_of
from tests.bot.fakes_bot import abstained, answered, cite, info

Result = TypeVar("Result")
CONTAINER, TEXT, SECTION, SEPARATOR, LINK = 17, 10, 9, 14, 5
URL = "https://coast.example/a"


def on_loop(make: Callable[[], Result]) -> Result:
    """Return what ``make`` returns on an event loop, which discord.py's views need."""

    async def run() -> Result:
        return make()

    return asyncio.run(run())


def sent(message: OutgoingMessage, layout: MessageLayout = "components") -> list[dict[str, Any]]:
    """Return all components of a message as they are sent."""
    view = on_loop(lambda: message_payload(message, layout))["view"]
    return list(components(SimpleNamespace(components=view.to_components())))


def messages(answer: Answer) -> list[OutgoingMessage]:
    """Return the messages of an answer with all its buttons."""
    return on_loop(lambda: with_buttons(answer_pages(answer), "0123456789abcdef", [WHY, QUOTES, GOOD, BAD, SHARE]))


def test_a_source_with_an_address_has_its_button_and_others_stand_together() -> None:
    """In the container of an answer, under a rule."""
    answer = answered(cite(1, "It ended.", info(1, url=URL)), cite(2, "Wages rise.", info(2)), cite(3, "No.", info(3)))
    (message,) = messages(answer)
    found = sent(message)
    assert found[0]["type"] == CONTAINER
    assert [one["url"] for one in found if one.get("style") == LINK] == [URL]
    said = [one["content"] for one in found if one["type"] == TEXT]
    assert said[0] == "> “It ended.” [1]\n> “Wages rise.” [2]\n> “No.” [3]"
    assert said[-1] == "[2] Article 2\n-# undated\n[3] Article 3\n-# undated"
    assert sum(one["type"] == SEPARATOR for one in found) == 2


@pytest.mark.parametrize("number", [1, 5, 8, 25])
def test_a_message_has_at_most_forty_components_and_every_address(number: int) -> None:
    """Where there are too many for buttons, the addresses stand in the text."""
    answer = answered(
        *(cite(each, f"Sentence {each}.", info(each, url=f"{URL}{each}.")) for each in range(1, 1 + number))
    )
    for message in messages(answer):
        found = sent(message)
        assert len(found) <= MAX_COMPONENTS
        shown = "\n".join(one.get("content", one.get("url", "")) for one in found)
        assert all(block.url in shown for block in message.page.blocks)


def test_the_colour_tells_what_is_asserted() -> None:
    """An answer, and nothing found; a line of the bot's own has none."""
    answers = answered(cite(1, "It ended.", info())), abstained()
    colours = [sent(messages(each)[0])[0]["accent_color"] for each in answers]
    assert len(set(colours)) == len(colours)
    assert [one["type"] for one in sent(OutgoingMessage(MessagePage("Shared.")))] == [TEXT]


def test_plain_messages_hold_the_same_words_and_the_address() -> None:
    """For clients that draw no components."""
    (message,) = messages(answered(cite(1, "It ended.", info(1, url=URL))))
    payload = on_loop(lambda: message_payload(message, "plain"))
    assert f"[1] Article 1\n-# undated · <{URL}>" in payload["content"]
    assert "> “It ended.” [1]" in payload["content"]
    assert [one["label"] for one in sent(message, "plain") if "label" in one] == [
        "[1]", "Why", "Check quotes", "👍", "👎", "Share",
    ]  # fmt: skip
    assert text_of(SimpleNamespace(content=payload["content"], components=[])) == payload["content"]


def test_pages_stored_by_earlier_versions_are_read() -> None:
    """They were pairs of a text and numbers."""
    assert _page(["It ended. [1]", [1]]) == MessagePage("It ended. [1]", (1,))
    page = {"text": "a", "numbers": [], "accent": "answered", "blocks": [{"text": "a", "url": URL, "apart": True}]}
    assert _page(page) == MessagePage("a", (), Accent.ANSWERED, (TextBlock("a", URL, apart=True),))
