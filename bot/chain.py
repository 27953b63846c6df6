"""The chain from question to answer, as a LangChain Runnable: retrieve, then answer.

``chain.invoke("Who signed it?")`` or ``chain.invoke({"question": "Who signed it?", "filters": Filters(…)})`` returns an
``Answer``; ``batch`` takes a list of either. ``stream`` yields the answer as far as it is known, each time whole and
checked: the extractive answerer knows all its sentences at once, so it yields one ``Answer``; a chat model's answer
grows by a sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from langchain_core.runnables import Runnable, RunnableConfig, RunnableLambda

from bot.answers import Answer, Searched
from bot.question import checked
from retrieval.articles import Filters, Hit
from retrieval.errors import InputError
from retrieval.words import words


class Retriever(Protocol):
    """What finds passages: ``retrieval.search.Searcher``."""

    def search(self, question: str, filters: Filters = ..., limit: int = ...) -> list[Hit]:
        """Return up to ``limit`` hits, best first."""
        ...


class Answerer(Protocol):
    """What turns passages into an answer: ``bot.extractive.Extractive``."""

    def answer(self, question: str, hits: Sequence[Hit], searched: Searched) -> Answer:
        """Return the answer, or an abstention."""
        ...


@runtime_checkable
class StreamingAnswerer(Answerer, Protocol):
    """An answerer that tells what it has so far: ``bot.generative.Generative``."""

    def stream(self, question: str, hits: Sequence[Hit], searched: Searched) -> Iterator[Answer]:
        """Yield the answer as it grows, each time whole; the last one is complete."""
        ...


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that can be searched for, and what to search."""

    question: str
    filters: Filters


@dataclass(frozen=True, slots=True)
class Retrieved:
    """A question and the passages found for it."""

    asked: Asked
    hits: tuple[Hit, ...]
    searched: Searched


def build_chain(
    retriever: Retriever, answerer: Answerer, searched: Callable[[Filters], Searched], *, passages: int
) -> Runnable[str | Mapping[str, Any], Answer]:
    """Return the chain.

    Args:
        retriever: Finds the passages.
        answerer: Answers from them.
        searched: Tells how much a search with these filters looks through.
        passages: How many passages are read for an answer.
    """

    def retrieve(asked: Asked) -> Retrieved:
        # A question without a word has nothing to search for; the answerer says so.
        hits = retriever.search(asked.question, asked.filters, passages) if words(asked.question) else []
        return Retrieved(asked, tuple(hits), searched(asked.filters))

    steps: Runnable[str | Mapping[str, Any], Answer] = (
        RunnableLambda(read, name="question") | RunnableLambda(retrieve, name="retrieve") | _Answering(answerer)
    )
    return steps.with_config(run_name="onrecord")


class _Answering(Runnable[Retrieved, Answer]):
    """The last step: a ``RunnableLambda`` would add the growing answers up."""

    def __init__(self, answerer: Answerer) -> None:
        self.name = "answer"
        self._answerer = answerer

    def invoke(self, input: Retrieved, config: RunnableConfig | None = None, **_: Any) -> Answer:  # noqa: A002 (LangChain's name)
        return self._call_with_config(self._answer, input, config, run_type="chain")

    def stream(self, input: Retrieved, config: RunnableConfig | None = None, **more: Any) -> Iterator[Answer]:  # noqa: A002
        yield from self.transform(iter([input]), config, **more)

    def transform(self, input: Iterator[Retrieved], config: RunnableConfig | None = None, **_: Any) -> Iterator[Answer]:  # noqa: A002
        yield from self._transform_stream_with_config(input, self._stream, config, run_type="chain")

    def _answer(self, retrieved: Retrieved) -> Answer:
        return self._answerer.answer(retrieved.asked.question, retrieved.hits, retrieved.searched)

    def _stream(self, given: Iterator[Retrieved]) -> Iterator[Answer]:
        for retrieved in given:
            if isinstance(self._answerer, StreamingAnswerer):
                yield from self._answerer.stream(retrieved.asked.question, retrieved.hits, retrieved.searched)
            else:
                yield self._answer(retrieved)


def read(given: str | Mapping[str, Any]) -> Asked:
    """Read what the chain was given.

    Raises:
        InputError: It is neither a question nor ``{"question": str, "filters": Filters | None}``, or the question
            cannot be used.
    """
    if isinstance(given, str):
        return Asked(checked(given), Filters())
    question = given.get("question") if isinstance(given, Mapping) else None
    if not isinstance(question, str):
        raise InputError('the chain takes a question: a string, or {"question": "…", "filters": Filters(…)}')
    filters = given.get("filters") or Filters()
    if not isinstance(filters, Filters):
        raise InputError(f"filters must be retrieval.articles.Filters, not {type(filters).__name__}")
    return Asked(checked(question), filters)
