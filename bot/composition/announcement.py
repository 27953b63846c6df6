"""Announcements: sentences that say that there are several, and the sentences after them that say which.

"The bill has two main restrictions." announces; "One was a deadline …" and "It also requires …" name. "A teacher was
fired" describes somebody; "Ann Reed, who was a teacher" names her.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.composition.members import Member
from bot.composition.quotable import QuotableSentence
from retrieval.articles import Span
from retrieval.text.analyzer import fold, terms
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import KINSHIP, alternation, word_set
from retrieval.text.number_words import CARDINALS, ORDINALS, is_number, value
from retrieval.text.roles import PERSON_NOUNS, ROLES

MAX_ANNOUNCED = 12
"""The highest number that announces sentences."""
MAX_BEFORE_NOUN = 3
"""Words between a number and the noun that it counts: "two main restrictions"."""
MAX_BETWEEN = 4
"""Sentences between two that name one each."""
_THESE = LazyPattern(r"\W*(?:these|those|they|that)\s(?:are|were|is|include[sd]?)\b", re.IGNORECASE)
_ONE = LazyPattern(
    r"\W*(?:one|the\sfirst|first(?:ly)?)\b(?!\s(?:day|week|month|year|time)\b)",
    re.IGNORECASE,
)
"""How a sentence begins that says the first of those announced."""
_NEXT = LazyPattern(
    rf"\W*(?:another|the\s(?:other|last|final|{alternation(ORDINALS)})|{alternation(ORDINALS)}|secondly|thirdly|finally"
    r"|last(?:ly)?|also|one|and)\b|\W{0,3}(?:[\w'’.-]{1,20}\s){1,5}also\b",
    re.IGNORECASE,
)
"""How one begins that says another."""
_PERSONS = PERSON_NOUNS | ROLES | KINSHIP | word_set("man woman boy girl employee person protester couple men women")
_DESCRIBED = LazyPattern(
    rf"\b(?:an?|another|the|{alternation(CARDINALS)}|\d{{1,3}}|several|some)\s(?:[\w-]{{1,20}}\s){{0,3}}?"
    rf"(?P<noun>{alternation(_PERSONS | {f'{word}s' for word in _PERSONS})})\b(?:\sfrom\s[A-Z][\w-]{{1,20}})?",
    re.IGNORECASE,
)
"""Somebody without a name: "A 24-year-old man from Vell", "another teacher"."""


def announced(text: str, noun: str) -> int:
    """Return how many of a noun a sentence says that there are: 2 for "two main restrictions"; 0 where it does not."""
    words = re.findall(r"[\w'’-]+", fold(text))
    wanted = set(terms(noun))
    for at, word in enumerate(words):
        if wanted.isdisjoint(terms(word)):
            continue
        for number in reversed(words[max(0, at - MAX_BEFORE_NOUN) : at]):
            if is_number(number) and isinstance(read := value((number,)), (int, float)) and 1 < read <= MAX_ANNOUNCED:
                return int(read)
    return 0


def announced_sentences(number: int, later: Sequence[QuotableSentence]) -> tuple[QuotableSentence, ...]:
    """Return the sentences that say which those are that the sentence before them announces; none where none does.

    Args:
        number: How many it announces.
        later: The sentences after it.
    """
    if later and _THESE.match(later[0].text):
        return tuple(later[:1])
    if not later or not _ONE.match(later[0].text):
        return ()
    found = [later[0]]
    since = 0
    for each in later[1:]:
        if len(found) == number or since > MAX_BETWEEN:
            break
        if _NEXT.match(each.text):
            found.append(each)
            since = 0
        else:
            since += 1
    return tuple(found)


def described_people(text: str, span: Span) -> list[Member]:
    """Return those whom a sentence speaks of without their names: "a 24-year-old man from Vell"."""
    return [
        Member(fold(found.group()), Span(*found.span()).within(span))
        for found in _DESCRIBED.finditer(text, span.start, span.end)
    ]


def noun_of(member: Member) -> frozenset[str]:
    """Return the terms of the noun by which somebody is described: of "teacher" for "a young teacher"."""
    found = _DESCRIBED.match(member.name)
    return frozenset(terms(found["noun"])) if found else frozenset()
