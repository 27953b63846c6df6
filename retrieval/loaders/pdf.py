"""PDF files: the text of their pages, extracted with pypdf in the sandbox."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from retrieval.articles import Article
from retrieval.errors import ArticleError
from retrieval.loaders.discovery import LoadProblem, SourceFile
from retrieval.loaders.limits import MAX_ARTICLE_CHARACTERS, MAX_PDF_BYTES, MAX_PDF_PAGES
from retrieval.loaders.metadata import Metadata, assemble
from retrieval.loaders.sandbox import EXTRACTOR
from retrieval.loaders.text import read_bytes

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

_DAMAGE = (
    ArithmeticError, AssertionError, AttributeError, LookupError, OSError, RecursionError, NotImplementedError,
    TypeError, ValueError, UnicodeError,
)  # fmt: skip
"""What pypdf raises, apart from its own errors, for files that violate the standard."""

_BETWEEN_PAGES = "\n\n"
_NO_TITLE = re.compile(r"untitled|.*\.(docx?|indd|pdf|qxd|pages|tex|rtf|odt)|microsoft word.*|\W*", re.IGNORECASE)


def load_pdf(file: SourceFile) -> Iterator[Article | LoadProblem]:
    """Yield the file's article: the text of its pages in order, lines unchanged, a blank line between pages.

    Title and author come from the file's metadata, else from the text. The dates of a PDF are those of the file, not of
    publication, and are not used.
    """
    found = EXTRACTOR.extract("pdf", read_bytes(file, MAX_PDF_BYTES))
    texts: list[str] = found["pages"]
    starts = []
    offset = 0
    for number, page in enumerate(texts, start=1):
        starts.append((offset, number))
        offset += len(page) + len(_BETWEEN_PAGES)
    text = _BETWEEN_PAGES.join(texts)
    notes = tuple(f"page {number} is damaged: left out" for number in found["unread"])
    metadata = Metadata(title=found["title"], author=found["author"], notes=notes)
    yield from assemble(file, text, metadata, pages=starts)


def load_library() -> None:
    """Import pypdf."""
    import pypdf  # noqa: F401, PLC0415


def extract(data: bytes) -> dict[str, object]:
    """Return the texts of ``pages``, ``unread`` (numbers of damaged pages), ``title`` and ``author``.

    Raises:
        ArticleError: The file is not a PDF, is locked, has too many pages or no text.
    """
    reader = _opened(data)
    pages: list[str] = []
    unread: list[int] = []
    characters = 0
    for number, page in enumerate(_pages(reader), start=1):
        text = _page_text(page)
        if text is None:
            unread.append(number)
        pages.append(text or "")
        characters += len(pages[-1])
        if characters > MAX_ARTICLE_CHARACTERS:
            raise ArticleError(f"has more than {MAX_ARTICLE_CHARACTERS:,} characters of text: split it")
    if not any(page.strip() for page in pages):
        raise ArticleError(
            "is damaged: no page can be read" if unread else "holds no text (scanned pages?): run it through OCR first"
        )
    return {"pages": pages, "unread": unread, **_info(reader)}


def _opened(data: bytes) -> PdfReader:
    from pypdf import PasswordType, PdfReader  # noqa: PLC0415
    from pypdf.errors import DependencyError, PyPdfError  # noqa: PLC0415

    if b"%PDF-" not in data[:1024]:
        raise ArticleError("is not a PDF (it does not begin like one)")
    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        locked = reader.is_encrypted and reader.decrypt("") == PasswordType.NOT_DECRYPTED
        count = 0 if locked else len(reader.pages)
    except DependencyError:
        raise ArticleError("is encrypted in a way that is not read: save it without protection") from None
    except (PyPdfError, *_DAMAGE):
        raise ArticleError("is damaged: it cannot be opened as a PDF") from None
    if locked:
        raise ArticleError("needs a password: save it without one")
    if count > MAX_PDF_PAGES:
        raise ArticleError(f"has {count:,} pages, more than {MAX_PDF_PAGES:,}: split it")
    return reader


def _pages(reader: PdfReader) -> list[PageObject]:
    from pypdf.errors import PyPdfError  # noqa: PLC0415

    try:
        return list(reader.pages)
    except (PyPdfError, *_DAMAGE):
        raise ArticleError("is damaged: its pages cannot be listed") from None


def _page_text(page: PageObject) -> str | None:
    """Return a page's text, or None when it is damaged."""
    from pypdf.errors import PyPdfError  # noqa: PLC0415

    try:
        text = page.extract_text()
    except (PyPdfError, *_DAMAGE):
        return None
    return text.replace("\0", "").encode("utf-8", "replace").decode().rstrip()


def _info(reader: PdfReader) -> dict[str, object]:
    """Return the title and author in the file's metadata. Its dates are those of the file, not of publication."""
    from pypdf.errors import PyPdfError  # noqa: PLC0415

    try:
        info: Any = reader.metadata
        title, author = (str(info.title or ""), str(info.author or "")) if info else ("", "")
    except (PyPdfError, *_DAMAGE):
        return {"title": "", "author": ""}
    return {"title": "" if _NO_TITLE.fullmatch(title.strip()) else title, "author": author}
