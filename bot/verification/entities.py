"""Named entities of a claim, and an index that says whether a text contains a name or another form of it."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from bot.answering.term_weights import prior_frequencies
from retrieval.text.analyzer import fold, terms
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import STOP_WORDS
from retrieval.text.names import GIVEN, SHORT_FORMS
from retrieval.text.roles import ROLES
from retrieval.text.tokens import Word, read_words

PLACES_FILE = Path(__file__).with_name("places.json")

_MEMBER = LazyPattern(r"\b[DRI][-–—]((?:[A-Z]\.)?[A-Z][A-Za-z]{0,12})\b")
"""The party and state of a member of Congress: "(D-Ala.)", "R-IA"."""
_MIN_HEADLINE_WORDS = 5  # content words, all capitalised, of a headline, where a capital marks no name
_NO_NAMES = STOP_WORDS | {"ad", "bc", "ce", "bce", "yes", "no", "ok"}
_MAX_WORDS_BETWEEN = 2  # words between the parts of a name: a middle name, a particle


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a text: a run of words without roles and titles.

    Attributes:
        start: Its first character.
        end: The character after its last.
        text: Its characters.
        terms: The terms of its words.
    """

    start: int
    end: int
    text: str
    terms: tuple[str, ...]


@cache
def place_groups() -> Mapping[str, str]:
    """Return the place of each term for a place or its people: "french" and "franc" belong to "france"."""
    listed = json.loads(PLACES_FILE.read_text(encoding="utf-8"))
    return {term: group.split()[0] for group in listed["groups"] for word in group.split() for term in terms(word)}


@cache
def _phrases() -> Mapping[tuple[str, ...], str]:
    listed = json.loads(PLACES_FILE.read_text(encoding="utf-8"))["phrases"]
    return {tuple(terms(phrase)): group for phrase, group in listed.items()}


@cache
def _states() -> Mapping[str, tuple[str, ...]]:
    """Return the terms of each state by its abbreviations, postal and in the Associated Press's style."""
    listed = json.loads(PLACES_FILE.read_text(encoding="utf-8"))["states"]
    return {short: tuple(terms(state)) for state, written in listed.items() for short in (state, *written.split())}


@cache
def _abbreviations() -> Mapping[str, tuple[str, ...]]:
    """Return the terms of what common abbreviations stand for, written without capitals: "ER"."""
    listed = json.loads(PLACES_FILE.read_text(encoding="utf-8"))["abbreviations"]
    return {short: tuple(terms(written)) for short, written in listed.items()}


@cache
def _roles() -> frozenset[str]:
    return frozenset(term for role in ROLES for term in terms(role)) - place_groups().keys()


@cache
def given_names() -> frozenset[str]:
    """Return the terms of the given names listed."""
    return frozenset(term for name in GIVEN for term in terms(name))


def names(text: str) -> list[Name]:
    """Return the names of ``text`` in order.

    The first word, capitalised in any sentence, counts where a name follows it or where it is no common word.
    """
    words = read_words(text)
    content = [word for word in words if word.term and not word.stop]
    headline = len(content) >= _MIN_HEADLINE_WORDS and all(text[word.start].isupper() for word in content)
    runs: list[list[Word]] = [[]]
    for place, word in enumerate(words):
        united = bool(runs[-1]) and runs[-1][-1].term == "unit"  # United States, United Nations
        if not _is_name(text, words, place, headline=headline) or (word.term in _roles() and not united):
            runs.append([])
            continue
        between = text[runs[-1][-1].end : word.start] if runs[-1] else ""
        alone = word.term in place_groups() or (bool(runs[-1]) and runs[-1][-1].term in place_groups())
        owner = bool(runs[-1]) and text[runs[-1][-1].start : runs[-1][-1].end].endswith(("'s", "’s"))
        if runs[-1] and (between.strip(" \u00a0.'’-") or alone or owner):
            runs.append([])
        runs[-1].append(word)
    found = [
        Name(run[0].start, run[-1].end, text[run[0].start : run[-1].end], tuple(word.term for word in run))
        for run in runs
        if run
    ]
    if any(text[word.start].isupper() for word in words[1:]):
        return found
    people = _uncapitalised(text, words)
    return [name for name in found if all(name.end <= each.start for each in people)] + people


def _uncapitalised(text: str, words: Sequence[Word]) -> list[Name]:
    """Return the people named in a text without capitals: a given name and an uncommon word."""
    found = []
    for word, following in itertools.pairwise(words):
        together = text[word.end : following.start] == " " and not following.number
        if word.term in given_names() and following.term and following.term not in prior_frequencies() and together:
            span = word.start, following.end
            found.append(Name(*span, text[span[0] : span[1]], (word.term, following.term)))
    return found


def _is_name(text: str, words: Sequence[Word], place: int, *, headline: bool) -> bool:
    word = words[place]
    if word.stop or word.date or word.number or not word.term or not text[word.start].isupper():
        return False
    if fold(text[word.start : word.end]).split("'")[0] in _NO_NAMES:
        return False
    known = word.term in place_groups() or word.term in given_names()
    if headline or known:
        return known
    if word.name and not _opens(text, word):
        return True
    following = words[place + 1] if place + 1 < len(words) else None
    if following and following.name and text[word.end : following.start] == " " and following.term not in _roles():
        return True
    return word.term not in prior_frequencies() and not _is_plural(text[word.start : word.end])


