"""The REPL: a prompt at once, the model warming behind it, answers that Ctrl-C cancels."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from prompt_toolkit import PromptSession
from prompt_toolkit.filters import Condition
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.input import Input
from prompt_toolkit.output import Output as Screen
from prompt_toolkit.styles import Style
from rich.text import Text

from bot.answers import Answer
from bot.app import App
from bot.conversation.session import ConversationSession, new_name
from bot.render.layout import QUIET
from bot.render.phrases import counted, filter_words
from bot.terminal.answer_printer import answer_and_print, question_title
from bot.terminal.completion import SessionCompleter
from bot.terminal.echo import unechoed
from bot.terminal.errors import described
from bot.terminal.forget import INPUT_HISTORY
from bot.terminal.output import Output
from bot.terminal.slash_commands import TerminalSession, bare_command
from bot.user_input import checked, split_questions
from retrieval.text.sanitize import line

Result = TypeVar("Result")

_STYLE = Style.from_dict({"prompt": "ansicyan bold", "bottom-toolbar": "noreverse fg:ansibrightblack"})
_POLL_SECONDS = 0.1  # s between looks for Ctrl-C while an answer is worked on


class Repl:
    """One conversation at a terminal.

    Args:
        app: What is asked.
        output: Where answers go.
        keys: Where typing comes from; None: the terminal.
        screen: Where the prompt is drawn; None: the terminal.
        conversation: The conversation to go on with; None: a new one, kept in the store.
    """

    def __init__(
        self,
        app: App,
        output: Output,
        *,
        keys: Input | None = None,
        screen: Screen | None = None,
        conversation: ConversationSession | None = None,
    ) -> None:
        self._app = app
        self._output = output
        self.session = TerminalSession(app, output.places(app.home), lambda: output.width, lambda: output.height)
        self.session.conversation = conversation or ConversationSession(new_name(), app.conversations)
        self._warmed: Future[None] | None = None
        self._work: list[Future[Any]] = []
        self._corpus = _corpus(app)
        self._prompt: PromptSession[str] = PromptSession(
            FormattedText([("class:prompt", "› ")]),
            history=_history(app),
            completer=SessionCompleter(app),
            complete_in_thread=True,
            # Questions are not completed, so that no empty lines are held ready for a menu under them.
            complete_while_typing=Condition(lambda: self._prompt.default_buffer.text.startswith("/")),
            bottom_toolbar=self._toolbar,
            style=_STYLE,
            input=keys,
            output=screen,
        )

    def run(self) -> int:
        """Read, answer, repeat until Ctrl-D or /quit; return the exit code."""
        self._output.text(Text("Ask the articles. /help lists the commands; Ctrl-D leaves.\n", QUIET))
        while not self.session.leaving:
            try:
                typed = self._prompt.prompt(pre_run=self._warm)
            except KeyboardInterrupt:
                continue  # the line is cleared
            except EOFError:
                break
            self.turn(typed)
        self._leave()
        return 0

    def turn(self, typed: str) -> None:
        """Answer what was typed: a question, several pasted at once, or a command. Errors are said, never raised."""
        try:
            typed = checked(typed)
            command = " ".join(typed.split()) if typed.startswith("/") else bare_command(typed)
            if command:
                self._output.text(self.session.run(command))
                return
            questions = [" ".join(each.split()) for each in split_questions(typed)] if typed else []
            for question in questions:
                if len(questions) > 1:
                    self._output.text(Text("\n") + question_title(question, self._output.width))
                self._answer(question)
        except KeyboardInterrupt:
            self._output.status("Cancelled.")
        except Exception as error:  # noqa: BLE001 (errors in one answer never end the session)
            self._output.error(described(error)[0])

    def _answer(self, question: str) -> None:
        asked = len(self.session.answers)

        def wait(answers: Iterator[Answer]) -> Iterator[Answer]:
            return self._output.each(self._in_background(answers), self._note())

        try:
            with unechoed():
                answer_and_print(self.session, self._output, question, heading=Text("\n"), wait=wait)
        finally:
            if len(self.session.answers) > asked:
                self._output.text(Text("\n"))

    def _in_background(self, answers: Iterator[Answer]) -> Iterator[Answer]:
        """Yield ``answers`` as another thread makes them: this one can be interrupted while it waits."""
        left = threading.Event()
        made: SimpleQueue[Answer | None] = SimpleQueue()

        def work() -> None:
            try:
                for answer in answers:
                    made.put(answer)
                    if left.is_set():
                        return
            finally:
                made.put(None)

        future = self._started(work)
        try:
            yield from _until_none(made)
            future.result()
        finally:
            left.set()

    def _note(self) -> str:
        return "reading…" if self._warmed and self._warmed.done() else "loading the model…"

    def _started(self, work: Callable[[], Result]) -> Future[Result]:
        future: Future[Result] = Future()

        def run() -> None:
            try:
                future.set_result(work())
            except BaseException as error:  # noqa: BLE001 (handed to the thread that waits)
                future.set_exception(error)

        self._work = [each for each in self._work if not each.done()] + [future]
        threading.Thread(target=run, daemon=True, name="onrecord").start()
        return future

    def _warm(self) -> None:
        if self._warmed is None:
            self._warmed = self._started(self._app.warm)
            self._warmed.add_done_callback(lambda _: self._prompt.app.invalidate())

    def _toolbar(self) -> str:
        model = line(self._app.settings.embedding_model)
        if self._warmed is None or not self._warmed.done():
            model = f"loading {model}…"
        elif self._warmed.exception():
            model = f"{model} failed to load"
        chat = line(self._app.settings.chat_model)
        return " · ".join(filter(None, [self._corpus, model, chat, filter_words(self.session.filters)]))

    def _leave(self) -> None:
        """Close the app; while a thread still loads or reads, leave without it.

        Such a thread cannot be stopped, and the interpreter's own end under it aborts in the model's C++ code.
        """
        if all(future.done() for future in self._work):
            self._app.close()
            return
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)


def _until_none(made: SimpleQueue[Answer | None]) -> Iterator[Answer]:
    """Yield what comes until None does, looking for Ctrl-C all the while."""
    while True:
        try:
            answer = made.get(timeout=_POLL_SECONDS)
        except Empty:
            continue
        if answer is None:
            return
        yield answer


def _corpus(app: App) -> str:
    counts = app.library.counts()
    return f" {counted(counts.articles, 'article')} · {counted(counts.passages, 'passage')}"


def _history(app: App) -> History:
    """Return the history kept in the store, readable by its owner only; none kept where it cannot be written."""
    file = app.folder / INPUT_HISTORY
    try:
        os.close(os.open(file, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600))
        file.chmod(0o600)
    except OSError:
        return InMemoryHistory()
    return FileHistory(str(file))
