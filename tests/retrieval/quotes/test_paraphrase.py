"""Indirect speech put into quotation marks."""

from __future__ import annotations

import pytest

from evals.quotes.store import TextLibrary
from retrieval.quotes.desk import QuoteDesk
from retrieval.quotes.verdict import TextVerdict

REPORT = (
    "The mayor said that she would not sign the harbour lease before the council had heard every tenant. "
    "Her office moved 40 families out of River Street last year."
)


@pytest.mark.parametrize(
    ("quote", "verdict"),
    [
        ("I will not sign the harbour lease before the council has heard every tenant", TextVerdict.PARAPHRASE),
        ("she will not sign the harbour lease before the council had heard every tenant", TextVerdict.PARAPHRASE),
        ("I will sign the harbour lease before the council has heard every tenant", TextVerdict.ALTERED),
        ("she would not sign the harbour deal before the council had heard every tenant", TextVerdict.ALTERED),
        ("Her office moved 50 families out of River Street last year", TextVerdict.ALTERED),
        ("she would not sign the harbour lease before the council had heard every tenant", TextVerdict.VERBATIM),
    ],
)
def test_a_report_in_the_first_person_is_a_paraphrase_unless_it_claims_something_else(
    quote: str, verdict: TextVerdict
) -> None:
    library = TextLibrary()
    library.add([("report", "", "", "", REPORT)])
    assert QuoteDesk(library).check(quote).text is verdict
