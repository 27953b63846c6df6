"""Errors on the command line: each is one line for the person, and an exit code."""

from __future__ import annotations

import errno
import sys
import traceback
from collections.abc import Callable
from typing import Any

import typer

from bot.exit_codes import ExitCode, code_of_error


class ReportedCode(int):
    """An exit code whose reason was printed already."""


def guarded(run: Callable[[], Any], *, as_json: bool) -> int:
    """Run a command; return its exit code, or the one of its error after printing what went wrong.

    Raises:
        BrokenPipeError: Nobody reads stdout any more.
        OSError: There is no space for what it prints.
    """
    try:
        code = run()
    except BrokenPipeError:
        raise
    except (KeyboardInterrupt, typer.Abort):
        code = ExitCode.INTERRUPTED
    except typer.TyperException as error:
        where = getattr(getattr(error, "ctx", None), "command_path", "onrecord")
        message = f"{error.format_message().rstrip('.')}: see `{where} --help`"
        return _report(message, ExitCode.USAGE, "usage", as_json=as_json)
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG} and error.filename is None:
            raise  # of a stream: files of the store have errors of their own
        return report(error, as_json=as_json)
    except Exception as error:  # noqa: BLE001 (the last line of defence: a bug is one line for a person, too)
        return report(error, as_json=as_json)
    if code == ExitCode.INTERRUPTED and not isinstance(code, ReportedCode):
        return _report("interrupted", ExitCode.INTERRUPTED, "interrupted", as_json=as_json)
    return int(code or 0)


def report(error: Exception, *, as_json: bool = False) -> int:
    """Print what went wrong and return its exit code."""
    message, code, kind = described(error)
    return _report(message, code, kind, as_json=as_json)


def described(error: Exception) -> tuple[str, int, str]:
    """Return the message for an error, its exit code, and its name for programs ("store_missing")."""
    from bot.settings import debugging  # noqa: PLC0415 (late: `--help` reads no settings)
    from retrieval.errors import OnrecordError  # noqa: PLC0415
    from retrieval.text.redaction import redact  # noqa: PLC0415

    if isinstance(error, OnrecordError):
        kind = "".join(f"_{char.lower()}" if char.isupper() else char for char in type(error).__name__).strip("_")
        return str(error), code_of_error(error), kind
    if debugging():
        sys.stderr.write(redact("".join(traceback.format_exception(error))))
    about = redact(f"{type(error).__name__}: {error}".rstrip(": "))[:300]
    return f"unexpected {about} (ONRECORD_DEBUG=1 shows where)", ExitCode.STORE, "unexpected"


def _report(message: str, code: int, kind: str, *, as_json: bool) -> int:
    from bot.terminal.output import Output  # noqa: PLC0415 (late: `--help` needs no console)

    Output(as_json=as_json).failure(message, code, kind)
    return code
