"""The domain types: articles, their blocks and passages, and search hits.

``Article.text`` is the decoded source, unchanged (for HTML and PDF: the extracted text, kept
once). Every span is half-open, counted in Python characters of that text, so ``article.text[span.start:span.end]`` is
exactly the quoted text.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Characters ``[start, end)`` of one article's text."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a span: [{self.start}, {self.end})")

    def __len__(self) -> int:
        return self.end - self.start

    def of(self, text: str) -> str:
        """Return the characters of ``text`` that this span covers."""
        return text[self.start : self.end]

    def overlaps(self, other: Span) -> bool:
        """Return whether the two spans share a character."""
        return self.start < other.end and other.start < self.end

    def covers(self, other: Span) -> bool:
        """Return whether every character of ``other`` is in this span."""
        return self.start <= other.start and other.end <= self.end

    def within(self, outer: Span) -> Span:
        """Return the same characters as a span of those of ``outer``, which covers it.

        Raises:
            ValueError: ``outer`` begins behind it.
        """
        return Span(self.start - outer.start, self.end - outer.start)


class BlockKind(StrEnum):
    """The role of a block in its article."""

    TITLE = "title"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    TABLE_HEADER = "table_header"
    TABLE_ROW = "table_row"
    TABLE_CELL = "table_cell"  # one cell of a table whose rows are broken up by markup
    BOILERPLATE = "debris"  # markup, navigation, page numbers, bylines: kept in the text, never cited


CITABLE = frozenset({BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.TABLE_ROW, BlockKind.TABLE_CELL})
"""The kinds that passages consist of. Titles, headings and table headers are context only."""


@dataclass(frozen=True, slots=True)
class Block:
    """A part of the text with one role.

    Attributes:
        kind: Its role.
        span: Its characters, without surrounding white space.
        context: The headings, list lead-in or table header above it, outermost first, without the title.
        page: The page it begins on, from 1, where the format has pages.
    """

    kind: BlockKind
    span: Span
    context: tuple[Span, ...] = ()
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """One article with its blocks.

    Attributes:
        origin: Its source, unique in a library: a file's path, a path and a record's id, or a URL.
        text: The decoded source, unchanged.
        path: The file it was read from, as recorded (POSIX); empty for articles from a URL.
        published: ISO 8601 date or date and time, or empty when unknown.
        blocks: Non-overlapping, in order; together they cover every character that is not white space.
        given: Hash of the record it was read from (16 bytes), where that is a part of a file; else empty.
    """

    origin: str
    text: str
    title: str
    blocks: tuple[Block, ...]
    path: str = ""
    url: str = ""
    source: str = ""
    author: str = ""
    published: str = ""
    given: bytes = field(default=b"", compare=False, repr=False)
    id: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "id", article_id(self.origin, self.text))


def article_id(origin: str, text: str) -> str:
    """Return 16 hexadecimal digits that identify this text from this origin."""
    digest = hashlib.sha256(f"{origin}\n{text}".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Passage:
    """A contiguous run of citable blocks (or of one block's sentences), the unit of embedding and search.

    Attributes:
        article_id: The article it belongs to.
        ordinal: Its number among the article's passages, from 0.
        span: Its characters in the article.
        text: ``article.text[span.start:span.end]``, exactly.
        context: Title, headings, list lead-in and table header above it, for embedding and word search; never quoted.
        sentences: The citable sentences (list items, table rows) in it, in article offsets, in order.
        page: The page it begins on, from 1, where the format has pages.
    """

    article_id: str
    ordinal: int
    span: Span
    text: str
    context: str
    sentences: tuple[Span, ...]
    page: int | None = None

    @property
    def id(self) -> str:
        """Article id and span: the same characters always have the same id."""
        return f"{self.article_id}:{self.span.start}-{self.span.end}"

    def text_of(self, span: Span) -> str:
        """Return the characters of a span of the article so far as they are in this passage."""
        first = self.span.start
        return self.text[max(0, span.start - first) : max(0, span.end - first)]

    @property
    def embedded_text(self) -> str:
        """The text to embed: context and text."""
        return f"{self.context}\n{self.text}" if self.context else self.text


@dataclass(frozen=True, slots=True)
class ArticleInfo:
    """An article without its text: what lists, filters and citations show."""

    id: str
    origin: str
    title: str
    path: str
    url: str
    source: str
    author: str
    published: str
    characters: int
    passages: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that search found.

    Attributes:
        passage: The passage.
        article: Its article.
        score: The fused score that orders hits, higher is better, comparable within one search only.
        rank: From 1.
        dense_rank: Its rank by meaning, from 1; None when dense search did not return it.
        dense_score: Cosine similarity of question and passage, in [-1, 1]; known for every passage that search ranked.
        word_rank: Its rank by words (BM25), from 1; None when word search did not return it.
        word_score: BM25, higher is better; None likewise.
    """

    passage: Passage
    article: ArticleInfo
    score: float
    rank: int
    dense_rank: int | None = None
    dense_score: float | None = None
    word_rank: int | None = None
    word_score: float | None = None


@dataclass(frozen=True, slots=True)
class Filters:
    """Restrictions of a search; empty fields restrict nothing.

    Attributes:
        sources: Outlets, compared without case; any of them.
        authors: Parts of the author line, compared without case; any of them.
        since: First day, ISO ``YYYY-MM-DD``, inclusive. Articles without a date never match a date.
        until: Last day, ISO ``YYYY-MM-DD``, inclusive.
        articles: Article ids; any of them.
    """

    sources: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    articles: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.sources or self.authors or self.since or self.until or self.articles)
