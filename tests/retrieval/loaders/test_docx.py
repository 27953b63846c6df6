from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from retrieval.articles import Article, BlockKind
from retrieval.loaders import LoadProblem
from tests.retrieval.loaders.fakes_files import docx, paragraph, read, refusal, run

STYLES = (
    '<w:style w:styleId="T"><w:name w:val="Title"/></w:style>'
    '<w:style w:styleId="H"><w:name w:val="heading 2"/></w:style>'
    '<w:style w:styleId="Sub"><w:name w:val="Mine"/><w:basedOn w:val="H"/></w:style>'
    '<w:style w:styleId="L"><w:name w:val="List Bullet"/>'
    '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    '<w:style w:styleId="Secret"><w:name w:val="Secret"/><w:rPr><w:vanish/></w:rPr></w:style>'
)


def article(tmp_path: Path, body: str, **parts: str) -> tuple[Article, list[LoadProblem]]:
    path = tmp_path / "draft.docx"
    path.write_bytes(docx(body, **parts))
    (found,), notes = read(path)
    return found, notes


def styled(style: str, text: str) -> str:
    return paragraph(run(text), properties=f'<w:pStyle w:val="{style}"/>')


def cells(*texts: str) -> str:
    return f"<w:tr>{''.join(f'<w:tc>{paragraph(run(text))}</w:tc>' for text in texts)}</w:tr>"


def test_headings_lists_and_tables_keep_their_kind(tmp_path: Path) -> None:
    """A style is what it is based on; the cells of a table are apart."""
    table = f"<w:tbl>{cells('Name', 'Votes')}{cells('Ann Lee', '12')}</w:tbl>"
    body = styled("T", "The bridge closes") + paragraph(run("It is old."))
    body += styled("Sub", "Votes") + styled("L", "One") + styled("L", "Two") + table
    found, notes = article(tmp_path, body, styles=STYLES)
    assert found.title == "The bridge closes"
    assert [
        (block.kind, block.span.of(found.text)) for block in found.blocks if block.kind is not BlockKind.BOILERPLATE
    ] == [
        (BlockKind.TITLE, "The bridge closes"),
        (BlockKind.PARAGRAPH, "It is old."),
        (BlockKind.HEADING, "Votes"),
        (BlockKind.LIST_ITEM, "- One"),
        (BlockKind.LIST_ITEM, "- Two"),
        (BlockKind.TABLE_HEADER, "| Name | Votes |"),
        (BlockKind.TABLE_ROW, "| Ann Lee | 12 |"),
    ]
    assert notes == []


def test_insertions_are_text_and_deletions_are_not(tmp_path: Path) -> None:
    """A deleted paragraph mark joins its paragraph to the next; what was moved stands where it went."""
    body = paragraph(
        run("“He "),
        f"<w:del>{'<w:r><w:delText>lied</w:delText></w:r>'}</w:del>",
        f"<w:ins>{run('erred')}</w:ins>",
        run(",” she said."),
    )
    body += paragraph(run("The first half "), properties="<w:rPr><w:del/></w:rPr>") + paragraph(run("and the second."))
    body += paragraph(f"<w:moveFrom>{run('Moved.')}</w:moveFrom>") + paragraph(f"<w:moveTo>{run('Moved.')}</w:moveTo>")
    found, (note,) = article(tmp_path, body)
    assert found.text == "“He erred,” she said.\n\nThe first half and the second.\n\nMoved."
    assert (note.message, note.refused) == ("left out: 1 tracked deletion", False)


def test_notes_follow_the_text_and_comments_are_left_out(tmp_path: Path) -> None:
    """Neither stands inside a sentence; separators are no notes."""
    body = paragraph(
        run("It cost a million"),
        '<w:r><w:footnoteReference w:id="7"/></w:r>',
        run(" last year."),
        '<w:r><w:commentReference w:id="1"/></w:r>',
    )
    notes = f'<w:footnote w:id="0" w:type="separator">{paragraph(run("----"))}</w:footnote>'
    notes += f'<w:footnote w:id="7">{paragraph(run("Said the auditor."))}</w:footnote>'
    found, (note,) = article(tmp_path, body, footnotes=notes)
    assert found.text == "It cost a million last year.\n\n## Notes\n\nSaid the auditor."
    assert note.message == "left out: 1 comment"


