"""Equivalents: words for one act, of which each counts for the others ("killed", "died", "victim")."""

from __future__ import annotations

from retrieval.text.analyzer import terms

SAME_ACTS = tuple(
    frozenset(term for word in words.split() for term in terms(word))
    for words in (
        "charged charges indicted indictment",
        "killed kills died dies death dead toll fatalities fatality slain murdered murder victim victims",
        "arrested arrest detained custody",
        "resigned resignation quit quits",
        "accused accuser accusers accuses alleged",
        "nominated nominee nomination appointed",
        "fired ousted dismissed sacked",
        "injured wounded hurt",
        "testified testimony testify",
        "signed signatory signing",
        "convicted conviction",
        "sentenced sentence",
        "endorsed endorsement",
        "bought buy buys purchased purchase",
        "candidate candidates candidacy",
    )
)
"""The terms of each act's words."""


def equivalent_terms(term: str) -> frozenset[str]:
    """Return the terms of the words for the same act as ``term``; none where no other is known."""
    return frozenset().union(*(acts for acts in SAME_ACTS if term in acts))
