"""Finding a quotation among whole articles: word for word, and nearly so.

Exact: the rarest window of words as a phrase, then a check on the text. Nearly: the rarest runs of three and two words
as phrases vote for articles by their rarity, and the best are aligned character by character (edlib, infix mode). An OR
of words ranked by BM25 needs more than a second on a million sentences.

Nearly the same words in one text: infix alignment by characters (edlib).

What searches of one library keep from one quotation to the next: articles analysed, and counts.

Other articles that carry words which were found as they stand, in nearly the same words.

A quotation in pieces: the longest runs of its words that stand in articles, wherever they stand.
"""

from __future__ import annotations

import math
import sqlite3
import threading
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

from retrieval.articles import ArticleInfo, Filters
from retrieval.store import quote_index, rows
from retrieval.text.folding import Words, joined, runs


def align(run: str, target: str, limit: int) -> tuple[int, int, int] | None:
    """Return the words ``[first, last)`` of ``target`` that differ least from ``run``, and the character edits.

    ``target`` is an article's words, joined. None when more than ``limit`` edits are needed.
    """
    import edlib  # noqa: PLC0415 (loaded when words are not found as they stand)

    if not (run.isascii() and target.isascii()):
        run, target = _few_symbols(run, target)
    aligned = edlib.align(run, target, mode="HW", task="locations", k=limit)
    if aligned["editDistance"] < 0:
        return None
    start, end = aligned["locations"][0]
    start = end if start is None else start
    first = target.count(" ", 0, start + 1) - 1
    last = target.count(" ", 0, end + 1) - (target[end] == " ")
    first = max(0, first)
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


_TEXTS = 128  # articles
_COUNTS = 100_000  # words


@dataclass(slots=True)
class Facts:
    """What is known of one revision of a library.

    Attributes:
        size: How many articles it holds; 0 while that is not known.
        counts: How many articles hold a word.
        ranges: For each filter, how many articles it leaves and the first and last of their days.
    """

    size: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    ranges: dict[Filters, tuple[int, str, str]] = field(default_factory=dict)


class Memory:
    """The articles read lately, and facts of the newest revision; safe to share between threads."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[int, int], Words] = OrderedDict()
        self._facts = (-1, Facts())
        self._lock = threading.Lock()

    def facts(self, revision: int) -> Facts:
        """Return what is known of a revision, to be read and added to."""
        with self._lock:
            known, facts = self._facts
            if known != revision or len(facts.counts) > _COUNTS:
                facts = Facts()
                self._facts = revision, facts
            return facts

    def words(self, connection: sqlite3.Connection, revision: int, row: int) -> Words:
        """Return an article's words."""
        with self._lock:
            known = self._kept.get((revision, row))
            if known is not None:
                self._kept.move_to_end((revision, row))
                return known
        fresh = Words(rows.text(connection, row))
        with self._lock:
            self._kept[revision, row] = fresh
            while len(self._kept) > _TEXTS:
                self._kept.popitem(last=False)
        return fresh


WINDOW = 3
"""Words in the phrase that an exact search starts from: a phrase costs what its rarest word does, and each further word
adds to it. Among a million sentences the rarest three take .3 ms, five .9 ms."""

GRAMS = 12
"""Phrases of three and of two words each that a near search asks for. Measured: 99 % recall at a million sentences."""

ALIGNED = 40
"""Articles that a near search aligns."""

VERIFIED = 64
"""Articles that an exact search reads; where more carry the phrase, the earliest."""

COMMON = 600
"""Articles: a phrase that more of them hold says little, and its list is not read further."""

NO_FILTERS = Filters()

_ENOUGH = 8  # phrases after which an article that is clearly ahead ends the asking
_CLEAR = 5  # phrases of three words in one article, from which shorter ones are not asked for
_HOPEFUL = 0.2  # the least part of the best article's votes with which another is aligned


class Articles(Protocol):
    """What the quote desk needs of a library."""

    @property
    def revision(self) -> int:
        """A number that changes with every change of the articles."""

    def reading(self) -> AbstractContextManager[sqlite3.Connection]:
        """Lend a connection inside one read transaction."""


@dataclass(frozen=True, slots=True)
class Found:
    """Where words stand in one article.

    Attributes:
        row: The article's key.
        first: The first word's number in the article.
        last: The number after the last word's.
        distance: Character edits between the asked words and these, 0 when they are the same.
    """

    row: int
    first: int
    last: int
    distance: int = 0


