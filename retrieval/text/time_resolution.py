"""Resolution of time expressions: from a match of a rule, and what it is read against, to an interval of days."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from retrieval.text.clause_tense import clause_direction
from retrieval.text.date_intervals import (
    HOLIDAYS,
    DateInterval,
    month_of,
    months_from,
    one_day,
    season_of,
    shifted,
    week_of,
    year_of,
)
from retrieval.text.dates import MONTHS, WEEKDAYS
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.number_words import ORDINALS, value


class TimeSpecification(StrEnum):
    """What of its date an expression states itself."""

    EXPLICIT = "explicit"  # all: "Nov. 6, 2018", "in 2019", "the 1990s"
    UNDERSPECIFIED = "underspecified"  # not its year, or its week: "Dec. 3", "in April", "on Tuesday"
    RELATIVE = "relative"  # only a distance: "last week", "two days ago", "yesterday"


_ANAPHORA_REACH = 300
"""Characters before "two days later" in which the day that it counts from is named: about two sentences."""


@dataclass(slots=True)
class TimeSituation:
    """What an expression is resolved against: the anchor, the intervals before it, and its place in the text."""

    text: str
    start: int
    end: int
    anchor: dt.date | None
    before: list[tuple[int, DateInterval]]

    def previous(self, unit: str) -> DateInterval | None:
        """Return the interval named last, not far before it, that is no longer than a unit."""
        longest = _DAYS_OF[unit]
        near = [each for end, each in self.before if self.start - end <= _ANAPHORA_REACH and each.days <= longest]
        return near[-1] if near else None

    @property
    def direction(self) -> int:
        """Negative in a clause about the past, positive in one about what is to come (``clause_direction``)."""
        return clause_direction(self.text, self.start, self.end)


Resolved = tuple[TimeSpecification, DateInterval | None]
_EXPLICIT, _UNDER, _RELATIVE = TimeSpecification.EXPLICIT, TimeSpecification.UNDERSPECIFIED, TimeSpecification.RELATIVE


def _month_number(name: str) -> int:
    return next(number for number, month in enumerate(MONTHS, 1) if month.startswith(name[:3].lower()))


def _day_of(year: int, month: int, day: int) -> DateInterval | None:
    try:
        return one_day(dt.date(year, month, day))
    except ValueError:
        return None


def _part_of(interval: DateInterval | None, part: str | None) -> DateInterval | None:
    if interval is None or not part:
        return interval
    word = part.lower()
    which = "early" if re.search("early|beginning|start", word) else "mid" if "mid" in word else "late"
    return interval.part(which)


def _iso(found: re.Match[str], _: TimeSituation) -> Resolved:
    return _EXPLICIT, _day_of(int(found["year"]), int(found["month"]), int(found["day"]))


def _slashed(found: re.Match[str], _: TimeSituation) -> Resolved:
    if found["one"] is None:
        return _EXPLICIT, one_day(dt.date(2001, 9, 11))  # "9/11" is a name, as is the date of the attacks
    one, two, year = int(found["one"]), int(found["two"]), int(found["year"])
    year += 0 if year > 99 else 2000 if year < 70 else 1900
    if one > 12:
        return _EXPLICIT, _day_of(year, two, one) if two <= 12 else None
    return _EXPLICIT, _day_of(year, one, two) if two > 12 or one == two else None


_ATTACKS = LazyPattern(r",?\s+(?:terror\w*\s+)?(?:attack|hijack)", re.IGNORECASE)
_OF_ATTACKS = LazyPattern(
    r"\b(?:attacks?|events|hijackings|tragedy|anniversary|victims|survivors)\s+(?:\w+\s+){0,2}$", re.IGNORECASE
)
"""Words around "Sept. 11" that make it the day of the attacks of 2001."""


def _month_day(found: re.Match[str], at: TimeSituation) -> Resolved:
    month, day = _month_number(found["month"]), int(re.sub(r"\D", "", found["day"]))
    if found["year"]:
        return _EXPLICIT, _through(_day_of(int(found["year"]), month, day), found)
    if found["other"]:
        year = None if at.anchor is None else _other_year(at.anchor, found["other"])
        return _RELATIVE, _through(_day_of(year, month, day), found) if year else None
    if (month, day) == (9, 11) and (
        _ATTACKS.match(at.text, at.end) or _OF_ATTACKS.search(at.text[max(0, at.start - 60) : at.start])
    ):
        return _EXPLICIT, one_day(dt.date(2001, 9, 11))
    if at.anchor is None:
        return _UNDER, None
    years = [each for year in _years_around(at.anchor) if (each := _day_of(year, month, day))]
    return _UNDER, _through(_nearest(_of_weekday(years, found["weekday"]), at), found)


def _of_weekday(days: list[DateInterval], name: str | None) -> list[DateInterval]:
    """Return the days that are of a weekday, all where none is or none is named: "Sunday, Oct. 26"."""
    wanted = next((number for number, each in enumerate(WEEKDAYS) if name and each.startswith(name[:3].lower())), None)
    return [each for each in days if each.first.weekday() == wanted] or days


def _through(day: DateInterval | None, found: re.Match[str]) -> DateInterval | None:
    """Return the interval up to the second day of "Nov. 6-8", or of "the week of Nov. 6"."""
    named = found.groupdict()
    if day and named.get("week"):
        begins = day.first.weekday() in {0, 6}
        return DateInterval(day.first, shifted(day.first, days=6)) if begins else week_of(day.first)
    last = named.get("last")
    if day is None or not last:
        return day
    end = _day_of(day.first.year, day.first.month, int(re.sub(r"\D", "", last)))
    return day.joined(end) if end and end > day else day


def _years_around(anchor: dt.date) -> tuple[int, ...]:
    return tuple(year for year in (anchor.year - 1, anchor.year, anchor.year + 1) if dt.MINYEAR <= year <= dt.MAXYEAR)


_AHEAD = 130
"""Days ahead that a date without a year may lie where no verb shows the direction; else it is behind."""


_LONG_AGO = 300
"""Days: what was told of a month so long ago, or of its day, would have its year."""


def _nearest(choices: list[DateInterval], at: TimeSituation) -> DateInterval | None:
    """Return the choice nearest to the anchor in the direction of the clause."""
    anchor, direction = at.anchor, at.direction
    if anchor is None or not choices:
        return None
    passed = [each for each in choices if each.first <= shifted(anchor, days=1)]
    to_come = [each for each in choices if each.last >= shifted(anchor, days=-1)]
    if direction < 0 and passed and (direction < -1 or (anchor - passed[-1].first).days < _LONG_AGO):
        return passed[-1]
    if direction > 0 and to_come and (direction > 1 or (to_come[0].first - anchor).days <= _AHEAD):
        return to_come[0]
    here = [each for each in choices if -235 <= (each.first - anchor).days <= _AHEAD]
    return here[0] if here else passed[-1] if passed else None


def _holiday(found: re.Match[str], at: TimeSituation) -> Resolved:
    date = HOLIDAYS[re.sub(r"\s+", " ", found["name"].lower()).replace("’", "'")]
    if found["year"]:
        return _EXPLICIT, _with_weekend(date(int(found["year"])), found)
    if at.anchor is None:
        return _UNDER, None
    years = [_with_weekend(date(year), found) for year in _years_around(at.anchor)]
    return _UNDER, _chosen(years, found["which"], at)


def _with_weekend(day: dt.date, found: re.Match[str]) -> DateInterval:
    """Return a holiday, or the days of its weekend: Saturday to a Monday, else the holiday to Sunday."""
    if not found["weekend"]:
        return one_day(day)
    return DateInterval(shifted(day, days=-2), day) if day.weekday() == 0 else DateInterval(day, week_of(day).last)


def _chosen(choices: list[DateInterval], which: str | None, at: TimeSituation) -> DateInterval | None:
    """Return the choice that "last", "this" or "next" means; the nearest without such a word."""
    if at.anchor is None:
        return None
    word = (which or "").split()[-1].lower() if (which or "").strip() else ""
    if word in {"last", "past"}:
        return next((each for each in reversed(choices) if each.last < at.anchor), None)
    if word in {"next", "coming"}:
        return next((each for each in choices if each.first > at.anchor), None)
    if word == "this":
        return next((each for each in choices if each.last.year == at.anchor.year), None)
    return _nearest(choices, at)


def _month(found: re.Match[str], at: TimeSituation) -> Resolved:
    month = _month_number(found["month"])
    if found["year"]:
        return _EXPLICIT, _part_of(month_of(int(found["year"]), month), found["part"])
    if at.anchor is None:
        return _UNDER, None
    if found["other"]:
        return _RELATIVE, _part_of(month_of(_other_year(at.anchor, found["other"]), month), found["part"])
    years = [month_of(year, month) for year in _years_around(at.anchor)]
    return _UNDER, _part_of(_chosen(years, found["which"], at), found["part"])


def _other_year(anchor: dt.date, which: str) -> int:
    return min(max(anchor.year + {"last": -1, "this": 0, "next": 1}[which.lower()], 2), dt.MAXYEAR)


def _season(found: re.Match[str], at: TimeSituation) -> Resolved:
    name, part = found["name"].lower(), found["part"] or found["inner"]
    if found["year"]:
        return _EXPLICIT, _part_of(season_of(int(found["year"]), name), part)
    if at.anchor is None:
        return _RELATIVE, None
    if found["other"]:
        return _RELATIVE, _part_of(season_of(_other_year(at.anchor, found["other"]), name), part)
    choices = [season_of(year, name) for year in _years_around(at.anchor)]
    return _RELATIVE, _part_of(_chosen(choices, found["which"], at), part)


def _season_year(found: re.Match[str], _: TimeSituation) -> Resolved:
    return _EXPLICIT, _part_of(season_of(int(found["year"]), found["name"].lower()), found["part"])


def _quarter(found: re.Match[str], at: TimeSituation) -> Resolved:
    parts, months = (4, 3) if found["unit"].lower() == "quarter" else (2, 6)
    word = found["nth"].lower()
    number = parts if word == "last" else ORDINALS[word]
    if number > parts:
        return _EXPLICIT, None
    if found["year"]:
        return _EXPLICIT, months_from(int(found["year"]), 1 + months * (number - 1), months)
    if at.anchor is None:
        return _RELATIVE, None
    return _RELATIVE, months_from(_other_year(at.anchor, found["other"]), 1 + months * (number - 1), months)


def _years(found: re.Match[str], _: TimeSituation) -> Resolved:
    first, last = found["first"], found["last"]
    end = int(last) if len(last) == 4 else int(first[:2] + last)
    return _EXPLICIT, year_of(int(first), end - int(first) + 1)


def _decade(found: re.Match[str], _: TimeSituation) -> Resolved:
    digits = re.sub(r"\D", "", found["decade"])
    year = int(digits) if len(digits) == 4 else int(digits) + (1900 if int(digits) > 20 else 2000)
    century = year % 100 == 0 and year < 1900  # "the 1700s"
    return _EXPLICIT, _part_of(year_of(year, 100 if century else 10), found["part"])


def _year(found: re.Match[str], _: TimeSituation) -> Resolved:
    return _EXPLICIT, _part_of(year_of(int(found["year"])), found["part"])


def _century(found: re.Match[str], _: TimeSituation) -> Resolved:
    written = found["nth"].lower()
    number = value(tuple(re.findall(r"[a-z]+|\d+[a-z]*", written)))
    nth = int(re.sub(r"\D", "", str(number)) or 0)
    return _EXPLICIT, _part_of(year_of(100 * (nth - 1) + 1, 100), found["part"]) if 0 < nth < 60 else None


_STAMPED_EARLY = 6
"""Days behind from which on a weekday is the day after the anchor: articles are stamped with the day before, or updated
on the day after. Of 28 weekdays six days behind in dated news that were read, 27 were the next day."""
_SOON = 3
"""Days ahead up to which a weekday is the next one where the verb is an uncertain sign ("was planning to")."""


def _weekday(found: re.Match[str], at: TimeSituation) -> Resolved:
    wanted = WEEKDAYS.index(found["weekday"].lower())
    which = (found["which"] or "").lower().split()
    if which[:1] == ["the"]:
        return _RELATIVE, _anaphoric_weekday(wanted, which[-1], at)
    if at.anchor is None:
        return _UNDER, None
    if found["week"]:
        shift = {"last": -7, "this": 0, "next": 7}[found["week"].lower()]
        return _RELATIVE, one_day(shifted(week_of(at.anchor).first, days=wanted + shift))
    behind, ahead = (at.anchor.weekday() - wanted) % 7, (wanted - at.anchor.weekday()) % 7
    word = which[-1] if which else ""
    if word in {"last", "past"}:  # yesterday is not "last Monday"
        days = -behind if behind > 1 else -behind - 7
    elif word in {"next", "coming"}:
        days = ahead if ahead > 1 else ahead + 7
    elif behind >= _STAMPED_EARLY:
        days = ahead
    elif word == "this":
        days = -behind if at.direction < 0 else ahead
    else:
        days = ahead if at.direction > 1 or (at.direction == 1 and ahead <= _SOON) else -behind
    return _RELATIVE if word else _UNDER, one_day(shifted(at.anchor, days=days))


def _anaphoric_weekday(wanted: int, word: str, at: TimeSituation) -> DateInterval | None:
    base = at.previous("day")
    if base is None:
        return None
    if word == "previous":
        return one_day(shifted(base.first, days=-((base.first.weekday() - wanted - 1) % 7 + 1)))
    return one_day(shifted(base.last, days=(wanted - base.last.weekday() - 1) % 7 + 1))


def _unit(found: re.Match[str], at: TimeSituation) -> Resolved:
    unit, which, part = found["unit"].lower(), found["which"].lower().split(), (found["part"] or "").lower()
    word = which[-1]
    if which[0] == "that" or (which[0] == "the" and word in _ANAPHORIC[unit in {"day", "night"}]):
        return _RELATIVE, _anaphoric_unit(unit, word, at)
    if at.anchor is None or (unit in {"day", "night"} and word != "last"):
        return _RELATIVE, None
    if which[0] == "the" and word != "current":  # "over the past year": to the anchor, or from it
        other = _stepped(at.anchor, unit, -1 if word in {"last", "past"} else 1)
        return _RELATIVE, DateInterval(min(at.anchor, other), max(at.anchor, other))
    shift = {"last": -1, "past": -1, "next": 1, "coming": 1}.get(word, 0)
    if unit == "weekend" and word == "this" and at.anchor.weekday() < 3 and at.direction < 0:
        shift = -1  # said on a Monday
    interval = _calendar(at.anchor, unit, shift)
    if part == "earlier":
        if word == "this" and (at.anchor - interval.first).days < _STAMPED_LATE.get(unit, 1):
            interval = _calendar(at.anchor, unit, -1)
        return _RELATIVE, DateInterval(interval.first, max(interval.first, min(interval.last, at.anchor)))
    if part == "later":
        return _RELATIVE, DateInterval(min(interval.last, max(interval.first, at.anchor)), interval.last)
    return _RELATIVE, _part_of(interval, part)


_STAMPED_LATE = {"month": 2, "year": 4}
"""Days of a unit in which "earlier this" one is the unit before: articles are stamped late."""
_ANAPHORIC = {
    False: frozenset({"following", "same", "preceding", "previous"}),
    True: frozenset({"following", "same", "preceding", "previous", "next"}),
}
"""Words that make "the … week" (False) or "the … day" (True) count from what was named before, not from the anchor."""


def _anaphoric_unit(unit: str, word: str, at: TimeSituation) -> DateInterval | None:
    base = at.previous(unit)
    shift = {"following": 1, "next": 1, "previous": -1, "preceding": -1}.get(word, 0)
    if base is not None:
        return _calendar(base.last if shift > 0 else base.first, unit, shift)
    if word == "previous" and unit in {"year", "quarter", "month"} and at.anchor:
        return _calendar(at.anchor, unit, -1)
    return None


_DAYS_OF = {
    "minute": 1, "hour": 1, "day": 1, "night": 1, "weekend": 7, "week": 7, "month": 31, "quarter": 92, "year": 366,
    "decade": 3_653, "century": 36_525,
}  # fmt: skip
_MONTHS_OF = {"month": 1, "quarter": 3, "year": 12, "decade": 120, "century": 1200}


def _stepped(day: dt.date, unit: str, count: int) -> dt.date:
    if unit in _MONTHS_OF:
        return shifted(day, months=count * _MONTHS_OF[unit])
    return shifted(day, days=count * {"week": 7, "weekend": 7}.get(unit, 1))


def _calendar(day: dt.date, unit: str, shift: int) -> DateInterval:
    """Return the calendar unit that contains ``day``, moved by ``shift`` of them."""
    moved = _stepped(day, unit, shift)
    if unit == "weekend":
        friday = shifted(week_of(moved).first, days=4)
        return DateInterval(shifted(friday, days=1), shifted(friday, days=2))
    if unit == "week":
        return week_of(moved)
    if unit == "month":
        return month_of(moved.year, moved.month)
    if unit == "quarter":
        return months_from(moved.year, 3 * ((moved.month - 1) // 3) + 1, 3)
    if unit in {"year", "decade", "century"}:
        size = _MONTHS_OF[unit] // 12
        return year_of(max(1, moved.year - moved.year % size), size)
    return one_day(moved)


def _number_in(written: str) -> int | None:
    """Return the number of "two", "25", "a", "a couple of"; None for "several"."""
    word = written.lower()
    if re.match(r"an?(?:\s+(?:full|whole))?$", word):
        return 1
    if "couple" in word:
        return 2
    worth = value(tuple(re.findall(r"[a-z]+|\d+", word)))
    return int(worth) if isinstance(worth, float) else None


def _count(found: re.Match[str], at: TimeSituation) -> Resolved:
    number = _number_in(found["number"])
    if number is None or at.anchor is None:
        return _RELATIVE, None
    step = _stepped(
        at.anchor, found["unit"].lower(), number if re.search("next|coming", found["lead"], re.IGNORECASE) else -number
    )
    return _RELATIVE, DateInterval(min(step, at.anchor), max(step, at.anchor))


def _distance(found: re.Match[str], at: TimeSituation) -> Resolved:
    if found["vague"] or found["century"] or found["bound"]:  # "more than two years ago"
        return _RELATIVE, None
    number, way = _number_in(found["number"]), found["way"].lower()
    unit = found["unit"].lower()
    from_anchor = way == "ago" or way.startswith("from")
    spoken_of = None if from_anchor else at.previous(unit)
    base = at.anchor if from_anchor else spoken_of.first if spoken_of else None
    if number is None or base is None:
        return _RELATIVE, None
    sign = -1 if way in {"ago", "earlier", "before"} else 1
    if unit in {"minute", "hour"}:
        return _RELATIVE, one_day(base) if number < 13 or unit == "minute" else None
    if found["half"]:
        base = shifted(base, months=sign * _MONTHS_OF.get(unit, 0) // 2)
    moved = _stepped(base, unit, sign * number)
    if unit == "week":
        return _RELATIVE, DateInterval(shifted(moved, days=-3), shifted(moved, days=3))
    if unit == "decade":  # within years of it
        return _RELATIVE, None
    return _RELATIVE, _calendar(moved, unit, 0)


def _near_day(found: re.Match[str], at: TimeSituation) -> Resolved:
    words = found.group().lower()
    beside = re.match(r"the\s+day\s+(before|after)$", words)
    if beside or re.match(r"(?:earlier|later)\s+(?:in|that)", words):
        spoken_of = at.previous("day")
        if spoken_of is None or not words.endswith(("day", "before", "after")):
            return _RELATIVE, None
        days = {"before": -1, "after": 1}[beside[1]] if beside else 0
        return _RELATIVE, one_day(shifted(spoken_of.first, days=days))
    if at.anchor is None:
        return _RELATIVE, None
    days = -1 if re.search("yesterday|last night", words) else 1 if "tomorrow" in words else 0
    days *= 2 if words.startswith("the day") else 1
    return _RELATIVE, one_day(shifted(at.anchor, days=days))


def _vague(_: re.Match[str], __: TimeSituation) -> Resolved:
    return _RELATIVE, None


RESOLVERS: dict[str, Callable[[re.Match[str], TimeSituation], Resolved]] = {
    "iso": _iso,
    "slashed": _slashed,
    "month_day": _month_day,
    "day_month": _month_day,
    "holiday": _holiday,
    "month": _month,
    "season": _season,
    "season_year": _season_year,
    "quarter": _quarter,
    "years": _years,
    "decade": _decade,
    "year": _year,
    "century": _century,
    "weekday": _weekday,
    "unit": _unit,
    "count": _count,
    "distance": _distance,
    "day": _near_day,
    "vague": _vague,
}
