"""Passages: runs of whole sentences, each with its place and what stands above it."""

from __future__ import annotations

import hashlib
import itertools
import random
from importlib import metadata

from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.articles import CITABLE, Article, BlockKind
from retrieval.store import schema
from retrieval.structure.blocks import content, structure
from retrieval.structure.passages import MAX_WORDS, MIN_TAIL_WORDS, split


def article(text: str, *, markdown: bool = False) -> Article:
    read = structure(text, markdown=markdown)
    return Article("origin", text, read.title, read.blocks)


def prose(sentences: int, *, seed: int = 1) -> str:
    chosen = random.Random(seed)  # noqa: S311 (no secret)
    names = ["river", "mayor", "bridge", "council", "market", "harbour", "budget"]
    return " ".join(
        f"The {chosen.choice(names)} of the old town was seen by many people that day." for _ in range(sentences)
    )


PIECES = st.one_of(
    st.integers(1, 30).map(prose),
    st.sampled_from(
        [
            "Short Heading Here",
            "## A marked heading ##",
            "The list says:\n\n  • one thing first\n  • another thing. With two sentences.",
            "- dashed one\n- dashed two",
            "Town Main Point\nAral Fishing in the deep sea\nBrun Farming 12 fields",
            "| a | b |\n|---|---|\n| c | d |",
            "< td >Cell< / td >< td >Other cell< / td > tr >",
            "Advertisement",
            "1 - 2 - 3 - 4",
            "> Quoted by somebody.\n> And more of it.",
            "wrapped line that goes on\nand on over the next\nand stops here.",
            "\ufeff",
            "naïve 漢字。 \u200bé\u0301 \U0001f600 “quoted.” He said.",
            "<p>He said <em>no</em> to it.</p>",
            "```\ncode = 1\n```",
        ]
    ),
    st.text(max_size=60),
)
TEXTS = st.lists(PIECES, max_size=9).flatmap(
    lambda pieces: st.sampled_from(["\n\n", "\n", "\r\n\r\n", "\r", "\f", "\u2029"]).map(lambda glue: glue.join(pieces))
)


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.booleans())
def test_blocks_are_in_order_disjoint_and_cover_every_character(text: str, markdown: bool) -> None:
    covered: set[int] = set()
    last = 0
    for block in structure(text, markdown=markdown).blocks:
        assert block.span.start >= last
        assert block.span.of(text) == block.span.of(text).strip() != ""
        last = block.span.end
        covered.update(range(block.span.start, block.span.end))
    assert {at for at, char in enumerate(text) if not char.isspace()} <= covered


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.booleans())
def test_every_citable_character_is_in_one_sentence_of_one_passage(text: str, markdown: bool) -> None:
    read = article(text, markdown=markdown)
    passages = split(read)
    quoted: list[int] = []
    for number, passage in enumerate(passages):
        assert passage.ordinal == number
        assert text[passage.span.start : passage.span.end] == passage.text
        assert passage.sentences
        assert all(passage.span.covers(sentence) for sentence in passage.sentences)
        quoted.extend(at for sentence in passage.sentences for at in range(sentence.start, sentence.end))
    assert quoted == sorted(set(quoted))
    wanted = {
        at
        for block in read.blocks
        if block.kind in CITABLE
        for at in range(content(text, block).start, content(text, block).end)
        if not text[at].isspace()
    }
    assert {at for at in quoted if not text[at].isspace()} == wanted
    for left, right in itertools.pairwise(passages):
        assert left.span.end <= right.span.start


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.booleans())
def test_no_passage_holds_debris_a_title_or_a_heading(text: str, markdown: bool) -> None:
    read = article(text, markdown=markdown)
    passages = split(read)
    for block in read.blocks:
        if block.kind not in CITABLE:
            assert not any(passage.span.overlaps(block.span) for passage in passages)


def test_passages_have_the_wanted_length() -> None:
    passages = split(article("\n\n".join(prose(4, seed=seed) for seed in range(30))))
    words = [len(passage.text.split()) for passage in passages]
    assert len(words) > 8
    assert all(MIN_TAIL_WORDS <= count <= MAX_WORDS for count in words)
    assert sum(120 <= count <= 180 for count in words) >= len(words) - 2