def test_what_readers_do_not_see_is_left_out(tmp_path: Path) -> None:
    """Hidden and struck text, by a run's own properties or its style; a property that is switched off hides nothing."""
    body = paragraph(
        run("Seen"), run(" hidden", "<w:vanish/>"), run(" gone", "<w:strike/>"), run(" again.", '<w:vanish w:val="0"/>')
    )
    body += styled("Secret", "Not for print.")
    prompt = f"<w:sdtContent>{paragraph(run('Click here'))}</w:sdtContent>"
    body += f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr>{prompt}</w:sdt>"
    body += f"<w:sdt><w:sdtContent>{paragraph(run('Shown.'))}</w:sdtContent></w:sdt>"
    found, (note,) = article(tmp_path, body, styles=STYLES)
    assert found.text == "Seen again.\n\nShown."
    assert note.message == "left out: 2 hidden passages, 1 struck passage"


def test_links_and_text_boxes_are_text_once(tmp_path: Path) -> None:
    """A box follows the paragraph it is anchored in; its copy for old readers is no second one."""
    box = f"<w:txbxContent>{paragraph(run('In the box.'))}</w:txbxContent>"
    body = paragraph(
        run("See "),
        f"<w:hyperlink>{run('the report')}</w:hyperlink>",
        f"<w:r><mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r>",
        run(" on 10"),
        run("6", '<w:vertAlign w:val="superscript"/>'),
        run(" cars."),
    )
    assert article(tmp_path, body)[0].text == "See the report on 10⁶ cars.\n\nIn the box."


def test_a_table_that_arranges_text_is_paragraphs(tmp_path: Path) -> None:
    """One of data without names of columns has an empty header, so that its first row can be cited."""
    column = f"<w:tc>{paragraph(run('One.'))}{paragraph(run('Two.'))}{paragraph(run('Three.'))}</w:tc>"
    layout = f"<w:tbl><w:tr>{column}{column}</w:tr></w:tbl>"
    data = f"<w:tbl>{cells('1990', 'It began.')}{cells('1991', 'It ended.')}</w:tbl>"
    found, _ = article(tmp_path, layout + data)
    assert found.text.startswith("One.\n\nTwo.\n\nThree.\n\nOne.")
    rows = [block.span.of(found.text) for block in found.blocks if block.kind is BlockKind.TABLE_ROW]
    assert rows == ["| 1990 | It began. |", "| 1991 | It ended. |"]


@pytest.mark.parametrize(
    ("creator", "text", "author"),
    [
        ("Ann Lee", "It is old.", "Ann Lee"),
        ("Ann Lee", "By Bo Roe", "Bo Roe"),
        ("python-docx", "It is old.", ""),
        ("Microsoft Office User", "It is old.", ""),
        ("News Desk", "It is old.", ""),
        ("alee", "It is old.", ""),
    ],
)
def test_the_author_is_the_byline_or_a_person_in_the_properties(
    tmp_path: Path, creator: str, text: str, author: str
) -> None:
    """Templates and accounts are nobody; the title property counts where the text has no title."""
    core = f"<dc:title>The bridge</dc:title><dc:creator>{creator}</dc:creator>"
    body = paragraph(run(text)) + paragraph(run("The bridge closes in May."))
    found, _ = article(tmp_path, body, core=core)
    assert (found.title, found.author, found.published) == ("The bridge", author, "")


def test_a_damaged_or_hostile_document_is_refused_with_one_line(tmp_path: Path) -> None:
    """Bombs are not unpacked, entities are not expanded."""
    path = tmp_path / "a.docx"
    path.write_bytes(docx(paragraph(run("a" * 20_000_000))))
    assert "zip bomb" in refusal(path)
    path.write_bytes(docx('<w:p xmlns:a="x"/>').replace(b"PK\x05\x06", b"PK\x05\x07"))
    assert "is damaged" in refusal(path)
    path.write_bytes(docx(""))
    assert "holds no text" in refusal(path)
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("word/document.xml", '<!DOCTYPE d [<!ENTITY a "a">]><d><body>&a;</body></d>')
    assert "declares XML entities" in refusal(path)
    path.write_bytes(docx("<w:p>" * 5_000 + "</w:p>" * 5_000))
    assert "is damaged" in refusal(path)
