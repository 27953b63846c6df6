"""Drafts: a file or stdin read as text whose quotations are checked, each with its line and column."""

from __future__ import annotations

import bisect
import stat
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from retrieval.articles import Article, BlockKind, Span
from retrieval.errors import InputError, explain_os_error
from retrieval.loaders import load
from retrieval.loaders.discovery import Format, LoadProblem, SourceFile, format_of
from retrieval.loaders.limits import MAX_TEXT_BYTES
from retrieval.loaders.markdown import front_matter
from retrieval.quotes.draft_text import DraftText, read_draft
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.sanitize import printable

STDIN = "-"
_MAX_FURNITURE = 120  # characters of a running head
_LINE_END = LazyPattern("\r\n?|\n")


@dataclass(frozen=True, slots=True)
class Draft:
    """A text whose quotations are checked.

    Attributes:
        name: What to call it, safe to show.
        text: The file's characters (of a page or PDF: the text taken from it).
        body: Where the text proper begins, behind front matter.
        notes: What a person should know about how it was read.
        pages: (first character, page number) of each page, where the format has pages.
        furniture: Running heads and page numbers between the parts of its text.
        unread: How many parts of the file (records) could not be read: their quotations were not checked.
    """

    name: str
    text: str
    body: int = 0
    notes: tuple[str, ...] = ()
    pages: tuple[tuple[int, int], ...] = ()
    furniture: tuple[Span, ...] = ()
    unread: int = 0
    _starts: list[int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_starts", [0, *(found.end() for found in _LINE_END.finditer(self.text))])

    @property
    def reading(self) -> DraftText:
        """The text as quotations are looked for in it: without front matter and markup."""
        return read_draft(self.text, self.body, self.furniture)

    def line_column(self, at: int) -> tuple[int, int]:
        """Return the line and column of a character, both from 1; a byte order mark takes no column."""
        line = bisect.bisect_right(self._starts, at)
        start = self._starts[line - 1]
        return line, at - start + 1 - self.text.startswith("\ufeff", start)

    def page(self, at: int) -> int | None:
        """Return the page that a character stands on; None where the format has no pages."""
        number = bisect.bisect_right(self.pages, at, key=lambda page: page[0])
        return self.pages[max(0, number - 1)][1] if self.pages else None

    def place(self, at: int) -> str:
        """Return where a character stands: "12:5", "p. 3 · 12:5"."""
        page = self.page(at)
        return (f"p. {page} · " if page else "") + "{}:{}".format(*self.line_column(at))


def drafts(named: str, stdin: BinaryIO | None = None) -> list[Draft]:
    """Read a file, or ``stdin`` for ``-``; a file of records holds a draft each.

    The format is told by the content, else by the suffix; without either it is plain text.

    Raises:
        InputError: It is missing, no file, or cannot be read as text.
    """
    if not named:
        raise InputError("the draft's name is empty: name a file, or - for stdin")
    if named != STDIN or stdin is None:
        return list(_loaded(_file(named)))
    data = stdin.read(MAX_TEXT_BYTES + 1)
    with tempfile.TemporaryDirectory() as folder:
        # The format of a draft on stdin is told by its content; front matter is Markdown's.
        file = Path(folder) / ("stdin.md" if data.startswith((b"---\n", b"+++\n")) else "stdin")
        file.write_bytes(data)
        return list(_loaded(SourceFile(file, "stdin", len(data), "stdin")))


def _file(named: str) -> SourceFile:
    name = printable(named)
    try:
        path = Path(named).expanduser()
        status = path.stat()
    except (OSError, ValueError, RuntimeError) as error:
        reason = explain_os_error(error, Path(named)) if isinstance(error, OSError | ValueError) else "is not a path"
        raise InputError(f"{name} {reason}") from None
    if stat.S_ISDIR(status.st_mode):
        raise InputError(f"{name} is a folder: name one draft in it")
    return SourceFile(path.resolve(), name, status.st_size, name)


def _loaded(file: SourceFile) -> Iterator[Draft]:
    kind = format_of(file.path)
    found: list[Article] = []
    notes: list[str] = []
    unread = 0
    for each in load(file, default=Format.TEXT):
        if isinstance(each, LoadProblem):
            if each.refused and kind is not Format.RECORDS:
                raise InputError(f"{file.name} {each.message}")
            unread += each.refused
            notes.append(each.message)
        elif isinstance(each, Article):
            found.append(each)
    if not found:
        raise InputError(f"{file.name} holds no draft: {notes[0] if notes else 'it is empty'}")
    for article in found:
        record = article.origin.removeprefix(file.origin)
        body = front_matter(article.text)[1] if kind is Format.MARKDOWN else 0
        pages = {block.page: block.span.start for block in reversed(article.blocks) if block.page}
        starts = tuple(sorted((start, page) for page, start in pages.items()))
        furniture = tuple(
            block.span
            for block in article.blocks
            if starts and block.kind is BlockKind.BOILERPLATE and len(block.span) <= _MAX_FURNITURE
        )
        yield Draft(file.name + printable(record), article.text, body, tuple(notes), starts, furniture, unread)
        notes, unread = [], 0
