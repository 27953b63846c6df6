"""Answer completion: the likeliest sentences of the articles in hand, where an answer has few or comes from others."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.answering.reader import UNLIKELY
from bot.answering.speech_question import quoted_words
from bot.answers import Answer, QuestionKind
from bot.composition.conversation_scope import SCOPE_REMARK
from bot.composition.further_sentences import MAX_TOGETHER, with_further, with_nearest, with_only
from bot.composition.item_list_search import METHOD as WRITTEN_LIST
from bot.composition.request import Composer
from bot.composition.scope.articles_in_hand import ArticlesInHand
from bot.composition.scope.retrieval_step import Retrieved
from bot.composition.scope.speaker_doubt import is_spoken, names_speaker, naming_speaker
from bot.conversation.question_patterns import bare_question_word
from bot.conversation.separate_questions import separate_questions
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import QUESTION_AUXILIARIES, alternation

ANSWERS = frozenset({QuestionKind.FACT, QuestionKind.WHO_SAID})
"""Kinds of questions that one sentence answers."""
_OF_SEVERAL = frozenset({QuestionKind.LIST, QuestionKind.COMPARISON})
"""Kinds of questions that one sentence seldom answers."""
MIN_COMPARED = 2
"""Sentences of a comparison; with fewer, each of its clauses is answered by itself."""
MIN_COMPLETE = {QuestionKind.LIST: 6, QuestionKind.COMPARISON: MAX_TOGETHER}
"""Sentences from which an answer of several things is not completed."""
MAX_OF_ONE = 3
"""Sentences of what one sentence answers, with those that may."""
MIN_PLAIN = 0.5
"""Probability from which the sentence of a fact stands alone."""
MIN_SURE = 0.8
"""Probability from which the sentence of a reason or an account does."""
_OPEN_ENDED = LazyPattern(
    rf"\b(?:why|how come|what(?:['’]?s| (?:happened|{alternation(QUESTION_AUXILIARIES)})))\b",
    re.IGNORECASE,
)
"""How a reason or an account is asked for, of which one sentence seldom gives all."""
MIN_WORDS_HELD = 0.5
"""Share of a question's words that an article in hand has to have for it to be asked of it."""
MAX_READ = 3
"""Articles of the answer whose other sentences complete it."""


class AnswerCompletion:
    """Completes answers.

    Args:
        likely: Returns what composes the likeliest sentences.
        in_hand: Says which articles a question may go on with.
        answer_each: Answers the questions that were asked at once.
    """

    def __init__(
        self, likely: Callable[[], Composer], in_hand: ArticlesInHand, answer_each: Callable[[Retrieved], Answer]
    ) -> None:
        self._likely = likely
        self._in_hand = in_hand
        self._answer_each = answer_each

    def completed(self, answer: Answer, retrieved: Retrieved, articles: Sequence[str] = ()) -> Answer:
        """Return an answer; of several things that it has few sentences of, with the likeliest others.

        What follows another question is rather told by the likeliest sentences of the articles in hand than by other
        articles: of several things, and of what these only may say. Each clause of a comparison of which nothing sure
        was found is answered by itself.

        Args:
            answer: The answer.
            retrieved: The question.
            articles: The ids of the articles in hand; none: those that have what the question names.
        """
        kind = retrieved.decision.kind
        apart = retrieved.meant.before or quoted_words(retrieved.asked.question)  # of another time, or of all articles
        if kind not in _OF_SEVERAL | ANSWERS or apart:
            return answer
        sure, cited = not (answer.message or answer.possibly), len(answer.citations)
        hand = tuple(articles) or self._in_hand.holding(retrieved, 0.0 if answer.message else MIN_WORDS_HELD)
        strayed = bool(hand) and not any(each.article.id in hand for each in answer.citations)
        if kind in ANSWERS:
            lost = strayed and (answer.possibly or (bool(answer.message) and kind is QuestionKind.WHO_SAID))
            return (self.told(retrieved, hand) if lost else None) or self._with_others(answer, retrieved)
        few = kind is QuestionKind.COMPARISON and not (sure and cited >= MIN_COMPARED)
        if few and (separate := separate_questions(retrieved.asked.question)):
            each = self._answer_each(replace(retrieved, separate=separate))
            return each if each.citations else self._likeliest(retrieved, hand) or each
        if sure and not strayed and (cited >= MIN_COMPLETE[kind] or answer.method == WRITTEN_LIST):
            return answer
        found = self._likeliest(retrieved, hand)
        if found is None or (strayed and sure and found.possibly):
            return answer
        return with_further(answer, found) if sure and not strayed else found

    def _with_others(self, answer: Answer, retrieved: Retrieved) -> Answer:
        """Return what one sentence answers with others of its articles, where it only may, or more may be asked for."""
        cited = len(answer.citations)
        if answer.message or cited >= MAX_OF_ONE or answer.composed:
            return answer
        doubted = answer.possibly and retrieved.asked.history  # a first question's answer is rather found soon
        if doubted or retrieved.decision.rival:
            found = self._likeliest(retrieved, tuple(dict.fromkeys(each.article.id for each in answer.citations)))
            return with_further(answer, found) if found else answer
        open_ended = answer.confidence < MIN_SURE and _OPEN_ENDED.search(retrieved.plain)
        plain = answer.possibly or answer.confidence >= MIN_PLAIN or bare_question_word(retrieved.asked.question)
        return answer if plain and not open_ended else with_nearest(answer, MAX_OF_ONE)

    def told(self, retrieved: Retrieved, hand: Sequence[str]) -> Answer | None:
        """Return the likeliest sentences of the articles in hand; of a fact or somebody's words what they may say.

        None where nothing is likely, or nothing names whoever is asked about.
        """
        found, asked = self._likeliest(retrieved, hand), retrieved.plain
        if retrieved.decision.kind not in ANSWERS:
            return found
        if found and is_spoken(asked):
            found = with_only(found, [each for each in found.citations if names_speaker(each.quote, asked)])
            found = naming_speaker(found, asked) if found.citations else None
        return replace(found, possibly=True, doubts=found.doubts or (UNLIKELY,)) if found else None

    def _likeliest(self, retrieved: Retrieved, articles: Sequence[str]) -> Answer | None:
        """Return the likeliest sentences of articles, of those nearest to the question where none are given."""
        request = retrieved.request
        filters = request.searched.filters
        filters = replace(filters, articles=tuple(articles)[:MAX_READ] or filters.articles)
        found = self._likely().compose(replace(request, searched=replace(request.searched, filters=filters)))
        if found is None:
            return None
        found = replace(found, searched=retrieved.searched)
        in_hand = {place.article_id for turn in retrieved.asked.history for place in turn.places}
        return found.with_remark(SCOPE_REMARK) if in_hand & set(articles) else found
