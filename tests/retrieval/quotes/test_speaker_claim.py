"""Claimed speakers: whom a draft names, and when that is plain enough to be called wrong."""

from __future__ import annotations

import pytest

from evals.quotes.store import TextLibrary
from retrieval.articles import Span
from retrieval.quotes.attribution.speakers import SpeakerVerdict
from retrieval.quotes.desk import QuoteDesk
from retrieval.quotes.draft_text import read_draft
from retrieval.quotes.speaker_claim import claimed_speaker, is_name, may_speak

WORDS = "We are going to keep every one of the boats"


@pytest.fixture(scope="module")
def desk() -> QuoteDesk:
    library = TextLibrary()
    library.add([("a", "Boats", "The Coast", "2024-01-01", f"“{WORDS} in the harbour,” said Ann Brook, the mayor.\n")])
    return QuoteDesk(library)


@pytest.mark.parametrize(
    "name", ["1", "not", "https", "kek", "https://x.org", "#12", "Monday", "he", "He", "", "a@b.org", "[x]"]
)
def test_what_cannot_speak_is_nobody(name: str) -> None:
    """A number, an address, a stray word."""
    assert not may_speak(name)


@pytest.mark.parametrize("name", ["Ann Brook", "the mayor", "kd lang III", "his wife", "van der Berg", "FBI", "李娜"])
def test_names_and_descriptions_can(name: str) -> None:
    """Whatever their script."""
    assert may_speak(name)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Ann Brook", True),
        ("Ludwig van der Berg", True),
        ("the mayor", False),
        ("Tulsa's mayor", False),
        ("FBI", True),
        ("Tip O’Neill", True),
        ("He", False),
    ],
)
def test_a_name_is_more_than_a_capital(name: str, expected: bool) -> None:
    """An office is no name, whoever's it is."""
    assert is_name(name) is expected


@pytest.mark.parametrize(
    ("draft", "verdict"),
    [
        (f"“{WORDS},” said Tom Reed.", SpeakerVerdict.OTHER),
        (f"“{WORDS},” said **Tom Reed**.", SpeakerVerdict.OTHER),
        (f"“{WORDS},” said the president. President Emma Marsh had left.", SpeakerVerdict.UNKNOWN),
        (f"“{WORDS},” said Tulsa's mayor.", SpeakerVerdict.UNKNOWN),
        (f"Of Dr. Tom Reed, who was away, he said: “{WORDS}.”", SpeakerVerdict.UNKNOWN),
        (f"Of Tom Reed, who was away, and of Jim Poe, he said: “{WORDS}.”", SpeakerVerdict.UNKNOWN),
        (f"“{WORDS},” Tom Reed told Ann Brook.", SpeakerVerdict.UNKNOWN),
        (f"“{WORDS},” said Ann Brook.", SpeakerVerdict.MATCH),
    ],
)
def test_only_a_speaker_named_in_plain_words_is_called_wrong(
    desk: QuoteDesk, draft: str, verdict: SpeakerVerdict
) -> None:
    """A pronoun, an office and a guess are for a person to judge."""
    (checked,) = desk.review(read_draft(draft)).checked
    assert checked.verdict.speaker is not None
    assert (checked.verdict.speaker.verdict or SpeakerVerdict.UNKNOWN) is verdict


MARKUP = [
    *(" [1]", "[1]", " [1][2]", "¹", " (1)", " <@123456789012345678>", " <#123456789012345678>", " @Tom Reed", " lol"),
    *(" https://x.example/a", " <https://x.example/a>", " [source](https://x.example/a)", " 🙂", "🙂", " :joy:", "lol"),
    *(" <:kek:123456789012345678>", " kek", " LOL", " XD", " <t:1700000000:R>", " #news", " — lol", " — [1]", " Wow"),
    *("\n— https://x.example/a", "\n— lol", "\n-# [1] Boats", "\nKek", " — #general", " — <@123456789012345678>"),
]


@pytest.mark.parametrize("after", MARKUP)
@pytest.mark.parametrize("quotation", [f"“{WORDS} in the harbour,”", f"> “{WORDS} in the harbour.”"])
def test_markup_behind_a_quotation_is_no_speaker(desk: QuoteDesk, quotation: str, after: str) -> None:
    """Nor an exclamation: the quotation is checked, and nobody is said to be claimed."""
    review = desk.review(read_draft(quotation + after))
    assert [one.claim for one in review.checked] == [None]
    assert not review.unchecked


