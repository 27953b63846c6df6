"""Search for a quotation's words in whole articles: word for word, nearly, and in fragments.

Exact: the rarest window of words as a phrase, then a check on the text. Near: the rarest runs of three and two words
as phrases vote for articles by their rarity, and the best are aligned character by character (edlib, infix mode). An OR
of words ranked by BM25 needs more than a second on a million sentences. Each search returns where words occur, as
:class:`Occurrence`; nothing is judged here.
"""

from __future__ import annotations

import math
import re
import sqlite3
import threading
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

from retrieval.articles import ArticleInfo, Filters
from retrieval.quotes.diff import align
from retrieval.store import quote_index, rows
from retrieval.text.folding import Words, joined, runs

_MAX_CACHED_ARTICLES = 128
_MAX_CACHED_COUNTS = 100_000  # words


@dataclass(slots=True)
class LibraryFacts:
    """Counts of one revision of a library.

    Attributes:
        size: The number of articles; 0 while it is not known.
        counts: The number of articles that contain a word.
        ranges: For each filter, the number of articles it leaves and the first and last of their dates.
        names: For each word that was looked up, whether the articles write it as a name; None where they lack it.
    """

    size: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    ranges: dict[Filters, tuple[int, str, str]] = field(default_factory=dict)
    names: dict[str, bool | None] = field(default_factory=dict)


class MatcherCache:
    """The articles read last, and the counts of the newest revision; safe to share between threads."""

    def __init__(self) -> None:
        self._words: OrderedDict[tuple[int, int], Words] = OrderedDict()
        self._facts = (-1, LibraryFacts())
        self._lock = threading.Lock()

    def facts(self, revision: int) -> LibraryFacts:
        """Return the counts of a revision, to be read and added to."""
        with self._lock:
            known, facts = self._facts
            if known != revision or len(facts.counts) > _MAX_CACHED_COUNTS:
                facts = LibraryFacts()
                self._facts = revision, facts
            return facts

    def words(self, connection: sqlite3.Connection, revision: int, row: int) -> Words:
        """Return an article's words."""
        with self._lock:
            known = self._words.get((revision, row))
            if known is not None:
                self._words.move_to_end((revision, row))
                return known
        fresh = Words(rows.text(connection, row))
        with self._lock:
            self._words[revision, row] = fresh
            while len(self._words) > _MAX_CACHED_ARTICLES:
                self._words.popitem(last=False)
        return fresh


WINDOW_WORDS = 3
"""Words in the phrase that an exact search starts from: a phrase costs what its rarest word does, and each further word
adds to it. Among a million sentences the rarest three take .3 ms, five .9 ms."""

MAX_PHRASES = 12
"""Phrases of three and of two words each that a near search looks up. Measured: 99 % recall at a million sentences."""

MAX_ALIGNED = 40
"""Articles that a near search aligns."""

MAX_VERIFIED = 64
"""Articles that an exact search reads; where more contain the phrase, the earliest."""

MAX_HOLDERS = 600
"""Articles that contain a phrase: of a more common one no more are read, since it identifies little."""

NO_FILTERS = Filters()

_MAX_READ_FOR_NAME = 20  # articles with a word, by which it is known to be a name

_MIN_PHRASES = 8  # looked up before an article that is clearly ahead ends the search
_MIN_VOTES_AHEAD = 5  # phrases of three words in one article, from which shorter ones are not looked up
_MIN_VOTE_SHARE = 0.2  # of the best article's votes, with which another is aligned


class QuoteLibrary(Protocol):
    """The library as the quote desk uses it."""

    @property
    def revision(self) -> int:
        """A number that changes with every change of the articles."""

    def reading(self) -> AbstractContextManager[sqlite3.Connection]:
        """Lend a connection inside one read transaction."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Where words occur in one article, exactly or nearly.

    Attributes:
        row: The article's key.
        first: The first word's number in the article.
        last: The number after the last word's.
        distance: Character edits between the quoted words and these, 0 when they are the same.
    """

    row: int
    first: int
    last: int
    distance: int = 0


