"""The chain from question to answer: retrieve, then answer. ``bot.runnable`` makes a LangChain Runnable of it.

``chain.invoke("Who signed it?")`` or ``chain.invoke({"question": "Who signed it?", "filters": Filters(…)})`` returns an
``Answer``; ``batch`` takes a list of either. With ``"history": [Turn, …]``, oldest first, a question may depend on the
turns before it (``bot.conversation``). ``stream`` yields the answer as far as it is known, each time checked: the
extractive answerer knows all its sentences at once, so it yields one ``Answer``; a chat model's comes sentence by
sentence.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Protocol, runtime_checkable

from bot.answering.furniture import is_furniture
from bot.answering.reader import UNLIKELY
from bot.answering.speech_question import of_any_topic, parse_speech_question, quoted_words
from bot.answers import EXTRACTIVE, Answer, Doubt, QuestionKind, SearchScope
from bot.citations import MAX_ATTEMPTS, ArticleReplaced, retry_on_replacement
from bot.composition.conversation_scope import (
    ELSEWHERE,
    NOTHING_IN_SCOPE,
    SCOPE_REMARK,
    ConversationScope,
    ScopeAnswerer,
    asked_of_article,
    says_little,
    scope_of,
)
from bot.composition.conversation_topic import conversation_topic
from bot.composition.draft import composed_abstention
from bot.composition.further_sentences import with_further, with_only
from bot.composition.interpretation import InterpretedQuestion, QuestionInterpreter, as_asked
from bot.composition.question_kind import decide_kind, deeds_asked, reaction_asked, source_asked
from bot.composition.request import WRITTEN_UP, Composer, CompositionRequest, KindDecision
from bot.composition.separate_answers import joined_answers
from bot.conversation.correction_parser import parse_correction
from bot.conversation.follow_ups import FollowUpResolver, ResolvedQuestion
from bot.conversation.question_patterns import bare_question_word, substituted_topic
from bot.conversation.read_more import CitedArticles, about_terms, read_on, with_other_names, without_shown
from bot.conversation.rule_rewriter import has_pronoun
from bot.conversation.separate_questions import separate_questions
from bot.conversation.store import CitedPlace, Turn, turn_of
from bot.conversation.topic_return import resumed_turns
from bot.user_input import checked
from retrieval.articles import Filters, Hit
from retrieval.errors import InputError
from retrieval.search.query import WeightedQuery
from retrieval.text.analyzer import terms, words
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import FEMININE_PRONOUNS, MASCULINE_PRONOUNS
from retrieval.text.roles import TITLES_OF_ROLE
from retrieval.text.time_expressions import time_expressions
from retrieval.text.tokens import read_words

_SCOPED = frozenset({QuestionKind.FACT, QuestionKind.WHO_SAID, QuestionKind.LIST, QuestionKind.COMPARISON})
"""Kinds of questions that may be about the articles of the last answer without naming what they are about."""


_TOLD = frozenset({QuestionKind.OVERVIEW, QuestionKind.TIMELINE})
"""Kinds of questions that the articles of the last answer are told for where they name nothing of their own."""
_OF_SEVERAL = frozenset({QuestionKind.LIST, QuestionKind.COMPARISON})
"""Kinds of questions that one sentence seldom answers."""
_TIMELINE_OF = LazyPattern(r"\b(?:timeline|chronology|history|sequence|events) (?:of|for|on|about|in)\b", re.IGNORECASE)
"""What names the topic of a timeline, which may be another than the conversation's."""
MIN_COMPARED, MIN_COMPLETE = 2, 4
"""Sentences of a comparison, and from which an answer of several things is not completed."""
MIN_WORDS_HELD = 0.5
"""Share of a question's words that an article in hand has to have for it to be asked of it."""
MAX_READ = 3
"""Articles of the answer whose other sentences complete it."""
MAX_WHOLE = 2
"""Articles up to which a timeline is of all that they tell."""
_ANSWERS = frozenset({QuestionKind.FACT, QuestionKind.WHO_SAID})
_PERSONAL = MASCULINE_PRONOUNS | FEMININE_PRONOUNS
UNSAID = Doubt("names them, but may not give their words", "gives their words")
"""What keeps a sentence that names somebody from being what they said."""
MAX_UNSAID = 0.5
"""Probability that is stated for it at most."""
MAX_BEFORE = 4
"""Turns back to the answers whose articles are asked of what those of the last answer do not say."""
MIN_LIKELIER = 0.2
"""Probability by which an answer of other articles has to be likelier than what those of the last answer may say."""
MAX_IN_HAND = 3
"""Turns back to which an answer's articles are in hand: asked first of what a question names in passing."""


class Retriever(Protocol):
    """Finds passages: ``retrieval.search.hybrid.Searcher``."""

    def search(self, question: str | WeightedQuery, filters: Filters = ..., limit: int = ...) -> list[Hit]:
        """Return up to ``limit`` hits, best first."""
        ...


class Answerer(Protocol):
    """Makes an answer from passages: ``bot.answering.extractive.ExtractiveAnswerer``."""

    def answer(self, question: str, hits: Sequence[Hit], searched: SearchScope) -> Answer:
        """Return the answer, or an abstention."""
        ...


@runtime_checkable
class StreamingAnswerer(Answerer, Protocol):
    """An answerer that yields what it has so far: ``bot.generation.generator.GenerativeAnswerer``."""

    def stream(self, question: str, hits: Sequence[Hit], searched: SearchScope) -> Iterator[Answer]:
        """Yield the answer as far as it is written and checked; the last one is complete."""
        ...


@dataclass(frozen=True, slots=True)
class ChainInput:
    """A question that was checked, what to search, and the turns before it, oldest first.

    ``written`` is the question with the topic that it says it goes back to, which ``question`` is without and
    ``history`` ends with; empty for others.
    """

    question: str
    filters: Filters
    history: tuple[Turn, ...] = ()
    written: str = ""