@pytest.mark.parametrize(
    "before",
    [
        *("Source:", "Breaking:", "LOL:", "Kek:", "TIL:", "Update:", "Hot take:", "JUST IN:", "OMG"),
        *("@Tom Reed:", "@Tom Reed said:", "<@123456789012345678>:", ":wave:", "<a:kek:123456789012345678>:", "1."),
        *("https://x.example/a:", "-# ", "Harbour:", "Quote of the day:"),
    ],
)
def test_a_label_before_a_quotation_is_a_speaker_only_where_it_is_a_name(desk: QuoteDesk, before: str) -> None:
    """The articles tell: they write names with a capital, and have no "Kek"."""
    (checked,) = desk.review(read_draft(f"{before} “{WORDS} in the harbour.”")).checked
    assert checked.claim is None


@pytest.mark.parametrize("label", ["Tom Reed", "Tom", "Brook"])
def test_a_label_that_is_a_name_is_a_claim(desk: QuoteDesk, label: str) -> None:
    """A full name, a given name, or one that an article has."""
    (checked,) = desk.review(read_draft(f"{label}: “{WORDS} in the harbour.”")).checked
    assert checked.claim is not None
    assert checked.verdict.speaker is not None
    assert checked.verdict.speaker.verdict is (SpeakerVerdict.MATCH if label == "Brook" else SpeakerVerdict.OTHER)


def test_where_something_was_passed_on_is_not_who_said_it(desk: QuoteDesk) -> None:
    """A network is not called wrong."""
    (checked,) = desk.review(read_draft(f"“{WORDS} in the harbour.” — via Twitter")).checked
    assert checked.verdict.speaker is not None
    assert checked.verdict.speaker.verdict is SpeakerVerdict.UNKNOWN


def test_a_pronoun_is_plain_where_nobody_else_is_named_before_it() -> None:
    """And not where somebody is."""
    for other, certain in (("", True), (" to Jim Poe", False)):
        draft = f"Tom Reed spoke{other} on Monday. “{WORDS},” he said."
        claim = claimed_speaker(draft, Span(draft.index("We"), draft.index(",”")))
        assert claim is None or not claim.name or claim.is_certain is certain


@pytest.mark.parametrize(
    ("named", "name"),
    [
        ("Donna Brazile, the chairwoman of the Democratic National Committee,", "Donna Brazile"),
        ("Clinton campaign spokesman Brian Fallon", "Brian Fallon"),
        ("Senate Majority Leader Mitch McConnell, R-Ky.,", "Mitch McConnell"),
        ("Cornell William Brooks, president of the NAACP,", "Cornell William Brooks"),
        ("Representative Charles Rangel of New York", "Charles Rangel"),
        ("MSNBC host Chris Matthews", "Chris Matthews"),
        ("Tulsa's mayor, Chuck Jordan,", "Chuck Jordan"),
        ("the mayor, Ana de la Cruz,", "Ana de la Cruz"),
    ],
)
def test_a_claim_is_the_name_at_the_head_of_its_phrase(named: str, name: str) -> None:
    """Neither the body that somebody works for nor the place they come from."""
    for draft in (f"{named} told reporters: “{WORDS}.”", f"On Monday, {named} said that “{WORDS}.”"):
        claim = claimed_speaker(draft, Span(draft.index("We are"), draft.index(".”")))
        assert claim is not None
        assert claim.name == name


def test_an_outlet_is_claimed_by_its_whole_name_and_has_its_own_words() -> None:
    """Linked or not; of another outlet's words nobody is accused."""
    library = TextLibrary()
    library.add(
        [("a", "Ferry", "The Coast", "2024-01-01", "The last ferry left on Sunday evening with nine people.\n")]
    )
    said = "The last ferry left on Sunday evening with nine people."
    for outlet, verdict in (("The Coast", SpeakerVerdict.MATCH), ("The Globe", SpeakerVerdict.UNKNOWN)):
        (checked,) = (
            QuoteDesk(library).review(read_draft(f"As [{outlet}](https://example.org) put it: “{said}”")).checked
        )
        assert checked.claim is not None
        assert checked.claim.name == outlet
        assert checked.verdict.speaker is not None
        assert checked.verdict.speaker.verdict is verdict
