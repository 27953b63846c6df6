"""Makes citations: the exact characters of an article, and where a reader finds them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import Protocol, TypeVar

from bot.answers import Citation
from retrieval.articles import CITABLE, Article, ArticleInfo, Hit, Span
from retrieval.errors import InputError

Result = TypeVar("Result")

MAX_ATTEMPTS = 3
"""Times that something is read anew when an ingest replaces an article of it meanwhile."""


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


class CitationBuilder:
    """Makes the citations of one answer; each article is read once.

    Args:
        articles: The library that the hits come from.
    """

    def __init__(self, articles: CopiesLookup) -> None:
        self._articles = articles
        self._known: dict[str, tuple[Article, tuple[ArticleInfo, ...]]] = {}

    def read(self, hits: Iterable[Hit]) -> None:
        """Read the articles of ``hits`` now, so that they can be cited whatever becomes of them meanwhile.

        Raises:
            ArticleReplaced: One left the library since it was found.
        """
        for hit in hits:
            self._article(hit.passage.article_id)

    def cite(self, number: int, hit: Hit, span: Span, confidence: float) -> Citation:
        """Return the citation of ``span``, which lies in the article of ``hit``.

        Raises:
            ArticleReplaced: The article left the library since it was found.
        """
        passage = hit.passage
        article, copies = self._article(passage.article_id)
        paragraph, page = 0, passage.page
        for block in article.blocks:
            if block.kind in CITABLE and block.span.start <= span.start:
                paragraph, page = paragraph + 1, block.page or page
        return Citation(
            number=number,
            article=hit.article,
            span=span,
            quote=span.of(article.text),
            passage_id=passage.id,
            paragraph=max(1, paragraph),
            confidence=confidence,
            page=page,
            copies=copies,
        )

    def _article(self, article_id: str) -> tuple[Article, tuple[ArticleInfo, ...]]:
        if article_id not in self._known:
            copies = tuple(self._articles.near_duplicates(article_id))
            self._known[article_id] = (found_article(self._articles, article_id), copies)
        return self._known[article_id]
