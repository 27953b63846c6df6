"""Frequent names: the people and places that most articles mention, counted once for each revision of a library."""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from retrieval.store import statements
from retrieval.store.library import Library
from retrieval.text.analyzer import terms
from retrieval.text.lexicon import ARTICLES, word_set
from retrieval.text.names import agree, bare, is_group
from retrieval.text.places import CITIES, COUNTRY_NAMES, STATE_NAMES
from retrieval.text.sanitize import line

MAX_PEOPLE = 80
"""Speakers of the most articles whose mentions are counted."""
_NOT_COUNTED = word_set(
    """us u.s. usa u.s.a. uk u.k. virginia maine turkey wales jordan chad phoenix orlando togo benin guinea
    georgia"""
)
"""Place names that are abbreviations, a part of others, or share their term with another word or name."""


_PLACE_NAMES = tuple(
    " ".join(word if word in {"and", "of"} else word.title() for word in name.split())
    for name in sorted((COUNTRY_NAMES | STATE_NAMES | CITIES) - _NOT_COUNTED)
)


@dataclass(frozen=True, slots=True)
class NameCounts:
    """Names with the numbers of articles that mention them, most first."""

    people: tuple[tuple[str, int], ...]
    places: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class _Mentions:
    """The ids of the articles that mention each name, as of a revision."""

    revision: int
    people: Mapping[str, frozenset[str]]
    places: Mapping[str, frozenset[str]]


class FrequentNames:
    """The names that most articles of a library mention. Safe to share between threads.

    People are those whom articles quote (the statement index), counted by their full names.

    Args:
        library: The articles.
    """

    def __init__(self, library: Library) -> None:
        self._library = library
        self._guard = threading.Lock()
        self._known: _Mentions | None = None

    def of(self, articles: Collection[str], limit: int | None = None) -> NameCounts:
        """Return the people and places that ``articles``, given by their ids, mention; the first ``limit`` of each."""
        known = self._mentions()
        kept = frozenset(articles)
        return NameCounts(_most(known.people, kept, limit), _most(known.places, kept, limit))

    def _mentions(self) -> _Mentions:
        with self._guard:
            revision = self._library.revision
            if self._known is None or self._known.revision != revision:
                places = {name: self._articles(name) for name in _PLACE_NAMES}
                people = {name: self._articles(name) for name in self._speakers()}
                self._known = _Mentions(revision, people, places)
            return self._known

    def _articles(self, name: str) -> frozenset[str]:
        return frozenset(self._library.mentions([terms(name)]))

    def _speakers(self) -> list[str]:
        """Return the full names of the people who are quoted in most articles, each person once."""
        with self._library.reading() as connection:
            found = statements.speaker_names(connection)
        names = [each.name for each in sorted(found, key=lambda each: -each.articles)[: 4 * MAX_PEOPLE]]
        people: list[str] = []
        for name in names:
            if _is_full(name) and not any(agree(name, other) for other in people):
                people.append(line(bare(name)[0]))
        return people[:MAX_PEOPLE]


def _is_full(name: str) -> bool:
    """Return whether a speaker is named in full: no "the president", no "White House"."""
    words = bare(name)[0].split()
    return (
        len(words) > 1
        and not is_group(name)
        and all(word[0].isupper() for word in words)
        and words[0].casefold() not in ARTICLES
        and " ".join(words).casefold() not in COUNTRY_NAMES
    )


def _most(
    mentions: Mapping[str, frozenset[str]], articles: frozenset[str], limit: int | None
) -> tuple[tuple[str, int], ...]:
    counts = [(name, len(found & articles)) for name, found in mentions.items()]
    ranked = sorted((each for each in counts if each[1]), key=lambda each: (-each[1], each[0]))
    return tuple(ranked[:limit])
