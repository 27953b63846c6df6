from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.articles import Article
from retrieval.loaders import LoadProblem
from tests.retrieval.loaders.fakes_files import read, refusal


def article(tmp_path: Path, body: bytes, head: bytes = rb"\ansi\ansicpg1252") -> tuple[Article, list[LoadProblem]]:
    path = tmp_path / "draft.rtf"
    path.write_bytes(rb"{\rtf1" + head + b" " + body + b"}")
    (found,), notes = read(path)
    return found, notes


@pytest.mark.parametrize(
    ("head", "written", "text"),
    [
        (rb"\ansi\ansicpg1252", rb"\'93No,\'94 said Mu\'f1oz\'92s aide \'96 once.", "“No,” said Muñoz’s aide – once."),
        (rb"\ansi\ansicpg1252", rb"\ldblquote No,\rdblquote  he said\emdash once.", "“No,” he said—once."),
        (rb"\ansi\ansicpg1250", rb"Premi\'e9r Dvo\'f8\'e1k.", "Premiér Dvořák."),
        (rb"\ansi\ansicpg1250{\fonttbl{\f0\fcharset0 A;}}", rb"\f0 Dvo\'f8\'e1k.", "Dvořák."),
        (rb"\ansi{\fonttbl{\f0 A;}{\f1\fcharset238 B;}}", rb"{\f1 Dvo\'f8\'e1k} f\'f8rst.", "Dvořák først."),
        (rb"\ansi\ansicpg1251", rb"\'cc\'ee\'f1\'ea\'e2\'e0.", "Москва."),
        (rb"\ansi\ansicpg932", rb"\'93\'fa\'96\'7b.", "日本."),
        (rb"\mac", rb"Caf\'8e.", "Café."),
        (rb"\ansi", rb"Dvo\u345?\'e1k, {\uc2\u8364 EU5}, {\uc0\u9731}, \u-10179?\u-8704?.", "Dvořák, €5, ☃, 😀."),
        (rb"\ansi", rb"a\u8211\endash b\u8220\u8221?.", "a–b“”."),
        (rb"\ansi", "“No,” said 日本 😀.".encode(), "“No,” said 日本 😀."),
        (rb"\ansi", "“No,” said Muñoz.".encode("cp1252"), "“No,” said Muñoz."),
        (rb"\ansi", rb"a\{b\}c\\d\~e\_f.", "a{b}c\\d\xa0e\u2011f."),
    ],
)
def test_characters_are_decoded(tmp_path: Path, head: bytes, written: bytes, text: str) -> None:
    """By the font's character set, else the document's code page, or as Unicode."""
    assert article(tmp_path, written, head)[0].text == text


def test_headings_lists_and_tables_keep_their_kind(tmp_path: Path) -> None:
    """Headers, pictures, addresses of links and the numbers of lists are not text."""
    head = rb"\ansi{\stylesheet{\s0 Normal;}{\s1 heading 1;}{\s2 heading 2;}}{\info{\title x.rtf}{\author Ann Lee}}"
    body = (
        rb"{\header Page\par}\pard\s1 The bridge closes\par\pard\s0 It is \b old\b0 ,"
        b"\r\n"
        rb" see {\field{\*\fldinst HYPERLINK x}{\fldrslt the report}}.\par{\pict\bin4 }}{{}"
        rb"\pard\s2 Votes\par\pard{\pntext 1.\tab}One\par{\listtext 2.\tab}Two\par"
        rb"\pard\trowd\intbl Name\cell Votes\cell\row\trowd\intbl Ann\cell 12\cell\row\pard Last.\par"
    )
    found, notes = article(tmp_path, body, head)
    assert found.text == (
        "# The bridge closes\n\nIt is old, see the report.\n\n## Votes\n\n- One\n- Two\n\n"
        "| Name | Votes |\n| --- | --- |\n| Ann | 12 |\n\nLast."
    )
    assert (found.title, found.author, notes) == ("The bridge closes", "Ann Lee", [])


def test_deletions_comments_and_hidden_text_are_left_out_and_notes_come_last(tmp_path: Path) -> None:
    """A text box follows its paragraph, once."""
    body = (
        rb"\ldblquote He {\deleted lied}{\revised erred},\rdblquote  she{\*\atnid E}{\*\annotation Really?} said"
        rb"{\super\chftn{\footnote\pard\chftn On {\i Monday}.}}.{\v  Hidden.}"
        rb"\strike  Struck.\strike0\plain  On 10{\super 6} cars."
        rb"{\shp{\*\shpinst{\sp{\sn a}{\sv b}}{\shptxt In the box.\par}}{\shprslt{\*\do{\dptxbxtext In the box.}}}}\par"
    )
    found, (note,) = article(tmp_path, body)
    assert found.text == "“He erred,” she said. On 10⁶ cars.\n\nIn the box.\n\n## Notes\n\nOn Monday."
    assert note.message == "left out: 1 tracked deletion, 1 comment, 1 hidden passage, 1 struck passage"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (rb"{\rtf1\ansi }", "holds no text"),
        (b"{\\rtf1" + b"{" * 20_000, "nested too deeply"),
        (b"plain", "is not RTF"),
    ],
)
def test_what_is_no_document_is_refused_with_one_line(tmp_path: Path, data: bytes, says: str) -> None:
    path = tmp_path / "a.rtf"
    path.write_bytes(data)
    assert says in refusal(path)


@pytest.mark.parametrize("junk", [b"}}}} after", rb"\u", rb"\'", b"\\", rb"\bin99999999 x", rb"\u99999999 ", rb"\cpg9"])
def test_broken_rtf_keeps_what_can_be_read(tmp_path: Path, junk: bytes) -> None:
    path = tmp_path / "a.rtf"
    path.write_bytes(rb"{\rtf1\ansi It is old.\par " + junk)
    (found,), _ = read(path)
    assert found.text.startswith("It is old.")
