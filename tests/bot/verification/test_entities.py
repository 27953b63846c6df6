"""Names in claims, and whether articles have them."""

from __future__ import annotations

import pytest

from bot.verification.entities import NameIndex, names

SOURCE = NameIndex(
    [
        "Ada L. Quill of the African Union left for the United Nations.",
        "Bill Clinton met David Cameron and Boris Johnson.",
    ]
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "Boris Johnson met French President Emmanuel Macron in Paris on Tuesday.",
            ["Boris Johnson", "French", "Emmanuel Macron", "Paris"],
        ),
        ("Macron said so.", ["Macron"]),
        ("Growers ask for aid.", []),
        ("Frost Hits The Orchards Of Kestrel In Spring", []),
        ("The UN agreed.", ["UN"]),
    ],
)
def test_names_are_told_from_other_capitals(text: str, found: list[str]) -> None:
    assert [name.text for name in names(text)] == found


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("It was Quill.", True),
        ("It was Ada Quill.", True),
        ("It was William Clinton.", True),
        ("It was the AU.", True),
        ("It was the UN.", True),
        ("It was Mary Quill.", False),
        ("It was David Johnson.", False),
        ("It was the German.", False),
        ("It was Ola Ferrer.", False),
    ],
)
def test_a_name_is_held_by_its_parts_together_or_by_another_name_for_it(text: str, held: bool) -> None:
    assert [SOURCE.contains(name) for name in names(text)] == [held]


@pytest.mark.parametrize("written", ["(D-Ala.)", "D-Ala.,", "(D-AL)", "(R–Ala.)", "(R-Alabama)"])
def test_the_state_of_a_member_of_congress_is_in_its_abbreviation(written: str) -> None:
    index = NameIndex([f"Ada Quill {written} said so."])
    assert [index.contains(name) for name in names("Quill of Alabama met Brandt of Iowa.")] == [
        True,
        True,
        False,
        False,
    ]


def test_a_state_of_two_words_is_in_its_abbreviation() -> None:
    for written in ("(D-NY)", "(D-N.Y.)"):
        assert NameIndex([f"Chuck Quill {written} left."]).contains(names("The senator of New York left.")[0])
    assert not NameIndex(["The grade was a D-NYC."]).contains(names("The senator of New York left.")[0])


def test_a_common_abbreviation_stands_for_words_without_capitals() -> None:
    index = NameIndex(["One in five visits an emergency room for primary care."])
    assert [index.contains(name) for name in names("Sick people went to the ER and the ICU.")] == [True, False]
