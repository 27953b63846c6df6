"""Facts of a claim: numbers, dates and names that must occur in the evidence, of the same thing.

Each check yields the problems it finds, as messages for people.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.answering.features import Sentence
from bot.answering.term_weights import prior_frequencies
from bot.verification.entities import NameIndex, names
from bot.verification.evidence import cached_quantities
from retrieval.text.date_intervals import date_of, one_day
from retrieval.text.dates import MONTHS, WEEKDAYS
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.numbers import Quantity, proportions, single_units
from retrieval.text.reporting_verbs import CERTAIN
from retrieval.text.time_expressions import TimeExpression, TimeRelation, time_expressions
from retrieval.text.tokens import read_words

_AMBIGUOUS_NUMBERS = frozenset({"one", "first", "second", "half"})
"""Number words with other meanings ("no one", "at first"): checked only where the source counts the same noun."""
_LABEL = LazyPattern(r"(?:\*\*)?(?:[\w’'&-]+ ){0,5}[\w’'&-]+:?(?:\*\*)?:")
"""The label of a list item: "**Verify information:**"."""
_RANGE_START = LazyPattern(r"\d\s?[-–/]\s?$")
"""Before the end of a range, which counts nothing alone: "the 2016-17 season"."""
_HALVES = {"am": "a.m.", "pm": "p.m."}
_MAX_COUNTED = 10  # things of a list that a writer counts
_NEAR_WORDS = 4  # words between a number and what it counts


@dataclass(frozen=True, slots=True)
class EvidenceScope:
    """The texts in which the facts of a claim are looked up.

    Attributes:
        sentences: The evidence sentences.
        passage_texts: All sentences of their passages, and the headings above them.
        all_texts: The same for every passage found.
        published: The publication dates of the evidence articles, ISO.
        names: The names in the passages and metadata of these articles.
    """

    sentences: Sequence[Sentence]
    passage_texts: Sequence[str]
    all_texts: Sequence[str]
    published: Sequence[str]
    names: NameIndex


def wrong_numbers(text: str, scope: EvidenceScope, *, strict: bool = True) -> Iterator[str]:
    """Yield the problems of a claim's numbers.

    Args:
        text: The claim.
        scope: Where they are looked up.
        strict: A small number in words that the source has not is one, too; else it may count what the source lists.
    """
    theirs = [
        (number, each)
        for each in scope.sentences
        for number in (*cached_quantities(each.text), *single_units(each.text), *proportions(each.text))
    ]
    shares = [each for each in proportions(text) if any(_is_share(each, number) for number, _ in theirs)]
    for wanted in cached_quantities(text):
        if any(each.start <= wanted.start and wanted.end <= each.end for each in shares):
            continue
        lenient = wanted.text.lower() in _AMBIGUOUS_NUMBERS
        alike = [(number, each) for number, each in theirs if wanted.agrees(number)]
        other = None if _RANGE_START.search(text[: wanted.start]) else _other_count(wanted, alike, theirs)
        if other:
            yield f"the source says {other.text} {_noun(text, wanted)}, not {wanted.text}"
        elif not alike:
            lenient = lenient or (not strict and _may_be_counted(wanted))
            problem = "" if lenient or _is_publication_date(wanted, scope) else _absent(wanted, scope)
            if problem:
                yield problem
        elif not any(wanted.same_unit(number) for number, _ in alike):
            half, their_half = _HALVES.get(wanted.unit), _HALVES.get(alike[0][0].unit)
            yield (
                f"the source says {alike[0][0].text} {their_half}, not {half}"
                if half and their_half
                else f"the number {wanted.text} is of something else in the source: {_shown(*alike[0])}"
            )


def _is_share(one: Quantity, other: Quantity) -> bool:
    return other.unit == "%" and one.agrees(other)


def _may_be_counted(wanted: Quantity) -> bool:
    """Tell whether a number in words may count what a source lists: "two men"."""
    return wanted.text.isalpha() and not wanted.unit and wanted.value <= _MAX_COUNTED


def _absent(wanted: Quantity, scope: EvidenceScope) -> str:
    """Return the problem of a number that the evidence lacks; empty for a date of the surrounding passage."""
    near = [number for each in scope.passage_texts for number in cached_quantities(each) if wanted.agrees(number)]
    if any(wanted.same_unit(number) for number in near) and wanted.kind in {"year", "day"}:
        return ""  # a date at the beginning of a passage applies to all of it
    if any(wanted.agrees(number) for each in scope.all_texts for number in cached_quantities(each)):
        return f"the source has the number {wanted.text}, but of something else"
    return f"the number {wanted.text} is not in the source"


def _other_count(
    wanted: Quantity, alike: Sequence[tuple[Quantity, Sentence]], theirs: Sequence[tuple[Quantity, Sentence]]
) -> Quantity | None:
    """Return the source's number for the noun that a claim's number counts, where the two differ."""
    if not wanted.noun or wanted.kind == "year":
        return None
    if any(number.noun == wanted.noun or _near(number, wanted.noun, each) for number, each in alike):
        return None
    for number, _ in theirs:
        same = number.noun == wanted.noun and number.kind == wanted.kind and number.unit == wanted.unit
        if same and not wanted.agrees(number):
            return number
    return None


def _near(number: Quantity, noun: str, sentence: Sentence) -> bool:
    words = sentence.words
    at = next((place for place, word in enumerate(words) if word.end > number.start), len(words))
    return any(word.term == noun for word in words[max(0, at - _NEAR_WORDS) : at + _NEAR_WORDS + 2])


def _is_publication_date(wanted: Quantity, scope: EvidenceScope) -> bool:
    """Tell whether a number is the year or the day of the month of an article's publication."""
    return any(
        (wanted.kind == "year" and day[:4] == f"{wanted.value:.0f}")
        or (wanted.kind == "day" and day[8:10] == f"{wanted.value:02.0f}")
        for day in scope.published
    )


