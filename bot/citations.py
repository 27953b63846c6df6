"""Makes citations: the exact characters of an article, and where a reader finds them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Protocol, TypeVar

from bot.answers import Citation, Correction
from retrieval.articles import CITABLE, Article, ArticleInfo, Hit, Span
from retrieval.errors import InputError
from retrieval.structure.corrections import CorrectionNote, correction_notes, superseded_by, withdrawn_by
from retrieval.text.datelines import dateline_end
from retrieval.text.lazy_pattern import LazyPattern

Result = TypeVar("Result")

_POST_LINKS = LazyPattern(r"(?<!\s)(?:\s{1,3}(?:https?://t\.co/|pic\.twitter\.com/)\S{1,60}){1,5}\s*\Z")
MAX_ATTEMPTS = 12
"""Times that something is read anew when an ingest replaces an article of it meanwhile. Where an ingest a second
replaces an eighth of a small library and sixteen people ask, three did not suffice for one question in some hundred."""


class ArticleReplaced(InputError):
    """An article left the library, or was replaced, since it was found. Search again."""


class ArticleLookup(Protocol):
    """Where whole articles are read: a ``Library``."""

    def article(self, named: str) -> Article:
        """Return an article by its id."""
        ...


class CopiesLookup(ArticleLookup, Protocol):
    """Where articles and their copies are read from: ``retrieval.store.library.Library`` is one."""

    def near_duplicates(self, article_id: str) -> Sequence[ArticleInfo]:
        """Return the other articles that are one story with this one."""
        ...


def found_article(articles: ArticleLookup, article_id: str) -> Article:
    """Return the article that a search has found.

    Raises:
        ArticleReplaced: It left the library since.
    """
    try:
        return articles.article(article_id)
    except InputError:
        raise ArticleReplaced("an article was replaced while it was read: ask again") from None


def retry_on_replacement(work: Callable[[], Result]) -> Result:
    """Return what ``work`` makes of the library in several steps, done anew when an article left between two of them.

    Raises:
        ArticleReplaced: That happened at each attempt.
    """
    for _ in range(MAX_ATTEMPTS - 1):
        with suppress(ArticleReplaced):
            return work()
    return work()


MAX_COPIES_READ = 5
"""Copies of an article in which its corrections are looked for."""


class CorrectionFinder:
    """Finds the notes that withdraw words: in their article, or in a corrected version of it. Reads each article once.

    Args:
        articles: The library.
    """

    def __init__(self, articles: CopiesLookup) -> None:
        self._articles = articles
        self._copies: dict[str, tuple[ArticleInfo, ...]] = {}
        self._known: dict[str, tuple[Article, tuple[CorrectionNote, ...]]] = {}

    def article(self, article_id: str) -> Article:
        """Return an article that a search has found.

        Raises:
            ArticleReplaced: It left the library since.
        """
        return self._read(article_id)[0]

    def copies(self, article_id: str) -> tuple[ArticleInfo, ...]:
        """Return the other articles that are one story with this one."""
        if article_id not in self._copies:
            self._copies[article_id] = tuple(self._articles.near_duplicates(article_id))
        return self._copies[article_id]

    def note_at(self, article_id: str, span: Span) -> Span | None:
        """Return the correction note that ``span`` begins in, or None."""
        notes = self._read(article_id)[1]
        return next((note.span for note in notes if note.span.start <= span.start < note.span.end), None)

    def correction(self, info: ArticleInfo, span: Span) -> Correction | None:
        """Return the note that withdraws the words at ``span``, or None.

        Raises:
            ArticleReplaced: The article, or a copy of it, left the library since it was found.
        """
        article, notes = self._read(info.id)
        found = withdrawn_by(article, span, notes, own=True)
        if found:
            return Correction(info, found.span, found.text)
        for copy in self.copies(info.id)[:MAX_COPIES_READ]:
            other, theirs = self._read(copy.id)
            found = withdrawn_by(article, span, theirs, own=False)
            if found is None and not any(note.corrects for note in notes):
                found = superseded_by(article, span, other, theirs)
            if found:
                return Correction(copy, found.span, found.text)
        return None

    def _read(self, article_id: str) -> tuple[Article, tuple[CorrectionNote, ...]]:
        if article_id not in self._known:
            article = found_article(self._articles, article_id)
            self._known[article_id] = (article, correction_notes(article))
        return self._known[article_id]


def statement_span(text: str, span: Span) -> Span:
    """Return the characters of a statement without the dateline before it and the links of a post behind it.

    Args:
        text: The characters of ``span``.
        span: Where they are in the article.
    """
    links = _POST_LINKS.search(text)
    start, end = dateline_end(text), links.start() if links else len(text)
    return Span(span.start + start, span.start + end) if start < end else span


class CitationBuilder:
    """Makes the citations of one answer; each article is read once.

    Args:
        articles: The library that the hits come from.
    """

    def __init__(self, articles: CopiesLookup) -> None:
        self._found = CorrectionFinder(articles)

    def read(self, hits: Iterable[Hit]) -> None:
        """Read the articles of ``hits`` now, so that they can be cited whatever becomes of them meanwhile.

        Raises:
            ArticleReplaced: One left the library since it was found.
        """
        for hit in hits:
            self._found.article(hit.passage.article_id)
            self._found.copies(hit.passage.article_id)

    def cite(self, number: int, hit: Hit, span: Span, confidence: float) -> Citation:
        """Return the citation of ``span``, which lies in the article of ``hit``.

        Raises:
            ArticleReplaced: The article left the library since it was found.
        """
        passage = hit.passage
        article = self._found.article(passage.article_id)
        paragraph, page = position_in(article, span.start)
        return Citation(
            number=number,
            article=hit.article,
            span=span,
            quote=span.of(article.text),
            passage_id=passage.id,
            paragraph=paragraph,
            confidence=confidence,
            page=page or passage.page,
            copies=self._found.copies(passage.article_id),
            correction=self._found.correction(hit.article, span),
        )

    def cite_corrected(self, number: int, hit: Hit, span: Span, confidence: float) -> Citation:
        """Return the citation of ``span``, or in its place that of the note that withdraws it or that it is a part of.

        Raises:
            ArticleReplaced: The article left the library since it was found.
        """
        cited = self.cite(number, hit, span, confidence)
        note = self._found.note_at(hit.article.id, span)
        if cited.correction:
            info, place = cited.correction.article, cited.correction.span
        elif note:
            info, place = hit.article, note
        else:
            return cited
        article = self._found.article(info.id)
        paragraph, page = position_in(article, place.start)
        return replace(
            cited,
            article=info,
            span=place,
            quote=place.of(article.text),
            paragraph=paragraph,
            page=page,
            copies=self._found.copies(info.id),
            correction=None,
        )


def position_in(article: Article, at: int) -> tuple[int, int | None]:
    """Return the number of the citable block that contains or precedes the character ``at``, from 1, and its page."""
    paragraph, page = 0, None
    for block in article.blocks:
        if block.kind in CITABLE and block.span.start <= at:
            paragraph, page = paragraph + 1, block.page or page
    return max(1, paragraph), page
