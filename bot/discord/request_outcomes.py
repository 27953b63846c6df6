"""Request outcomes: whether a request may have taken effect although its response was lost, or was a server's error.

discord.py repeats some requests itself, so what it raises is about the last one only; the session's trace sees each.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from types import SimpleNamespace

import aiohttp

_SERVER_ERROR = 500  # the lowest status that says nothing of whether the request was carried out


@dataclass(slots=True)
class RequestOutcomes:
    """The requests of a block.

    Attributes:
        uncertain: Whether one of them may have taken effect without our knowing.
    """

    uncertain: bool = False


_recorded: ContextVar[RequestOutcomes | None] = ContextVar("recorded", default=None)


@contextlib.contextmanager
def recorded_requests() -> Iterator[RequestOutcomes]:
    """Record the requests of the block."""
    outcomes = RequestOutcomes()
    token = _recorded.set(outcomes)
    try:
        yield outcomes
    finally:
        _recorded.reset(token)


def record_failure(error: BaseException) -> None:
    """Record that a request got no response; one whose connection was never made had no effect."""
    outcomes = _recorded.get()
    if outcomes is not None and not isinstance(error, aiohttp.ClientConnectorError):
        outcomes.uncertain = True


def request_trace() -> aiohttp.TraceConfig:
    """Return what makes a session's requests known to ``recorded_requests``."""

    async def ended(_: aiohttp.ClientSession, __: SimpleNamespace, request: aiohttp.TraceRequestEndParams) -> None:
        outcomes = _recorded.get()
        if outcomes is not None and request.response.status >= _SERVER_ERROR:
            outcomes.uncertain = True

    async def failed(
        _: aiohttp.ClientSession, __: SimpleNamespace, request: aiohttp.TraceRequestExceptionParams
    ) -> None:
        record_failure(request.exception)

    trace = aiohttp.TraceConfig()
    trace.on_request_end.append(ended)
    trace.on_request_exception.append(failed)
    return trace
