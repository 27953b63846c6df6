"""Prints an answer as it grows: each sentence once, when it has been checked, and at the end where it stands."""

from __future__ import annotations

from dataclasses import replace

from bot.answers import EXTRACTIVE, Answer
from bot.render.layout import Places
from bot.render.terminal import end_text, said_text
from bot.terminal.output import Output

INTERRUPTION = "it was interrupted"


class Growing:
    """One answer on its way to the person.

    Args:
        output: Where it goes.
        places: How files are named.
        show: Prints for a person; False where a program waits for the whole.

    Attributes:
        latest: The answer as far as it is known; None before its first sentence.
    """

    def __init__(self, output: Output, places: Places, *, show: bool = True) -> None:
        self.latest: Answer | None = None
        self._output = output
        self._places = places
        self._show = show
        self._shown = 0

    def take(self, answer: Answer) -> None:
        """Print what is new in ``answer``."""
        if self._show:
            if answer.fallback:
                self._output.error(fallen_back(answer))
            start = 0 if answer.answerer == EXTRACTIVE else self._shown
            self._output.text(said_text(answer, start, self._output.width))
            self._shown = len(answer.claims)
            if answer.complete:
                self._output.text(end_text(answer, self._places, self._output.width))
        self.latest = answer

    def cut_short(self) -> Answer | None:
        """End the answer where it is, keeping what was checked; None when nothing was."""
        if self.latest is None or not self.latest.claims or self.latest.complete:
            return None
        self.take(replace(self.latest, complete=True, cut=INTERRUPTION))
        return self.latest


def fallen_back(answer: Answer) -> str:
    """Return what to say about an answer that was given offline in the chat model's place."""
    return f"{answer.fallback}. Answered offline, from the articles' own sentences"
