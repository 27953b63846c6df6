"""What ``onrecord follow`` does: keeps a replica up to date with the copies that another machine publishes."""

from __future__ import annotations

import time
from pathlib import Path

from bot.app import App
from bot.render.phrases import counted
from bot.terminal.output import Output
from retrieval.errors import InputError, OnrecordError, StoreLocked
from retrieval.store.replica import CopyIncomplete, PublishedCopy, follow


def run_follow(app: App, output: Output, file: Path, *, once: bool, every: float) -> int:
    """Take each copy that is published in ``file``, looking every so many seconds until interrupted; or once.

    Problems are said once, and the replica keeps what it has; one that time does not mend ends the command when it
    begins with it.

    Raises:
        InputError: ``once``, and there is no sound copy.
        StoreError: The store has a library of its own, or cannot be written.
    """
    if once:
        taken = follow(app.folder, file)
        _say(app, output, taken, file)
        return 0
    complaint, last, first = "", "", True
    while True:
        try:
            taken = follow(app.folder, file)
        except OnrecordError as error:
            if first and not isinstance(error, InputError | CopyIncomplete | StoreLocked):
                raise
            is_passing = isinstance(error, CopyIncomplete) and str(error) != last  # it is probably being carried
            last = str(error)
            if not is_passing and last != complaint:
                complaint = last
                output.status(f"{complaint}; looking again every {every:g} s")
        else:
            if taken or first:
                _say(app, output, taken, file)
            complaint = last = ""
        first = False
        time.sleep(every)


def _say(app: App, output: Output, taken: PublishedCopy | None, file: Path) -> None:
    counts = app.library.counts()
    record = taken or PublishedCopy.read(file)
    about = {"host": record.host, "published": record.published} if record else {}
    if output.as_json:
        output.document(
            {
                "taken": taken is not None,
                "revision": app.library.revision,
                "articles": counts.articles,
                "passages": counts.passages,
                **about,
            }
        )
        return
    held = f"{counted(counts.articles, 'article')}, {counted(counts.passages, 'passage')}"
    origin = f", published by {record.host} at {record.published}" if record else ""
    verb = "now" if taken else "up to date:"
    output.raw(f"{verb} revision {app.library.revision}: {held}{origin}\n")
