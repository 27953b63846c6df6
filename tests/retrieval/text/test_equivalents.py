"""Words for one act count for each other."""

from __future__ import annotations

import pytest

from retrieval.text.analyzer import terms
from retrieval.text.equivalents import equivalent_terms


@pytest.mark.parametrize(("one", "other"), [("died", "toll"), ("killed", "dead"), ("buy", "purchased")])
def test_words_for_one_act(one: str, other: str) -> None:
    assert set(terms(other)) <= equivalent_terms(*terms(one))


def test_other_words_have_none() -> None:
    assert equivalent_terms("harvest") == frozenset()
