"""Pointers in a model's text: ours in every shape, nothing else touched, nothing lost, however the stream is cut."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.generation.citation_markers import CitationMarker, MarkerParser, marker, new_tag

TAG = "kqzt"


def read(
    text: str, *, passages: int = 5, source: str = "", cuts: list[int] | None = None
) -> list[str | CitationMarker]:
    """Feed ``text`` cut at these places; neighbouring text is put together."""
    markers = MarkerParser(TAG, passages, source)
    places = [0, *sorted(cuts or []), len(text)]
    parts = [part for left, right in itertools.pairwise(places) for part in markers.feed(text[left:right])]
    whole: list[str | CitationMarker] = []
    for part in [*parts, *markers.close()]:
        if isinstance(part, str) and whole and isinstance(whole[-1], str):
            whole[-1] += part
        else:
            whole.append(part)
    return whole


@pytest.mark.parametrize(
    ("written", "numbers"),
    [
        ("[kqzt-1]", (1,)),
        ("[KQZT-1]", (1,)),
        ("[kqzt-1, kqzt-2]", (1, 2)),
        ("[kqzt-2; 1]", (2, 1)),
        ("[kqzt-1 and kqzt-3]", (1, 3)),
        ("[kqzt-1 kqzt-2]", (1, 2)),
        ("[kqzt-1–kqzt-3]", (1, 2, 3)),
        ("[kqzt-1-3]", (1, 2, 3)),
        ("[[kqzt-4]]", (4,)),
        ("(kqzt-2)", (2,)),
        ("[passage kqzt-2]", (2,)),
        ("[1]", (1,)),
        ("[1, 2]", (1, 2)),
        ("[2-4]", (2, 3, 4)),
        ("[Source 1]", (1,)),
        ("[Sources 1 and 2]", (1, 2)),
        ("[^3]", (3,)),
        ("【1】", (1,)),
        ("【2†source】", (2,)),
        ("［１，２］", (1, 2)),
        ("(1)", (1,)),
        ("(1, 2)", (1, 2)),
        ("(Source 1)", (1,)),
        ("(Passage 3)", (3,)),
        ("[Article 1, 2]", (1, 2)),
        ("[Source: Article 2]", (2,)),
        ("[1](#)", (1,)),
        ("[[1]](https://x.example/1)", (1,)),
        ("[cite: 1, 2]", (1, 2)),
        ("[1, p. 4]", (1,)),
        ("[kqzt-1, paragraph 2]", (1,)),
    ],
)
def test_every_way_models_write_a_pointer_is_read(written: str, numbers: tuple[int, ...]) -> None:
    assert read(f"It ended {written}.") == ["It ended ", CitationMarker(numbers), "."]


@pytest.mark.parametrize(
    "written",
    [
        "[99]",
        "[kqzt-9]",
        "[0]",
        "[kqzt-0]",
        "[Source 12]",
        "(Source 12)",
        "【4:0†source】",
        "(9)",
        "[^7]",
        "【8】",
        "[kqzt]",
    ],
)
def test_what_points_to_no_passage_is_told_and_leaves_the_text(written: str) -> None:
    assert read(f"It ended {written}.") == ["It ended ", CitationMarker((), written), "."]


def test_of_a_list_the_known_ones_are_kept() -> None:
    assert read("[kqzt-1, kqzt-99]") == [CitationMarker((1,), "[kqzt-1, kqzt-99]")]


@pytest.mark.parametrize(
    "text",
    [
        "In [2019] it ended [sic], said [the minister] [...].",
        "See [No. 10] and (45) and (in 2019): (1) and (5 articles).",
        "(1) A list\n (2) of things, chapter 3(1)",
        "`a[1]` and\n```\nb[2] = c[3]\n```\nand `d[4]`",
        "3. A list\n4) of things [x] [ ]",
        "[an open bracket",
        "[-1] [1.5] [1/2/2024] [10:30] [1 2]",
    ],
)
def test_other_bracketed_text_is_never_touched(text: str) -> None:
    assert read(text) == [text]


def test_brackets_that_the_articles_hold_themselves_are_text() -> None:
    """A footnote of an encyclopaedia, quoted."""
    assert read("It ended [3].", source="The strike ended [3]. Then …") == ["It ended [3]."]


def test_a_marker_within_other_brackets_is_found() -> None:
    assert read("[he said (twice) [kqzt-1] so]") == ["[he said (twice) ", CitationMarker((1,)), " so]"]


ATOMS = "[ ] ( ) 【 】 kqzt - 1 2 99 ` ``` ^ word . † – “ é [kqzt-1] [kqzt-1,kqzt-2] [2019]"
PIECES = st.sampled_from([*ATOMS.split(), ", ", " ", "\n", "Source ", "x" * 170])
TEXTS = st.lists(PIECES, max_size=30).map("".join)


@given(TEXTS, st.lists(st.integers(0, 400), max_size=12))
def test_any_cutting_of_the_stream_gives_the_same(text: str, cuts: list[int]) -> None:
    assert read(text, cuts=[min(cut, len(text)) for cut in cuts]) == read(text)


@given(TEXTS)
def test_no_text_is_lost(text: str) -> None:
    """What is missing from the text stands in a pointer."""
    at = 0
    for part in read(text):
        if isinstance(part, str):
            found = text.find(part, at)
            assert found >= at
            assert all(
                char in "[](【】)kqzt-1, 29SourceKQZT^†–\n`.x–word“é" or char.isspace() for char in text[at:found]
            )
            at = found + len(part)


@given(st.text(alphabet=st.characters(exclude_characters="[【［〔〖(（"), max_size=200))
def test_text_without_brackets_comes_through_as_it_is(text: str) -> None:
    assert "".join(part for part in read(text) if isinstance(part, str)) == text


@pytest.mark.parametrize("opened", ["[31m", "(see", "a [b (c"])
def test_a_bracket_left_open_hides_no_pointer(opened: str) -> None:
    assert read(f"{opened} it ended [kqzt-1]. More") == [f"{opened} it ended ", CitationMarker((1,)), ". More"]
    assert read(f"{opened} it ended [kqzt-1]") == [f"{opened} it ended ", CitationMarker((1,))]


def test_a_tag_stands_in_none_of_the_texts_and_differs_each_time() -> None:
    """Nobody who writes an article can foresee it."""
    tags = {new_tag(["some text"]) for _ in range(50)}
    assert len(tags) > 40
    assert all(len(tag) == 4 and tag.isalpha() for tag in tags)
    assert marker("abcd", 1, 2) == "[abcd-1, abcd-2]"
