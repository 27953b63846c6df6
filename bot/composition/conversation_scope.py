"""Conversation scope: the articles that a question without a name is about, after an overview, timeline or list.

"How many people died?" after "Summarise the article about the helicopter crash" asks of that article first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.answers import Doubt, QuestionKind
from bot.composition.question_kind import decide_kind
from bot.conversation.store import Turn
from retrieval.text.tokens import read_words

MAX_TURNS_BACK = 5
"""Turns before the question in which the overview, timeline, comparison or list is sought."""
SCOPE_REMARK = "Read as a question about the articles of the last answer."
"""What is said where a question is answered from them."""
ELSEWHERE = Doubt("is from another article than the last answer", "is from an article of the last answer")
"""What keeps the sentence of another article from being an answer."""
NOTHING_IN_SCOPE = (
    "No sentence that says so was found in the articles of the last answer: name what it is about, to search all."
)
"""What is said where none of them has any of several things asked for."""

_SETS_SCOPE = frozenset({QuestionKind.OVERVIEW, QuestionKind.TIMELINE, QuestionKind.COMPARISON, QuestionKind.LIST})


_OF_ARTICLE = re.compile(
    r"\W*(?:and\s+|but\s+)?what\s+(?:else\s+)?(?:does|did|do)\s+(?:it|(?:the|this|that|these|those)\s+"
    r"(?:articles?|piece|story|stories|column|op-?ed|editorial))\s+(?:also\s+)?"
    r"(?:say|tell\s+us|write|mention|report)\s+(?:about|on|of|regarding)\s+(?P<topic>\S.*?)\W*",
    re.IGNORECASE,
)
"""A question what the article of the last answer says: "what does it say about Cuomo?"."""


def asked_of_article(question: str) -> str:
    """Return what an article is asked about: "Cuomo" of "what does it say about Cuomo?"; empty for others."""
    found = _OF_ARTICLE.fullmatch(question)
    return found["topic"] if found else ""


def scope_articles(question: str, history: Sequence[Turn]) -> tuple[str, ...]:
    """Return the ids of the articles that a question asks of; none where it names something itself.

    They are those that the last overview, timeline, comparison or list of a topic cites, where all questions since then
    have named nothing either.

    Args:
        question: The question, names capitalised.
        history: The turns before it, oldest first.
    """
    if history and asked_of_article(question):
        return next(
            (
                tuple(dict.fromkeys(place.article_id for place in turn.places))
                for turn in reversed(history[-MAX_TURNS_BACK:])
                if turn.places
            ),
            (),
        )
    if not history or _names(question):
        return ()
    for turn in reversed(history[-MAX_TURNS_BACK:]):
        decision = decide_kind(turn.standalone_question)
        if decision.kind in _SETS_SCOPE and decision.topic and turn.places and not turn.abstained:
            return tuple(dict.fromkeys(place.article_id for place in turn.places))
        if _names(turn.question):
            return ()
    return ()


def _names(question: str) -> bool:
    return any(word.name and not word.stop and not word.date for word in read_words(question))
