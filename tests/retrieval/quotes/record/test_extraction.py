"""Statements of an article: whose, in which characters, in whose words."""

from __future__ import annotations

import pytest

from retrieval.quotes.record import extraction
from retrieval.quotes.record.extraction import statements
from retrieval.store.statements import Statement, StatementKind

ARTICLE = """Mayor Ann Brook said on Friday that the bridge would open in May. She promised to cut the toll.

“We have waited eleven years,” said Brook. “Nobody will wait another.”

The toll, Tom Reed said, is a scandal. According to the city, nine ships a day pass below it.

Reed called the plan “a gift to the banks” on Monday.
"""


def said(text: str) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(each.speaker, str(each.kind), tuple(span.of(text) for span in each.content)) for each in statements(text)]


def test_direct_and_indirect_statements_have_their_speakers_and_exact_words() -> None:
    """A surname is the person named in full; what interrupts a statement is no part of it."""
    assert said(ARTICLE) == [
        ("Ann Brook", "indirect", ("the bridge would open in May",)),
        ("Ann Brook", "indirect", ("to cut the toll",)),
        ("Ann Brook", "direct", ("We have waited eleven years,", "Nobody will wait another.")),
        ("Tom Reed", "indirect", ("The toll", "is a scandal")),
        ("the city", "indirect", ("nine ships a day pass below it",)),
        ("Tom Reed", "mixed", ("the plan “a gift to the banks” on Monday",)),
    ]


def test_the_excerpt_holds_the_words_and_the_name() -> None:
    """What is shown of a statement are whole sentences."""
    for each in statements(ARTICLE):
        assert each.source.of(ARTICLE) in each.excerpt.of(ARTICLE)
        assert each.excerpt.covers(each.span)
        assert each.excerpt.of(ARTICLE)[-1] in ".”"


@pytest.mark.parametrize(
    "text",
    [
        "Ann Brook never said that the bridge was safe.",
        "Ann Brook wanted to say that the bridge was safe.",
        "The so-called “experts” of the city left.",
        "The two states reports mention are small.",
    ],
)
def test_what_nobody_said_is_no_statement(text: str) -> None:
    assert said(text) == []


def test_a_pronoun_that_fits_two_people_is_nobody() -> None:
    """The statement is kept, without a speaker."""
    text = "Ann Brook met Mary Reed. “The bridge is not safe,” she said."
    assert said(text) == [("", "direct", ("The bridge is not safe,",))]


def test_a_courtesy_title_stays_with_a_surname_that_nobody_bears_in_full() -> None:
    text = "Ms. Clinton said that she would not run again."
    assert [speaker for speaker, _, _ in said(text)] == ["Ms. Clinton"]


def test_what_leads_to_a_quotation_is_no_statement() -> None:
    text = "Ann Brook came. Asked about the price of the bridge, Brook said, “I do not believe it.”"
    assert said(text) == [("Ann Brook", "direct", ("I do not believe it.",))]


def test_an_organisation_keeps_its_whole_name() -> None:
    text = "The Justice Department said that it would appeal. The State Department declined to say that it would."
    assert [speaker for speaker, _, _ in said(text)] == ["The Justice Department"]


def test_copies_have_the_same_sentences_whatever_their_marks() -> None:
    """Another typography, a longer quotation: one sentence in common is enough."""
    one = statements('"We have waited eleven years. It is enough for us," said Ann Brook.')[0]
    other = statements("“We have waited eleven years,” Ann Brook said.")[0]
    assert set(other.sentences) < set(one.sentences)


def test_long_texts_are_read_in_windows_of_whole_paragraphs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The spans are those of the whole text."""
    whole = statements(ARTICLE)
    monkeypatch.setattr(extraction, "WINDOW", 150)
    assert [each.content for each in statements(ARTICLE)] == [each.content for each in whole]


@pytest.mark.parametrize("text", ["", "\n\n", "“", "said said said", "“…,” said.", "said that", "According to"])
def test_texts_without_a_statement_have_none(text: str) -> None:
    assert statements(text) == []


def test_a_nested_statement_of_the_same_speaker_is_counted_once() -> None:
    found: list[Statement] = statements("Ann Brook said she hopes that the bridge will open in May.")
    assert [each.kind for each in found] == [StatementKind.INDIRECT]
