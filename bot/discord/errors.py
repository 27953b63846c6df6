"""Errors of the bot, each a sentence for the person who asked; nothing else of an error is ever shown.

OnrecordError
└── BotRefusal              the bot will not do this, or cannot now
    ├── QueueFull           too many questions wait
    │   └── TooManyWrites   too many articles wait to be added or removed
    ├── RateLimited         a person or a channel asks too often
    ├── ShuttingDown        the bot is shutting down
    ├── NotPermitted        a person may not do this, or not here
    ├── ArticleChanged      an article was removed or changed since it was cited
    └── ReplyExpired        the reply of a button is no longer stored
"""

from __future__ import annotations

import math
from typing import ClassVar

from bot.answer_queue import TooManyQuestions
from bot.discord.escape import escaped, escaped_line
from bot.llm.errors import ProviderError
from bot.render.catalogue import retold, translated
from retrieval.errors import ArticleNotFound, InputError, OnrecordError, StoreLocked, StoreMissing

_BEFORE_YOURS = "Too many questions are waiting: {count} before yours. Ask again in about {seconds} s."
_CHANNEL_ASKED = "This channel has asked a lot in the last minute: ask again in {seconds} s."
_PERSON_ASKED = "You have asked a lot in the last minute: ask again in {seconds} s."
_NO_ARTICLE = "No article is called “{name}”. Type the beginning of a title, and choose from the list."
_SEVERAL_ARTICLES = "Several articles fit “{name}”: {titles}. Type more of the title, and choose from the list."
_MAX_TITLES = 5
_MAX_TITLE_CHARACTERS = 120


class BotRefusal(OnrecordError):
    """The bot will not do this, or cannot now.

    Args:
        words: Why, a sentence; a fixed one is translated into the language of the context.
    """

    def __init__(self, words: str) -> None:
        super().__init__(translated(words))


class QueueFull(BotRefusal):
    """Too many questions wait.

    Args:
        before: The questions before it, where they are counted.
        seconds: About how long they take.
    """

    words: ClassVar[str] = "Too many questions are waiting: ask again in a minute."

    def __init__(self, before: int = 0, seconds: float = 0.0) -> None:
        wait = max(1, math.ceil(seconds))
        super().__init__(translated(_BEFORE_YOURS, count=before, seconds=wait) if before else self.words)


class TooManyWrites(QueueFull):
    """Too many articles wait to be added or removed."""

    def __init__(self, before: int = 0, seconds: float = 0.0) -> None:  # noqa: ARG002 (as its base)
        super().__init__()

    words = "Too many articles are waiting to be added: send yours again in a few minutes."


class RateLimited(BotRefusal):
    """A person or a channel asks too often.

    Args:
        seconds: How long to wait.
        of_channel: Whether the channel has reached its limit, rather than the person.
    """

    def __init__(self, seconds: float, *, of_channel: bool) -> None:
        wait = max(1, math.ceil(seconds))
        super().__init__(translated(_CHANNEL_ASKED if of_channel else _PERSON_ASKED, seconds=wait))


class ShuttingDown(BotRefusal):
    """The bot is shutting down."""

    def __init__(self) -> None:
        super().__init__("I am being restarted: ask again in a minute.")


class NotPermitted(BotRefusal):
    """A person may not do this, or not here."""


class ArticleChanged(BotRefusal):
    """An article was removed or changed since it was cited."""

    def __init__(self) -> None:
        super().__init__("The article was changed or removed since then: ask again.")


class ReplyExpired(BotRefusal):
    """The reply of a button is no longer stored."""

    def __init__(self) -> None:
        super().__init__("This answer is no longer stored: ask again.")


def error_message(error: Exception, reference: str) -> str:
    """Return what a person is shown of an error: its own words only where they were written for them.

    Args:
        error: The error.
        reference: The correlation id that finds it in the log.
    """
    if isinstance(error, TooManyQuestions):
        error = QueueFull(error.before, error.seconds)
    if isinstance(error, BotRefusal):
        return str(error)
    if isinstance(error, InputError):
        return _input_message(error)
    if isinstance(error, StoreMissing):
        return translated("No articles have been ingested yet. Those who manage them can add some with /ingest.")
    if isinstance(error, StoreLocked):
        return translated("The articles are being written to: try again in a moment.")
    if isinstance(error, ProviderError):
        return translated("The chat model did not answer: try again in a minute. Reference {id}.", id=reference)
    return translated("Something went wrong, and it was logged. Reference {id}.", id=reference)


def _input_message(error: InputError) -> str:
    if not isinstance(error, ArticleNotFound):
        return translated("That cannot be used: {what}", what=escaped(retold(str(error))))
    titles = "; ".join(escaped_line(title, _MAX_TITLE_CHARACTERS) for title in error.titles[:_MAX_TITLES])
    name = escaped_line(error.named, _MAX_TITLE_CHARACTERS)
    return translated(_SEVERAL_ARTICLES if titles else _NO_ARTICLE, name=name, titles=titles)
