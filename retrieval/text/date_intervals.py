"""Intervals of days: calendar units (weeks, months, seasons, years) and arithmetic with them."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

EARLIEST, LATEST = dt.date.min, dt.date.max
"""Ends of an interval that is open at that side."""

SEASONS = {"spring": 3, "summer": 6, "fall": 9, "autumn": 9, "winter": 12}
"""First month of each meteorological season of the northern hemisphere."""


@dataclass(frozen=True, slots=True, order=True)
class DateInterval:
    """The days from ``first`` to ``last``, both included."""

    first: dt.date
    last: dt.date

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise ValueError(f"not an interval: {self.first} to {self.last}")

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    def overlaps(self, other: DateInterval) -> bool:
        """Return whether the two share a day."""
        return self.first <= other.last and other.first <= self.last

    def covers(self, other: DateInterval) -> bool:
        """Return whether every day of ``other`` is in this interval."""
        return self.first <= other.first and other.last <= self.last

    def joined(self, other: DateInterval) -> DateInterval:
        """Return the shortest interval that covers both."""
        return DateInterval(min(self.first, other.first), max(self.last, other.last))

    def widened(self, days: int) -> DateInterval:
        """Return the interval with ``days`` more at each end."""
        return DateInterval(shifted(self.first, days=-days), shifted(self.last, days=days))

    def part(self, which: str) -> DateInterval:
        """Return its "early", "mid" or "late" third."""
        third = max(1, self.days // 3)
        first = {"early": 0, "mid": third, "late": min(2 * third, self.days - 1)}[which]
        last = {"early": third, "mid": min(2 * third, self.days), "late": self.days}[which] - 1
        return DateInterval(self.first + dt.timedelta(first), self.first + dt.timedelta(max(first, last)))


def shifted(day: dt.date, *, days: int = 0, months: int = 0) -> dt.date:
    """Return ``day`` moved by months, then by days; at most ``EARLIEST`` or ``LATEST``."""
    number = day.year * 12 + day.month - 1 + months
    if not 12 <= number < 12 * (dt.MAXYEAR + 1):
        return EARLIEST if months < 0 else LATEST
    year, month = divmod(number, 12)
    moved = dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
    ordinal = moved.toordinal() + days
    return dt.date.fromordinal(min(max(ordinal, EARLIEST.toordinal()), LATEST.toordinal()))


def one_day(day: dt.date) -> DateInterval:
    """Return the interval of one day."""
    return DateInterval(day, day)


def week_of(day: dt.date) -> DateInterval:
    """Return the week of ``day``, Monday to Sunday (ISO 8601)."""
    monday = shifted(day, days=-day.weekday())
    return DateInterval(monday, shifted(monday, days=6))


def month_of(year: int, month: int) -> DateInterval:
    """Return a month of a year."""
    return DateInterval(dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1]))


def months_from(year: int, month: int, count: int) -> DateInterval:
    """Return ``count`` months from a month on."""
    first = dt.date(year, month, 1)
    return DateInterval(first, shifted(first, months=count, days=-1))


def year_of(year: int, count: int = 1) -> DateInterval:
    """Return ``count`` years from a year on."""
    return DateInterval(dt.date(year, 1, 1), dt.date(min(year + count - 1, dt.MAXYEAR), 12, 31))


def season_of(year: int, name: str) -> DateInterval:
    """Return a season; the winter of a year ends in it."""
    return months_from(year - (name == "winter"), SEASONS[name], 3)


def date_of(published: str) -> dt.date | None:
    """Return the day of an article's ``published`` (ISO 8601 date or date and time); None without one."""
    try:
        return dt.date.fromisoformat(published[:10])
    except ValueError:
        return None


def _nth_weekday(year: int, month: int, weekday: int, nth: int) -> dt.date:
    first = dt.date(year, month, 1)
    return shifted(first, days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))


HOLIDAYS: dict[str, Callable[[int], dt.date]] = {
    "christmas eve": lambda year: dt.date(year, 12, 24),
    "christmas day": lambda year: dt.date(year, 12, 25),
    "christmas": lambda year: dt.date(year, 12, 25),
    "new year's eve": lambda year: dt.date(year, 12, 31),
    "new year's day": lambda year: dt.date(year, 1, 1),
    "valentine's day": lambda year: dt.date(year, 2, 14),
    "independence day": lambda year: dt.date(year, 7, 4),
    "fourth of july": lambda year: dt.date(year, 7, 4),
    "halloween": lambda year: dt.date(year, 10, 31),
    "veterans day": lambda year: dt.date(year, 11, 11),
    "labor day": lambda year: _nth_weekday(year, 9, 0, 1),
    "memorial day": lambda year: shifted(_nth_weekday(year, 6, 0, 1), days=-7),
    "thanksgiving": lambda year: _nth_weekday(year, 11, 3, 4),
    "election day": lambda year: shifted(_nth_weekday(year, 11, 0, 1), days=1),
}
"""Holidays that news dates events by; those of the United States as federal law sets them."""