@dataclass(frozen=True, slots=True)
class Retrieved:
    """The passages found for a question.

    Attributes:
        asked: The question as it was asked.
        meant: What it means.
        hits: The passages, best first; none yet for a kind that a composer answers.
        searched: What was searched.
        took: Milliseconds of the search.
        separate: The questions, where several were asked at once: each is retrieved for by itself.
    """

    asked: ChainInput
    meant: InterpretedQuestion
    hits: tuple[Hit, ...]
    searched: SearchScope
    took: float
    separate: tuple[str, ...] = ()

    @property
    def about(self) -> tuple[Hit, ...]:
        """The passages, with only the sentences about the name that a follow-up brings in."""
        return tuple(about_terms(self.hits, self.understood.about))

    @property
    def understood(self) -> ResolvedQuestion:
        """The question after the turns before it."""
        return self.meant.resolved

    @property
    def decision(self) -> KindDecision:
        """What it asks for."""
        return self.meant.decision


def build_chain(
    retriever: Retriever,
    answerer: Answerer,
    scope: Callable[[Filters], SearchScope],
    *,
    passages: int,
    articles: CitedArticles | None = None,
    interpreter: QuestionInterpreter | None = None,
    composers: Mapping[QuestionKind, Composer] | None = None,
    scoped: ScopeAnswerer | None = None,
    likely: Callable[[], Composer] | None = None,
    sentences: int = 3,
) -> Chain:
    """Return the chain.

    Args:
        retriever: Finds the passages.
        answerer: Answers from them.
        scope: Returns how much a search with these filters covers.
        passages: How many passages are read for an answer.
        articles: Where to read on from a citation; without it, "Say more about 2" is a question like any other.
        interpreter: Says what a question means; without one, by rules for follow-ups alone.
        composers: Answer the questions that no single sentence answers, by kind; without one the reader answers all.
        scoped: Answers what names nothing from the articles of the last answer; without it all articles are searched.
        likely: Returns what answers a comparison of which nothing can be laid side by side.
        sentences: How many sentences are read on from a citation.
    """
    composing = composers or {}
    reading = interpreter or QuestionInterpreter(FollowUpResolver(articles=articles), composing)

    def retrieve(asked: ChainInput, *, composed: bool = True) -> Retrieved:
        if resumed := resumed_turns(asked.question, asked.history):
            asked = replace(asked, question=resumed[0], history=resumed[1], written=asked.question)
        separate = (
            () if isinstance(answerer, StreamingAnswerer) or _compares(asked) else separate_questions(asked.question)
        )
        if separate:
            return Retrieved(asked, as_asked(asked.question), (), scope(asked.filters), 0.0, separate)
        meant = reading.interpret(asked.question, asked.history, composed=composed)
        understood, searched = meant.resolved, scope(asked.filters)
        is_composed = composed and meant.decision.kind in composing
        if meant.refusal or (understood.opened and articles) or is_composed:
            return Retrieved(asked, meant, (), searched, 0.0)
        # A question without a word has nothing to search for; the answerer says so.
        start = time.monotonic()
        hits = retriever.search(understood.search, asked.filters, passages) if words(understood.read) else []
        fresh = with_other_names(without_shown(hits, understood.shown), understood.given)
        return Retrieved(asked, meant, tuple(fresh), searched, (time.monotonic() - start) * 1000)

    step = AnswerStep(answerer, retrieve, articles, composing, scoped=scoped, likely=likely, sentences=sentences)
    return Chain(retrieve, step)


class Chain:
    """The steps, one after the other; importing LangChain to run them would cost half of a short answer's time.

    Args:
        retrieve: The second step, after ``read``.
        answering: The last step.
    """

    def __init__(self, retrieve: Retrieval, answering: AnswerStep) -> None:
        self.retrieve = retrieve
        self.answering = answering

    def invoke(self, given: str | Mapping[str, Any]) -> Answer:
        """Return the answer to a question, alone or with filters and the turns before it.

        Raises:
            InputError: It is no question.
            OnrecordError: As its components raise.
        """
        return self.answering.answer(self.retrieve(read(given)))

    def stream(self, given: str | Mapping[str, Any]) -> Iterator[Answer]:
        """Yield the answer as far as it is known; the last one is complete.

        Raises:
            InputError: As ``invoke``.
            OnrecordError: As ``invoke``.
        """
        yield from self.answering.stream(iter([self.retrieve(read(given))]))


class Retrieval(Protocol):
    """Understands a question and searches for it, unless a composer answers it."""

    def __call__(self, asked: ChainInput, *, composed: bool = True) -> Retrieved:
        """Return the passages; ``composed``: none where a composer answers."""
        ...


