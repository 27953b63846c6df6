"""Definite phrases: the noun phrases with "the" by which a question names an event or a thing: "the Boston bombing"."""

from __future__ import annotations

import re

from bot.conversation.question_clause import PREPOSITIONS, is_plural
from retrieval.text.analyzer import fold
from retrieval.text.dates import MONTH_PATTERN
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import QUESTION_AUXILIARIES, QUESTION_WORDS, alternation, word_set
from retrieval.text.roles import PERSON_NOUNS, ROLES
from retrieval.text.verb_forms import BASES, is_participle

MAX_PHRASE_WORDS = 6
"""Words of a noun phrase and its complement that a person would repeat."""
_COMPLEMENT = frozenset({"of", "between", "against"})
"""Prepositions that go on with the noun before them: "the agreement between Algeria and the US"."""
_PLACED = LazyPattern(
    r"\bthe\s+(?P<thing>[a-z][\w’'-]*(?:\s[a-z][\w’'-]*){0,2})\s"
    r"(?P<place>(?:in|at|near|on)\s(?:the\s)?[A-Z][\w’'-]*(?:\s[A-Z][\w’'-]*)*)"
)
_PEOPLE_OF = LazyPattern(
    rf"(?<![\w’'-])(?P<event>(?!(?i:{alternation(QUESTION_WORDS)})\b)"
    r"[A-Z][\w’'-]*(?:\s[A-Z][\w’'-]*){0,3}\s(?P<noun>[a-z]+))\s"
    rf"(?:{alternation(PERSON_NOUNS)})s?(?!\w)"
)
_THE = LazyPattern(r"\bthe\s+", re.IGNORECASE)
_TIMES = word_set(
    "end start beginning middle rest course turn half quarter day days week month year summer winter spring"
)
"""Nouns of a part of a time, which is nothing that happened."""
_MONTH = LazyPattern(MONTH_PATTERN, re.IGNORECASE)


def definite_phrase(text: str) -> str:
    """Return the last noun phrase with "the" that has a name and ends in a common noun: "the Boston bombing".

    People by their office are none: "the US president".
    """
    for found in reversed(list(_THE.finditer(text))):
        phrase = _phrase(text[found.end() :].rstrip(" ?!.…"))
        if phrase:
            return f"the {phrase}"
    return ""


def placed_phrase(text: str) -> str:
    """Return the last noun phrase with "the" that says where something is: "the airstrike in Syria"; no person's."""
    found = [
        each
        for each in _PLACED.finditer(text)
        if fold(each["thing"]).split()[-1] not in PERSON_NOUNS | ROLES
        and not QUESTION_AUXILIARIES & set(fold(each["thing"]).split())
    ]
    return f"the {found[-1]['thing']} {found[-1]['place']}" if found else ""


def people_of_event(text: str) -> str:
    """Return the event whose people a text is about: "the Boston bombing" of "the second Boston bombing suspect"."""
    found = _PEOPLE_OF.search(text)
    return f"the {found['event']}" if found and fold(found["noun"]) not in PERSON_NOUNS | ROLES else ""


def _phrase(text: str) -> str:
    tokens: list[str] = []
    named = False
    head = ""
    for token in text.split()[:MAX_PHRASE_WORDS]:
        word = fold(token.strip(",;:"))
        closes = word in (PREPOSITIONS | QUESTION_AUXILIARIES | QUESTION_WORDS) - _COMPLEMENT
        verb = token.islower() and word in BASES and is_plural(" ".join(tokens))  # "the Iowa caucuses go"
        if closes or verb or (tokens and not token[:1].isupper() and is_participle(word) and not head):
            break
        if word in _COMPLEMENT and not head:
            head = tokens[-1] if tokens else ""
        named = named or token[:1].isupper() or token[:1].isdigit()
        tokens.append(token)
    head = head or (tokens[-1] if tokens else "")
    if fold(head) in _TIMES and not any(token[:1].isupper() and not _MONTH.fullmatch(token) for token in tokens):
        return ""  # "the end of 2017"
    if not named or not head.islower() or fold(head) in PERSON_NOUNS | ROLES or not head.isalpha():
        return ""
    return " ".join(tokens).strip(" ,;:")
