"""Understands a question from the turns before it: what it asks, what to search with, and what not to say again."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.answers import Usage
from bot.citations import CopiesLookup
from bot.conversation import context_dependence
from bot.conversation.question_patterns import asks_else, bare, more_about, tells
from bot.conversation.rule_rewriter import (
    Similarity,
    has_pronoun,
    leading_name,
    names_in,
    read_terms,
    with_topic,
    with_words,
    without_else,
    written_out,
)
from bot.conversation.store import CitedPlace, Turn
from bot.llm.errors import ProviderError
from retrieval.errors import InputError
from retrieval.search.query import WeightedQuery
from retrieval.text.analyzer import words
from retrieval.text.tokens import read_words

SAME_QUESTION_OVERLAP = 0.6
"""Share of its content words that a question for others must have in common with an earlier one, so that what was
answered there is not said again."""


@dataclass(frozen=True, slots=True)
class ResolvedQuestion:
    """What a question means after the turns before it.

    Attributes:
        standalone: The question as it stands alone, for people; the question itself where it leans on nothing.
        search: What to search with.
        read: What the answerer is asked.
        leans: How much it leans on what came before, in [0, 1].
        shown: Places that the answer must not repeat.
        opened: The citation that it wants to read on from; nothing is searched then.
        usage: What a chat model took to understand it.
    """

    standalone: str
    search: str | WeightedQuery
    read: str
    leans: float = 0.0
    shown: tuple[CitedPlace, ...] = ()
    opened: CitedPlace | None = None
    usage: Usage | None = None


class QuestionRewriter(Protocol):
    """A chat model that writes stand-alone questions: ``bot.conversation.llm_rewriter.Rewriter``."""

    def rewrite(self, question: str, turns: Sequence[tuple[str, str]]) -> tuple[str, Usage]:
        """Return ``question`` so that it stands alone, from (question, answer) of the turns before it, and the cost."""
        ...


class FollowUpResolver:
    """Understands follow-up questions: by their form, and by how much they lean on what came before.

    Args:
        rewriter: Writes out what has no form that is known; None: the fitted decision of
            ``bot.conversation.context_dependence``.
        articles: The library, to tell what a cited article is about; None: that is not used.
        near: Tells how near a text is to others, to put a new name in the place of one of its kind. Of twenty such
            choices ("Niger" for "Mali" or for "Moscow", "Harris" for "Biden" or for "Iran") all-MiniLM-L6-v2 takes
            nineteen as a person would. None: the last name gives way.
    """

    def __init__(
        self,
        rewriter: QuestionRewriter | None = None,
        articles: CopiesLookup | None = None,
        near: Similarity | None = None,
    ) -> None:
        self._rewriter = rewriter
        self._articles = articles
        self._near = near

    def understand(self, question: str, history: Sequence[Turn]) -> ResolvedQuestion:
        """Return what ``question`` means after ``history``, oldest first; itself when there is none.

        Where the chat model gives no answer, the rules and the fitted decision do.

        Raises:
            InputError: It wants more about a citation that the last answer does not have.
        """
        if not history or not words(question):
            return ResolvedQuestion(question, question, question)
        last = history[-1]
        number = more_about(question, len(last.places))
        if number is not None:
            return _opened(question, number, last)
        if self._rewriter:
            with contextlib.suppress(ProviderError):
                return self._rewritten(self._rewriter, question, history)
        return self._read(question, history)

    def _rewritten(self, rewriter: QuestionRewriter, question: str, history: Sequence[Turn]) -> ResolvedQuestion:
        turns = [(turn.standalone_question, turn.answer) for turn in history]
        written, usage = rewriter.rewrite(question, turns)
        leans = float(written.casefold() != question.casefold())
        return ResolvedQuestion(written, written, written, leans, _shown(question, written, history), usage=usage)

    def _read(self, question: str, history: Sequence[Turn]) -> ResolvedQuestion:
        """Understand without a model."""
        written = written_out(question, history, self._near)
        if written:
            same = bare(question) or asks_else(question)
            # "And in Niger?" turns from what was asked before; "Why?" stays with it.
            before = history if same else history[:-1]
            if same:
                written = self._named(written, history)
            # "Else" is for people: no article holds it, and the reader would take it for a word that is missing.
            plain = without_else(written)
            search = WeightedQuery(
                plain, context_dependence.parts(plain, before, context_dependence.strength(question, before))
            )
            return ResolvedQuestion(written, search, plain, 1.0, _shown(question, written, history))
        shown = _shown(question, question, history)
        leans = context_dependence.strength(question, history)
        if leans < context_dependence.DEPENDENCE_THRESHOLD:
            return ResolvedQuestion(question, question, question, leans, shown)
        search = WeightedQuery(question, context_dependence.parts(question, history, leans))
        if not has_pronoun(question) and read_terms(question):
            return ResolvedQuestion(question, search, question, leans, shown)
        standalone = self._named(with_topic(question, history[-1].standalone_question), history)
        return ResolvedQuestion(standalone, search, without_else(standalone), leans, shown)

    def _named(self, question: str, history: Sequence[Turn]) -> str:
        """Return ``question`` with the name that the article just cited is about, where it holds no name."""
        last = history[-1]
        known = names_in(history)
        if not self._articles or last.abstained or not last.places:
            return question
        if any(word.name or word.term in known for word in read_words(question) if not word.stop):
            return question
        try:
            name = leading_name(self._articles.article(last.places[0].article_id).text)
        except InputError:  # it left the library since
            return question
        return with_words(question, name) if name else question


def _opened(question: str, number: int, last: Turn) -> ResolvedQuestion:
    opened = next((place for place in last.places if place.number == number), None)
    if opened is None:
        held = f"it has 1 to {len(last.places)}" if last.places else "it cites nothing"
        raise InputError(f"the last answer has no citation {number}: {held}")
    # It stays the same question: "Why?" after it asks for the reason of what was asked, not of a sentence.
    return ResolvedQuestion(last.standalone_question, question, question, 1.0, opened=opened)


def _shown(question: str, standalone: str, history: Sequence[Turn]) -> tuple[CitedPlace, ...]:
    """Return what must not be said again.

    Where others are asked for, what was answered to the same before; after "When was that?", the sentences just read,
    unless they tell when.
    """
    word = bare(question)
    if not word and not asks_else(question):
        return ()
    asked = set(read_terms(without_else(standalone)))
    return tuple(
        place
        for turn in history
        if not turn.abstained and _common(asked, set(read_terms(without_else(turn.standalone_question))))
        for place in turn.places
        if not (word and tells(word, place.quote))
    )


def _common(asked: set[str], before: set[str]) -> bool:
    return len(asked & before) >= SAME_QUESTION_OVERLAP * min(len(asked), len(before)) if asked and before else True
