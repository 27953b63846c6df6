"""Markup out of a stream: read the same for any cutting, and what is no markup is text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.generation.markup import MarkupReader


def read(text: str, size: int = 10_000, source: str = "") -> str:
    markup = MarkupReader("kqzt", 5, source)
    return "".join(markup.feed(text[at : at + size]) for at in range(0, len(text), size)) + markup.close()


@pytest.mark.parametrize(
    "text",
    [
        "1 < 2 and 3 > 2, a<b",
        "Write to <ada@coast.example> or <https://coast.example/x>.",
        "12 km² and 10³ m, x^2 and 10^6",
        "AT&T and R&D; ~5 percent",
        "C:\\harbour\\new and {a set}",
        "the 4<sup>",
    ],
)
def test_what_only_looks_like_markup_stays(text: str) -> None:
    assert read(text).replace("<sup>", "") == text.replace("<sup>", "")


def test_markup_that_an_article_contains_is_text() -> None:
    assert read("the <td> tag", source="He wrote the <td> tag.") == "the <td> tag"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("the 4<sup>th</sup> day", "the 4th day"),
        ("12 km<sup>2</sup>", "12 km2"),
        ("It ended.<sup>12</sup>", "It ended.[12]"),
        ("It ended¹².", "It ended[1, 2]."),
        ("<!-- a > b -->It ended", "It ended"),
        ("<think>It ended. ", "\n"),
        ("over $85\\%$", "over $85%$"),
        ("<li>One</li><li>Two</li>", "\n- One\n\n- Two\n"),
    ],
)
def test_markup_is_read(text: str, left: str) -> None:
    assert read(text) == left


ATOMS = """< > </ <b> <sup>1</sup> <sup>th</sup> <kqzt-1> <<<kqzt-1>>> <!-- x --> <think> </think>
\\cite{1} \\textbf{a} \\%
\\x \\ ^ ^1 ^{2} & &amp; ~ ~~ ~~gone~~ { {1} {kqzt-2} } ¹ ² ¹² km² word . , <li> <br/> <ref name="1"/> <cite> [1]
<|end|> 10 <-"""


@settings(deadline=None)
@given(st.lists(st.sampled_from([*ATOMS.split(), " ", "\n"]), max_size=15).map("".join), st.integers(1, 9))
def test_any_cutting_of_the_stream_gives_the_same(text: str, size: int) -> None:
    assert read(text, size) == read(text)
