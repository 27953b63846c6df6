"""Sentences out of a stream: whole, each with its pointers, the same for any cutting."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answers import Form
from bot.generation.citation_markers import MarkerParser
from bot.generation.sentence_stream import SentenceDraft, SentenceStream

LINKS = {"https://coast.example/harbour"}


def drafts(text: str, size: int = 10_000) -> list[SentenceDraft]:
    markers, sentences = MarkerParser("kqzt", 5), SentenceStream("kqzt", LINKS)
    found = [draft for at in range(0, len(text), size) for draft in sentences.feed(markers.feed(text[at : at + size]))]
    return [*found, *sentences.feed(markers.close()), *sentences.close()]


def said(text: str) -> list[tuple[str, tuple[int, ...]]]:
    return [(draft.text, draft.numbers) for draft in drafts(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It ended [kqzt-1]. Wages rose [kqzt-2].", [("It ended.", (1,)), ("Wages rose.", (2,))]),
        ("It ended. [kqzt-1] Wages rose. [kqzt-2]", [("It ended.", (1,)), ("Wages rose.", (2,))]),
        ("It ended [kqzt-1][kqzt-2].", [("It ended.", (1, 2))]),
        ("It rose to 3.5 percent [kqzt-1].", [("It rose to 3.5 percent.", (1,))]),
        ("Mr. Smith of the U.S. left [kqzt-1].", [("Mr. Smith of the U.S. left.", (1,))]),
        ("He said “yes [kqzt-1].” She left.", [("He said “yes.”", (1,)), ("She left.", ())]),
        ("“Stop!” Trump said. He left.", [("“Stop!” Trump said.", ()), ("He left.", ())]),
        ("An ally of the U.S. [kqzt-1]. It ended.", [("An ally of the U.S.", (1,)), ("It ended.", ())]),
        ("It \x1b[31mend\u200bed\x1b[0m [kqzt-1].", [("It [31mended[0m.", (1,))]),
        ("no full stop [kqzt-1]", [("no full stop", (1,))]),
        ("a line\nthat goes on [kqzt-1].", [("a line that goes on.", (1,))]),
        ("**Wages** rose *a lot* [kqzt-1].", [("Wages rose a lot.", (1,))]),
        ("According to kqzt-1, it ended.", [("According to the article, it ended.", ())]),
    ],
)
def test_a_sentence_is_told_whole_with_what_it_points_to(
    text: str, expected: list[tuple[str, tuple[int, ...]]]
) -> None:
    assert said(text) == expected


def test_a_sentence_whose_marker_stands_before_its_full_stop_is_told_at_once() -> None:
    """It does not wait for the next word."""
    markers, sentences = MarkerParser("kqzt", 5), SentenceStream("kqzt")
    assert sentences.feed(markers.feed("It ended [kqzt-1]")) == []
    assert [draft.text for draft in sentences.feed(markers.feed("."))] == ["It ended."]


def test_a_pointer_after_a_sentence_that_was_told_comes_alone() -> None:
    """So that an unknown one still flags its sentence."""
    assert [(each.text, each.unknown) for each in drafts("It ended [kqzt-1]. [kqzt-9] More [kqzt-1].")] == [
        ("It ended.", ()),
        ("", ("[kqzt-9]",)),
        ("More.", ()),
    ]


@pytest.mark.parametrize("text", ["The strike ended. ", "- The strike ended.", "The “strike” has ended!"])
def test_a_sentence_is_told_when_nothing_comes_for_a_moment(text: str) -> None:
    """A slow model's next word need not be waited for."""
    markers, sentences = MarkerParser("kqzt", 5), SentenceStream("kqzt")
    assert sentences.feed(markers.feed(text)) == []
    assert len(sentences.pause()) == 1
    assert sentences.close() == []


@pytest.mark.parametrize(
    "text",
    [
        "The strike ended",
        "Wages rose to 3.",
        "It was signed by J.",
        "It was signed by Mr.",
        "Troops of the U.S.",
        "The strike ended...",
        "He said “The strike ended.",
        "He said “The strike ended.”",
        "The end (it was late.",
        "1.",
        "```\na = 1.",
    ],
)
def test_what_may_go_on_is_waited_for(text: str) -> None:
    markers, sentences = MarkerParser("kqzt", 5), SentenceStream("kqzt")
    assert [*sentences.feed(markers.feed(text)), *sentences.pause()] == []


def test_headings_items_code_and_tables_keep_their_form() -> None:
    text = "# News\n\nThe points:\n- One [kqzt-1].\n- Two. And more.\n\n```\na[1] = 2\n```\n| a | 1 |\n|---|---|\nEnd."
    assert [(each.text, each.form) for each in drafts(text)] == [
        ("News", Form.HEADING),
        ("The points:", Form.HEADING),
        ("One.", Form.ITEM),
        ("Two.", Form.ITEM),
        ("And more.", Form.SENTENCE),
        ("```\na[1] = 2\n```", Form.CODE),
        ("a: 1", Form.ITEM),
        ("End.", Form.SENTENCE),
    ]


def test_a_blank_line_opens_a_paragraph() -> None:
    assert [each.opens for each in drafts("One [kqzt-1]. Two [kqzt-1].\n\nThree [kqzt-1].\nFour.")] == [
        True,
        False,
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("See https://evil.example/x?y=1 now.", "See now."),
        ("See [this](http://evil.example/a) now.", "See this now."),
        ("See ![](https://evil.example/p.png) now.", "See now."),
        ("See www.evil.example or evil.example/path.", "See or."),
        ("See <https://evil.example>.", "See."),
        ("Write to mailto:a@evil.example now.", "Write to now."),
        ("Click javascript:alert(1) now.", "Click now."),
    ],
)
def test_links_that_the_model_wrote_are_taken_out(text: str, left: str) -> None:
    draft = drafts(text)[0]
    assert (draft.text, draft.links > 0) == (left, True)


def test_a_link_stored_with_an_article_stays() -> None:
    text = "It stands at https://coast.example/harbour today."
    assert (drafts(text)[0].text, drafts(text)[0].links) == (text, 0)


@pytest.mark.parametrize(
    "text", ["At 5 p.m./6 p.m. and 1/2 it ended.", "The U.S./U.K. deal.", "e.g. this and/or that."]
)
def test_what_only_looks_like_a_link_stays(text: str) -> None:
    assert drafts(text)[0].text == text


ENDS = [". ", ".", "! ", "? ", "\n", "\n\n", ":", " "]
MARKS = ["- ", "# ", "“", "”", '"', "```", "`", "| a | ", "||\n", "**", "(", ")", "[kqzt-1]", " [kqzt-2]", "[99]"]
WORDS = ["The strike ended", " on Tuesday", "Mr. ", "3.5", " percent", "https://evil.example/a "]
PIECES = st.sampled_from([*ENDS, *MARKS, *WORDS])


@settings(deadline=None)
@given(st.lists(PIECES, max_size=25).map("".join), st.integers(1, 9))
def test_any_cutting_of_the_stream_gives_the_same_sentences(text: str, size: int) -> None:
    assert drafts(text, size) == drafts(text)


@settings(deadline=None)
@given(st.lists(st.sampled_from(["One ", "two. ", "three! ", "\n\n", "four [kqzt-1]. ", "“five” "]), max_size=20))
def test_no_word_is_lost(pieces: list[str]) -> None:
    written = "".join(pieces).replace(" [kqzt-1]", "").split()
    assert [word for draft in drafts("".join(pieces)) for word in draft.text.split()] == written
