"""Plain text files."""

from __future__ import annotations

from collections.abc import Iterator

from retrieval.articles import Article
from retrieval.loading.assemble import assemble
from retrieval.loading.decoding import decode
from retrieval.loading.limits import MAX_TEXT_BYTES
from retrieval.loading.metadata import Metadata
from retrieval.loading.reading import read_bytes
from retrieval.loading.sources import Problem, SourceFile


def load_text(file: SourceFile) -> Iterator[Article | Problem]:
    """Yield the file's article. Its title and author are what the text shows; a date is never guessed from text."""
    text, encoding = decode(read_bytes(file, MAX_TEXT_BYTES))
    yield from assemble(file, text, Metadata(notes=encoding_notes(encoding)))


def encoding_notes(encoding: str) -> tuple[str, ...]:
    """Return the note that an encoding deserves which was told by its looks."""
    if encoding.startswith("utf"):
        return ()
    return (f"is not UTF-8 and was read as {encoding}: if letters look wrong, save it as UTF-8",)
