"""Index updater: ``python -m retrieval.vector_index.updater STORE FOLDER`` brings a local index up to date.

It is a child of a process that answers (``VectorIndex.keep_current``) and ends when that does: when its standard input
ends. It takes a back seat to it; the exit code is 4 with one line on stderr when it failed. An alarm ends it where it
does not get on.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from pathlib import Path

from retrieval.errors import OnrecordError
from retrieval.store.library import Library
from retrieval.vector_index import build_steps
from retrieval.vector_index.index import VectorIndex

_NICENESS = 10
_FAILED = 4


def main(arguments: list[str]) -> int:
    """Run."""
    store, folder = map(Path, arguments)
    with contextlib.suppress(OSError):
        os.nice(_NICENESS)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        with Library.open(store) as library:
            limit = build_steps.stall_seconds(library.counts().passages)

            def go_on(_done: int = 0, _total: int = 0) -> None:
                signal.alarm(limit)

            go_on()
            VectorIndex.open(library, folder).sync(go_on)
    except OnrecordError as error:
        sys.stderr.write(f"{error}\n")
        return _FAILED
    return 0


def _end_with_parent() -> None:
    while os.read(0, 1024):  # not by sys.stdin, which the interpreter could not close at its end
        pass
    os._exit(_FAILED)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
