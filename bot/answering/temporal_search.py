"""Search for dated questions: without their dates as words, and with articles of the time asked for first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.answering.speech_search import PassageSearch
from bot.answering.time_constraint import QuestionClock, TimeConstraint, TimeFit, time_constraint
from retrieval.articles import Filters, Hit
from retrieval.search.query import QueryComponent, WeightedQuery

DEPTH = 2
"""Times the passages wanted that are searched, so that those of the time asked for are among them."""
DATE_WORD_WEIGHT = 0.5
"""Weight of the words of a date in word search, where the question's are 1: an article may have them."""
PUBLISHED_WEIGHT = 0.08
"""Fused score that a fitting day of publication adds: a fifth of the way from an unrelated passage to the best."""
NO_FILTERS = Filters()


class TemporalSearcher:
    """A search that reads the dates of a question as dates.

    Args:
        inner: The search.
        clock: The day against which a question is read.
    """

    def __init__(self, inner: PassageSearch, clock: QuestionClock) -> None:
        self._inner = inner
        self._clock = clock

    def search(self, question: str | WeightedQuery, filters: Filters = NO_FILTERS, limit: int = 10) -> list[Hit]:
        """Return up to ``limit`` hits, best first; of a question without a date the inner search's.

        Raises:
            OnrecordError: As the inner search.
        """
        query = question if isinstance(question, WeightedQuery) else WeightedQuery(question)
        constraint = time_constraint(query.question, self._clock.anchor())
        if not constraint.asked:
            return self._inner.search(question, filters, limit)
        dates = QueryComponent(" ".join(constraint.dates), word_weight=DATE_WORD_WEIGHT)
        core = WeightedQuery(constraint.core, (*query.components, dates))
        hits = self._inner.search(core, filters, DEPTH * limit)
        return _reordered(constraint, hits)[:limit]


def _reordered(constraint: TimeConstraint, hits: Sequence[Hit]) -> list[Hit]:
    fit = TimeFit(constraint, hits)
    if not fit.in_time:  # an archive: each article reads the date for itself
        return list(hits)
    scored = [replace(hit, score=hit.score + PUBLISHED_WEIGHT * fit.of_article(hit)) for hit in hits]
    ordered = sorted(scored, key=lambda hit: (-hit.score, hit.rank))
    return [replace(hit, rank=rank) for rank, hit in enumerate(ordered, 1)]