class AnswerStep:
    """The last step: from the passages to the answer."""

    def __init__(
        self,
        answerer: Answerer,
        retrieve: Retrieval,
        articles: CitedArticles | None,
        composers: Mapping[QuestionKind, Composer],
        *,
        scoped: ScopeAnswerer | None,
        likely: Callable[[], Composer] | None,
        sentences: int,
    ) -> None:
        self._answerer = answerer
        self._writer = answerer if isinstance(answerer, StreamingAnswerer) else None
        self._retrieve = retrieve
        self._articles = articles
        self._composers = composers
        self._scoped = scoped
        self._likely = likely
        self._sentences = sentences

    def answer(self, retrieved: Retrieved) -> Answer:
        """Return the answer."""
        return _as_written(self._answered(retrieved), retrieved.asked)

    def _answered(self, retrieved: Retrieved) -> Answer:
        if retrieved.separate:
            return self._answer_each(retrieved)
        for _ in range(MAX_ATTEMPTS - 1):
            try:
                return self._attempt(retrieved)
            except ArticleReplaced:  # an ingest replaced it since it was found
                retrieved = self._retrieve(retrieved.asked)
        return self._attempt(retrieved)

    def _answer_each(self, retrieved: Retrieved) -> Answer:
        """Return the answers to questions that were asked at once, each after those before it."""
        asked, answers = retrieved.asked, list[Answer]()
        for question in retrieved.separate:
            answers.append(self.answer(self._retrieve(replace(asked, question=question))))
            asked = replace(asked, history=(*asked.history, turn_of(answers[-1], 0.0)))
        return joined_answers(retrieved.asked.question, answers, decide_kind(asked.question).kind)

    def _attempt(self, retrieved: Retrieved) -> Answer:
        start = time.monotonic()
        opened = retrieved.understood.opened
        if opened and self._articles:
            answer = _as_asked(self._read_on(retrieved, opened, self._articles), retrieved)
        elif self._scoped and not self._writer and (told := self._told_in_hand(self._scoped, retrieved)):
            answer = told
        elif self._scoped and not self._writer and (scope := _scope_of(retrieved)):
            answer = self._of_scope(self._scoped, retrieved, scope)
        else:
            found = self._of_named(None if self._writer else self._scoped, retrieved)
            answer = _as_asked(self._completed(found, retrieved), retrieved)
        if retrieved.meant.corrects:
            answer = replace(answer, kind=QuestionKind.CORRECTION)
        return _timed(answer, retrieved.took, total=(time.monotonic() - start) * 1000)

    def _of_scope(self, scoped: ScopeAnswerer, retrieved: Retrieved, scope: ConversationScope) -> Answer:
        """Return the answer to a question that names nothing: of the articles it is about, or else of the others."""
        within = self._within(scoped, retrieved, scope)
        if within and not (scope.of_fact and within.possibly):
            return self._completed(within, retrieved, scope.articles)
        if earlier := self._within_earlier(scoped, retrieved, scope):
            return self._completed(earlier, retrieved)
        answer = self._completed(self._outside(scoped, retrieved, scope), retrieved, scope.articles)
        if within and (answer.message or answer.possibly or answer.confidence < within.confidence + MIN_LIKELIER):
            return within
        if answer.message == NOTHING_IN_SCOPE:
            retrieved = _with_pronouns(retrieved, scope)
        return _as_asked(answer, retrieved)

    def _completed(self, answer: Answer, retrieved: Retrieved, articles: Sequence[str] = ()) -> Answer:
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
        if self._writer or self._likely is None or kind not in _OF_SEVERAL | _ANSWERS or apart:
            return answer
        sure, cited = not (answer.message or answer.possibly), len(answer.citations)
        hand = tuple(articles) or self._hand_of(retrieved, 0.0 if answer.message else MIN_WORDS_HELD)
        strayed = bool(hand) and not any(each.article.id in hand for each in answer.citations)
        if kind in _ANSWERS:
            lost = strayed and (answer.possibly or (bool(answer.message) and kind is QuestionKind.WHO_SAID))
            found = self._likely_of(retrieved, hand) if lost else None
            asked = retrieved.meant.spelling.text
            if found and _is_spoken(asked):
                found = with_only(found, [each for each in found.citations if _names_speaker(each.quote, asked)])
                found = _naming_speaker(found, asked) if found.citations else None
            return replace(found, possibly=True, doubts=found.doubts or (UNLIKELY,)) if found else answer
        few = kind is QuestionKind.COMPARISON and not (sure and cited >= MIN_COMPARED)
        if few and (separate := separate_questions(retrieved.asked.question)):
            return self._answer_each(replace(retrieved, separate=separate))
        if sure and cited >= MIN_COMPLETE and not strayed:
            return answer
        own = tuple(dict.fromkeys(each.article.id for each in answer.citations))
        found = self._likely_of(retrieved, own if sure and not strayed else hand)
        named = _names_of(retrieved.meant.spelling.text)
        if found is None or (strayed and sure and found.possibly and named):
            return answer
        return with_further(answer, found) if sure and not strayed else found

    def _likely_of(self, retrieved: Retrieved, articles: Sequence[str]) -> Answer | None:
        """Return the likeliest sentences of articles, of those nearest to the question where none are given."""
        if self._likely is None:
            return None
        request = self._request(retrieved)
        filters = replace(
            request.searched.filters, articles=tuple(articles)[:MAX_READ] or request.searched.filters.articles
        )
        found = self._likely().compose(replace(request, searched=replace(request.searched, filters=filters)))
        if found is None:
            return None
        found = replace(found, searched=retrieved.searched)
        in_hand = {place.article_id for turn in retrieved.asked.history for place in turn.places}
        return _with_remark(found, SCOPE_REMARK) if in_hand & set(articles) else found

    def _hand_of(self, retrieved: Retrieved, held: float) -> tuple[str, ...]:
        """Return the articles of the last answer that a question may go on with: those that have all that it names.

        Args:
            retrieved: The question.
            held: Share of its words that they have to have where it names nothing.
        """
        meant, history, plain = retrieved.meant, retrieved.asked.history, retrieved.meant.spelling.text
        if not history or self._scoped is None or meant.new_topic or meant.refusal or meant.resolved.given:
            return ()
        if named := " ".join(_names_of(plain)):
            return tuple(each for each in _articles_in_hand(history) if self._scoped.is_about(each, named))
        scope = scope_of(plain, history)
        articles = scope.articles if scope else _articles_in_hand(history)
        return tuple(each for each in articles if self._scoped.is_about(each, plain, held))

    def _told_in_hand(self, scoped: ScopeAnswerer, retrieved: Retrieved) -> Answer | None:
        """Return the overview or timeline of what the articles of the last answer tell: "how did the fire unfold?".

        None where the question names something itself, or something of which these tell little.
        """
        asked, plain = retrieved.asked, retrieved.meant.spelling.text
        own, names = decide_kind(plain), _names_of(plain)
        timeline = retrieved.decision.kind is QuestionKind.TIMELINE and has_pronoun(plain)
        refers = timeline and (names or own.kind not in _TOLD)  # "how did it get to the Senate, step by step?"
        if refers:
            own = replace(retrieved.decision, topic=" ".join(names), dependent=False)
        told = own.kind in _TOLD and not retrieved.meant.new_topic
        scope = scope_of("" if refers else plain, asked.history) if told else None
        if (
            scope is None
            or retrieved.decision.kind not in _TOLD
            or (own.kind is QuestionKind.OVERVIEW and own.dependent)
        ):
            return None
        topic = "" if own.dependent else own.topic
        given = asked.filters.articles
        in_hand = [each for each in scope.articles if not given or each in given]
        ids = tuple(each for each in in_hand if scoped.tells_of(each, topic))
        if own.kind is QuestionKind.TIMELINE and not ids:  # "trace the route, step by step", in words of its own
            other = _TIMELINE_OF.search(plain) and not self._says_nothing(retrieved)
            ids = () if other else tuple(in_hand[:MAX_WHOLE])
        composer = self._composers.get(own.kind)
        if not ids or composer is None:
            return None
        whole = own.kind is QuestionKind.TIMELINE and len(ids) <= MAX_WHOLE
        searched = replace(retrieved.searched, filters=replace(asked.filters, articles=ids))
        decision = replace(own, topic="" if whole else topic)
        question = retrieved.understood.standalone if refers else plain
        answer = composer.compose(CompositionRequest(asked.question, question, decision, asked.history, searched))
        if answer is None or not answer.citations:
            return None
        return _with_remark(_as_asked(replace(answer, searched=retrieved.searched), retrieved), SCOPE_REMARK)

    def _says_nothing(self, retrieved: Retrieved) -> bool:
        """Return whether no article tells of what is asked."""
        composed = self._composed(retrieved)
        return composed is not None and bool(composed.message)

    def _of_named(self, scoped: ScopeAnswerer | None, retrieved: Retrieved) -> Answer:
        """Return the answer to a question that names what it is about: of the last answer's articles, or of all."""
        if scoped is None or retrieved.meant.new_topic:
            return self._unscoped(retrieved)
        if _continues(retrieved):
            return self._of_hand_first(scoped, retrieved)
        answer = self._unscoped(retrieved)
        if answer.message or answer.possibly:
            here = self._in_hand(scoped, retrieved)
            told = self._at_length(retrieved) if here is None or _is_doubtful(here) else None
            return told or _likelier(answer, here)
        lead = next(iter(answer.citations), None)
        if lead and lead.article.id not in _articles_in_hand(retrieved.asked.history):
            # Of two that have the name, the one whom the last answer's article names is meant.
            here = self._in_hand(scoped, retrieved)
            if (
                here
                and not _is_doubtful(here)
                and holds_terms(here, terms(" ".join(_names_of(retrieved.meant.spelling.text))))
            ):
                return here
        return answer

    def _of_hand_first(self, scoped: ScopeAnswerer, retrieved: Retrieved) -> Answer:
        """Return the answer of the last answer's articles; of all where these do not say it, or may say it at most."""
        here = self._in_hand(scoped, retrieved)
        if here is None or _is_doubtful(here):
            earlier = self._in_hand(scoped, retrieved, earlier=True)
            here = earlier if here is None or (earlier and not _is_doubtful(earlier)) else here
        if here and not _is_doubtful(here):
            return here
        if told := self._at_length(retrieved, _articles_in_hand(retrieved.asked.history)):
            return told
        return _likelier(self._continued(scoped, retrieved), here)

    def _at_length(self, retrieved: Retrieved, articles: Sequence[str] = ()) -> Answer | None:
        """Return what somebody did somewhere, how they reacted, or what an outlet wrote; None for any other question.

        No single sentence says it.

        Args:
            retrieved: The question.
            articles: The ids of the only articles to read; none for all.
        """
        asked, kind = _own_words(retrieved), retrieved.decision.kind
        readings = {
            QuestionKind.FACT: (deeds_asked, source_asked),
            QuestionKind.WHO_SAID: (source_asked, reaction_asked),
        }
        for decision in filter(None, (read(asked) for read in readings.get(kind, ()))):
            request = replace(self._request(retrieved), decision=decision)
            within = articles and not decision.source
            if within:
                filters = replace(request.searched.filters, articles=tuple(articles))
                request = replace(request, searched=replace(request.searched, filters=filters))
            composer = self._composers.get(decision.kind)
            answer = composer.compose(request) if composer else None
            if answer and answer.citations:
                return _with_remark(answer, SCOPE_REMARK) if within else answer
        return None

    def _continued(self, scoped: ScopeAnswerer, retrieved: Retrieved) -> Answer:
        """Return the answer of all articles to a question that those of the last answer do not answer.

        What somebody said whom these name has to be about the same: of another matter, or another of the name, it is no
        answer.
        """
        answer, history = self._unscoped(retrieved), retrieved.asked.history
        speaker = " ".join(_names_of(_own_words(retrieved)))
        here = [each for each in _articles_in_hand(history) if speaker and scoped.is_about(each, speaker)]
        unnamed = retrieved.understood.corrects and not retrieved.understood.about  # "the White House spokesman"
        said = retrieved.decision.kind is QuestionKind.WHO_SAID and (unnamed or not retrieved.understood.corrects)
        topic = terms(conversation_topic(history), keep_stop_words=False)
        strayed = not any(each.article.id in here for each in answer.citations)
        if said and (here or unnamed) and strayed and not answer.message and not (topic and holds_terms(answer, topic)):
            return composed_abstention(self._request(retrieved), NOTHING_IN_SCOPE)
        return answer

    def _unscoped(self, retrieved: Retrieved) -> Answer:
        """Return the answer of all articles that the filters leave."""
        composed = self._composed(retrieved)
        if composed is None:
            return self._of_reader(self._found(retrieved))
        if self._writer and _is_written_up(composed):
            return list(self._written_up(self._writer, retrieved, composed))[-1]
        return composed

    def _of_reader(self, retrieved: Retrieved) -> Answer:
        understood = retrieved.understood
        hits = retrieved.about if understood.corrects else retrieved.hits
        answer = self._answerer.answer(understood.read, hits, retrieved.searched)
        if holds_terms(answer, understood.about):
            return answer
        return self._answerer.answer(understood.read, retrieved.about, retrieved.searched)

    def _read_on(self, retrieved: Retrieved, opened: CitedPlace, articles: CitedArticles) -> Answer:
        """Read on from a citation; where none was named and its article is at its end, from the next article's."""
        asked = retrieved.asked
        cited = [place for turn in asked.history if not turn.abstained for place in turn.places]
        named = any(character.isdigit() for character in asked.question)
        places = {place.article_id: place for place in reversed(() if named else asked.history[-1].places)}
        starts = [opened, *(places[each] for each in reversed(places) if each != opened.article_id)]
        for start in starts:
            answer = read_on(
                asked.question,
                start,
                cited,
                articles,
                retrieved.searched,
                sentences=self._sentences,
                furniture=is_furniture,
            )
            if answer.citations:
                return answer
        return answer

    def _within(self, scoped: ScopeAnswerer, retrieved: Retrieved, scope: ConversationScope) -> Answer | None:
        """Return the answer from the articles that a question is about; None where they hold none."""
        asked, understood = retrieved.asked, retrieved.understood
        given = asked.filters.articles
        ids = tuple(each for each in scope.articles if not given or each in given)
        plain = retrieved.meant.spelling.text
        bare = bare_question_word(asked.question)
        # A person whom neither the topic nor the answer names may be the wrong one: "When was Jefferson arrested?".
        added = _added_names(understood.standalone, plain)
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
            read = scoped.answer(text if bare else plain, text, scope.topic, filters, shown=last, before=before)
            answer = _surer(answer, _naming_speaker(read, text))
        if answer is None or answer.message:
            return None
        quoted = set(terms(" ".join((scope.topic, *(each.quote for each in answer.citations)))))
        shown = text.casefold() != asked.question.casefold() and (topic or added <= quoted)
        standalone = text if shown else ""
        found = replace(answer, question=asked.question, standalone_question=standalone, kind=retrieved.decision.kind)
        return _with_remark(found, SCOPE_REMARK)

    def _within_earlier(self, scoped: ScopeAnswerer, retrieved: Retrieved, scope: ConversationScope) -> Answer | None:
        """Return what articles of earlier answers, about the same, say of a fact that those of the last do not say."""
        if retrieved.decision.kind is not QuestionKind.FACT or retrieved.meant.before or not scope.topic:
            return None
        before = (each for each in _articles_before(retrieved.asked.history) if each not in scope.articles)
        articles = tuple(each for each in before if scoped.is_about(each, scope.topic))
        found = self._within(scoped, retrieved, replace(scope, articles=articles)) if articles else None
        return None if found is None or found.possibly else found

    def _in_hand(self, scoped: ScopeAnswerer, retrieved: Retrieved, *, earlier: bool = False) -> Answer | None:
        """Return what the articles of the last answer say, or may, of what a question names; None where they do not.

        "How many died in Parkland?" is said in passing by an article about guns, which a search of all does not find.
        ``earlier``: those that answers before it cite, instead.
        """
        asked, understood = retrieved.asked, retrieved.understood
        continues, plain = _continues(retrieved), _own_words(retrieved)
        spoken = retrieved.decision.kind is QuestionKind.WHO_SAID
        written_out = continues and (understood.about or _is_resolved(retrieved))
        text = understood.standalone if written_out else plain
        named = " ".join(_names_of(plain if spoken else text)) or (substituted_topic(plain) or "" if continues else "")
        if understood.corrects and not understood.about:
            correction = parse_correction(retrieved.meant.spelling.text)
            named = correction.new if correction else named
        given = asked.filters.articles
        in_hand = _articles_before(asked.history) if earlier else _articles_in_hand(asked.history)
        ids = tuple(each for each in in_hand if (not given or each in given) and scoped.is_about(each, named))
        apart = understood.given or retrieved.meant.refusal or not (named and ids)
        if apart or not (continues or retrieved.decision.kind is QuestionKind.FACT):
            return None
        filters = replace(asked.filters, articles=ids)
        answer = self._by_kind(retrieved, ChainInput(text, filters))
        if answer is None or answer.message or answer.possibly:
            said = self._of_speaker(retrieved, text, filters)
            read = None if said else scoped.answer(text, text, "", filters, shown=asked.history[-1].places)
            answer = said or _surer(answer, _naming_speaker(read, text) if read else None)
        if answer is None or answer.message or not holds_terms(answer, understood.about):
            return None
        written = understood.standalone if understood.standalone.casefold() != asked.question.casefold() else ""
        found = replace(answer, question=asked.question, standalone_question=written, kind=retrieved.decision.kind)
        return _with_remark(found, SCOPE_REMARK)

    def _outside(self, scoped: ScopeAnswerer, retrieved: Retrieved, scope: ConversationScope) -> Answer:
        """Return what the other articles say where those that a question is about hold no answer.

        A sentence of theirs may answer at most; of a question of few words only where its article is about the same.
        """
        says_nothing = composed_abstention(self._request(retrieved), NOTHING_IN_SCOPE)
        only = _is_within_only(retrieved) and not scope.of_fact
        if only or asked_of_article(retrieved.understood.standalone):
            return says_nothing
        if bare := bare_question_word(retrieved.asked.question):
            answer = self._unscoped(retrieved)
            strayed = not {each.article.id for each in answer.citations} & set(scope.articles)
            unknown = bare == "when" and strayed and has_pronoun(retrieved.understood.standalone)
            return (self._when_reported(retrieved) or says_nothing) if unknown else answer
        return self._elsewhere(scoped, retrieved, scope) or self._related(scoped, retrieved, scope, says_nothing)

    def _related(
        self, scoped: ScopeAnswerer, retrieved: Retrieved, scope: ConversationScope, says_nothing: Answer
    ) -> Answer:
        """Return the answer of all articles where it is about the same, or the question says enough; as a doubt."""
        answer = self._unscoped(retrieved)
        brief = says_little(retrieved.asked.question)
        here = answer.message or any(each.article.id in scope.articles for each in answer.citations)
        related = here or scoped.is_about(answer.citations[0].article.id, scope.topic)
        personal = not _PERSONAL.isdisjoint(words(retrieved.understood.standalone.casefold()))
        said = retrieved.decision.kind is QuestionKind.WHO_SAID and not _names_of(retrieved.meant.spelling.text)
        if scope.of_fact and said and not here:  # what others of the name say elsewhere: "the critics"
            return replace(answer, possibly=True, doubts=(ELSEWHERE, *answer.doubts))
        if scope.of_fact and (related or not (brief or personal)):
            return answer
        if here or not (related or not brief) or answer.composed:  # what is composed is of what was asked, or not
            return answer if answer.message and not brief else says_nothing
        return replace(answer, possibly=True, doubts=(ELSEWHERE, *answer.doubts))

    def _elsewhere(self, scoped: ScopeAnswerer, retrieved: Retrieved, scope: ConversationScope) -> Answer | None:
        """Return what other articles about the topic of the conversation answer to a fact; None where they do not."""
        asked, plain = retrieved.asked, retrieved.meant.spelling.text
        if retrieved.decision.kind is not QuestionKind.FACT:
            return None
        about = conversation_topic(asked.history)
        topic = (about or scope.topic) if scope.of_fact else (scope.topic or about)
        return scoped.elsewhere(plain, plain, replace(scope, topic=topic), asked.filters)

    def _when_reported(self, retrieved: Retrieved) -> Answer | None:
        """Return when the last answer's sentences say that it happened, or else their articles' days."""
        composer = self._composers.get(QuestionKind.LAST_ANSWER)
        if composer is None or retrieved.asked.history[-1].abstained:
            return None
        request = replace(self._request(retrieved), decision=KindDecision(QuestionKind.LAST_ANSWER))
        return composer.compose(request)

    def _by_kind(self, retrieved: Retrieved, asked: ChainInput) -> Answer | None:
        """Return the answer of these articles to a question that is no fact; None where only a sentence may."""
        kind = retrieved.decision.kind
        if kind is QuestionKind.FACT:
            return None
        found = self._retrieve(asked)
        if kind not in self._composers:
            return self._attempt(found)
        return self._composed(replace(found, asked=replace(asked, history=retrieved.asked.history)))

    def _of_speaker(self, retrieved: Retrieved, text: str, filters: Filters) -> Answer | None:
        """Return what somebody said in articles that are about the topic as a whole: "what did Levin say about it?"."""
        spoken = parse_speech_question(text)
        handed_on = spoken and not set(terms(spoken.about)) & set(terms(retrieved.meant.spelling.text))
        said = of_any_topic(text) if handed_on else text
        if retrieved.decision.kind is not QuestionKind.WHO_SAID or said == text:
            return None
        answer = self._by_kind(retrieved, ChainInput(said, filters))
        return None if answer is None or answer.message or answer.possibly else answer

    def _composed(self, retrieved: Retrieved) -> Answer | None:
        """Return the composed answer; None where the reader answers."""
        composer = self._composers.get(retrieved.decision.kind)
        if composer is None and not retrieved.meant.refusal:
            return None
        request = self._request(retrieved)
        if retrieved.meant.refusal or composer is None:
            return composed_abstention(request, retrieved.meant.refusal)
        composed = composer.compose(request)
        if composed and composed.citations and not holds_terms(composed, retrieved.understood.about):
            return None  # it is about the question before: the reader says whether there is anything
        return composed

    @staticmethod
    def _request(retrieved: Retrieved) -> CompositionRequest:
        asked, understood = retrieved.asked, retrieved.understood
        return CompositionRequest(
            asked.question, understood.standalone, retrieved.decision, asked.history, retrieved.searched
        )

    def _found(self, retrieved: Retrieved) -> Retrieved:
        """Return ``retrieved`` with the passages that the reader reads; a composer had nothing to say of it."""
        if retrieved.decision.kind not in self._composers:
            return retrieved
        found = self._retrieve(retrieved.asked, composed=False)
        return replace(found, meant=replace(found.meant, decision=retrieved.decision))

    def stream(self, given: Iterator[Retrieved]) -> Iterator[Answer]:
        """Yield the answer as far as it is known; the last one is complete."""
        for retrieved in given:
            for answer in self._each(retrieved):
                yield _as_written(answer, retrieved.asked)

    def _each(self, retrieved: Retrieved) -> Iterator[Answer]:
        if not self._writer or retrieved.understood.opened:
            yield self._answered(retrieved)
            return
        composed = retry_on_replacement(partial(self._composed, retrieved))
        if composed is None:
            yield from self._streamed(self._writer, self._found(retrieved))
        elif _is_written_up(composed):
            yield from self._written_up(self._writer, retrieved, composed)
        else:
            yield _timed(_as_asked(composed, retrieved), retrieved.took)

    def _written_up(self, writer: StreamingAnswerer, retrieved: Retrieved, composed: Answer) -> Iterator[Answer]:
        """Yield what a chat model writes of the composed answer's passages; the composed answer where that fails."""
        hits = tuple(replace(hit, rank=rank) for rank, hit in enumerate(composed.hits, 1))
        for answer in self._streamed(writer, replace(retrieved, hits=hits)):
            if answer.complete and (answer.message or answer.answerer == EXTRACTIVE):
                failed = _as_asked(composed, retrieved)
                silent = (
                    "" if answer.answerer == EXTRACTIVE else f" {answer.answerer} wrote nothing that could be shown."
                )
                yield replace(
                    failed,
                    method=failed.method + silent,
                    fallback=answer.fallback,
                    usage=answer.usage,
                    timings=answer.timings,
                )
            elif answer.claims or answer.complete:
                yield replace(answer, remarks=composed.remarks)

    def _streamed(self, answerer: StreamingAnswerer, retrieved: Retrieved) -> Iterator[Answer]:
        for attempts_left in reversed(range(MAX_ATTEMPTS)):
            begun = False
            try:
                for answer in answerer.stream(retrieved.understood.read, retrieved.about, retrieved.searched):
                    begun = True
                    yield _timed(_as_asked(answer, retrieved), retrieved.took)
            except ArticleReplaced:
                if begun or not attempts_left:
                    raise
                retrieved = self._retrieve(retrieved.asked)
            else:
                return


