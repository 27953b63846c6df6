"""The time at which what a sentence tells happened."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.composition.event_date import event_date
from retrieval.articles import Span
from retrieval.text.quotation_marks import pairs
from retrieval.text.time_expressions import time_expressions

THURSDAY = dt.date(2017, 10, 26)


def label(text: str, published: dt.date | None = THURSDAY) -> str | None:
    quoted = [pair.span for pair in pairs(text, Span(0, len(text)))]
    found = event_date(text, time_expressions(text, published), quoted, published)
    return found.label if found else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He was charged Tuesday in the 2012 killing.", "2017-10-24"),
        ("Smith, who had worked there since 2006, was arrested Monday.", "2017-10-23"),
        ("After he was jailed in 2012, Smith pleaded guilty on Wednesday.", "2017-10-25"),
        ("Officials said Tuesday that four soldiers were killed on Oct. 4.", "2017-10-04"),
        ("The June 2016 referendum, in which 52 percent voted to leave, split the party.", "2016-06"),
        ("Relations have soured since a coup last summer led by officers.", "summer 2017"),
        ("The committee had been expected to approve the bill on Wednesday.", "2017-10-25"),
        ("It would set off a battle, according to a report on Saturday.", "2017-10-21"),
        ("Deliveries will stop beginning Monday.", "planned from 2017-10-30"),
        ("Events are canceled through Nov. 30.", "until 2017-11-30"),
        ("The country hurtles toward an election on Sunday.", "planned 2017-10-29"),
        ("The mayor said Tuesday that the bridge was safe.", "2017-10-24"),
        ("In 2009, the firm moved to Ohio.", "2009"),
        ("The trial is scheduled to begin on Dec. 5.", "planned 2017-12-05"),
        ("He has lived in Ohio since 2011.", "since 2011"),
        ("She left the force years ago.", "“years ago”"),
        ("Smith was found guilty in 2012 of assault, the army reported on Monday.", "2012"),
        ("Smith was jailed for the 2012 killing, the police said on Monday.", "2017-10-23"),
        ("WASHINGTON Oct 26 (Reuters) - The two met on Wednesday.", "2017-10-25"),
    ],
)
def test_the_time_of_the_main_clause_dates_a_sentence(text: str, expected: str) -> None:
    """Of several times the main clause's is taken, before one of saying, of a clause under it or of a name."""
    assert label(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "The Pentagon is investigating the 2012 attack.",
        "If the vote fails on Tuesday, the firm would close.",
        "The family moved often, and nobody recently saw them.",
        "Today the firm employs 400 people.",
        "The firm began a custom that is still practiced today.",
        "Some blame 9/11 on the president.",
        "The nomination has become an issue just weeks before Nov. 6 elections.",
        "Smith denied charges, including a claim that an aide hid the files on the night of Sept. 11.",
        "The debate was ignited by last month's tragedy.",
        "He cited attacks that no law had prevented, including the school shooting in 2012.",
        "She would not say which panels that have met since they won the House in January will go on.",
        "The launch was three days earlier than planned.",
        "She met her friend and 2016 campaign manager.",
    ],
)
def test_a_time_that_dates_no_event_is_passed_over(text: str) -> None:
    """A year that names a thing, a condition, nowadays and "recently"."""
    assert label(text) is None


def test_without_a_day_of_the_article_a_weekday_keeps_its_words() -> None:
    """It is not resolved against anything else."""
    assert label("He was charged Tuesday.", None) == "“Tuesday”"


def test_an_announcement_of_what_is_to_come_is_dated_by_its_own_day() -> None:
    """What was announced may not have happened."""
    assert label("She announced Sunday that the firm would close on Nov. 6.") == "2017-10-22"


def test_the_day_after_the_article_is_no_plan_where_the_past_is_told() -> None:
    """Articles are stamped a day early; plans for that day are marked."""
    assert label("The board on Friday certified the result.") == "2017-10-27"
    assert label("The board will meet on Friday.") == "planned 2017-10-27"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sales rose earlier this month.", "2017-10"),
        ("The Oct. 4 ambush killed four soldiers.", "2017-10-04"),
        ("Four were killed in the week of Oct. 1.", "week of 2017-10-01"),
    ],
)
def test_labels_are_those_of_the_unit_that_is_told(text: str, expected: str) -> None:
    """A part of a unit up to the article's day is that unit, and a subject's date dates its verb."""
    assert label(text) == expected
