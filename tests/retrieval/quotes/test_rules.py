"""The rules on hand-made comparisons: no library, no search."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from retrieval.articles import Span
from retrieval.quotes.comparison import Comparison, Comparisons, Search
from retrieval.quotes.diff import Change, ChangeKind
from retrieval.quotes.omissions import Omission
from retrieval.quotes.quotation_parts import read_quote
from retrieval.quotes.rules import decide, verdict_of
from retrieval.quotes.verdict import Severity, TextVerdict

QUOTE = read_quote("We will pay the dockers 45 euros an hour")
PLACE = Comparison(1, Span(0, 40), (0, 9))
OTHER_NUMBER = Change("45", "40", Span(24, 26), Span(24, 26), ChangeKind.NUMBER)
HYPHEN = Change("45", "4-5", Span(24, 26), Span(24, 27), ChangeKind.WORD_BREAK)
LEFT_OUT = Omission(Span(41, 53), "if the port…", ("if",), marked=True)


@pytest.mark.parametrize(
    ("place", "verdict"),
    [
        (Comparison(1, PLACE.span, (0, 9)), TextVerdict.VERBATIM),
        (Comparison(1, PLACE.span, (0, 9), folds=("case",)), TextVerdict.COSMETIC),
        (Comparison(1, PLACE.span, (0, 9), is_edited=True), TextVerdict.EDITED),
        (Comparison(1, PLACE.span, (0, 9), style=(HYPHEN,), is_edited=True), TextVerdict.EDITED),
        (Comparison(1, PLACE.span, (0, 9), omitted=(LEFT_OUT,), is_edited=True), TextVerdict.TRUNCATED),
        (Comparison(1, PLACE.span, (0, 9), omitted=(LEFT_OUT,), is_cut=True), TextVerdict.TRUNCATED),
        (Comparison(1, PLACE.span, (0, 9), (OTHER_NUMBER,), is_edited=True), TextVerdict.ALTERED),
        (Comparison(1, PLACE.span, (0, 9), is_edited=True, has_other_text=True), TextVerdict.ALTERED),
    ],
)
def test_a_place_has_the_loosest_verdict_that_a_difference_demands(place: Comparison, verdict: TextVerdict) -> None:
    """Other words outweigh an omission, an omission outweighs marked edits, those outweigh typography."""
    assert verdict_of(place) is verdict


def test_no_wider_search_is_read_than_is_needed() -> None:
    """Words that occur as they are end the search."""

    def searches() -> Iterator[Comparisons]:
        yield Comparisons(Search.EXACT, (PLACE,))
        raise AssertionError("nothing else is searched")

    assert decide(QUOTE, searches()).verdict is TextVerdict.VERBATIM


def test_a_changed_number_is_grave_and_the_place_with_fewest_differences_comes_first() -> None:
    """ALTERED with high severity; ``cost`` orders the places."""
    near = [Comparison(row, PLACE.span, (0, 9), (OTHER_NUMBER,), cost=cost) for row, cost in ((1, 9), (2, 2))]
    judged = decide(QUOTE, [Comparisons(Search.EXACT, ()), Comparisons(Search.NEAR, tuple(near))])
    assert (judged.verdict, judged.severity) == (TextVerdict.ALTERED, Severity.HIGH)
    assert [place.row for place in judged.places] == [2, 1]


def test_a_place_that_keeps_too_few_words_is_no_source() -> None:
    """Nothing is altered that was never said."""
    lost = Change(QUOTE.text[12:], "something else", Span(12, 40), Span(12, 26), ChangeKind.WORD)
    near = Comparison(1, PLACE.span, (0, 9), (lost,))
    judged = decide(QUOTE, [Comparisons(Search.EXACT, ()), Comparisons(Search.NEAR, (near,))])
    assert (judged.verdict, judged.places) == (TextVerdict.NOT_FOUND, ())


def test_long_fragments_that_start_sentences_are_a_splice() -> None:
    """Each fragment's place is given in the quotation's order; short ones are coincidence."""
    quote = read_quote("We will pay the dockers 45 euros. The strike ended on Tuesday after nine weeks of rain")
    parts = [Comparison(1, Span(0, 32), (0, 7)), Comparison(2, Span(90, 140), (7, 17), starts_sentence=True)]
    judged = decide(quote, [Comparisons(Search.EXACT, ()), Comparisons(Search.FRAGMENTS, tuple(parts))])
    assert (judged.verdict, judged.severity) == (TextVerdict.SPLICED, Severity.HIGH)
    assert [judged.verdict_at(place) for place in judged.places] == [TextVerdict.SPLICED] * 2
    short = [Comparison(1, Span(0, 20), (0, 4)), Comparison(2, Span(90, 140), (13, 17))]
    assert decide(quote, [Comparisons(Search.FRAGMENTS, tuple(short))]).verdict is TextVerdict.NOT_FOUND
