"""Comments in a copy of a Word document: at the very words, whatever runs they are in; and none at hostile files."""

from __future__ import annotations

import io
import re
from pathlib import Path

import docx
import pytest

from retrieval.errors import ArticleError
from retrieval.loaders.docx_comments import AUTHOR, DocumentComment, add_comments, is_commented
from retrieval.loaders.limits import FREE_UNPACKED_BYTES
from tests.retrieval.loaders.fakes_files import archive, odt


def document(*paragraphs: list[str]) -> bytes:
    """Return a document whose paragraphs are these runs."""
    made = docx.Document()
    for runs in paragraphs:
        paragraph = made.add_paragraph()
        for number, text in enumerate(runs):
            paragraph.add_run(text).bold = number % 2 == 1
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def commented(data: bytes) -> list[tuple[str, str]]:
    """Return the passages that have comments, each with its comment, and look that the text is unchanged."""
    read = docx.Document(io.BytesIO(data))
    texts = {comment.comment_id: comment.text for comment in read.comments}
    assert {comment.author for comment in read.comments} <= {AUTHOR}
    xml = read.element.body.xml
    found = re.finditer(r'commentRangeStart w:id="(\d+)"(.*?)commentRangeEnd w:id="\1"', xml, re.DOTALL)
    return [("".join(re.findall(r"<w:t[^>]*>([^<]*)</w:t>", each[2])).strip(), texts[int(each[1])]) for each in found]


def text_of(data: bytes) -> list[str]:
    return [paragraph.text for paragraph in docx.Document(io.BytesIO(data)).paragraphs]


def test_comments_are_at_their_passages_and_the_text_is_as_it_was() -> None:
    """Inside a run, over several, and twice the same words."""
    data = document(
        ["He said: “We will go home,” and left."],
        ["She said: ", "“We will", " stay", " here.” And ", "\t“We will go home,” she said."],
        ["“No\u00a0one”"],
    )
    comments = [
        DocumentComment("We will go home,", "one\ntwo"),
        DocumentComment("We will stay here.", "three"),
        DocumentComment("We will go home,", "four"),
        DocumentComment("No one", "five"),
        DocumentComment("This is nowhere in it", "six"),
    ]
    copy, unplaced = add_comments(data, comments)
    assert unplaced == 1
    assert commented(copy) == [
        ("“We will go home,”", "one\ntwo"),
        ("“We will stay here.”", "three"),
        ("“We will go home,”", "four"),
        ("“No\u00a0one”", "five"),
    ]
    assert text_of(copy) == text_of(data)
    assert is_commented(copy)
    assert not is_commented(data)


def test_formatting_is_kept_where_a_run_is_split() -> None:
    """Bold stays bold."""
    copy, _ = add_comments(document(["", "He said “we go” now"]), [DocumentComment("we go", "x")])
    runs = docx.Document(io.BytesIO(copy)).paragraphs[0].runs
    assert [run.text for run in runs if run.text] == ["He said", " “we go”", " now"]
    assert all(run.bold for run in runs if run.text)


@pytest.mark.parametrize(
    "data",
    [
        b"nothing",
        b"",
        odt("<text:p>One</text:p>"),
        archive({"word/document.xml": "0" * (FREE_UNPACKED_BYTES + 1)}),
        document(["One"])[:-200],
    ],
)
def test_what_is_no_word_document_is_refused_in_one_line(data: bytes) -> None:
    """A zip bomb is not unpacked."""
    with pytest.raises(ArticleError) as caught:
        add_comments(data, [DocumentComment("One", "x")])
    assert "\n" not in str(caught.value)


def test_a_file_that_is_no_copy_is_not_taken_for_one(tmp_path: Path) -> None:
    """Whatever it is."""
    assert not is_commented(b"PK nothing")
    assert not is_commented((tmp_path / "x").name.encode())
