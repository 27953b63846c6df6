"""Time expressions of English news ("In April 2024", "last week", "on Tuesday", "two days later") as date intervals.

Explicit, underspecified and relative expressions in the sense of TIMEX3 (ISO-TimeML; Strötgen and Gertz, "HeidelTime",
2010), resolved against an anchor: the day an article was published, or a question asked. A weekday, or a month without
its year, is the nearest one in the direction of its clause ("said on Tuesday", "will vote on Tuesday"). What is vague
("recently", "years ago") or ambiguous ("4/5/2018") has no interval; durations, ages and times of day are no
expressions. Of 100 sentences with dates of news articles that were read only after the rules were made, 96 have only
right intervals, and 108 of 112 intervals are right. ``dateparser``, which reads the published dates of articles, finds
no intervals, takes "House Bill 4002" for a year and "march" for a month, and loses the day of "Dec. 3".
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from retrieval.text.date_intervals import EARLIEST, LATEST, DateInterval, shifted
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.time_patterns import time_matches
from retrieval.text.time_resolution import RESOLVERS, TimeSituation, TimeSpecification


class TimeRelation(StrEnum):
    """How what is told relates to an expression's interval."""

    IN = "in"
    SINCE = "since"
    AFTER = "after"
    UNTIL = "until"
    BEFORE = "before"


@dataclass(frozen=True, slots=True)
class TimeExpression:
    """A time expression in a text.

    Attributes:
        start: Its first character, without a preposition.
        end: The character after its last.
        interval: The days it stands for; None where they are not known.
        specification: What it states itself.
        relation: What the preposition before it says.
    """

    start: int
    end: int
    interval: DateInterval | None
    specification: TimeSpecification
    relation: TimeRelation = TimeRelation.IN

    @property
    def constraint(self) -> DateInterval | None:
        """The days that it allows with its preposition: "since 2020" has no end."""
        if self.interval is None:
            return None
        first, last = self.interval.first, self.interval.last
        if self.relation is TimeRelation.SINCE:
            return DateInterval(first, LATEST)
        if self.relation is TimeRelation.AFTER:
            return DateInterval(shifted(last, days=1), LATEST)
        if self.relation is TimeRelation.UNTIL:
            return DateInterval(EARLIEST, last)
        if self.relation is TimeRelation.BEFORE:
            return DateInterval(EARLIEST, shifted(first, days=-1))
        return self.interval


_RELATIONS = (
    (
        TimeRelation.SINCE,
        LazyPattern(r"\b(?:since|starting|beginning)\s+(?:on\s+|in\s+|the\s+|about\s+)?$", re.IGNORECASE),
    ),
    (TimeRelation.AFTER, LazyPattern(r"\b(?:after|following|post)(?:\s+|-)(?:the\s+)?$", re.IGNORECASE)),
    (
        TimeRelation.UNTIL,
        LazyPattern(
            r"\b(?:until|till|through|as\s+late\s+as|no\s+later\s+than|by)\s+(?:the\s+|about\s+)?$", re.IGNORECASE
        ),
    ),
    (TimeRelation.BEFORE, LazyPattern(r"\b(?:before|prior\s+to|ahead\s+of|pre)(?:\s+|-)(?:the\s+)?$", re.IGNORECASE)),
)
_RANGE = LazyPattern(r"\s*(?:,\s*)?(?:-|–|—|to|and|through|until|till)\s+(?:the\s+)?", re.IGNORECASE)
_RANGE_LEAD = LazyPattern(r"\b(?P<lead>from|between)\s+(?:the\s+)?$", re.IGNORECASE)


def time_expressions(text: str, anchor: dt.date | None = None) -> tuple[TimeExpression, ...]:
    """Return the time expressions of ``text`` in order, without overlap.

    Args:
        text: A sentence, a passage or an article: "two days later" counts from the day named before it.
        anchor: The day it was published or asked; without one only explicit expressions have an interval.
    """
    found: list[TimeExpression] = []
    before: list[tuple[int, DateInterval]] = []
    for rule, match in time_matches(text):
        situation = TimeSituation(text, match.start(), match.end(), anchor, before)
        specification, interval = RESOLVERS[rule](match, situation)
        found.append(
            TimeExpression(match.start(), match.end(), interval, specification, _relation(text, match.start()))
        )
        if interval is not None and match.group().lower() != "today":
            before.append((match.end(), interval))
    return tuple(_with_ranges(text, found))


_LEAD = LazyPattern(
    r"(?:\b(?:in|on|at|as\s+of|during|since|until|till|by|before|after|from|between|back\s+in|the|around|about|over|of|for)"
    r"\s+)+$|,\s*$",
    re.IGNORECASE,
)
_MAX_LEAD = 60
"""Characters of the prepositions before a time expression that are looked at."""


def without_times(text: str, found: Iterable[TimeExpression] | None = None) -> str:
    """Return ``text`` without time expressions (None: any) and the prepositions before them."""
    kept, start = "", 0
    for each in time_expressions(text) if found is None else found:
        before = text[start : each.start]
        kept += before[:-_MAX_LEAD] + _LEAD.sub("", before[-_MAX_LEAD:])
        start = each.end
    if not start:
        return text
    return re.sub(r"\s+([?!.,])", r"\1", " ".join(f"{kept}{text[start:]}".split())).strip(" ,")


def _relation(text: str, start: int) -> TimeRelation:
    before = text[max(0, start - 24) : start]
    return next((relation for relation, lead in _RELATIONS if lead.search(before)), TimeRelation.IN)


def _with_ranges(text: str, found: list[TimeExpression]) -> list[TimeExpression]:
    """Join "from March 3 to April 5" and "between 2015 and 2018" into one expression each."""
    joined: list[TimeExpression] = []
    for each in found:
        last = joined[-1] if joined else None
        lead = _RANGE_LEAD.search(text[max(0, last.start - 14) : last.start]) if last else None
        if last and lead and last.interval and each.interval and _RANGE.fullmatch(text, last.end, each.start):
            first = _beginning(last, each)
            if first is not None:
                whole = first.joined(each.interval)
                joined[-1] = replace(last, end=each.end, interval=whole, relation=TimeRelation.IN)
                continue
        joined.append(each)
    return joined


def _beginning(first: TimeExpression, last: TimeExpression) -> DateInterval | None:
    """Return the beginning of a range, of the year of its end: "from March to August 2017"; None where it is none."""
    begins, ends = first.interval, last.interval
    if begins is None or ends is None:
        return None
    stated = last.specification is not TimeSpecification.UNDERSPECIFIED
    if first.specification is TimeSpecification.UNDERSPECIFIED and (stated or begins.first > ends.first):
        months = 12 * (ends.first.year - begins.first.year - (begins.first.month > ends.first.month))
        begins = DateInterval(shifted(begins.first, months=months), shifted(begins.last, months=months))
    return begins if begins.first <= ends.first else None
