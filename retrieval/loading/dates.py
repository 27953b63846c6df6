"""Published dates, as outlets and people write them, to ISO 8601; never a date that the words do not hold."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache

EARLIEST_YEAR = 1600
"""The first newspapers (Relation, Strasbourg 1605): an earlier year is a mistake."""

FUTURE_DAYS = 2
"""How far ahead of today a date may lie: time zones, and papers dated tomorrow."""

_TIME = r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?"
_ZONE = r"(?P<zone>Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)"
_ISO = re.compile(
    rf"(?P<year>\d{{4}})(?P<mark>[-/.])(?P<month>\d{{1,2}})(?P=mark)(?P<day>\d{{1,2}})(?:[T ,]\s*{_TIME}\s*{_ZONE}?)?",
    re.ASCII | re.IGNORECASE,
)
_COMPACT = re.compile(
    r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?:T?(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})(?P<zone>Z)?)?",
    re.ASCII,
)
_NUMERIC = re.compile(
    r"(?P<first>\d{1,2})(?P<mark>[-/.])(?P<other>\d{1,2})(?P=mark)(?P<year>\d{4})"
    rf"(?:[T ,]\s*{_TIME}\s*{_ZONE}?)?",
    re.ASCII | re.IGNORECASE,
)
_SECONDS = re.compile(r"\d{9,10}(?:\.\d+)?", re.ASCII)
_MILLISECONDS = re.compile(r"\d{12,13}", re.ASCII)
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)", re.ASCII)
_DAY = re.compile(r"(?<![\d:])\d{1,2}(?!\d|:|\s*[ap]\.?m\b)", re.ASCII | re.IGNORECASE)
_LETTERS = re.compile(r"[^\W\d_]{3,}")
_MAX_CHARACTERS = 80


def published(value: object, today: dt.date | None = None) -> str:
    """Return an ISO 8601 date (``YYYY-MM-DD``) or date and time for ``value``, or "" when it holds no certain date.

    Read are: ISO 8601 and its near relatives; seconds or milliseconds since 1970; day, month and year in figures; the
    same with the month in words, in the languages that dateparser knows. A date needs its day, its month and a year of
    four digits. Relative words ("yesterday") are no dates. ``03/04/2020`` can be March or April, so it is none either;
    ``13/04/2020`` and ``04/13/2020`` can only be one day, and with dots the day comes first (13.4.2020 and 3.4.2020).
    A time at midnight without a zone is how tables write "no time" and is dropped; other times keep the zone they have,
    if any. Years before 1600 and days more than two ahead of ``today`` are mistakes.

    Args:
        value: Text or a number, as metadata holds it.
        today: The day to measure the future from; the current UTC day when None.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    text = " ".join(str(value)[: _MAX_CHARACTERS + 1].split())
    if not text or len(text) > _MAX_CHARACTERS:
        return ""
    iso = _parse(text)
    limit = (today or dt.datetime.now(dt.UTC).date()) + dt.timedelta(days=FUTURE_DAYS)
    return iso if iso and iso[:10] <= limit.isoformat() else ""


@lru_cache(maxsize=50_000)
def _parse(text: str) -> str:
    for pattern in (_ISO, _COMPACT):
        found = pattern.fullmatch(text)
        if found:
            return _iso(found, int(found["month"]), int(found["day"]))
    found = _NUMERIC.fullmatch(text)
    if found:
        return _numeric(found)
    if _MILLISECONDS.fullmatch(text):
        return _since_epoch(int(text) / 1000)
    if _SECONDS.fullmatch(text):
        return _since_epoch(float(text))
    if _LETTERS.search(text) and _YEAR.search(text) and _DAY.search(text):
        return _in_words(text)
    return ""


def _iso(found: re.Match[str], month: int, day: int) -> str:
    parts = found.groupdict()
    try:
        date = dt.date(int(parts["year"]), month, day)
        time = dt.time(int(parts["hour"] or 0), int(parts["minute"] or 0), int(parts["second"] or 0))
        zone = _zone(parts.get("zone"))
    except ValueError:  # 31 February, 25:61
        return ""
    return _written(dt.datetime.combine(date, time, zone))


def _numeric(found: re.Match[str]) -> str:
    first, second = int(found["first"]), int(found["other"])
    if found["mark"] == "." or first > 12 or first == second:
        return _iso(found, second, first)
    return _iso(found, first, second) if second > 12 else ""


def _since_epoch(seconds: float) -> str:
    return _written(dt.datetime.fromtimestamp(seconds, dt.UTC))


def _in_words(text: str) -> str:
    import dateparser  # type: ignore[import-untyped]  # noqa: PLC0415

    # Only absolute dates with all three parts: what is missing would be filled in from today's date otherwise.
    moment = dateparser.parse(
        text,
        settings={
            "PARSERS": ["absolute-time"],
            "REQUIRE_PARTS": ["day", "month", "year"],
            "STRICT_PARSING": True,
            "RETURN_TIME_AS_PERIOD": False,
        },
    )
    if moment is None or f"{moment.year:04}" not in _YEAR.findall(text):
        return ""
    days = {int(day) for day in _DAY.findall(text)}
    return _written(moment) if moment.day in days else ""


def _zone(text: str | None) -> dt.timezone | None:
    if not text:
        return None
    if text[0] not in "+-":
        return dt.UTC
    digits = text[1:].replace(":", "")
    offset = dt.timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0))
    return dt.timezone(-offset if text[0] == "-" else offset)


def _written(moment: dt.datetime) -> str:
    if moment.year < EARLIEST_YEAR:
        return ""
    if moment.tzinfo is None and moment.time() == dt.time():
        return moment.date().isoformat()
    return moment.isoformat(timespec="seconds")
