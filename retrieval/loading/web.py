"""Web pages saved as files."""

from __future__ import annotations

from collections.abc import Iterator

from retrieval.articles import Article
from retrieval.loading.assemble import assemble
from retrieval.loading.extraction import EXTRACTOR
from retrieval.loading.limits import MAX_HTML_BYTES
from retrieval.loading.metadata import read_metadata
from retrieval.loading.reading import read_bytes
from retrieval.loading.sources import Problem, SourceFile


def load_page(file: SourceFile) -> Iterator[Article | Problem]:
    """Yield the page's article: its main text, kept once, as Markdown with marks for headings, lists and tables only.

    Title, author, outlet, address and date are what the page's markup says; a date is never guessed from running text.
    Nothing that the page refers to is fetched.
    """
    found = EXTRACTOR.extract("html", read_bytes(file, MAX_HTML_BYTES))
    yield from assemble(file, found["text"], read_metadata(found["metadata"]), markdown=True)
