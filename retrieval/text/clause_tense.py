"""Clause tense: whether the words around a time expression tell of the past or of what is to come, by their verbs."""

from __future__ import annotations

import re
from collections.abc import Sequence

from retrieval.text.abbreviations import ends_in_abbreviation
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import (
    ARTICLES,
    BE,
    DEMONSTRATIVES,
    POSSESSIVE_DETERMINERS,
    QUESTION_WORDS,
    SUBJECT_PRONOUNS,
    word_set,
)

_PAST_FORMS = word_set(
    """said told was were had did has have went came took gave made saw met won lost left held ran began became got
    found thought knew spoke wrote sent paid put fell rose broke hit shot killed fled struck stood sat led brought
    bought sold kept felt heard drew flew grew threw hurt beat cut let says seen shown
    according"""
)
_PLANNED = word_set(
    "expected scheduled set due slated planned planning plans plan upcoming going hopes hope vows promises"
)
_GOVERNORS = (
    _PLANNED
    | BE
    | word_set(
        """agreed wants want wanted asked invited decided voted intends threatened promised pledged ordered urged about
    prepares preparing likely try trying ready forecast projected predicted has have had"""
    )
)
"""Words before "to" and a verb that make it an event to come."""
_CERTAIN_FUTURE = word_set("will would shall won't")
_FUTURE = _CERTAIN_FUTURE | _PLANNED | {"should"}
_PRESENT = word_set(
    """am is are begins starts opens takes goes go votes vote heads ends expires airs faces kicks launches completes
    resumes convenes continues concludes travels meets hosts testifies premieres debuts hurtles looms
    end begin"""
)
_OF_VOTES = word_set("electoral popular floor no")
_NOUNS = word_set("plan plans hope hopes promises set")
"""Words of the future that are nouns after a determiner: "a Brexit plan"."""
_BEFORE_IS = SUBJECT_PRONOUNS | DEMONSTRATIVES | QUESTION_WORDS | {"there", "here", "let"}
"""Words before "'s" that make it "is": "it's set to open"."""
_DETERMINERS = ARTICLES | POSSESSIVE_DETERMINERS
_LINKING = word_set("followed based compared led set aimed expected scheduled united seen pictured")
"""Forms after a date that need not be its clause's verb: "will meet Tuesday, followed by"."""
_NOT_PAST = word_set("need indeed hundred speed united feed seed shed sacred aged")
_UP_TO = LazyPattern(
    r"\b(?:until|till|through|(?:going|heading|headed|looking)\s+(?:into|to|toward))\s+$", re.IGNORECASE
)
_BY = LazyPattern(r"\bby\s+(?:the\s+)?$", re.IGNORECASE)
_SCHEDULED = LazyPattern(
    r"\b(?:scheduled|slated|planned|set|due|expected|booked)\s+(?:for|on)\s+(?:\w+,?\s+)?$", re.IGNORECASE
)
"""What a date is planned for, whatever became of it: "an event scheduled for June 28 was renamed"."""
_BEFORE = LazyPattern(r"\b(?:before|ahead\s+of|prior\s+to)\s+(?:the\s+)?$", re.IGNORECASE)
_LED_BY = ((2, _UP_TO, 20), (1, _SCHEDULED, 40), (0, _BEFORE, 16))
"""Directions, and the words right before an expression that give it, within so many characters; "a month before
Election Day" is told as well when that is to come."""
_CLAUSE_WORD = LazyPattern(r"[^\W\d_]+(?:['’][^\W\d_]+)*|[.!?](?=[\s\"”’')]*(?:[A-Z“\"]|$))|\n|;")
_NEAR_BE = 4
"""Words from "is" on to the expression in which it is a sure sign: "is due on Friday"."""
_ABBREVIATION = 12
"""Characters of the longest abbreviation before a full stop: "U.S.", "Brig."."""
_VERB_BESIDE = LazyPattern(r"\s+([a-z]+)\b")
_REACH = 160
"""Characters on each side of an expression in which the verb of its clause is sought."""


