"""Finds the passages for a question: by meaning and by words, fused, within filters, each text once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, Protocol

import numpy as np
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from numpy.typing import NDArray
from pydantic import ConfigDict

from retrieval.articles import Filters, Hit
from retrieval.embedding.embedder import Embedder
from retrieval.errors import InputError
from retrieval.search.deduplicate import Repeats
from retrieval.search.fusion import Fused, fuse, question_weight
from retrieval.search.query import Blend, Part, direction, summed
from retrieval.store.library import Library
from retrieval.text.analyzer import terms

MAX_QUESTION = 2_000
"""Characters of a question that are read; what follows is left out. MiniLM itself reads 256 word pieces, some 1,200."""

CANDIDATES = 100
"""Passages asked of each side (or twice the limit, where that is more): deeper lists moved none of the figures in
``retrieval.search.fusion`` by more than .001."""

COLUMN_WEIGHTS = (2.0, 1.0)
"""BM25 weights of a passage's context (title, headings) and text. Weight 2 against 1 gives BM25 alone .706 for .704
nDCG@10 on SciFact, .590 for .549 hit@1 on INSCIT and the same on SQuAD; 3 gives no more."""

POSTINGS = 5_000
"""Passages that word search may score: terms are taken rarest first while they fit, the first always. It bounds the
time of a question about frequent things in a large library: over 100,000 passages, word search takes 5 ms at the median
(10 with 10,000, 30 without a bound). On SciFact it costs nothing (2,000: .008 nDCG@10). Leaving out every term held by
more than a tenth of the passages, in libraries of any size, would cost words alone .018 hit@1 on SQuAD and .013 nDCG@10
on SciFact."""

_THREADS = 8  # word searches at once, each beside a search by meaning in the asker's own thread
STEADY = 3
"""Searches made for one whose passages an ingest does not replace before they are read."""

NO_FILTERS = Filters()


class DenseIndex(Protocol):
    """What search asks of the vectors: ``retrieval.vector_index.index.VectorIndex`` offers it."""

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
        self._threads = ThreadPoolExecutor(_THREADS, "words")

    def search(self, question: str | Blend, filters: Filters = NO_FILTERS, limit: int = 10) -> list[Hit]:
        """Return up to ``limit`` passages, best first, no two of them nearly the same text.

        A question without a word finds nothing. Only the first ``MAX_QUESTION`` characters of each text are read.

        Raises:
            FilterError: A date in ``filters`` cannot be read.
            StoreError: The store cannot be read.
            EmbeddingError: The model is missing or failing.
        """
        asked, parts = (question.question, question.parts) if isinstance(question, Blend) else (question, ())
        asked = asked[:MAX_QUESTION]
        if limit <= 0 or not terms(asked) or not self._library.counts().passages:
            return []
        for _ in range(STEADY):
            revision = self._library.revision
            hits, lost = self._search(asked, parts, filters, limit)
            if not lost or self._library.revision == revision:  # else what was found was replaced meanwhile
                break
        return hits

    def _search(self, asked: str, parts: Sequence[Part], filters: Filters, limit: int) -> tuple[list[Hit], bool]:
        """Return the hits, and whether passages that were found have left before they could be read."""
        articles = self._library.article_ids(filters) if filters else None
        if articles is not None and not articles:
            return [], False
        candidates, lost = self._candidates(asked, parts, articles, max(CANDIDATES, 2 * limit))
        hits, lost_later = self._each_once(candidates, limit)
        return hits, lost or lost_later

    def by_meaning(self, question: str, limit: int, articles: Collection[str] | None = None) -> list[tuple[str, float]]:
        """Return (passage id, cosine similarity) of the dense side alone, best first."""
        return self._vectors.search(self._embedder.embed_query(question[:MAX_QUESTION]), limit, articles)

    def by_words(self, question: str, limit: int, articles: Collection[str] | None = None) -> list[tuple[str, float]]:
        """Return (passage id, BM25) of the word side alone, best first."""
        chosen = self._chosen_terms(question[:MAX_QUESTION])
        return self._library.search_words(list(chosen), limit=limit, article_ids=articles, weights=COLUMN_WEIGHTS)

    def _candidates(
        self, question: str, parts: Sequence[Part], articles: list[str] | None, depth: int
    ) -> tuple[list[Fused], bool]:
        asked_words = [part for part in parts if part.words > 0]
        by_words = self._threads.submit(self._worded, question, asked_words, articles, depth)
        meant = [(part.meaning, part.text[:MAX_QUESTION]) for part in parts if part.meaning > 0]
        vector = direction(
            self._embedder.embed_query(question), [(weight, self._embedder.embed_query(text)) for weight, text in meant]
        )
        dense = self._vectors.search(vector, depth, articles)
        worded, weight = by_words.result()
        seen = {identifier for identifier, _ in dense}
        beyond = [identifier for identifier, _ in worded if identifier not in seen]
        cosines = self._cosines(vector, beyond)
        return fuse(dense, worded, cosines, weight), len(cosines) < len(beyond)

    def _worded(
        self, question: str, parts: Sequence[Part], articles: list[str] | None, depth: int
    ) -> tuple[list[tuple[str, float]], float]:
        """Return (passage id, BM25), best first, and the weight of the terms that were looked for."""
        passages = self._library.counts().passages
        chosen = self._chosen_terms(question)
        worded = self._library.search_words(list(chosen), limit=depth, article_ids=articles, weights=COLUMN_WEIGHTS)
        weight = question_weight(chosen.values(), passages)
        if not parts:
            return worded, weight
        lists, known = [(1.0, worded)], set(chosen)
        for part in parts:
            fresh = {
                term: holding
                for term, holding in self._chosen_terms(part.text[:MAX_QUESTION]).items()
                if term not in known
            }
            known |= fresh.keys()
            found = self._library.search_words(list(fresh), limit=depth, article_ids=articles, weights=COLUMN_WEIGHTS)
            lists.append((part.words, found))
            weight += part.words * question_weight(fresh.values(), passages)
        return summed(lists, depth), weight

    def _chosen_terms(self, question: str) -> dict[str, int]:
        """Return the terms to look for and the number of passages that hold each, rarest first."""
        asked = terms(question, keep_stop_words=False) or terms(question)
        frequencies = self._library.document_frequencies(asked)
        chosen: dict[str, int] = {}
        postings = 0
        for term, holding in sorted(frequencies.items(), key=lambda found: (found[1], found[0])):
            if holding == 0:
                continue
            postings += holding
            if chosen and postings > POSTINGS:
                break
            chosen[term] = holding
        return chosen

    def _cosines(self, vector: NDArray[np.float32], identifiers: Sequence[str]) -> dict[str, float]:
        """Return the question's cosine with each passage, without those that left the library meanwhile."""
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

    def _each_once(self, candidates: list[Fused], limit: int) -> tuple[list[Hit], bool]:
        """Turn candidates into hits, best first, leaving out repeats of better ones and passages that have left.

        Returns:
            The hits, and whether any had left.
        """
        hits: list[Hit] = []
        lost = False
        repeats = Repeats(self._library, [found.id for found in candidates])
        for start in range(0, len(candidates), limit):
            batch = {found.id: found for found in candidates[start : start + limit]}
            passages = self._library.passages(list(batch))
            infos = self._library.infos({passage.article_id for passage in passages})
            lost = lost or len(passages) < len(batch) or any(passage.article_id not in infos for passage in passages)
            repeats.know(infos)
            for passage in passages:
                if passage.article_id not in infos or not repeats.keep(passage):
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


class PassageRetriever(BaseRetriever):
    """Search as LangChain's retriever: ``invoke(question)`` returns Documents, best first.

    ``page_content`` is the passage, verbatim; ``metadata`` says where it stands: ``article_id``, ``title``, ``path``,
    ``url``, ``source``, ``author``, ``published``, ``start`` and ``end`` (characters of the article), ``score``.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    searcher: Searcher
    filters: Filters = NO_FILTERS
    limit: int = 10

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:  # noqa: ARG002 (LangChain's signature)
        return [document(hit) for hit in self.searcher.search(query, self.filters, self.limit)]


def document(hit: Hit) -> Document:
    """Return a hit as LangChain's Document; see ``PassageRetriever`` for its metadata."""
    article, span = hit.article, hit.passage.span
    metadata: dict[str, Any] = {
        "article_id": article.id,
        "title": article.title,
        "path": article.path,
        "url": article.url,
        "source": article.source,
        "author": article.author,
        "published": article.published,
        "start": span.start,
        "end": span.end,
        "score": hit.score,
    }
    return Document(id=hit.passage.id, page_content=hit.passage.text, metadata=metadata)
