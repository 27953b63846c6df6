from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.articles import CITABLE, Article, BlockKind
from retrieval.structure.blocks import content
from retrieval.text.sentences import sentences
from tests.retrieval.loaders.fakes_files import Drawn, drawn_pdf, pdf, read, refusal

DATA = Path(__file__).parents[2] / "data" / "pdf"

FIRST = ["Harbour to be rebuilt", "The council voted on Monday to re-", "build the old harbour."]
SECOND = ["The work begins in the spring."]


@pytest.mark.parametrize("packed", [False, True])
def test_a_pdf_is_the_text_of_its_pages(tmp_path: Path, packed: bool) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf([FIRST, SECOND], "/Title (Harbour) /Author (Ann Lee) /CreationDate (D:20200304)", packed))
    (article,), problems = read(path)
    assert article.text == FIRST[0] + "\n\n" + "\n".join(FIRST[1:]) + "\n\n" + "\n".join(SECOND)
    assert (article.title, article.author) == ("Harbour", "Ann Lee")
    assert article.blocks[-1].page == 2
    assert problems == []


def test_the_date_a_pdf_was_made_is_not_its_publication(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf([FIRST], "/CreationDate (D:20200304) /Title (Microsoft Word - draft3.doc)"))
    (article,), _ = read(path)
    assert article.published == ""
    assert "draft3" not in article.title


@pytest.mark.parametrize("protection", ["owner-rc4-128", "owner-aes-128", "owner-aes-256"])
def test_a_pdf_that_only_its_owner_may_change_is_read(protection: str) -> None:
    (article,), problems = read(DATA / f"{protection}.pdf")
    assert article.text.split() == " ".join(FIRST).split()
    assert problems == []


def test_a_locked_pdf_needs_its_password() -> None:
    assert "needs a password" in refusal(DATA / "locked-aes-256.pdf")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is not a PDF"),
        (b"<p>", "is not a PDF"),
        (b"%PDF-1.4\n" + b"\x93\x01junk" * 999, "is damaged"),
        (pdf([[], []]), "holds no text"),
        (pdf([]), "is damaged"),
    ],
)
def test_a_pdf_without_text_is_refused_with_one_line(tmp_path: Path, data: bytes, says: str) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(data)
    assert says in refusal(path)


def test_any_part_of_a_pdf_is_an_article_or_a_line(tmp_path: Path) -> None:
    """A file cut short or with flipped bytes never raises."""
    whole = pdf([FIRST, SECOND] * 3, packed=True)
    path = tmp_path / "a.pdf"
    for step in range(1, 40):
        at = step * len(whole) // 40
        for data in (whole[:at], whole[:at] + b"\xff<<[" + whole[at + 4 :]):
            path.write_bytes(data)
            articles, problems = read(path)
            assert articles or problems
            assert all(str(problem).isprintable() for problem in problems)


def test_a_pdf_that_unpacks_to_far_too_much_does_no_harm(tmp_path: Path) -> None:
    """Of one string, 32,767 characters are read: the limit of the format (ISO 32000-1, annex C)."""
    bomb = pdf([["a" * 200_000_000]], packed=True)
    assert len(bomb) < 1_000_000
    assert len(only(tmp_path / "a.pdf", bomb).text) == 32_767


LEFT = [
    "The harbour council of Vessby voted on",
    "Monday to keep the ferry terminal open",
    "until the end of 2027, reversing a decision",
    "taken in March. The vote was 7 to 4, and",
]
RIGHT = [
    "Nordline had asked for a subsidy of 3.2",
    "million crowns a year. Its manager, Per",
    "Stroem, said the company would not sue.",
    "Opponents fear that the costs will rise.",
]
STORY = [*LEFT, *RIGHT]


def drawn(lines: list[str], *, x: float = 72, y: float = 700, size: float = 11) -> list[Drawn]:
    return [(x, y - 14 * at, size, line) for at, line in enumerate(lines)]


def said(article: Article) -> list[str]:
    """Return the citable sentences of an article, each on one line."""
    return [
        " ".join(sentence.of(article.text).split())
        for block in article.blocks
        if block.kind in CITABLE
        for sentence in sentences(article.text, content(article.text, block))
    ]


def only(path: Path, data: bytes, notes: int = 0) -> Article:
    path.write_bytes(data)
    (article,), problems = read(path)
    assert len(problems) == notes
    return article


SPLIT_SENTENCE = "The vote was 7 to 4, and Nordline had asked for a subsidy of 3.2 million crowns a year."


def test_columns_drawn_row_by_row_are_read_one_after_the_other(tmp_path: Path) -> None:
    rows = zip(drawn(LEFT), drawn(RIGHT, x=320), strict=True)
    article = only(
        tmp_path / "a.pdf", drawn_pdf([[(72, 740, 20, "Terminal stays"), *(word for row in rows for word in row)]])
    )
    assert article.title == "Terminal stays"
    assert article.text.endswith("\n".join(STORY))
    assert SPLIT_SENTENCE in said(article)


def test_the_columns_of_a_table_stay_rows(tmp_path: Path) -> None:
    table = [["Ward", "Votes for", "Votes against"], ["North", "1,204", "980"], ["South", "877", "1,011"]]
    cells = [
        (72 + 150.0 * at, 760 - 16.0 * row, 11.0, cell)
        for row, line in enumerate(table)
        for at, cell in enumerate(line)
    ]
    article = only(tmp_path / "a.pdf", drawn_pdf([[*cells, *drawn(STORY)]]))
    rows = [block.span.of(article.text) for block in article.blocks if block.kind is BlockKind.TABLE_ROW]
    assert rows == ["North\t1,204\t980", "South\t877\t1,011"]