def _opens(text: str, word: Word) -> bool:
    """Tell whether a word begins a sentence or a quotation."""
    before = text[: word.start].rstrip(" \u00a0")
    return not before or before[-1] in '"“”‘.!?:•*-–—\n('


def _is_plural(word: str) -> bool:
    """Tell whether a sentence's first word is likely a plural noun: "Conservationists"."""
    return word.endswith("s") and len(word) > 4 and not word.endswith(("'s", "’s", "ss"))


class NameIndex:
    """An index of the names and terms of some texts."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.terms: set[str] = set()
        self._sequences: list[tuple[str, ...]] = []
        self._acronyms: set[str] = set()
        self._initials: set[str] = set()
        for text in texts:
            found, acronyms, initials = _index_text(text)
            members = (each.replace(".", "").lower() for each in _MEMBER.findall(text))
            for sequence in (found, *(_states()[each] for each in members if each in _states())):
                self._sequences.append(sequence)
                self.terms.update(sequence)
            self._acronyms |= acronyms
            self._initials |= initials
        self.groups = {place_groups()[term] for term in self.terms if term in place_groups()}
        for phrase, group in _phrases().items():
            if self.terms.issuperset(phrase) and any(
                _occurs_in_order(phrase, sequence) for sequence in self._sequences
            ):
                self.groups.add(group)

    def contains(self, name: Name) -> bool:
        """Tell whether the texts contain a name, or another form of it."""
        group = _phrases().get(name.terms) or (place_groups().get(name.terms[0]) if len(name.terms) == 1 else None)
        if group is not None:
            return group in self.groups
        if all(self._has_word(term) for term in name.terms):
            return (
                len(name.terms) == 1
                or any(_occurs_in_order(name.terms, sequence) for sequence in self._sequences)
                or not self._is_of_another(name)
            )
        bare = name.text.replace(".", "")
        if len(name.terms) == 1 and bare.isupper():
            written = _abbreviations().get(bare.lower(), ())
            return bare.lower() in self._initials or (
                bool(written) and any(_occurs_in_order(written, sequence) for sequence in self._sequences)
            )
        return len(name.terms) > 1 and "".join(term[0] for term in name.terms) in self._acronyms

    def _is_of_another(self, name: Name) -> bool:
        """Tell whether a name's words are those of two: a given name, and a surname behind another given name."""
        first, last = name.terms[0], name.terms[-1]
        if first not in given_names():
            return len(name.terms) == 2
        pairs = {pair for sequence in self._sequences for pair in itertools.pairwise(sequence)}
        return any(other in given_names() and not _same(other, first) for other, term in pairs if term == last)

    def _has_word(self, term: str) -> bool:
        return term in self.terms or not self.terms.isdisjoint(_short_forms().get(term, ()))


@cache
def _short_forms() -> Mapping[str, frozenset[str]]:
    """Return the forms of each given name, as terms."""
    groups = [frozenset(term for name in group for term in terms(name)) for group in SHORT_FORMS]
    return {term: frozenset().union(*(group for group in groups if term in group)) for each in groups for term in each}


def _occurs_in_order(wanted: Sequence[str], sequence: Sequence[str]) -> bool:
    """Tell whether the words occur in this order, with at most ``_MAX_WORDS_BETWEEN`` words between two."""
    first = wanted[0]
    for start, term in enumerate(sequence):
        if not _same(term, first):
            continue
        at = start
        for want in wanted[1:]:
            at = next(
                (n for n in range(at + 1, min(at + 2 + _MAX_WORDS_BETWEEN, len(sequence))) if _same(sequence[n], want)),
                -1,
            )
            if at < 0:
                break
        else:
            return True
    return False


def _same(one: str, other: str) -> bool:
    return one == other or other in _short_forms().get(one, ())


@lru_cache(maxsize=20_000)
def _index_text(text: str) -> tuple[tuple[str, ...], frozenset[str], frozenset[str]]:
    """Return the terms of ``text``, its acronyms, and the initials of its runs of capitalised words."""
    words = read_words(text)
    acronyms = (text[word.start : word.end].replace(".", "").lower() for word in words if _is_acronym(text, word))
    return tuple(word.term for word in words if word.term), frozenset(acronyms), _initials(text, words)


def _is_acronym(text: str, word: Word) -> bool:
    bare = text[word.start : word.end].replace(".", "")
    return 1 < len(bare) < 7 and bare.isupper()


def _initials(text: str, words: Sequence[Word]) -> frozenset[str]:
    """Return the initials of each run of capitalised words: "African Union" gives "au"."""
    runs: list[list[str]] = [[]]
    for word in words:
        written = text[word.start : word.end]
        if written[0].isupper() and len(written) > 1:
            runs[-1].append(written[0].lower())
        elif not word.stop:
            runs.append([])
    return frozenset(
        "".join(run[at : at + size]) for run in runs for size in range(2, 6) for at in range(len(run) - size + 1)
    )
