"""Opening files that may be anything by the time they are opened."""

from __future__ import annotations

import os
import stat
from typing import IO

from retrieval.errors import ArticleError
from retrieval.loading.sources import SourceFile


def open_file(file: SourceFile) -> IO[bytes]:
    """Return the file, open for reading.

    Raises:
        ArticleError: it is no regular file any more. A pipe is never waited for.
        OSError: it cannot be opened.
    """
    descriptor = os.open(file.path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise ArticleError("is not a regular file (a folder, device, pipe or socket): not read")
    return os.fdopen(descriptor, "rb")


def read_bytes(file: SourceFile, limit: int) -> bytes:
    """Return the file's bytes.

    Raises:
        ArticleError: it has more than ``limit`` bytes, or is no regular file.
        OSError: it cannot be read.
    """
    with open_file(file) as stream:
        data = stream.read(limit + 1)
    if len(data) > limit:
        raise ArticleError(f"is larger than {limit // 1_000_000} MB, too large for one article: split it")
    return data
