"""Prints an answer as it comes: each sentence once, when it has been checked, and at the end the sources."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from rich.text import Text

from bot.answer_run import run_answer
from bot.answers import EXTRACTIVE, Answer
from bot.render.layout import TITLE, Places, hanging, joined
from bot.render.terminal import end_text, said_text
from bot.terminal.output import Output
from retrieval.text.sanitize import clean

if TYPE_CHECKING:
    from bot.terminal.slash_commands import TerminalSession


class AnswerPrinter:
    """Prints one answer.

    Args:
        output: Where it goes.
        places: How files are named.
        heading: Printed before the first sentence.
    """

    def __init__(self, output: Output, places: Places, heading: Text | None = None) -> None:
        self._output = output
        self._places = places
        self._heading = heading
        self._printed = 0

    def show(self, answer: Answer) -> None:
        """Print what is new in ``answer``."""
        if self._heading is not None:
            self._output.text(self._heading)
            self._heading = None
        if answer.fallback:
            self._output.error(f"{answer.fallback}. Answered offline, from the articles' own sentences")
        start = 0 if answer.answerer == EXTRACTIVE else self._printed
        self._output.text(said_text(answer, start, self._output.width))
        self._printed = len(answer.claims)
        if answer.complete:
            self._output.text(end_text(answer, self._places, self._output.width))


def question_title(question: str, width: int | None) -> Text:
    """Return a question as it stands above its answer where there are several."""
    return joined(hanging(Text(clean(question), TITLE), width))


def answer_and_print(
    session: TerminalSession,
    output: Output,
    question: str,
    *,
    heading: Text | None = None,
    wait: Callable[[Iterator[Answer]], Iterable[Answer]] = iter,
) -> Answer:
    """Answer a question in a session, printing the answer as it comes (nothing where JSON is wanted); return it.

    Raises:
        KeyboardInterrupt: Ctrl-C, with nothing to keep.
        OnrecordError: It cannot be answered.
    """
    printer = AnswerPrinter(output, session.places, heading)
    show = (lambda _: None) if output.as_json else printer.show
    try:
        return run_answer(session.app, question, session.filters, session, show=show, wait=wait)
    finally:
        if complaint := session.conversation.complaint():
            output.error(complaint)
