from __future__ import annotations

import datetime as dt
import time

import pytest

from retrieval.loaders.metadata import parse_date

TODAY = dt.date(2021, 5, 1)


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2020-06-18", "2020-06-18"),
        ("2020/6/8", "2020-06-08"),
        ("2020-06-18 00:00:00", "2020-06-18"),
        ("2020-06-18T10:30:00Z", "2020-06-18T10:30:00+00:00"),
        ("2020-06-18T10:30:00.123+0200", "2020-06-18T10:30:00+02:00"),
        ("20200618", "2020-06-18"),
        ("June 18, 2020", "2020-06-18"),
        ("18th of June 2020", "2020-06-18"),
        ("18 juin 2020", "2020-06-18"),
        ("Thu, 18 Jun 2020 10:00:00 GMT", "2020-06-18T10:00:00+00:00"),
        ("Jun. 18, 2020 10:30 am EST", "2020-06-18T10:30:00-05:00"),
        ("13/04/2020", "2020-04-13"),
        ("04/13/2020", "2020-04-13"),
        ("4/4/2020", "2020-04-04"),
        ("3.4.2020", "2020-04-03"),
        (1592438400, "2020-06-18T00:00:00+00:00"),
        ("1592438400000", "2020-06-18T00:00:00+00:00"),
        ("2021-05-03", "2021-05-03"),
    ],
)
def test_a_date_with_day_month_and_year_is_read(written: object, iso: str) -> None:
    assert parse_date(written, TODAY) == iso


@pytest.mark.parametrize(
    "written",
    """yesterday|2 days ago|now|Thursday|10:30|12|2020|March 2020|May 5|03/04/2020|3/14/20|2020-02-31|2020-06-18T25:00|
    0001-01-01|9999-12-31|1599-01-01|2021-05-04|Updated|12 monkeys 2020|June 18 2020 to June 20 2020|0|-1|nan|
    99999999999999999999""".replace("\n", "").split("|"),
)
def test_what_is_no_certain_date_stays_empty(written: str) -> None:
    """Relative words, partial and ambiguous dates, impossible and far days."""
    assert parse_date(written.strip(), TODAY) == ""


@pytest.mark.parametrize(
    "written", [None, True, "", " ", [], {}, float("nan"), float("inf"), "x" * 10_000, "2020" * 20]
)
def test_odd_values_are_no_dates(written: object) -> None:
    assert parse_date(written, TODAY) == ""


def test_dates_of_tables_are_read_fast() -> None:
    """Thousands of ISO dates never reach the slow parser."""
    start = time.process_time()
    for day in range(20_000):
        parse_date((dt.date(1960, 1, 1) + dt.timedelta(days=day)).isoformat(), TODAY)
    assert time.process_time() - start < 5
