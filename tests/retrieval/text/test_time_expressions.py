"""Time expressions of news, resolved against the day an article was published."""

from __future__ import annotations

import datetime as dt

import pytest

from retrieval.text.time_expressions import TimeRelation, time_expressions, without_times
from retrieval.text.time_resolution import TimeSpecification

PUBLISHED = dt.date(2018, 7, 17)  # a Tuesday


def read(text: str, anchor: dt.date | None = PUBLISHED) -> list[tuple[str, str]]:
    """Return the characters of each expression, and its interval ("2018-07-16..2018-07-22", or "" without one)."""
    return [
        (text[each.start : each.end], f"{each.interval.first}..{each.interval.last}" if each.interval else "")
        for each in time_expressions(text, anchor)
    ]


def day(date: str) -> str:
    return f"{date}..{date}"


@pytest.mark.parametrize(
    ("text", "expression", "interval"),
    [
        ("It opened on Nov. 6, 2018.", "Nov. 6, 2018", day("2018-11-06")),
        ("It opened on Tuesday, November 6th, 2018.", "Tuesday, November 6th, 2018", day("2018-11-06")),
        ("It opened on 3 December 2016.", "3 December 2016", day("2016-12-03")),
        ("It opened on 2016-12-03.", "2016-12-03", day("2016-12-03")),
        ("It opened on 12/25/2016.", "12/25/2016", day("2016-12-25")),
        ("It ran on June 3-5, 2017.", "June 3-5, 2017", "2017-06-03..2017-06-05"),
        ("In April 2024 it opened.", "April 2024", "2024-04-01..2024-04-30"),
        ("It opened in late January 2017.", "late January 2017", "2017-01-21..2017-01-31"),
        ("He won in 2008.", "2008", "2008-01-01..2008-12-31"),
        ("It happened in the 1990s.", "the 1990s", "1990-01-01..1999-12-31"),
        ("It fell in the third quarter of 2017.", "third quarter of 2017", "2017-07-01..2017-09-30"),
        ("It fell in the 2007-08 crisis.", "2007-08", "2007-01-01..2008-12-31"),
        ("It was built in the 19th century.", "19th century", "1801-01-01..1900-12-31"),
        ("It was the summer of 2015.", "the summer of 2015", "2015-06-01..2015-08-31"),
        ("He served from March 3, 2017 to April 5, 2017.", "March 3, 2017 to April 5, 2017", "2017-03-03..2017-04-05"),
        ("It fell between 2015 and 2018.", "2015 and 2018", "2015-01-01..2018-12-31"),
        ("The 9/11 attacks changed that.", "9/11", day("2001-09-11")),
    ],
)
def test_explicit_dates_need_no_anchor(text: str, expression: str, interval: str) -> None:
    assert read(text) == read(text, None) == [(expression, interval)]


@pytest.mark.parametrize(
    ("text", "expression", "interval"),
    [
        ("Yesterday it rained.", "Yesterday", day("2018-07-16")),
        ("It rained last night.", "last night", day("2018-07-16")),
        ("It rained last week.", "last week", "2018-07-09..2018-07-15"),
        ("It rained this week.", "this week", "2018-07-16..2018-07-22"),
        ("It rained last weekend.", "last weekend", "2018-07-14..2018-07-15"),
        ("It opened last month.", "last month", "2018-06-01..2018-06-30"),
        ("It opened earlier this year.", "earlier this year", "2018-01-01..2018-07-17"),
        ("It opens later this year.", "later this year", "2018-07-17..2018-12-31"),
        ("It opened last summer.", "last summer", "2017-06-01..2017-08-31"),
        ("It rose over the past two weeks.", "the past two weeks", "2018-07-03..2018-07-17"),
        ("It opened three years ago.", "three years ago", "2015-01-01..2015-12-31"),
        ("It opened two days ago.", "two days ago", day("2018-07-15")),
        ("It opened last Friday.", "last Friday", day("2018-07-13")),
        ("It opened last Monday.", "last Monday", day("2018-07-09")),
        ("It may open next Tuesday.", "next Tuesday", day("2018-07-24")),
        ("It opened on Labor Day weekend.", "Labor Day weekend", "2017-09-02..2017-09-04"),
        ("It opened on Christmas Eve.", "Christmas Eve", day("2017-12-24")),
        ("It is held on Election Day.", "Election Day", day("2018-11-06")),
        ("It rose in the week of July 1.", "the week of July 1", "2018-07-01..2018-07-07"),
        ("It opened on Dec. 30 of last year.", "Dec. 30 of last year", day("2017-12-30")),
    ],
)
def test_relative_dates_are_read_against_the_anchor(text: str, expression: str, interval: str) -> None:
    assert read(text) == [(expression, interval)]
    assert read(text, None) == [(expression, "")]


