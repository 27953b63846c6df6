"""The paragraphs of an article under headings that are dates."""

import datetime as dt

from bot.composition.chronology import dated_sections

TEXT = (
    "The swimmers left.\n\nHow the story evolved\n\n"
    "Sunday 14 August\n\nThe mother of a swimmer tells a paper that he has been robbed\n\nHe confirms it\n\n"
    "Monday 15 August\n\nThe police say that the accounts of the swimmers differ\n\n"
    "Tuesday 16 August\n\nA film shows them laughing and joking at the gate\n\nThe end came soon."
)


def test_each_dated_heading_has_its_first_paragraph() -> None:
    found = dated_sections(TEXT, dt.date(2016, 8, 19))
    assert [each.label for each in found] == ["2016-08-14", "2016-08-15", "2016-08-16"]
    assert found[1].paragraph.of(TEXT) == "The police say that the accounts of the swimmers differ"


def test_without_a_known_year_the_words_of_the_headings_stand() -> None:
    found = dated_sections(TEXT, None)
    assert [each.label for each in found] == ["Sunday 14 August", "Monday 15 August", "Tuesday 16 August"]
    assert all(each.interval is None for each in found)


def test_sentences_that_begin_with_a_date_are_no_headings() -> None:
    text = "\n\n".join(
        f"{day} August was hot.\n\nThe pilots of the harbour stayed on land for the whole of that day."
        for day in range(3, 9)
    )
    assert not dated_sections(text, dt.date(2016, 8, 19))
    assert not dated_sections(TEXT.partition("Tuesday")[0], dt.date(2016, 8, 19))
