"""What is typed after /said."""

from __future__ import annotations

import pytest

from bot.record_requests import RecordRequest, read_record_request
from retrieval.articles import Filters
from retrieval.errors import InputError


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("Ann Brook", RecordRequest("Ann Brook", "", Filters())),
        ("Ann Brook about the new bridge", RecordRequest("Ann Brook", "the new bridge", Filters())),
        (
            "Ann Brook about tolls since 2024-01-01 until 2024-02-01",
            RecordRequest("Ann Brook", "tolls", Filters(since="2024-01-01", until="2024-02-01")),
        ),
        ("Ann Brook before 2024-03-01", RecordRequest("Ann Brook", "", Filters(until="2024-02-29"))),
        ("Ann Brook after 2024-02-29", RecordRequest("Ann Brook", "", Filters(since="2024-03-01"))),
        ("Ann Brook BEFORE/AFTER 2024-03-01", RecordRequest("Ann Brook", "", Filters(), "2024-03-01")),
        (
            "Ann Brook --about tolls --since=2024-01-01",
            RecordRequest("Ann Brook", "tolls", Filters(since="2024-01-01")),
        ),
        ("Ann Brook about life after school", RecordRequest("Ann Brook", "life after school", Filters())),
    ],
)
def test_a_line_is_a_name_a_topic_and_days(typed: str, asked: RecordRequest) -> None:
    assert read_record_request(typed, Filters()) == asked


def test_the_filters_of_the_session_stay() -> None:
    asked = read_record_request("Ann Brook since 2024-01-01", Filters(sources=("Star",), since="2020-01-01"))
    assert asked.filters == Filters(sources=("Star",), since="2024-01-01")


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "say whose statements"),
        ("about the bridge", "say whose statements"),
        ("Ann Brook since 2024-02-30", "not a date"),
        ("Ann Brook after 9999-12-31", "not a date"),
        ("A" * 300, "name has 300 characters"),
        ("Ann Brook about " + "a" * 600, "topic has 600 characters"),
    ],
)
def test_what_cannot_be_asked_is_said_in_one_line(typed: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_record_request(typed, Filters())
