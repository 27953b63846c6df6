"""Hybrid search: dense and word results, filtered, fused and deduplicated."""

from __future__ import annotations

import importlib
from collections.abc import Collection, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from retrieval.articles import Filters, Hit
from retrieval.embedding.embedder import Embedder
from retrieval.errors import InputError
from retrieval.search.deduplicate import Deduplicator
from retrieval.search.fusion import FusedHit, fuse, question_weight
from retrieval.search.query import QueryComponent, WeightedQuery, weighted_direction, weighted_sum
from retrieval.store.library import Library
from retrieval.text.analyzer import terms

MAX_QUESTION_CHARACTERS = 2_000
"""Longest question, the rest is ignored. MiniLM itself reads 256 word pieces, about 1,200 characters."""

CANDIDATES = 100
"""Passages retrieved by each side (twice the limit, where that is more): deeper lists moved none of the figures in
``retrieval.search.fusion`` by more than .001."""

COLUMN_WEIGHTS = (2.0, 1.0)
"""BM25 weights of a passage's context (title, headings) and text. Weight 2 against 1 gives BM25 alone .706 for .704
nDCG@10 on SciFact, .590 for .549 hit@1 on INSCIT and the same on SQuAD; 3 gives no more."""

MAX_POSTINGS = 5_000
"""Most postings that word search scores: terms are added rarest first while they fit, at least one. It bounds the time
of questions made of frequent terms: over 100,000 passages word search takes 5 ms at the median (10 with 10,000, 30
without a bound). On SciFact it costs nothing (2,000: .008 nDCG@10). Dropping every term that occurs in more than a
tenth of the passages would instead cost BM25 alone .018 hit@1 on SQuAD and .013 nDCG@10 on SciFact."""

_WORD_SEARCH_THREADS = 8  # concurrent word searches, each beside a dense search in the caller's thread
SEARCH_ATTEMPTS = 3
"""Tries per search: it is repeated when an ingestion replaces the passages it found before they are read."""

NO_FILTERS = Filters()


class DenseIndex(Protocol):
    """The part of ``retrieval.vector_index.index.VectorIndex`` that search uses."""

    def search(
        self, vector: NDArray[np.float32], limit: int, article_ids: Collection[str] | None = None
    ) -> list[tuple[str, float]]:
        """Return (passage id, cosine similarity), best first."""
        ...


