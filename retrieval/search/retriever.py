"""Hybrid search as a LangChain retriever."""

from __future__ import annotations

from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from retrieval.articles import Filters, Hit
from retrieval.search.hybrid import NO_FILTERS, Searcher


class PassageRetriever(BaseRetriever):
    """Hybrid search as a LangChain retriever: ``invoke(question)`` returns documents, best first.

    ``page_content`` is the passage, verbatim; ``metadata`` has ``article_id``, ``title``, ``path``,
    ``url``, ``source``, ``author``, ``published``, ``start`` and ``end`` (characters of the article), ``score``.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    searcher: Searcher
    filters: Filters = NO_FILTERS
    limit: int = 10

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:  # noqa: ARG002 (LangChain's signature)
        return [document(hit) for hit in self.searcher.search(query, self.filters, self.limit)]


def document(hit: Hit) -> Document:
    """Return a hit as a LangChain document; see ``PassageRetriever`` for its metadata."""
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
