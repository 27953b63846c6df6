"""The articles of the passages found, as far as they can be read: whole from the library, else their passages."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache

from bot.citations import ArticleLookup, ArticleReplaced, found_article
from retrieval.articles import Hit, Passage
from retrieval.text.folding import Words
from retrieval.text.quotation_marks import open_quotation

CACHED_ARTICLES = 64
"""Articles whose words are cached: about .5 MB each."""


@dataclass(frozen=True, slots=True)
class SourceArticle:
    """An article that a claim is compared with.

    Attributes:
        id: The article's.
        outlet: Its source.
        words: The words of its text; offsets count the article's characters.
    """

    id: str
    outlet: str
    words: Words

    @property
    def text(self) -> str:
        """Its text; line ends stand for what could not be read."""
        return self.words.source


class SourceArticles:
    """Reads the articles of hits. Safe to share between threads.

    Args:
        articles: The library; None: only the passages are read.
    """

    def __init__(self, articles: ArticleLookup | None = None) -> None:
        self._articles = articles
        self._words = lru_cache(maxsize=CACHED_ARTICLES)(self._whole)

    def of(self, hits: Sequence[Hit]) -> tuple[SourceArticle, ...]:
        """Return the articles of ``hits``, each once, in the order of their first hit."""
        passages: dict[str, list[Passage]] = {}
        outlets: dict[str, str] = {}
        for hit in hits:
            passages.setdefault(hit.passage.article_id, []).append(hit.passage)
            outlets.setdefault(hit.passage.article_id, hit.article.source)
        return tuple(SourceArticle(each, outlets[each], self._read(each, found)) for each, found in passages.items())

    def _read(self, article_id: str, found: Sequence[Passage]) -> Words:
        with suppress(ArticleReplaced):  # it left the library since; its passages are what the claim is held to
            return self._words(article_id)
        return _passage_words(tuple(sorted(found, key=lambda passage: passage.span)))

    def _whole(self, article_id: str) -> Words:
        if self._articles is None:
            raise ArticleReplaced
        return Words(found_article(self._articles, article_id).text)


@lru_cache(maxsize=CACHED_ARTICLES)
def _passage_words(passages: tuple[Passage, ...]) -> Words:
    """Return the words of an article's passages, in order, at their places in the article.

    A quotation goes on over a cut inside its paragraph: one character between two passages is a space there.
    """
    text = ""
    for passage in passages:
        gap = passage.span.start - len(text)
        goes_on = gap == 1 and passage.text[:1].isalnum() and open_quotation(text.rsplit("\n", 1)[-1]) is not None
        text += " " if goes_on else "\n" * gap
        text += passage.text[max(0, len(text) - passage.span.start) :]
    return Words(text)
