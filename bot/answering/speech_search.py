"""Search for speech: beside the passages found for a question, those in which its speaker or its quoted words occur."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from bot.answering.speech_question import (
    SpeechQuestion,
    parse_according_to,
    parse_speech_question,
    quoted_words,
)
from bot.answering.speech_record import StatementSearch, recorded_entries, timely
from bot.answering.time_constraint import QuestionClock
from bot.answering.who_said import QuoteSearch
from retrieval.articles import ArticleInfo, Filters, Hit, Passage
from retrieval.quotes.verdict import Match, Nearest
from retrieval.search.query import WeightedQuery
from retrieval.text.analyzer import terms
from retrieval.text.names import surname

MAX_ADDED = 5
"""Passages added to those that were found: each costs the reader about 2 ms."""
MAX_RECORDED = 3
"""Of these, passages with the speaker's latest statements on the topic."""
NO_FILTERS = Filters()


class PassageSearch(Protocol):
    """Finds passages: ``retrieval.search.hybrid.Searcher``."""

    def search(self, question: str | WeightedQuery, filters: Filters = ..., limit: int = ...) -> list[Hit]:
        """Return up to ``limit`` hits, best first."""
        ...


class PassageLibrary(Protocol):
    """The passages of a library, by words and by article: ``retrieval.store.library.Library``."""

    def article_ids(self, filters: Filters = ...) -> list[str]:
        """Return the ids of the articles that match ``filters``."""
        ...

    def search_words(
        self, terms: Sequence[str], *, limit: int, article_ids: Sequence[str] | None = ...
    ) -> list[tuple[str, float]]:
        """Return up to ``limit`` passages that contain any of ``terms``, best first."""
        ...

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        """Return passages in the given order."""
        ...

    def passages_of(self, article_id: str) -> list[Passage]:
        """Return an article's passages in order."""
        ...

    def infos(self, article_ids: Sequence[str]) -> dict[str, ArticleInfo]:
        """Return articles without their text, by id."""
        ...


class SpeechSearcher:
    """A search that adds what a speaker says, or where quoted words occur, to the passages found for a question.

    Args:
        inner: The search for all questions.
        library: The library it searches.
        desk: Finds quoted words in it.
        record: Knows who said what in it.
        clock: The day against which a question is read.
    """

    def __init__(
        self,
        inner: PassageSearch,
        library: PassageLibrary,
        desk: QuoteSearch,
        record: StatementSearch,
        clock: QuestionClock,
    ) -> None:
        self._inner = inner
        self._library = library
        self._desk = desk
        self._record = record
        self._clock = clock

    def search(self, question: str | WeightedQuery, filters: Filters = NO_FILTERS, limit: int = 10) -> list[Hit]:
        """Return the inner search's hits, best first, then up to ``MAX_ADDED`` of the speaker's.

        Raises:
            OnrecordError: As the inner search.
        """
        hits = self._inner.search(question, filters, limit)
        text = question.question if isinstance(question, WeightedQuery) else question
        known = {hit.passage.id for hit in hits}
        added = [each for each in self._speech_passages(text, filters) if each.id not in known][:MAX_ADDED]
        infos = self._library.infos([each.article_id for each in added]) if added else {}
        fresh = [each for each in added if each.article_id in infos]
        return [
            *hits,
            *(Hit(each, infos[each.article_id], 0.0, rank) for rank, each in enumerate(fresh, len(hits) + 1)),
        ]

    def _speech_passages(self, question: str, filters: Filters) -> Iterable[Passage]:
        if words := quoted_words(question):
            return self._quoted(words, filters)
        asked = parse_speech_question(question)
        recorded = self._recorded(question, asked, filters) if asked else []
        asked = asked or parse_according_to(question)
        if asked is None:
            return []
        articles = self._library.article_ids(filters) if filters else None
        wanted = [*terms(surname(asked.who)), *asked.topic]
        found = self._library.search_words(wanted, limit=2 * MAX_ADDED, article_ids=articles)
        passages = self._library.passages([name for name, _ in found])
        known = {passage.id for passage in recorded}
        return [*recorded, *(passage for passage in passages if passage.id not in known)]

    def _recorded(self, question: str, asked: SpeechQuestion, filters: Filters) -> list[Passage]:
        """Return passages with the speaker's statements on the topic, the latest first."""
        found: list[Passage] = []
        for entry in reversed(recorded_entries(self._record, asked, timely(filters, question, self._clock))):
            shown = entry.shown
            passages = self._library.passages_of(shown.article.id)
            near = (each for each in passages if each.span.overlaps(shown.statement.span) and each not in found)
            found += list(near)[:1]
            if len(found) >= MAX_RECORDED:
                break
        return found

    def _quoted(self, words: str, filters: Filters) -> list[Passage]:
        """Return the passages in which quoted words occur."""
        verdict = self._desk.check(words, None, filters or None)
        found = []
        places: tuple[Match | Nearest, ...] = (*verdict.matches, *verdict.variants, *verdict.nearest)
        for place in places[:MAX_ADDED]:
            passages = self._library.passages_of(place.article.id)
            found += [each for each in passages if each.span.overlaps(place.span)][:1] or passages[:1]
        return found
