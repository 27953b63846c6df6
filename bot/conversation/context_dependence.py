"""How much a question leans on what came before it, and what it is then searched with.

A logistic model of five things that its words tell says how likely it is that search does better with what came before.
Where that is likely enough, the search gets further parts, which weigh in proportion to it; otherwise it is the search
for the question alone, so that a new topic does not drag the old one along.

The numbers were chosen on INSCIT's 399 follow-ups (recall@5 of the evidence), on 370 of them with words taken out that
were said before, and on its first questions behind another conversation. The form of the decision was chosen with
conversations left out; the figures below are of the same conversations.

================================  =====  =========  =========
searched with                     as is  shortened  new topic
================================  =====  =========  =========
the question                      .823   .440       .840
all parts, whatever the question  .826   .682       .822
this, from .5                     .829   .674       .826
this, from .3                     .821   .682       .825
this, from .2                     .825   .682       .822
================================  =====  =========  =========
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from bot.conversation.store import Turn
from retrieval.search.query import QueryComponent
from retrieval.text.analyzer import terms
from retrieval.text.lexicon import DEMONSTRATIVES, THIRD_PERSON, alternation
from retrieval.text.tokens import read_words

WEIGHTS = {"bias": 3.2, "pronoun": 0.6, "opening": 0.75, "words": -0.67, "repeats": -1.3, "new_name": -1.0}
"""Log odds that what came before helps; ``words`` a content word, ``repeats`` where one of them was asked before (who
says it again says all that is needed), ``new_name`` where a name was not said yet."""
DEPENDENCE_THRESHOLD = 0.2
"""From here, a question leans on what came before. What lacks its topic is lost when it is searched alone, where what
has too much is only diluted: so the bar is low, and a question that hardly leans gets little."""
QUESTIONS_VECTOR_WEIGHT = 0.25
"""What the vector of this question behind the last ones counts where the question's own counts 1."""
ANSWER_VECTOR_WEIGHT = 0.8
"""What the vector of this question behind the previous question and answer counts. Without it, .03 less on shortened
questions."""
EARLIER_TERMS_WEIGHT = 0.3
"""What the words of earlier questions count where the question's own count 1. Without them, .13 less on shortened
questions."""
PREVIOUS_QUESTIONS = 2
"""Questions before this one that are searched with; the conversation's first question is, too."""
ANSWER_CHARACTERS = 400
"""Characters of the previous answer that are embedded with the question: MiniLM reads 256 word pieces in all."""
MAX_CONTENT_WORDS = 10
"""Content words beyond which one more tells nothing."""

_PRONOUN = re.compile(
    rf"\b(?:{alternation(THIRD_PERSON | DEMONSTRATIVES)}|there|then|ones?|such|same|others?|else|another|more|former"
    r"|latter|so)\b",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"^\W*(?:and|but|or|so|what about|how about|also|then|why|which ones?|any|else|ok|okay|yes|no|sure|tell me more"
    r"|more|thanks|i'm|i am|i would|i'd|please)\b",
    re.IGNORECASE,
)


def features(question: str, history: Sequence[Turn]) -> dict[str, float]:
    """Return what the decision rests on, by name."""
    content = set(terms(question, keep_stop_words=False))
    asked = {term for turn in history for term in terms(turn.question, keep_stop_words=False)}
    said = asked.union(*(terms(turn.answer) for turn in history if not turn.abstained))
    names = {word.term for word in read_words(question) if word.name and not word.stop}
    return {
        "bias": 1.0,
        "pronoun": float(bool(_PRONOUN.search(question))),
        "opening": float(bool(_OPENING.search(question))),
        "words": float(min(MAX_CONTENT_WORDS, len(content))),
        "repeats": float(bool(content & asked)),
        "new_name": float(bool(names - said)),
    }


def strength(question: str, history: Sequence[Turn]) -> float:
    """Return the probability that ``question`` leans on ``history``; 0 without history."""
    if not history:
        return 0.0
    odds = sum(WEIGHTS[name] * value for name, value in features(question, history).items())
    return 1.0 / (1.0 + math.exp(-odds))


def parts(question: str, history: Sequence[Turn], leans: float) -> tuple[QueryComponent, ...]:
    """Return what to search ``question`` with beside it; nothing where it does not lean on ``history``.

    Args:
        question: What was asked.
        history: The turns before it, oldest first.
        leans: From ``strength``.
    """
    if leans < DEPENDENCE_THRESHOLD or not history:
        return ()
    earlier = [turn.question for turn in history]
    last = history[-1]
    answer = "" if last.abstained else last.answer[:ANSWER_CHARACTERS]
    near = earlier[-PREVIOUS_QUESTIONS:]
    words = list(dict.fromkeys([*reversed(near), *earlier[:1]]))
    return (
        QueryComponent(" ".join([*near, question]), dense_weight=QUESTIONS_VECTOR_WEIGHT * leans),
        QueryComponent(
            " ".join(filter(None, [last.question, answer, question])), dense_weight=ANSWER_VECTOR_WEIGHT * leans
        ),
        *(QueryComponent(text, word_weight=EARLIER_TERMS_WEIGHT * leans) for text in words),
    )
