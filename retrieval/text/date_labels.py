"""Labels of date intervals at their granularity: "2017-10-04", "2017-10", "late 2017-01", "summer 2017", "1990s"."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import lru_cache

from retrieval.text.date_intervals import (
    SEASONS,
    DateInterval,
    month_of,
    months_from,
    season_of,
    shifted,
    week_of,
    year_of,
)

_PARTS = ("early", "mid", "late")
_SHORTEST = 28
"""Days of the shortest unit whose parts have names."""


@lru_cache(maxsize=2048)
def date_label(interval: DateInterval) -> str:
    """Return an interval in words: a calendar unit or a part of one where it is that, else its first and last day."""
    if interval.days == 1:
        return interval.first.isoformat()
    for unit, label in _units(interval.first):
        if unit == interval:
            return label
    for unit, label in _units_around(interval):
        if unit.days >= _SHORTEST:
            for part in _PARTS:
                if unit.part(part) == interval:
                    return f"{part} {label}"
    return _run(interval)


def _run(interval: DateInterval) -> str:
    """Return an interval that is no one unit: whole years, whole months, or days."""
    first, last = interval.first, interval.last
    if first == year_of(first.year).first and last == year_of(last.year).last:
        return f"{first.year:04} to {last.year:04}"
    if first == month_of(first.year, first.month).first and last == month_of(last.year, last.month).last:
        return f"{first:%Y-%m} to {last:%Y-%m}"
    if interval.days == 7:  # "two weeks ago"; "the week of Nov. 5", a Sunday
        return f"week of {first.isoformat()}" if first.weekday() == 6 else f"about {shifted(first, days=3).isoformat()}"
    return f"{first.isoformat()} to {last.isoformat()}"


def _units(day: dt.date) -> Iterator[tuple[DateInterval, str]]:
    """Yield the calendar units that may begin on a day, each with its label."""
    yield month_of(day.year, day.month), f"{day:%Y-%m}"
    yield year_of(day.year), f"{day.year:04}"
    week = week_of(day)
    yield week, f"week of {week.first.isoformat()}"
    yield DateInterval(shifted(week.last, days=-1), week.last), f"weekend of {shifted(week.last, days=-1).isoformat()}"
    for name in ("spring", "summer", "fall", "winter"):
        for year in {day.year, day.year + (name == "winter")}:
            before = f"{year - 1:04}–{year % 100:02}" if name == "winter" else f"{year:04}"
            yield season_of(year, name), f"{name} {before}"
    for quarter in range(4):
        yield months_from(day.year, 1 + 3 * quarter, 3), f"{day.year:04} Q{quarter + 1}"
    for half, word in enumerate(("first", "second")):
        yield months_from(day.year, 1 + 6 * half, 6), f"{word} half of {day.year:04}"
    decade = day.year - day.year % 10
    if decade:
        yield year_of(decade, 10), f"{decade:04}s"
    if day.year % 100 == 0 and day.year:
        yield year_of(day.year, 100), f"{day.year:04}s"
    yield year_of(day.year, 100), f"{_ordinal(day.year // 100 + 1)} century"


def _units_around(interval: DateInterval) -> Iterator[tuple[DateInterval, str]]:
    """Yield the units that an interval may be a part of, those that begin no later."""
    year = interval.first.year
    yield month_of(year, interval.first.month), f"{interval.first:%Y-%m}"
    for day in (interval.first, *(dt.date(year, month, 1) for month in SEASONS.values())):
        yield from _units(day)
    for century in (year - (year - 1) % 100, year - year % 100 or 1):
        yield year_of(century, 100), f"{_ordinal(century // 100 + 1)} century"


def _ordinal(number: int) -> str:
    ending = "th" if number % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
