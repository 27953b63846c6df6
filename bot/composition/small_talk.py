"""Small talk and commands typed without a slash: greetings, thanks, help."""

from __future__ import annotations

from bot.answers import Answer
from bot.composition.request import CompositionRequest


class SmallTalkComposer:
    """Answers what is no question."""

    def compose(self, request: CompositionRequest) -> Answer | None:  # noqa: ARG002
        """Return the answer; None where there is nothing of this kind."""
        return None