def _compares(asked: ChainInput) -> bool:
    """Return whether a text asks what its clauses say side by side: "what did the officer claim and what happened"."""
    return decide_kind(asked.question, asked.history).kind is QuestionKind.COMPARISON


def _scope_of(retrieved: Retrieved) -> ConversationScope | None:
    """Return the articles that a question is about which names nothing itself; None for other questions."""
    meant, asked = retrieved.meant, retrieved.asked
    if _is_apart(retrieved) or meant.decision.kind not in _SCOPED:
        return None
    return scope_of(meant.spelling.text, asked.history)


def _is_apart(retrieved: Retrieved) -> bool:
    """Return whether a question is asked of all articles: its own turn gives what it is about."""
    meant, asked = retrieved.meant, retrieved.asked
    understood = meant.resolved
    is_compared = meant.decision.kind is QuestionKind.COMPARISON and understood.rewritten  # over all articles
    shown = understood.shown and not (bare_question_word(asked.question) or meant.before)
    turned = meant.refusal or meant.new_topic
    return bool(is_compared or turned or understood.given or shown or understood.about or understood.corrects)


def _is_within_only(retrieved: Retrieved) -> bool:
    """Return whether a question is answered from the articles of the last answer or not at all.

    A list is where the turns before the question add nothing that it is about, by which all articles can be searched.
    """
    kind, understood = retrieved.decision.kind, retrieved.understood
    return kind is QuestionKind.COMPARISON or (
        kind is QuestionKind.LIST and understood.standalone.casefold() == retrieved.meant.spelling.text.casefold()
    )


