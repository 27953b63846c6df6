"""The composers by the kind of question that they answer."""

from __future__ import annotations

from collections.abc import Mapping

from bot.answering.speech_search import PassageSearch
from bot.answering.time_constraint import QuestionClock
from bot.answers import QuestionKind
from bot.composition.collection import CollectionComposer
from bot.composition.comparison import ComparisonComposer
from bot.composition.enumeration import EnumerationComposer
from bot.composition.frequent_names import FrequentNames
from bot.composition.last_answer import LastAnswerComposer
from bot.composition.overview import OverviewComposer
from bot.composition.request import Composer
from bot.composition.small_talk import SmallTalkComposer
from bot.composition.timeline import TimelineComposer
from bot.composition.topic_search import TopicSearcher
from retrieval.embedding.cross_encoder import CrossEncoder
from retrieval.store.library import Library


def composers(
    search: PassageSearch, library: Library, clock: QuestionClock, cross_encoder: CrossEncoder
) -> Mapping[QuestionKind, Composer]:
    """Return the composers over a library.

    Args:
        search: Finds passages.
        library: The library it searches.
        clock: The day against which dates of a question are read.
        cross_encoder: Scores sentences as answers.
    """
    topics = TopicSearcher(search, library)
    names = FrequentNames(library)
    small_talk = SmallTalkComposer(library)
    return {
        QuestionKind.OVERVIEW: OverviewComposer(topics, library),
        QuestionKind.TIMELINE: TimelineComposer(topics, library, clock),
        QuestionKind.COMPARISON: ComparisonComposer(search, topics, library, clock),
        QuestionKind.LIST: EnumerationComposer(topics, library, cross_encoder, names),
        QuestionKind.COLLECTION: CollectionComposer(topics, library, clock, names),
        QuestionKind.LAST_ANSWER: LastAnswerComposer(topics, library),
        QuestionKind.SMALL_TALK: small_talk,
        QuestionKind.COMMAND: small_talk,
    }
