"""Sentences: the units that are quoted."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.articles import Span
from retrieval.text.sentences import MAX_SENTENCE, sentences


def cut(text: str) -> list[str]:
    return [span.of(text) for span in sentences(text, Span(0, len(text)))]


@pytest.mark.parametrize(
    "expected",
    [
        ["The U.S. Army met Gen. Smith at 5 a.m. on St. John Street.", "It rained."],
        ["Senators said U.N. Ambassador Ada Rice’s account was wrong.", "They live in the U.S.", "Many work."],
        ["Mr. Lee spoke.", "No. 5 fell to 3.5 percent on Jan. 4.", "Dr. J. K. Marsh agreed."],
        ["Sen. Ada Poe, R-Ariz., said so.", "She left."],
        ['"I like it." he said.', "He left."],
        ["“Why?” she asked.", "“Go!” Mayor Poe cried.", "Then it was quiet."],
        ["“He is out of his mind.”", "He added, “I mean it.”"],
        ["“We won.", "We will win again,” she said.", "(He was wrong.)", "They left."],
        ["They think they could win.", "That took a month.", "His brother was sick.", "Nobody came."],
        ["So he did it.", "We saw him do so.", "Then we left."],
        ["As noted [1].", "More came [2]."],
    ],
)
def test_sentences_end_where_a_reader_says_they_do(expected: list[str]) -> None:
    assert cut(" ".join(expected)) == expected


def test_a_full_stop_with_no_space_after_it_ends_a_sentence() -> None:
    assert cut("He lost his work.She left. See www.example.Com/Page or Amazon.Com now.") == [
        "He lost his work.",
        "She left.",
        "See www.example.Com/Page or Amazon.Com now.",
    ]


def test_a_line_break_inside_a_sentence_does_not_end_it() -> None:
    assert cut("Ultimately,\nthe decisions came.\r\nNobody\rminded.") == [
        "Ultimately,\nthe decisions came.",
        "Nobody\rminded.",
    ]


def test_a_blank_line_ends_a_sentence_that_has_no_full_stop() -> None:
    assert cut("No stop here\n\nNor here\r\n \r\nNor there") == ["No stop here", "Nor here", "Nor there"]


def test_a_long_run_is_cut_at_clauses_and_bounded() -> None:
    found = cut("one two three, " * 1_000)
    assert all(len(sentence) <= MAX_SENTENCE for sentence in found)
    assert all(sentence.endswith(",") for sentence in found)


def test_only_the_span_is_looked_at() -> None:
    text = "Not this. But this one. Not that."
    assert [span.of(text) for span in sentences(text, Span(10, 23))] == ["But this one."]


@given(st.text(alphabet=st.sampled_from(list("abAB01 .?!,;\"'“”‘’()[]\n\r\t\u00a0\u200b\u2028\f…—漢。")), max_size=400))
def test_every_character_that_is_not_white_space_is_in_one_sentence(text: str) -> None:
    spans = sentences(text, Span(0, len(text)))
    covered = [at for span in spans for at in range(span.start, span.end)]
    assert len(covered) == len(set(covered))
    assert covered == sorted(covered)
    assert {at for at, char in enumerate(text) if not char.isspace()} <= set(covered)
    for span in spans:
        assert 0 < len(span) <= MAX_SENTENCE
        assert span.of(text) == span.of(text).strip()


@pytest.mark.parametrize("unit", ["a", " ", "\n", '."', "a.A", "? ", "”", "\n \r\n", "[!](a)", "A. "])
def test_hostile_runs_take_linear_time(unit: str) -> None:
    text = unit * (300_000 // len(unit))
    began = time.process_time()
    sentences(text, Span(0, len(text)))
    assert time.process_time() - began < 10
