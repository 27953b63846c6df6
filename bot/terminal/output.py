"""Where the command line writes: the answer on stdout, status on stderr, and nothing that a terminal would obey."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, TypeVar

from rich.console import Console
from rich.text import Text

from bot.render.json import dumps
from bot.render.layout import NO, QUIET, Places
from retrieval.text.redaction import redact
from retrieval.text.sanitize import line

Item = TypeVar("Item")


class Output:
    """Prints for a person, or one JSON document for a program."""

    def __init__(self, *, as_json: bool = False) -> None:
        self.as_json = as_json
        self.out = console(sys.stdout)
        self.err = console(sys.stderr)

    @property
    def width(self) -> int | None:
        """Cells of the terminal; None where stdout is not one, so that pipes get unwrapped lines."""
        return shutil.get_terminal_size().columns if self.out.is_terminal else None

    @property
    def height(self) -> int:
        """Lines of the terminal."""
        return shutil.get_terminal_size().lines

    def places(self, home: Path) -> Places:
        """Return how to name files from the current folder."""
        return Places(home, Path.cwd())

    def document(self, document: Mapping[str, Any] | Sequence[Any]) -> None:
        """Print one JSON document."""
        self.raw(dumps(document, ascii_only=not _speaks_unicode()) + "\n")

    def raw(self, text: str) -> None:
        """Print text as it is."""
        sys.stdout.write(text)
        sys.stdout.flush()

    def text(self, text: Text) -> None:
        """Print laid-out text."""
        self.out.print(text, soft_wrap=True, end="")

    def status(self, message: str) -> None:
        """Tell the person what happens, on stderr."""
        self.err.print(Text(line(redact(message))), soft_wrap=True)

    def error(self, message: str) -> None:
        """Say in one line what went wrong, on stderr."""
        self.err.print(Text.assemble(("onrecord: ", NO), line(redact(message))), soft_wrap=True)

    def waiting(self, note: str) -> AbstractContextManager[object]:
        """Return a sign of life on stderr while something is waited for: one line, gone afterwards; terminals only."""
        lively = self.err.is_terminal and not self.err.is_dumb_terminal
        return self.err.status(Text(note, QUIET)) if lively else nullcontext()

    def each(self, items: Iterable[Item], note: str) -> Iterator[Item]:
        """Yield the items, with a sign of life while each is waited for."""
        waited = iter(items)
        while True:
            with self.waiting(note):
                try:
                    item = next(waited)
                except StopIteration:
                    return
            yield item

    def failure(self, message: str, code: int, kind: str) -> None:
        """Say what went wrong, as the person or the program asked to hear it."""
        if self.as_json:
            self.document({"error": redact(message), "code": code, "kind": kind})
        else:
            self.error(message)


class _Plain(Console):
    def on_broken_pipe(self) -> None:
        raise BrokenPipeError  # rich would end the program with 1, which means "abstained"


def console(file: Any) -> Console:
    """Return a console that interprets nothing in what it prints."""
    return _Plain(file=file, markup=False, emoji=False, highlight=False)


def _speaks_unicode() -> bool:
    return (sys.stdout.encoding or "").lower().replace("-", "") in {"utf8", "utf16", "utf32"}
