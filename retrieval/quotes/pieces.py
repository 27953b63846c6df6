"""A quotation in pieces: the longest runs of its words that stand in articles, wherever they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.quotes.find import Finder
from retrieval.quotes.wording import joined, runs

SHORTEST = 4
"""Words: a shorter run says nothing about where it comes from."""

_MOST = 6  # pieces: more, and it is a mosaic of common phrases
_READ = 16  # articles looked at for each piece


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of the quotation's words that stands in an article.

    Attributes:
        start: Its first word in the quotation.
        end: The number after its last.
        row: The article.
        first: Its first word there.
    """

    start: int
    end: int
    row: int
    first: int

    def __len__(self) -> int:
        return self.end - self.start


def pieces(words: Sequence[str], finder: Finder) -> list[Piece]:
    """Return the longest runs of ``words`` that stand in articles, in the quotation's order, without overlap.

    A run prefers an article that already carries another.
    """
    found: list[Piece] = []
    waiting = [(0, len(words))]
    while waiting and len(found) < _MOST:
        start, end = max(waiting, key=lambda gap: gap[1] - gap[0])
        waiting.remove((start, end))
        if end - start < SHORTEST:
            continue
        rows = list(dict.fromkeys([*(piece.row for piece in found), *finder.candidates(words[start:end])[:_READ]]))
        places = [(_longest(words, start, end, finder.stored(row)), row) for row in rows]
        (left, right, first), row = max(places, key=lambda run: run[0][1] - run[0][0], default=((0, 0, 0), 0))
        if right - left < SHORTEST:
            continue
        found.append(Piece(left, right, row, first))
        waiting += [(start, left), (right, end)]
    return sorted(found, key=lambda piece: piece.start)


def _longest(words: Sequence[str], start: int, end: int, text: str) -> tuple[int, int, int]:
    """Return the longest run of ``words[start:end]`` in a text as (start, end, first word there)."""
    best = (start, start, 0)
    left = start
    while left + max(SHORTEST, best[1] - best[0] + 1) <= end:
        size = max(SHORTEST, best[1] - best[0] + 1)
        first = next(runs(joined(list(words[left : left + size])), text), None)
        if first is None:
            left += 1
            continue
        while (
            left + size < end
            and (longer := next(runs(joined(list(words[left : left + size + 1])), text), None)) is not None
        ):
            first, size = longer, size + 1
        best = (left, left + size, first)
        left += 1
    return best
