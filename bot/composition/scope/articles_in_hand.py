"""Articles in hand: those that the last answers cite, and what they say of a question that goes on with them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.answering.speech_question import of_any_topic, parse_speech_question
from bot.answers import Answer, QuestionKind
from bot.composition.conversation_scope import (
    SCOPE_REMARK,
    ConversationScope,
    ScopeAnswerer,
    asked_of_article,
    scope_of,
)
from bot.composition.question_kind import decide_kind
from bot.composition.scope.continuation import Continuation
from bot.composition.scope.library_answer import LibraryAnswerer, holds_terms
from bot.composition.scope.retrieval_step import ChainInput, Retrieval, Retrieved
from bot.composition.scope.speaker_doubt import naming_speaker
from bot.conversation.correction_parser import parse_correction
from bot.conversation.question_patterns import bare_question_word, substituted_topic
from bot.conversation.rule_rewriter import has_pronoun
from bot.conversation.store import Turn
from retrieval.articles import Filters
from retrieval.text.analyzer import terms
from retrieval.text.time_expressions import time_expressions
from retrieval.text.tokens import read_words

MAX_BEFORE = 4
"""Turns back to the answers whose articles are asked of what those of the last answer do not say."""
REFERRING = 0.5
"""Probability that a question with an open pronoun at least goes on with the articles in hand."""
MAX_IN_HAND = 3
"""Turns back to which an answer's articles are in hand: asked first of what a question names in passing."""
_READ = frozenset({QuestionKind.FACT, QuestionKind.WHO_SAID, QuestionKind.LIST})
"""Kinds of questions after whose answer "and Apple?" asks the same of Apple."""


