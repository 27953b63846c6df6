"""Ligatures without a character code: "of�ce" is "office" where one word only fits.

Fonts of some typesetters print fi, fl, ff, ffi and ffl as one glyph and do not say which letters it stands for.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from retrieval.text.lazy_pattern import LazyPattern

LOST = "\ufffd"
"""Stands for a glyph whose character is unknown."""

_LIGATURES = ("fi", "fl", "ff", "ffi", "ffl")
_ENDINGS = ("s", "es", "ed", "d", "ing", "ly", "er", "ers", "al", "able", "ment", "y")
_MAX_LOST = 2  # ligatures of one word
_MAX_LETTERS = 30
_WORD = LazyPattern(rf"(?:(?<![^\W\d_])[^\W\d_]+|){LOST}(?:[^\W\d_]|{LOST})*")


@cache
def _words() -> frozenset[str]:
    """Return the English words with a ligature among the 30,000 most frequent word pieces of BERT's vocabulary."""
    return frozenset(Path(__file__).with_suffix(".txt").read_text(encoding="ascii").split())


def restore_ligatures(texts: Iterable[str]) -> dict[str, str]:
    """Return for each of the texts that lacks a ligature the text with it, where that is certain.

    A word is restored when one English word fits; where several fit ("�at": fiat, flat), the one whose ligature is the
    only one found in the other texts. All others keep their U+FFFD.
    """
    texts = {text for text in texts if LOST in text}
    fitting = {word: _fitting(word) for text in texts for word in _WORD.findall(text)}
    established = Counter(used for found in fitting.values() if len(found) == 1 for used in found.values())
    only = next(iter(established)) if len(established) == 1 else None
    restored = {
        word: next(full for full, used in found.items() if len(found) == 1 or used == only)
        for word, found in fitting.items()
        if len(found) == 1 or only in found.values()
    }
    return {text: _WORD.sub(lambda word: restored.get(word[0], word[0]), text) for text in texts}


def _fitting(word: str) -> dict[str, tuple[str, ...]]:
    """Return the English words that ``word`` can be, with the ligatures that each needs."""
    if word.count(LOST) > _MAX_LOST or len(word) > _MAX_LETTERS:
        return {}
    parts = word.split(LOST)
    found: dict[str, tuple[str, ...]] = {}
    for used in itertools.product(_LIGATURES, repeat=len(parts) - 1):
        full = parts[0] + "".join(ligature + part for ligature, part in zip(used, parts[1:], strict=True))
        if _is_word(full.lower()):
            # "First" begins a sentence; its ligature is printed "fi" all the same, and stays so.
            found[full] = tuple(sorted(set(used)))
    return found


def _is_word(word: str) -> bool:
    return word in _words() or any(
        word.endswith(ending) and len(word) - len(ending) > 3 and word.removesuffix(ending) in _words()
        for ending in _ENDINGS
    )
