"""Members: what a list is asked for (countries, people, companies …), and which of them a sentence names."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache, partial

from retrieval.articles import Span
from retrieval.text.abbreviations import STATES
from retrieval.text.analyzer import fold, terms
from retrieval.text.dates import CALENDAR_WORDS
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import ARTICLES, KINSHIP, QUESTION_AUXILIARIES, STOP_WORDS, alternation, word_set
from retrieval.text.names import NAME, NOT_GIVEN, agree, fold_name, is_group, is_outlet, surname
from retrieval.text.number_words import is_number
from retrieval.text.people import Names
from retrieval.text.places import CITIES, COUNTRY_NAMES, DEMONYMS, PLACES, STATE_NAMES
from retrieval.text.reporting_verbs import NOT_NAMES, PREPOSITIONS
from retrieval.text.roles import PERSON_NOUNS, ROLES
from retrieval.text.verb_forms import is_past_form

_PEOPLE = word_set(
    """people person persons victims suspects defendants witnesses children names those everyone everybody anyone folks
    individuals figures leaders members democrats republicans"""
)
_ORGANISATIONS = word_set(
    """airlines agencies banks brands charities churches clubs colleges companies corporations courts firms groups
    institutions magazines ministries networks newspapers organisations organizations outlets parties schools
    universities unions militias teams departments"""
)
_HEAD = LazyPattern(r"[^\W\d_][\w'’-]*")
_OF_THEM = LazyPattern(r"(?:of )?(?:them|these|those)\b[^()]*\((?:list |name |show )?(?P<of>[^()]+)\)", re.IGNORECASE)
"""A question about those of the list before."""
_MAX_HEAD = 5
"""Words of a question's subject in which the noun for its members stands."""


@dataclass(frozen=True, slots=True)
class Member:
    """Something of the kind that is asked for.

    Attributes:
        name: What it is known by: two members of one name, or of agreeing people's names, are one.
        span: Its characters in the sentence.
        person: Whether it is a person's name.
    """

    name: str
    span: Span
    person: bool = False

    def is_same(self, other: Member) -> bool:
        """Return whether both are one."""
        return self.name == other.name or (self.person and other.person and _are_one(self.name, other.name))


def _are_one(name: str, other: str) -> bool:
    """Return whether two people's names are one's: "Chris Stevens", "J. Christopher Stevens"."""
    if agree(name, other):
        return True
    ours, theirs = fold_name(name).split()[:-1], fold_name(other).split()[:-1]
    shortened = any(one.startswith(two) or two.startswith(one) for one in ours for two in theirs)
    return surname(name) == surname(other) and shortened


@dataclass(frozen=True, slots=True)
class MemberKind:
    """A kind of members.

    Attributes:
        noun: What is asked for, as written: "countries"; empty for "who".
        find: Returns the members that a sentence of a passage names; None where the kind has no names to find.
        known: All names of the kind, folded, where it is of places; None for others.
    """

    noun: str
    find: Callable[[str, Span], list[Member]] | None
    known: frozenset[str] | None = None

    @property
    def terms(self) -> frozenset[str]:
        """The analysed terms of its noun."""
        return frozenset(terms(self.noun))


_TITLED = LazyPattern(
    rf"\b(?:{alternation(role.title() for role in ROLES)})\s"
    r"(?P<name>[A-Z][a-z]{1,20}\s(?:[A-Z]\.\s)?[A-Z][a-z]{1,20})\b"
)
"""A full name behind a title, whatever its words mean: "Judge Alan King"."""
_NO_ORGANISATIONS = CALENDAR_WORDS | word_set(
    """democrat democrats democratic republican republicans american islands states united white house congress
    senate covid twitter facebook tell"""
)


def _places(text: str, span: Span, known: frozenset[str]) -> list[Member]:
    found = []
    for match in place_pattern(known).finditer(text, span.start, span.end):
        name = fold(match.group()).replace(".", "")
        before = text[max(span.start, match.start() - 40) : match.start()]
        if (city := _CITY_BEFORE.search(before)) and fold(city[1]) not in known:
            continue  # "Hollywood, Florida"
        full = {"us": "united states", "usa": "united states", "uk": "united kingdom"}.get(name, name)
        found.append(Member(full, Span(*match.span()).within(span)))
    return found


@cache
def place_pattern(known: frozenset[str]) -> re.Pattern[str]:
    """Return a pattern of place names, written with capitals, longest first."""
    written = {name.upper() if name.replace(".", "") in {"us", "usa", "uk"} else _titled(name) for name in known}
    return re.compile(rf"(?<![\w.-])(?:{alternation(written)})(?![\w-])")


_CITY_BEFORE = LazyPattern(r"(?<![\w’'-])([A-Z][\w’'-]{1,30}), $")