class Finder:
    """Searches one revision of a library, over one connection, in one thread.

    Args:
        connection: Inside a read transaction.
        filters: What to search; nothing outside is found.
        memory: What is kept between searches.
        revision: The library's.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        filters: Filters = NO_FILTERS,
        memory: Memory | None = None,
        revision: int = 0,
    ) -> None:
        self.connection = connection
        self.filters = filters
        self._memory = memory or Memory()
        self._revision = revision
        self._facts = self._memory.facts(revision)
        self._near: dict[tuple[str, ...], list[Found]] = {}

    @cached_property
    def allowed(self) -> frozenset[int] | None:
        """The articles that the filters allow; None for all."""
        if not self.filters:
            return None
        condition, values = rows.condition(self.filters)
        found = self.connection.execute(f"SELECT key FROM articles WHERE {condition}", values)  # noqa: S608
        return frozenset(key for (key,) in found)

    @cached_property
    def size(self) -> int:
        """How many articles the library holds, at least 1."""
        if not self._facts.size:
            self._facts.size = int(self.connection.execute("SELECT count(*) FROM articles").fetchone()[0])
        return max(1, self._facts.size)

    @cached_property
    def searched(self) -> int:
        """How many articles the filters leave."""
        return self._range[0]

    @cached_property
    def dates(self) -> tuple[str, str]:
        """The first and last day (ISO) of the articles that are searched, empty when none is dated."""
        return self._range[1], self._range[2]

    @cached_property
    def _range(self) -> tuple[int, str, str]:
        known = self._facts.ranges.get(self.filters)
        if known is None:
            condition, values = rows.condition(self.filters)
            count, first, last = self.connection.execute(
                f"SELECT count(*), min(nullif(day, '')), max(day) FROM articles WHERE {condition}",  # noqa: S608
                values,
            ).fetchone()
            known = self._facts.ranges[self.filters] = int(count), first or "", last or ""
        return known

    def words(self, row: int) -> Words:
        """Return an article's words."""
        return self._memory.words(self.connection, self._revision, row)

    def text(self, row: int) -> str:
        """Return an article's characters, not analysed."""
        return rows.text(self.connection, row)

    def stored(self, row: int) -> str:
        """Return an article's words, joined, without their places: cheaper than :meth:`words`."""
        return quote_index.stored(self.connection, row)

    def info(self, row: int) -> ArticleInfo:
        """Return what is known of an article."""
        return rows.info(self.connection.execute(f"{rows.INFO} WHERE key = ?", (row,)).fetchone())

    def is_known(self, word: str) -> bool:
        """Tell whether any article holds a folded word."""
        return self.frequencies([word])[word] > 0

    def frequencies(self, words: Sequence[str]) -> dict[str, int]:
        """Return how many articles hold each word; apostrophes do not count."""
        bare = {word: word.replace("'", "") for word in words}
        counts = self._facts.counts
        missing = [key for key in bare.values() if key not in counts]
        if missing:
            counts.update(quote_index.articles_with(self.connection, missing))
        return {word: counts[key] for word, key in bare.items()}

    def rarity(self, words: Sequence[str]) -> dict[str, float]:
        """Return how much each word says, in nats: the logarithm of all articles over those that hold it."""
        return {word: math.log((self.size + 1) / (count + 0.5)) for word, count in self.frequencies(words).items()}

    def exact(self, words: Sequence[str]) -> list[Found]:
        """Return every place where ``words`` stand one after another, by article; apostrophes do not count.

        Args:
            words: Folded, as :class:`~retrieval.quotes.wording.Words` gives them.
        """
        phrase = self._rarest_window(words)
        if not phrase:
            return []
        run = joined(list(words))
        found: list[Found] = []
        holders = self.phrase(phrase, limit=-1 if self.filters else VERIFIED + 1)
        if len(holders) > VERIFIED:  # even its rarest window is common: ask for all of it
            holders = self.phrase(words)
        for row in self._earliest(holders):
            found.extend(Found(row, first, first + len(words)) for first in runs(run, self.stored(row)))
        return found

    def near(self, words: Sequence[str], *, tolerance: float = 0.5) -> list[Found]:
        """Return the best place in each article that holds nearly these words, fewest edits first.

        Args:
            words: Folded.
            tolerance: The most edits, as a part of the words' characters.
        """
        run = joined(list(words)).strip()
        limit = int(len(run) * tolerance)
        known = self._near.get(tuple(words))
        if known is None:
            known = self._near[tuple(words)] = self.aligned(run, limit, self.candidates(words))
        return [one for one in known if one.distance <= limit]

    def aligned(self, run: str, limit: int, candidates: Iterable[int]) -> list[Found]:
        """Return the best place of joined words in each article, fewest edits first, none with more than ``limit``."""
        found: list[Found] = []
        for row in candidates:
            place = align(run, self.stored(row), limit)
            if place:
                first, last, distance = place
                found.append(Found(row, first, last, distance))
                limit = min(limit, distance + max(12, len(run) // 5))
        found.sort(key=lambda one: one.distance)
        return found

    def candidates(self, words: Sequence[str]) -> list[int]:
        """Return the articles that share the rarest phrases of ``words``, best first, at most :data:`ALIGNED`."""
        votes: defaultdict[int, float] = defaultdict(float)
        ballots: Counter[int] = Counter()
        for phrases in self._rare_phrases(words):
            for asked, phrase in enumerate(phrases):
                if asked >= _ENOUGH and max(ballots.values(), default=0) >= _CLEAR:
                    break
                holders = self.phrase(phrase, limit=-1 if self.filters else COMMON)
                weight = math.log(1 + self.size / len(holders)) if holders else 0.0
                ballots.update(holders)
                for row in holders:
                    votes[row] += weight
            if ballots and max(ballots.values()) >= _CLEAR:
                break
        kept = self.within(votes)
        least = _HOPEFUL * max((votes[row] for row in kept), default=0.0)
        return sorted((row for row in kept if votes[row] >= least), key=lambda row: (-votes[row], row))[:ALIGNED]

    def holders(self, words: Sequence[str], limit: int) -> list[int]:
        """Return at most ``limit`` articles that hold any of ``words``."""
        query = " OR ".join(f'"{word}"' for word in words if '"' not in word)
        found = self.connection.execute(
            "SELECT rowid FROM quote_index WHERE quote_index MATCH ? LIMIT ?", (query, -1 if self.filters else limit)
        )
        return self.within(row for (row,) in found)

    def _rarest_window(self, words: Sequence[str]) -> list[str]:
        counts = self.frequencies(words)
        if not all(counts.values()):
            return []
        costs = [math.log(1 + counts[word]) for word in words]
        starts = range(max(1, len(words) - WINDOW + 1))
        best = min(starts, key=lambda start: sum(costs[start : start + WINDOW]))
        return list(words[best : best + WINDOW])

    def _rare_phrases(self, words: Sequence[str]) -> Iterator[list[list[str]]]:
        """Yield the rarest runs of three words, then of two, then the rarest words."""
        counts = self.frequencies(words)
        for length in (3, 2):
            grams = {
                tuple(words[start : start + length]): None
                for start in range(len(words) - length + 1)
                if all(counts[word] for word in words[start : start + length])
            }
            ranked = sorted(grams, key=lambda gram: sum(math.log(counts[word]) for word in gram))
            yield [list(gram) for gram in ranked[:GRAMS]]
        rare = sorted((word for word in counts if 0 < counts[word] <= COMMON), key=lambda word: counts[word])
        yield [[word] for word in rare[:4]]

    def phrase(self, words: Sequence[str], limit: int = -1) -> list[int]:
        """Return the articles that hold these words one after another."""
        query = '"' + " ".join(words).replace("'", "").replace('"', "") + '"'
        found = self.connection.execute(
            "SELECT rowid FROM quote_index WHERE quote_index MATCH ? LIMIT ?", (query, limit)
        )
        return [row for (row,) in found]

    def within(self, found: Iterable[int]) -> list[int]:
        """Return those of the articles that the filters allow."""
        allowed = self.allowed
        return list(found) if allowed is None else [row for row in found if row in allowed]

    def _earliest(self, found: list[int]) -> list[int]:
        kept = self.within(found)
        if len(kept) <= VERIFIED:
            return kept
        marks = ",".join(map(str, kept))
        order = self.connection.execute(
            f"SELECT key FROM articles WHERE key IN ({marks}) ORDER BY day = '', published, key LIMIT ?",  # noqa: S608
            (VERIFIED,),
        )
        return [row for (row,) in order]


ALIKE = 0.25
"""Character edits, as a part of the words', beyond which another wording is no copy."""

_PHRASES = 4  # asked for, of three words each, the rarest that have no word in common
_SHARED = 2  # of them are in a copy


def copies(words: Sequence[str], finder: Finder, *, beyond: Collection[int]) -> list[Found]:
    """Return the best place in each other article that holds nearly the words, fewest edits first.

    Cheaper than :meth:`Finder.near`: what differs in every fourth word or more often is not found.

    Args:
        words: Folded.
        finder: Searches.
        beyond: The articles that are known already.
    """
    run = joined(list(words)).strip()
    rows = [row for row in _sharing(words, finder) if row not in beyond]
    return finder.aligned(run, int(len(run) * ALIKE), rows)


def _sharing(words: Sequence[str], finder: Finder) -> list[int]:
    counts = finder.frequencies(words)
    costs = [math.log(1 + counts[word]) for word in words]
    taken: list[int] = []
    ballots: Counter[int] = Counter()
    for start in sorted(range(len(words) - 2), key=lambda start: sum(costs[start : start + 3])):
        if len(taken) < _PHRASES and all(abs(start - other) > 2 for other in taken):
            taken.append(start)
            ballots.update(finder.phrase(words[start : start + 3], limit=-1 if finder.filters else COMMON))
    least = min(_SHARED, len(taken))
    return finder.within(row for row, count in ballots.most_common(ALIGNED) if count >= least)


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
