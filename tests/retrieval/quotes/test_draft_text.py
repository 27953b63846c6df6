"""Drafts as they are read: markup gone, lines joined, and every character with its place in the draft."""

from __future__ import annotations

import random
import time

import pytest

from retrieval.articles import Span
from retrieval.quotes.draft_text import read_draft
from retrieval.text.quotation_marks import pairs

LONG = "The mayor said after the meeting of the council, which went on until late in the night of that Tuesday in June,"


@pytest.mark.parametrize(
    ("draft", "text"),
    [
        ("**“We will *not* go,”** he said.", "“We will not go,” he said."),
        ("||“We will go,”|| he said.", "“We will go,” he said."),
        ("__“We will go,”__ said ~~Ann~~ `Tom`.", "“We will go,” said Ann Tom."),
        ('[Ann Brook](https://x.org/a_(b) "A title") said “no”[^1].', "Ann Brook said “no”."),
        ('As [The Coast][1] put it.\n\n[1]: https://x.org "The Coast"', "As [The Coast][1] put it.\n\n"),
        ("&ldquo;We go,&rdquo; he&#39;s <b class='x'>sure</b>.", "“We go,” he's sure."),
        (r"\"We go,\" he said \*sic\*.", '"We go," he said *sic*.'),
        (
            "“[We] (really) will,” he said of 5*3 snake_case_words.",
            "“[We] (really) will,” he said of 5*3 snake_case_words.",
        ),
        ("> “We will paint\n> it green,” he said.\n> It was late.", "“We will paint it green,” he said. It was late."),
        ("> We will paint\n> it green.\n> — Ann Brook", "> We will paint it green.\n> — Ann Brook"),
        (f"{LONG} that “the bridge\nwill be closed,” and left.", f"{LONG} that “the bridge will be closed,” and left."),
        ("“The bridge will be\n\n3\n\nclosed in May,” he said.", "“The bridge will be closed in May,” he said."),
        ("“The bridge closes.\n\n“It opens in May,” he said.", "“The bridge closes.\n\n“It opens in May,” he said."),
        ("ANN: We go.\nTOM: We stay.", "ANN: We go.\nTOM: We stay."),
        ("# Bridge “closed\nThe mayor left.”", "# Bridge “closed The mayor left.”"),
        ("- “one\n- two", "- “one\n- two"),
        ("One.\r\nTwo.\rThree.", "One.\nTwo.\nThree."),
        ("“A long-\nterm plan,” he said.", "“A long-\nterm plan,” he said."),
        ("“A long-\nterm plan,” he said of the long term.", "“A long-term plan,” he said of the long term."),
        ("“The coun-\ncil met,” he said of the council.", "“The council met,” he said of the council."),
    ],
)
def test_markup_is_gone_and_lines_are_joined(draft: str, text: str) -> None:
    """Where they belong to one paragraph, or to one quotation."""
    assert read_draft(draft).text == text


def test_every_character_has_its_place() -> None:
    """Whatever was taken out or put in."""
    pieces = [
        "“",
        "”",
        "**",
        "\n",
        "\n\n",
        "> ",
        "&quot;",
        " ",
        "word",
        "[",
        "](https://x.org)",
        "||",
        "3",
        "<b>",
        "\\*",
        "\r\n",
    ]
    chance = random.Random(7)  # noqa: S311 (a test's)
    for _ in range(300):
        draft = "".join(chance.choice(pieces) for _ in range(30))
        read = read_draft(draft)
        assert len(read.text) == len(read.starts) == len(read.ends)
        assert list(read.starts) == sorted(read.starts)
        for at, char in enumerate(read.text):
            span = read.source_span(Span(at, at + 1))
            assert 0 <= span.start < span.end <= len(draft)
            assert char in span.of(draft) or char in '\n "“”'


def test_lines_broken_at_a_column_are_one_paragraph() -> None:
    """At a hundred and fifty characters as at seventy."""
    words = (f"{LONG} that “nobody will have to pay for a bridge,” and that he was sure of it. " * 4).split()
    for width in (60, 110, 150):
        lines = [""]
        for word in words:
            lines = (
                [*lines[:-1], f"{lines[-1]} {word}".strip()] if len(lines[-1]) + len(word) < width else [*lines, word]
            )
        text = read_draft("\n".join(lines)).text
        assert len([one for one in pairs(text, Span(0, len(text))) if one.closed]) == 4


def test_reading_takes_linear_time() -> None:
    """Marks that are never closed, one in every line, cost no more than others."""
    for line in ("“a\n", '" x\n', "«a “b\n", "> “a\n", "“a\n\n", "[a](", "**a", "<a "):
        times = []
        for count in (2_000, 8_000):
            begun = time.process_time()
            read_draft(line * count)
            times.append(time.process_time() - begun)
        assert times[1] < 12 * times[0] + 0.2
