"""Numbers written in words."""

from __future__ import annotations

import pytest

from retrieval.text.number_words import CARDINALS, ORDINALS, is_number, value


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("fifteen", 15),
        ("15", 15),
        ("two hundred and five", 205),
        ("three million four hundred thousand", 3_400_000),
        ("1,500", 1500),
        ("hundred", 100),
        ("twenty-first", None),
        ("twenty first", "21th"),
        ("5th", "5th"),
        ("many", None),
        ("percent", None),
    ],
)
def test_a_run_of_number_words_has_one_value(words: str, expected: float | str | None) -> None:
    assert value(tuple(words.split())) == expected


def test_words_figures_and_signs_are_numbers() -> None:
    assert all(map(is_number, ["four", "4", "4th", "4m", "$", "%", "dozen", "third"]))
    assert not any(map(is_number, ["second", "many", "half-time", "fourteenish"]))


def test_cardinals_and_ordinals_share_no_word() -> None:
    assert not CARDINALS & ORDINALS.keys()
    assert [ORDINALS[word] for word in ("first", "ninth", "thirtieth")] == [1, 9, 30]
