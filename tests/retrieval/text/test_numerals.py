"""Numbers in words and in figures have one form; what is two numbers stays two."""

from __future__ import annotations

from fractions import Fraction

import pytest

from retrieval.text.numerals import numeral


@pytest.mark.parametrize(
    ("words", "value", "count"),
    [
        ("600", 600, 1),
        ("six hundred people", 600, 2),
        ("one hundred and five", 105, 4),
        ("two hundred fifty thousand", 250_000, 4),
        ("2.6million", 2_600_000, 1),
        ("2.6 million", 2_600_000, 2),
        ("two and a half million", 2_500_000, 5),
        ("half a million", 500_000, 3),
        ("two point five percent", Fraction(5, 2), 3),
        ("twelve hundred", 1_200, 2),
        ("one million two hundred thousand and six", 1_200_006, 7),
        ("five and six", 5, 1),
        ("twenty twenty", 20, 1),
        ("five hundred and", 500, 2),
        ("a hundred", 100, 2),
    ],
)
def test_a_number_is_as_long_as_its_words_make_one(words: str, value: int | Fraction, count: int) -> None:
    found = numeral(words.split())
    assert found is not None
    assert (found.value, found.count) == (value, count)


@pytest.mark.parametrize("words", ["", "hundred", "a house", "half of", "10km", "people"])
def test_what_is_no_number_is_none(words: str) -> None:
    assert numeral(words.split()) is None


@pytest.mark.parametrize("words", ["first", "1st", "fiftieth", "twenty first"])
def test_an_ordinal_is_one_of_a_row(words: str) -> None:
    found = numeral(words.split())
    assert found is not None
    assert found.is_ordinal
