"""Comments for a copy of a Word draft: one at each quotation, in order, none at what was rightly passed over."""

from __future__ import annotations

from pathlib import Path

from bot.drafts import Draft
from bot.quote_checks import CheckedDraft, QuoteCheckBuilder
from bot.render.comments import document_comments
from retrieval.quotes.desk import QuoteDesk
from tests.bot.fakes_quotes import ASKED, quote_library

TEXT = (
    f"The so-called “free port” is not closed. “{ASKED['altered'][0]},” said Tom Reed. “It is open, she said.\n\n"
    f"“{ASKED['verbatim'][0]}”, said Ana Prats."
)


def test_each_says_the_verdict_and_both_speakers(tmp_path: Path) -> None:
    """And the article; never a path."""
    draft = Draft("draft.docx", TEXT)
    with quote_library(tmp_path) as library:
        checked = QuoteCheckBuilder(library).review(QuoteDesk(library).review(draft.reading), draft)
    altered, unclosed, verbatim = document_comments(checked)
    assert altered.passage == f"{ASKED['altered'][0]},"
    assert altered.text.startswith("✗ ALTERED · severity high · MISATTRIBUTED\n")
    assert "The draft names Tom Reed. The article: Ana Prats, not Tom Reed." in altered.text
    assert "Harbour lease stands, Coast Herald, 2024-03-05, https://coast.example/lease" in altered.text
    assert unclosed.text == "? NOT CHECKED\nNot checked, because its closing mark is missing."
    assert verbatim.text.startswith("✓ VERBATIM\n")
    assert "news/" not in "".join(one.text for one in (altered, unclosed, verbatim))


def test_a_quotation_asked_about_alone_has_none() -> None:
    """There is no document."""
    assert document_comments(CheckedDraft(None, ())) == []