def _added_names(standalone: str, asked: str) -> set[str]:
    """Return the terms of the names that the standalone question has and the asked one has not."""
    return {word.term for word in read_words(standalone) if word.name and not word.stop} - set(terms(asked))


def _names_of(question: str) -> list[str]:
    """Return the words of a question's names."""
    return [
        question[word.start : word.end]
        for word in read_words(question)
        if word.name and not word.stop and not word.date
    ]


def _own_words(retrieved: Retrieved) -> str:
    """Return a question with its words spelt right; a correction's are those of the question that it corrects."""
    understood = retrieved.understood
    return understood.standalone if understood.corrects else retrieved.meant.spelling.text


def _continues(retrieved: Retrieved) -> bool:
    """Return whether a question that names somebody goes on with the last answer: "what did Trump say?"."""
    understood, decision, plain = retrieved.understood, retrieved.decision, _own_words(retrieved)
    if not retrieved.asked.history or retrieved.meant.before:
        return retrieved.meant.before
    if understood.corrects and not understood.about:  # it names nobody new
        return True
    if decision.kind is QuestionKind.OVERVIEW:  # "and Apple?" after a fact
        before = decide_kind(retrieved.asked.history[-1].standalone_question).kind
        return bool(substituted_topic(plain)) and before in _ANSWERS | {QuestionKind.LIST}
    put_in = bool(understood.about) and understood.rewritten
    if decision.kind is QuestionKind.WHO_SAID:
        return not _names_of(decision.topic) or put_in or has_pronoun(plain)
    put_in = put_in and not understood.corrects and not time_expressions(plain)
    return put_in and decision.kind is QuestionKind.FACT


