"""Overviews: an article, a topic or everything in a few verbatim sentences."""

from __future__ import annotations

from bot.answers import Answer
from bot.composition.request import CompositionRequest
from bot.composition.topic_search import TopicSearcher
from retrieval.embedding.embedder import Embedder
from retrieval.store.library import Library


class OverviewComposer:
    """Composes overviews."""

    def __init__(self, topics: TopicSearcher, library: Library, embedder: Embedder) -> None:
        self._topics = topics
        self._library = library
        self._embedder = embedder

    def compose(self, request: CompositionRequest) -> Answer | None:  # noqa: ARG002
        """Return the answer; None where there is nothing of this kind."""
        return None
