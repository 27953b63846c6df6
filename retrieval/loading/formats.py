"""Which files are articles: the formats, told by a file's suffix."""

from __future__ import annotations

from enum import StrEnum
from pathlib import PurePath


class Format(StrEnum):
    """A format that can be read."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"
    PDF = "pdf"
    RECORDS = "records"


SUFFIXES = {
    ".txt": Format.TEXT,
    ".text": Format.TEXT,
    ".md": Format.MARKDOWN,
    ".markdown": Format.MARKDOWN,
    ".html": Format.HTML,
    ".htm": Format.HTML,
    ".xhtml": Format.HTML,
    ".pdf": Format.PDF,
    ".jsonl": Format.RECORDS,
    ".ndjson": Format.RECORDS,
    ".jsonl.gz": Format.RECORDS,
    ".ndjson.gz": Format.RECORDS,
}
"""Every suffix that is read, in lower case."""

READABLE = ".txt, .md, .html, .pdf, .jsonl, .jsonl.gz"
"""The formats as messages name them."""


def format_of(path: PurePath) -> Format | None:
    """Return the format that the file's suffix stands for, or None."""
    suffixes = [suffix.lower() for suffix in path.suffixes[-2:]]
    return SUFFIXES.get("".join(suffixes)) or (SUFFIXES.get(suffixes[-1]) if suffixes else None)
