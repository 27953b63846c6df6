"""What the text of a page holds, kind by kind, on pages made for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.articles import Article, BlockKind
from tests.retrieval.loaders.fakes_files import read

LEAD = (
    "The council of Marfield voted on Tuesday to build a new bridge over the river, after a debate that lasted more "
    "than five hours and drew some two hundred people to the hall."
)
END = (
    "Work on it is to begin in the spring of next year, and the old ferry will run until the bridge is open to all "
    "traffic, as the mayor told the crowd."
)


def page(body: str, head: str = "<title>Bridge vote</title>") -> str:
    return f'<!doctype html><html><head><meta charset="utf-8">{head}</head><body>{body}</body></html>'


def article(body: str, before: str = "") -> str:
    return page(f"<main><article><h1>Bridge vote</h1>{before}<p>{LEAD}</p>{body}<p>{END}</p></article></main>")


def load(tmp_path: Path, markup: str) -> tuple[Article, list[str]]:
    path = tmp_path / "page.html"
    path.write_text(markup)
    (found,), problems = read(path)
    return found, [problem.message for problem in problems]


def blocks(found: Article, kind: BlockKind) -> list[str]:
    return [block.span.of(found.text) for block in found.blocks if block.kind is kind]


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("the cost is <del>12</del> <ins>18</ins> million", "the cost is 18 million"),
        ("the cost is <s>12 million, he said,</s> 18 million", "the cost is 18 million"),
        ('the cost is <span style="text-decoration: line-through">12</span> 18 million', "the cost is 18 million"),
        ('the bridge<sup class="reference"><a href="#cite_note-6">[6]</a></sup> is old', "the bridge is old"),
        ('some 10<sup><a href="#fn6">6</a></sup> people came', "some 10 people came"),
        ("the committee<sup>6</sup> met again", "the committee met again"),
        ("some 10<sup>6</sup> people came", "some 10⁶ people came"),
        ("an area of 40 m<sup>2</sup> is left", "an area of 40 m² is left"),
        ("the sum of x<sup>2</sup> and y<sup>-1</sup>", "the sum of x² and y⁻¹"),
        ("the 4<sup>th</sup> vote", "the 4th vote"),
        ("less CO<sub>2</sub> is let out", "less CO2 is let out"),
        ("he said <q>we will build it</q> again", "he said “we will build it” again"),
        ("<q>He said <q>never</q> to us</q>, she wrote", "“He said ‘never’ to us”, she wrote"),
        ("he said <q>“we will build it”</q> again", "he said “we will build it” again"),
        ('it<span class="sr-only"> (opens in a new window)</span> is open', "it is open"),
        ('it <span class="visually-hidden">Image: </span>is open', "it is open"),
        ("it <span hidden>never </span>is open", "it is open"),
        ('it <span aria-hidden="true">**ad** </span>is open', "it is open"),
        ('<span aria-hidden="true">T</span>he bridge is open', "The bridge is open"),
        (
            '<span aria-hidden="true">£5m</span><span class="sr-only">5 million pounds</span> was spent',
            "£5m was spent",
        ),
        ('it <span style="display: none">never </span>is open', "it is open"),
        ('<a href="/anna">Anna Berg</a><span class="tooltip-content">Anna Berg, mayor</span> spoke', "Anna Berg spoke"),
    ],
)
def test_a_sentence_is_as_its_reader_sees_it(tmp_path: Path, markup: str, text: str) -> None:
    sentence = " after the long debate of that night in the crowded hall."
    found, _ = load(tmp_path, article(f"<p>{markup}{sentence}</p>"))
    assert f"\n{text}{sentence}\n" in found.text


@pytest.mark.parametrize(
    "hidden",
    [
        "<template><p>{}</p></template>",
        "<p hidden>{}</p>",
        '<div aria-hidden="true"><p>{}</p></div>',
        '<div style="display:none"><p>{}</p></div>',
        '<p style="visibility: hidden">{}</p>',
        '<div class="screen-reader-text">{}</div>',
        "<dialog><p>{}</p></dialog>",
        "<noscript><p>{}</p></noscript>",
    ],
)
def test_a_hidden_block_is_left_out_and_keeps_its_neighbours_apart(tmp_path: Path, hidden: str) -> None:
    sentence = "Nobody who reads the page in a browser sees this sentence of twelve words."
    found, _ = load(
        tmp_path, article(f"<div>Loose text before the hidden block{hidden.format(sentence)}and after.</div>")
    )
    assert sentence not in found.text
    assert "blockand" not in found.text


def test_struck_text_is_noted(tmp_path: Path) -> None:
    _, notes = load(tmp_path, article("<p>The cost of the bridge is <del>12</del> 18 million pounds in all.</p>"))
    assert notes == ["struck-through text (<del>, <s>) was left out"]


def test_a_page_that_is_hidden_until_its_scripts_run_is_read(tmp_path: Path) -> None:
    body = f"<article><h1>Bridge vote</h1><p>{LEAD}</p><p>{END}</p></article>"
    found, notes = load(tmp_path, page(f'<nav><a href="/">Home</a></nav><div style="visibility:hidden">{body}</div>'))
    assert LEAD in found.text
    assert notes == ["its text is hidden until its scripts run, and was read nevertheless"]


def test_blocks_of_a_list_item_stay_apart(tmp_path: Path) -> None:
    items = "".join(
        f"<li><h3>{name}</h3><p>{text}</p></li>"
        for name, text in (
            ("Bridge", "Opens in 2027 after two years of work."),
            ("Ferry", "Closes for good that year."),
        )
    )
    found, _ = load(tmp_path, article(f"<ul>{items}</ul>"))
    assert blocks(found, BlockKind.LIST_ITEM) == [
        "- Opens in 2027 after two years of work.",
        "- Closes for good that year.",
    ]
    assert {"Bridge", "Ferry"} <= set(blocks(found, BlockKind.HEADING))


def test_adjacent_blocks_without_white_space_stay_apart(tmp_path: Path) -> None:
    found, _ = load(tmp_path, article("<div><div>The first part ends here.</div><div>The second begins.</div></div>"))
    assert "here.The" not in found.text


def test_custom_elements_are_paragraphs_around_sentences_and_part_of_them_inside(tmp_path: Path) -> None:
    unit = LEAD.replace(" ", " <news-term>the</news-term> ", 1)
    found, _ = load(tmp_path, article(f"<news-body><news-par>{unit}</news-par><news-par>{END}</news-par></news-body>"))
    assert {LEAD.replace(" ", " the ", 1), END} <= set(blocks(found, BlockKind.PARAGRAPH))


@pytest.mark.parametrize("tag", ["p", "div"])
def test_a_custom_element_that_ends_a_sentence_is_part_of_it(tmp_path: Path, tag: str) -> None:
    said = f"<{tag}>The mayor of the town told all of the crowd: <x-say>“We shall build it.”</x-say></{tag}>"
    found, _ = load(tmp_path, article(said))
    assert "told all of the crowd: “We shall build it.”" in found.text


def test_advertisements_of_amp_pages_are_left_out(tmp_path: Path) -> None:
    found, _ = load(
        tmp_path, article("<amp-ad><p>Shoes for everyone who walks to work, now at half price.</p></amp-ad>")
    )
    assert "Shoes" not in found.text


def test_a_cell_over_several_rows_or_columns_stands_in_each_row_and_its_column(tmp_path: Path) -> None:
    table = (
        "<table><tr><th>Ward</th><th colspan=2>Votes</th></tr>"
        "<tr><td rowspan=2>North</td><td>for</td><td>412</td></tr><tr><td>against</td><td>398</td></tr></table>"
    )
    found, _ = load(tmp_path, article(table))
    assert blocks(found, BlockKind.TABLE_HEADER) == ["| Ward | Votes |  |"]
    assert blocks(found, BlockKind.TABLE_ROW) == ["| North | for | 412 |", "| North | against | 398 |"]


def test_cells_over_many_rows_do_not_multiply_a_page(tmp_path: Path) -> None:
    row = f"<tr>{'<td rowspan=50>The north ward of the town</td>' * 50}</tr>{'<tr></tr>' * 49}"
    found, _ = load(tmp_path, article(f"<table>{row * 20}</table>"))
    assert len(found.text) < 400_000


def test_who_says_a_block_quotation_is_text(tmp_path: Path) -> None:
    quotation = "<blockquote><p>We shall build it.</p><footer>— <cite>Anna Berg, mayor</cite></footer></blockquote>"
    found, _ = load(tmp_path, article(quotation))
    assert "We shall build it.\n\n— Anna Berg, mayor" in found.text


def test_the_last_row_of_a_nested_layout_is_text(tmp_path: Path) -> None:
    inner = f"<table><tr><td><p>{LEAD}</p><p>{END}</p></td><td><p>The lorries wait.</p></td></tr></table>"
    last = "The state auditor found in 2022 that the old bridge was not safe for lorries."
    found, _ = load(tmp_path, page(f"<table><tr><td>{inner}</td></tr><tr><td>{last}<br><br>{END}</td></tr></table>"))
    assert last in found.text


def test_a_table_in_a_block_quotation_has_its_cells_apart(tmp_path: Path) -> None:
    table = "<table><tr><th>Ward</th><th>For</th></tr><tr><td>North</td><td>412</td></tr></table>"
    found, _ = load(tmp_path, article(f"<p>The votes:</p><blockquote>{table}</blockquote>"))
    assert blocks(found, BlockKind.TABLE_HEADER) == ["| Ward | For |"]
    assert blocks(found, BlockKind.TABLE_ROW) == ["| North | 412 |"]


@pytest.mark.parametrize("role", ["", ' role="presentation"'])
def test_a_table_for_layout_is_blocks(tmp_path: Path, role: str) -> None:
    menu = '<a href="/">Home</a><br><a href="/news">News</a>'
    cells = f"<td>{menu}</td><td><h1>Bridge vote</h1><p>{LEAD}</p><p>{END}</p></td>"
    found, _ = load(tmp_path, page(f"<table{role}><tr>{cells}</tr></table>"))
    assert blocks(found, BlockKind.PARAGRAPH) == [LEAD, END]
    assert not blocks(found, BlockKind.TABLE_ROW)


def test_a_standfirst_in_a_header_is_text(tmp_path: Path) -> None:
    standfirst = "Marfield gets its bridge: nine of the sixteen councillors voted for it at two in the morning"
    header = f'<header><h1>Bridge vote</h1><p class="standfirst">{standfirst}</p><p>By Jo Roe</p></header>'
    markup = f'<main><article>{header}<div class="body"><p>{LEAD}</p><p>{END}</p></div></article></main>'
    found, _ = load(tmp_path, page(markup))
    assert blocks(found, BlockKind.PARAGRAPH) == [standfirst, LEAD, END]


def test_loose_text_after_a_block_is_text(tmp_path: Path) -> None:
    loose = "The state auditor found in 2022 that the old bridge was not safe for lorries."
    found, _ = load(tmp_path, article(f'<div><div class="photo"><img src="x.jpg"></div>{loose}<p></p></div>'))
    assert loose in blocks(found, BlockKind.PARAGRAPH)


def test_an_embedded_post_is_text_and_a_newsletter_is_not(tmp_path: Path) -> None:
    post = (
        '<div class="social-embed"><blockquote><p>We will build it, whatever it costs</p>— Anna Berg</blockquote></div>'
    )
    sign_up = '<div class="newsletter"><p>Read our letter on bridges, every Friday in your inbox.</p></div>'
    found, _ = load(tmp_path, article(post + sign_up))
    assert "We will build it, whatever it costs" in found.text
    assert "every Friday" not in found.text


def test_preformatted_paragraphs_stay_apart(tmp_path: Path) -> None:
    found, _ = load(tmp_path, page(f"<h1>Bridge vote</h1><pre>{LEAD}\n\n{END}\n</pre>"))
    assert blocks(found, BlockKind.PARAGRAPH) == [LEAD, END]


def test_characters_of_private_use_are_left_out(tmp_path: Path) -> None:
    """Icon fonts draw with them; and the text nodes of a page are numbered with them."""
    found, _ = load(tmp_path, article("<p>The bridge \ue001\uf002is open to all of the traffic from today on.</p>"))
    assert "The bridge is open" in found.text
    assert not any(0xE000 <= ord(char) <= 0xF8FF for char in found.text)