@pytest.mark.parametrize("numbers", [("Page 1 of 2", "Page 2 of 2"), ("14", "15"), ("ix", "x")])
def test_a_sentence_that_runs_over_a_page_break_is_one(tmp_path: Path, numbers: tuple[str, str]) -> None:
    """Running heads and page numbers are not between its halves; a head is kept behind the text, never cited."""
    pages = [
        [(72, 760, 9, "The Vessby Times"), (420, 760, 9, "12 March 2024"), *drawn(lines), (300, 30, 9, number)]
        for lines, number in zip([LEFT, RIGHT], numbers, strict=True)
    ]
    article = only(tmp_path / "a.pdf", drawn_pdf(pages))
    assert SPLIT_SENTENCE in said(article)
    assert article.text.startswith("\n".join(STORY))
    assert article.text.count("The Vessby Times") == 1
    assert not any("Vessby Times" in sentence or "Page" in sentence for sentence in said(article))


def test_a_footnote_comes_behind_the_paragraph_that_it_interrupts(tmp_path: Path) -> None:
    note = (72.0, 90.0, 8.0, "1 See the minutes of the council, page 40.")
    article = only(tmp_path / "a.pdf", drawn_pdf([[*drawn(LEFT), note], drawn(RIGHT)]))
    assert article.text == "\n".join(STORY) + "\n\n" + note[3]
    assert [block.page for block in article.blocks] == [1, 1]


def test_a_line_of_the_text_that_is_repeated_is_no_running_head(tmp_path: Path) -> None:
    pages = [
        [*drawn(STORY, y=700 + place), *drawn(["He said no comment."], y=588 + place)] for place in (0, 0, 20, 40, 60)
    ]
    article = only(tmp_path / "a.pdf", drawn_pdf(pages))
    assert article.text.count("He said no comment.") == 5


def test_the_rows_of_a_table_over_two_pages_are_no_page_numbers(tmp_path: Path) -> None:
    pages = [[*drawn(STORY), (72, 60, 11, figures)] for figures in ("North 1,204", "North 877")]
    article = only(tmp_path / "a.pdf", drawn_pdf(pages))
    assert "North 1,204" in article.text
    assert "North 877" in article.text


@pytest.mark.parametrize(
    "mark", ["0.7 0.7 -0.7 0.7 150 300 Tm (DRAFT) Tj", "1 0 0 1 60 650 Tm (DRAFT) Tj"], ids=["aslant", "across"]
)
def test_a_watermark_is_boilerplate(tmp_path: Path, mark: str) -> None:
    first = f"q .9 g BT /F1 90 Tf {mark} ET Q"
    article = only(tmp_path / "a.pdf", drawn_pdf([drawn(LEFT), drawn(RIGHT)], first=first))
    assert SPLIT_SENTENCE in said(article)
    assert article.text == "\n".join(STORY) + "\n\nDRAFT"
    assert article.blocks[-1].kind is BlockKind.BOILERPLATE


def test_text_drawn_twice_to_look_bold_is_read_once(tmp_path: Path) -> None:
    words = [word for x, y, size, line in drawn(STORY) for word in ((x, y, size, line), (x + 0.4, y, size, line))]
    assert only(tmp_path / "a.pdf", drawn_pdf([words])).text == "\n".join(STORY)


@pytest.mark.parametrize(
    ("line", "text", "notes"),
    [
        ("The of\\036ce of \\036nance said the \\036re was out.", "The office of finance said the fire was out.", 1),
        ("She lives in a \\036at, said Mr. Grun\\036.", "She lives in a \ufffdat, said Mr. Grun\ufffd.", 1),
    ],
)
def test_a_ligature_without_a_code_is_restored_or_shown_as_missing(
    tmp_path: Path, line: str, text: str, notes: int
) -> None:
    article = only(tmp_path / "a.pdf", drawn_pdf([drawn([line])], codes="<1E> <0000>"), notes)
    assert article.text == text


def test_pages_without_text_are_named(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(drawn_pdf([drawn(LEFT), [], drawn(RIGHT)], first="0 0 50 50 re f"))
    _, problems = read(path)
    assert ["page 2 is without text (scanned?)" in str(problem) for problem in problems] == [True]


def test_text_whose_codes_are_not_its_letters_is_noted(tmp_path: Path) -> None:
    shifted = ["".join(chr(ord(char) + 1) if char.isalpha() else char for char in line) for line in STORY * 2]
    path = tmp_path / "a.pdf"
    path.write_bytes(drawn_pdf([drawn(shifted)]))
    _, problems = read(path)
    assert ["make no words" in str(problem) for problem in problems] == [True]


def test_heads_of_left_and_right_pages_are_running_heads(tmp_path: Path) -> None:
    """Each occurs once; it has the number of its page."""
    heads = [(400.0, 760.0, 11.0, "Harbour report 1"), (72.0, 760.0, 11.0, "2 THE VESSBY TIMES")]
    pages = [[head, *drawn(lines)] for head, lines in zip(heads, [LEFT, RIGHT], strict=True)]
    article = only(tmp_path / "a.pdf", drawn_pdf(pages))
    assert article.text == "\n".join([*STORY, "", "Harbour report 1", "2 THE VESSBY TIMES"])
    assert SPLIT_SENTENCE in said(article)


def test_a_stamp_beside_the_text_of_every_page_is_boilerplate(tmp_path: Path) -> None:
    stamp = (450.0, 686.0, 11.0, "CONFIDENTIAL")
    article = only(tmp_path / "a.pdf", drawn_pdf([[stamp, *drawn(LEFT)], [stamp, *drawn(RIGHT)]]))
    assert article.text == "\n".join([*STORY, "", "CONFIDENTIAL"])