class ArticlesInHand:
    """Asks the articles that the last answers cite.

    Args:
        scoped: Reads them.
        library: Answers from the articles that are searched.
        retrieve: Finds the passages for a question by itself.
        attempt: Answers a question by itself.
        continuation: Says how likely a question goes on with them; None: the words of both decide alone.
    """

    def __init__(
        self,
        scoped: ScopeAnswerer,
        library: LibraryAnswerer,
        retrieve: Retrieval,
        attempt: Callable[[Retrieved], Answer],
        continuation: Continuation | None = None,
    ) -> None:
        self._scoped = scoped
        self._library = library
        self._retrieve = retrieve
        self._attempt = attempt
        self._continuation = continuation

    def within(self, retrieved: Retrieved, scope: ConversationScope) -> Answer | None:
        """Return the answer from the articles that a question is about; None where they hold none."""
        asked, understood = retrieved.asked, retrieved.understood
        ids = allowed(scope.articles, asked.filters)
        plain = retrieved.plain
        bare = bare_question_word(asked.question)
        # A person whom neither the topic nor the answer names may be the wrong one: "When was Jefferson arrested?".
        added = added_names(understood.standalone, plain)
        told = set(terms(f"{scope.topic} {asked.history[-1].standalone_question}"))  # "Haslam", or his full name
        known = retrieved.decision.kind is not QuestionKind.FACT or added <= told or bool(added & told)
        resolved = bare or (known and has_pronoun(asked.question) and "(" not in understood.standalone)
        text = understood.standalone if resolved else plain
        if not ids:
            return None
        filters = replace(asked.filters, articles=ids)
        topic = asked_of_article(understood.standalone)
        answer: Answer | None
        if topic:
            answer = self._attempt(self._retrieve(ChainInput(f"Tell me about {topic}", filters)))
            text = understood.standalone
        else:
            answer = self._by_kind(retrieved, ChainInput(text, filters))
            if answer is None or answer.message or answer.possibly:
                answer = self._of_speaker(retrieved, text, filters) or answer
        if answer is None or (not topic and (answer.message or answer.possibly)):
            before = understood.shown if retrieved.meant.before else ()
            last = asked.history[-1].places
            read = self._scoped.answer(text if bare else plain, text, scope.topic, filters, shown=last, before=before)
            answer = _surer(answer, naming_speaker(read, text))
        if answer is None or answer.message:
            return None
        quoted = set(terms(" ".join((scope.topic, *(each.quote for each in answer.citations)))))
        shown = text.casefold() != asked.question.casefold() and (topic or added <= quoted)
        return _within_scope(answer, retrieved, text if shown else "")

    def within_earlier(self, retrieved: Retrieved, scope: ConversationScope) -> Answer | None:
        """Return what articles of earlier answers, about the same, say of a fact that those of the last do not say."""
        if retrieved.decision.kind is not QuestionKind.FACT or retrieved.meant.before or not scope.topic:
            return None
        before = (each for each in articles_before(retrieved.asked.history) if each not in scope.articles)
        articles = tuple(each for each in before if self._scoped.is_about(each, scope.topic))
        found = self.within(retrieved, replace(scope, articles=articles)) if articles else None
        return None if found is None or found.possibly else found

    def naming(self, retrieved: Retrieved, *, earlier: bool = False) -> Answer | None:
        """Return what the articles of the last answer say, or may, of what a question names; None where they do not.

        "How many died in Parkland?" is said in passing by an article about guns, which a search of all does not find.
        ``earlier``: those that answers before it cite, instead.
        """
        asked, understood = retrieved.asked, retrieved.understood
        goes_on, plain = continues(retrieved), retrieved.own_words
        spoken = retrieved.decision.kind is QuestionKind.WHO_SAID
        written_out = goes_on and (understood.about or _is_resolved(retrieved))
        text = understood.standalone if written_out else plain
        named = " ".join(names_of(plain if spoken else text)) or (substituted_topic(plain) or "" if goes_on else "")
        if understood.corrects and not understood.about:
            correction = parse_correction(retrieved.plain)
            named = correction.new if correction else named
        in_hand = articles_before(asked.history) if earlier else articles_in_hand(asked.history)
        ids = tuple(each for each in allowed(in_hand, asked.filters) if self._scoped.is_about(each, named))
        apart = understood.given or retrieved.meant.refusal or not (named and ids)
        if apart or not (goes_on or retrieved.decision.kind is QuestionKind.FACT):
            return None
        filters = replace(asked.filters, articles=ids)
        answer = self._by_kind(retrieved, ChainInput(text, filters))
        if answer is None or answer.message or answer.possibly:
            said = self._of_speaker(retrieved, text, filters)
            read = None if said else self._scoped.answer(text, text, "", filters, shown=asked.history[-1].places)
            answer = said or _surer(answer, naming_speaker(read, text) if read else None)
        if answer is None or answer.message or not holds_terms(answer, understood.about):
            return None
        written = understood.standalone if understood.standalone.casefold() != asked.question.casefold() else ""
        return _within_scope(answer, retrieved, written)

    def read(self, retrieved: Retrieved, articles: Sequence[str]) -> Answer | None:
        """Return what articles say of a question in its own words, or may; None where they do not.

        The turns before it may have put a wrong name in the place of its pronouns.
        """
        if retrieved.understood.standalone.casefold() == retrieved.plain.casefold():
            return None
        plain, history = retrieved.plain, retrieved.asked.history
        filters = replace(retrieved.asked.filters, articles=tuple(articles))
        read = self._scoped.answer(plain, plain, "", filters, shown=history[-1].places)
        found = naming_speaker(read, plain)
        return None if found is None or found.message else _within_scope(found, retrieved, "")

    def going_on(self, retrieved: Retrieved, articles: Sequence[str]) -> float:
        """Return the probability that a question goes on with articles of the conversation; 0 where it is not known.

        What has a pronoun that nothing was put in for likely does, whatever its words.
        """
        meant = retrieved.meant
        if self._continuation is None or meant.new_topic or meant.refusal or meant.resolved.given or not articles:
            return 0.0
        least = REFERRING if has_pronoun(meant.resolved.standalone) else 0.0
        return max(least, self._continuation.probability(retrieved.plain, articles) or 0.0)

    def holding(self, retrieved: Retrieved, least: float) -> tuple[str, ...]:
        """Return the articles of the last answer that a question may go on with: those that have all that it names.

        Args:
            retrieved: The question.
            least: Share of its words that they have to have where it names nothing.
        """
        meant, history, plain = retrieved.meant, retrieved.asked.history, retrieved.plain
        if not history or meant.new_topic or meant.refusal or meant.resolved.given:
            return ()
        if named := " ".join(names_of(plain)):
            return tuple(each for each in articles_in_hand(history) if self._scoped.is_about(each, named))
        scope = scope_of(plain, history)
        articles = scope.articles if scope else articles_in_hand(history)
        return tuple(each for each in articles if self._scoped.is_about(each, plain, least))

    def _by_kind(self, retrieved: Retrieved, asked: ChainInput) -> Answer | None:
        """Return the answer of these articles to a question that is no fact; None where only a sentence may."""
        kind = retrieved.decision.kind
        if kind is QuestionKind.FACT:
            return None
        found = self._retrieve(asked)
        if not self._library.composes(kind):
            return self._attempt(found)
        return self._library.composed(replace(found, asked=replace(asked, history=retrieved.asked.history)))

    def _of_speaker(self, retrieved: Retrieved, text: str, filters: Filters) -> Answer | None:
        """Return what somebody said in articles that are about the topic as a whole: "what did Levin say about it?"."""
        spoken = parse_speech_question(text)
        handed_on = spoken and not set(terms(spoken.about)) & set(terms(retrieved.plain))
        said = of_any_topic(text) if handed_on else text
        if retrieved.decision.kind is not QuestionKind.WHO_SAID or said == text:
            return None
        answer = self._by_kind(retrieved, ChainInput(said, filters))
        return None if answer is None or answer.message or answer.possibly else answer


