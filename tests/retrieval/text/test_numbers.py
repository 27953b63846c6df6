"""Numbers as a reader takes them: value, unit, what they count."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.text.numbers import proportions, quantities, single_units


@pytest.mark.parametrize(
    ("text", "value", "unit", "noun"),
    [
        ("45 cars", 45, "", "car"),
        ("forty-five cars", 45, "", "car"),
        ("$1.2 million", 1_200_000, "$", ""),
        ("1.2m dollars", 1_200_000, "$", ""),
        ("£50k", 50_000, "£", ""),
        ("US$3bn", 3e9, "$", ""),
        ("1,200 dockers", 1200, "", "docker"),
        ("1, 200 dockers", 1200, "", "docker"),
        ("four\npercent", 4, "%", ""),
        ("4 per cent", 4, "%", ""),
        ("4%", 4, "%", ""),
        ("45 kilometres", 45, "km", ""),
        ("one hundred and five days", 105, "day", ""),
        ("a 24-year-old", 24, "year", "old"),
        ("half of it", 0.5, "", ""),
    ],
)
def test_a_number_is_read_with_its_unit_and_noun(text: str, value: float, unit: str, noun: str) -> None:
    (found,) = quantities(text)
    assert (found.value, found.unit, found.noun) == (value, unit, noun)


@pytest.mark.parametrize(
    ("claim", "source", "agrees"),
    [
        ("15 people", "fifteen people", True),
        ("the 4th of May", "4 May", True),
        ("the third test", "three tests", False),
        ("about 50,000", "49,875", True),
        ("50,000", "49,875", False),
        ("more than 200,000", "270,000", True),
        ("more than 300,000", "270,000", False),
        ("thousands", "4,200", True),
        ("thousands", "420", False),
        ("seven days", "1 week", True),
        ("7 weeks", "1 day", False),
        ("24 months", "two years", True),
        ("1.5 km", "1,500 metres", True),
        ("half the staff", "50% of the staff", True),
        ("50 per cent", "half", True),
        ("half the staff", "55% of the staff", False),
        ("a dozen", "12", True),
        ("1.5 million", "1,500,000", True),
        ("21:45", "21:45", True),
        ("21:45", "21.45", False),
    ],
)
def test_two_numbers_agree_when_a_reader_takes_them_for_one(claim: str, source: str, agrees: bool) -> None:
    assert quantities(claim)[0].agrees(quantities(source)[0]) is agrees


@pytest.mark.parametrize(
    ("claim", "source", "same"),
    [
        ("45 km", "45 kilometres", True),
        ("45 km", "45 miles", False),
        ("$45", "45 dollars", True),
        ("$45", "€45", False),
        ("45%", "45 people", False),
        ("45 days", "45", True),
    ],
)
def test_units_are_compared_by_what_they_are(claim: str, source: str, same: bool) -> None:
    assert quantities(claim)[0].same_unit(quantities(source)[0]) is same


def test_a_range_gives_its_unit_to_both_ends() -> None:
    assert [each.unit for each in quantities("5 to 10 per cent")] == ["%", "%"]


@given(st.text(alphabet=st.sampled_from("0123456789,.:$%£ kmbn-half million\n"), max_size=60))
def test_any_text_is_read_and_every_number_stands_where_it_says(text: str) -> None:
    for found in quantities(text):
        assert text[found.start : found.end].strip() == found.text
        assert found.most >= found.value


def test_a_unit_with_an_article_is_one_of_it() -> None:
    (week, hour, fortnight) = single_units("It took a week, an hour a fortnight ago.")
    assert [(each.value, each.unit) for each in (week, hour, fortnight)] == [(1, "week"), (1, "hour"), (2, "week")]
    seven, eight = quantities("seven days or eight days")
    assert seven.agrees(week)
    assert seven.same_unit(week)
    assert not eight.agrees(week)


@pytest.mark.parametrize(
    ("claim", "source", "same"),
    [
        ("at 6:07 p.m.", "at 6:07 pm", True),
        ("at 6:07 a.m.", "at 6:07 p.m.", False),
        ("at 6 AM", "at 6 p.m.", False),
        ("at 6:07", "at 6:07 p.m.", True),
        ("at 18:07", "at 6:07 p.m.", True),
        ("at 6:07 p.m.", "at 18:07", True),
    ],
)
def test_a_time_of_day_is_of_its_half(claim: str, source: str, same: bool) -> None:
    ours, theirs = quantities(claim)[0], quantities(source)[0]
    assert ours.agrees(theirs)
    assert ours.same_unit(theirs) is same


@pytest.mark.parametrize(
    ("text", "shares"),
    [
        ("one in five sick people", [20.0]),
        ("3 out of 4 people", [75.0]),
        ("one in every ten", [10.0]),
        ("two in 2019", []),
        ("five in one", []),
        ("one in five million", []),
        ("the first in three years", []),
        ("the first in three", []),
        ("two in three years", []),
    ],
)
def test_a_proportion_is_read_in_percent(text: str, shares: list[float]) -> None:
    assert [each.value for each in proportions(text)] == shares
