"""Time constraints: the dates of a question, and how the dates of an article and of a sentence fit them.

A question's date is understood, not searched as words: an article says "on Tuesday", or nothing, where a question says
"on April 9". Its relative dates are read against today; where no article is of that time ("last month" of an archive),
against the day each article was published.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from retrieval.articles import Hit, Passage, Span
from retrieval.text.date_intervals import DateInterval, date_of, one_day
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.time_expressions import TimeExpression, TimeRelation, time_expressions, without_times
from retrieval.text.time_resolution import TimeSpecification

MAX_STALENESS = 7
"""Days by which the newest article may be older than today: of an older archive, its newest article's day is today."""
REPORT_DELAY = 3
"""Days after an event in which an article reports it as news, without its date."""
RETROSPECT = 60
"""Days after an event, or as long after a time as it lasted, in which an article still tells of it without its date."""
SAME_GRAIN = 400
"""Days up to which an interval dates an event; a longer one ("the 1990s") is background, unless one is asked for."""
ANOTHER_TIME = -0.6
"""Fit from which on down a sentence is of another time, and may answer at most."""

_DAY_OF_MONTH = LazyPattern(r"[^\W\d_]\.?\s+\d{1,2}|\d{1,2}(?:st|nd|rd|th)?\s+(?:of\s+)?[^\W\d_]")
_IN_YEAR = LazyPattern(
    r"\b(?:in|of|during|for|since|until|till|by|before|after|from|between|to|through|and|or|than|versus|year|as of)"
    r"\s+$",
    re.IGNORECASE,
)
_NAME_OF = LazyPattern(r"\w\s+[A-Z][\w'’-]+\s+of\s+$")
_MAX_LEAD = 40
"""Characters before a year that are looked at."""
_MAX_LEADING = 4
"""Characters before the date that a sentence begins with: "In 2009, …"."""
_OR = LazyPattern(
    r"\s*(?:,|,?\s(?:and|or|to|through|than|from|versus|vs\.?|compared (?:with|to))\b)\s*(?:(?:in|on|of|during)\s+)?",
    re.IGNORECASE,
)
"""What joins two dates of which a sentence need have one."""
_NEWEST = LazyPattern(
    r"\b(?:latest|most recent(?:ly)?|newest|current(?:ly)?|now|as of|recent(?:ly)?|so far|to date|at present)\b",
    re.IGNORECASE,
)


class DateRange(Protocol):
    """The first and last published day of a library: ``retrieval.store.library.Library``."""

    def date_range(self) -> tuple[str, str]:
        """Return the first and last published day, ISO; empty strings without one."""
        ...


