"""Structured logs: a JSON document a line on stderr, with the correlation id of the question it belongs to.

Nothing that may hold a secret is written: of an exception its type and where in this program it arose, of a library's
record its template without the values.
"""

from __future__ import annotations

import contextlib
import json
import logging
import secrets
import sys
import time
import traceback
from collections.abc import Iterator
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from retrieval.text.redaction import redact

LOGGER = logging.getLogger("onrecord.discord")
PROJECT_ROOT = Path(__file__).parents[2]

_correlation: ContextVar[str] = ContextVar("correlation", default="")


@contextlib.contextmanager
def correlation() -> Iterator[str]:
    """Give what is logged in the block one id, eight hexadecimal digits."""
    reference = secrets.token_hex(4)
    token = _correlation.set(reference)
    try:
        yield reference
    finally:
        _correlation.reset(token)


def log(event: str, /, *, level: int = logging.INFO, error: BaseException | None = None, **about: object) -> None:
    """Write an event with numbers and names about it; never text of people, articles or models."""
    LOGGER.log(level, event, extra={"about": about}, exc_info=error)


class JsonFormatter(logging.Formatter):
    """Formats a record as one JSON document."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        about: dict[str, Any] = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created)) + f".{int(record.msecs):03}Z",
            "level": record.levelname.lower(),
            "event": str(record.msg),
            "id": _correlation.get() or None,
            **getattr(record, "about", {}),
        }
        if record.name != LOGGER.name:
            about["logger"] = record.name
        if record.exc_info and record.exc_info[1]:
            about["error"], about["where"] = describe_exception(record.exc_info[1])
        return redact(json.dumps({key: value for key, value in about.items() if value is not None}, default=str))


def describe_exception(error: BaseException) -> tuple[str, str]:
    """Return an exception's type, and the innermost place in this program that it passed: "bot.app:120"."""
    where = ""
    for frame in traceback.extract_tb(error.__traceback__):
        path = Path(frame.filename)
        if path.is_relative_to(PROJECT_ROOT) and "site-packages" not in path.parts:
            where = f"{'.'.join(path.relative_to(PROJECT_ROOT).with_suffix('').parts)}:{frame.lineno}"
    return type(error).__name__, where


def configure_logging() -> None:
    """Send every logger's records to stderr as documents; libraries' from warnings up."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    LOGGER.setLevel(logging.INFO)