class WordSearch(Protocol):
    """What a quotation is compared with: the articles of a library (:class:`Matcher`) or a few texts at hand."""

    def words(self, row: int) -> Words:
        """Return an article's words."""
        ...

    def text(self, row: int) -> str:
        """Return an article's characters."""
        ...

    def stored(self, row: int) -> str:
        """Return an article's words, joined."""
        ...

    def known(self, words: Sequence[str]) -> frozenset[str]:
        """Return those folded words that occur in any article."""
        ...

    def rarity(self, words: Sequence[str]) -> Mapping[str, float]:
        """Return each word's information in nats."""
        ...

    def exact(self, words: Sequence[str]) -> list[Occurrence]:
        """Return every occurrence of ``words``, folded, one after another, by article."""
        ...

    def near(self, words: Sequence[str], *, tolerance: float = 0.5) -> list[Occurrence]:
        """Return the best occurrence in each article that contains nearly these words, fewest edits first."""
        ...

    def candidates(self, words: Sequence[str]) -> Sequence[int]:
        """Return the articles that may contain most of ``words``, best first."""
        ...


class Matcher:
    """Searches one revision of a library, over one connection, in one thread.

    Args:
        connection: Inside a read transaction.
        filters: The articles to search.
        cache: Shared between searches.
        revision: The library's.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        filters: Filters = NO_FILTERS,
        cache: MatcherCache | None = None,
        revision: int = 0,
    ) -> None:
        self.connection = connection
        self.filters = filters
        self._cache = cache or MatcherCache()
        self._revision = revision
        self._facts = self._cache.facts(revision)
        self._near: dict[tuple[str, ...], list[Occurrence]] = {}
        self._infos: dict[int, ArticleInfo] = {}

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
        """The number of articles in the library, at least 1."""
        if not self._facts.size:
            self._facts.size = int(self.connection.execute("SELECT count(*) FROM articles").fetchone()[0])
        return max(1, self._facts.size)

    @cached_property
    def searched(self) -> int:
        """The number of articles that the filters leave."""
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
        return self._cache.words(self.connection, self._revision, row)

    def text(self, row: int) -> str:
        """Return an article's characters, not analysed."""
        return rows.text(self.connection, row)

    def stored(self, row: int) -> str:
        """Return an article's words, joined, without their places: cheaper than :meth:`words`."""
        return quote_index.stored(self.connection, row)

    def info(self, row: int) -> ArticleInfo:
        """Return an article's title, source and dates."""
        if row not in self._infos:
            self._infos[row] = rows.info(self.connection.execute(f"{rows.INFO} WHERE key = ?", (row,)).fetchone())
        return self._infos[row]

    def known(self, words: Sequence[str]) -> frozenset[str]:
        """Return those folded words that occur in any article."""
        return frozenset(word for word, count in self.frequencies(words).items() if count)

    def frequencies(self, words: Sequence[str]) -> dict[str, int]:
        """Return the number of articles that contain each word; apostrophes are ignored."""
        bare = {word: word.replace("'", "") for word in words}
        counts = self._facts.counts
        missing = [key for key in bare.values() if key not in counts]
        if missing:
            counts.update(quote_index.articles_with(self.connection, missing))
        return {word: counts[key] for word, key in bare.items()}

    def rarity(self, words: Sequence[str]) -> dict[str, float]:
        """Return each word's information in nats: the logarithm of all articles over those that contain it."""
        return {word: math.log((self.size + 1) / (count + 0.5)) for word, count in self.frequencies(words).items()}

    def exact(self, words: Sequence[str]) -> list[Occurrence]:
        """Return every occurrence of ``words``, folded, one after another, by article; apostrophes are ignored."""
        phrase = self._rarest_window(words)
        if not phrase:
            return []
        run = joined(list(words))
        found: list[Occurrence] = []
        holders = self.phrase(phrase, limit=-1 if self.filters else MAX_VERIFIED + 1)
        if len(holders) > MAX_VERIFIED:  # even its rarest window is common: look up all of it
            holders = self.phrase(words)
        for row in self._earliest(holders):
            found.extend(Occurrence(row, first, first + len(words)) for first in runs(run, self.stored(row)))
        return found

    def near(self, words: Sequence[str], *, tolerance: float = 0.5) -> list[Occurrence]:
        """Return the best occurrence in each article that contains nearly these words, fewest edits first.

        Args:
            words: Folded.
            tolerance: The most character edits, as a share of the words' characters.
        """
        run = joined(list(words)).strip()
        limit = int(len(run) * tolerance)
        known = self._near.get(tuple(words))
        if known is None:
            known = self._near[tuple(words)] = self.aligned(run, limit, self.candidates(words))
        return [one for one in known if one.distance <= limit]

    def aligned(self, run: str, limit: int, candidates: Iterable[int]) -> list[Occurrence]:
        """Return the best occurrence of joined words in each article, fewest edits first, with at most ``limit``."""
        return nearest(run, limit, ((row, self.stored(row)) for row in candidates))

    def candidates(self, words: Sequence[str]) -> list[int]:
        """Return the articles that share the rarest phrases of ``words``, best first, at most :data:`MAX_ALIGNED`."""
        votes: defaultdict[int, float] = defaultdict(float)
        counted: Counter[int] = Counter()
        for phrases in self._rare_phrases(words):
            for tried, phrase in enumerate(phrases):
                if tried >= _MIN_PHRASES and max(counted.values(), default=0) >= _MIN_VOTES_AHEAD:
                    break
                holders = self.phrase(phrase, limit=-1 if self.filters else MAX_HOLDERS)
                weight = math.log(1 + self.size / len(holders)) if holders else 0.0
                counted.update(holders)
                for row in holders:
                    votes[row] += weight
            if counted and max(counted.values()) >= _MIN_VOTES_AHEAD:
                break
        kept = self.within(votes)
        least = _MIN_VOTE_SHARE * max((votes[row] for row in kept), default=0.0)
        return sorted((row for row in kept if votes[row] >= least), key=lambda row: (-votes[row], row))[:MAX_ALIGNED]

    def holders(self, words: Sequence[str], limit: int) -> list[int]:
        """Return at most ``limit`` articles that contain any of ``words``."""
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
        starts = range(max(1, len(words) - WINDOW_WORDS + 1))
        best = min(starts, key=lambda start: sum(costs[start : start + WINDOW_WORDS]))
        return list(words[best : best + WINDOW_WORDS])

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
            yield [list(gram) for gram in ranked[:MAX_PHRASES]]
        rare = sorted((word for word in counts if 0 < counts[word] <= MAX_HOLDERS), key=lambda word: counts[word])
        yield [[word] for word in rare[:4]]

    def phrase(self, words: Sequence[str], limit: int = -1) -> list[int]:
        """Return the articles that contain these words one after another."""
        query = '"' + " ".join(words).replace("'", "").replace('"', "") + '"'
        found = self.connection.execute(
            "SELECT rowid FROM quote_index WHERE quote_index MATCH ? LIMIT ?", (query, limit)
        )
        return [row for (row,) in found]

    def is_name(self, word: str) -> bool | None:
        """Return whether most articles with a word write it with a capital; None where no article has it."""
        folded = word.lower()
        known = self._facts.names
        if folded not in known:
            if len(known) >= _MAX_CACHED_COUNTS:
                known.clear()
            pattern = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)", re.IGNORECASE)
            rows_with = self.phrase([folded], _MAX_READ_FOR_NAME)
            written = [found.group() for row in rows_with for found in pattern.finditer(self.text(row))]
            capitals = sum(not one[0].islower() for one in written)
            known[folded] = 2 * capitals > len(written) if written else None
        return known[folded]

    def within(self, found: Iterable[int]) -> list[int]:
        """Return those of the articles that the filters allow."""
        allowed = self.allowed
        return list(found) if allowed is None else [row for row in found if row in allowed]

    def _earliest(self, found: list[int]) -> list[int]:
        kept = self.within(found)
        if len(kept) <= MAX_VERIFIED:
            return kept
        marks = ",".join(map(str, kept))
        order = self.connection.execute(
            f"SELECT key FROM articles WHERE key IN ({marks}) ORDER BY day = '', published, key LIMIT ?",  # noqa: S608
            (MAX_VERIFIED,),
        )
        return [row for (row,) in order]


