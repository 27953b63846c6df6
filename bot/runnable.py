"""The chain from question to answer as a LangChain Runnable: traced, composed with others, run in batches."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Generic, Protocol, TypeVar

from langchain_core.runnables import Runnable, RunnableConfig, RunnableLambda

from bot.answers import Answer

Question = TypeVar("Question")
Found = TypeVar("Found")
Given_contra = TypeVar("Given_contra", contravariant=True)


class LastStep(Protocol[Given_contra]):
    """Answers from what was found: ``bot.chain.AnswerStep``."""

    def answer(self, given: Given_contra, /) -> Answer:
        """Return the answer."""
        ...

    def stream(self, given: Iterator[Given_contra], /) -> Iterator[Answer]:
        """Yield the answer as far as it is known; the last one is complete."""
        ...


def as_runnable(
    read: Callable[[str | Mapping[str, Any]], Question],
    retrieve: Callable[[Question], Found],
    answering: LastStep[Found],
) -> Runnable[str | Mapping[str, Any], Answer]:
    """Return the three steps as a Runnable; its runs are named "onrecord", theirs "question", "retrieve", "answer"."""
    steps: Runnable[str | Mapping[str, Any], Answer] = (
        RunnableLambda(read, name="question")
        | RunnableLambda(retrieve, name="retrieve")
        | RunnableAnswerStep(answering)
    )
    return steps.with_config(run_name="onrecord")


class RunnableAnswerStep(Runnable[Found, Answer], Generic[Found]):
    """The last step. A ``RunnableLambda`` would add the streamed answers up; each here takes the last one's place."""

    def __init__(self, step: LastStep[Found]) -> None:
        self.name = "answer"
        self._step = step

    def invoke(self, input: Found, config: RunnableConfig | None = None, **_: Any) -> Answer:  # noqa: A002 (LangChain's name)
        """Return the answer."""
        return self._call_with_config(self._step.answer, input, config, run_type="chain")

    def stream(self, input: Found, config: RunnableConfig | None = None, **more: Any) -> Iterator[Answer]:  # noqa: A002
        """Yield the answer as far as it is known."""
        yield from self.transform(iter([input]), config, **more)

    def transform(self, input: Iterator[Found], config: RunnableConfig | None = None, **_: Any) -> Iterator[Answer]:  # noqa: A002
        """Yield the answers to what comes as far as each is known."""
        yield from self._transform_stream_with_config(input, self._step.stream, config, run_type="chain")
