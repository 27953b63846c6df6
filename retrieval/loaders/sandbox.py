"""The sandbox: pages and documents are extracted in a child process, which may hang, crash or use all memory.

lxml, trafilatura and PDFium are made for well-formed files. A hostile one can keep them busy for hours, exhaust memory
or crash the process, so the child works under limits of processor time and memory, and is replaced when it ends.
Processor time, not the clock: a file must not be refused because the machine is busy.
"""

from __future__ import annotations

import atexit
import json
import signal
import struct
import subprocess
import threading
from collections.abc import Mapping
from typing import Any, cast

from retrieval import interpreter
from retrieval.errors import ArticleError
from retrieval.loaders.limits import EXTRACTION_CPU_SECONDS, EXTRACTION_WALL_FACTOR

LENGTH = struct.Struct(">Q")
"""Precedes every message between the two processes: the length of the message in bytes."""

_MAX_FILES_PER_CHILD = 500
"""Files until a child is replaced, so that memory leaks of C libraries never add up."""

_CPU_TIME_EXCEEDED = -getattr(signal, "SIGPROF", 0)
"""The exit status of a child that used up its processor time."""


class Extractor:
    """One child process, started when it is first needed. Safe to share between threads; one file at a time.

    Args:
        cpu_seconds: Processor time that a file may take, by kind.
        wall_factor: Wall-clock time that it may take, as a multiple of that.
    """

    def __init__(
        self, cpu_seconds: Mapping[str, float] = EXTRACTION_CPU_SECONDS, wall_factor: float = EXTRACTION_WALL_FACTOR
    ) -> None:
        self._cpu_seconds = cpu_seconds
        self._wall_factor = wall_factor
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._files = 0

    def extract(self, kind: str, data: bytes) -> dict[str, Any]:
        """Return what the child extracts from a file.

        A child that ends for another reason than its processor time (it was killed, or had little memory left after
        other files) gets a second try, in a fresh one.

        Args:
            kind: "docx", "docx-comments", "html", "odt", "pdf" or "rtf".
            data: The file.

        Raises:
            ArticleError: The file cannot be read, or not within the limits of time and memory.
        """
        with self._lock:
            reply = self._request(kind, data) or self._request(kind, data)
        if reply is None:
            raise ArticleError("cannot be read: it is damaged, or needs too much time or memory")
        if "error" in reply:
            raise ArticleError(str(reply["error"]))
        return reply

    def close(self) -> None:
        """End the child process, if there is one."""
        with self._lock:
            self._end()

    def _request(self, kind: str, data: bytes) -> dict[str, Any] | None:
        """Return the child's reply, or None when the child ended or was ended by the clock.

        Raises:
            ArticleError: The file took too much processor time.
        """
        if self._files >= _MAX_FILES_PER_CHILD:
            self._end()
        child = self._child or self._start()
        self._files += 1
        seconds = self._cpu_seconds[kind]
        timer = threading.Timer(seconds * self._wall_factor, child.kill)
        timer.start()
        try:
            return _exchange(child, kind, seconds, data)
        except (EOFError, BrokenPipeError, ConnectionError):
            if self._end() == _CPU_TIME_EXCEEDED:
                message = f"took more than {seconds:g} seconds of processor time to read: it is damaged or hostile"
                raise ArticleError(message) from None
            return None
        except BaseException:  # Ctrl-C: a reply that is under way must not be taken for the next file's
            self._end()
            raise
        finally:
            timer.cancel()

    def _start(self) -> subprocess.Popen[bytes]:
        self._child = subprocess.Popen(  # noqa: S603 (ours)
            interpreter.command("retrieval.loaders.sandbox_child"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=interpreter.environment(),
        )
        self._files = 0
        return self._child

    def _end(self) -> int | None:
        """End the child and return its exit status; None without a child."""
        child, self._child, self._files = self._child, None, 0
        if child is None:
            return None
        child.kill()  # does nothing to one that has ended by itself
        status = child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                _close(pipe)
        return status


def _close(pipe: Any) -> None:
    try:
        pipe.close()
    except BrokenPipeError:  # of data that the child did not read
        return


def _exchange(child: subprocess.Popen[bytes], kind: str, cpu_seconds: float, data: bytes) -> dict[str, Any]:
    assert child.stdin is not None  # noqa: S101
    assert child.stdout is not None  # noqa: S101
    request = json.dumps({"kind": kind, "cpu_seconds": cpu_seconds}).encode()
    child.stdin.write(LENGTH.pack(len(request)) + request + LENGTH.pack(len(data)))
    child.stdin.write(data)
    child.stdin.flush()
    head = child.stdout.read(LENGTH.size)
    if len(head) < LENGTH.size:
        raise EOFError
    (length,) = LENGTH.unpack(head)
    body = child.stdout.read(length)
    if len(body) < length:
        raise EOFError
    return cast("dict[str, Any]", json.loads(body))


EXTRACTOR = Extractor()
"""The extractor of this process."""

atexit.register(EXTRACTOR.close)