class Searcher:
    """Hybrid search over one library. Safe to share between threads."""

    def __init__(self, library: Library, vectors: DenseIndex, embedder: Embedder) -> None:
        self._library = library
        self._vectors = vectors
        self._embedder = embedder
        self._threads = ThreadPoolExecutor(_WORD_SEARCH_THREADS, "words")

    def search(self, question: str | WeightedQuery, filters: Filters = NO_FILTERS, limit: int = 10) -> list[Hit]:
        """Return up to ``limit`` passages, best first, without near-duplicates.

        A question without a word finds nothing. Texts are cut to ``MAX_QUESTION_CHARACTERS``.

        Raises:
            FilterError: A date in ``filters`` cannot be read.
            StoreError: The store cannot be read.
            EmbeddingError: The model is missing or failing.
        """
        query = question if isinstance(question, WeightedQuery) else WeightedQuery(question)
        text = query.question[:MAX_QUESTION_CHARACTERS]
        if limit <= 0 or not terms(text) or not self._library.counts().passages:
            return []
        for _ in range(SEARCH_ATTEMPTS):
            revision = self._library.revision
            hits, lost = self._search(text, query.components, filters, limit)
            if not lost or self._library.revision == revision:  # else an ingestion replaced them meanwhile
                break
        return hits

    def _search(
        self, question: str, components: Sequence[QueryComponent], filters: Filters, limit: int
    ) -> tuple[list[Hit], bool]:
        """Return the hits, and whether passages were deleted after they were found."""
        articles = self._library.article_ids(filters) if filters else None
        if articles is not None and not articles:
            return [], False
        candidates, lost = self._candidates(question, components, articles, max(CANDIDATES, 2 * limit))
        hits, lost_later = self._deduplicated(candidates, limit)
        return hits, lost or lost_later

    def search_dense(
        self, question: str, limit: int, articles: Collection[str] | None = None
    ) -> list[tuple[str, float]]:
        """Return (passage id, cosine similarity) of dense search alone, best first."""
        return self._vectors.search(self._embedder.embed_query(question[:MAX_QUESTION_CHARACTERS]), limit, articles)

    def search_words(
        self, question: str, limit: int, articles: Collection[str] | None = None
    ) -> list[tuple[str, float]]:
        """Return (passage id, BM25) of word search alone, best first."""
        return self._bm25(self._chosen_terms(question[:MAX_QUESTION_CHARACTERS]), articles, limit)

    def _candidates(
        self, question: str, components: Sequence[QueryComponent], articles: list[str] | None, depth: int
    ) -> tuple[list[FusedHit], bool]:
        """Return both sides' results fused, best first, and whether passages were deleted meanwhile."""
        with_words = [each for each in components if each.word_weight > 0]
        word_search = self._threads.submit(self._word_search, question, with_words, articles, depth)
        others = [
            (each.dense_weight, self._embedder.embed_query(each.text[:MAX_QUESTION_CHARACTERS]))
            for each in components
            if each.dense_weight > 0
        ]
        vector = weighted_direction(self._embedder.embed_query(question), others)
        # An index returns equal scores in any order.
        dense = sorted(self._vectors.search(vector, depth, articles), key=lambda each: (-each[1], each[0]))
        words, question_idf = word_search.result()
        with_cosine = {identifier for identifier, _ in dense}
        without_cosine = [identifier for identifier, _ in words if identifier not in with_cosine]
        cosines = self._cosines(vector, without_cosine)
        return fuse(dense, words, cosines, question_idf), len(cosines) < len(without_cosine)

    def _word_search(
        self, question: str, components: Sequence[QueryComponent], articles: list[str] | None, depth: int
    ) -> tuple[list[tuple[str, float]], float]:
        """Return (passage id, BM25), best first, and the weight of the terms that were searched."""
        passages = self._library.counts().passages
        chosen = self._chosen_terms(question)
        found = self._bm25(chosen, articles, depth)
        weight = question_weight(chosen.values(), passages)
        if not components:
            return found, weight
        lists, known = [(1.0, found)], set(chosen)
        for component in components:
            frequencies = self._chosen_terms(component.text[:MAX_QUESTION_CHARACTERS])
            added = {term: count for term, count in frequencies.items() if term not in known}
            known |= added.keys()
            lists.append((component.word_weight, self._bm25(added, articles, depth)))
            weight += component.word_weight * question_weight(added.values(), passages)
        return weighted_sum(lists, depth), weight

    def _bm25(self, chosen: Iterable[str], articles: Collection[str] | None, limit: int) -> list[tuple[str, float]]:
        return self._library.search_words(list(chosen), limit=limit, article_ids=articles, weights=COLUMN_WEIGHTS)

    def _chosen_terms(self, question: str) -> dict[str, int]:
        """Return the terms to search and in how many passages each occurs, rarest first."""
        frequencies = self._library.document_frequencies(terms(question, keep_stop_words=False) or terms(question))
        chosen: dict[str, int] = {}
        postings = 0
        for term, count in sorted(frequencies.items(), key=lambda found: (found[1], found[0])):
            if count == 0:
                continue
            postings += count
            if chosen and postings > MAX_POSTINGS:
                break
            chosen[term] = count
        return chosen

    def _cosines(self, vector: NDArray[np.float32], identifiers: Sequence[str]) -> dict[str, float]:
        """Return the cosine of ``vector`` with each passage that is still in the library."""
        if not identifiers:
            return {}
        try:
            rows = self._library.vectors(identifiers)
        except InputError:
            found: dict[str, float] = {}
            for identifier in identifiers:
                with suppress(InputError):
                    found[identifier] = float(self._library.vectors([identifier])[0] @ vector)
            return found
        return {identifier: float(row @ vector) for identifier, row in zip(identifiers, rows, strict=True)}

    def _deduplicated(self, candidates: list[FusedHit], limit: int) -> tuple[list[Hit], bool]:
        """Return hits without near-duplicates of better ones, and whether passages were deleted meanwhile."""
        hits: list[Hit] = []
        lost = False
        deduplicator = Deduplicator(self._library, [found.id for found in candidates])
        for start in range(0, len(candidates), limit):
            batch = {found.id: found for found in candidates[start : start + limit]}
            passages = self._library.passages(list(batch))
            infos = self._library.infos({passage.article_id for passage in passages})
            lost = lost or len(passages) < len(batch) or any(passage.article_id not in infos for passage in passages)
            deduplicator.prepare(infos)
            for passage in passages:
                if passage.article_id not in infos or not deduplicator.keep(passage):
                    continue
                found = batch[passage.id]
                hits.append(
                    Hit(
                        passage=passage,
                        article=infos[passage.article_id],
                        score=found.score,
                        rank=len(hits) + 1,
                        dense_rank=found.dense_rank,
                        dense_score=found.dense_score,
                        word_rank=found.word_rank,
                        word_score=found.word_score,
                    )
                )
                if len(hits) == limit:
                    return hits, lost
        return hits, lost


def __getattr__(name: str) -> Any:
    """Return what was in this module before it had one of its own: what uses LangChain."""
    if name not in {"PassageRetriever", "document"}:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module("retrieval.search.retriever"), name)
