"""Verdicts for the faces: numbered places, their paragraphs, and the exit code."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.quote_checks import Sighting, tally, worst
from retrieval.quotes.desk import QuoteDesk
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
    assert worst([checks["verbatim"], checks["not_found"]]) == 1
    assert worst([checks["not_found"], checks["altered"], checks["verbatim"]]) == 3
    assert worst([checks["verbatim"]]) == worst([]) == 0
    assert tally([checks["altered"], checks["verbatim"], checks["altered"]]) == {"verbatim": 1, "altered": 2}


def test_places_are_numbered_through_and_shown_in_their_paragraphs(library: Library) -> None:
    """The context is the article's own characters around the place."""
    sighting, desk = Sighting(library), QuoteDesk(library)
    first = sighting.check(desk.check(ASKED["altered"][0]))
    second = sighting.check(desk.check(ASKED["too_short"][0]))
    sights = [*first.sights, *second.sights]
    assert [sight.number for sight in sights] == list(range(1, len(sights) + 1))
    for sight in sights:
        text = library.article(sight.article.id).text
        assert sight.context == sight.around.of(text)
        assert sight.around.covers(sight.span)
        assert sight.text(sight.span) == sight.of.text == sight.span.of(text)
    assert (first.matches[0].paragraph, first.variants[0].paragraph) == (3, 2)


def test_the_context_holds_what_was_left_out(library: Library) -> None:
    """So that it can be shown."""
    sight = checked(library, *ASKED["truncated"]).matches[0]
    assert isinstance(sight.of, Match)
    assert [sight.text(each.span) for each in sight.of.omitted] == ["if the port stays open"]


def test_a_place_comes_once(library: Library) -> None:
    """Two readings of the same brackets or ellipses may find the same characters."""
    places = [(sight.article.id, sight.span) for sight in checked(library, *ASKED["edited"]).sights]
    assert len(places) == len(set(places))


def test_the_speaker_is_told_in_the_articles_characters(library: Library) -> None:
    """Surface, cue and sentence are spans of it; the full name stands beside the surface."""
    told = checked(library, *ASKED["altered"]).told
    assert told is not None
    assert (told.surface, told.cue, told.speaker.attribution.name) == ("Prats", "told", "Ana Prats")
    assert told.sentence in LEASE.text


def test_a_drafts_quotations_bring_their_places(library: Library) -> None:
    """The place in the draft stands beside each verdict."""
    sighting = Sighting(library)
    found = [sighting.check(verdict, place) for place, verdict in QuoteDesk(library).check_draft(DRAFT)]
    assert [check.drafted.content_span.of(DRAFT)[:9] for check in found if check.drafted][-1] == "The light"