def nearest(run: str, limit: int, texts: Iterable[tuple[int, str]]) -> list[Occurrence]:
    """Return the best occurrence of joined words in each (row, joined words), fewest edits first, at most ``limit``."""
    found: list[Occurrence] = []
    for row, text in texts:
        aligned = align(run, text, limit)
        if aligned:
            first, last, distance = aligned
            found.append(Occurrence(row, first, last, distance))
            limit = min(limit, distance + max(12, len(run) // 5))
    found.sort(key=lambda one: one.distance)
    return found


MAX_COPY_EDITS = 0.25
"""Character edits, as a share of the words', beyond which another wording is no copy."""

_COPY_PHRASES = 4  # looked up, of three words each, the rarest that have no word in common
_MIN_SHARED_PHRASES = 2  # of them are in a copy


def copies(words: Sequence[str], matcher: Matcher, *, beyond: Collection[int]) -> list[Occurrence]:
    """Return the best occurrence in each other article that contains nearly the words, fewest edits first.

    Cheaper than :meth:`Matcher.near`: what differs in every fourth word or more often is not found.

    Args:
        words: Folded.
        matcher: The search.
        beyond: The articles that were found already.
    """
    run = joined(list(words)).strip()
    rows = [row for row in _sharing(words, matcher) if row not in beyond]
    return matcher.aligned(run, int(len(run) * MAX_COPY_EDITS), rows)


def _sharing(words: Sequence[str], matcher: Matcher) -> list[int]:
    counts = matcher.frequencies(words)
    costs = [math.log(1 + counts[word]) for word in words]
    chosen: list[int] = []
    counted: Counter[int] = Counter()
    for start in sorted(range(len(words) - 2), key=lambda start: sum(costs[start : start + 3])):
        if len(chosen) < _COPY_PHRASES and all(abs(start - other) > 2 for other in chosen):
            chosen.append(start)
            counted.update(matcher.phrase(words[start : start + 3], limit=-1 if matcher.filters else MAX_HOLDERS))
    least = min(_MIN_SHARED_PHRASES, len(chosen))
    return matcher.within(row for row, count in counted.most_common(MAX_ALIGNED) if count >= least)


MIN_FRAGMENT_WORDS = 4
"""Words: a shorter run does not identify where it comes from."""

_MAX_FRAGMENTS = 6  # more, and it is a mosaic of common phrases
_MAX_FRAGMENT_ARTICLES = 16  # examined for each fragment


@dataclass(frozen=True, slots=True)
class QuoteFragment:
    """A run of the quotation's words that occurs in an article.

    Attributes:
        start: Its first word in the quotation.
        end: The number after its last.
        row: The article's key.
        first: Its first word there.
    """

    start: int
    end: int
    row: int
    first: int

    def __len__(self) -> int:
        return self.end - self.start


def fragments(words: Sequence[str], matcher: WordSearch) -> list[QuoteFragment]:
    """Return the longest runs of ``words`` that occur in articles, in the quotation's order, without overlap.

    An article that already contains another run is preferred.
    """
    found: list[QuoteFragment] = []
    waiting = [(0, len(words))]
    while waiting and len(found) < _MAX_FRAGMENTS:
        start, end = max(waiting, key=lambda gap: gap[1] - gap[0])
        waiting.remove((start, end))
        if end - start < MIN_FRAGMENT_WORDS:
            continue
        rows = list(
            dict.fromkeys(
                [*(fragment.row for fragment in found), *matcher.candidates(words[start:end])[:_MAX_FRAGMENT_ARTICLES]]
            )
        )
        places = [(_longest(words, start, end, matcher.stored(row)), row) for row in rows]
        (left, right, first), row = max(places, key=lambda run: run[0][1] - run[0][0], default=((0, 0, 0), 0))
        if right - left < MIN_FRAGMENT_WORDS:
            continue
        found.append(QuoteFragment(left, right, row, first))
        waiting += [(start, left), (right, end)]
    return sorted(found, key=lambda fragment: fragment.start)


def _longest(words: Sequence[str], start: int, end: int, text: str) -> tuple[int, int, int]:
    """Return the longest run of ``words[start:end]`` in a text as (start, end, first word there)."""
    best = (start, start, 0)
    left = start
    while left + max(MIN_FRAGMENT_WORDS, best[1] - best[0] + 1) <= end:
        size = max(MIN_FRAGMENT_WORDS, best[1] - best[0] + 1)
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
