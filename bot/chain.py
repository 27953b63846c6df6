"""The chain from question to answer, as a LangChain Runnable: retrieve, then answer.

``chain.invoke("Who signed it?")`` or ``chain.invoke({"question": "Who signed it?", "filters": Filters(…)})`` returns an
``Answer``; ``batch`` takes a list of either. ``stream`` yields the answer as far as it is known, each time whole: the
extractive answerer knows all its sentences at once, so it yields one ``Answer``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from langchain_core.runnables import Runnable, RunnableLambda

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

    def answer(retrieved: Retrieved) -> Answer:
        return answerer.answer(retrieved.asked.question, retrieved.hits, retrieved.searched)

    steps: Runnable[str | Mapping[str, Any], Answer] = (
        RunnableLambda(read, name="question")
        | RunnableLambda(retrieve, name="retrieve")
        | RunnableLambda(answer, name="answer")
    )
    return steps.with_config(run_name="onrecord")


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
