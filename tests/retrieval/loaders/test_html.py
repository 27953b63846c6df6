from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.articles import BlockKind
from tests.retrieval.loaders.fakes_files import read, refusal

PARAGRAPHS = (
    "The city council voted on Monday to rebuild the old harbour, which has stood empty for eleven years now.",
    "Mayor Ann Lee said the work would cost 40 million and begin in the spring, after a long public debate on it.",
    "Opponents warned that the plan leaves too little room for fishing boats, and asked for another round of talks.",
)
PAGE = f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Harbour to be rebuilt | The Courier</title>
<meta property="og:site_name" content="The Courier"><meta name="author" content="Jo Roe">
<meta property="article:published_time" content="2020-03-04T08:00:00Z">
<link rel="canonical" href="https://courier.example/2020/03/04/harbour"></head>
<body><nav><a href="/">Home</a> <a href="/news">News</a> <a href="/sport">Sport</a></nav>
<article><h1>Harbour to be rebuilt</h1><p>{PARAGRAPHS[0]}</p>
<p>{PARAGRAPHS[1].replace("40 million", '<span class="link"><a href="/money">40 million</a></span>')}</p>
<p>Read more: <a href="/x">Ten harbours that were rebuilt in the last ten years</a></p>
<h2>What opponents say</h2><p>{PARAGRAPHS[2]}</p>
<ul><li>Room for forty boats instead of ninety.</li><li>A quay that is two metres lower than today.</li></ul>
<table><tr><th>Year</th><th>Cost</th></tr>
<tr><td>2021</td><td>12 million</td></tr><tr><td>2022</td><td>28 million</td></tr></table>
<p>Sign up for our daily newsletter</p></article><footer>Copyright The Courier</footer>
<script>document.write("tracked")</script></body></html>"""


def test_a_page_becomes_its_main_text_with_its_metadata(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(PAGE)
    (article,), problems = read(path)
    assert article.title == "Harbour to be rebuilt"
    assert (article.author, article.source, article.published) == ("Jo Roe", "The Courier", "2020-03-04")
    assert article.url == "https://courier.example/2020/03/04/harbour"
    for paragraph in PARAGRAPHS:
        assert paragraph in article.text
    for elsewhere in ("Home", "Read more", "newsletter", "Copyright", "tracked"):
        assert elsewhere not in article.text
    assert problems == []


def test_headings_items_and_rows_of_a_page_are_blocks(tmp_path: Path) -> None:
    path = tmp_path / "a.htm"
    path.write_text(PAGE)
    (article,), _ = read(path)
    kinds = {block.kind for block in article.blocks}
    assert {BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.TABLE_ROW} <= kinds


def test_a_link_inside_of_a_sentence_keeps_its_words(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    words = PARAGRAPHS[0].split()
    link = f'<a class="link" href="/x">{words[1]} {words[2]}, <span class="tip"></span></a>'
    linked = f"{words[0]} {link} {' '.join(words[3:])}"
    path.write_text(f"<html><body><article><p>{linked}</p><p>{PARAGRAPHS[1]}</p></article></body></html>")
    (article,), _ = read(path)
    assert f"{words[1]} {words[2]}, {words[3]}" in article.text


def test_a_body_that_was_cut_in_parts_is_whole(tmp_path: Path) -> None:
    parts = "".join(
        f'<div><div class="article__body"><p>{one}</p><p>{two}</p></div><div class="ad">Advertisement</div></div>'
        for one, two in ((PARAGRAPHS[0], PARAGRAPHS[1]), (PARAGRAPHS[2], "At the end the council adjourned until May."))
    )
    path = tmp_path / "a.html"
    path.write_text(f"<html><body><main>{parts}</main></body></html>")
    (article,), _ = read(path)
    assert all(paragraph in article.text for paragraph in PARAGRAPHS)


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("windows-1252", "cp1252"),
        ("iso-8859-1", "cp1252"),
        ("nonsense", "utf-8"),
        ("utf-16", "utf-8"),
        ("koi8-r", "utf-8"),
    ],
)
def test_a_page_is_read_even_when_it_is_mistaken_about_its_encoding(
    tmp_path: Path, declared: str, encoding: str
) -> None:
    page = PAGE.replace("utf-8", declared).replace("old harbour", "“old” café")
    path = tmp_path / "a.html"
    path.write_bytes(page.encode(encoding))
    (article,), _ = read(path)
    assert "“old” café" in article.text


def test_a_fragment_is_a_page(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text("".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS))
    (article,), _ = read(path)
    assert PARAGRAPHS[2] in article.text


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is empty"),
        (b"<html><body></body></html>", "no main text"),
        (b"<html><script>" + b"x" * 100_000, "no main text"),
        (b'<html><meta http-equiv="refresh" content="0;url=https://a.example/">', "no main text"),
        (b"<html><body>" + b"<div>" * 100_000, "no main text"),
    ],
)
def test_a_page_without_text_is_refused_with_one_line(tmp_path: Path, data: bytes, says: str) -> None:
    path = tmp_path / "a.html"
    path.write_bytes(data)
    assert says in refusal(path)
