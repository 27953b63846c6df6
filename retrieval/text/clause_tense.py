"""Clause tense: whether the words around a time expression tell of the past or of what is to come, by their verbs."""

from __future__ import annotations

import re

from retrieval.text.lexicon import ARTICLES, BE, POSSESSIVE_DETERMINERS, word_set

_PAST_FORMS = word_set(
    """said told was were had did has have went came took gave made saw met won lost left held ran began became got
    found thought knew spoke wrote sent paid put fell rose broke hit shot killed fled struck stood sat led brought
    bought sold kept felt heard drew flew grew threw hurt beat cut let says seen shown"""
)
_PLANNED = word_set(
    "expected scheduled set due slated planned planning plans plan upcoming going hopes hope vows promises"
)
_GOVERNORS = (
    _PLANNED
    | BE
    | word_set(
        """agreed wants want wanted asked invited decided voted intends threatened promised pledged ordered urged about
    prepares preparing likely try trying ready has have had"""
    )
)
"""Words before "to" and a verb that make it an event to come."""
_CERTAIN_FUTURE = word_set("will would shall won't")
_FUTURE = _CERTAIN_FUTURE | _PLANNED
_PRESENT = word_set(
    "am is are begins starts opens takes goes go votes vote heads ends expires airs faces kicks launches"
)
_NOT_PAST = word_set("need indeed hundred speed united feed seed shed sacred aged")
_UP_TO = re.compile(r"\b(?:until|till|through)\s+$", re.IGNORECASE)
_CLAUSE_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|[.!?](?=[\s\"”’')]*(?:[A-Z“\"]|$))|\n|;")
_REACH = 160
"""Characters on each side of an expression in which the verb of its clause is sought."""


def clause_direction(text: str, start: int, end: int) -> int:
    """Return -2 or -1 where the clause around an expression tells of the past, 2 or 1 for the future, 0 for neither.

    Two stands for the surer signs: a verb before it, or "will".
    """
    words = _clause_words(text, max(0, start - _REACH), start)
    possessive = text[end : end + 2] in {"'s", "’s"}  # "Tuesday's vote": a verb before it is another clause's
    if _UP_TO.search(text[max(0, start - 12) : start]):
        return 2
    for number in range(len(words) - 1, -1, -1):
        word, lead = words[number], words[number - 1] if number else ""
        if possessive or not word[0].isalpha():
            break
        if word == "to" and lead.endswith("ly") and number > 1:
            lead = words[number - 2]
        if word == "to" and lead in _GOVERNORS:
            before = words[number - 2] if number > 1 else ""
            return 1 if lead in _PLANNED and before in {"was", "were", "had"} else 2
        noun = word in _PRESENT and (lead in ARTICLES or lead in POSSESSIVE_DETERMINERS)
        passive = lead in {"is", "are"} and word not in {"seen", "shown", "pictured"}  # "is held on", no caption
        sign = (
            0 if lead in {"to", "be"} or noun or passive else -1 if lead == "had" and word in _PLANNED else _tense(word)
        )
        if sign:
            return 2 * sign
    for word in _clause_words(text, end, end + _REACH):
        if not word[0].isalpha():
            break
        sign = _tense(word)
        if sign:
            return 2 if word in _CERTAIN_FUTURE else sign
    return 0


def _clause_words(text: str, start: int, end: int) -> list[str]:
    """Return the folded words, and marks that end a clause, of a stretch of text."""
    return [found.group().lower().replace("’", "'") for found in _CLAUSE_WORD.finditer(text, start, end)]


def _tense(word: str) -> int:
    if word in _FUTURE or word.endswith("'ll"):
        return 1
    if word in _PAST_FORMS or (word.endswith("ed") and len(word) > 3 and word not in _NOT_PAST):
        return -1
    return 1 if word in _PRESENT else 0
