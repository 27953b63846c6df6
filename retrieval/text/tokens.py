"""Tokens: the words of a text with their offsets, terms, and whether they are names, numbers or dates.

The tokeniser of questions, sentences and claims. The word index and the quote desk have the same idea of a word
(:data:`retrieval.text.analyzer.WORD`), but the index needs no offsets and the quote desk compares folded words with
signs and whole numbers (:class:`retrieval.text.folding.Words`).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from retrieval.text.analyzer import DOTTED, WORD, fold, terms
from retrieval.text.dates import CALENDAR_WORDS
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import STOP_WORDS
from retrieval.text.number_words import CARDINALS

NUMBER = r"\d+(?:[.,:]\d+)*"
"""Pattern of a number in figures, or of a time of day."""

MAX_KEPT_CHARACTERS = 600
"""Longest text whose words are kept for when it is read again soon; the thousand kept are about 4 MB."""

_WORD = LazyPattern(f"{DOTTED}|{NUMBER}|{WORD}")
_YEAR = LazyPattern(r"(?:1\d|20)\d\d(?:s)?$")
_DATE_NOUNS = frozenset({"century", "decade"})
_NUMBER_WORDS = CARDINALS | {"half", "third", "quarter", "dozen", "percent", "twice", "both", "several"}
"""Words that count; of the ordinals only a fraction: "the third man" is no number of men."""


class Word(NamedTuple):  # made by the thousand: a frozen dataclass takes four times as long
    """One word of a text.

    Attributes:
        start: Its first character.
        end: The character after its last.
        term: Its term; empty where it has none.
        stop: It is a function word.
        name: It is capitalised other than at the beginning of a sentence, or is an acronym.
        number: It is a number in figures or words.
        date: It is a year, a month, a day of the week or a century.
    """

    start: int
    end: int
    term: str
    stop: bool
    name: bool
    number: bool
    date: bool


_new_word = tuple.__new__  # a third of the time of the constructor


@lru_cache(maxsize=200_000)
def _analyse(word: str) -> tuple[str, bool, bool, bool, bool, bool]:
    """Return ``term``, ``stop``, whether it is a name, is one at the beginning, ``number`` and ``date`` of a word."""
    found = terms(word)
    folded = fold(word)
    acronym = len(word) > 1 and word.isupper()
    stop = folded in STOP_WORDS and not acronym
    capital = word[0].isupper() and not (stop and not word.isupper())
    number = word[0].isdigit() or folded in _NUMBER_WORDS
    date = bool(_YEAR.match(word)) or folded in _DATE_NOUNS or (folded in CALENDAR_WORDS and word[0].isupper())
    return found[0] if found else "", stop, capital, capital and acronym, number, date


def read_words(text: str, *, sentence: bool = True) -> tuple[Word, ...]:
    """Return the words of ``text`` in order.

    Args:
        text: A sentence, a question, or a heading.
        sentence: Whether the first word is capitalised as the beginning of a sentence and so is no name.
    """
    return (_kept if len(text) <= MAX_KEPT_CHARACTERS else _read)(text, sentence)


def _read(text: str, sentence: bool) -> tuple[Word, ...]:
    found = []
    begins = sentence
    end = 0
    for written in _WORD.findall(text):  # with matches in its place it takes an eighth longer
        start = text.index(written, end)
        end = start + len(written)
        term, stop, capital, acronym, number, date = _analyse(written)
        name = acronym if begins else capital
        begins = False
        found.append(_new_word(Word, (start, end, term, stop, name, number, date)))
    return tuple(found)


_kept = lru_cache(maxsize=1024)(_read)  # an answer reads a sentence up to six times


def content_terms(topic: str) -> list[str]:
    """Return the terms of a topic but for function words, each once; "US" is none."""
    parsed = read_words(topic, sentence=False)
    return list(dict.fromkeys(word.term for word in parsed if word.term and not word.stop))


def term_set(words: Sequence[Word]) -> frozenset[str]:
    """Return the distinct terms of ``words``, function words aside."""
    return frozenset(word.term for word in words if word.term and not word.stop)
