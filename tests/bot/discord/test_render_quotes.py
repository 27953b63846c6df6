"""Verdicts on Discord: cards in plain words, within Discord's limits, and nothing that was not checked left out."""

from __future__ import annotations

import asyncio
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot.discord.buttons import SHARE, one_page
from bot.discord.layout import MAX_COMPONENTS, message_payload
from bot.discord.pages import MAX_MESSAGE_CHARACTERS, Accent
from bot.discord.render_quotes import check_pages, quote_cards, quote_targets
from bot.quote_checks import CheckedDraft, QuoteCheckBuilder, QuoteChecker
from retrieval.articles import Filters
from retrieval.quotes.desk import QuoteDesk
from retrieval.quotes.draft_text import read_draft
from retrieval.store.library import Library
from tests.bot.discord.fakes_discord import components
from tests.bot.fakes_quotes import ASKED, LEASE, checked, quote_library
from tests.fakes import make_article, make_library

MAX_TEXT_CHARACTERS = 4_000
"""Characters of all text displays of one message (Discord's limit)."""


def reviewed(library: Library, text: str) -> CheckedDraft:
    """Return the checks of a text's quotations."""
    return QuoteChecker(QuoteDesk(library), library).check_text(text, Filters())


def test_what_was_not_checked_is_counted_with_its_reason(tmp_path: Path) -> None:
    """Quotations beyond the limit and without a closing mark, with their words; scare quotes only in the summary."""
    text = (
        f"The so-called “free port”. “{ASKED['verbatim'][0]},” said Ana Prats. "
        + "“It is open in May,” she said. " * 3
        + "“It is."
    )
    with quote_library(tmp_path) as library:
        review = QuoteDesk(library).review(read_draft(text), limit=2)
        done = QuoteCheckBuilder(library).review(review)
        shown = "".join(page.text for page in check_pages(done, "this message", text=text))
    assert "**NOT CHECKED** · 2, because only the first quotations of a text this long are checked here" in shown
    assert "**NOT CHECKED** · 1, because its closing mark is missing: “It is." in shown
    assert "6 quotations in this message: " in shown
    assert "4 not checked (2 limit, 1 scare quotes, 1 unclosed)" in shown.replace("*", "")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("verbatim", "✅ **VERBATIM** · exactly these words are in the article\n"),
        (
            "cosmetic",
            "❌ **MISATTRIBUTED** · somebody else said it\n✅ **COSMETIC** · the same words; only punctuation",
        ),
        ("edited", "✅ **EDITED** · the article's words, with cuts or brackets marked\n"),
        ("truncated", "❌ **TRUNCATED** · what it leaves out changes what is said · a serious difference\n"),
        (
            "altered",
            "❌ **ALTERED** · the article has other words · a serious difference\n> We will pay the dockers ~~400",
        ),
        ("spliced", "❌ **SPLICED** · put together from parts"),
        ("paraphrase", "❔ **PARAPHRASE** · not in these words"),
        ("outlet", "❌ **MISATTRIBUTED** · these are the article's own words\n✅ **VERBATIM**"),
        ("not_found", "❔ **NOT FOUND** · in none of the articles"),
        ("too_short", "❔ **TOO SHORT** · too few words to judge\n"),
    ],
)
def test_a_card_begins_with_what_its_verdict_means(asked: str, said: str, tmp_path: Path) -> None:
    """In plain words, its fault first; no bare constant follows."""
    with quote_library(tmp_path) as library:
        (page,) = check_pages(CheckedDraft(None, (checked(library, *ASKED[asked]),)))
    assert page.text.startswith(said)
    assert not any(bare in page.text for bare in ("severity", "OUTLET", "OTHER", "article="))
    accents = {"❌": Accent.INACCURATE, "❔": Accent.UNCERTAIN, "✅": Accent.ACCURATE}
    assert page.accent is accents[said[0]]