def _naming_speaker(answer: Answer, question: str) -> Answer | None:
    """Return a sentence that was read for what somebody said as one that may answer; None where it names them not.

    That they said it is known of the sentences that the record of statements gives alone.
    """
    if answer.message or not _is_spoken(question):
        return answer
    if not _names_speaker(" ".join(each.quote for each in answer.citations), question):
        return None
    doubted = min(answer.confidence, MAX_UNSAID)
    return replace(answer, possibly=True, doubts=(UNSAID, *answer.doubts), confidence=doubted)


def _is_spoken(question: str) -> bool:
    """Return whether a question asks what somebody who is named said."""
    spoken = parse_speech_question(question)
    return spoken is not None and not has_pronoun(spoken.who)


def _names_speaker(text: str, question: str) -> bool:
    """Return whether a text names whom a question asks the words of, by name or title."""
    spoken = parse_speech_question(question)
    speaker = {term for term in terms(spoken.who, keep_stop_words=False) if term} if spoken else set[str]()
    titles = (
        {title for term in words(spoken.who.casefold()) for title in TITLES_OF_ROLE.get(term, "").split("|") if title}
        if spoken
        else set[str]()
    )
    return bool(speaker & set(terms(text)) or titles & {each.strip(".") for each in words(text.casefold())})