class Located(Protocol):
    """A sentence of a hit: ``bot.answering.reader.ScoredSentence``."""

    @property
    def hit(self) -> Hit:
        """Where it was found."""
        ...

    @property
    def span(self) -> Span:
        """Its characters in the article."""
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
        asked: The intervals that it asks for, alternatives together ("in 2016 or 2017"), read against the day it was
            asked; beside a date that states its year, only such.
        stated: Whether all of them state their year.
        newest: Whether it asks for the newest: "latest", "now", "as of".
        yearless: Whether its dates are of no stated year, and none a distance from today: "April 1".
    """

    question: str
    core: str
    dates: tuple[str, ...]
    asked: tuple[tuple[DateInterval, ...], ...]
    stated: bool
    newest: bool
    yearless: bool

    def read_at(self, published: str) -> tuple[tuple[DateInterval, ...], ...]:
        """Return the intervals that it asks for as an article of that day would mean them."""
        anchor = date_of(published)
        return self.asked if self.stated or anchor is None else time_constraint(self.question, anchor).asked


@lru_cache(maxsize=256)
def time_constraint(question: str, anchor: dt.date) -> TimeConstraint:  # of one question, five times
    """Return the dates of a question asked on a day; ``asked`` is empty for a question without any."""
    found = [
        each
        for each in time_expressions(question, anchor)
        if each.interval is not None and not names_event(question, each)
    ]
    explicit = [each for each in found if each.specification is TimeSpecification.EXPLICIT]
    # In "how many had fled the week before in April 2014" the week is one of that time, not of today's.
    asked = explicit if any(each.relation is TimeRelation.IN for each in explicit) else found
    return TimeConstraint(
        question=question,
        core=without_times(question, found),
        dates=tuple(question[each.start : each.end] for each in found),
        asked=_alternatives(question, asked),
        stated=len(explicit) == len(asked),
        newest=asks_for_newest(question),
        yearless=bool(asked)
        and all(
            each.specification is TimeSpecification.UNDERSPECIFIED
            and _DAY_OF_MONTH.search(question[each.start : each.end])
            for each in asked
        ),
    )


def asks_for_newest(question: str) -> bool:
    """Return whether a question asks for how things are now: "latest", "currently", "so far"."""
    return _NEWEST.search(question) is not None


def names_event(text: str, found: TimeExpression) -> bool:
    """Tell whether a year is a part of a name, and so a word like others: "the 2024 race", "the Rent Act of 1978"."""
    if found.specification is not TimeSpecification.EXPLICIT or not text[found.start : found.end].isdigit():
        return False
    before = text[max(0, found.start - _MAX_LEAD) : found.start]
    return not _IN_YEAR.search(before) or bool(_NAME_OF.search(before))


def _alternatives(question: str, found: Sequence[TimeExpression]) -> tuple[tuple[DateInterval, ...], ...]:
    """Return the intervals of expressions, those joined by a conjunction together: "in 2016 and in 2017"."""
    groups: list[tuple[DateInterval, ...]] = []
    end = -1
    for each in found:
        if each.constraint is None:
            continue
        if groups and _OR.fullmatch(question, end, each.start):
            groups[-1] = (*groups[-1], each.constraint)
        else:
            groups.append((each.constraint,))
        end = each.end
    return tuple(groups)


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


class TimeFit:
    """How the dates of articles and sentences fit those of a question, among the hits found for it.

    Args:
        constraint: The dates of the question.
        hits: What was found.
    """

    def __init__(self, constraint: TimeConstraint, hits: Iterable[Hit]) -> None:
        self._constraint = constraint
        self._every = tuple(itertools.chain.from_iterable(constraint.asked))
        self.in_time = constraint.stated or any(self.of_article(hit) > 0 for hit in hits)
        """Whether the dates are read against the day of the question; else as each article would mean them."""

    def of_article(self, hit: Hit) -> float:
        """Return how well the day of an article fits, in [-1, 1] (``published_fit``)."""
        return published_fit(self._every, hit.article.published)

    def of_sentence(self, hit: Hit, span: Span) -> float:
        """Return how well the dates of a sentence, the one before it and its article fit, in [-1, 1].

        From ``ANOTHER_TIME`` on down it is of another time, or undated. Of several dates the worst
        counts, of alternatives the best.
        """
        published = hit.article.published
        asked = self._constraint.asked if self.in_time else self._constraint.read_at(published)
        fit = min((sentence_fit(each, hit, span) for each in asked), default=0.0)
        if self._constraint.yearless and published and fit <= ANOTHER_TIME:
            literal = all(_is_named(each, hit, span) for each in asked)
            fit = 0.0 if literal else fit  # it holds "April 1" itself, of whichever year
        return fit if self.in_time or published else max(0.0, fit)  # nobody knows its "today"

    def is_timely(self, candidate: Located) -> bool:
        """Return whether a sentence is of the time asked for."""
        return self.of_sentence(candidate.hit, candidate.span) > ANOTHER_TIME

    def any_sentence(self, hit: Hit) -> bool:
        """Return whether any sentence of a hit is of the time asked for."""
        return any(self.of_sentence(hit, span) > ANOTHER_TIME for span in hit.passage.sentences)


def sentence_fit(asked: Sequence[DateInterval], hit: Hit, span: Span) -> float:
    """Return how well the dates of a sentence, the one before it and its article fit any of ``asked``, in [-1, 1]."""
    grain = max(SAME_GRAIN, *(interval.days for interval in asked))
    dates = dates_around(hit.passage, span, date_of(hit.article.published), grain)
    report = published_fit(asked, hit.article.published)
    fine = max(31, *(interval.days for interval in asked))  # "2011" dates no event of February
    if _any_fits(asked, [each for each in (*dates.own, *dates.naming) if each.days <= fine]):
        return 1.0
    if dates.own and not _any_fits(asked, dates.own):
        return -0.3 if report > 0 and not dates.leading else -0.7
    # A sentence without a date tells of the days before its article; the one before it may give the date of both.
    if report > 0 or _any_fits(asked, [each for each in dates.before if each.days <= fine]):
        return 0.8
    if report:
        return min(-0.65, 0.7 * report)
    return 0.0 if _any_fits(asked, (*dates.before, *dates.elsewhere)) else ANOTHER_TIME


def _is_named(asked: Sequence[DateInterval], hit: Hit, span: Span) -> bool:
    """Tell whether a sentence names one of the days, of any year and in any relation to it: "starting April 1"."""
    start = hit.passage.span.start
    days = {(each.first.month, each.first.day) for each in asked}
    return any(
        (each.interval.first.month, each.interval.first.day) in days
        for each in passage_times(hit.passage, date_of(hit.article.published))
        if each.interval is not None
        and each.interval.days == 1
        and Span(each.start + start, each.end + start).overlaps(span)
    )


def _any_fits(asked: Sequence[DateInterval], told: Iterable[DateInterval]) -> bool:
    return any(each.overlaps(interval) for each in told for interval in asked)


@dataclass(frozen=True, slots=True)
class SentenceDates:
    """The intervals that date a sentence.

    Attributes:
        own: Those it says something happened in.
        naming: Years that are a part of a name in it: "the 2011 killing".
        before: Those of the sentence before it.
        elsewhere: Those of the rest of its passage.
        leading: Whether it begins with one: "In 2009, …".
    """

    own: tuple[DateInterval, ...]
    naming: tuple[DateInterval, ...]
    before: tuple[DateInterval, ...]
    elsewhere: tuple[DateInterval, ...]
    leading: bool


def dates_around(passage: Passage, span: Span, published: dt.date | None, grain: int) -> SentenceDates:
    """Return the intervals of at most ``grain`` days that a sentence and its passage name; "since 2011" has no end."""
    own: list[DateInterval] = []
    naming: list[DateInterval] = []
    before: list[DateInterval] = []
    elsewhere: list[DateInterval] = []
    leading = False
    places = [number for number, each in enumerate(passage.sentences) if each.overlaps(span)]
    previous = passage.sentences[places[0] - 1] if places and places[0] else None
    for each in passage_times(passage, published):
        told = each.constraint
        if told is None or told.days > grain:
            continue
        place = Span(each.start + passage.span.start, each.end + passage.span.start)
        named = names_event(passage.text, each)
        if place.overlaps(span):
            (naming if named else own).append(told)
            leading = leading or (not named and place.start - span.start <= _MAX_LEADING)
        elif previous is not None and not named and place.overlaps(previous):
            before.append(told)
        else:
            elsewhere.append(told)
    return SentenceDates(tuple(own), tuple(naming), tuple(before), tuple(elsewhere), leading)


@lru_cache(maxsize=2048)
def passage_times(passage: Passage, published: dt.date | None) -> tuple[TimeExpression, ...]:
    """Return the time expressions of a passage of an article of that day; their places count from its start."""
    return time_expressions(passage.text, published)
