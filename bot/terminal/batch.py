"""Answers the questions of a pipe or file, one a line, as they come."""

from __future__ import annotations

from typing import BinaryIO

from rich.text import Text

from bot.app import App
from bot.conversation.session import ConversationSession
from bot.exit_codes import ExitCode
from bot.render.json import JsonDocument, answer_document, dumps
from bot.render.layout import TITLE, hanging, joined
from bot.terminal.answer_printer import answer_and_print
from bot.terminal.errors import described
from bot.terminal.output import Output
from bot.terminal.slash_commands import TerminalSession
from bot.user_input import MAX_QUESTION_CHARACTERS, decoded
from retrieval.errors import InputError, StoreError
from retrieval.text.sanitize import clean


def answer_lines(app: App, output: Output, lines: BinaryIO, conversation: ConversationSession | None = None) -> int:
    """Answer every line, skipping blank ones; a line with "/" in front is a command, as in the REPL.

    The lines are one conversation: ``conversation``, or one that is not kept.

    With JSON: one array, an item a line. An error in one line does not stop the others, except one of the store.

    Returns:
        0 when every line was dealt with, else the exit code of the first error.
    """
    session = TerminalSession(app, output.places(app.home), lambda: output.width, lambda: output.height)
    session.conversation = conversation or session.conversation
    first_error = written = 0
    while not session.leaving and (raw := lines.readline(MAX_QUESTION_CHARACTERS * 4 + 2)):
        if not raw.strip():
            continue
        raw = _rest_dropped(raw, lines)
        try:
            failed = _answer(session, output, raw, written)
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
    if output.as_json:
        output.raw("\n]\n" if written else "[]\n")
    return first_error


def _answer(session: TerminalSession, output: Output, raw: bytes, written: int) -> int:
    """Answer a line; return ``ExitCode.PROVIDER`` when that had to be done offline, else 0."""
    question = decoded(raw)
    if question.startswith("/"):
        if output.as_json:
            raise InputError("commands give no JSON: write questions only")
        output.text(session.run(question))
        return 0
    title = joined(hanging(_title(question), output.width))
    answer = answer_and_print(session, output, question, heading=_title("\n") + title if written else title)
    if output.as_json:
        _item(output, answer_document(answer, session.places), written)
    return ExitCode.PROVIDER if answer.fallback else 0


def _title(text: str) -> Text:
    return Text(clean(text), TITLE)


def _item(output: Output, document: JsonDocument, written: int) -> None:
    output.raw((",\n" if written else "[\n") + dumps(document, indent=None))


def _rest_dropped(raw: bytes, lines: BinaryIO) -> bytes:
    """Read past the rest of a line that is too long; what is kept of it is long enough to be refused."""
    tail = raw
    while tail and len(raw) > MAX_QUESTION_CHARACTERS * 4 and not tail.endswith(b"\n"):
        tail = lines.readline(1 << 16)
    return raw
