"""Timelines: the dated events of a topic or person, the earliest first."""

from __future__ import annotations

from bot.answers import Answer
from bot.composition.request import CompositionRequest
from bot.composition.topic_search import TopicSearcher
from retrieval.store.library import Library


class TimelineComposer:
    """Composes timelines."""

    def __init__(self, topics: TopicSearcher, library: Library) -> None:
        self._topics = topics
        self._library = library

    def compose(self, request: CompositionRequest) -> Answer | None:  # noqa: ARG002
        """Return the answer; None where there is nothing of this kind."""
        return None
