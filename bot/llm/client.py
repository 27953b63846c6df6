"""Chat model client: streaming with timeouts, retries and a token budget."""

from __future__ import annotations

import contextvars
import queue
import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from bot.answers import Usage
from bot.llm.budget import TokenBudget, estimate_tokens
from bot.llm.errors import AnswerCut, ContentFiltered, EmptyAnswer, ProviderError, ProviderTimeout, provider_error
from bot.llm.stream import StreamChunk, ThinkingFilter, incompleteness, is_filtered, is_too_long, to_stream_chunk

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

Messages = Sequence[tuple[str, str]]
"""(role, text) a message."""

MAX_RETRY_DELAY_SECONDS = 20.0
"""Seconds between two tries: a provider that asks for more is not waited for."""
BASE_RETRY_DELAY_SECONDS = 0.5
"""Seconds before the second try; doubled each time, with "full jitter" (Brooker, Exponential Backoff And Jitter, AWS
Architecture Blog 2015)."""
IDLE_SECONDS = 0.02
"""Seconds without a token after which a sentence that looks complete may be taken for complete: half of what is left of
60 ms when a claim's check takes its own 20."""
MAX_DURATION_FACTOR = 5
"""An answer may take this many times MODEL_TIMEOUT from its first token to its last."""


class ChatModel(Protocol):
    """What answers are written by: ``Chat``."""

    @property
    def name(self) -> str:
        """The model: "provider:model"."""
        ...

    def stream(self, messages: Messages) -> ChatStream:
        """Send the messages; the answer comes from the stream."""
        ...

    def ask(self, messages: Messages) -> tuple[str, Usage]:
        """Return the whole answer, and what it cost."""
        ...


@dataclass(slots=True)
class ChatStream:
    """An answer under way: iterate over it for its pieces. ``close`` it to leave it.

    Attributes:
        pieces: What comes.
        usage: What it cost, final when the pieces have ended.
        ended: Why the model stopped; empty while it goes on, or when it never said so.
    """

    pieces: Iterator[StreamChunk]
    usage: Usage = field(default_factory=Usage)
    ended: str = ""

    def __iter__(self) -> Iterator[StreamChunk]:
        return self.pieces

    def close(self) -> None:
        """Leave the rest of the answer."""
        close = getattr(self.pieces, "close", None)
        if close:
            close()


