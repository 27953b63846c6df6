"""What a composer is asked: a question whose kind is known, and what it may draw on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from bot.answers import Answer, QuestionKind, SearchScope
from bot.conversation.store import Turn

WRITTEN_UP = frozenset({QuestionKind.OVERVIEW, QuestionKind.TIMELINE, QuestionKind.COMPARISON, QuestionKind.LIST})
"""Kinds whose sentences a chat model writes up, where one is set."""


@dataclass(frozen=True, slots=True)
class KindDecision:
    """What a question asks for.

    Attributes:
        kind: Its kind; ``FACT`` in doubt.
        topic: What it is about, as written: "Niger" of "what happened in Niger?"; empty for everything, and where the
            kind needs none.
        remark: A line for the person where another kind was nearly as likely: the more literal one is answered.
        source: Whose articles are asked, where only an outlet's or author's are: "Vox"; empty for all.
        dependent: Whether its topic has to be resolved against the turns before it: "tell me about him".
        rival: The kind that it may have been meant for instead, which more than one sentence answers; None where
            there is none.
    """

    kind: QuestionKind
    topic: str = ""
    remark: str = ""
    dependent: bool = False
    source: str = ""
    rival: QuestionKind | None = None


@dataclass(frozen=True, slots=True)
class CompositionRequest:
    """A question for a composer.

    Attributes:
        question: As it was asked.
        standalone: As it was understood after the turns before it.
        decision: Its kind and topic.
        history: The turns before it, oldest first.
        searched: How much the articles that the filters leave are, and the filters.
    """

    question: str
    standalone: str
    decision: KindDecision
    history: tuple[Turn, ...]
    searched: SearchScope

    @property
    def topic(self) -> str:
        """What the question is about."""
        return self.decision.topic


class Composer(Protocol):
    """Answers the questions of one kind."""

    def compose(self, request: CompositionRequest) -> Answer | None:
        """Return the answer; None where it has nothing to say of it, so that the reader answers.

        Raises:
            OnrecordError: The store, the search or a model cannot be used.
            ArticleReplaced: An article left the library since it was found.
        """
        ...
