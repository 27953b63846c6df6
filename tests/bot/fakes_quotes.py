"""A small corpus of quotations, and what the desk says of them."""

from __future__ import annotations

from pathlib import Path

from bot.quote_checks import QuoteCheck, QuoteCheckBuilder
from retrieval.articles import Filters
from retrieval.quotes.desk import QuoteDesk
from retrieval.store.library import Library
from tests.fakes import make_article, make_library

LEASE = make_article(
    "Harbour lease stands\n"
    "“The lease of the harbour is not permitted to end before the summer,” said Ana Prats, the mayor of Port Vell.\n"
    "“We will pay the dockers 40 euros an hour,” Prats told reporters. "
    "“Nobody will lose a job, if the port stays open.”\n"
    "The port has paid rent late since the spring of last year.\n"
    "Joan Vila, a lawyer, suggested that the city could sell the old customs house to a hotel chain.\n",
    title="Harbour lease stands",
    origin="news/lease.txt",
    path="news/lease.txt",
    source="Coast Herald",
    author="Marta Soler",
    published="2024-03-05",
    url="https://coast.example/lease",
)
STRIKE = make_article(
    "Dockers accept the offer\n"
    "The mayor, Ana Prats, repeated her promise: “We will pay the dockers 45 euros an hour.”\n"
    "The strike ended on Tuesday, nine weeks after it began.\n",
    title="Dockers accept the offer",
    origin="news/strike.txt",
    path="news/strike.txt",
    source="Valley Times",
    published="2024-04-20",
)

ASKED = {
    "verbatim": ("The lease of the harbour is not permitted to end before the summer", "Ana Prats"),
    "cosmetic": ("the lease of the harbour is not permitted – to end before the summer", "Joan Vila"),
    "edited": ("The lease … is not permitted to end before the summer", None),
    "truncated": ("Nobody will lose a job", "Ana Prats"),
    "altered": ("We will pay the dockers 400 euros each hour", "Ana Prats"),
    "spliced": ("Nobody will lose a job, if the port stays open. The strike ended on Tuesday, nine weeks after", None),
    "paraphrase": ("a hotel chain may get the customs house that the city could sell", "Joan Vila"),
    "outlet": ("The port has paid rent late since the spring", "Ana Prats"),
    "not_found": ("The lighthouse keeper will marry a baroness in winter", None),
    "too_short": ("the dockers", None),
}
"""What is asked about, by the verdict or the speaker's: words, and who is said to have said them."""

DRAFT = """---
title: "The lease of the harbour"
---
The mayor was clear. “The lease of the harbour is not permitted to end before the summer,” said Ana Prats.

"We will pay the dockers 400 euros an hour," Prats told reporters.

“The lighthouse keeper will marry a baroness in winter,” said Joan Vila.
"""


def quote_library(folder: Path) -> Library:
    """Return a library of the two articles, made in ``folder``."""
    return make_library(folder, [LEASE, STRIKE])


def checked(library: Library, words: str, speaker: str | None = None, filters: Filters | None = None) -> QuoteCheck:
    """Return one check, its places numbered from 1."""
    return QuoteCheckBuilder(library).check(QuoteDesk(library).check(words, speaker, filters))
