"""What a reader sees in a text: words with their places and terms, and which are names, numbers or dates."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from retrieval.text.analyzer import fold, terms
from retrieval.text.dates import CALENDAR_WORDS
from retrieval.text.lexicon import STOP_WORDS
from retrieval.text.number_words import CARDINALS

_WORD = re.compile(r"(?:[^\W\d_]\.){2,}|\d+(?:[.,:]\d+)*|[^\W_]+(?:['’][^\W_]+)*")
_YEAR = re.compile(r"(?:1\d|20)\d\d(?:s)?$")
_DATE_NOUNS = frozenset({"century", "decade"})
_NUMBER_WORDS = CARDINALS | {"half", "third", "quarter", "dozen", "percent", "twice", "both", "several"}
"""Words that count; of the ordinals only a fraction: "the third man" is no number of men."""


class Word(NamedTuple):  # made by the thousand: a frozen dataclass takes four times as long
    """One word of a text.

    Attributes:
        start: Its first character.
        end: The character after its last.
        term: What the analyser makes of it; empty when nothing.
        stop: It is a function word.
        name: It is written with a capital where a sentence does not ask for one, or is an acronym.
        number: It is a figure or a number word.
        date: It is a year, a month, a day of the week or a century.
    """

    start: int
    end: int
    term: str
    stop: bool
    name: bool
    number: bool
    date: bool


@lru_cache(maxsize=200_000)
def _analyse(word: str) -> tuple[str, bool, bool, bool]:
    """Return term, stop, number and date of one word as it stands."""
    found = terms(word)
    folded = fold(word)
    acronym = len(word) > 1 and word.isupper()
    number = word[0].isdigit() or folded in _NUMBER_WORDS
    date = bool(_YEAR.match(word)) or folded in _DATE_NOUNS or (folded in CALENDAR_WORDS and word[0].isupper())
    return found[0] if found else "", folded in STOP_WORDS and not acronym, number, date


def read_words(text: str, *, sentence: bool = True) -> tuple[Word, ...]:
    """Return the words of ``text`` in order.

    Args:
        text: A sentence, a question, or a heading.
        sentence: Its first word has a capital because it begins a sentence, which does not make it a name.
    """
    found = []
    for number, match in enumerate(_WORD.finditer(text)):
        word = match.group()
        term, stop, is_number, date = _analyse(word)
        capital = word[0].isupper() and not (stop and not word.isupper())
        name = capital and (not sentence or number > 0 or (len(word) > 1 and word.isupper()))
        found.append(Word(match.start(), match.end(), term, stop, name, is_number, date))
    return tuple(found)


def term_set(words: Sequence[Word]) -> frozenset[str]:
    """Return the distinct terms of ``words`` that are no function words."""
    return frozenset(word.term for word in words if word.term and not word.stop)
