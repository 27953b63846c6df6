"""The baseline of quote checking: substring search, then RapidFuzz over every article.

What scripts do without a quote desk: the characters are there (``verbatim``), the lower-cased words are there
(``cosmetic``), an article holds something alike (``altered``), or nothing does (``not_found``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from retrieval.quotes.comparison import MIN_WORDS
from retrieval.quotes.verdict import TextVerdict

ALIKE = 80.0
"""RapidFuzz's ``partial_ratio`` from which scripts take a text to hold a quotation, in [0, 100]."""


class BaselineDesk:
    """Checks quotations against texts held in memory.

    Args:
        texts: The articles.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts
        self._bare = [bare(text) for text in texts]

    def holds(self, quote: str) -> bool:
        """Return whether an article holds the characters of a quotation."""
        return any(quote in text for text in self._texts)

    def check(self, quote: str) -> TextVerdict:
        """Return the verdict of substring search and RapidFuzz."""
        from rapidfuzz import fuzz, process  # noqa: PLC0415

        words = bare(quote)
        if len(words.split()) < MIN_WORDS:
            return TextVerdict.TOO_SHORT
        if self.holds(quote):
            return TextVerdict.VERBATIM
        if any(words in text for text in self._bare):
            return TextVerdict.COSMETIC
        found = process.extractOne(words, self._bare, scorer=fuzz.partial_ratio, score_cutoff=ALIKE)
        return TextVerdict.ALTERED if found else TextVerdict.NOT_FOUND


def bare(text: str) -> str:
    """Return the words of a text in lower case, one space between them."""
    return " ".join(re.findall(r"\w+", text.lower()))
