"""What a comparison question compares: its topic, its sides, the day that parts it."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.answers import QuestionKind
from bot.composition.comparison_question import MAX_CHARACTERS, election_day, parse_comparison
from bot.composition.question_kind import decide_kind

ANCHOR = dt.date(2020, 7, 17)


@pytest.mark.parametrize(
    ("question", "topic", "sides", "parting"),
    [
        ("How did the death toll change?", "the death toll", (), None),
        ("Did the number of cases go up?", "the number of cases", (), None),
        ("Do the articles disagree about whether Quill resigned?", "Quill resigned", (), None),
        ("Which articles contradict each other on Benghazi?", "Benghazi", (), None),
        ("Do all articles give the same death toll?", "death toll", (), None),
        ("What differs between CNN and Fox on Benghazi?", "Benghazi", ("CNN", "Fox"), None),
        ("How does CNN's coverage of Benghazi differ from Fox's?", "Benghazi", ("CNN", "Fox"), None),
        ("compare Quill and Baird on taxes", "taxes", ("Quill", "Baird"), None),
        ("What's the difference between the House and Senate bills?", "", ("the House bills", "Senate bills"), None),
        ("unemployment before and after 2016-11-08", "unemployment", (), dt.date(2016, 11, 8)),
        ("What has changed about the wall since 2017?", "the wall", (), dt.date(2017, 1, 1)),
        ("What changed since the election?", "", (), dt.date(2016, 11, 8)),
    ],
)
def test_a_question_is_read(question: str, topic: str, sides: tuple[str, ...], parting: dt.date | None) -> None:
    found = parse_comparison(question, "", ANCHOR)
    assert (found.topic, found.sides, found.parting) == (topic, sides, parting)


@pytest.mark.parametrize(
    "question",
    [
        "Did the number of cases go up?",
        "What differs between CNN and Fox on Benghazi?",
        "Do CNN and Fox agree on the Iran deal?",
        "Do all articles give the same death toll?",
        "How different are the figures for the death toll?",
        "What changed since 2019-01-01?",
    ],
)
def test_such_questions_reach_the_comparison(question: str) -> None:
    assert decide_kind(question).kind is QuestionKind.COMPARISON


def test_words_that_are_not_known_leave_the_topic_as_decided() -> None:
    assert parse_comparison("Any news on how it stands?", "the death toll", ANCHOR).topic == "the death toll"


def test_two_dates_are_a_period() -> None:
    found = parse_comparison("How did unemployment change between 2012 and 2013?", "", ANCHOR)
    assert found.period is not None
    assert (found.topic, found.period.first.year, found.period.last.year) == ("unemployment", 2012, 2013)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("the election", dt.date(2016, 11, 8)),
        ("the 2012 election", dt.date(2012, 11, 6)),
        ("the presidential election of 2008", dt.date(2008, 11, 4)),
        ("the first debate", None),
    ],
)
def test_an_election_has_its_day_by_law(words: str, day: dt.date | None) -> None:
    assert election_day(words, ANCHOR) == day


def test_a_long_question_is_cut() -> None:
    found = parse_comparison("compare " + "a and b on c " * 500, "", ANCHOR)
    assert len(found.topic) + sum(map(len, found.sides)) < MAX_CHARACTERS


def test_two_periods_of_one_topic_are_compared() -> None:
    asked = parse_comparison("Compare the shutdown in 2019 with 2013", "", dt.date(2020, 6, 1))
    assert (asked.topic, [each.first.year for each in asked.periods]) == ("the shutdown", [2019, 2013])


def test_two_things_are_compared_in_something() -> None:
    asked = parse_comparison("how do Vell and Bern differ in the talks with Ostia", "", dt.date(2020, 6, 1))
    assert (asked.topic, asked.sides) == ("the talks with Ostia", ("Vell", "Bern"))


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("What changed in Quill's position on the ferry?", "Quill's position on the ferry"),
        ("What changed in Quill's position in 2019?", "Quill's position"),
    ],
)
def test_what_follows_a_change_is_its_topic_unless_it_is_a_time(question: str, topic: str) -> None:
    assert parse_comparison(question, "", dt.date(2024, 5, 1)).topic == topic


def test_outlets_that_describe_a_topic_are_its_sides() -> None:
    asked = parse_comparison("Compare how Coast Herald and Hill Post describe the ferry", "", dt.date(2024, 5, 1))
    assert (asked.sides, asked.topic) == (("Coast Herald", "Hill Post"), "the ferry")


def test_an_event_is_not_completed_by_the_words_of_the_other() -> None:
    asked = parse_comparison("How does Quill compare to the ferry fire?", "", dt.date(2024, 5, 1))
    assert asked.sides == ("Quill", "the ferry fire")