class LimitedChatModel:
    """A chat model of LangChain's, with the newsroom's limits. Safe to share between threads.

    Args:
        model: LangChain's; it must not retry by itself.
        name: "provider:model".
        host: Where its text goes, for messages.
        budget: Counts the day's tokens.
        timeout: Seconds to the first token and between tokens.
        retries: How often a request is tried again.
        longest: The most tokens of an answer, for the budget.
        wait: Waits some seconds.
    """

    def __init__(
        self,
        model: BaseChatModel,
        *,
        name: str,
        host: str,
        budget: TokenBudget,
        timeout: float = 60.0,
        retries: int = 2,
        longest: int = 1_000,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self._model = model
        self._name = name
        self._host = host
        self._budget = budget
        self._timeout = timeout
        self._retries = retries
        self._longest = longest
        self._wait = wait

    @property
    def name(self) -> str:
        """The model: "provider:model"."""
        return self._name

    def stream(self, messages: Messages) -> ChatStream:
        """Send the messages now; the answer comes from the stream.

        A request that fails before its first word is tried again where that may help.

        Raises:
            BudgetSpent: The day's tokens are used; nothing was sent.
            ProviderError: From the stream: the provider gave no answer, or broke it off.
        """
        sent = sum(estimate_tokens(text) for _, text in messages)
        self._budget.check(sent + self._longest)
        stream = ChatStream(iter(()))
        first = self._start(messages)
        stream.pieces = self._counted(self._tried(messages, first, stream), sent, stream)
        return stream

    def ask(self, messages: Messages) -> tuple[str, Usage]:
        """Return the whole answer, and what it cost.

        Raises:
            AnswerCut: It ended at a limit on its length.
            ContentFiltered: A content filter broke it off.
            ProviderError: As ``stream``.
        """
        stream = self.stream(messages)
        text = "".join(each.text for each in stream)
        if error := self._unfinished(stream.ended):
            raise error
        return text, stream.usage

    def _unfinished(self, ended: str) -> ProviderError | None:
        """Return the error that an answer ended so is; None where nothing says that it is not whole."""
        about = f"{self._name} gave no whole answer ({incompleteness(ended, self._longest)})"
        if is_filtered(ended):
            return ContentFiltered(about)
        return AnswerCut(about) if is_too_long(ended) else None

    def _counted(self, pieces: Iterator[StreamChunk], sent: int, stream: ChatStream) -> Iterator[StreamChunk]:
        """Yield pieces; count what they cost, however they end."""
        received = 0
        told = Usage()
        begun = False
        try:
            with closing(pieces):  # type: ignore[type-var]  # a generator
                for each in pieces:
                    begun = begun or not each.quiet
                    received += estimate_tokens(each.text) if each.text else 0
                    told = told + each.usage if each.usage else told
                    stream.ended = stream.ended if is_filtered(stream.ended) else each.ended or stream.ended
                    yield each
        finally:
            calls = stream.usage.calls
            if told.tokens:
                counted = told.input_tokens or sent
                stream.usage = Usage(counted, told.output_tokens, calls, estimated=not told.input_tokens)
            elif begun:  # a request that was refused costs nothing
                stream.usage = Usage(sent, received, calls, estimated=True)
            if stream.usage.tokens:
                self._budget.add(stream.usage.tokens)

    def _tried(self, messages: Messages, first: _RequestThread, stream: ChatStream) -> Iterator[StreamChunk]:
        """Yield the pieces of the first try that gives a word."""
        worker = first
        for attempt in range(self._retries + 1):
            said = False
            stream.ended = ""
            stream.usage += Usage(calls=1)
            try:
                for each in self._read(worker):
                    said = said or bool(each.text.strip())
                    yield each
                if not said:
                    raise self._unfinished(stream.ended) or EmptyAnswer(f"{self._name} gave an empty answer")
            except ProviderError as error:
                pause = self._pause(error, attempt)
                if said or pause is None:
                    raise
                self._wait(pause)
                worker = self._start(messages)
            else:
                return

    def _pause(self, error: ProviderError, attempt: int) -> float | None:
        """Return the seconds to wait before the next try; None when there is to be none."""
        if not error.retryable or attempt >= self._retries:
            return None
        pause = random.uniform(0, min(MAX_RETRY_DELAY_SECONDS, BASE_RETRY_DELAY_SECONDS * 2**attempt))  # noqa: S311 (no secret)
        pause = max(pause, error.retry_after or 0.0)
        return pause if pause <= MAX_RETRY_DELAY_SECONDS else None

    def _start(self, messages: Messages) -> _RequestThread:
        return _RequestThread(self._model, messages)

    def _read(self, worker: _RequestThread) -> Iterator[StreamChunk]:
        """Yield what one request brings, in time.

        Raises:
            ProviderError: It failed, or is too slow.
        """
        thoughts = ThinkingFilter()
        started = False
        end = time.monotonic() + MAX_DURATION_FACTOR * self._timeout
        try:
            while True:
                came = worker.next(IDLE_SECONDS)
                if isinstance(came, StreamChunk) and came.quiet:
                    yield came
                    left = min(self._timeout, end - time.monotonic())
                    came = worker.next(left)
                    if isinstance(came, StreamChunk) and came.quiet:
                        raise ProviderTimeout(f"{self._host} sent nothing for {max(0.0, left):.3g} s")
                if came is None:
                    break
                if isinstance(came, Exception):
                    raise provider_error(came, self._host, self._name.partition(":")[2], started=started) from came
                text = thoughts.feed(came.text)
                started = started or bool(text)
                yield replace(came, text=text)
            if rest := thoughts.close():
                yield StreamChunk(rest)
        finally:
            worker.stop.set()


class _RequestThread:
    """Reads one request in a thread, so that waiting for it can be timed and left."""

    def __init__(self, model: BaseChatModel, messages: Messages) -> None:
        self._came: queue.SimpleQueue[StreamChunk | Exception | None] = queue.SimpleQueue()
        self.stop = threading.Event()
        context = contextvars.copy_context()  # LangChain's callbacks travel in it
        thread = threading.Thread(
            target=lambda: context.run(self._run, model, list(messages)), daemon=True, name="onrecord-chat"
        )
        thread.start()

    def next(self, seconds: float) -> StreamChunk | Exception | None:
        """Return what comes next, within so many seconds; a quiet piece when nothing does; None at the end."""
        try:
            return self._came.get(timeout=max(0.0, seconds))
        except queue.Empty:
            return StreamChunk(quiet=True)

    def _run(self, model: BaseChatModel, messages: list[tuple[str, str]]) -> None:
        try:
            with closing(model.stream(messages)) as chunks:  # type: ignore[type-var]  # a generator
                for chunk in chunks:
                    if self.stop.is_set():
                        return
                    self._came.put(to_stream_chunk(chunk))
        except Exception as error:  # noqa: BLE001 (the provider's library raises what it likes; provider_error reads it)
            self._came.put(error)
        else:
            self._came.put(None)
