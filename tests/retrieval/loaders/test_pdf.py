from __future__ import annotations

import io
from pathlib import Path

import pytest

from tests.retrieval.loaders.fakes_files import pdf, read, refusal

FIRST = ["Harbour to be rebuilt", "The council voted on Monday to re-", "build the old harbour."]
SECOND = ["The work begins in the spring."]


@pytest.mark.parametrize("packed", [False, True])
def test_a_pdf_is_the_text_of_its_pages(tmp_path: Path, packed: bool) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf([FIRST, SECOND], "/Title (Harbour) /Author (Ann Lee) /CreationDate (D:20200304)", packed))
    (article,), problems = read(path)
    assert article.text == "\n".join(FIRST) + "\n\n" + "\n".join(SECOND)
    assert (article.title, article.author) == ("Harbour", "Ann Lee")
    assert article.blocks[-1].page == 2
    assert problems == []


def test_the_date_a_pdf_was_made_is_not_its_publication(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf([FIRST], "/CreationDate (D:20200304) /Title (Microsoft Word - draft3.doc)"))
    (article,), _ = read(path)
    assert article.published == ""
    assert "draft3" not in article.title


def test_a_locked_pdf_needs_its_password(tmp_path: Path) -> None:
    from pypdf import PdfReader, PdfWriter

    for name, password in (("locked.pdf", "secret"), ("open.pdf", "")):
        writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf([FIRST]))))
        writer.encrypt(user_password=password, owner_password="owner", algorithm="RC4-128")  # noqa: S106 (a made-up one)
        writer.write(tmp_path / name)
    assert "needs a password" in refusal(tmp_path / "locked.pdf")
    (article,), _ = read(tmp_path / "open.pdf")
    assert article.text.startswith(FIRST[0])


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is not a PDF"),
        (b"<html>", "is not a PDF"),
        (b"%PDF-1.4\n" + b"\x93\x01junk" * 999, "is damaged"),
        (pdf([[], []]), "holds no text"),
        (pdf([]), "holds no text"),
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


def test_a_pdf_that_unpacks_to_far_too_much_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    bomb = pdf([["a" * 200_000_000]], packed=True)
    assert len(bomb) < 1_000_000
    path.write_bytes(bomb)
    articles, problems = read(path)
    assert not articles
    assert problems[0].refused
