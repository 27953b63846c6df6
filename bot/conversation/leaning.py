"""How much a question leans on what came before it, and what it is then searched with.

``strength`` is a logistic model of three readable features; the parts of the search weigh in proportion to it. All
numbers were fitted together by ``python -m evals fit-follow-ups`` (see there), to put the evidence of INSCIT's turns
high: of the turns as they are, of turns whose words known from before were taken out, and of both behind the turns of
another conversation, so that a change of topic costs little.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from bot.conversation.turns import Turn
from retrieval.blend import Part
from retrieval.words import terms

WEIGHTS = {"bias": 0.0, "pronoun": 0.6, "opening": 0.8, "words": -0.05}
"""Of the features, in log odds; ``words`` a content word."""
QUESTIONS_MEAN = 0.4
"""What the vector of the last questions counts at full strength."""
ANSWER_MEANS = 1.3
"""What the vector of the previous question and answer, with this question, counts at full strength."""
WORDS_COUNT = 0.4
"""What the words of earlier questions count at full strength."""
REACH = 2
"""Questions before this one that are searched with; the conversation's first question is, too."""
ANSWER_CHARACTERS = 400
"""Characters of the previous answer that are embedded with the question: MiniLM reads 256 word pieces in all."""
MOST_WORDS = 10
"""Content words beyond which one more tells nothing."""

_PRONOUN = re.compile(
    r"\b(?:it|its|they|them|their|theirs|he|him|his|she|her|hers|this|that|these|those|there|then|ones?|such|same"
    r"|others?|else|another|more|former|latter|so)\b",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"^\W*(?:and|but|or|so|what about|how about|also|then|why|which ones?|any|else|ok|okay|yes|no|sure|tell me more"
    r"|more|thanks|i'm|i am|i would|i'd|please)\b",
    re.IGNORECASE,
)


def features(question: str) -> dict[str, float]:
    """Return what the decision rests on, by name."""
    content = set(terms(question, keep_stop_words=False))
    return {
        "bias": 1.0,
        "pronoun": float(bool(_PRONOUN.search(question))),
        "opening": float(bool(_OPENING.search(question))),
        "words": float(min(MOST_WORDS, len(content))),
    }


def strength(question: str) -> float:
    """Return how much ``question`` leans on what came before it, in (0, 1)."""
    odds = sum(WEIGHTS[name] * value for name, value in features(question).items())
    return 1.0 / (1.0 + math.exp(-odds))


def parts(question: str, history: Sequence[Turn], leans: float) -> tuple[Part, ...]:
    """Return what to search ``question`` with beside it; nothing without history.

    Args:
        question: What was asked.
        history: The turns before it, oldest first.
        leans: From ``strength``.
    """
    if not history:
        return ()
    earlier = [turn.question for turn in history]
    last = history[-1]
    answer = "" if last.abstained else last.answer[:ANSWER_CHARACTERS]
    near = earlier[-REACH:]
    words = list(dict.fromkeys([*reversed(near), *earlier[:1]]))
    return (
        Part(" ".join([*near, question]), meaning=QUESTIONS_MEAN * leans),
        Part(" ".join(filter(None, [last.question, answer, question])), meaning=ANSWER_MEANS * leans),
        *(Part(text, words=WORDS_COUNT * leans) for text in words),
    )
