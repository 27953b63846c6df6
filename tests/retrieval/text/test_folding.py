"""Folding: what two people would read alike, with every character's original place."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from retrieval.articles import Span
from retrieval.text.folding import Words, differences, fold

TEXTS = st.text(st.sampled_from("aBcé É\u0301ﬁ“”‘’«»…–—-\n\r\t \u00a0\u200b\u00ad.,'\"İßΣ中文ｗ½™́1,0"), max_size=60)


@given(TEXTS)
def test_every_folded_character_has_a_place_in_the_original(text: str) -> None:
    folded = fold(text)
    assert len(folded.text) == len(folded.ends) == len(folded.offsets) - 1
    assert list(folded.offsets) == sorted(folded.offsets)
    assert all(0 <= start < end <= len(text) for start, end in zip(folded.offsets, folded.ends, strict=False))


@given(st.one_of(TEXTS, st.text(max_size=40)))
def test_folding_twice_is_folding_once(text: str) -> None:
    assume(
        not any(unicodedata.combining(char) for char in text)
    )  # an accent may meet its letter once what parts them is gone
    once = fold(text).text
    assert fold(once).text == once


@given(TEXTS)
def test_a_word_is_found_at_its_own_characters(text: str) -> None:
    words = Words(text)
    for number, word in enumerate(words.texts):
        assert word == "-" or Words(words.original(number)).texts == [word]  # a minus needs what stands around it


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("“Stop,” she said", '"Stop," she said'),
        ("«Halte»", '"halte"'),
        ("nego-\ntiate", "negotiate"),
        ("wait… now", "wait... now"),
        ("a\u00a0b", "a b"),
        ("soft\u00adhyphen", "softhyphen"),
        ("zero\u200bwidth", "zerowidth"),
        ("cafe\u0301", "café"),
        ("ﬁne", "fine"),
        ("1990–2000", "1990-2000"),
    ],
)
def test_what_looks_alike_folds_alike(one: str, other: str) -> None:
    assert fold(one).text == fold(other).text


def test_a_fraction_and_a_trade_mark_stay_what_they_are() -> None:
    assert fold("½ Acme™").text == "½ acme™"


def test_a_word_over_a_line_end_is_one_span_of_the_original() -> None:
    words = Words("They nego-\n  tiate now.")
    assert words.texts == ["they", "negotiate", "now"]
    assert words.span(1, 2) == Span(5, 18)


@pytest.mark.parametrize(
    ("quote", "source", "names"),
    [
        ("the same", "the same", ()),
        ("The same", "the same", ("case",)),
        ("it's", "it’s", ("quotes",)),
        ("a – b", "a -- b", ("dashes",)),
        ("so… what", "so... what", ("ellipsis",)),
        ("a\u200bb", "ab", ("zero_width",)),
        ("dont go", "don't go", ("apostrophes",)),
        ("yes, but", "yes but", ("punctuation",)),
    ],
)
def test_differences_are_named(quote: str, source: str, names: tuple[str, ...]) -> None:
    assert differences(quote, source) == names


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("$1,500 isn't 1.5%", ["$", "1500", "isn't", "1.5", "%"]),
        ("full-time", ["full", "time"]),
        ("東京都", ["東", "京", "都"]),
        ("rock 'n' roll", ["rock", "n", "roll"]),
        ("", []),
    ],
)
def test_words_keep_what_changes_a_number(text: str, words: list[str]) -> None:
    assert Words(text).texts == words
