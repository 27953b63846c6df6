"""Who is a person in a text, and whom a title or a pronoun stands for."""

from __future__ import annotations

import pytest

from retrieval.text.people import Names


def people(text: str) -> list[str]:
    return [mention.name for mention in Names(text).references]


@pytest.mark.parametrize(
    "name",
    [
        *(
            "Hiroshi Tanaka",
            "Oluwaseun Adebayo",
            "Wojciech Kowalski",
            "Nguyen Van Thieu",
            "Siti Nurhaliza",
            "Elif Yılmaz",
        ),
        *("Aung Kyaw", "Itzel Quispe", "Jānis Bērziņš", "Zarmina Khan", "Rawiri Tane", "Tendai Moyo", "Orbán Viktor"),
    ],
)
@pytest.mark.parametrize(
    "sentence",
    [
        "{}, a councillor, was worried.",
        "The plan failed, said {}.",
        "They heard from economist {} at last.",
        "{}, 45, left the room.",
        "Last came {}, political science professor at the college.",
        "Sen. {} voted for it.",
    ],
)
def test_a_name_of_any_culture_is_known_by_its_position(name: str, sentence: str) -> None:
    assert people(sentence.format(name)) == [name]


@pytest.mark.parametrize(
    "text",
    [
        "He came to West Virginia on Labor Day.",
        "The White House and the Supreme Court were shut.",
        "The Green Party won in South Korea last March.",
        "They watched The Laura Ingraham Show at the Cato Institute.",
        "American Enterprise had a stand. Monday Morning was quiet.",
    ],
)
def test_places_groups_and_days_are_no_people(text: str) -> None:
    assert people(text) == []


def test_a_headline_s_verb_is_no_part_of_a_name() -> None:
    assert people("Donald Trump Is Right About This\n\nNothing else.") == ["Donald Trump"]


def test_a_short_name_ends_with_its_sentence() -> None:
    assert people("“No,” said Ann Lee. The council met. They saw Sen. Tom Poe. Jim Roe, 45, left.") == [
        *("Ann Lee", "Tom Poe", "Jim Roe")
    ]


def test_a_surname_is_not_that_of_the_son() -> None:
    names = Names("President Trump’s son, Donald Trump Jr., left. Trump stayed.")
    assert names.resolve("Trump", 60)[0] == "Trump"


def test_a_title_belongs_to_whom_the_text_gives_it() -> None:
    text = "EPA Administrator Gina McCarthy met Tulsa police Chief Chuck Jordan and Ann Lee, the Democratic nominee."
    names = Names(text)
    assert names.titles("Gina McCarthy") == ("EPA Administrator",)
    assert names.titles("Chuck Jordan") == ("Tulsa police Chief",)
    assert names.titles("Ann Lee") == ("Democratic nominee",)


def test_a_title_that_two_people_have_is_nobody_s_own() -> None:
    names = Names("Sen. Ann Lee met Sen. Tom Hill.")
    assert names.titles("Ann Lee") == names.titles("Tom Hill") == ()


def test_a_pronoun_near_an_uncertain_name_is_not_somebody_else() -> None:
    """Whether Aparna Mathur is a person is not known from this sentence, but she may be."""
    text = "Tom Hill came. Aparna Mathur opened the door. He waved."
    assert not Names(text).person_for("he", text.index("He waved"), [0])


def test_a_paragraph_that_begins_with_a_pronoun_is_about_somebody_before_it() -> None:
    text = "Loretta Lynch came.\n\nShe has met Hillary Clinton. She waved."
    begin = text.index("She has")
    assert not Names(text).person_for("she", text.index("She waved"), [begin])
