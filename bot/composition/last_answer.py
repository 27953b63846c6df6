"""Questions about the last answer: its article, author, date and how sure it is."""

from __future__ import annotations

from bot.answers import Answer
from bot.composition.request import CompositionRequest
from retrieval.store.library import Library


class LastAnswerComposer:
    """Answers questions about the last answer."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def compose(self, request: CompositionRequest) -> Answer | None:  # noqa: ARG002
        """Return the answer; None where there is nothing of this kind."""
        return None
