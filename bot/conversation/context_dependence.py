"""Context dependence: the probability that a question depends on the turns before it, and the query components it adds.

A logistic model over five features estimates the probability that search improves with the context. Above a threshold
the query gets further components, weighted by that probability; otherwise the question is searched alone, so that a new
topic is not mixed with the old one.

The numbers were chosen on INSCIT's 399 follow-ups (recall@5 of the evidence), on 370 of them shortened by words that
occurred before, and on its first questions after another conversation. The form of the decision was chosen on held-out
conversations; the figures below are of the same conversations.

================================  =====  =========  =========
query                             as is  shortened  new topic
================================  =====  =========  =========
question alone                    .823   .440       .840
all components, always            .826   .682       .822
this, threshold .5                .829   .674       .826
this, threshold .3                .821   .682       .825
this, threshold .2                .825   .682       .822
================================  =====  =========  =========
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from bot.conversation.store import Turn
from retrieval.search.query import QueryComponent
from retrieval.text.analyzer import terms
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import DEMONSTRATIVES, THIRD_PERSON, alternation
from retrieval.text.tokens import read_words

WEIGHTS = {"bias": 3.2, "pronoun": 0.6, "opening": 0.75, "words": -0.67, "repeats": -1.3, "new_name": -1.0}
"""Log odds that the context helps; ``words`` per content word, ``repeats`` where one occurs in an earlier question,
``new_name`` where a name is new to the conversation."""
DEPENDENCE_THRESHOLD = 0.2
"""Probability from which a question is context-dependent. A question without its topic finds nothing alone, one with
too much context is only diluted: so the threshold is low, and the weights follow the probability."""
QUESTIONS_VECTOR_WEIGHT = 0.25
"""Weight of the vector of the previous questions and this one, relative to the question's own."""
ANSWER_VECTOR_WEIGHT = 0.8
"""Weight of the vector of the previous question, its answer and this question. Without it, .03 less on shortened
questions."""
EARLIER_TERMS_WEIGHT = 0.3
"""Weight of the words of earlier questions, relative to the question's own. Without them, .13 less on shortened
questions."""
PREVIOUS_QUESTIONS = 2
"""Previous questions in the query, besides the first of the conversation."""
ANSWER_CHARACTERS = 400
"""Characters of the previous answer that are embedded with the question: MiniLM reads 256 word pieces in all."""
MAX_CONTENT_WORDS = 10
"""Upper bound of the feature ``words``."""

_PRONOUN = LazyPattern(
    rf"\b(?:{alternation(THIRD_PERSON | DEMONSTRATIVES)}|there|then|ones?|such|same|others?|else|another|more|former"
    r"|latter|so)\b",
    re.IGNORECASE,
)
_OPENING = LazyPattern(
    r"^\W*(?:and|but|or|so|what about|how about|also|then|why|which ones?|any|else|ok|okay|yes|no|sure|tell me more"
    r"|more|thanks|i'm|i am|i would|i'd|please)\b",
    re.IGNORECASE,
)


def features(question: str, history: Sequence[Turn]) -> dict[str, float]:
    """Return the features of the decision, by name."""
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


def dependence_probability(question: str, history: Sequence[Turn]) -> float:
    """Return the probability that ``question`` depends on ``history``; 0 without history."""
    if not history:
        return 0.0
    odds = sum(WEIGHTS[name] * value for name, value in features(question, history).items())
    return 1.0 / (1.0 + math.exp(-odds))


def context_components(question: str, history: Sequence[Turn], dependence: float) -> tuple[QueryComponent, ...]:
    """Return the query components that ``history`` adds to ``question``; none below ``DEPENDENCE_THRESHOLD``.

    Args:
        question: What was asked.
        history: The turns before it, oldest first.
        dependence: From ``dependence_probability``.
    """
    if dependence < DEPENDENCE_THRESHOLD or not history:
        return ()
    earlier = [turn.question for turn in history]
    last = history[-1]
    answer = "" if last.abstained else last.answer[:ANSWER_CHARACTERS]
    near = earlier[-PREVIOUS_QUESTIONS:]
    words = list(dict.fromkeys([*reversed(near), *earlier[:1]]))
    return (
        QueryComponent(" ".join([*near, question]), dense_weight=QUESTIONS_VECTOR_WEIGHT * dependence),
        QueryComponent(
            " ".join(filter(None, [last.question, answer, question])), dense_weight=ANSWER_VECTOR_WEIGHT * dependence
        ),
        *(QueryComponent(text, word_weight=EARLIER_TERMS_WEIGHT * dependence) for text in words),
    )
