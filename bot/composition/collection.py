"""The collection: how many articles, from when, which outlets and authors, and who reported a topic first."""

from __future__ import annotations

from bot.answers import Answer
from bot.composition.request import CompositionRequest
from bot.composition.topic_search import TopicSearcher
from retrieval.store.library import Library


class CollectionComposer:
    """Answers questions about the articles themselves."""

    def __init__(self, topics: TopicSearcher, library: Library) -> None:
        self._topics = topics
        self._library = library

    def compose(self, request: CompositionRequest) -> Answer | None:  # noqa: ARG002
        """Return the answer; None where there is nothing of this kind."""
        return None
