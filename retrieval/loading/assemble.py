"""Text and metadata become an article with its blocks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from retrieval.articles import Article, Block, BlockKind, Span
from retrieval.errors import ArticleError
from retrieval.loading.limits import MAX_FIELD_CHARACTERS
from retrieval.loading.metadata import Metadata, clean_line
from retrieval.loading.sources import Problem, SourceFile
from retrieval.structure import structure


def assemble(
    file: SourceFile,
    text: str,
    metadata: Metadata,
    *,
    record: str = "",
    markdown: bool = False,
    body: int = 0,
    pages: Sequence[tuple[int, int]] = (),
    given: bytes = b"",
) -> Iterator[Article | Problem]:
    """Yield the article, then a note for each piece of its metadata that could not be used.

    Args:
        file: The file it stands in.
        text: Its characters.
        metadata: What the format says about it; a title and an author that are missing are looked for in the text.
        record: The id of its record, in a file that holds many.
        markdown: Whether the text is Markdown.
        body: Where the text proper begins: what is before it (front matter) is kept and never cited.
        pages: (first character, page number) of each page.
        given: Names what of the file it was read from.

    Raises:
        ArticleError: the text cannot be kept.
    """
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise ArticleError("holds half a character (a lone surrogate) in its text: write it again") from None
    title = clean_line(metadata.title)
    # Blanks of the same length keep every position.
    read = structure(" " * body + text[body:] if body else text, markdown=markdown, pages=pages, title=title)
    blocks = read.blocks
    before = text[:body].strip()
    if before:
        start = text.index(before)
        blocks = (Block(BlockKind.DEBRIS, Span(start, start + len(before))), *blocks)
    yield Article(
        origin=f"{file.origin}#{record}" if record else file.origin,
        text=text,
        title=title or clean_line(read.title),
        blocks=blocks,
        path=file.origin,
        url=metadata.url,
        source=clean_line(metadata.source),
        author=clean_line(metadata.author or read.author, MAX_FIELD_CHARACTERS),
        published=metadata.published,
        given=given,
    )
    yield from notes(file, metadata, record)


def notes(file: SourceFile, metadata: Metadata, record: str = "") -> Iterator[Problem]:
    """Yield a note for each piece of an article's metadata that could not be used."""
    where = f"record {record[:60]}: " if record else ""
    for note in metadata.notes:
        yield Problem(file.name, where + note, refused=False)
