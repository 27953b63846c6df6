"""Answers the questions of a pipe or file, one a line, as they come."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from rich.text import Text

from bot.app import App
from bot.conversation.session import ConversationSession
from bot.exit_codes import ExitCode
from bot.render.json import JsonDocument, answer_document, dumps
from bot.terminal.answer_printer import answer_and_print, question_title
from bot.terminal.errors import described
from bot.terminal.output import Output
from bot.terminal.slash_commands import TerminalSession, bare_command
from bot.user_input import MAX_QUESTION_CHARACTERS, decoded, split_questions
from retrieval.errors import InputError, StoreError

LEAVE = "/quit"
"""The command that ends the conversation."""


def answer_lines(app: App, output: Output, lines: BinaryIO, conversation: ConversationSession | None = None) -> int:
    """Answer every line, skipping blank ones; a line is a question, several of them, or a command as in the REPL.

    The lines are one conversation: ``conversation``, or one that is not kept.

    With JSON: one array, an item a line. An error in one line does not stop the others, except one of the store.

    Returns:
        0 when every line was dealt with, else the exit code of the first error.
    """
    session = TerminalSession(app, output.places(app.home), lambda: output.width, lambda: output.height)
    session.conversation = conversation or session.conversation
    first_error = written = 0
    for raw in _pieces(lines):
        try:
            command = _command(raw)
            if command == LEAVE:
                break
            failed = _answer(session, output, raw, command, written)
            first_error = first_error or failed
        except BrokenPipeError:
            raise
        except Exception as error:  # noqa: BLE001 (one line never ends the others)
            message, code, kind = described(error)
            first_error = first_error or code
            if output.as_json:
                shown = raw.decode("utf-8", "replace").strip()[:200]
                _item(output, {"question": shown, "error": message, "code": code, "kind": kind}, written)
            else:
                output.error(message)
            if isinstance(error, StoreError):
                written += 1
                break
        written += 1
        if session.leaving:
            break
    if output.as_json:
        output.raw("\n]\n" if written else "[]\n")
    return first_error


def _pieces(lines: BinaryIO) -> Iterator[bytes]:
    """Yield the questions and commands of the lines as they come; a line that cannot be read, as it is."""
    while raw := lines.readline(MAX_QUESTION_CHARACTERS * 4 + 2):
        if not raw.strip():
            continue
        raw = _rest_dropped(raw, lines)
        try:
            typed = decoded(raw)
        except InputError:
            yield raw  # said to be so where it is answered
            continue
        yield from [raw] if typed.startswith("/") else [each.encode() for each in split_questions(typed)]


def _command(raw: bytes) -> str:
    """Return the command that a line is, with its slash; empty for a question."""
    typed = decoded(raw)
    return typed if typed.startswith("/") else bare_command(typed)


def _answer(session: TerminalSession, output: Output, raw: bytes, command: str, written: int) -> int:
    """Answer a line; return ``ExitCode.PROVIDER`` when that had to be done offline, else 0."""
    question = decoded(raw)
    if command and (not output.as_json or command == question):
        if output.as_json:
            raise InputError("commands give no JSON: write questions only")
        output.text(session.run(command))
        return 0
    title = question_title(question, output.width)
    answer = answer_and_print(session, output, question, heading=Text("\n") + title if written else title)
    if output.as_json:
        _item(output, answer_document(answer, session.places), written)
    return ExitCode.PROVIDER if answer.fallback else 0


def _item(output: Output, document: JsonDocument, written: int) -> None:
    output.raw((",\n" if written else "[\n") + dumps(document, indent=None))


def _rest_dropped(raw: bytes, lines: BinaryIO) -> bytes:
    """Read past the rest of a line that is too long; what is kept of it is long enough to be refused."""
    tail = raw
    while tail and len(raw) > MAX_QUESTION_CHARACTERS * 4 and not tail.endswith(b"\n"):
        tail = lines.readline(1 << 16)
    return raw
