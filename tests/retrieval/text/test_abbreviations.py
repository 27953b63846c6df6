"""Which full stops end no sentence."""

from __future__ import annotations

import pytest

from retrieval.text.abbreviations import ABBREVIATIONS, BEFORE_NAME, NEVER_WORDS, ends_in_abbreviation
from retrieval.text.roles import GENDER_OF_ROLE, PERSON_NOUNS, ROLES, ROLES_THAT_ARE_NAMES, TITLE_ABBREVIATIONS


@pytest.mark.parametrize(
    "text", ["said Sen.", "Mr.", "at St.", "J.", "at 5 a.m.", "the U.S.", "Davis Jr.", "Poe vs.", "No."]
)
def test_titles_initials_and_dotted_words_leave_the_sentence_open(text: str) -> None:
    assert ends_in_abbreviation(text)


@pytest.mark.parametrize("text", ["he left.", "he said no.", "on the col.", "in 1999.", "What?", "the end"])
def test_other_full_stops_end_it(text: str) -> None:
    assert not ends_in_abbreviation(text)


def test_titles_are_abbreviations_before_a_name() -> None:
    assert TITLE_ABBREVIATIONS - {"miss"} <= BEFORE_NAME <= ABBREVIATIONS
    assert BEFORE_NAME <= NEVER_WORDS


def test_roles_say_the_gender_where_the_word_does() -> None:
    assert (GENDER_OF_ROLE["spokeswoman"], GENDER_OF_ROLE["mr"]) == ("f", "m")
    assert "senator" not in GENDER_OF_ROLE
    assert GENDER_OF_ROLE.keys() - ROLES == {"businessman", "businesswoman"}


def test_person_nouns_hold_offices_and_no_titles() -> None:
    assert {"senator", "spokeswoman", "farmer"} <= PERSON_NOUNS
    assert not PERSON_NOUNS & {"mr", "dr", "white"}
    assert ROLES_THAT_ARE_NAMES < ROLES
