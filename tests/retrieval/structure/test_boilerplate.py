"""Debris: precision before recall."""

from __future__ import annotations

import pytest

from retrieval.structure.boilerplate import byline, is_about_the_writer, is_boilerplate, is_date


@pytest.mark.parametrize(
    "line",
    [
        "Advertisement",
        "Advertisement Continue reading the main story",
        "Story Continues Below",
        "FILE PHOTO: The mayor at the old bridge, June 2, 2014. REUTERS/Jane Doe",
        "(Reporting by Jane Doe; editing by John Roe)",
        "Jane Doe contributed to this report.",
        "Read more:",
        "Share this",
        "© 2019 The Daily Record, LLC. All rights reserved.",
        "Image",
        "Follow @janedoe on Twitter",
        "We use cookies to improve your experience. By using this site you accept them.",
        "https://example.org/story",
        "Page 3 of 10",
        "- 4 -",
        "1 2 3 … Next »",
        ". . . . .",
        "***",
        "Exit mobile version",
        "SEE ALSO: Mayor opens the bridge again",
        "\ufeff",
    ],
)
def test_leftovers_of_pages_are_debris(line: str) -> None:
    assert is_boilerplate(line)


@pytest.mark.parametrize(
    "line",
    [
        "Advertisements cost the town a fortune.",
        "Share prices fell on Monday.",
        "Follow the money, she said.",
        "The image was taken in 2012.",
        "He contributed to the fund.",
        "Editing by hand is slow work.",
        "Posted prices fell by 3 percent.",
        "2012",
        "Read more books, the mayor said.",
        "More: that is what the town wanted.",
        "Page three was missing.",
        "Thank you.",
        "Copyright law was changed last year.",
    ],
)
def test_content_is_not(line: str) -> None:
    assert not is_boilerplate(line)


def test_bylines_give_names() -> None:
    assert byline("By Jane Doe and John Roe") == "Jane Doe and John Roe"
    assert byline("By Jane Doe, The Daily").startswith("Jane Doe")
    assert byline("By the way, he left.") == byline("By Monday it was over.") == ""


def test_dates_are_whole_lines() -> None:
    assert is_date("Monday, January 3, 2020 at 5:30 p.m. ET")
    assert is_date("2020-01-03")
    assert not is_date("On January 3, 2020, he left.")


def test_a_line_about_the_writer_has_no_name() -> None:
    assert is_about_the_writer("A science journalist who makes hard things easy.")
    assert not is_about_the_writer("Jane Doe is a science journalist who makes hard things easy.")
    assert not is_about_the_writer("A journalist was killed in the attack.")