_IN_STATE = LazyPattern(
    r"\b(?P<city>[A-Z][\w’'-]{1,30}(?:\s[A-Z][\w’'-]{1,30}){0,2}),\s(?P<state>[A-Z][a-z]{1,15}(?:\s[A-Z][a-z]{1,15})?)\b"
)
"""A town with its state: "Moore, Okla."."""


def _cities(text: str, span: Span) -> list[Member]:
    """Return the cities that are known, and the towns that stand before their states."""
    found = _places(text, span, CITIES)
    for match in _IN_STATE.finditer(text, span.start, span.end):
        if fold(match["state"]) not in STATES | STATE_NAMES or fold(match["city"]) in CITIES:
            continue
        found.append(Member(fold(match["city"]), Span(*match.span("city")).within(span)))
    return sorted(found, key=lambda one: one.span.start)


def _titled(name: str) -> str:
    return " ".join(word if word in {"and", "of"} else word.title() for word in name.split())


@lru_cache(maxsize=256)
def _read(text: str) -> Names:
    return Names(text)


def _people(text: str, span: Span, gender: str = "") -> list[Member]:
    names = _read(text)
    found = []
    for mention in sorted([*names.references, *names.uncertain], key=lambda each: each.start):
        if not span.start <= mention.start < span.end or is_group(mention.name) or is_outlet(mention.name):
            continue
        full = (names.resolve(mention.name, mention.start)[0] if mention.is_certain else "") or mention.name
        parts = fold_name(full).split()
        if (
            any(part in PLACES | DEMONYMS or is_number(part) for part in parts)
            or parts[0] in NOT_GIVEN | NOT_NAMES | PREPOSITIONS
        ):
            continue
        if " " not in full and not mention.title:
            continue  # a capitalised word that no title or full name makes a person
        if not mention.is_certain and any(part in PERSON_NOUNS | KINSHIP or is_past_form(part) for part in parts):
            continue  # a headline's words
        if not gender or names.gender(full) == gender:
            end = min(mention.start + len(mention.name), span.end)
            found.append(Member(full, Span(mention.start, end).within(span), person=True))
    known = [one.span for one in found]
    for match in _TITLED.finditer(text, span.start, span.end):
        own = Span(*match.span("name")).within(span)
        if not gender and not any(each.start < own.end and own.start < each.end for each in known):
            found.append(Member(match["name"], own, person=True))
    return sorted(found, key=lambda one: one.span.start)


def _organisations(text: str, span: Span) -> list[Member]:
    people = {each.start for each in _read(text).references if " " in each.name or each.title}
    found = []
    for match in NAME.finditer(text, span.start, span.end):
        name = re.sub(r"[’']s?$", "", match.group().rstrip("."))
        folded = fold_name(name)
        starts = match.start() == span.start and " " not in name
        if (
            starts
            or match.start() in people
            or set(folded.split()) <= PLACES | DEMONYMS | NOT_NAMES | _NO_ORGANISATIONS
        ):
            continue
        if len(folded) > 2:
            found.append(Member(folded, Span(match.start(), match.start() + len(name)).within(span)))
    return found


_PLACE_KINDS = (
    (word_set("country countries nation nations"), COUNTRY_NAMES, partial(_places, known=COUNTRY_NAMES)),
    (word_set("state states"), STATE_NAMES, partial(_places, known=STATE_NAMES)),
    (word_set("city cities town towns"), CITIES, _cities),
)
_KINDS: tuple[tuple[frozenset[str], Callable[[str, Span], list[Member]]], ...] = (
    (word_set("women woman girls girl"), lambda text, span: _people(text, span, "f")),
    (word_set("men man boys boy"), lambda text, span: _people(text, span, "m")),
    (_PEOPLE | PERSON_NOUNS | ROLES, _people),
    (_ORGANISATIONS, _organisations),
)
"""Nouns, in the singular or plural, with what finds the members they stand for; the first match decides."""


def member_kind(topic: str, *, who: bool) -> MemberKind:
    """Return the kind of members that a list is asked for.

    Args:
        topic: What the question lists: "countries signed the agreement", "charged with murder".
        who: Whether the question asks who.
    """
    if who:
        return MemberKind("", _people)
    found = MemberKind("", None)
    if before := _OF_THEM.match(topic):  # "which of them … (list countries mentioned)"
        return member_kind(before["of"], who=False)
    for word in [match.group() for match in _HEAD.finditer(topic)][:_MAX_HEAD]:
        folded = fold(word)
        if folded in QUESTION_AUXILIARIES or folded in STOP_WORDS - ARTICLES - _PEOPLE or is_past_form(folded):
            break
        for nouns, known, find_places in _PLACE_KINDS:
            if folded in nouns:
                return MemberKind(word, find_places, known)
        kind = next((find for nouns, find in _KINDS if folded in nouns or folded.removesuffix("s") in nouns), None)
        if kind or not found.noun or not found.find:
            found = MemberKind(word, kind)
    return found
