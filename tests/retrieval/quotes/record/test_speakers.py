"""One speaker under many names, and names that several bear."""

from __future__ import annotations

import pytest

from retrieval.quotes.record.speakers import RecordedSpeaker, lookup_words, recorded_speakers, speakers_named
from retrieval.store.statements import SpeakerName


def speakers(**counts: int) -> list[RecordedSpeaker]:
    named = {name.replace("_", " "): count for name, count in counts.items()}
    return recorded_speakers(SpeakerName(key, name, n, 1) for key, (name, n) in enumerate(named.items(), 1))


def groups(**counts: int) -> list[set[str]]:
    return [{alias.name for alias in each.aliases} for each in speakers(**counts)]


@pytest.mark.parametrize(
    "names",
    [
        ["Ann Brook", "Brook", "Ms. Brook", "Ann M. Brook", "Mayor Ann Brook"],
        ["Bill Reed", "William Reed", "William T. Reed"],
        ["the White House", "White House", "The White House"],
        ["Federal Bureau of Investigation", "FBI", "the FBI"],
        ["José Peña", "Jose Pena"],
        ["Ann Brook", "Secretary of State Ann Brook", "former President Ann Brook"],
        ["Hiroshi Tanaka", "Tanaka Hiroshi", "Tanaka"],
    ],
)
def test_names_of_one_speaker(names: list[str]) -> None:
    found = recorded_speakers(SpeakerName(key, name, 9, 1) for key, name in enumerate(names))
    assert [{alias.name for alias in each.aliases} for each in found] == [set(names)]


@pytest.mark.parametrize(
    "names",
    [
        ["Ann Brook", "Tom Brook"],
        ["Donald Trump", "Donald Trump Jr."],
        ["Ann Brook", "Mr. Brook"],
        ["James Thomas", "Thomas James"],
        ["State Department", "Justice Department"],
        ["the White House", "the House"],
        ["Hillary Clinton", "Bill Clinton", "Clinton"],
        ["Jane Smith", "John Smith", "J. Smith"],
        ["Ann Brook", "spokesman for Ms. Brook"],
        ["Ann Brook", "an aide to President Ann Brook", "excluded from the Ann Brook"],
    ],
)
def test_names_of_several_speakers(names: list[str]) -> None:
    """A surname or an initial that fits two is counted to neither."""
    found = recorded_speakers(SpeakerName(key, name, 9, 1) for key, name in enumerate(names))
    assert len(found) == len(names)


def test_a_surname_is_counted_to_the_one_who_is_named_far_more_often() -> None:
    assert groups(Ann_Brook=100, Tom_Brook=10, Brook=50) == [{"Ann Brook", "Brook"}, {"Tom Brook"}]
    assert groups(Ann_Brook=100, Tom_Brook=11, Brook=50) == [{"Ann Brook"}, {"Brook"}, {"Tom Brook"}]


def test_who_is_described_has_no_name() -> None:
    found = speakers(Ann_Brook=1, two_officials=1, the_mayor=1, Some_Republicans=1, Republicans=1)
    assert {each.name for each in found if each.named} == {"Ann Brook", "Republicans"}


def test_a_name_means_the_speakers_it_fits() -> None:
    """A full name means one, a surname all who bear it, a title nothing."""
    known = speakers(Ann_Brook=3, Tom_Brook=2, Mary_Lind=1)
    named = {
        asked: [each.name for each in speakers_named(asked, known)]
        for asked in ("Ann Brook", "Brook", "Mayor Ann Brook", "ANN BROOK", "Ann", "Sue Brook")
    }
    assert named == {
        "Ann Brook": ["Ann Brook"],
        "Brook": ["Ann Brook", "Tom Brook"],
        "Mayor Ann Brook": ["Ann Brook"],
        "ANN BROOK": ["Ann Brook"],
        "Ann": [],
        "Sue Brook": [],
    }


def test_the_words_by_which_a_name_is_looked_up() -> None:
    """Everybody of the surname, who decides what the surname alone means; an organisation by its initials, too."""
    assert "brook" in lookup_words("Ann Brook")
    assert "ann" not in lookup_words("Ann Brook")
    assert "fbi" in lookup_words("Federal Bureau of Investigation")
