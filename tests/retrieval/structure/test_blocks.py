"""Structure: what is title, heading, paragraph, list, table or debris."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from retrieval.articles import BlockKind
from retrieval.structure.blocks import MAX_LEAD_CHARACTERS, content, structure

SEEDS = Path(__file__).parents[3] / "seeds"


def outline(text: str, **options: bool | str) -> list[tuple[str, str]]:
    read = structure(text, **options)  # type: ignore[arg-type]
    return [(block.kind.value, content(text, block).of(text)) for block in read.blocks]


def of_kind(text: str, kind: BlockKind, **options: bool | str) -> list[str]:
    return [words for found, words in outline(text, **options) if found == kind.value]


def seed(number: str) -> str:
    (path,) = SEEDS.glob(f"{number}_*.txt")
    return path.read_bytes().decode("utf-8")


class TestSeeds:
    def test_an_article_with_no_title_is_called_by_its_lead(self) -> None:
        text = seed("000")
        read = structure(text)
        assert read.title == "In an era of shifting geopolitical alliances, many nations are reevaluating…"
        assert of_kind(text, BlockKind.TITLE) == of_kind(text, BlockKind.BOILERPLATE) == []
        assert of_kind(text, BlockKind.HEADING) == [
            "Algeria's Strategic Recalibration",
            "Broader Implications for Regional Security",
        ]
        assert len(of_kind(text, BlockKind.PARAGRAPH)) == 16

    def test_a_first_line_over_paragraphs_is_the_title(self) -> None:
        text = seed("001")
        assert structure(text).title == "Russia Challenges US Influence In Niger"
        assert [kind for kind, _ in outline(text)] == ["title", *["paragraph"] * 6]

    def test_debris_of_a_web_page_is_never_content(self) -> None:
        text = seed("002")
        assert structure(text).title == "Sahel Nations Expand Diplomatic Horizons with Russian Engagement"
        debris = " ".join(of_kind(text, BlockKind.BOILERPLATE))
        for mark in (
            ". . . . . .",
            "li >",
            "wp-block-table",
            "A science journalist",
            "Exit mobile version",
            "1 - 2 - 3",
        ):
            assert mark in debris
        rest = [words for kind, words in outline(text) if kind != "debris"]
        assert not any(mark in words for words in rest for mark in "<>")

    def test_headings_lists_and_tables_are_told_apart(self) -> None:
        text = seed("002")
        headings = of_kind(text, BlockKind.HEADING)
        assert [heading.split()[0] for heading in headings] == ["Emerging", "Strategic", "Regional", "Final"]
        items = of_kind(text, BlockKind.LIST_ITEM)
        assert len(items) == 7
        assert items[0].startswith("Enhanced Security Cooperation: ")
        assert items[-1].endswith("militant movements effectively.")
        assert of_kind(text, BlockKind.TABLE_ROW) == [
            "Mali Deepening military cooperation with Russia",
            "Niger Pursuing expanded economic partnerships and investments",
            "Burkina Faso Cultivating cultural ties through education initiatives",
        ]
        assert of_kind(text, BlockKind.TABLE_HEADER) == [
            "Country Main Focus in Talks",
            "Focus Area",
            "Recommended Action",
            "Anticipated Impact",
        ]
        assert len(of_kind(text, BlockKind.TABLE_CELL)) == 9

    def test_context_says_what_stands_above(self) -> None:
        text = seed("002")
        above = {
            content(text, block).of(text): [span.of(text) for span in block.context] for block in structure(text).blocks
        }
        item = next(words for words in above if words.startswith("Sustained"))
        assert above[item][-1] == "Recommended strategies include:"
        assert above["Mali Deepening military cooperation with Russia"][-1] == "Country Main Focus in Talks"
        assert above["Improved operational readiness mitigating insurgent advances"][-2:] == [
            "Security",
            "Anticipated Impact",
        ]

    def test_sentences_broken_over_lines_are_whole(self) -> None:
        paragraphs = of_kind(seed("002"), BlockKind.PARAGRAPH)
        assert any(found.startswith("Ultimately,\nthe decisions") for found in paragraphs)
        assert any(found.endswith("both locally\nand internationally.") for found in paragraphs)


BODY = "The council met on Monday and it agreed to rebuild the old bridge over the river."


class TestTitles:
    def test_metadata_decides_and_its_line_in_the_text_is_the_title_block(self) -> None:
        text = f"The Bridge, Rebuilt\n\n{BODY}\n\n{BODY}"
        assert outline(text, title="the bridge rebuilt")[0] == ("title", "The Bridge, Rebuilt")
        assert of_kind(text, BlockKind.TITLE, title="Another") == []
        assert structure(text, title="Another").title == "Another"

    def test_a_long_lead_is_shortened_at_a_word(self) -> None:
        title = structure(BODY * 3).title
        assert title.endswith("…")
        assert len(title) <= MAX_LEAD_CHARACTERS + 1
        assert BODY.startswith(title[:-1])

    def test_nothing_has_no_title(self) -> None:
        assert structure("").title == structure(" \n\ufeff\n. . .").title == ""

    def test_a_byline_under_the_title_is_its_author(self) -> None:
        text = f"The Bridge\nBy Jane Doe and John Roe\nJanuary 3, 2020\n\n{BODY}"
        assert structure(text).author == "Jane Doe and John Roe"
        assert [kind for kind, _ in outline(text)] == ["title", "debris", "paragraph"]


class TestPlainText:
    @pytest.mark.parametrize("newline", ["\n", "\r\n", "\r", "\u2028"])
    def test_any_line_ending_parts_paragraphs(self, newline: str) -> None:
        text = newline.join(["The Bridge", "", BODY, BODY])
        assert [kind for kind, _ in outline(text)] == ["title", "paragraph", "paragraph"]

    def test_wrapped_lines_make_whole_paragraphs(self) -> None:
        text = (
            "Whereas the council of the old town has met again on Monday and has\n"
            "agreed after a long debate to rebuild the bridge over the river in\n"
            "spring. The work is to be done by the end of the year, it said.\n"
            "Nobody had asked for it.\n\n"
            "The mayor was against the plan, and he told the members that it was\n"
            "too dear by half. They did not listen to him."
        )
        assert [kind for kind, _ in outline(text)] == ["paragraph", "paragraph"]

    def test_a_sentence_a_line_makes_a_paragraph_a_line(self) -> None:
        assert [kind for kind, _ in outline("\n".join([BODY] * 4))] == ["paragraph"] * 4

    def test_names_under_each_other_are_not_a_table(self) -> None:
        text = f"{BODY}\n\nJane Doe\nJohn Roe\nAda Poe\n\n{BODY}"
        assert not of_kind(text, BlockKind.TABLE_HEADER) + of_kind(text, BlockKind.HEADING)

    def test_columns_set_by_tabs_are_a_table(self) -> None:
        text = f"{BODY}\n\nTown\tVotes\nAral\t12\nBrun\t40"
        assert of_kind(text, BlockKind.TABLE_ROW) == ["Aral\t12", "Brun\t40"]

    def test_a_name_under_a_quotation_is_no_heading(self) -> None:
        text = f"{BODY}\n\n“It was a very good plan for the town.”\n\nJane Doe, The Daily\n\n{BODY}"
        assert of_kind(text, BlockKind.HEADING) == []

    def test_the_last_line_heads_nothing(self) -> None:
        assert of_kind(f"{BODY}\n\n{BODY}\n\nThe Old Bridge", BlockKind.HEADING) == []

    def test_a_single_dash_is_no_list(self) -> None:
        assert of_kind(f"{BODY}\n\n– Jane Doe said so and left.\n\n{BODY}", BlockKind.LIST_ITEM) == []

    def test_inline_tags_do_not_tear_a_sentence(self) -> None:
        text = "<p>He said <em>no</em> to it.</p><p>She agreed.</p>"
        assert of_kind(text, BlockKind.PARAGRAPH) == ["He said <em>no</em> to it.", "She agreed."]

    def test_less_than_is_not_markup(self) -> None:
        assert of_kind("It holds if x < y and y > z.", BlockKind.BOILERPLATE) == []

    def test_lines_up_to_a_blank_one_are_a_paragraph_where_that_is_known(self) -> None:
        """A name at the head of a line does not end the sentence above it."""
        lines = "The vote was called by\nIngrid Halvorsen on Monday.\nIt was close.\n\nNobody minded."
        read = structure(lines, wrapped=True)
        assert [block.span.of(lines) for block in read.blocks] == lines.split("\n\n")

    def test_a_block_is_on_the_page_where_it_begins(self) -> None:
        text = "One fell.\n\nTwo fell.\n\nA footnote.\n\nThree fell."
        read = structure(text, wrapped=True, pages=[(0, 1), (11, 2), (22, 1), (35, 2)])
        assert [block.page for block in read.blocks] == [1, 2, 1, 2]


class TestMarkdown:
    TEXT = (
        "---\nauthor: Jane\n---\n\n# The Bridge #\n\nThe council met\non Monday.\n\n## Why it fell\n\n"
        "- one **bold** thing\n"
        "- another\n  that goes on\n\n> It was old.\n> Very old.\n\n| Town | Votes |\n|---|---:|\n| Aral | 12 |\n\n"
        "Later\n-----\n\n```\ncode here\n```\n\n![a](b.png)\n"
    )

    def test_marks_are_read_and_left_outside(self) -> None:
        found = [(kind, words) for kind, words in outline(self.TEXT, markdown=True) if kind != "debris"]
        assert found == [
            ("title", "The Bridge"),
            ("paragraph", "The council met\non Monday."),
            ("heading", "Why it fell"),
            ("list_item", "one **bold** thing"),
            ("list_item", "another\n  that goes on"),
            ("paragraph", "It was old.\n> Very old."),
            ("table_header", "Town | Votes"),
            ("table_row", "Aral | 12"),
            ("heading", "Later"),
            ("paragraph", "code here"),
        ]

    def test_headings_nest_by_level(self) -> None:
        text = f"# A\n\n## B\n\n### C\n\n{BODY}\n\n## D\n\n{BODY}"
        contexts = [[span.of(text) for span in block.context] for block in structure(text, markdown=True).blocks]
        assert contexts[-1] == ["D"]
        assert ["B", "C"] in contexts


@pytest.mark.parametrize(
    "unit",
    [
        "a",
        "\n",
        "ab\n",
        "<",
        "<td>x",
        "<a ",
        "tr > ",
        "• a\n",
        "| ",
        "#",
        "# a\n",
        "> ",
        "*",
        "![](",
        "A b:\n\n- c\n\n",
        "A\tb\n",
    ],
)
@pytest.mark.parametrize("markdown", [False, True])
def test_hostile_runs_take_linear_time(unit: str, markdown: bool) -> None:
    text = unit * (200_000 // len(unit))
    began = time.process_time()
    structure(text, markdown=markdown)
    assert time.process_time() - began < 10


@pytest.mark.parametrize(
    "text",
    [
        "The plant emits CO\n2 into the air above the town.",
        "The gas is made of H\n2\nO and of things that nobody knew.",
        "It breathes O\n2, as all do.",
    ],
)
def test_a_line_break_inside_a_formula_does_not_cut_the_sentence(text: str) -> None:
    """A web page's subscript stands on a line of its own."""
    whole = f"A storm over Vell\n\n{text}\n\nThe mayor wants it closed.\n"
    assert text in [block.span.of(whole) for block in structure(whole).blocks]


@pytest.mark.parametrize("text", ["Vote on SI\n21:30: The results", "Team A\n2 Finland\n3 Denmark", "20\nLe Pen"])
def test_other_numbers_begin_lines_of_their_own(text: str) -> None:
    assert text not in [block.span.of(text) for block in structure(text).blocks]
