"""Deduplication of search results: passages that say nothing which a better one does not say already."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from retrieval.articles import Passage
from retrieval.store.duplicates import Sketch, are_near_duplicates
from retrieval.store.library import Library
from retrieval.text.near_duplicates import SentenceIndex, ShingleSet, duplicates_any, shingle_set


class Deduplicator:
    """Decides for the passages of one search, best first, which to keep.

    A passage is left out when it is a near-duplicate of a kept one (``retrieval.text.near_duplicates``), or when its
    article is a syndicated copy (``retrieval.store.duplicates``) of articles of kept passages and each of its sentences
    occurs in passages found of those, wherever they begin and end. A sentence with another number or negation does not
    count as occurring, so that readers see both. A passage that was left out cannot justify leaving out another: every
    sentence stays in a passage that was kept or is still to be decided.

    Args:
        library: The library of the passages.
        found: The ids of all passages that search found.
    """

    def __init__(self, library: Library, found: Sequence[str]) -> None:
        self._library = library
        self._found: dict[str, list[str]] = {}  # passage ids by article
        for identifier in found:
            self._found.setdefault(identifier.partition(":")[0], []).append(identifier)
        self._kept: list[ShingleSet] = []
        self._left_out: set[str] = set()
        self._sketches: dict[str, Sketch] = {}
        self._kept_articles: set[str] = set()
        self._kept_articles_by_hash: dict[int, tuple[str, ...]] = {}  # by each hash of their sketches
        self._sentences: dict[str, SentenceIndex] = {}

    def prepare(self, articles: Collection[str]) -> None:
        """Read the sketches of ``articles``, before their passages are decided."""
        self._sketches |= self._library.sketches([each for each in articles if each not in self._sketches])

    def keep(self, passage: Passage) -> bool:
        """Return whether to keep ``passage``, given the decisions so far."""
        text = shingle_set(passage.text)
        if duplicates_any(text, self._kept) or self._repeats_copies(passage):
            self._left_out.add(passage.id)
            return False
        self._kept.append(text)
        article = passage.article_id
        if article not in self._kept_articles:
            self._kept_articles.add(article)
            by_hash: dict[int, tuple[str, ...]] = dict.fromkeys(self._sketches.get(article, ()), (article,))
            for value in by_hash.keys() & self._kept_articles_by_hash.keys():
                by_hash[value] = (*self._kept_articles_by_hash[value], article)
            self._kept_articles_by_hash |= by_hash
        return True

    def _repeats_copies(self, passage: Passage) -> bool:
        copies = [self._sentences_of(article) for article in self._syndicated_copies(passage.article_id)]
        return bool(copies) and all(
            any(copy.contains(sentence, self._left_out) for copy in copies) for sentence in _sentence_shingles(passage)
        )

    def _syndicated_copies(self, article: str) -> list[str]:
        """Return the other articles with kept passages that are near-duplicates of this one."""
        sketch = self._sketches.get(article, ())
        shared = self._kept_articles_by_hash.keys() & sketch
        sharing = {other for value in shared for other in self._kept_articles_by_hash[value] if other != article}
        return [other for other in sharing if are_near_duplicates(sketch, self._sketches[other])]

    def _sentences_of(self, article: str) -> SentenceIndex:
        if article not in self._sentences:
            sentences = self._sentences[article] = SentenceIndex()
            for passage in self._library.passages(self._found[article]):
                for sentence in _sentence_shingles(passage):
                    sentences.add(passage.id, sentence)
        return self._sentences[article]


def _sentence_shingles(passage: Passage) -> Iterator[ShingleSet]:
    for span in passage.sentences or (passage.span,):
        yield shingle_set(passage.text_of(span))
