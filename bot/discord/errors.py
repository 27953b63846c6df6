"""What the bot says no to. Each is a sentence for the person who asked, nothing else is ever shown of an error.

OnrecordError
└── Refusal             the bot will not, or cannot now
    ├── Busy            too many questions wait
    ├── TooFast         a person or a channel asks too often
    ├── Closing         the bot is being stopped
    ├── NotAllowed      a person may not do this, or not here
    ├── Left            an article left since it was cited
    └── Gone            what a button belongs to is no longer kept
"""

from __future__ import annotations

import math

from bot.discord.escape import escaped
from bot.llm.errors import ProviderError
from retrieval.errors import InputError, OnrecordError, StoreLocked, StoreMissing


class BotRefusal(OnrecordError):
    """The bot will not, or cannot now."""


class QueueFull(BotRefusal):
    """Too many questions wait."""

    def __init__(self) -> None:
        super().__init__("Too many questions are waiting: ask again in a minute.")


class RateLimited(BotRefusal):
    """A person or a channel asks too often.

    Args:
        seconds: How long to wait.
        of_channel: Whether it is the channel that asks too often.
    """

    def __init__(self, seconds: float, *, of_channel: bool) -> None:
        who = "This channel has" if of_channel else "You have"
        super().__init__(f"{who} asked a lot in the last minute: ask again in {max(1, math.ceil(seconds))} s.")


class ShuttingDown(BotRefusal):
    """The bot is being stopped."""

    def __init__(self) -> None:
        super().__init__("I am being restarted: ask again in a minute.")


class NotPermitted(BotRefusal):
    """A person may not do this, or not here."""


class ArticleChanged(BotRefusal):
    """An article left the library since it was cited, or has other words now."""

    def __init__(self) -> None:
        super().__init__("The article was changed or removed since: ask again.")


class ReplyExpired(BotRefusal):
    """What a button belongs to is no longer kept."""

    def __init__(self) -> None:
        super().__init__("This answer is no longer kept: ask again.")


def error_message(error: Exception, reference: str) -> str:
    """Return what a person is told about an error: never its own words unless they were written for them.

    Args:
        error: What went wrong.
        reference: What finds it in the log.
    """
    if isinstance(error, BotRefusal):
        return str(error)
    if isinstance(error, InputError):
        return f"That cannot be used: {escaped(str(error))}"
    if isinstance(error, StoreMissing):
        return "No articles have been ingested yet. Whoever looks after them can do it with /ingest."
    if isinstance(error, StoreLocked):
        return "The articles are being written to: try again in a moment."
    if isinstance(error, ProviderError):
        return f"The chat model gave no answer: try again in a minute. Reference {reference}."
    return f"Something went wrong here, and it was noted. Reference {reference}."
