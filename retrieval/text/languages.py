"""Languages: letters beyond ASCII and commonest words, by which the encoding of a text is detected."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from retrieval.text.lazy_pattern import LazyPattern


class Language(NamedTuple):
    """A written language.

    Attributes:
        letters: Its lower-case letters beyond ASCII.
        borrowed: Those of names and loanwords from its neighbours.
        words: Its commonest words, in lower case.
    """

    letters: frozenset[str]
    borrowed: frozenset[str]
    words: frozenset[str]


@cache
def languages() -> Mapping[str, Language]:
    """Return the languages of the code pages for Europe, by name. Others are left to charset-normalizer."""
    data = json.loads(Path(__file__).with_suffix(".json").read_text("utf-8"))
    return {
        name: Language(frozenset(its["letters"]), frozenset(its["borrowed"]), frozenset(its["words"].split()))
        for name, its in data.items()
    }


_LETTERS = LazyPattern(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_LATIN = LazyPattern(r"[A-Za-zÀ-ɏ]+")
_MIN_WORDS = 3


def is_english(text: str) -> bool:
    """Return whether a passage may be English: true in doubt, and of less than three words.

    It is not where most letters are of another script, or where the commonest words of another language are at least a
    fifth of its words and more than those of English.
    """
    words = [word.lower() for word in _LETTERS.findall(text)]
    if not words:
        return True
    letters = sum(map(len, words))
    if 2 * sum(len(found) for word in words for found in _LATIN.findall(word)) < letters:
        return False
    if len(words) < _MIN_WORDS:
        return True
    counts = {name: sum(word in language.words for word in words) for name, language in languages().items()}
    english = counts.pop("English")
    best = max(counts.values(), default=0)
    return best <= english or 5 * best < len(words)