def continues(retrieved: Retrieved) -> bool:
    """Return whether a question that names somebody goes on with the last answer: "what did Trump say?"."""
    understood, decision, plain = retrieved.understood, retrieved.decision, retrieved.own_words
    if not retrieved.asked.history or retrieved.meant.before:
        return retrieved.meant.before
    if understood.corrects and not understood.about:  # it names nobody new
        return decision.kind is not QuestionKind.OVERVIEW
    if decision.kind is QuestionKind.OVERVIEW:  # "and Apple?" after a fact
        before = decide_kind(retrieved.asked.history[-1].standalone_question).kind
        return bool(substituted_topic(plain)) and before in _READ
    put_in = bool(understood.about) and understood.rewritten
    if decision.kind is QuestionKind.WHO_SAID:
        return not names_of(decision.topic) or put_in or has_pronoun(plain)
    put_in = put_in and not understood.corrects and not time_expressions(plain)
    return put_in and decision.kind is QuestionKind.FACT


def articles_in_hand(history: Sequence[Turn]) -> tuple[str, ...]:
    """Return the articles that the last sure answer cites, in order; those of a doubtful one where none was sure.

    Where none was answered, it is the article that came nearest to the last question.
    """
    recent = [turn for turn in reversed(history[-MAX_IN_HAND:]) if turn.places]
    answered = [turn for turn in recent if not turn.abstained]
    last = next((turn for turn in answered if not turn.possibly), answered[0] if answered else None)
    places = last.places if last else recent[0].places[:1] if recent else ()
    return tuple(dict.fromkeys(place.article_id for place in places))


def articles_before(history: Sequence[Turn]) -> tuple[str, ...]:
    """Return the articles that the answers before the last one cite, the latest first, without those of the last."""
    last = articles_in_hand(history)
    cited = (
        place.article_id for turn in reversed(history[-MAX_BEFORE:]) if not turn.abstained for place in turn.places
    )
    return tuple(each for each in dict.fromkeys(cited) if each not in last)


def allowed(articles: Sequence[str], filters: Filters) -> tuple[str, ...]:
    """Return those of some articles that the filters leave where they name articles."""
    return tuple(each for each in articles if not filters.articles or each in filters.articles)


def added_names(standalone: str, asked: str) -> set[str]:
    """Return the terms of the names that the standalone question has and the asked one has not."""
    return {word.term for word in read_words(standalone) if word.name and not word.stop} - set(terms(asked))


def names_of(question: str) -> list[str]:
    """Return the words of a question's names."""
    return [
        question[word.start : word.end]
        for word in read_words(question)
        if word.name and not word.stop and not word.date
    ]


def _within_scope(answer: Answer, retrieved: Retrieved, standalone: str) -> Answer:
    """Return an answer of the articles in hand under the question, with the remark that says so."""
    asked, kind = retrieved.asked.question, retrieved.decision.kind
    return replace(answer, question=asked, standalone_question=standalone, kind=kind).with_remark(SCOPE_REMARK)


def _surer(composed: Answer | None, read: Answer | None) -> Answer | None:
    """Return what was read, or the sentences that were composed as what may answer where it is no surer."""
    if composed is None or composed.message or not composed.composed:
        return read
    return read if read and not (read.message or read.possibly) else composed


def _is_resolved(retrieved: Retrieved) -> bool:
    """Return whether the pronouns of a question were replaced by what they stand for."""
    standalone = retrieved.understood.standalone
    return has_pronoun(retrieved.plain) and not has_pronoun(standalone) and "(" not in standalone
