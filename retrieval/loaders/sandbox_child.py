"""The child process of the sandbox: reads files from stdin, writes what it extracts to stdout as JSON.

It ends when its input ends, that is with its parent; at an unexpected exception, after which the parent starts another;
and by a signal when a file takes too much processor time.
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
from retrieval.loaders import docx, docx_comments, html, odt, office, pdf, rtf
from retrieval.loaders.limits import EXTRACTION_MEMORY_BYTES
from retrieval.loaders.sandbox import LENGTH

_EXTRACTORS = {
    "docx": (office.load_library, docx.extract),
    "docx-comments": (docx_comments.load_library, docx_comments.extract),
    "html": (html.load_library, html.extract),
    "odt": (office.load_library, odt.extract),
    "pdf": (pdf.load_library, pdf.extract),
    "rtf": (rtf.load_library, rtf.extract),
}


def main() -> None:
    """Answer requests until the input ends."""
    requests, replies = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not come between the replies
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which then ends this process
    logging.disable()
    warnings.simplefilter("ignore")
    _limit_memory()
    while (header := _message(requests)) is not None and (data := _message(requests)) is not None:
        request = json.loads(header)
        body = json.dumps(_reply(request["kind"], data, request["cpu_seconds"])).encode("ascii")
        replies.write(LENGTH.pack(len(body)) + body)
        replies.flush()


def _reply(kind: str, data: bytes, cpu_seconds: float) -> dict[str, object]:
    load_library, extract = _EXTRACTORS[kind]
    load_library()  # start-up does not count as work on the file
    _limit_cpu(cpu_seconds)
    try:
        return extract(data)
    except ArticleError as error:
        return {"error": str(error)}
    finally:
        _limit_cpu(0)


def _message(requests: IO[bytes]) -> bytes | None:
    head = requests.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    body = requests.read(length)
    return body if len(body) == length else None


def _limit_cpu(seconds: float) -> None:
    """Have the system end this process after so much processor time from now, native code included; 0: never."""
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_PROF, seconds)


def _limit_memory() -> None:
    with suppress(ImportError, ValueError, OSError):  # not every system can limit it
        import resource  # noqa: PLC0415

        resource.setrlimit(resource.RLIMIT_AS, (EXTRACTION_MEMORY_BYTES, EXTRACTION_MEMORY_BYTES))


if __name__ == "__main__":
    main()
