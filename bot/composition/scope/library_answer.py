"""Library answers: from the articles that a question's filters leave, composed or by the reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from bot.answers import Answer, QuestionKind, SearchScope
from bot.composition.draft import composed_abstention
from bot.composition.request import Composer, CompositionRequest
from bot.composition.scope.retrieval_step import Retrieval, Retrieved
from retrieval.articles import Hit
from retrieval.text.analyzer import terms


class Answerer(Protocol):
    """Makes an answer from passages: ``bot.answering.extractive.ExtractiveAnswerer``."""

    def answer(self, question: str, hits: Sequence[Hit], searched: SearchScope) -> Answer:
        """Return the answer, or an abstention."""
        ...


class LibraryAnswerer:
    """Answers from all articles that the filters leave.

    Args:
        answerer: Answers from passages.
        composers: Answer the questions that no single sentence answers, by kind.
        retrieve: Finds the passages.
    """

    def __init__(self, answerer: Answerer, composers: Mapping[QuestionKind, Composer], retrieve: Retrieval) -> None:
        self._answerer = answerer
        self._composers = composers
        self._retrieve = retrieve

    def answer(self, retrieved: Retrieved) -> Answer:
        """Return the composed answer, or the reader's where a composer has nothing to say."""
        composed = self.composed(retrieved)
        return self.read(retrieved) if composed is None else composed

    def composes(self, kind: QuestionKind) -> bool:
        """Return whether a composer answers questions of this kind."""
        return kind in self._composers

    def compose(self, request: CompositionRequest) -> Answer | None:
        """Return what the composer of its kind answers to a request; None where there is neither."""
        composer = self._composers.get(request.decision.kind)
        return composer.compose(request) if composer else None

    def composed(self, retrieved: Retrieved) -> Answer | None:
        """Return the composed answer; None where the reader answers."""
        if retrieved.composed is not None:
            return retrieved.composed
        if retrieved.meant.refusal:
            return composed_abstention(retrieved.request, retrieved.meant.refusal)
        composed = self.compose(retrieved.request)
        if composed and composed.citations and not holds_terms(composed, retrieved.understood.about):
            return None  # it is about the question before: the reader says whether there is anything
        return composed

    def found(self, retrieved: Retrieved) -> Retrieved:
        """Return ``retrieved`` with the passages that the reader reads; a composer had nothing to say of it."""
        if not self.composes(retrieved.decision.kind):
            return retrieved
        found = self._retrieve(retrieved.asked, composed=False)
        return replace(found, meant=replace(found.meant, decision=retrieved.decision))

    def read(self, retrieved: Retrieved) -> Answer:
        """Return the reader's answer."""
        retrieved = self.found(retrieved)
        understood = retrieved.understood
        hits = retrieved.about if understood.corrects else retrieved.hits
        answer = self._answerer.answer(understood.read, hits, retrieved.searched)
        if holds_terms(answer, understood.about):
            return answer
        return self._answerer.answer(understood.read, retrieved.about, retrieved.searched)


def holds_terms(answer: Answer, wanted: Sequence[str]) -> bool:
    """Return whether sentences of an answer, with their articles' titles, hold all of the terms ``wanted``.

    Half of them have to; one of an overview or a timeline, whose other sentences go on with it.
    """
    held = [set(wanted) <= set(terms(f"{each.article.title}\n{each.quote}")) for each in answer.citations]
    needed = 1 if answer.kind in {QuestionKind.OVERVIEW, QuestionKind.TIMELINE} else len(held) / 2
    return not wanted or sum(held) >= max(needed, 1)
