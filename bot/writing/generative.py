"""Answers that a chat model writes, and that are held to the articles sentence by sentence before anybody sees them."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from typing import Protocol

from bot.answers import Answer, Reason, Searched
from bot.citing import Articles, Citing
from bot.extractive import NEAREST, abstention
from bot.prompts import Prompt, load
from bot.providers.chat import ChatModel
from bot.providers.errors import ProviderError
from bot.providers.tokens import tokens
from bot.writing.checking import Checking, Verifier
from bot.writing.markers import marker, new_tag
from bot.writing.packing import Packed, pack
from bot.writing.writing import Limits, Notation, Writing
from retrieval.articles import Hit
from retrieval.errors import EmbeddingError
from retrieval.words import words

PROMPT = "answer"
VARIABLES = ("tag", "example", "example_two", "nothing", "passages", "question")


class Offline(Protocol):
    """What answers when the chat model does not: ``bot.extractive.Extractive``."""

    def answer(self, question: str, hits: Sequence[Hit], searched: Searched) -> Answer:
        """Return the answer, or an abstention with the nearest sentences."""
        ...


class Generative:
    """The answerer with a chat model. Safe to share between threads.

    Args:
        chat: Writes.
        verifier: Holds each claim to the passages.
        offline: Answers in the model's place when the provider fails, and knows the nearest sentences.
        articles: The library that the hits come from.
        limits: What the newsroom decided.

    Raises:
        ConfigurationError: The prompt cannot be used.
    """

    def __init__(
        self, chat: ChatModel, verifier: Verifier, offline: Offline, articles: Articles, limits: Limits
    ) -> None:
        self._chat = chat
        self._verifier = verifier
        self._offline = offline
        self._articles = articles
        self._limits = limits
        self._prompt: Prompt = load(PROMPT, VARIABLES)

    def answer(self, question: str, hits: Sequence[Hit], searched: Searched) -> Answer:
        """Return the whole answer, or an abstention with the nearest sentences."""
        *_, last = self.stream(question, hits, searched)
        return last

    def stream(self, question: str, hits: Sequence[Hit], searched: Searched) -> Iterator[Answer]:
        """Yield the answer as it grows, each time whole and checked; the last one is complete.

        When the provider fails before a claim could be shown, the offline answerer's answer is the last, with the
        reason as its ``fallback``.

        Raises:
            EmbeddingError: The embedding model cannot be loaded.
            ArticleLeft: An article left the library since it was found; nothing was written then.
            StoreError: The day's tokens cannot be counted.
        """
        if not hits or not words(question):
            yield self._offline.answer(question, hits, searched)
            return
        tag = new_tag([question, *(f"{hit.article.title} {hit.passage.text}" for hit in hits)])
        packed, messages = self._messages(question, hits, tag)
        citing = Citing(self._articles)
        citing.read(packed.hits)
        begun = Answer(question, (), (), 0.0, None, tuple(hits), searched, answerer=self._chat.name, complete=False)
        try:
            stream = self._chat.stream(messages)
        except ProviderError as error:
            yield self._instead(begun, error)
            return
        checking = Checking(self._verifier, packed.hits, citing, show_unsupported=self._limits.show_unsupported)
        writing = Writing(begun, stream, checking, Notation.of(packed, tag), self._limits)
        with closing(writing), self._preparing(packed.hits):
            yield from writing.answers()
            yield self._finished(writing)

    @contextmanager
    def _preparing(self, hits: Sequence[Hit]) -> Iterator[None]:
        """Prepare the verifier while the model reads, best passage first: the first sentence need not wait for all."""
        left = threading.Event()

        def prepare() -> None:
            with suppress(EmbeddingError):  # the first claim says so
                for hit in hits:
                    if left.is_set():
                        return
                    self._verifier.prepare([hit])

        thread = threading.Thread(target=prepare, daemon=True, name="onrecord-prepare")
        thread.start()
        try:
            yield
        finally:
            left.set()
            thread.join()  # at most a passage: the program must not end under it

    def _finished(self, writing: Writing) -> Answer:
        """Return the complete answer: what is carried, or an abstention, or the offline answer after a failure."""
        answer, checking = writing.so_far(), writing.checking
        if not checking.carried and (writing.failure or (writing.cut and not checking.withheld)):
            error = writing.failure or ProviderError(f"{answer.answerer} gave nothing to show ({writing.cut})")
            return self._instead(answer, error)
        answer = replace(answer, complete=True, cut=writing.cut)
        if checking.carried:
            return answer
        reason = Reason.NOT_IN_ARTICLES if checking.denials else Reason.NOT_SUPPORTED
        offline = self._offline.answer(answer.question, answer.hits, answer.searched)
        shown = answer.claims if self._limits.show_unsupported else ()
        return replace(
            answer,
            citations=(),
            nearest=(*offline.citations, *offline.nearest)[:NEAREST],
            held=offline.held,
            claims=tuple(replace(claim, citations=()) for claim in shown),
            withheld=(*(claim for claim in answer.claims if claim not in shown), *answer.withheld),
            abstention=abstention(reason, answer.searched),
        )

    def _messages(self, question: str, hits: Sequence[Hit], tag: str) -> tuple[Packed, list[tuple[str, str]]]:
        values = {
            "tag": tag,
            "example": marker(tag, 1),
            "example_two": marker(tag, 1, 2),
            "nothing": marker(tag, 0),
            "question": question,
        }
        bare = self._prompt.messages(passages="", **values)
        room = self._limits.context_tokens - sum(tokens(text) for _, text in bare)
        packed = pack(hits, tag, room)
        return packed, self._prompt.messages(passages=packed.text, **values)

    def _instead(self, begun: Answer, error: ProviderError) -> Answer:
        """Return the offline answer, named as such."""
        answer = self._offline.answer(begun.question, begun.hits, begun.searched)
        return replace(answer, fallback=str(error), usage=begun.usage, timings=begun.timings)
