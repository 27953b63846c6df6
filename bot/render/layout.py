"""Lays out lines for a terminal's width: hanging indents, wide characters, links. Styles are given, never parsed.

Says where an article's file lies, so that the path opens from where the person is.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.style import Style
from rich.text import Text

from retrieval.text.lazy_pattern import LazyPattern

_WEB = LazyPattern(r"https?://[^\s\x00-\x20\x7f-\x9f<>\"\\]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Places:
    """Two folders, both absolute.

    Attributes:
        home: What recorded paths are relative to: the parent of the store.
        here: The person's current folder.
    """

    home: Path
    here: Path

    def path(self, recorded: str) -> str:
        """Return a recorded path relative to the current folder when it lies below it, else absolute."""
        if not recorded:
            return ""
        full = self.home / recorded
        return str(full.relative_to(self.here)) if full.is_relative_to(self.here) else str(full)


def web_address(url: str) -> str:
    """Return ``url`` when it is an http(s) address without white space or control characters, else nothing."""
    return url if _WEB.fullmatch(url) else ""


NUMBER = Style(color="cyan", bold=True)
QUOTE = Style()
TITLE = Style(bold=True)
QUIET = Style(dim=True)
NO = Style(color="yellow", bold=True)
DIFFERS = Style(bold=True, underline=True)
"""Words in which a sentence differs from those beside it."""
MARK = Style(color="black", bgcolor="yellow")
"""The quoted characters of an article."""

_MEASURE = Console(file=io.StringIO(), width=80, color_system=None)  # rich asks for one to wrap; nothing is printed
_MIN_TEXT_CELLS = 10


def hanging(text: Text, width: int | None, *, first: Text | str = "", rest: str = "") -> list[Text]:
    """Return ``text`` as lines of at most ``width`` cells, the first after ``first``, the others after ``rest``.

    No width means no wrapping: one line for each line of ``text``.
    """
    indent = Text.assemble(first)
    if width is None:
        lines = list(text.split("\n", allow_blank=True))
    else:
        room = max(_MIN_TEXT_CELLS, width - max(indent.cell_len, Text(rest).cell_len))
        lines = list(text.wrap(_MEASURE, room, overflow="fold")) or [Text()]
    for line in lines:
        line.rstrip()
    return [Text.assemble(indent if at == 0 else rest, line) for at, line in enumerate(lines)]


def joined(lines: Iterable[Text]) -> Text:
    """Return the lines as one text, each ended by a line feed."""
    return Text("").join(Text.assemble(line, "\n") for line in lines)


def linked(text: str, url: str, style: Style) -> Text:
    """Return ``text``, linked to ``url`` when that is a web address (a console shows links on a terminal only)."""
    address = web_address(url)
    return Text(text, style=style + Style(link=address) if address else style)
