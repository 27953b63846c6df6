"""Spans of articles, and the characters that passages have of them."""

from __future__ import annotations

import pytest

from retrieval.articles import Passage, Span

TEXT = "Ada Poe left. Ben Roe stayed."


def test_a_span_is_counted_from_the_start_of_one_around_it() -> None:
    sentence, name = Span(14, 29), Span(14, 21)
    assert name.within(sentence).of(sentence.of(TEXT)) == name.of(TEXT) == "Ben Roe"


def test_a_span_that_begins_before_another_is_not_in_it() -> None:
    with pytest.raises(ValueError, match="not a span"):
        Span(0, 7).within(Span(4, 13))


@pytest.mark.parametrize(
    ("span", "held"),
    [(Span(14, 29), "Ben Roe stayed."), (Span(0, 21), "Ben Roe"), (Span(22, 40), "stayed."), (Span(0, 13), "")],
)
def test_a_passage_has_the_characters_of_a_span_that_are_in_it(span: Span, held: str) -> None:
    passage = Passage("a", 1, Span(14, 29), TEXT[14:], "", (Span(14, 29),))
    assert passage.text_of(span) == held
