"""Calendar words: months, days of the week and other words that name a time, with patterns for their short forms."""

from __future__ import annotations

from retrieval.text.lexicon import alternation, word_set

MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
"""In order, so that the number of a month is its place."""

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
"""In order, as in ``datetime.date.weekday``."""

CALENDAR_WORDS = frozenset((*MONTHS, *WEEKDAYS))

MONTH_ABBREVIATIONS = frozenset(month[:3] for month in MONTHS) - {"may"} | {"sept"}

TIME_WORDS = (
    CALENDAR_WORDS
    | {f"{month}." for month in MONTH_ABBREVIATIONS}
    | word_set(
        """today yesterday tomorrow tonight morning afternoon evening night week month year weekend spring summer fall
        autumn winter noon midnight last next earlier later this ago early late recently"""
    )
)
"""Words that name a time where somebody could be named."""

AMBIGUOUS_TIME_WORDS = frozenset({"may", "march", "last", "next", "this", "early", "late", "spring", "summer"})
"""Those among them that are other words or names as well."""


AMBIGUOUS_MONTHS = frozenset({"march", "april", "may", "june", "august"})
"""Months that are other words or names as well."""


def _pattern(words: tuple[str, ...], longer: tuple[str, ...]) -> str:
    """Return a pattern for ``words``, whole or cut to three letters, and for their ``longer`` short forms."""
    return f"(?:{alternation({*words, *(word[:3] for word in words), *longer})})"


MONTH_PATTERN = _pattern(MONTHS, ("sept",))
"""Matches a month, long or short, without a full stop: "January", "Sept"."""

WEEKDAY_PATTERN = _pattern(WEEKDAYS, ("tues", "thur", "thurs"))
"""Matches a day of the week, long or short: "Monday", "Tues"."""
