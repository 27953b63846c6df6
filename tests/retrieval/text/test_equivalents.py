"""Words for one act count for each other."""

from __future__ import annotations

import pytest

from retrieval.text.analyzer import terms
from retrieval.text.equivalents import equivalent_terms, related_terms


@pytest.mark.parametrize(("one", "other"), [("died", "toll"), ("killed", "dead"), ("buy", "purchased")])
def test_words_for_one_act(one: str, other: str) -> None:
    assert set(terms(other)) <= equivalent_terms(*terms(one))


def test_other_words_have_none() -> None:
    assert equivalent_terms("harvest") == frozenset()


@pytest.mark.parametrize(
    ("one", "other"), [("won", "defeated"), ("bail", "bond"), ("prison", "jail"), ("died", "toll")]
)
def test_related_words_tell_of_the_same_thing(one: str, other: str) -> None:
    assert set(terms(other)) <= related_terms(*terms(one))


def test_who_won_is_not_said_to_be_who_was_elected() -> None:
    """Related words say where to look; they are not the same act."""
    assert equivalent_terms(*terms("won")) == frozenset()
