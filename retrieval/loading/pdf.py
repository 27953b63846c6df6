"""PDF files."""

from __future__ import annotations

from collections.abc import Iterator

from retrieval.articles import Article
from retrieval.loading.assemble import assemble
from retrieval.loading.extraction import EXTRACTOR
from retrieval.loading.limits import MAX_PDF_BYTES
from retrieval.loading.metadata import Metadata
from retrieval.loading.reading import read_bytes
from retrieval.loading.sources import Problem, SourceFile

_BETWEEN_PAGES = "\n\n"


def load_pdf(file: SourceFile) -> Iterator[Article | Problem]:
    """Yield the file's article: the text of its pages in order, lines as they stand, a blank line between pages.

    Title and author are what the file states, else what the text shows. The dates in a PDF say when the file was made;
    they are not taken for the date of publication.
    """
    found = EXTRACTOR.extract("pdf", read_bytes(file, MAX_PDF_BYTES))
    texts: list[str] = found["pages"]
    starts, text = [], ""
    offset = 0
    for number, page in enumerate(texts, start=1):
        starts.append((offset, number))
        offset += len(page) + len(_BETWEEN_PAGES)
    text = _BETWEEN_PAGES.join(texts)
    notes = tuple(f"page {number} is damaged: left out" for number in found["unread"])
    metadata = Metadata(title=found["title"], author=found["author"], notes=notes)
    yield from assemble(file, text, metadata, pages=starts)
