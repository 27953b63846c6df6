"""Finding a quotation among whole articles: word for word, and nearly so.

Exact: the rarest window of words as a phrase, then a check on the text. Nearly: the rarest runs of three and two words
as phrases vote for articles by their rarity, and the best are aligned character by character (edlib, infix mode). An OR
of words ranked by BM25 needs more than a second on a million sentences.
"""

from __future__ import annotations

import math
import sqlite3
import threading
from collections import Counter, OrderedDict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from retrieval.articles import ArticleInfo, Filters
from retrieval.quotes import index
from retrieval.quotes.wording import Words, joined

WINDOW = 5
"""Words in the phrase that an exact search starts from."""

GRAMS = 12
"""Phrases of three and of two words each that a near search asks for. Measured: 99 % recall at a million sentences."""

ALIGNED = 40
"""Articles that a near search aligns."""

VERIFIED = 64
"""Articles that an exact search reads; where more carry the phrase, the earliest."""

_COMMON = 600  # articles: a phrase that more of them hold says little, and its list is not read further
_TEXTS = 128  # articles kept in memory, analysed


class Articles(Protocol):
    """What the quote desk needs of a library; rows are the quote index's."""

    def connection(self) -> sqlite3.Connection:
        """Return this thread's connection, for reading."""

    def rows(self, filters: Filters) -> Collection[int]:
        """Return the rows of the articles that ``filters`` allow."""

    def row_text(self, row: int) -> str:
        """Return an article's text."""

    def row_infos(self, rows: Sequence[int]) -> list[ArticleInfo]:
        """Return what is known of articles, in the order asked."""

    @property
    def revision(self) -> int:
        """A number that changes with every change of the articles."""


@dataclass(frozen=True, slots=True)
class Found:
    """Where words stand in one article.

    Attributes:
        row: The article's row.
        first: The first word's number in the article.
        last: The number after the last word's.
        distance: Character edits between the asked words and these, 0 when they are the same.
    """

    row: int
    first: int
    last: int
    distance: int = 0


