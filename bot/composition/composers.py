"""The composers by the kind of question that they answer, each imported and made at its first use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.answering.speech_search import PassageSearch
from bot.answering.time_constraint import QuestionClock
from bot.answers import QuestionKind
from bot.component import component
from bot.composition.frequent_names import FrequentNames
from bot.composition.request import Composer
from bot.composition.topic_search import TopicSearcher
from retrieval.embedding.cross_encoder import CrossEncoder
from retrieval.store.library import Library


class Composers(Mapping[QuestionKind, Composer]):
    """The composers over a library. Safe to share between threads.

    Args:
        search: Finds passages.
        library: The library it searches.
        clock: The day against which dates of a question are read.
        cross_encoder: Scores sentences as answers.
    """

    def __init__(
        self, search: PassageSearch, library: Library, clock: QuestionClock, cross_encoder: CrossEncoder
    ) -> None:
        self._search = search
        self._library = library
        self._clock = clock
        self._cross_encoder = cross_encoder
        self._topics = TopicSearcher(search, library)
        self._names = FrequentNames(library)

    def __getitem__(self, kind: QuestionKind) -> Composer:
        made: Composer = getattr(self, _ATTRIBUTES[kind])
        return made

    def __iter__(self) -> Iterator[QuestionKind]:
        return iter(_ATTRIBUTES)

    def __len__(self) -> int:
        return len(_ATTRIBUTES)

    def __contains__(self, kind: object) -> bool:
        return kind in _ATTRIBUTES

    def warm(self) -> None:
        """Make all of them now."""
        for kind in self:
            _ = self[kind]

    @component
    def likely(self) -> Composer:
        """Answers a comparison of which nothing can be laid side by side."""
        from bot.composition.likely_sentences import LikelySentences  # noqa: PLC0415

        return LikelySentences(self._topics, self._library, self._cross_encoder)

    @component
    def _overview(self) -> Composer:
        from bot.composition.overview import OverviewComposer  # noqa: PLC0415 (late: a fact needs none of them)

        return OverviewComposer(self._topics, self._library, self._cross_encoder)

    @component
    def _timeline(self) -> Composer:
        from bot.composition.timeline import TimelineComposer  # noqa: PLC0415

        return TimelineComposer(self._topics, self._library, self._clock, self._cross_encoder)

    @component
    def _comparison(self) -> Composer:
        from bot.composition.comparison import ComparisonComposer  # noqa: PLC0415

        return ComparisonComposer(self._search, self._topics, self._library, self._clock, self._cross_encoder)

    @component
    def _enumeration(self) -> Composer:
        from bot.composition.enumeration import EnumerationComposer  # noqa: PLC0415

        return EnumerationComposer(self._topics, self._library, self._cross_encoder, self._names)

    @component
    def _collection(self) -> Composer:
        from bot.composition.collection import CollectionComposer  # noqa: PLC0415

        return CollectionComposer(self._topics, self._library, self._clock, self._names)

    @component
    def _last_answer(self) -> Composer:
        from bot.composition.last_answer import LastAnswerComposer  # noqa: PLC0415

        return LastAnswerComposer(self._topics, self._library)

    @component
    def _small_talk(self) -> Composer:
        from bot.composition.small_talk import SmallTalkComposer  # noqa: PLC0415

        return SmallTalkComposer(self._library)


_ATTRIBUTES: Mapping[QuestionKind, str] = {
    QuestionKind.OVERVIEW: "_overview",
    QuestionKind.TIMELINE: "_timeline",
    QuestionKind.COMPARISON: "_comparison",
    QuestionKind.LIST: "_enumeration",
    QuestionKind.COLLECTION: "_collection",
    QuestionKind.LAST_ANSWER: "_last_answer",
    QuestionKind.SMALL_TALK: "_small_talk",
    QuestionKind.COMMAND: "_small_talk",
}
