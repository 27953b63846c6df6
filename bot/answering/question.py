"""Parsed questions: content words, names, numbers, negation and the expected answer type."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import NEGATORS, QUESTION_AUXILIARIES, alternation
from retrieval.text.tokens import Word, read_words


class AnswerType(StrEnum):
    """The type of answer that a question expects."""

    PERSON = "person"
    TIME = "time"
    PLACE = "place"
    NUMBER = "number"
    REASON = "reason"
    MANNER = "manner"
    NAMED = "named"  # "what X" and "which X": an instance of X
    OTHER = "other"


_KINDS = (
    (
        AnswerType.NUMBER,
        (
            r"\bhow (?:many|much|old|long|far|tall|large|big|high|deep|often|fast)\b"
            r"|\b(?:what|which) (?:percent\w*|number|amount|proportion|share|fraction|population|size|age)\b"
        ),
    ),
    (
        AnswerType.TIME,
        r"\bwhen\b|\b(?:what|which|whose) (?:year|date|day|month|century|decade|time|period|era)\b|\bhow recently\b",
    ),
    (AnswerType.PERSON, r"\bwho(?:m|se)?\b"),
    (
        AnswerType.PLACE,
        (
            r"\bwhere\b|\b(?:what|which) (?:country|city|state|place|region|town|location|continent|area|river|island"
            r"|nation|province|district)\b"
        ),
    ),
    (AnswerType.REASON, r"\bwhy\b|\bwhat (?:\w+ )?(?:reason|cause|caused|causes|motivat\w+|led)\b|\bhow come\b"),
    (AnswerType.MANNER, r"\bhow\b"),
    (
        AnswerType.NAMED,
        (rf"\b(?:what|which)\b(?! (?:{alternation(QUESTION_AUXILIARIES)})\b)"),
    ),
)
"""In order of precedence: the first match decides."""
_LETTERS = LazyPattern(r"[a-z]+")


@dataclass(frozen=True, slots=True)
class ParsedQuestion:
    """A question and its words.

    Attributes:
        text: As it was asked.
        words: All words.
        content: The first occurrence of each content term.
        names: Terms written as names.
        numbers: Terms in digits.
        kind: The answer type.
        negated: It contains a negation.
    """

    text: str
    words: tuple[Word, ...]
    content: tuple[Word, ...]
    names: frozenset[str]
    numbers: frozenset[str]
    kind: AnswerType
    negated: bool


@lru_cache(maxsize=256)
def parse_question(text: str) -> ParsedQuestion:  # of one question, three times
    """Return the parsed question of ``text``."""
    words = read_words(text)
    content: dict[str, Word] = {}
    for word in words:
        if word.term and not word.stop:
            content.setdefault(word.term, word)
    lower = text.casefold()
    kind = next((kind for kind, pattern in _KINDS if re.search(pattern, lower)), AnswerType.OTHER)
    return ParsedQuestion(
        text=text,
        words=words,
        content=tuple(content.values()),
        names=frozenset(word.term for word in words if word.name and not word.stop),
        numbers=frozenset(word.term for word in words if text[word.start].isdigit()),
        kind=kind,
        negated=is_negated(text),
    )


def mark_names(question: ParsedQuestion, names: Collection[str]) -> ParsedQuestion:
    """Return ``question`` with its terms in ``names`` marked as names."""
    named = frozenset(word.term for word in question.content if word.term in names)
    words = tuple(word._replace(name=word.name or word.term in named) for word in question.words)
    return replace(question, words=words, names=question.names | named)


def is_negated(text: str) -> bool:
    """Tell whether ``text`` contains a negation ("not", "never", "didn't")."""
    lower = text.casefold().replace("’", "'")
    return "n't" in lower or not NEGATORS.isdisjoint(_LETTERS.findall(lower))
