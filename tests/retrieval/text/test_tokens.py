"""Words with their offsets, and what kind of word each is."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.text.analyzer import words
from retrieval.text.tokens import content_terms, read_words, term_set


def kinds(text: str, kind: str) -> list[str]:
    return [text[word.start : word.end] for word in read_words(text) if getattr(word, kind)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The U.S. met at 5:30.", ["The", "U.S.", "met", "at", "5:30"]),
        ("It cost 1,200.50 euros", ["It", "cost", "1,200.50", "euros"]),
        ("Niger’s army didn't move", ["Niger’s", "army", "didn't", "move"]),
        ("well-known 'names'", ["well", "known", "names"]),
    ],
)
def test_words_are_numbers_dotted_abbreviations_or_letters_with_apostrophes(text: str, expected: list[str]) -> None:
    assert [text[word.start : word.end] for word in read_words(text)] == expected


@given(st.text(max_size=80))
def test_words_are_in_order_disjoint_and_hold_no_space(text: str) -> None:
    found = read_words(text)
    assert all(one.end <= other.start for one, other in itertools.pairwise(found))
    assert all(word.start < word.end and not any(map(str.isspace, text[word.start : word.end])) for word in found)


@given(st.lists(st.sampled_from(["Mali", "signed", "42", "the", "naïve", "well", "didn’t"]), max_size=12))
def test_the_index_and_the_tokeniser_see_the_same_words(parts: list[str]) -> None:
    text = " ".join(parts)
    assert [text[word.start : word.end] for word in read_words(text)] == words(text)


def test_names_numbers_and_dates_are_told_by_the_shared_lists() -> None:
    text = "Later Ada Poe saw seven dozen owls in March 2019, on Friday, twice, for the third year of the decade."
    assert kinds(text, "name") == ["Ada", "Poe", "March", "Friday"]
    assert kinds(text, "number") == ["seven", "dozen", "2019", "twice", "third"]
    assert kinds(text, "date") == ["March", "2019", "Friday", "decade"]


def test_a_march_in_lower_case_is_no_date() -> None:
    assert kinds("They march on friday and may win.", "date") == []


def test_terms_leave_function_words_out() -> None:
    assert term_set(read_words("The army of the north has signed")) == {"armi", "north", "sign"}


def test_content_terms_are_in_order_once_and_without_function_words() -> None:
    """The pronoun is a function word, the country "US" is none."""
    assert content_terms("the army of the north and the armies of the US") == ["armi", "north", "us"]
    assert content_terms("all of us") == []
