"""Search for a quotation's words in a few texts at hand, such as the articles that were found for a question."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from retrieval.quotes.matcher import Occurrence, nearest
from retrieval.text.folding import Words, joined, runs

_INFORMATION = 2.0
"""Nats a word. Among a few articles on one subject the rarity of words tells little; five words in two runs are then
enough for a source (``rules``)."""


class TextMatcher:
    """Searches a few texts; their numbers are the rows. Safe to share between threads.

    Args:
        texts: The words of each.
    """

    def __init__(self, texts: Sequence[Words]) -> None:
        self._texts = texts

    @cached_property
    def _vocabulary(self) -> frozenset[str]:
        return frozenset().union(*(words.texts for words in self._texts))

    def words(self, row: int) -> Words:
        """Return a text's words."""
        return self._texts[row]

    def text(self, row: int) -> str:
        """Return a text's characters."""
        return self._texts[row].source

    def stored(self, row: int) -> str:
        """Return a text's words, joined."""
        return self._texts[row].joined

    def known(self, words: Sequence[str]) -> frozenset[str]:
        """Return those folded words that occur in any of the texts."""
        return self._vocabulary.intersection(words)

    def rarity(self, words: Sequence[str]) -> dict[str, float]:
        """Return the information of each word in nats, the same for all."""
        return dict.fromkeys(words, _INFORMATION)

    def exact(self, words: Sequence[str]) -> list[Occurrence]:
        """Return every occurrence of ``words``, folded, one after another, by text; apostrophes are ignored."""
        run = joined(list(words))
        return [
            Occurrence(row, first, first + len(words))
            for row, text in enumerate(self._texts)
            for first in runs(run, text.joined)
        ]

    def near(self, words: Sequence[str], *, tolerance: float = 0.5) -> list[Occurrence]:
        """Return the best occurrence in each text that contains nearly these words, fewest edits first.

        Args:
            words: Folded.
            tolerance: The most character edits, as a share of the words' characters.
        """
        run = joined(list(words)).strip()
        return nearest(run, int(len(run) * tolerance), ((row, self.stored(row)) for row in range(len(self._texts))))

    def candidates(self, words: Sequence[str]) -> list[int]:
        """Return the texts that share words with ``words``, those that share most first."""
        wanted = frozenset(words)
        shared = [len(wanted.intersection(text.texts)) for text in self._texts]
        return sorted((row for row, count in enumerate(shared) if count), key=lambda row: -shared[row])