def _surer(composed: Answer | None, read: Answer | None) -> Answer | None:
    """Return what was read, or the sentences that were composed as what may answer where it is no surer."""
    if composed is None or composed.message or not composed.composed:
        return read
    return read if read and not (read.message or read.possibly) else composed


def _is_doubtful(answer: Answer) -> bool:
    """Return whether a sentence may answer only; whether somebody said it is doubted of what is shown all the same."""
    return answer.possibly and UNSAID not in answer.doubts


def _likelier(answer: Answer, here: Answer | None) -> Answer:
    """Return the answer of all articles, or what those of the last answer say or may where that is as likely."""
    if here is None:
        return answer
    doubted = answer.message or (answer.possibly and answer.confidence <= here.confidence)
    return here if doubted or not _is_doubtful(here) else answer


def _is_resolved(retrieved: Retrieved) -> bool:
    """Return whether the pronouns of a question were replaced by what they stand for."""
    standalone = retrieved.understood.standalone
    return has_pronoun(retrieved.meant.spelling.text) and not has_pronoun(standalone) and "(" not in standalone


def _articles_in_hand(history: Sequence[Turn]) -> tuple[str, ...]:
    """Return the articles that the last sure answer cites, in order; those of a doubtful one where none was sure."""
    answered = [turn for turn in reversed(history[-MAX_IN_HAND:]) if turn.places and not turn.abstained]
    last = next((turn for turn in answered if not turn.possibly), answered[0] if answered else None)
    return tuple(dict.fromkeys(place.article_id for place in last.places)) if last else ()


