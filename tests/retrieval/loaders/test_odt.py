from __future__ import annotations

from pathlib import Path

from retrieval.articles import Article
from retrieval.loaders import LoadProblem
from tests.retrieval.loaders.fakes_files import archive, odt, read, refusal


def article(tmp_path: Path, body: str, styles: str = "", meta: str = "") -> tuple[Article, list[LoadProblem]]:
    path = tmp_path / "draft.odt"
    path.write_bytes(odt(body, styles, meta))
    (found,), notes = read(path)
    return found, notes


def row(*texts: str) -> str:
    cells = "".join(f"<table:table-cell><t:p>{text}</t:p></table:table-cell>" for text in texts)
    return f"<table:table-row>{cells}</table:table-row>"


def test_headings_lists_and_tables_keep_their_kind(tmp_path: Path) -> None:
    """White space is what OpenDocument makes of it."""
    body = '<t:p t:style-name="Title">The bridge closes</t:p><t:h t:outline-level="2">Votes</t:h>'
    body += "<t:p>It  is\n old,<t:s t:c='2'/>they<t:line-break/>said.</t:p>"
    body += "<t:list><t:list-item><t:p>One</t:p></t:list-item><t:list-item><t:p>Two</t:p></t:list-item></t:list>"
    header = f"<table:table-header-rows>{row('Name', 'Votes')}</table:table-header-rows>"
    body += f"<table:table>{header}{row('Ann', '12')}</table:table>"
    found, notes = article(tmp_path, body, '<s:style s:name="Title" s:family="paragraph"/>')
    assert found.text == (
        "# The bridge closes\n\n## Votes\n\nIt is old,  they\nsaid.\n\n- One\n- Two\n\n"
        "| Name | Votes |\n| --- | --- |\n| Ann | 12 |"
    )
    assert (found.title, notes) == ("The bridge closes", [])


def test_deletions_comments_and_hidden_text_are_left_out_and_notes_come_last(tmp_path: Path) -> None:
    """Insertions are text; a frame follows its paragraph, the description of a picture is no text."""
    body = (
        "<t:tracked-changes><t:changed-region><t:deletion><t:p>lied</t:p></t:deletion></t:changed-region></t:tracked-changes>"
        "<t:p>“He <t:change t:change-id='c1'/><t:change-start/>erred<t:change-end/>,” she"
        "<o:annotation><dc:creator>Ed</dc:creator><t:p>Really?</t:p></o:annotation> said"
        "<t:note><t:note-citation>1</t:note-citation><t:note-body><t:p>On Monday.</t:p></t:note-body></t:note>."
        "<t:span t:style-name='H'> Hidden.</t:span><t:span t:style-name='S'> Struck.</t:span>"
        "<d:frame><s:desc>A picture</s:desc><d:text-box><t:p>In the box.</t:p></d:text-box></d:frame></t:p>"
    )
    styles = '<s:style s:name="H"><s:text-properties t:display="none"/></s:style>'
    styles += '<s:style s:name="S" s:parent-style-name="B"/>'
    styles += '<s:style s:name="B"><s:text-properties s:text-line-through-style="solid"/></s:style>'
    found, (note,) = article(tmp_path, body, styles)
    assert found.text == "“He erred,” she said.\n\nIn the box.\n\n## Notes\n\nOn Monday."
    assert note.message == "left out: 1 tracked deletion, 1 comment, 1 hidden passage, 1 struck passage"


def test_the_properties_of_the_document_are_its_title_and_first_author(tmp_path: Path) -> None:
    """Who saved it last is not its author."""
    meta = (
        "<dc:title>The bridge</dc:title><dc:creator>Ed Itor</dc:creator><m:initial-creator>Ann Lee</m:initial-creator>"
    )
    found, _ = article(tmp_path, "<t:p>It is old.</t:p>", meta=meta)
    assert (found.title, found.author) == ("The bridge", "Ann Lee")


def test_a_document_with_a_password_is_refused(tmp_path: Path) -> None:
    kind = "application/vnd.oasis.opendocument.text"
    manifest = "<manifest><file-entry><encryption-data/></file-entry></manifest>"
    path = tmp_path / "a.odt"
    path.write_bytes(archive({"mimetype": kind, "META-INF/manifest.xml": manifest, "content.xml": "\x01\x02"}))
    assert refusal(path) == "needs a password: save it without one"
