"""Likely sentences: what is asked of a topic, in the sentences that the cross-encoder holds likeliest to answer."""

from __future__ import annotations

from dataclasses import replace

from bot.answering.model import logistic
from bot.answering.reader import UNLIKELY
from bot.answering.term_weights import TermWeights
from bot.answers import Answer, QuestionKind
from bot.composition.digest import quoted_spans
from bot.composition.draft import AnswerDraft
from bot.composition.request import CompositionRequest
from bot.composition.topic_aspect import ANY_ASPECT, AspectFinder, TopicAspect
from bot.composition.topic_search import TopicSearcher
from bot.render.sources import headline_of
from retrieval.embedding.cross_encoder import CrossEncoder
from retrieval.store.library import Library

MIN_SURE = 0.0
"""The cross-encoder's log odds of the likeliest sentence from which they answer; below, they may."""
MAX_OF_FACT = 3
"""Sentences of what one sentence says, where it is not sure which."""
_ONE_SENTENCE = frozenset({QuestionKind.FACT, QuestionKind.WHO_SAID})
METHOD = (
    "The articles most about it were read whole; the sentences that the reader's cross-encoder holds likeliest to "
    "answer are shown, the likeliest first."
)


class LikelySentences:
    """Composes answers of several sentences where no names, figures or sides tell which.

    Args:
        topics: Finds the articles.
        library: The library they are in.
        cross_encoder: Scores sentences as answers.
    """

    def __init__(self, topics: TopicSearcher, library: Library, cross_encoder: CrossEncoder) -> None:
        self._library = library
        self._aspects = AspectFinder(topics, library, TermWeights(library), cross_encoder)

    def compose(self, request: CompositionRequest) -> Answer | None:
        """Return the likeliest sentences of the articles about a question; None where fewer than two are likely.

        Raises:
            OnrecordError: The store or a model cannot be used.
            ArticleReplaced: An article left the library since it was found.
        """
        most = MAX_OF_FACT if request.decision.kind in _ONE_SENTENCE else ANY_ASPECT.most
        return self.of_aspect(request, replace(ANY_ASPECT, topic=request.topic, most=most))

    def of_aspect(self, request: CompositionRequest, aspect: TopicAspect) -> Answer | None:
        """Return the sentences that tell of an aspect of a topic; None where none does, or few do.

        Raises:
            OnrecordError: As ``compose``.
            ArticleReplaced: As ``compose``.
        """
        in_hand = {place.article_id for place in request.history[-1].places} if request.history else frozenset()
        told = self._aspects.find(request.standalone, aspect, request.searched.filters, in_hand)
        found = told.sentences
        if not found:
            return None
        draft = AnswerDraft(self._library, request)
        article = ""
        for each, span in zip(found, quoted_spans(found), strict=True):
            if each.article.id != article:
                article = each.article.id
                draft.heading(headline_of(each.article))
            draft.quote(each.hit, span)
        draft.note("The likeliest sentences; their articles may say more.")
        answer = draft.answer(METHOD)
        if not aspect.is_any:
            return answer
        answer = replace(answer, confidence=logistic(told.odds))
        return replace(answer, possibly=True, doubts=(UNLIKELY,)) if told.odds < MIN_SURE else answer
