"""Retrieval step of the chain: the question that goes in, and the passages found for it that come out."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from bot.answers import Answer, Doubt, QuestionKind, SearchScope
from bot.composition.interpretation import InterpretedQuestion
from bot.composition.request import CompositionRequest, KindDecision
from bot.conversation.follow_ups import ResolvedQuestion
from bot.conversation.read_more import about_terms
from bot.conversation.store import Turn
from retrieval.articles import Filters, Hit
from retrieval.text.analyzer import terms


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


class FoundPassages:
    """The passages of a search that runs when they are first needed: what articles in hand answer needs none.

    Args:
        search: Finds them, best first.

    Attributes:
        took: Milliseconds of the search; 0 before it.
    """

    def __init__(self, search: Callable[[], Sequence[Hit]] = tuple) -> None:
        self._search = search
        self._hits: tuple[Hit, ...] | None = None
        self.took = 0.0

    @property
    def hits(self) -> tuple[Hit, ...]:
        """The passages, best first."""
        if self._hits is None:  # functools.cached_property would have one search at a time in all threads
            start = time.monotonic()
            self._hits = tuple(self._search())
            self.took = (time.monotonic() - start) * 1000
        return self._hits


@dataclass(frozen=True, slots=True)
class Retrieved:
    """A question with what it means and the passages found for it.

    Attributes:
        asked: The question as it was asked.
        meant: What it means.
        found: The passages; none for a kind that a composer answers.
        searched: What was searched.
        separate: The questions, where several were asked at once: each is retrieved for by itself.
        composed: The composed answer of all articles, where one was needed to see whether any tells of it.
    """

    asked: ChainInput
    meant: InterpretedQuestion
    found: FoundPassages
    searched: SearchScope
    separate: tuple[str, ...] = ()
    composed: Answer | None = None

    @property
    def hits(self) -> tuple[Hit, ...]:
        """The passages, best first."""
        return self.found.hits

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

    @property
    def plain(self) -> str:
        """The question as it was asked, with its words spelt right."""
        return self.meant.spelling.text

    @property
    def own_words(self) -> str:
        """The question with its words spelt right; a correction's are those of the question that it corrects."""
        return self.understood.standalone if self.understood.corrects else self.plain

    @property
    def request(self) -> CompositionRequest:
        """The question for a composer."""
        asked, standalone = self.asked, self.understood.standalone
        return CompositionRequest(asked.question, standalone, self.decision, asked.history, self.searched)

    def under_question(self, answer: Answer) -> Answer:
        """Return an answer under the question as it was asked, with the standalone question where that differs."""
        asked, understood = self.asked.question, self.understood
        kind = QuestionKind.OVERVIEW if answer.kind is QuestionKind.OVERVIEW else self.decision.kind
        kind = QuestionKind.CORRECTION if understood.corrects else kind
        answer = replace(answer, kind=kind, doubts=_of_own_words(answer.doubts, self.plain))
        if remark := self.meant.spelling.remark:
            answer = answer.with_remark(remark)
        if self.decision.kind is QuestionKind.FACT and self.decision.remark and not answer.message:
            answer = answer.with_remark(self.decision.remark)
        if not answer.message and (undated := answer.searched.undated_remark):
            answer = answer.with_remark(undated)
        if not self.asked.history and understood.standalone == asked:
            return answer
        standalone = understood.standalone if understood.standalone != asked else ""
        usage = (
            understood.usage + answer.usage if understood.usage and answer.usage else understood.usage or answer.usage
        )
        return replace(answer, question=asked, standalone_question=standalone, usage=usage)


class Retrieval(Protocol):
    """Understands a question, and has it searched for unless a composer answers it."""

    def __call__(self, asked: ChainInput, *, composed: bool = True) -> Retrieved:
        """Return the passages; ``composed``: none where a composer answers."""
        ...


def _of_own_words(doubts: Sequence[Doubt], asked: str) -> tuple[Doubt, ...]:
    """Return the doubts without those about a word that the turns before brought into the question."""
    own = set(terms(asked))
    return tuple(each for each in doubts if not each.word or not own.isdisjoint(terms(each.word)))
