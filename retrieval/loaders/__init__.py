"""Loaders: :func:`find` turns what a person typed into files, :func:`load` turns a file into its articles.

Neither raises for the contents of a file: what cannot be read is returned as a :class:`LoadProblem`, and the rest goes
on. Nothing is fetched from a network. Each format's loader is imported when a file of it is read.
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
from retrieval.loaders.signatures import recognised

__all__ = ["LOADER_VERSION", "IsKnown", "LoadProblem", "SourceFile", "UnchangedArticle", "find", "load"]

LOADER_VERSION = "3"
"""Version of what the loaders make of a file: a library that recorded another one reads its files again."""


def load(
    file: SourceFile,
    is_known: IsKnown | None = None,
    *,
    default: Format | None = None,
    on_read: Callable[[int], None] | None = None,
) -> Iterator[Article | UnchangedArticle | LoadProblem]:
    """Yield the articles of ``file`` as they are read, and a problem for whatever cannot be used.

    A file whose content has the signature of another format than its suffix is read as what it is, with a note. Of a
    file of many articles, those that ``is_known`` confirms are yielded as ``UnchangedArticle``, at a tenth of the cost.

    Args:
        file: The file.
        is_known: Whether an article was read from the same record before.
        default: The format where neither content nor suffix tells one.
        on_read: Called with the bytes of each record, unpacked, when it is read.
    """
    try:
        kind = recognised(file) or default
        named = format_of(file.path)
        yield from _load(file, kind, is_known, on_read)
        if named is not None and kind is not None and kind is not named:
            yield LoadProblem(file.name, f"is {_NAMES[kind]}, whatever its name says: read as such", refused=False)
    except ArticleError as error:
        yield LoadProblem(file.name, str(error), refused=True)
    except OSError as error:
        yield LoadProblem(file.name, explain_os_error(error, file.path), refused=True)


_NAMES = {
    Format.TEXT: "plain text",
    Format.MARKDOWN: "Markdown",
    Format.HTML: "a web page (HTML)",
    Format.PDF: "a PDF",
    Format.DOCX: "a Word document (DOCX)",
    Format.ODT: "an OpenDocument text (ODT)",
    Format.RTF: "RTF",
    Format.RECORDS: "JSONL",
}


def _load(
    file: SourceFile, kind: Format | None, is_known: IsKnown | None, on_read: Callable[[int], None] | None
) -> Iterator[Article | UnchangedArticle | LoadProblem]:
    match kind:
        case Format.TEXT:
            from retrieval.loaders.text import load_text  # noqa: PLC0415 (late, as all of these)

            return load_text(file)
        case Format.MARKDOWN:
            from retrieval.loaders.markdown import load_markdown  # noqa: PLC0415

            return load_markdown(file)
        case Format.HTML:
            from retrieval.loaders.html import load_html  # noqa: PLC0415

            return load_html(file)
        case Format.PDF:
            from retrieval.loaders.pdf import load_pdf  # noqa: PLC0415

            return load_pdf(file)
        case Format.DOCX | Format.ODT | Format.RTF:
            from retrieval.loaders.office import load_document  # noqa: PLC0415

            return load_document(file, kind.value)
        case Format.RECORDS:
            from retrieval.loaders.jsonl import load_records  # noqa: PLC0415

            return load_records(file, is_known, on_read)
        case None:
            raise ArticleError(f"is of a kind that is not read: use {READABLE}")
