"""The survey: each pair of quotation marks of a draft is checked, or listed with the reason why not."""

from __future__ import annotations

import pytest

from evals.quotes.drafts import unaccounted
from evals.quotes.store import TextLibrary
from retrieval.quotes.desk import QuoteDesk
from retrieval.quotes.draft_survey import UncheckedReason, front_matter_quotations
from retrieval.quotes.draft_text import read_draft
from retrieval.quotes.verdict import TextVerdict

ARTICLE = (
    "“We are going to keep every one of the boats in the harbour,” said Ann Brook, the mayor.\n\n"
    "Brook said the plan would give every family a berth.\n"
)
LONG = (
    "The council heard late on Monday from a number of people of the town, and at the end the mayor of the town spoke:"
)


@pytest.fixture(scope="module")
def desk() -> QuoteDesk:
    library = TextLibrary()
    library.add([("a", "Boats", "", "2024-01-01", ARTICLE)])
    return QuoteDesk(library)


@pytest.mark.parametrize(
    ("draft", "reasons"),
    [
        ("The so-called “boat people” left.", [UncheckedReason.SCARE]),
        ("She read from her book “The Harbour of the North” on Monday.", [UncheckedReason.TITLE]),
        ("He wrote “…” and left, “ ” and all.", [UncheckedReason.EMPTY, UncheckedReason.EMPTY]),
        ("The mayor said: “We are going to keep them. She left.", [UncheckedReason.UNCLOSED]),
        ("We are going to keep them,” the mayor said.", [UncheckedReason.UNOPENED]),
        ("“One, he said. “Two more of them are coming,” said Tom Reed.", [UncheckedReason.UNCLOSED]),
        ("„Wir werden die Boote alle behalten“, sagte Ann Brook.", [UncheckedReason.LANGUAGE]),
        ("「私たちは船を全部残します」とブルックは言った。", [UncheckedReason.LANGUAGE]),
        ('The pole was 6\'2" long and the board 12" wide.', []),
        ("“We are going to keep every one of the boats,” said Ann Brook.", []),
    ],
)
def test_what_is_not_checked_has_a_reason(desk: QuoteDesk, draft: str, reasons: list[UncheckedReason]) -> None:
    """And what is between marks of quotation is never lost."""
    review = desk.review(read_draft(draft))
    assert [one.reason for one in review.unchecked] == reasons
    assert unaccounted(draft, review) == []


@pytest.mark.parametrize(
    ("draft", "verdict"),
    [
        ("She would mean that “we will keep every one of the boats in the harbour.”", TextVerdict.ALTERED),
        ("The so-called “every one of the boats” line was hers.", TextVerdict.VERBATIM),
        (f"{LONG} “We are going\nto keep every one of the boats in the harbour”, she said.", TextVerdict.VERBATIM),
        ("> “We are going to keep every one\n> of the boats in the harbour”, said Ann Brook.", TextVerdict.VERBATIM),
        ("**“We are going to keep *every one* of the boats”**, said Ann Brook.", TextVerdict.VERBATIM),
        ("||“We are going to keep every one of the boats”||, said Ann Brook.", TextVerdict.VERBATIM),
    ],
)
def test_it_is_checked_wherever_it_stands(desk: QuoteDesk, draft: str, verdict: TextVerdict) -> None:
    """Over line ends, in block quotations, bold type and spoilers, and where only distance is marked."""
    review = desk.review(read_draft(draft))
    assert [one.verdict.text for one in review.checked] == [verdict]
    content = review.checked[0].quotation.content_span.of(draft)
    assert content.split()[-1].strip(".,") in draft


@pytest.mark.parametrize(
    "draft",
    [
        "“We have not agreed to give every family,” said Ann Brook, “a berth of its own.”",
        "“We have not,” said Ann Brook, “agreed to give every family a berth of its own.”",
    ],
)
def test_the_halves_of_an_interrupted_quotation_are_judged_as_one(draft: str) -> None:
    """What one half leaves out, the other has."""
    library = TextLibrary()
    library.add([("a", "", "", "", "“We have not agreed to give every family a berth of its own,” said Ann Brook.\n")])
    verdicts = {one.verdict.text for one in QuoteDesk(library).review(read_draft(draft)).checked}
    assert verdicts <= {TextVerdict.VERBATIM, TextVerdict.COSMETIC, TextVerdict.EDITED, TextVerdict.TOO_SHORT}


@pytest.mark.parametrize(
    ("draft", "words"),
    [
        (
            "‘We are going to keep every one of the boats’, said Ann Brook.",
            "We are going to keep every one of the boats",
        ),
        (
            "'We are going to keep 'every one' of the boats,' she said.",
            "We are going to keep 'every one' of the boats,",
        ),
        (
            "'We have kept every one of the boats since 2000', she said.",
            "We have kept every one of the boats since 2000",
        ),
        ("‘We keep the so-called 'old' boats.’ ‘We keep them.’", "We keep the so-called 'old' boats."),
    ],
)
def test_single_marks_are_quotation_marks_too(desk: QuoteDesk, draft: str, words: str) -> None:
    """With single marks in them, too, and behind a number."""
    review = desk.review(read_draft(draft))
    assert review.checked[0].quotation.content_span.of(draft) == words
    assert not [one for one in review.unchecked if "boats" in one.span.of(draft)]


def test_a_quotation_inside_one_that_no_article_has_is_checked_by_itself(desk: QuoteDesk) -> None:
    """What somebody says that somebody said."""
    inner = "We are going to keep every one of the boats"
    draft = f"“He looked at me over his glasses and told me, ‘{inner},’ and I went home,” said Tom Reed."
    outer, *others = desk.review(read_draft(draft)).checked
    assert outer.verdict.text in {TextVerdict.NOT_FOUND, TextVerdict.PARAPHRASE}
    assert [one.quotation.content_span.of(draft) for one in others] == [f"{inner},"]
    assert others[0].verdict.text in {TextVerdict.VERBATIM, TextVerdict.COSMETIC}


def test_apostrophes_are_no_quotation_marks(desk: QuoteDesk) -> None:
    """At the beginning and the end of words."""
    draft = "The dogs' bowls in the '90s rock 'n' roll clubs of St James's; the Smiths', 'til May. 'Tis the boys'."
    review = desk.review(read_draft(draft))
    assert [one.quotation.content_span.of(draft) for one in review.checked] == []


def test_the_26th_is_checked_as_the_first(desk: QuoteDesk) -> None:
    """There is no limit but one that is asked for."""
    draft = "“We are going to keep every one of the boats in the harbour,” said Ann Brook.\n\n" * 60
    assert len(desk.review(read_draft(draft)).checked) == 60


def test_front_matter_is_syntax_but_for_the_quotations_in_it() -> None:
    """Marks around a whole value are YAML's."""
    front = '---\ntitle: "Mayor: \'we stay\'"\ntags: ["a", "b"]\nlead: The mayor says “we stay”\n---\n'
    assert [one.content_span.of(front) for one in front_matter_quotations(front)] == ["we stay", "we stay"]
