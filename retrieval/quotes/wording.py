"""The quote desk's words: letters with their inner apostrophes, whole numbers, and signs that change a number.

Unlike :mod:`retrieval.words` nothing is stemmed or left out: a quotation is judged word for word.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from functools import cached_property

from retrieval.articles import Span
from retrieval.quotes.fold import Folded, fold

UNSPACED = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u0e00-\u0e7f"
"""Scripts written without spaces: each character is a word."""

_MINUS = r"(?<![^\s(])-(?=[$€£¥]?\d)"
WORD = re.compile(
    rf"[{UNSPACED}]|\d+(?:[.,]\d+)*(?:[^\W\d_{UNSPACED}]+)?|[^\W_{UNSPACED}]+(?:'[^\W_{UNSPACED}]+)*|[$€£¥₹%°½¼¾]|{_MINUS}"
)
_AHEAD = 200  # words placed beyond the one asked for: those around a quotation are asked for next
_GROUPED = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")


class Words:
    """A text as words, each with its original characters.

    Attributes:
        source: The original text.
        folded: Its folding.
        texts: The words, folded; digit groups without their commas.
    """

    def __init__(self, source: str) -> None:
        self.source = source
        self.folded: Folded = fold(source)
        self.texts: list[str] = [_plain(word) for word in WORD.findall(self.folded.text)]
        self._places: list[tuple[int, int]] = []

    def __len__(self) -> int:
        return len(self.texts)

    @cached_property
    def joined(self) -> str:
        """The words without apostrophes, each with a space before and after it, for searching at C speed."""
        return joined(self.texts)

    def span(self, first: int, last: int) -> Span:
        """Return the original characters of the words ``[first, last)``."""
        if len(self._places) < last:  # not all of an article's: most are never asked for
            wanted = itertools.islice(WORD.finditer(self.folded.text), last + _AHEAD)
            self._places = [found.span() for found in wanted]
        return self.folded.span(self._places[first][0], self._places[last - 1][1])

    def original(self, index: int) -> str:
        """Return one word as it stands in the text."""
        return self.span(index, index + 1).of(self.source)

    def runs(self, run: str) -> Iterator[int]:
        """Return the number of the first word of each place where ``run`` (made by :func:`joined`) stands."""
        return runs(run, self.joined)


def joined(texts: list[str]) -> str:
    """Return words as one string to search in: no apostrophes, a space before and after each."""
    return f" {' '.join(texts)} ".replace("'", "")


def runs(run: str, words: str) -> Iterator[int]:
    """Yield the first word's number of each place of ``run`` in ``words``, both made by :func:`joined`."""
    place = words.find(run)
    while place >= 0:
        yield words.count(" ", 0, place + 1) - 1
        place = words.find(run, place + 1)


def _plain(word: str) -> str:
    return _GROUPED.sub("", word) if "," in word else word
