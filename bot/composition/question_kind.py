"""Question kinds: whether a fact, an overview, a timeline, a comparison, a list or the collection is asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.answers import QuestionKind
from bot.composition.request import KindDecision
from bot.conversation.rule_rewriter import has_pronoun
from bot.conversation.store import Turn

_PATTERNS: tuple[tuple[QuestionKind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        (
            QuestionKind.TIMELINE,
            r"\W*(?:show |give )?(?:me )?(?:a |the )?timeline (?:of|for|about|on) (?P<topic>.+?)[\s?.!]*",
        ),
        (QuestionKind.OVERVIEW, r"\W*(?:please )?summari[sz]e (?P<topic>.+?)[\s?.!]*"),
        (QuestionKind.OVERVIEW, r"\W*(?:what happened in|tell me about) (?P<topic>.+?)[\s?.!]*"),
        (QuestionKind.COMPARISON, r"\W*how (?:did|has|have) (?P<topic>.+?) changed?[\s?.!]*"),
        (QuestionKind.COLLECTION, r"\W*how many articles are there[\s?.!]*"),
    )
)


def decide_kind(question: str, history: Sequence[Turn] = ()) -> KindDecision:  # noqa: ARG001
    """Return what a question asks for.

    Args:
        question: As it was asked, or standalone.
        history: The turns before it, oldest first; empty for a standalone question.
    """
    for kind, pattern in _PATTERNS:
        if found := pattern.fullmatch(question):
            topic = found.groupdict().get("topic") or ""
            return KindDecision(kind, topic, dependent=has_pronoun(topic))
    return KindDecision(QuestionKind.FACT)
