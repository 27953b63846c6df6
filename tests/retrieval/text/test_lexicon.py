"""The word classes that other modules derive their lists from."""

from __future__ import annotations

import re

import pytest

from retrieval.text.lexicon import (
    CONTRACTIONS,
    HEDGES,
    MODALS,
    NEGATED_AUXILIARIES,
    NEGATORS,
    QUALIFIERS,
    STOP_WORDS,
    alternation,
    are_opposites,
    changes_meaning,
    is_negator,
    is_qualifier,
)


@pytest.mark.parametrize("word", ["not", "never", "seldom", "hardly", "nowhere", "cannot", "didn't", "needn't"])
def test_negators_are_recognised_by_list_and_by_form(word: str) -> None:
    assert is_negator(word)
    assert changes_meaning(word)


@pytest.mark.parametrize("word", ["only", "unless", "allegedly", "may", "although", "nearly"])
def test_qualifiers_change_a_claim_without_negating_it(word: str) -> None:
    assert is_qualifier(word)
    assert changes_meaning(word)
    assert not is_negator(word)


@pytest.mark.parametrize("word", ["note", "knot", "want", "often", "nor'easter", "percent"])
def test_other_words_are_no_negators(word: str) -> None:
    assert not is_negator(word)


def test_classes_contain_those_they_are_derived_from() -> None:
    assert HEDGES < QUALIFIERS
    assert {word for word in NEGATED_AUXILIARIES if word != "cannot"} == {
        word for word in NEGATED_AUXILIARIES if word.endswith("n't")
    }
    assert all(map(is_negator, NEGATED_AUXILIARIES))
    assert {"wouldn't", "won't", "we'll", "she'd", "must"} <= MODALS
    assert {"i'll", "they've", "he's"} <= CONTRACTIONS
    assert not CONTRACTIONS & NEGATORS


def test_stop_words_are_the_ones_the_reader_was_fitted_with() -> None:
    assert len(STOP_WORDS) == 143
    assert {"the", "whose", "wouldn't", "yourselves", "nor"} <= STOP_WORDS
    assert not {"mine", "may", "never", "one"} & STOP_WORDS


@pytest.mark.parametrize(
    ("one", "other"), [("won", "lost"), ("legal", "illegal"), ("happy", "unhappy"), ("all", "none")]
)
def test_opposites_are_listed_or_have_a_negating_prefix(one: str, other: str) -> None:
    assert are_opposites(one, other)
    assert are_opposites(other, one)


@pytest.mark.parametrize(
    ("one", "other"), [("won", "won"), ("portant", "important"), ("large", "great"), ("de", "in-de")]
)
def test_other_pairs_are_no_opposites(one: str, other: str) -> None:
    assert are_opposites(one, other) is (one == "portant")


def test_an_alternation_matches_the_longest_word_first_and_takes_words_literally() -> None:
    assert re.match(alternation({"a", "an", "another"}), "another")[0] == "another"  # type: ignore[index]
    assert not re.fullmatch(alternation({"u.s."}), "uxsx")
