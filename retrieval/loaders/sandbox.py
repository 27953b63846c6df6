"""Pages and PDFs are taken apart in a process of their own, which may hang, crash or swell without harm to this one.

lxml, trafilatura and pypdf are made for friendly files. A hostile one can keep them busy for hours, exhaust memory or
end the process. So a child process does the work under a time and a memory limit, and is started anew when it is gone.
"""

from __future__ import annotations

import atexit
import json
import os
import struct
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from retrieval.errors import ArticleError
from retrieval.loaders.limits import EXTRACTION_SECONDS

LENGTH = struct.Struct(">Q")
"""What precedes every message between the two processes: its length in bytes."""

_RECYCLED_AFTER = 500
"""Files until a child is replaced, so that what leaks in C libraries never adds up."""


class Extractor:
    """One child process, started when it is first needed; safe to share between threads, one file at a time."""

    def __init__(self, seconds: Mapping[str, float] = EXTRACTION_SECONDS) -> None:
        self._seconds = seconds  # by kind
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._files = 0

    def extract(self, kind: str, data: bytes) -> dict[str, Any]:
        """Return what the child makes of a file.

        Args:
            kind: "html" or "pdf".
            data: The file.

        Raises:
            ArticleError: the file cannot be read, or not within the limits of time and memory.
        """
        with self._lock:
            reply = self._ask(kind, data)
        if "error" in reply:
            raise ArticleError(str(reply["error"]))
        return reply

    def close(self) -> None:
        """End the child process, if there is one."""
        with self._lock:
            self._end()

    def _ask(self, kind: str, data: bytes) -> dict[str, Any]:
        if self._files >= _RECYCLED_AFTER:
            self._end()
        child = self._child or self._start()
        self._files += 1
        late = threading.Event()

        def stop() -> None:
            late.set()
            child.kill()

        timer = threading.Timer(self._seconds[kind], stop)
        timer.start()
        try:
            return _exchange(child, kind, data)
        except (EOFError, BrokenPipeError, ConnectionError):
            self._end()
            if late.is_set():
                limit = f"{self._seconds[kind]:g} seconds"
                raise ArticleError(f"took longer than {limit} to read: it is damaged or hostile") from None
            raise ArticleError("cannot be read: it is damaged, or needs too much memory") from None
        except BaseException:  # Ctrl-C: the answer that is on its way must not be taken for the next file's
            self._end()
            raise
        finally:
            timer.cancel()

    def _start(self) -> subprocess.Popen[bytes]:
        root = str(Path(__file__).parents[2])
        paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
        # -P: the folder that the program runs in is not searched for modules.
        self._child = subprocess.Popen(
            [sys.executable, "-P", "-m", "retrieval.loaders.sandbox_child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        )
        self._files = 0
        return self._child

    def _end(self) -> None:
        child, self._child, self._files = self._child, None, 0
        if child is None:
            return
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                _close(pipe)


def _close(pipe: Any) -> None:
    try:
        pipe.close()
    except BrokenPipeError:  # what was left to be written to the dead child
        return


def _exchange(child: subprocess.Popen[bytes], kind: str, data: bytes) -> dict[str, Any]:
    assert child.stdin is not None  # noqa: S101
    assert child.stdout is not None  # noqa: S101
    name = kind.encode()
    child.stdin.write(LENGTH.pack(len(name)) + name + LENGTH.pack(len(data)))
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
"""The program's child process."""

atexit.register(EXTRACTOR.close)
