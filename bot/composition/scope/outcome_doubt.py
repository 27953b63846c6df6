"""Outcome doubt: how something ended may not have been known when an article was written."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.answers import Answer, Doubt, QuestionKind
from retrieval.text.lazy_pattern import LazyPattern

NOT_YET = Doubt("may be from before that was known", "tells how it ended")
"""What keeps a sentence about something from telling how it ended."""
MIN_KNOWN = 0.75
"""Probability of a sentence from which it does."""
_ENDED = LazyPattern(
    r"\b(?:in the end|at last|end(?:s|ed)? up|turn(?:s|ed)? out|ever|eventually|finally|outcome|afterwards"
    r"|(?:what|which) (?:sentence|verdict)|how (?:many years|much time) did|who (?:won|ended|finally)|did \w+ win"
    r"|(?:what|how) (?:was|did) .{0,40}\b(?:ruling|verdict|rule|conclude|end|decide))\b",
    re.IGNORECASE,
)
"""How it is asked how something ended."""


def asks_outcome(question: str) -> bool:
    """Return whether a question asks how something ended: "so did they execute him in the end?"."""
    return _ENDED.search(question) is not None


def doubting_outcome(answer: Answer, question: str) -> Answer:
    """Return a fact as one that only may answer, where it is asked how something ended and its sentence is unsure."""
    sure = answer.message or answer.possibly or answer.composed or answer.confidence >= MIN_KNOWN
    if sure or answer.kind is not QuestionKind.FACT or not asks_outcome(question):
        return answer
    return replace(answer, possibly=True, doubts=(NOT_YET, *answer.doubts))