def test_a_long_paragraph_is_cut_between_sentences() -> None:
    passages = split(article(prose(60)))
    assert len(passages) > 3
    assert all(passage.text.startswith("The ") and passage.text.endswith("day.") for passage in passages)


def test_a_short_tail_joins_the_passage_before_it() -> None:
    passages = split(article(f"{prose(9)}\n\nThe end."))
    assert len(passages) == 1


def test_a_heading_begins_a_passage_and_is_its_context_but_not_its_text() -> None:
    text = f"The Title Of It\n\n{prose(3)}\n\nWhat Came Later\n\n{prose(3, seed=2)}"
    first, second = split(article(text))
    assert first.context == "The Title Of It"
    assert second.context == "The Title Of It › What Came Later"
    assert "What Came Later" not in second.text


def test_list_items_are_packed_with_their_lead_in_and_quoted_without_their_marks() -> None:
    text = "The Title Of It\n\nThe plan has two parts:\n\n  • Build more: Open two schools.\n  • Pay less: Cut one tax."
    (passage,) = split(article(text))
    assert [sentence.of(text) for sentence in passage.sentences] == [
        "The plan has two parts:",
        "Build more: Open two schools.",
        "Pay less: Cut one tax.",
    ]


def test_a_list_that_begins_a_passage_carries_its_lead_in() -> None:
    items = "\n".join(f"• Item {number}: {prose(2, seed=number)}" for number in range(12))
    passages = split(article(f"The Title Of It\n\nThe plan has many parts:\n\n{items}"))
    assert len(passages) > 1
    assert all(passage.context == "The Title Of It › The plan has many parts:" for passage in passages[1:])


def test_a_table_row_is_one_sentence_under_its_header() -> None:
    text = (
        "The Title Of It\n\nIt was.\n\nTown Main Point\nAral Fishing in the deep sea. And more\nBrun Farming 12 fields"
    )
    passages = split(article(text))
    assert [sentence.of(text) for sentence in passages[1].sentences] == [
        "Aral Fishing in the deep sea. And more",
        "Brun Farming 12 fields",
    ]
    assert passages[1].context == "The Title Of It › Town Main Point"


def test_a_cell_of_broken_markup_carries_its_row_and_column() -> None:
    text = (
        "The Title Of It\n\nIt was so.\n\nTown< / th > Point< / th >\n< / tr > Aral< / td >< td >Fishing< / td > tr >"
    )
    read = article(text)
    assert [block.span.of(text) for block in read.blocks if block.kind is BlockKind.TABLE_CELL] == ["Aral", "Fishing"]
    assert [(passage.text, passage.context) for passage in split(read)[1:]] == [
        ("Aral", "The Title Of It › Town"),
        ("Fishing", "The Title Of It › Aral › Point"),
    ]


def test_text_without_spaces_is_bounded_too() -> None:
    assert all(len(passage.text) < 1_500 for passage in split(article("漢字" * 5_000)))


def test_the_same_text_has_the_same_passages() -> None:
    assert split(article(prose(50))) == split(article(prose(50)))


def test_pages_are_carried_to_passages() -> None:
    text = f"{prose(11)}\n\n{prose(11, seed=2)}"
    read = structure(text, pages=[(0, 1), (text.index("\n"), 2)])
    assert [passage.page for passage in split(Article("o", text, read.title, read.blocks))] == [1, 2]


def test_passages_move_only_with_the_splitters_version() -> None:
    """Stores tell by ``schema.SPLITTER`` whether their passages are those of today: change both together."""
    text = "\n\n".join(
        (
            "The Title Of It",
            prose(30),
            "A Heading",
            "The plan has two parts:",
            "• Build more: Open two schools.\n• Pay less: Cut one tax.",
            prose(30, seed=3),
        )
    )
    places = [
        ([(span.start, span.end) for span in (passage.span, *passage.sentences)], passage.context)
        for passage in split(article(text))
    ]
    made = hashlib.sha256(repr(places).encode()).hexdigest()[:16]
    assert (schema.SPLITTER, made) == ("1", "c1d71d34804ed721")


def test_the_splitters_version_has_that_of_the_library_that_finds_sentences() -> None:
    assert schema.splitter_version() == f"{schema.SPLITTER}/nupunkt-{metadata.version('nupunkt')}"
