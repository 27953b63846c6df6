"""Drafts: marks are counted by their characters, and what no review accounts for is found."""

from __future__ import annotations

from evals.quotes.drafts import LAYOUTS, marks, measure, unaccounted
from evals.quotes.store import TextLibrary
from retrieval.quotes.desk import QuoteDesk
from retrieval.quotes.draft_review import DraftReview

TEXT = (
    "The so-called “boat people” came on Monday, and the pole was 6'2\" long.\n"
    "“We are going to keep every one of the boats in the harbour, and every one of the piers, and we will pay for "
    "it,” said Ann Brook, the mayor. “Nobody will have to leave the town for that.”\n"
)


def test_a_mark_that_nothing_accounts_for_is_found() -> None:
    """Inches are no marks."""
    assert len(marks(TEXT)) == 6
    assert unaccounted(TEXT, DraftReview((), ())) == marks(TEXT)


def test_every_layout_is_measured() -> None:
    """Nothing is lost in any, and nobody is accused."""
    library = TextLibrary()
    library.add([("a", "Boats", "", "2024-01-01", TEXT)])
    counts = measure(QuoteDesk(library), [TEXT])
    assert counts.keys() == LAYOUTS.keys()
    assert all(count["marks"] == 6 for count in counts.values())
    assert all((count["unaccounted"], count["accused"]) == (0, 0) for count in counts.values())
    assert {count["checked"] + count["not_checked"] for count in counts.values()} == {3}
