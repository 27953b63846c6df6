from __future__ import annotations

from pathlib import Path

import pytest

from tests.retrieval.loaders.fakes_files import archive, docx, odt, paragraph, pdf, read, refusal, run

STORY = "The bridge closes in May, the council said."
PAGE = f"<!DOCTYPE html><html><body><article><p>{STORY} It is old and must be rebuilt.</p></article></body></html>"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html", "a.doc", "a.jsonl"])
@pytest.mark.parametrize(
    ("data", "what"),
    [
        (pdf([[STORY]]), "a PDF"),
        (docx(paragraph(run(STORY))), "a Word document"),
        (odt(f"<t:p>{STORY}</t:p>"), "an OpenDocument text"),
        (rb"{\rtf1\ansi " + STORY.encode() + b"}", "RTF"),
        (PAGE.encode(), "a web page"),
    ],
)
def test_the_content_of_a_file_counts_not_its_name(tmp_path: Path, name: str, data: bytes, what: str) -> None:
    """With a note where they differ."""
    path = tmp_path / name
    path.write_bytes(data)
    (article,), notes = read(path)
    assert article.text.startswith(STORY)
    named_right = (name, what) in {("a.html", "a web page"), ("a.doc", "a Word document")}
    assert [what in note.message for note in notes] == ([] if named_right else [True])


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (OLE + "WordDocument".encode("utf-16-le"), "is an old Word document (.doc)"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "needs a password"),
        (archive({"xl/workbook.xml": "<x/>"}), "is a spreadsheet"),
        (archive({"story.txt": STORY}), "is a zip archive"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 99, "is a picture (PNG)"),
        (b"\x1f\x8b\x08" + b"x" * 99, "is compressed with gzip"),
        (b"From: <x>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n", "is a web archive"),
    ],
)
@pytest.mark.parametrize("name", ["a.txt", "a.docx"])
def test_a_format_that_is_not_read_is_refused_by_its_name(tmp_path: Path, name: str, data: bytes, says: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    assert says in refusal(path)


def test_text_about_formats_is_text(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(f"A file that begins with %PDF-1.4 is a PDF, and <html> begins a page.\n\n{STORY}\n")
    (article,), notes = read(path)
    assert article.text == path.read_text()
    assert notes == []
