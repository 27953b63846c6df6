"""Time remarks: the day that "Friday" was, and that a sentence tells of another year than its article."""

from __future__ import annotations

import datetime as dt

from bot.answering.question import ParsedQuestion
from bot.answering.reader import ScoredSentence
from bot.answering.requirements import Requirement, RequirementKind
from bot.answering.time_constraint import names_event
from retrieval.text.date_intervals import date_of
from retrieval.text.date_labels import date_label
from retrieval.text.time_expressions import time_expressions
from retrieval.text.time_resolution import TimeSpecification

MIN_YEARS_BACK = 2
"""Years before its article from which on a sentence may tell of another event than the one asked about."""
MAX_LEADING_CHARACTERS = 4
"""Characters before the date that a text begins with: "In 1999, …"."""
MAX_RESOLVED = 2
"""Times of a sentence whose dates are given."""


def time_remarks(question: ParsedQuestion, requirement: Requirement, shown: ScoredSentence) -> tuple[str, ...]:
    """Return the dates of relative times, where a time is asked for, and the year of what is counted otherwise."""
    published = date_of(shown.hit.article.published)
    if published is None:
        return ()
    text = shown.hit.passage.text_of(shown.span)
    if requirement.kind is RequirementKind.TIME:
        return _resolved(text, published)
    if requirement.kind is RequirementKind.NUMBER and not time_expressions(question.text, published):
        year = _earlier_year(text, published)
        return (f"It tells of {year}; its article is of {published.isoformat()}.",) if year else ()
    return ()


def _resolved(text: str, published: dt.date) -> tuple[str, ...]:
    """Return "Friday" and "last month" with their dates: "By the article's date, “Friday” is 2019-08-23."."""
    found = [
        f"“{text[each.start : each.end]}” is {date_label(each.interval)}"
        for each in time_expressions(text, published)
        if each.interval is not None and each.specification is not TimeSpecification.EXPLICIT
    ]
    distinct = list(dict.fromkeys(found))[:MAX_RESOLVED]
    return (f"By the article's date, {' and '.join(distinct)}.",) if distinct else ()


def _earlier_year(text: str, published: dt.date) -> int:
    """Return the year that a text begins with, where it is earlier than its article's; 0 otherwise."""
    told = next((each for each in time_expressions(text, published) if not names_event(text, each)), None)
    if told is None or told.interval is None or told.start > MAX_LEADING_CHARACTERS:
        return 0
    year = told.interval.last.year
    return year if published.year - year >= MIN_YEARS_BACK else 0
