"""The child process that takes pages and PDFs apart: files come in, JSON goes out, and it ends with its parent.

An exception that is not foreseen ends the process; the parent says that the file cannot be read and starts another.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
import warnings
from contextlib import suppress
from typing import IO

from retrieval.errors import ArticleError
from retrieval.loaders.limits import EXTRACTION_MEMORY, EXTRACTION_SECONDS
from retrieval.loaders.sandbox import LENGTH


def main() -> None:
    """Answer files until the input ends."""
    source, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing that a library prints may come between the answers
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which then ends this process
    logging.disable()
    warnings.simplefilter("ignore")
    _limit_memory()
    while True:
        kind = _message(source)
        if kind is None:
            return
        data = _message(source)
        if data is None:
            return
        if hasattr(signal, "alarm"):
            signal.alarm(2 * max(EXTRACTION_SECONDS.values()))  # should the parent be gone, this ends the process
        body = json.dumps(_answer(kind.decode(), data)).encode("ascii")
        answers.write(LENGTH.pack(len(body)) + body)
        answers.flush()


def _answer(kind: str, data: bytes) -> dict[str, object]:
    from retrieval.loaders import html, pdf  # noqa: PLC0415

    try:
        return html.extract(data) if kind == "html" else pdf.extract(data)
    except ArticleError as error:
        return {"error": str(error)}


def _message(source: IO[bytes]) -> bytes | None:
    head = source.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    body = source.read(length)
    return body if len(body) == length else None


def _limit_memory() -> None:
    with suppress(ImportError, ValueError, OSError):  # not every system can bound it
        import resource  # noqa: PLC0415

        resource.setrlimit(resource.RLIMIT_AS, (EXTRACTION_MEMORY, EXTRACTION_MEMORY))


if __name__ == "__main__":
    main()
