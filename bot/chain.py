"""The chain from question to answer: retrieve, then answer. ``bot.runnable`` makes a LangChain Runnable of it.

``chain.invoke("Who signed it?")`` or ``chain.invoke({"question": "Who signed it?", "filters": Filters(…)})`` returns an
``Answer``; ``batch`` takes a list of either. With ``"history": [Turn, …]``, oldest first, a question may depend on the
turns before it (``bot.conversation``), and is asked of their articles or of all (``bot.composition.scope``). ``stream``
yields the answer as far as it is known, each time checked: the extractive answerer knows all its sentences at once, so
it yields one ``Answer``; a chat model's comes sentence by sentence.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Protocol, runtime_checkable

from bot.answering.furniture import is_furniture
from bot.answers import EXTRACTIVE, Answer, QuestionKind, SearchScope
from bot.citations import MAX_ATTEMPTS, ArticleReplaced, retry_on_replacement
from bot.composition.conversation_scope import ScopeAnswerer
from bot.composition.interpretation import QuestionInterpreter, as_asked
from bot.composition.leading_article import LeadingArticle
from bot.composition.question_kind import asks_jointly, decide_kind
from bot.composition.request import WRITTEN_UP, Composer
from bot.composition.scope.answer_completion import AnswerCompletion
from bot.composition.scope.articles_in_hand import ArticlesInHand
from bot.composition.scope.continuation import Continuation
from bot.composition.scope.library_answer import Answerer, LibraryAnswerer
from bot.composition.scope.retrieval_step import ChainInput, FoundPassages, Retrieval, Retrieved
from bot.composition.scope.scope_decision import ScopeDecision
from bot.composition.separate_answers import joined_answers
from bot.conversation.follow_ups import FollowUpResolver
from bot.conversation.read_more import CitedArticles, read_on, with_other_names, without_shown
from bot.conversation.separate_questions import separate_questions
from bot.conversation.store import CitedPlace, Turn, turn_of
from bot.conversation.topic_return import resumed_turns
from bot.user_input import checked
from retrieval.articles import Filters, Hit
from retrieval.errors import InputError
from retrieval.search.query import WeightedQuery
from retrieval.text.analyzer import words


class Retriever(Protocol):
    """Finds passages: ``retrieval.search.hybrid.Searcher``."""

    def search(self, question: str | WeightedQuery, filters: Filters = ..., limit: int = ...) -> list[Hit]:
        """Return up to ``limit`` hits, best first."""
        ...


@runtime_checkable
class StreamingAnswerer(Answerer, Protocol):
    """An answerer that yields what it has so far: ``bot.generation.generator.GenerativeAnswerer``."""

    def stream(self, question: str, hits: Sequence[Hit], searched: SearchScope) -> Iterator[Answer]:
        """Yield the answer as far as it is written and checked; the last one is complete."""
        ...


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
    continuation: Continuation | None = None,
    leading: LeadingArticle | None = None,
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
        continuation: Says how likely a question goes on with the last answer; without it their words decide alone.
        leading: Says whether the article that search ranks first tells of what is asked.
        likely: Returns what answers a comparison of which nothing can be laid side by side.
        sentences: How many sentences are read on from a citation.
    """
    composing = composers or {}
    reading = interpreter or QuestionInterpreter(FollowUpResolver(articles=articles), composing)

    def retrieve(asked: ChainInput, *, composed: bool = True) -> Retrieved:
        if resumed := resumed_turns(asked.question, asked.history):
            asked = replace(asked, question=resumed[0], history=resumed[1], written=asked.question)
        separate = (
            () if isinstance(answerer, StreamingAnswerer) or _asks_once(asked) else separate_questions(asked.question)
        )
        if separate:
            return Retrieved(asked, as_asked(asked.question), FoundPassages(), scope(asked.filters), separate)
        meant = reading.interpret(asked.question, asked.history, composed=composed)
        understood, searched = meant.resolved, scope(asked.filters)
        is_composed = composed and meant.decision.kind in composing
        if meant.refusal or (understood.opened and articles) or is_composed:
            return Retrieved(asked, meant, FoundPassages(), searched)

        def search() -> Sequence[Hit]:
            # A question without a word has nothing to search for; the answerer says so.
            hits = retriever.search(understood.search, asked.filters, passages) if words(understood.read) else []
            return with_other_names(without_shown(hits, understood.shown), understood.given)

        return Retrieved(asked, meant, FoundPassages(search), searched)

    step = AnswerStep(
        answerer,
        retrieve,
        articles,
        composing,
        scoped=scoped,
        continuation=continuation,
        leading=leading,
        likely=likely,
        sentences=sentences,
    )
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
        continuation: Continuation | None,
        leading: LeadingArticle | None,
        likely: Callable[[], Composer] | None,
        sentences: int,
    ) -> None:
        self._writer = answerer if isinstance(answerer, StreamingAnswerer) else None
        self._retrieve = retrieve
        self._articles = articles
        self._sentences = sentences
        self._library = LibraryAnswerer(answerer, composers, retrieve)
        self._scope: ScopeDecision | None = None
        if scoped and not self._writer:
            in_hand = ArticlesInHand(scoped, self._library, retrieve, self._attempt, continuation)
            completion = AnswerCompletion(likely, in_hand, self._answer_each) if likely else None
            self._scope = ScopeDecision(scoped, self._library, in_hand, completion, leading)

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
            answer = retrieved.under_question(self._read_on(retrieved, opened, self._articles))
        elif self._scope:
            answer = self._scope.answer(retrieved)
        else:
            answer = retrieved.under_question(self._of_library(retrieved))
        if retrieved.meant.corrects:
            answer = replace(answer, kind=QuestionKind.CORRECTION)
        return _timed(answer, retrieved.found.took, total=(time.monotonic() - start) * 1000)

    def _of_library(self, retrieved: Retrieved) -> Answer:
        """Return the answer of all articles, written up where a chat model does."""
        composed = self._library.composed(retrieved)
        if composed is None:
            return self._library.read(retrieved)
        if self._writer and _is_written_up(composed):
            return list(self._written_up(self._writer, retrieved, composed))[-1]
        return composed

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

    def stream(self, given: Iterator[Retrieved]) -> Iterator[Answer]:
        """Yield the answer as far as it is known; the last one is complete."""
        for retrieved in given:
            for answer in self._each(retrieved):
                yield _as_written(answer, retrieved.asked)

    def _each(self, retrieved: Retrieved) -> Iterator[Answer]:
        if not self._writer or retrieved.understood.opened:
            yield self._answered(retrieved)
            return
        composed = retry_on_replacement(partial(self._library.composed, retrieved))
        if composed is None:
            yield from self._streamed(self._writer, self._library.found(retrieved))
        elif _is_written_up(composed):
            yield from self._written_up(self._writer, retrieved, composed)
        else:
            yield _timed(retrieved.under_question(composed), retrieved.found.took)

    def _written_up(self, writer: StreamingAnswerer, retrieved: Retrieved, composed: Answer) -> Iterator[Answer]:
        """Yield what a chat model writes of the composed answer's passages; the composed answer where that fails."""
        hits = tuple(replace(hit, rank=rank) for rank, hit in enumerate(composed.hits, 1))
        for answer in self._streamed(writer, replace(retrieved, found=FoundPassages(lambda: hits))):
            if answer.complete and (answer.message or answer.answerer == EXTRACTIVE):
                failed = retrieved.under_question(composed)
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
                    yield _timed(retrieved.under_question(answer), retrieved.found.took)
            except ArticleReplaced:
                if begun or not attempts_left:
                    raise
                retrieved = self._retrieve(retrieved.asked)
            else:
                return


def _asks_once(asked: ChainInput) -> bool:
    """Return whether the clauses of a text ask for one answer: side by side, or of what the last of them says."""
    return decide_kind(asked.question, asked.history).kind is QuestionKind.COMPARISON or asks_jointly(asked.question)


def _is_written_up(composed: Answer) -> bool:
    """Return whether a chat model writes up a composed answer."""
    return bool(composed.citations) and composed.kind in WRITTEN_UP


def _timed(answer: Answer, search: float, **more: float) -> Answer:
    """Return the answer with the milliseconds of the search and of ``more``, where it has none of its own."""
    return replace(answer, timings={"search": search, **more, **answer.timings})


def _as_written(answer: Answer, asked: ChainInput) -> Answer:
    """Return the answer under the question with the topic that it went back to."""
    if not asked.written:
        return answer
    return replace(answer, question=asked.written, standalone_question=answer.standalone_question or asked.question)


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