@pytest.mark.parametrize(
    ("text", "interval"),
    [
        ("He said on Friday that it would close.", day("2018-07-13")),
        ("The council will vote on Friday.", day("2018-07-20")),
        ("The council is scheduled to vote on Friday.", day("2018-07-20")),
        ("The fair scheduled for Aug. 28 was renamed.", day("2018-08-28")),
        ("The fair scheduled for June 28 was renamed.", day("2018-06-28")),
        ("On Friday, the court will hear the case.", day("2018-07-20")),
        ("He was able to enter the building on Friday.", day("2018-07-13")),
        ("They began to count the cost of Friday's storm.", day("2018-07-13")),
        ("It stays closed until Friday.", day("2018-07-20")),
        ("He said on Tuesday that it would close.", day("2018-07-17")),
        ("He was killed on Dec. 3.", day("2017-12-03")),
        ("It takes effect on Dec. 3.", day("2018-12-03")),
        ("She won a fourth term in November.", "2017-11-01..2017-11-30"),
        ("Voters will decide in November.", "2018-11-01..2018-11-30"),
        ("He announced it in July.", "2018-07-01..2018-07-31"),
        ("He had been asked to resign on Feb. 12.", day("2018-02-12")),
        ("They signed off on a trade plan on Sunday.", day("2018-07-15")),
        ("The senator will be Smith as the board on Monday certified the vote.", day("2018-07-16")),
        ("He withdrew a month before Election Day.", day("2018-11-06")),
        ("They announced a no-confidence vote at a meeting on Friday.", day("2018-07-13")),
        ("He said that people should tune in on Friday.", day("2018-07-20")),
        ("He spoke of the events surrounding Sept. 11.", day("2001-09-11")),
        ("He took aim at the bank's plans to buy firms on Friday.", day("2018-07-13")),
        ("After winning 303 electoral votes Sunday night, he went home.", day("2018-07-15")),
        ("He lost by 240 votes after a recount on Monday.", day("2018-07-16")),
        ("The town held vote-by-mail elections on Monday.", day("2018-07-16")),
        ("He asked her to testify by Sept. 23.", day("2018-09-23")),
        ("It's set to open on Friday.", day("2018-07-20")),
        ("The council votes on Friday.", day("2018-07-20")),
        ("He told them of a budget to be released in September.", "2018-09-01..2018-09-30"),
        ("He completes his tour on Friday with a speech.", day("2018-07-20")),
        ("There was no early voting on Saturday, Sept. 1.", day("2018-09-01")),
        ("It rose since Election Day in 2016.", day("2016-11-08")),
        ("The party is worried heading into November.", "2018-11-01..2018-11-30"),
        ("He wrote to the U.S. attorney on Dec. 3 after she refused.", day("2017-12-03")),
        ("They picketed the office of Rep. Frank R. Wolf on Friday, before a vote.", day("2018-07-13")),
        ("The storm was forecast to turn north on Friday.", day("2018-07-20")),
        ("That is the adviser describing his encounter on Sunday with the press.", day("2018-07-15")),
    ],
)
def test_the_verb_of_the_clause_gives_the_direction(text: str, interval: str) -> None:
    """What was said on Friday is past, what will be voted on is to come; the day of publication is either."""
    assert [found for _, found in read(text)] == [interval]


@pytest.mark.parametrize(
    ("text", "interval"),
    [
        ("He worked there between March and mid-August last year.", "2017-03-01..2017-08-20"),
        ("It ran from November to March 2015.", "2014-11-01..2015-03-31"),
        ("It will run from March to August 2020.", "2020-03-01..2020-08-31"),
        ("It ran from March 3 to April 5, 2016.", "2016-03-03..2016-04-05"),
        ("It ran from Friday to Sunday.", "2018-07-13..2018-07-15"),
    ],
)
def test_a_range_begins_in_the_year_of_its_end(text: str, interval: str) -> None:
    """One expression from the first day to the last."""
    assert [found for _, found in read(text)] == [interval]


def test_a_weekday_six_days_behind_is_the_day_after_the_article() -> None:
    """Articles are stamped with the day before, or updated on the day after."""
    assert read("The court ruled on Wednesday.") == [("Wednesday", day("2018-07-18"))]
    assert read("The court ruled last Wednesday.") == [("last Wednesday", day("2018-07-11"))]


