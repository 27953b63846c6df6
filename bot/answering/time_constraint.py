"""Time constraints: the dates of a question, and how the dates of an article and of a sentence fit them.

A question's date is understood, not searched as words: an article says "on Tuesday", or nothing, where a question says
"on April 9". Its relative dates are read against today; where no article is of that time ("last month" of an archive),
against the day each article was published.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from retrieval.articles import Hit, Passage, Span
from retrieval.text.date_intervals import DateInterval, date_of, one_day
from retrieval.text.time_expressions import TimeExpression, time_expressions, without_times
from retrieval.text.time_resolution import TimeSpecification

MAX_STALENESS = 7
"""Days by which the newest article may be older than today: of an older archive, its newest article's day is today."""
REPORT_DELAY = 3
"""Days after an event in which an article reports it as news, without its date."""
RETROSPECT = 60
"""Days after an event, or as long after a time as it lasted, in which an article still tells of it without its date."""
SAME_GRAIN = 400
"""Days up to which an interval dates an event; a longer one ("the 1990s") is background."""

_IN_YEAR = re.compile(
    r"\b(?:in|of|during|for|since|until|till|by|before|after|from|between|to|through|and|year|as of)\s+$", re.IGNORECASE
)
_NEWEST = re.compile(
    r"\b(?:latest|most recent(?:ly)?|newest|current(?:ly)?|now|as of|recent(?:ly)?|so far|to date|at present)\b",
    re.IGNORECASE,
)


class DateRange(Protocol):
    """The first and last published day of a library: ``retrieval.store.library.Library``."""

    def date_range(self) -> tuple[str, str]:
        """Return the first and last published day, ISO; empty strings without one."""
        ...


class QuestionClock:
    """The day against which questions are read.

    Args:
        articles: The library.
        today: Returns today's date.
    """

    def __init__(self, articles: DateRange, today: Callable[[], dt.date]) -> None:
        self._articles = articles
        self._today = today

    def anchor(self) -> dt.date:
        """Return today, or the newest article's day where that is more than ``MAX_STALENESS`` days ago."""
        today = self._today()
        newest = date_of(self._articles.date_range()[1])
        return newest if newest and (today - newest).days > MAX_STALENESS else today


@dataclass(frozen=True, slots=True)
class TimeConstraint:
    """The dates of a question.

    Attributes:
        question: The question as it was asked.
        core: The question without its dates, for search and for the reader.
        dates: The words of its dates.
        asked: The intervals that it asks for, read against the day it was asked.
        stated: Whether all of them state their year.
        newest: Whether it asks for the newest: "latest", "now", "as of".
    """

    question: str
    core: str
    dates: tuple[str, ...]
    asked: tuple[DateInterval, ...]
    stated: bool
    newest: bool

    def read_at(self, published: str) -> tuple[DateInterval, ...]:
        """Return the intervals that it asks for as an article of that day would mean them."""
        anchor = date_of(published)
        return self.asked if self.stated or anchor is None else time_constraint(self.question, anchor).asked


def time_constraint(question: str, anchor: dt.date) -> TimeConstraint:
    """Return the dates of a question asked on a day; ``asked`` is empty for a question without any."""
    found = [
        each
        for each in time_expressions(question, anchor)
        if each.interval is not None and not _names_event(question, each)
    ]
    return TimeConstraint(
        question=question,
        core=without_times(question, found),
        dates=tuple(question[each.start : each.end] for each in found),
        asked=_constraints(found),
        stated=all(each.specification is TimeSpecification.EXPLICIT for each in found),
        newest=bool(_NEWEST.search(question)),
    )


def _names_event(question: str, found: TimeExpression) -> bool:
    """Tell whether a year is a part of a name, and so a word like others: "the 2024 race", "the 2019 World Cup"."""
    year = found.specification is TimeSpecification.EXPLICIT and question[found.start : found.end].isdigit()
    return year and not _IN_YEAR.search(question[: found.start])


def _constraints(found: Sequence[TimeExpression]) -> tuple[DateInterval, ...]:
    return tuple(each.constraint for each in found if each.constraint is not None)


def published_fit(asked: Sequence[DateInterval], published: str) -> float:
    """Return how well the day of an article fits, in [-1, 1].

    It is 1 for news of that time, -1 before it or long after, 0 undated.
    """
    day = date_of(published)
    if day is None or not asked:
        return 0.0
    if any(interval.widened(REPORT_DELAY).overlaps(one_day(day)) for interval in asked):
        return 1.0
    late = min((day - interval.last).days - max(RETROSPECT, interval.days) for interval in asked)
    return -0.2 if late <= 0 and not all(day < interval.first for interval in asked) else -1.0


def sentence_fit(asked: Sequence[DateInterval], hit: Hit, span: Span) -> float:
    """Return how well the dates of a sentence, its neighbours and its article fit, in [-1, 1]; 0 without any."""
    own, near = dates_around(hit.passage, span, date_of(hit.article.published))
    report = published_fit(asked, hit.article.published)
    if any(_fits(asked, each) for each in own):
        return 1.0
    if own:
        return -0.3 if report > 0 else -0.7
    return 0.8 if report > 0 or any(_fits(asked, each) for each in near) else 0.7 * report


def _fits(asked: Sequence[DateInterval], told: DateInterval) -> bool:
    return told.days <= SAME_GRAIN and any(told.overlaps(interval) for interval in asked)


def dates_around(
    passage: Passage, span: Span, published: dt.date | None
) -> tuple[list[DateInterval], list[DateInterval]]:
    """Return the intervals that a sentence names, and those that its neighbours name."""
    own, near = [], []
    places = [number for number, each in enumerate(passage.sentences) if each.overlaps(span)]
    around = passage.sentences[max(0, places[0] - 1) : places[-1] + 2] if places else ()
    for each in _resolved(passage, published):
        if each.interval is None or each.interval.days > SAME_GRAIN:
            continue
        place = Span(each.start + passage.span.start, each.end + passage.span.start)
        if place.overlaps(span):
            own.append(each.interval)
        elif any(place.overlaps(sentence) for sentence in around):
            near.append(each.interval)
    return own, near


@lru_cache(maxsize=512)
def _resolved(passage: Passage, published: dt.date | None) -> tuple[TimeExpression, ...]:
    return time_expressions(passage.text, published)