def _articles_before(history: Sequence[Turn]) -> tuple[str, ...]:
    """Return the articles that the answers before the last one cite, the latest first, without those of the last."""
    last = _articles_in_hand(history)
    cited = (
        place.article_id for turn in reversed(history[-MAX_BEFORE:]) if not turn.abstained for place in turn.places
    )
    return tuple(each for each in dict.fromkeys(cited) if each not in last)


def _with_pronouns(retrieved: Retrieved, scope: ConversationScope) -> Retrieved:
    """Return ``retrieved`` with the question as asked, where its standalone one names what the topic does not."""
    meant, plain = retrieved.meant, retrieved.meant.spelling.text
    if _added_names(meant.resolved.standalone, plain) <= set(terms(scope.topic)):
        return retrieved
    return replace(retrieved, meant=replace(meant, resolved=replace(meant.resolved, standalone=plain)))


def _is_written_up(composed: Answer) -> bool:
    """Return whether a chat model writes up a composed answer."""
    return bool(composed.citations) and composed.kind in WRITTEN_UP


def holds_terms(answer: Answer, wanted: Sequence[str]) -> bool:
    """Return whether sentences of an answer, with their articles' titles, hold all of the terms ``wanted``.

    Half of them have to; one of an overview or a timeline, whose other sentences go on with it.
    """
    held = [set(wanted) <= set(terms(f"{each.article.title}\n{each.quote}")) for each in answer.citations]
    needed = 1 if answer.kind in {QuestionKind.OVERVIEW, QuestionKind.TIMELINE} else len(held) / 2
    return not wanted or sum(held) >= max(needed, 1)


def _timed(answer: Answer, search: float, **more: float) -> Answer:
    """Return the answer with the milliseconds of the search and of ``more``, where it has none of its own."""
    return replace(answer, timings={"search": search, **more, **answer.timings})


def _as_asked(answer: Answer, retrieved: Retrieved) -> Answer:
    """Return the answer under the question as it was asked, with the standalone question where that differs."""
    asked, understood = retrieved.asked.question, retrieved.understood
    kind = QuestionKind.OVERVIEW if answer.kind is QuestionKind.OVERVIEW else retrieved.decision.kind
    kind = QuestionKind.CORRECTION if understood.corrects else kind
    answer = replace(answer, kind=kind, doubts=_of_own_words(answer.doubts, retrieved.meant.spelling.text))
    if remark := retrieved.meant.spelling.remark:
        answer = _with_remark(answer, remark)
    if retrieved.decision.kind is QuestionKind.FACT and retrieved.decision.remark and not answer.message:
        answer = _with_remark(answer, retrieved.decision.remark)
    if not answer.message and (undated := answer.searched.undated_remark):
        answer = _with_remark(answer, undated)
    if not retrieved.asked.history and understood.standalone == asked:
        return answer
    standalone = understood.standalone if understood.standalone != asked else ""
    usage = understood.usage + answer.usage if understood.usage and answer.usage else understood.usage or answer.usage
    return replace(answer, question=asked, standalone_question=standalone, usage=usage)


def _as_written(answer: Answer, asked: ChainInput) -> Answer:
    """Return the answer under the question with the topic that it went back to."""
    if not asked.written:
        return answer
    return replace(answer, question=asked.written, standalone_question=answer.standalone_question or asked.question)


def _of_own_words(doubts: Sequence[Doubt], asked: str) -> tuple[Doubt, ...]:
    """Return the doubts without those about a word that the turns before brought into the question."""
    own = set(terms(asked))
    return tuple(each for each in doubts if not each.word or not own.isdisjoint(terms(each.word)))


def _with_remark(answer: Answer, remark: str) -> Answer:
    """Return the answer with a remark beside it, or behind its message where nothing is asserted."""
    if answer.abstention:
        message = f"{answer.abstention.message} {remark}"
        return replace(answer, abstention=replace(answer.abstention, message=message))
    return replace(answer, remarks=(*answer.remarks, remark))


def read(given: str | Mapping[str, Any]) -> ChainInput:
    """Return the chain's input, checked.

    Raises:
        InputError: It is neither a question nor ``{"question": str, "filters": Filters | None, "history":
            Sequence[Turn] | None}``, or the question cannot be used.
    """
    if isinstance(given, str):
        return ChainInput(checked(given), Filters())
    question = given.get("question") if isinstance(given, Mapping) else None
    if not isinstance(question, str):
        raise InputError('the chain takes a question: a string, or {"question": "…", "filters": Filters(…)}')
    filters = given.get("filters") or Filters()
    if not isinstance(filters, Filters):
        raise InputError(f"filters must be retrieval.articles.Filters, not {type(filters).__name__}")
    history = given.get("history") or ()
    if isinstance(history, str) or not isinstance(history, Sequence) or not all(isinstance(t, Turn) for t in history):
        raise InputError("history must be a sequence of bot.conversation.store.Turn, oldest first")
    return ChainInput(checked(question), filters, tuple(history))
