"""Articles out of files: what is in a folder, and what is in a file.

:func:`find` turns what a person typed into files; :func:`load` turns a file into its articles. Neither raises for what
a file holds: what cannot be read comes out as a :class:`Problem`, one clear line, and the rest goes on. Nothing is ever
fetched from a network.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from retrieval.articles import Article
from retrieval.errors import ArticleError, explain_os_error
from retrieval.loaders.discovery import (
    READABLE,
    Format,
    IsKnown,
    LoadProblem,
    SourceFile,
    UnchangedArticle,
    find,
    format_of,
)
from retrieval.loaders.html import load_page
from retrieval.loaders.jsonl import load_records
from retrieval.loaders.markdown import load_markdown
from retrieval.loaders.pdf import load_pdf
from retrieval.loaders.text import load_text

__all__ = ["LOADER_VERSION", "IsKnown", "LoadProblem", "SourceFile", "UnchangedArticle", "find", "load"]

LOADER_VERSION = "1"
"""What these loaders make of a file. A library that recorded another version reads its files again."""

_LOADERS: dict[Format, Callable[[SourceFile], Iterator[Article | LoadProblem]]] = {
    Format.TEXT: load_text,
    Format.MARKDOWN: load_markdown,
    Format.HTML: load_page,
    Format.PDF: load_pdf,
}


def load(file: SourceFile, known: IsKnown | None = None) -> Iterator[Article | UnchangedArticle | LoadProblem]:
    """Yield the articles of ``file`` as they are read, with a problem for whatever cannot be used.

    Of a file of many articles, those that ``known`` knows come as ``Same``, which costs a tenth.
    """
    kind = format_of(file.path)
    if kind is None:
        yield LoadProblem(file.name, f"is of a kind that is not read: use {READABLE}", refused=True)
        return
    try:
        yield from load_records(file, known) if kind is Format.RECORDS else _LOADERS[kind](file)
    except ArticleError as error:
        yield LoadProblem(file.name, str(error), refused=True)
    except OSError as error:
        yield LoadProblem(file.name, explain_os_error(error, file.path), refused=True)