def clause_direction(text: str, start: int, end: int) -> int:
    """Return -2 or -1 where the clause around an expression tells of the past, 2 or 1 for the future, 0 for neither.

    Two stands for the surer signs: a verb before it, or "will".
    """
    words = _clause_words(text, max(0, start - _REACH), start)
    for sign, leads, reach in _LED_BY:
        if leads.search(text[max(0, start - reach) : start]):
            return sign
    beside = _VERB_BESIDE.match(text, end)
    if beside and _is_sure_past(beside[1], words):
        return -2
    if text[end : end + 2] not in {"'s", "’s"}:  # "Tuesday's vote": a verb before it is another clause's
        found = _direction_before(words)
        if found is not None:
            return 0 if found < 0 and _BY.search(text[max(0, start - 8) : start]) else found
    for word in _clause_words(text, end, end + _REACH):
        if not word[0].isalpha():
            break
        sign = _tense(word)
        if sign:
            return 2 if word in _CERTAIN_FUTURE else sign
    return 0


def _direction_before(words: Sequence[str]) -> int | None:
    """Return the direction that the words before an expression give it; None where they have no verb."""
    for number in range(len(words) - 1, -1, -1):
        word, *back = (words[at] if at >= 0 else "" for at in range(number, number - 4, -1))
        if not word[0].isalpha():
            return None
        if word == "to" and back[0].endswith("ly"):
            back = back[1:]
        if word == "to" and back[0] in _NOUNS and (_is_determiner(back[1]) or _tense(back[1]) < 0):
            continue  # "took aim at China's plans to dominate the market on Tuesday"
        if word == "to" and back[0] in _GOVERNORS:
            return _direction_of_infinitive(back)
        if back[:2] == ["be", "to"] and _tense(word) < 0:  # "a budget to be released in April"
            return -2 if back[2:] == ["had"] else 2
        sign = _sign(word, back)
        if sign:
            far = (
                sign > 0 and word in BE and len(words) - number > _NEAR_BE
            )  # "is describing his encounter on Wednesday"
            return sign if far else 2 * sign
    return None


def _direction_of_infinitive(back: Sequence[str]) -> int:
    """Return the direction of an infinitive after up to three words, the nearest first, a governor."""
    if list(back[1:]) == ["been", "had"]:  # "had been expected to vote on Thursday", "asked to resign on Feb. 12"
        return -1 if back[0] in _PLANNED else 0
    if back[0] not in _PLANNED:
        return 0 if back[1] in {"had", "been"} else 2
    return 1 if back[1] in {"was", "were", "had"} else 2


def _is_determiner(word: str) -> bool:
    return word in _DETERMINERS or (word.endswith("'s") and word[:-2] not in _BEFORE_IS)


def _sign(word: str, back: Sequence[str]) -> int:
    """Return the direction of a word after up to three words, the nearest first; 0 where it is no verb of its own."""
    reach = 1 if word.endswith("s") else 3  # "the Senate votes", "a no-confidence vote"
    noun = word in _PRESENT | _NOUNS and any(_is_determiner(each) for each in back[:reach])
    counted = back[0] == "by" or (_tense(back[0]) < 0 and back[0] not in {"said", "told"})  # "lost by 240 votes"
    noun = noun or (word in {"vote", "votes"} and (back[0].endswith("ing") or back[0] in _OF_VOTES or counted))
    passive = back[0] in {"is", "are"} and word not in {"seen", "shown", "pictured"}  # "is held on", no caption
    if back[0] in {"to", "be"} or noun or passive:
        return 0
    return -1 if back[0] == "had" and word in _PLANNED else _tense(word)


def _is_sure_past(word: str, before: Sequence[str]) -> bool:
    """Tell whether a date stands between a subject and its verb: "the board on Thursday certified"."""
    subject = next((each for each in reversed(before) if each not in {"on", "late", "early", "in"}), "")
    return word not in _LINKING and _tense(word) < 0 and bool(subject) and subject[0].isalpha() and not _tense(subject)


def _clause_words(text: str, start: int, end: int) -> list[str]:
    """Return the folded words, and marks that end a clause, of a stretch of text."""
    return [
        found.group().lower().replace("’", "'")
        for found in _CLAUSE_WORD.finditer(text, start, end)
        if found.group() != "." or not ends_in_abbreviation(text[max(start, found.end() - _ABBREVIATION) : found.end()])
    ]


def _tense(word: str) -> int:
    if word in _FUTURE or word.endswith("'ll"):
        return 1
    if word in _PAST_FORMS or (word.endswith("ed") and len(word) > 3 and word not in _NOT_PAST):
        return -1
    return 1 if word in _PRESENT else 0