def _noun(text: str, wanted: Quantity) -> str:
    rest = text[wanted.end :].lstrip(" -\u00a0").split()
    return rest[0].strip(".,;:!?") if rest else ""


def _shown(number: Quantity, sentence: Sentence) -> str:
    return " ".join([number.text, *sentence.text[number.end :].split()[:2]]).rstrip(".,;:")


def wrong_dates(text: str, scope: EvidenceScope) -> Iterator[str]:
    """Yield the problems of a claim's months and weekdays."""
    for names_of_days in (frozenset(MONTHS), frozenset(WEEKDAYS)):
        carrying = {day for each in scope.sentences for day in _days(each.text, names_of_days)}
        around = {day for each in scope.passage_texts for day in _days(each, names_of_days)}
        published = {MONTHS[int(day[5:7]) - 1] for day in scope.published if day[5:7].isdigit()} & names_of_days
        for day in _days(text, names_of_days):
            if day in carrying or (not carrying and day in around | published):
                continue
            if day.title() in {"May", "March"} and text.startswith(day.title()):
                continue  # the verb, at the beginning of a sentence
            yield f"“{day.title()}” is not in the source"


def wrong_days(text: str, scope: EvidenceScope) -> Iterator[str]:
    """Yield the problem of an event dated by the day of its article, where the best evidence gives another day.

    By the article's day is only when it was told: "signed on May 20, 2024", where an article of that day says "on
    Sunday" and means the day before.
    """
    published = {day for each in scope.published if (day := date_of(each)) is not None}
    if len(published) != 1 or not scope.sentences:
        return
    anchor = next(iter(published))
    source = scope.sentences[0].text
    theirs = [
        each
        for each in time_expressions(source, anchor)
        if _is_one_day(each) and CERTAIN.isdisjoint(source[: each.start].lower().split()[-_NEAR_WORDS:])
    ]
    if not theirs or any(each.interval == one_day(anchor) for each in theirs):
        return
    for ours in time_expressions(text, anchor):
        if not _is_one_day(ours) or ours.interval != one_day(anchor) or _TOLD.search(text[: ours.start]):
            continue
        if any(source[each.start : each.end].lower() in text.lower() for each in theirs):
            continue
        yield f"the source says “{source[theirs[0].start : theirs[0].end]}”, not “{text[ours.start : ours.end]}”"


_TOLD = LazyPattern(
    r"\b(?:as of|as at|dated|published|reported|according to|article|report|story|said|says|told)\b[^,.;]{0,30}$",
    re.IGNORECASE,
)
"""What dates the telling, not the event."""


def _is_one_day(each: TimeExpression) -> bool:
    return each.relation is TimeRelation.IN and each.interval is not None and each.interval.days == 1


@lru_cache(maxsize=20_000)
def _days(text: str, wanted: frozenset[str]) -> tuple[str, ...]:
    found = (text[word.start : word.end] for word in read_words(text) if word.date)
    return tuple(word.lower() for word in found if word.lower() in wanted)


def wrong_names(text: str, scope: EvidenceScope) -> Iterator[str]:
    """Yield a problem for each name of a claim that its articles do not contain."""
    label = _LABEL.match(text)
    for name in names(text):
        is_label = label and name.end <= label.end() and prior_frequencies().keys() >= set(name.terms)
        if not is_label and not scope.names.contains(name):
            yield f"the name “{name.text}” is not in the source"
