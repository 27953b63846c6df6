"""Verdicts for the faces: numbered places, their paragraphs, and the exit code."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.drafts import Draft
from bot.quote_checks import QuoteCheckBuilder, verdict_counts, worst_code
from retrieval.quotes.desk import QuoteDesk
from retrieval.quotes.draft_survey import UncheckedReason
from retrieval.quotes.draft_text import read_draft
from retrieval.quotes.verdict import Match
from retrieval.store.library import Library
from tests.bot.fakes_quotes import ASKED, DRAFT, LEASE, checked, quote_library


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with quote_library(tmp_path) as library:
        yield library


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("verbatim", 0),
        ("edited", 0),
        ("not_found", 1),
        ("paraphrase", 1),
        ("too_short", 1),
        ("truncated", 3),
        ("altered", 3),
        ("spliced", 3),
    ],
)
def test_the_code_tells_what_may_be_printed_from_what_may_not(name: str, code: int, library: Library) -> None:
    """0 as quoted, 1 no such quotation, 3 said otherwise."""
    check = checked(library, *ASKED[name])
    assert (check.verdict.text, check.code) == (name, code)


def test_right_words_of_somebody_else_are_misattributed(library: Library) -> None:
    """Another speaker or the outlet's own words give 3, but only when somebody was claimed."""
    for name in ("cosmetic", "outlet"):
        words, speaker = ASKED[name]
        assert checked(library, words, speaker).code == 3
        assert checked(library, words, speaker).is_misattributed
        assert checked(library, words).code == 0


def test_the_worst_code_of_several_wins(library: Library) -> None:
    """3 before 1 before 0; nothing checked is nothing wrong."""
    checks = {name: checked(library, *asked) for name, asked in ASKED.items()}
    assert worst_code([checks["verbatim"], checks["not_found"]]) == 1
    assert worst_code([checks["not_found"], checks["altered"], checks["verbatim"]]) == 3
    assert worst_code([checks["verbatim"]]) == worst_code([]) == 0
    assert verdict_counts([checks["altered"], checks["verbatim"], checks["altered"]]) == {"verbatim": 1, "altered": 2}


def test_places_are_numbered_through_and_shown_in_their_paragraphs(library: Library) -> None:
    """The context is the article's own characters around the place."""
    builder, desk = QuoteCheckBuilder(library), QuoteDesk(library)
    first = builder.check(desk.check(ASKED["altered"][0]))
    second = builder.check(desk.check(ASKED["too_short"][0]))
    places = [*first.places, *second.places]
    assert [place.number for place in places] == list(range(1, len(places) + 1))
    for place in places:
        text = library.article(place.article.id).text
        assert place.context == place.around.of(text)
        assert place.around.covers(place.span)
        assert place.text(place.span) == place.of.text == place.span.of(text)
    assert (first.matches[0].paragraph, first.variants[0].paragraph) == (3, 2)


def test_the_context_holds_what_was_left_out(library: Library) -> None:
    """So that it can be shown."""
    place = checked(library, *ASKED["truncated"]).matches[0]
    assert isinstance(place.of, Match)
    assert [place.text(each.span) for each in place.of.omitted] == ["if the port stays open"]


def test_a_place_comes_once(library: Library) -> None:
    """Two readings of the same brackets or ellipses may find the same characters."""
    places = [(place.article.id, place.span) for place in checked(library, *ASKED["edited"]).places]
    assert len(places) == len(set(places))


def test_the_speaker_is_told_in_the_articles_characters(library: Library) -> None:
    """Surface, cue and sentence are spans of it; the full name stands beside the surface."""
    speaker = checked(library, *ASKED["altered"]).speaker
    assert speaker is not None
    assert (speaker.surface, speaker.cue, speaker.attribution.name) == ("Prats", "told", "Ana Prats")
    assert speaker.sentence in LEASE.text


def test_a_drafts_quotations_bring_their_places(library: Library) -> None:
    """The place in the draft stands beside each verdict."""
    found = QuoteCheckBuilder(library).review(QuoteDesk(library).review(read_draft(DRAFT))).checks
    assert [check.quotation.content_span.of(DRAFT)[:9] for check in found if check.quotation][-1] == "The light"


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        (f"“{ASKED['verbatim'][0]},” said Ana Prats.", 0),
        (f"“{ASKED['verbatim'][0]},” said Ana Prats, of the so-called “free port”.", 0),
        (f"“{ASKED['verbatim'][0]},” said Ana Prats. “We will pay, she added.", 1),
        (f"“{ASKED['verbatim'][0]},” said Ana Prats. “Die Stadt wird den Hafen nicht mehr verkaufen,” sagte Vila.", 1),
        (f"“{ASKED['verbatim'][0]},” said Ana Prats. We will pay,” she added.", 1),
    ],
)
def test_a_quotation_that_was_not_checked_is_no_success(draft: str, code: int, library: Library) -> None:
    """Scare quotes are rightly passed over; what claims to be somebody's words and was not checked is not."""
    assert QuoteCheckBuilder(library).review(QuoteDesk(library).review(read_draft(draft))).code == code


def test_what_could_not_be_read_of_a_file_gives_2(library: Library) -> None:
    """Unless a quotation that was read is altered."""
    builder, desk = QuoteCheckBuilder(library), QuoteDesk(library)
    for text, code in ((f"“{ASKED['verbatim'][0]},” said Ana Prats.", 2), (DRAFT, 3)):
        assert builder.review(desk.review(read_draft(text)), Draft("drafts.jsonl", text, unread=1)).code == code


def test_the_quotations_beyond_a_limit_are_counted(library: Library) -> None:
    """The third is not checked, and said to be."""
    review = QuoteDesk(library).review(read_draft(DRAFT, DRAFT.index("The mayor")), limit=2)
    reasons = [one.reason for one in review.unchecked]
    assert (len(review.checked), reasons) == (2, [UncheckedReason.LIMIT])
