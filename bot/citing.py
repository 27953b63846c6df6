"""Makes citations: the exact characters of an article, and where a reader finds them."""

from __future__ import annotations

from typing import Protocol

from bot.answers import Citation
from retrieval.articles import CITABLE, Article, Hit, Span


class Articles(Protocol):
    """Where whole articles are read: a ``Library``."""

    def article(self, named: str) -> Article:
        """Return an article by its id."""
        ...


class Citing:
    """Makes the citations of one answer; each article is read once.

    Args:
        articles: The library that the hits come from.
    """

    def __init__(self, articles: Articles) -> None:
        self._articles = articles
        self._known: dict[str, Article] = {}

    def cite(self, number: int, hit: Hit, span: Span, confidence: float) -> Citation:
        """Return the citation of ``span``, which lies in the article of ``hit``.

        Raises:
            InputError: The article left the library since it was found.
        """
        passage = hit.passage
        if passage.article_id not in self._known:
            self._known[passage.article_id] = self._articles.article(passage.article_id)
        article = self._known[passage.article_id]
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
        )
