"""Drafts: what can be read, where its characters stand, and one line for what cannot."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from bot.drafts import Draft, drafts
from retrieval.errors import InputError
from tests.bot.fakes_quotes import DRAFT


def one(path: Path) -> Draft:
    found = drafts(str(path))
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize("name", ["draft.txt", "draft.md", "draft", "draft.srt", "Draft.TXT"])
def test_text_is_read_whatever_it_is_called(name: str, tmp_path: Path) -> None:
    """A suffix that nobody knows is plain text."""
    (tmp_path / name).write_text(DRAFT, encoding="utf-8")
    assert one(tmp_path / name).text == DRAFT


def test_other_encodings_are_read_and_said(tmp_path: Path) -> None:
    """As articles are."""
    (tmp_path / "old.txt").write_bytes("He said: “Never.” And that was all of it, he added later.".encode("cp1252"))
    draft = one(tmp_path / "old.txt")
    assert "“Never.”" in draft.text
    assert "cp1252" in draft.notes[0]


def test_front_matter_is_looked_over_and_keeps_every_place(tmp_path: Path) -> None:
    """Its quoted title is no quotation."""
    (tmp_path / "draft.md").write_text(DRAFT, encoding="utf-8")
    draft = one(tmp_path / "draft.md")
    assert "title" not in draft.reading.text
    assert draft.reading.text == draft.text[draft.body :].rstrip(" ")
    at = draft.reading.text.index("The lighthouse")
    assert draft.text[draft.reading.starts[at] :].startswith("The lighthouse")


def test_a_page_is_read_as_its_main_text(tmp_path: Path) -> None:
    """From a file and from stdin, told by its first characters."""
    body = "<p>The mayor said: “We will pay the dockers.” It was a long speech, and nobody left before its end.</p>" * 3
    page = f"<!DOCTYPE html><html><head><title>x</title></head><body><article>{body}</article></body></html>"
    (tmp_path / "draft.html").write_text(page, encoding="utf-8")
    for draft in (one(tmp_path / "draft.html"), *drafts("-", io.BytesIO(page.encode()))):
        assert "“We will pay the dockers.”" in draft.text
        assert "<p>" not in draft.text


def test_stdin_is_text_with_a_name() -> None:
    """Its characters are the input's."""
    (draft,) = drafts("-", io.BytesIO(DRAFT.encode()))
    assert (draft.name, draft.text) == ("stdin", DRAFT)


def test_a_file_of_records_holds_a_draft_each(tmp_path: Path) -> None:
    """Named by their ids."""
    lines = '{"id": "a", "text": "He said: one two."}\n{"id": "b", "text": "She said: three."}\n'
    (tmp_path / "drafts.jsonl").write_text(lines, encoding="utf-8")
    assert [draft.name.rpartition("#")[2] for draft in drafts(str(tmp_path / "drafts.jsonl"))] == ["a", "b"]


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("empty.txt", b"", "empty"),
        ("blank.txt", b" \n\t ", "white space"),
        ("binary.bin", bytes(range(256)) * 20, "not text"),
        ("broken.pdf", b"%PDF-1.7 nothing", "broken"),
        ("bad.jsonl", b"{", "bad"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_line(name: str, data: bytes, said: str, tmp_path: Path) -> None:
    """With the name and the reason, and never a traceback."""
    (tmp_path / name).write_bytes(data)
    with pytest.raises(InputError, match=said) as error:
        drafts(str(tmp_path / name))
    assert name in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("named", ["missing.md", "", ".", "a\0b", "\x1b[31m"])
def test_what_is_no_file_is_said_in_one_line(named: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that a terminal would obey is said back."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError) as error:
        drafts(named)
    assert str(error.value).isprintable()


def test_lines_and_columns_count_as_an_editor_counts() -> None:
    """From 1; every kind of line end; a byte order mark takes no column."""
    draft = Draft("d", "\ufeffab\r\ncd\rx\n\nyz")
    places = [draft.line_column(draft.text.index(char)) for char in "abcdxyz"]
    assert places == [(1, 1), (1, 2), (2, 1), (2, 2), (3, 1), (5, 1), (5, 2)]


def test_a_place_tells_the_page_where_there_are_pages() -> None:
    """Before the line and column."""
    draft = Draft("d.pdf", "one\n\ntwo\nthree", pages=((0, 1), (5, 2)))
    assert [draft.place(draft.text.index(word)) for word in ("one", "two", "three")] == [
        "p. 1 · 1:1",
        "p. 2 · 3:1",
        "p. 2 · 4:1",
    ]
    assert Draft("d.txt", "one").page(0) is None
