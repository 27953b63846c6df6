"""Fact doubt: which unsure sentences are shown as ones that may answer, and which are only the nearest.

How something ended may not have been known when an article was written: of 32 sentences that only might answer "did it
pass in the end?" after another answer, in dialogues by thirteen writers, three did. Nor does an unsure sentence say
whether something is so: "did she vote for it?". What else is asked after an answer is rather left unanswered where a
wrong sentence is likelier than a right one: 2,200 questions of 330 articles, a quarter of them not answered there, gave
the bars.
"""

from __future__ import annotations

import re
from dataclasses import replace

from bot.answering.extractive import MAX_NEAREST
from bot.answering.reader import UNLIKELY
from bot.answers import Abstention, AbstentionReason, Answer, Doubt, QuestionKind
from bot.composition.likely_sentences import METHOD as LIKELY
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import QUESTION_AUXILIARIES, alternation

NOT_YET = Doubt("may be from before that was known", "tells how it ended")
"""What keeps a sentence about something from telling how it ended."""
NOT_KNOWN = "Not in these articles, which may be from before that was known."
"""What is said where nothing sure tells how it ended."""
NOT_SAID = "Not in these articles."
"""What is said where nothing likely enough tells anything else."""
MIN_KNOWN = 0.75
"""Probability of a sentence from which it does."""
MIN_YES = 0.6
"""Probability of a sentence from which it says whether something is so."""
MIN_SHOWN = 0.2
"""Probability of the reader's sentence from which it may answer what follows an answer."""
MIN_LIKELY, MIN_LIKELY_REASON, MIN_LIKELY_YES = 0.5, 0.1, 0.88
"""The cross-encoder's probability of the likeliest of several sentences from which one may: a fact, a reason, and
whether something is so. One of three answers .60 of the facts, .57 of the reasons and .63 of these from there on."""
_WHY = LazyPattern(r"\b(?:why|how come|what for|what reasons?)\b", re.IGNORECASE)
"""How a reason is asked for."""
_WHETHER = LazyPattern(
    rf"\W*(?:(?:and|but|so|then|ok|thanks|well)\W+)*(?:{alternation(QUESTION_AUXILIARIES)})\s", re.IGNORECASE
)
"""How it is asked whether something is so."""
_ENDED = LazyPattern(
    r"\b(?:in the end|at last|end(?:s|ed)? up|turn(?:s|ed)? out|ever|eventually|finally|outcome|afterwards"
    r"|(?:what|which) (?:sentence|verdict)|how (?:many years|much time) did|who (?:won|finally)|did \w+ win"
    r"|(?:what|how) (?:was|did) .{0,40}\b(?:ruling|verdict|rule|conclude|end|decide))\b",
    re.IGNORECASE,
)
"""How it is asked how something ended."""


def asks_outcome(question: str) -> bool:
    """Return whether a question asks how something ended: "so did they execute him in the end?"."""
    return _ENDED.search(question) is not None


def may_answer(answer: Answer, question: str) -> bool:
    """Return whether one of the sentences that only may answer a question after another is likely enough to."""
    if asks_outcome(question):
        return False
    reason = _WHY.search(question) is not None
    if answer.method != LIKELY:
        return reason or answer.confidence >= MIN_SHOWN
    least = MIN_LIKELY_REASON if reason else MIN_LIKELY_YES if _WHETHER.match(question) else MIN_LIKELY
    return answer.confidence >= least


def doubting_fact(answer: Answer, question: str, *, follows: bool = False) -> Answer:
    """Return a fact as one that only may answer, or as not answered, where its sentence is not sure enough.

    Args:
        answer: The answer.
        question: The question as it was asked.
        follows: Whether it follows an answer, whose articles may not say it.
    """
    if answer.message or answer.kind is not QuestionKind.FACT:
        return answer
    ended = asks_outcome(question)
    if follows and (answer.possibly or (ended and answer.confidence < MIN_KNOWN)) and not may_answer(answer, question):
        return _unanswered(answer, NOT_KNOWN if ended else NOT_SAID)
    if answer.possibly or answer.composed:
        return answer
    if ended and answer.confidence < MIN_KNOWN:
        return replace(answer, possibly=True, doubts=(NOT_YET, *answer.doubts))
    if _WHETHER.match(question) and answer.confidence < MIN_YES:
        return replace(answer, possibly=True, doubts=(UNLIKELY, *answer.doubts))
    return answer


def _unanswered(answer: Answer, message: str) -> Answer:
    """Return the abstention that has an answer's sentences as the nearest."""
    return replace(
        answer,
        citations=(),
        claims=(),
        nearest=answer.citations[:MAX_NEAREST],
        abstention=Abstention(AbstentionReason.NOT_IN_ARTICLES, " ".join((message, *answer.remarks))),
        remarks=(),
        possibly=False,
        doubts=(*([NOT_YET] if message == NOT_KNOWN else []), *answer.doubts),
        method="",
    )