def test_earlier_in_a_unit_that_begins_with_the_article_is_the_unit_before() -> None:
    """An article of Sunday that is stamped with Monday tells of the week before."""
    assert read("It fell earlier this week.", dt.date(2018, 7, 16)) == [("earlier this week", "2018-07-09..2018-07-15")]


def test_what_counts_from_a_day_named_before_is_read_against_it() -> None:
    text = "It began on July 4, 2017. Two days later he left. The next day was quiet."
    assert read(text)[1:] == [("Two days later", day("2017-07-06")), ("The next day", day("2017-07-07"))]
    assert read("Two days later he left.") == [("Two days later", "")]


@pytest.mark.parametrize(
    "text",
    [
        "House Bill 4002 passed.",
        "House Bill 2019 passed.",
        "Flight 2020 landed.",
        "Some 2000 people came.",
        "They may march to the Capitol.",
        "Theresa May spoke.",
        "He joined the March for Life.",
        "The vote was 68-32.",
        "He paid $2018 for it.",
        "ABC's This Week had it.",
        "It airs on the Today show.",
        "She hosted Saturday Night Live.",
        "It is open every Friday.",
        "She went on five Sunday news shows.",
        "The virus spread in Sunday worship services.",
        "They told of the first Thanksgiving.",
        "Polls of the Super Tuesday states are close.",
        "We are in the spring of an election year.",
        "He works for 21st Century Fox.",
        "A 69-year-old man waited for three years.",
        "He lives at 2015 Main Street.",
        "The last week of the campaign was loud.",
    ],
)
def test_what_only_looks_like_a_date_is_none(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "It opened on 4/5/2018.",
        "He recently left.",
        "It closed years ago.",
        "A few days ago it rained.",
        "It began more than three years ago.",
        "It began two decades ago.",
    ],
)
def test_what_is_vague_or_ambiguous_has_no_interval(text: str) -> None:
    ((_, interval),) = read(text)
    assert interval == ""


@pytest.mark.parametrize(
    ("text", "relation", "first", "last"),
    [
        ("open since 2016", TimeRelation.SINCE, "2016-01-01", "9999-12-31"),
        ("after June 2016", TimeRelation.AFTER, "2016-07-01", "9999-12-31"),
        ("before 2016", TimeRelation.BEFORE, "0001-01-01", "2015-12-31"),
        ("until June 2016", TimeRelation.UNTIL, "0001-01-01", "2016-06-30"),
        ("in 2016", TimeRelation.IN, "2016-01-01", "2016-12-31"),
    ],
)
def test_a_preposition_opens_the_interval(text: str, relation: TimeRelation, first: str, last: str) -> None:
    (found,) = time_expressions(text)
    assert found.relation is relation
    assert found.constraint
    assert (found.constraint.first.isoformat(), found.constraint.last.isoformat()) == (first, last)


def test_lower_case_questions_have_dates_too() -> None:
    assert read("how many died in april 2016 and on friday") == [
        ("april 2016", "2016-04-01..2016-04-30"),
        ("friday", day("2018-07-13")),
    ]


def test_how_much_of_its_date_an_expression_states() -> None:
    text = "In 2016, on Dec. 3, last week."
    assert [each.specification for each in time_expressions(text, PUBLISHED)] == [
        TimeSpecification.EXPLICIT,
        TimeSpecification.UNDERSPECIFIED,
        TimeSpecification.RELATIVE,
    ]


@pytest.mark.parametrize("anchor", [dt.date.min, dt.date.max])
def test_the_ends_of_the_calendar_are_no_error(anchor: dt.date) -> None:
    """A paper may be dated by a typing error."""
    text = (
        "A century from now, 200 years ago, last decade, next century, on Friday, next Friday, last weekend, "
        "on Dec. 31, in January, last summer, next year, the coming year, Feb. 30, 31/12/9999, later this week, "
        "Christmas, 999 days ago."
    )
    assert time_expressions(text, anchor)


def test_time_is_linear_in_the_length() -> None:
    """A page of nothing but dates, spaces or digits is read like any other."""
    for unit in ("late ", "the end of ", "2018 ", "on Tuesday ", "1/", "in the ", "to ", "early   "):
        assert len(time_expressions(unit * 2_000, PUBLISHED)) <= 2_000


@pytest.mark.parametrize(
    ("question", "core"),
    [
        ("In April 2024, who won?", "who won?"),
        ("As of Feb. 16, how many cases were there?", "how many cases were there?"),
        ("What did Obama say on Tuesday about the strike?", "What did Obama say about the strike?"),
        ("Who won?", "Who won?"),
    ],
)
def test_a_question_is_read_without_its_dates(question: str, core: str) -> None:
    assert without_times(question) == core
