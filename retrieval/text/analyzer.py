"""Text analysis: words and their terms, for the word index, for questions and for the reader alike.

Terms are case-folded, stripped of diacritics and stemmed (Snowball English, Porter 1980 as revised); scripts written
without spaces become overlapping pairs of characters. A term contains only letters and digits, so it needs no escaping
in an FTS5 query. Terms have no offsets: :mod:`retrieval.text.tokens` gives the words of a text with theirs.
"""

from __future__ import annotations

import itertools
import threading
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

import Stemmer

from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import STOP_WORDS

ANALYSER_VERSION = "1"
"""Stored with the word index: a library indexed by another version is reindexed."""

WORD = r"[^\W_]+(?:['’][^\W_]+)*"
"""Pattern of a word: letters and digits with their inner apostrophes."""

DOTTED = r"(?:[^\W\d_]\.){2,}"
"""Pattern of an abbreviation of single letters: "U.S.", "a.m."."""

UNSPACED = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u0e00-\u0e7f"
"""Scripts written without spaces, as the inside of a character class."""

_WORD = LazyPattern(WORD)
_UNSPACED = LazyPattern(f"[{UNSPACED}]+")
_DOTTED = LazyPattern(r"\.[^\W\d_]\.")  # in every abbreviation, and found in a tenth of the time
_ABBREVIATION = LazyPattern(rf"\b{DOTTED}(?:[^\W\d_]\b)?")
_POSSESSIVE = frozenset({"'s", "’s", "'S", "’S"})

_local = threading.local()


def words(text: str) -> list[str]:
    """Return the words of ``text`` in order, case kept, without possessive endings ("Niger's" -> "Niger")."""
    found: list[str] = _WORD.findall(_join_abbreviations(text))
    if "'" not in text and "’" not in text:
        return found
    return [word[:-2] if word[-2:] in _POSSESSIVE else word for word in found]


def terms(text: str, *, keep_stop_words: bool = True) -> list[str]:
    """Return the terms of ``text`` in order, with repeats."""
    chosen = words(text)
    if not keep_stop_words:
        shouted = text.isupper()
        chosen = [word for word in chosen if fold(word) not in STOP_WORDS or _is_acronym(word, shouted=shouted)]
    return analysed(chosen)


def analysed(words: Iterable[str]) -> list[str]:
    """Return the terms of ``words`` (from :func:`words`), in order, with repeats."""
    return list(itertools.chain.from_iterable(map(_analysed, words)))


def fold(word: str) -> str:
    """Return ``word`` without case and diacritics, with straight apostrophes."""
    return _fold(word)


@lru_cache(maxsize=200_000)
def _fold(word: str) -> str:
    plain = word.replace("’", "'").casefold()
    if plain.isascii():
        return plain
    decomposed = unicodedata.normalize("NFKD", plain)
    kept = "".join(char for char in decomposed if char.isalnum() or char == "'")
    return unicodedata.normalize("NFC", kept)


def _is_acronym(word: str, *, shouted: bool) -> bool:
    """Return whether a function word is written as a name: "US", "WHO", "IT"."""
    return len(word) > 1 and word.isupper() and not shouted


@lru_cache(maxsize=200_000)
def _analysed(word: str) -> tuple[str, ...]:
    folded = fold(word)
    if _UNSPACED.search(folded):
        return tuple(_pairs(folded))
    term = _stem(folded.replace("'", ""))
    return (term,) if term else ()


def _stem(folded: str) -> str:
    # A Snowball stemmer keeps state and is not safe to share between threads.
    stemmer = getattr(_local, "stemmer", None)
    if stemmer is None:
        stemmer = _local.stemmer = Stemmer.Stemmer("english", 0)
    return str(stemmer.stemWord(folded))


def _join_abbreviations(text: str) -> str:
    """Return ``text`` with "US" for "U.S.", so that an abbreviation is one word with or without full stops."""
    if not _DOTTED.search(text):
        return text
    return _ABBREVIATION.sub(lambda found: found.group().replace(".", "") + " ", text)


def _pairs(run: str) -> list[str]:
    letters = [char for char in run if char.isalnum()]
    if len(letters) < 2:
        return letters
    return [left + right for left, right in itertools.pairwise(letters)]
