"""Pairs of statements that share a topic and differ."""

from __future__ import annotations

import pytest

from retrieval.quotes.record.differences import DifferenceKind, differences


@pytest.mark.parametrize(
    ("one", "other", "kind", "words"),
    [
        (
            "We will build 40 new schools in the county by the spring",
            "By the spring we will build 60 new schools in the county",
            DifferenceKind.NUMBER,
            ("40", "60"),
        ),
        (
            "I will raise taxes on the middle class of this state",
            "I will not raise taxes on the middle class of this state",
            DifferenceKind.NEGATION,
            ("", "not"),
        ),
        (
            "I support the new harbour tunnel under the bay",
            "I oppose the harbour tunnel under the bay",
            DifferenceKind.OPPOSITE,
            ("support", "oppose"),
        ),
    ],
)
def test_a_pair_that_differs(one: str, other: str, kind: DifferenceKind, words: tuple[str, str]) -> None:
    found = differences([one, "Something else was said about the weather in Rome", other])
    assert [(each.first, each.second, each.kind, each.words) for each in found] == [(0, 2, kind, words)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("We will build 40 new schools in the county", "We will build forty new schools in the county"),
        ("We will build 40 new schools in the county", "We hired 60 new teachers in the schools of the county"),
        ("I will not raise taxes on the middle class", "I will never raise taxes on the middle class"),
        ("I support the tunnel", "I oppose the war"),
    ],
)
def test_a_pair_that_does_not(one: str, other: str) -> None:
    assert differences([one, other]) == []
