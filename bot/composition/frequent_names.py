"""Frequent names: the people and places that most articles mention, counted once for each revision of a library."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

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


@dataclass(slots=True)
class _Mentions:
    """The row keys of the articles that mention each name, as of a revision; of articles deleted since as well.

    Attributes:
        library: The library's identity.
        revision: The revision.
        last: The greatest row key of a passage that was read.
        articles: Row keys, by name.
        people: The names of people among them.
    """

    library: str = ""
    revision: int = -1
    last: int = 0
    articles: dict[str, NDArray[np.int64]] = field(default_factory=dict)
    people: tuple[str, ...] = ()


class FrequentNames:
    """The names that most articles of a library mention. Safe to share between threads.

    People are those whom articles quote (the statement index), counted by their full names. After an ingestion only the
    passages that it added are read.

    Args:
        library: The articles.
    """

    def __init__(self, library: Library) -> None:
        self._library = library
        self._guard = threading.Lock()
        self._known = _Mentions()

    def of(self, articles: Collection[str], limit: int | None = None) -> NameCounts:
        """Return the people and places that ``articles``, given by their ids, mention; the first ``limit`` of each."""
        known = self._mentions()
        keys = self._library.article_keys(articles)
        kept = np.zeros(max((*keys, *(int(each.max()) for each in known.articles.values() if len(each)), 0)) + 1, bool)
        kept[keys] = True
        counts = {name: int(kept[each].sum()) for name, each in known.articles.items()}
        return NameCounts(_most(known.people, counts, limit), _most(_PLACE_NAMES, counts, limit))

    def _mentions(self) -> _Mentions:
        with self._guard:
            library, revision = self._library.identity, self._library.revision
            known = self._known
            if (known.library, known.revision) != (library, revision):
                if known.library != library or known.revision > revision:  # another one was put in its place
                    known = _Mentions()
                people, last = tuple(self._speakers()), self._library.last_passage
                found = {
                    name: self._articles(name, known.articles.get(name), known.last)
                    for name in (*_PLACE_NAMES, *people)
                }
                self._known = _Mentions(library, revision, last, found, people)
            return self._known

    def _articles(self, name: str, known: NDArray[np.int64] | None, last: int) -> NDArray[np.int64]:
        """Return the row keys of the articles that mention a name, given those of the passages up to ``last``."""
        if known is None:
            return np.array(self._library.articles_with(terms(name)), dtype=np.int64)
        return np.union1d(known, np.array(self._library.articles_with(terms(name), after=last), dtype=np.int64))

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


def _most(names: Iterable[str], counts: Mapping[str, int], limit: int | None) -> tuple[tuple[str, int], ...]:
    ranked = sorted(((name, counts[name]) for name in names if counts[name]), key=lambda each: (-each[1], each[0]))
    return tuple(ranked[:limit])
