"""Calendar words and their short forms."""

from __future__ import annotations

import re

import pytest

from retrieval.text.dates import MONTH_PATTERN, MONTHS, TIME_WORDS, WEEKDAY_PATTERN, WEEKDAYS


def test_months_and_weekdays_are_in_order() -> None:
    assert (MONTHS.index("january"), MONTHS.index("december")) == (0, 11)
    assert (WEEKDAYS.index("monday"), WEEKDAYS.index("sunday")) == (0, 6)


@pytest.mark.parametrize("month", [*MONTHS, "jan", "sep", "sept", "dec", "may"])
def test_months_match_long_and_short(month: str) -> None:
    assert re.fullmatch(MONTH_PATTERN, month)


@pytest.mark.parametrize("day", [*WEEKDAYS, "mon", "tue", "tues", "thu", "thur", "thurs"])
def test_weekdays_match_long_and_short(day: str) -> None:
    assert re.fullmatch(WEEKDAY_PATTERN, day)


@pytest.mark.parametrize("word", ["janu", "mayor", "septem", "mo", "monda"])
def test_parts_of_words_match_neither(word: str) -> None:
    assert not re.fullmatch(f"{MONTH_PATTERN}|{WEEKDAY_PATTERN}", word)


def test_time_words_hold_shortened_months_with_their_full_stop() -> None:
    assert {"jan.", "sept.", "friday", "yesterday"} <= TIME_WORDS
    assert "may." not in TIME_WORDS