class Finder:
    """Searches one library; safe to use from several threads."""

    def __init__(self, library: Articles) -> None:
        self.library = library
        self._texts: OrderedDict[tuple[int, int], Words] = OrderedDict()
        self._lock = threading.Lock()

    def words(self, row: int) -> Words:
        """Return an article's words, from memory when it was asked for lately."""
        key = (self.library.revision, row)
        with self._lock:
            known = self._texts.get(key)
            if known is not None:
                self._texts.move_to_end(key)
                return known
        fresh = Words(self.library.row_text(row))
        with self._lock:
            self._texts[key] = fresh
            while len(self._texts) > _TEXTS:
                self._texts.popitem(last=False)
        return fresh

    def frequencies(self, words: Sequence[str]) -> dict[str, int]:
        """Return how many articles hold each word; apostrophes do not count."""
        bare = {word: word.replace("'", "") for word in words}
        counts = index.articles_with(self.library.connection(), bare.values())
        return {word: counts[key] for word, key in bare.items()}

    def exact(self, words: Sequence[str], rows: Collection[int] | None = None) -> list[Found]:
        """Return every place where ``words`` stand one after another, by article; apostrophes do not count.

        Args:
            words: Folded, as :class:`~retrieval.quotes.wording.Words` gives them.
            rows: The articles to look in; None for all.
        """
        phrase = self._rarest_window(words)
        if not phrase:
            return []
        run = joined(list(words))
        found = []
        for row in self._earliest(self._phrase(phrase), rows):
            text = self.words(row)
            found.extend(Found(row, first, first + len(words)) for first in text.runs(run))
        return found

    def near(self, words: Sequence[str], rows: Collection[int] | None = None, *, tolerance: float = 0.5) -> list[Found]:
        """Return the best place in each article that holds nearly these words, fewest edits first.

        Args:
            words: Folded.
            rows: The articles to look in; None for all.
            tolerance: The most edits, as a part of the words' characters.
        """
        run = joined(list(words)).strip()
        limit = int(len(run) * tolerance)
        found = []
        for row in self.candidates(words, rows):
            place = align(run, self.words(row), limit)
            if place:
                first, last, distance = place
                found.append(Found(row, first, last, distance))
                limit = min(limit, distance + max(12, len(run) // 5))
        found.sort(key=lambda one: one.distance)
        return found

    def candidates(self, words: Sequence[str], rows: Collection[int] | None = None) -> list[int]:
        """Return the articles that share the rarest phrases of ``words``, best first, at most :data:`ALIGNED`."""
        votes: Counter[int] = Counter()
        total = self.size
        for phrase in self._rare_phrases(words):
            holders = self._phrase(phrase, limit=_COMMON)
            weight = math.log(1 + total / len(holders)) if holders else 0.0
            for row in holders:
                votes[row] += weight  # type: ignore[assignment]  # Counter of weights
        allowed = votes if rows is None else {row: votes[row] for row in votes if row in rows}
        return sorted(allowed, key=lambda row: (-votes[row], row))[:ALIGNED]

    @cached_property
    def size(self) -> int:
        """How many articles there are, at least 1."""
        return max(1, int(self.library.connection().execute("SELECT count(*) FROM articles").fetchone()[0]))

    def _rarest_window(self, words: Sequence[str]) -> list[str]:
        counts = self.frequencies(words)
        if any(counts[word] == 0 and word.isalnum() for word in counts):
            return []
        costs = [math.log(1 + counts[word]) if word.isalnum() else 20.0 for word in words]
        starts = range(max(1, len(words) - WINDOW + 1))
        best = min(starts, key=lambda start: sum(costs[start : start + WINDOW]))
        return list(words[best : best + WINDOW])

    def _rare_phrases(self, words: Sequence[str]) -> Iterator[list[str]]:
        counts = self.frequencies(words)
        for length in (3, 2):
            grams = {
                tuple(words[start : start + length]): None
                for start in range(len(words) - length + 1)
                if all(counts[word] for word in words[start : start + length])
            }
            ranked = sorted(grams, key=lambda gram: sum(math.log(counts[word]) for word in gram))
            yield from (list(gram) for gram in ranked[:GRAMS])
        rare = sorted((word for word in counts if 0 < counts[word] <= _COMMON), key=lambda word: counts[word])
        yield from ([word] for word in rare[:4])

    def _phrase(self, words: Sequence[str], limit: int = -1) -> list[int]:
        """Return the articles that hold these words one after another."""
        query = '"' + " ".join(words).replace("'", "").replace('"', "") + '"'
        found = self.library.connection().execute(
            "SELECT rowid FROM quote_index WHERE quote_index MATCH ? LIMIT ?", (query, limit)
        )
        return [row for (row,) in found]

    def _earliest(self, found: list[int], rows: Collection[int] | None) -> list[int]:
        kept = found if rows is None else [row for row in found if row in rows]
        if len(kept) <= VERIFIED:
            return kept
        infos = self.library.row_infos(kept)
        order = sorted(zip(kept, infos, strict=True), key=lambda pair: (not pair[1].published, pair[1].published))
        return [row for row, _ in order[:VERIFIED]]


def align(run: str, text: Words, limit: int) -> tuple[int, int, int] | None:
    """Return the words ``[first, last)`` of ``text`` that differ least from ``run``, and the character edits.

    None when more than ``limit`` edits are needed.
    """
    import edlib  # noqa: PLC0415 (loaded when a quotation is not found as it stands)

    target = text.joined
    if not (run.isascii() and target.isascii()):
        run, target = _few_symbols(run, target)
    aligned = edlib.align(run, target, mode="HW", task="locations", k=limit)
    if aligned["editDistance"] < 0:
        return None
    start, end = aligned["locations"][0]
    start = end if start is None else start
    first = target.count(" ", 0, start + 1) - 1
    last = target.count(" ", 0, end + 1) - (target[end] == " ")
    first, last = max(0, first), min(len(text), last)
    return (first, last, int(aligned["editDistance"])) if first < last else None


class _Symbols(dict[int, str]):
    def __missing__(self, key: int) -> str:
        return "\x00"


def _few_symbols(run: str, target: str) -> tuple[str, str]:
    """Map two texts onto at most 250 symbols (edlib takes 256), all those that ``run`` lacks onto one."""
    kept = [char for char, _ in Counter(run).most_common(250) if char != " "]
    symbols = (code for code in range(1, 256) if code != ord(" "))
    table = _Symbols({ord(" "): " ", **{ord(char): chr(next(symbols)) for char in kept}})
    return run.translate(table), target.translate(table)
