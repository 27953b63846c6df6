"""Answer run: asks one question in a conversation, for every face.

Each state of the answer is shown as it comes; the last one is kept in the conversation and returned.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from bot.answers import INTERRUPTION, Answer
from retrieval.articles import Filters
from retrieval.errors import InputError

if TYPE_CHECKING:
    from bot.conversation.store import Turn


class Answering(Protocol):
    """Answers questions: ``bot.app.App``."""

    def stream(self, question: str, filters: Filters = ..., history: Sequence[Turn] = ...) -> Iterator[Answer]:
        """Yield the answer as far as it is known, the last one complete."""
        ...


class Conversation(Protocol):
    """Remembers turns: ``bot.conversation.session.ConversationSession``."""

    @property
    def history(self) -> Sequence[Turn]:
        """The turns so far, oldest first."""
        ...

    def keep(self, answer: Answer) -> None:
        """Remember a question and its answer."""
        ...


def run_answer(
    app: Answering,
    question: str,
    filters: Filters,
    conversation: Conversation,
    *,
    show: Callable[[Answer], object] = lambda _: None,
    wait: Callable[[Iterator[Answer]], Iterable[Answer]] = iter,
) -> Answer:
    """Answer a question after the turns of a conversation; return the answer, which the conversation keeps.

    Ctrl-C ends an answer where it is: the claims that were checked are shown and kept, marked as interrupted.

    Args:
        app: Answers.
        question: The question, checked.
        filters: What is searched.
        conversation: Where the question belongs.
        show: Called with each state of the answer, the last one complete.
        wait: Yields the states that it is given, for instance with a sign of life while each is waited for.

    Raises:
        KeyboardInterrupt: Ctrl-C, before any claim was checked or after the last.
        OnrecordError: The question cannot be answered.
    """
    latest: Answer | None = None
    try:
        for latest in wait(app.stream(question, filters, conversation.history)):
            show(latest)
    except KeyboardInterrupt:
        if latest is None or latest.complete or not latest.claims:
            raise
        latest = replace(latest, complete=True, cut=INTERRUPTION)
        show(latest)
    finally:
        if latest is not None and (latest.complete or latest.claims):
            conversation.keep(latest)
    if latest is None:
        raise InputError("the question got no answer: ask again")
    return latest
