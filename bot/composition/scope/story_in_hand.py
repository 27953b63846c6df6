"""Story in hand: overviews and timelines of what the articles of the last answer tell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.answers import Answer, QuestionKind
from bot.composition.conversation_scope import SCOPE_REMARK, ScopeAnswerer, scope_of
from bot.composition.question_kind import decide_kind
from bot.composition.request import CompositionRequest, KindDecision
from bot.composition.scope.articles_in_hand import allowed, names_of
from bot.composition.scope.library_answer import LibraryAnswerer
from bot.composition.scope.retrieval_step import Retrieved
from bot.conversation.rule_rewriter import has_pronoun
from retrieval.text.lazy_pattern import LazyPattern

TOLD = frozenset({QuestionKind.OVERVIEW, QuestionKind.TIMELINE})
"""Kinds of questions that the articles of the last answer are told for where they name nothing of their own."""
_TIMELINE_OF = LazyPattern(r"\b(?:timeline|chronology|history|sequence|events) (?:of|for|on|about|in)\b", re.IGNORECASE)
"""What names the topic of a timeline, which may be another than the conversation's."""
MAX_WHOLE = 2
"""Articles up to which a timeline is of all that they tell."""


@dataclass(frozen=True, slots=True)
class Story:
    """An overview or timeline that may be of the articles in hand.

    Attributes:
        question: What asks for it.
        decision: Its kind and topic.
        articles: The ids of the articles that tell it.
        may_be_other: Whether it names a topic that none of them tells of: it is theirs where no other article tells of
            it, either.
    """

    question: str
    decision: KindDecision
    articles: tuple[str, ...]
    may_be_other: bool


class StoriesInHand:
    """Tells what the articles of the last answer tell: "how did the fire unfold?".

    Args:
        scoped: Says which of them tell of a topic.
        library: Composes overviews and timelines.
    """

    def __init__(self, scoped: ScopeAnswerer, library: LibraryAnswerer) -> None:
        self._scoped = scoped
        self._library = library

    def story(self, retrieved: Retrieved) -> Story | None:
        """Return what a question asks these articles for.

        None where it asks for something else, names something itself, or something of which these tell little.
        """
        asked, plain = retrieved.asked, retrieved.plain
        own, names = decide_kind(plain), names_of(plain)
        timeline = retrieved.decision.kind is QuestionKind.TIMELINE and has_pronoun(plain)
        refers = timeline and (names or own.kind not in TOLD)  # "how did it get to the Senate, step by step?"
        if refers:
            own = replace(retrieved.decision, topic=" ".join(names), dependent=False)
        told = own.kind in TOLD and not retrieved.meant.new_topic
        scope = scope_of("" if refers else plain, asked.history) if told else None
        if (
            scope is None
            or retrieved.decision.kind not in TOLD
            or (own.kind is QuestionKind.OVERVIEW and own.dependent)
        ):
            return None
        topic = "" if own.dependent else own.topic
        in_hand = allowed(scope.articles, asked.filters)
        articles = tuple(each for each in in_hand if self._scoped.tells_of(each, topic))
        may_be_other = False
        if own.kind is QuestionKind.TIMELINE and not articles:  # "trace the route, step by step", in words of its own
            articles, may_be_other = in_hand[:MAX_WHOLE], _TIMELINE_OF.search(plain) is not None
        if not articles:
            return None
        whole = own.kind is QuestionKind.TIMELINE and len(articles) <= MAX_WHOLE
        question = retrieved.understood.standalone if refers else plain
        return Story(question, replace(own, topic="" if whole else topic), articles, may_be_other)

    def told(self, story: Story, retrieved: Retrieved) -> Answer | None:
        """Return the overview or timeline of the articles in hand; None where they tell nothing."""
        asked, searched = retrieved.asked, retrieved.searched
        filters = replace(asked.filters, articles=story.articles)
        request = CompositionRequest(
            asked.question, story.question, story.decision, asked.history, replace(searched, filters=filters)
        )
        answer = self._library.compose(request)
        if answer is None or not answer.citations:
            return None
        told = retrieved.under_question(replace(answer, searched=searched))
        in_hand = {place.article_id for turn in asked.history for place in turn.places}
        return told.with_remark(SCOPE_REMARK) if in_hand & set(story.articles) else told


def whole_story(retrieved: Retrieved, articles: Sequence[str]) -> Story:
    """Return a timeline of all that the first articles in hand tell."""
    decision = replace(retrieved.decision, topic="", dependent=False)
    return Story(retrieved.plain, decision, tuple(articles[:MAX_WHOLE]), may_be_other=False)
