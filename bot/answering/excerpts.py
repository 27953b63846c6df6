"""Excerpts: a sentence with the neighbours that it cannot be understood without, one run of the article's characters.

A sentence that begins with "He" or "This" is preceded by the one that says who or what; one that announces a list, or
repeats the question, is followed by what it announces.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.answering.features import Sentence, parse_passage
from retrieval.articles import Hit, Span
from retrieval.structure.blocks import list_marker
from retrieval.text.analyzer import fold
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import (
    BE,
    DEMONSTRATIVES,
    POSSESSIVE_DETERMINERS,
    SUBJECT_PRONOUNS,
    THIRD_PERSON,
    alternation,
)
from retrieval.text.roles import PERSON_NOUNS

MAX_EXCERPT_CHARACTERS = 700
"""Characters of a sentence with its neighbours: three long ones."""
MAX_ANTECEDENTS = 2
"""Sentences before one that begins with a pronoun; where the last of them does, too, the first may say who."""
MAX_LISTED = 6
"""Sentences, list items or table rows after one that announces them."""

_REFERS = LazyPattern(
    r"[\W_]*(?:(?:and|but|so|then|still|yet|however|in|at|by|on|after|before|during|since|for|despite|because of"
    r"|according to)[ ,]+)?"
    rf"(?:{alternation((THIRD_PERSON & (SUBJECT_PRONOUNS | POSSESSIVE_DETERMINERS)) | DEMONSTRATIVES)})\b",
    re.IGNORECASE,
)
_EXPLETIVE = LazyPattern(
    r"[\W_]*(?:it (?:is|was|will be|would be|has been|'s|’s|takes|took|seems|appears|remains)\b.{0,60}?"
    rf"\b(?:that|to|who|when|whether|if)\b|that (?:the|an?|{alternation(SUBJECT_PRONOUNS)})\b"
    r"|this (?:year|week|month|morning|summer|spring|fall|autumn|winter|time)\b)",
    re.IGNORECASE,
)
_INDEFINITE = LazyPattern(r"[\W_]*an?\s+(?P<who>(?:[\w'’.-]+\s+){1,7})", re.IGNORECASE)
_IDENTIFIES = LazyPattern(
    rf"\W*(?:{alternation(DEMONSTRATIVES | {'it', 'they'})})(?:\s+(?:{alternation(BE)})|['’]s)\b", re.IGNORECASE
)
_DEFINITE = LazyPattern(r"[\W_]*the\s+(?P<noun>[a-z][\w'’-]*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A sentence with its neighbours.

    Attributes:
        span: Its characters in the article.
        text: These characters.
        sentence: The sentence alone.
    """

    span: Span
    text: str
    sentence: Sentence


def excerpt_of(hit: Hit, span: Span, *, preceding: int = 0, following: int = 0) -> Excerpt:
    """Return a sentence of a hit after those that say whom or what it is about, and before ``following`` others.

    At least ``preceding`` sentences come before it. Of a list's items, none but its own follow.

    It has fewer neighbours where the passage ends, or where it would be longer than ``MAX_EXCERPT_CHARACTERS``.
    """
    parsed = parse_passage(hit.passage)
    page, place = parsed.sentences, parsed.place(span)
    text, start = hit.passage.text, hit.passage.span.start
    first = last = place
    listed = False
    while (
        first > max(0, place - MAX_ANTECEDENTS)
        and (place - first < preceding or depends_on_previous(page[first], page[first - 1]))
        and span.end - page[first - 1].span.start <= MAX_EXCERPT_CHARACTERS
    ):
        first -= 1
    while (
        last + 1 < min(len(page), place + following + 1)
        and page[last + 1].span.end - page[first].span.start <= MAX_EXCERPT_CHARACTERS
    ):
        item = _begins_item(text, page[last].span.end - start)
        if listed and not item and "\n" in text[page[last].span.end - start : page[last + 1].span.start - start]:
            break  # what follows the list
        listed = listed or item
        last += 1
    whole = Span(page[first].span.start, page[last].span.end)
    return Excerpt(whole, text[whole.start - start : whole.end - start], page[place])


def _begins_item(text: str, end: int) -> bool:
    """Return whether a list item begins after a sentence that ends at ``end``."""
    return list_marker(text[end : end + 40].lstrip(), dashes=True) > 0


def introduces_person(text: str) -> bool:
    """Return whether a sentence is about somebody whom the next one names: "A former chairman says …"."""
    found = _INDEFINITE.match(text)
    return found is not None and any(fold(word) in PERSON_NOUNS for word in found["who"].split())


def is_definite(sentence: str) -> bool:
    """Return whether a sentence begins with what the one before may have introduced: "The agreement"."""
    found = _DEFINITE.match(sentence)
    return found is not None and found["noun"][0].islower()


def identifies(text: str) -> bool:
    """Return whether a sentence says whom or what the one before is about: "That is Michael Cohen"."""
    return _IDENTIFIES.match(text) is not None


def announces(text: str) -> bool:
    """Return whether a sentence introduces what follows it: it ends in a colon."""
    return text.rstrip("*_ ").endswith(":")


def depends_on_previous(sentence: Sentence, previous: Sentence) -> bool:
    """Return whether a sentence begins with a pronoun, or with "The plan" where the one before has a plan."""
    if _REFERS.match(sentence.text) and not _EXPLETIVE.match(sentence.text):
        return True
    found = _DEFINITE.match(sentence.text)
    if found is None or found["noun"][0].isupper():
        return False
    noun = next((word.term for word in sentence.words if word.start == found.start("noun")), "")
    held = [word for word in previous.words if word.term == noun]
    return any(_indefinite(previous.text, word.start) for word in held)


def _indefinite(text: str, start: int) -> bool:
    """Return whether "a", "an" or a possessive precedes the word within four words: "a controversial new plan"."""
    before = [fold(word) for word in re.findall(r"[\w'’]+", text[max(0, start - 60) : start])][-4:]
    return bool({"a", "an", "new"}.intersection(before))
