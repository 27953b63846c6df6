"""Deadline: a network backend of httpcore whose connections end, whatever a server does, at one moment.

httpcore's own time limits are those of one read: a server that sends a byte of a header, or one more ``100 Continue``,
before each of them ends holds a request for ever.
"""

from __future__ import annotations

import queue
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import httpcore

T = TypeVar("T")

_STEP_SECONDS = 10.0  # to connect, and of one read


class DeadlineBackend(httpcore.SyncBackend):
    """Connects and reads until a moment.

    Args:
        ends: The moment, in seconds of ``time.monotonic``.
        max_bytes: Most bytes read, those of headers included, over all connections.
    """

    def __init__(self, ends: float, max_bytes: int) -> None:
        self._ends = ends
        self._bytes_left = max_bytes

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 (the deadline's is used)
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Return a connection.

        Raises:
            httpcore.ConnectTimeout: The moment has come.
            httpcore.ConnectError: It cannot be made.
        """
        limit = self.seconds(httpcore.ConnectTimeout)
        return _DeadlineStream(self, super().connect_tcp(host, port, limit, local_address, socket_options))

    def seconds(self, error: type[Exception]) -> float:
        """Return the seconds that the next step may take.

        Raises:
            Exception: The one given: none are left.
        """
        left = self._ends - time.monotonic()
        if left <= 0:
            raise error("the time is over")
        return min(left, _STEP_SECONDS)

    def count(self, size: int) -> None:
        """Take note of bytes that were read.

        Raises:
            httpcore.ReadError: They are too many.
        """
        self._bytes_left -= size
        if self._bytes_left < 0:
            raise httpcore.ReadError("more was sent than is read")


class _DeadlineStream(httpcore.NetworkStream):
    """A connection of a ``DeadlineBackend``."""

    def __init__(self, backend: DeadlineBackend, stream: httpcore.NetworkStream) -> None:
        self._backend = backend
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 (as above)
        data = self._stream.read(max_bytes, self._backend.seconds(httpcore.ReadTimeout))
        self._backend.count(len(data))
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002 (as above)
        self._stream.write(buffer, self._backend.seconds(httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002 (as above)
    ) -> httpcore.NetworkStream:
        limit = self._backend.seconds(httpcore.ConnectTimeout)
        return _DeadlineStream(self._backend, self._stream.start_tls(ssl_context, server_hostname, limit))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def within(ends: float, work: Callable[[], T]) -> T:
    """Return what ``work`` returns, from a thread that is left to itself at the moment ``ends``.

    For what knows no time limit of its own: resolving a name waits for the system's servers.

    Raises:
        TimeoutError: The moment came first.
        OSError: From ``work``.
        UnicodeError: From ``work``.
    """
    came: queue.SimpleQueue[tuple[T | None, Exception | None]] = queue.SimpleQueue()

    def run() -> None:
        try:
            came.put((work(), None))
        except Exception as error:  # noqa: BLE001 (raised again by who waits)
            came.put((None, error))

    threading.Thread(target=run, daemon=True, name="onrecord-deadline").start()
    try:
        result, error = came.get(timeout=max(0.0, ends - time.monotonic()))
    except queue.Empty:
        raise TimeoutError from None
    if error is not None:
        raise error
    return result  # type: ignore[return-value]  # there is one where there is no error
