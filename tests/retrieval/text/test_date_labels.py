"""Labels of date intervals."""

from __future__ import annotations

import datetime as dt

import pytest

from retrieval.text.date_labels import date_label
from retrieval.text.time_expressions import time_expressions

THURSDAY = dt.date(2017, 10, 26)


@pytest.mark.parametrize(
    ("words", "label"),
    [
        ("on Tuesday", "2017-10-24"),
        ("on Oct. 4", "2017-10-04"),
        ("in October", "2017-10"),
        ("in late January", "late 2017-01"),
        ("last summer", "summer 2017"),
        ("in late summer 2016", "late summer 2016"),
        ("in the winter of 2016", "winter 2015–16"),
        ("in 2012", "2012"),
        ("in early 2012", "early 2012"),
        ("from 2012 to 2015", "2012 to 2015"),
        ("from March to June", "2017-03 to 2017-06"),
        ("from March 3 to April 5", "2017-03-03 to 2017-04-05"),
        ("on Oct. 6-8", "2017-10-06 to 2017-10-08"),
        ("in the third quarter of 2016", "2016 Q3"),
        ("in the first half of 2015", "first half of 2015"),
        ("last week", "week of 2017-10-16"),
        ("last weekend", "weekend of 2017-10-21"),
        ("in the 1990s", "1990s"),
        ("in the early 1990s", "early 1990s"),
        ("in the 1700s", "1700s"),
        ("in the late 19th century", "late 19th century"),
        ("at the end of this century", "late 21st century"),
    ],
)
def test_an_interval_is_named_at_its_granularity(words: str, label: str) -> None:
    """A unit of the calendar or a part of it has its name, another run of days its first and last."""
    (found,) = time_expressions(f"It was done {words}.", THURSDAY)
    assert found.interval is not None
    assert date_label(found.interval) == label


def test_seven_days_of_no_calendar_week_are_about_their_middle() -> None:
    """Two weeks ago is no one week."""
    (found,) = time_expressions("It was done two weeks ago.", dt.date(2017, 10, 27))
    assert found.interval is not None
    assert date_label(found.interval) == "about 2017-10-13"