def test_cited_words_are_checked_against_their_article_in_plain_words(tmp_path: Path) -> None:
    """No article's id is shown."""
    with quote_library(tmp_path) as library:
        done = QuoteChecker(QuoteDesk(library), library).check_cited([(ASKED["verbatim"][0], LEASE.id)])
        (page,) = check_pages(CheckedDraft(None, tuple(done)), "this answer")
    assert "\n-# Searched the article that each is cited from." in page.text
    assert LEASE.id[:8] not in page.text


def test_equal_quotations_are_one_card_and_the_worst_come_first(tmp_path: Path) -> None:
    """Typed otherwise they are equal; claimed of another speaker they are not. Numbers follow the cards."""
    words = ASKED["verbatim"][0]
    claims = ("said Ana Prats", "said Ana Prats", "said Joan Vila")
    text = "\n\n".join(f"“{words},” {claim}." for claim in claims) + f"\n\n“{ASKED['not_found'][0]},” she said."
    with quote_library(tmp_path) as library:
        done = reviewed(library, text)
        cards = quote_cards(done.checks)
        (page,) = check_pages(done, "this message", text=text)
    assert [(card.count, card.check.is_misattributed) for card in cards] == [(1, True), (1, False), (2, False)]
    assert page.text.index("MISATTRIBUTED") < page.text.index("NOT FOUND") < page.text.index("quoted 2 times")
    assert "4 quotations in this message: 3 verbatim, 1 not found. 1 of them misattributed." in page.text
    numbers = [place.number for card in cards for place in card.check.places]
    assert numbers == list(range(1, len(numbers) + 1)) == [target.number for target in quote_targets(done.checks)]


@pytest.mark.parametrize("layout", ["components", "plain"])
def test_every_page_of_many_verdicts_fits_a_message(layout: str, tmp_path: Path) -> None:
    """With an address for each article: 40 components, 4,000 characters; plain 2,000 and five rows."""
    said = [f"The council of district {number} has voted for bridge {number} again" for number in range(1, 31)]
    articles = [
        make_article(
            f"“{words},” said Ann Lee{number}.",
            title="A title of some length *and* a mark " * 3,
            origin=f"{number}.txt",
            url=f"https://coast.example/{'a' * 40}/{number}",
        )
        for number, words in enumerate(said)
    ]
    text = "\n".join(f"“{words.replace('voted', 'spoken')}”\n“{words}”" for words in said)
    with make_library(tmp_path, articles) as library:
        pages = check_pages(reviewed(library, text), "this message", text=text)

    async def sent() -> None:
        for number in range(1, len(pages) + 1):
            message = one_page(pages, "0123456789abcdef", [SHARE], number)
            payload = message_payload(message, "plain" if layout == "plain" else "components")
            assert len(payload["content"] or "") <= MAX_MESSAGE_CHARACTERS
            found = list(components(SimpleNamespace(components=payload["view"].to_components())))
            assert len(found) <= MAX_COMPONENTS
            assert sum(len(one.get("content", "")) for one in found) <= MAX_TEXT_CHARACTERS
            ids = [one["custom_id"] for one in found if "custom_id" in one]
            assert len(ids) == len(set(ids))
            links = [one["url"] for one in found if one.get("url")]
            assert len(links) == (len(pages[number - 1].numbers) if layout == "components" else 0)

    asyncio.run(sent())
    assert len(pages) > 10


def test_an_article_with_several_places_is_named_once(tmp_path: Path) -> None:
    """Under the numbers of all of them, each with its button."""
    text = "The quay is closed. The bridge is closed. The tunnel is closed."
    with make_library(tmp_path, [make_article(text, title="Roads shut")]) as library:
        (page,) = check_pages(CheckedDraft(None, (checked(library, "is closed"),)))
    assert "[1][2][3] Roads shut" in page.text
    assert page.text.count("Roads shut") == 1
    assert page.numbers == (1, 2, 3)
