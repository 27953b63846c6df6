"""Verdicts on Discord: what of a message was not checked is said."""

from __future__ import annotations

from pathlib import Path

from bot.discord.render_quotes import check_pages
from bot.quote_checks import QuoteCheckBuilder
from retrieval.quotes.desk import QuoteDesk
from retrieval.quotes.draft_text import read_draft
from tests.bot.fakes_quotes import ASKED, quote_library


def test_what_was_not_checked_is_counted_with_its_reason(tmp_path: Path) -> None:
    """Quotations beyond the limit and without a closing mark; scare quotes only in the summary."""
    text = (
        f"The so-called “free port”. “{ASKED['verbatim'][0]},” said Ana Prats. " + "“It is open in May,” she said. " * 3
    )
    with quote_library(tmp_path) as library:
        review = QuoteDesk(library).review(read_draft(f"{text}“It is."), limit=2)
        shown = "".join(page.text for page in check_pages(QuoteCheckBuilder(library).review(review), "this message"))
    assert "**NOT CHECKED** · 2, because only the first quotations of a text this long are checked here" in shown
    assert "**NOT CHECKED** · 1, because its closing mark is missing" in shown
    assert "4 not checked (2 limit, 1 scare quotes, 1 unclosed)" in shown.replace("*", "")
