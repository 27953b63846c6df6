"""Outcome doubt: how something ended may not have been known when an article was written.

After another answer an unsure sentence is no answer to that: of 32 that only might answer "did it pass in the end?" in
dialogues by thirteen writers, three did. Nor does an unsure sentence say whether something is so: "did she vote for
it?".
"""

from __future__ import annotations

import re
from dataclasses import replace

from bot.answering.extractive import MAX_NEAREST
from bot.answering.reader import UNLIKELY
from bot.answers import Abstention, AbstentionReason, Answer, Doubt, QuestionKind
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import QUESTION_AUXILIARIES, alternation

NOT_YET = Doubt("may be from before that was known", "tells how it ended")
"""What keeps a sentence about something from telling how it ended."""
NOT_KNOWN = "Not in these articles, which may be from before that was known."
"""What is said where nothing sure tells how it ended."""
MIN_KNOWN = 0.75
"""Probability of a sentence from which it does."""
MIN_YES = 0.6
"""Probability of a sentence from which it says whether something is so."""
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


def doubting_outcome(answer: Answer, question: str, *, follows: bool = False) -> Answer:
    """Return a fact as one that only may answer, where its sentence is unsure of how something ended, or whether.

    Args:
        answer: The answer.
        question: The question as it was asked.
        follows: Whether it follows an answer, whose articles may be from before the end: an unsure sentence is then
            only the nearest.
    """
    if answer.message or answer.kind is not QuestionKind.FACT:
        return answer
    ended = asks_outcome(question)
    if ended and follows and (answer.possibly or answer.confidence < MIN_KNOWN):
        return _not_known(answer)
    if answer.possibly or answer.composed:
        return answer
    if ended and answer.confidence < MIN_KNOWN:
        return replace(answer, possibly=True, doubts=(NOT_YET, *answer.doubts))
    if _WHETHER.match(question) and answer.confidence < MIN_YES:
        return replace(answer, possibly=True, doubts=(UNLIKELY, *answer.doubts))
    return answer


def _not_known(answer: Answer) -> Answer:
    """Return the abstention that has an answer's sentences as the nearest."""
    return replace(
        answer,
        citations=(),
        claims=(),
        nearest=answer.citations[:MAX_NEAREST],
        abstention=Abstention(AbstentionReason.NOT_IN_ARTICLES, " ".join((NOT_KNOWN, *answer.remarks))),
        remarks=(),
        possibly=False,
        doubts=(NOT_YET, *answer.doubts),
        method="",
    )
