"""Turns every error into one line and an exit code."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Any

import typer

INTERRUPTED = 130


class Told(int):
    """An exit code whose reason the person has been told already."""


def guarded(run: Callable[[], Any], *, as_json: bool) -> int:
    """Run a command; return the exit code it gives, or the one of its error after saying what went wrong.

    Raises:
        BrokenPipeError: Nobody reads stdout any more.
    """
    try:
        code = run()
    except BrokenPipeError:
        raise
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
    except typer.TyperException as error:
        where = getattr(getattr(error, "ctx", None), "command_path", "onrecord")
        return _failed(f"{error.format_message().rstrip('.')}: see `{where} --help`", 2, "usage", as_json=as_json)
    except Exception as error:  # noqa: BLE001 (the last line of defence: a bug is one line for a person, too)
        return failed(error, as_json=as_json)
    if code == INTERRUPTED and not isinstance(code, Told):
        return _failed("interrupted", INTERRUPTED, "interrupted", as_json=as_json)
    return int(code or 0)


def failed(error: Exception, *, as_json: bool = False) -> int:
    """Say what went wrong and return its exit code."""
    message, code, kind = described(error)
    return _failed(message, code, kind, as_json=as_json)


def described(error: Exception) -> tuple[str, int, str]:
    """Return what to say about an error, its exit code, and its name for programs ("store_missing")."""
    from bot.settings import debugging  # noqa: PLC0415
    from bot.terminal.output import Code, code_of  # noqa: PLC0415 (late: `--help` needs no console)
    from retrieval.errors import OnrecordError  # noqa: PLC0415

    if isinstance(error, OnrecordError):
        kind = "".join(f"_{char.lower()}" if char.isupper() else char for char in type(error).__name__).strip("_")
        return str(error), code_of(error), kind
    if debugging():
        traceback.print_exception(error)
    about = f"{type(error).__name__}: {error}".rstrip(": ")[:300]
    return f"unexpected {about} (ONRECORD_DEBUG=1 shows where)", Code.STORE, "unexpected"


def _failed(message: str, code: int, kind: str, *, as_json: bool) -> int:
    from bot.terminal.output import Output  # noqa: PLC0415 (late, as above)

    Output(as_json=as_json).failure(message, code, kind)
    return code
