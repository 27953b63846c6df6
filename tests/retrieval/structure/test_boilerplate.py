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


@pytest.mark.parametrize(
    "line",
    [
        "JUST WATCHED Mayor: Bridge is safe Replay More Videos ... MUST WATCH Mayor: Bridge is safe 01:53",
        "Media playback is unsupported on your device Media caption The bridge was opened on Monday",
        "Image copyright Getty Images Image caption More than 2,000 people came to the opening",
        "The mayor cuts the ribbon, June 2, 2014. (Photo: Jane Doe, The Daily)",
        "The mayor cuts the ribbon before 300 guests, June 2, 2014. (AP Photo/Jane Doe)",
        "The mayor cuts the ribbon, June 2, 2014. (Jane Doe/Reuters)",
        "Guests cross the bridge on Monday in Vell. Jane Doe/AFP via Getty Images",
        "The bridge was closed for nine weeks. | AP Photo",
        "The bridge was closed for nine weeks. | AP Photos Bridge to nowhere The town waits for its road.",
        "The engineer explains why the bridge was closed. Photo: Reuters",
        "Facebook Twitter Pinterest Guests cross the bridge. Photograph: Jane Doe/The Daily",
        "The mayor cuts the ribbon. Hide Caption 4 of 6 Photos: The bridge opens",
        "Related: Mayor opens the bridge. And she smiled.",
        "NOW WATCH: ‘Mayor opens bridge’",
        "Click for more from The Daily.",
        "This is a rush transcript. Copy may not be in its final form.",
        "The opinions expressed by columnists are their own and do not represent the views of The Daily.",
        "ANALYSIS/OPINION:",
    ],
)
def test_captions_teasers_and_headlines_of_other_stories_are_boilerplate(line: str) -> None:
    """All of them kinds that an answer was read from in real pages."""
    assert is_boilerplate(line)


@pytest.mark.parametrize(
    "line",
    [
        "The company said that profit fell by a tenth. (Reuters)",
        "The mayor opened the bridge on Monday, the agency reported. (AP)",
        "She watched the bridge fall, and must watch it rise again.",
        "The photo shows the mayor (left) and her deputy (right).",
        "He hid the caption of the photo from the court.",
        "Related costs rose to nine million, the mayor said.",
        "The opinions of the court were split on Monday.",
        "The mayor, a Republican (R-Vell), and Reuters/Ipsos agree that she leads.",
        "The story was told by Jane Doe of The Associated Press.",
    ],
)
def test_sentences_that_only_look_so_are_content(line: str) -> None:
    assert not is_boilerplate(line)
