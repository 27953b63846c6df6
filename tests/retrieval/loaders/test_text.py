from __future__ import annotations

import codecs
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retrieval.articles import Article, BlockKind
from retrieval.loaders import LoadProblem, SourceFile, limits, load
from retrieval.loaders import text as plain
from tests.retrieval.loaders.fakes_files import read, refusal

STORY = "Mayor resigns\n\nThe mayor of Ghent resigned on Monday. She gave no reason.\n"


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"", "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_the_text_is_the_decoded_file_untouched(tmp_path: Path, mark: bytes, encoding: str, line_end: str) -> None:
    data = mark + STORY.replace("\n", line_end).encode(encoding)
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    articles, problems = read(path)
    assert articles[0].text == data.decode(encoding)
    assert problems == []


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_needs_no_byte_order_mark(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(STORY.encode(encoding))
    (article,), _ = read(path)
    assert article.text == STORY


def test_a_text_file_has_the_title_it_shows_and_no_guessed_date(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(f"{STORY}\nPublished on 3 March 2020.\n")
    (article,), _ = read(path)
    assert article.title == "Mayor resigns"
    assert (article.published, article.url, article.path, article.origin) == ("", "", "a.txt", "a.txt")


def test_nearly_ascii_text_that_is_not_utf8_is_windows_1252_and_said(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(
        "“We will stay”, said the café’s owner, who has run it for twenty years in the town.".encode("cp1252")
    )
    (article,), (note,) = read(path)
    assert article.text.startswith("“We will stay”")
    assert not note.refused
    assert "cp1252" in note.message


def test_other_encodings_are_told_by_their_looks(tmp_path: Path) -> None:
    text = "Президент встретился с министрами в Москве. Переговоры продолжались весь день, сообщили в правительстве."
    path = tmp_path / "a.txt"
    path.write_bytes(text.encode("cp1251"))
    (article,), (note,) = read(path)
    assert article.text == text
    assert "cp1251" in note.message


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is empty"),
        (b" \r\n\t\n", "white space"),
        (codecs.BOM_UTF8, "white space"),
        (b"abc\0def", "NUL"),
        (bytes(range(1, 32)) * 9, "control characters"),
        (bytes(range(128, 256)) * 40, "encoding"),
        ("“Yes”, she said. “No”, he said — “maybe”.".encode() + b"\xff", "broken bytes, the first in line 1"),
    ],
)
def test_what_is_no_text_is_refused_with_one_line(tmp_path: Path, data: bytes, says: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    assert says in refusal(path)


def test_a_file_that_is_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert limits.MAX_TEXT_BYTES < 200_000_000
    monkeypatch.setattr(plain, "MAX_TEXT_BYTES", 1_000_000)
    path = tmp_path / "a.txt"
    path.write_bytes(b"word " * 200_001)
    assert refusal(path) == "is larger than 1 MB, too large for one article: split it"


def test_a_file_that_changed_since_it_was_found_is_said(tmp_path: Path) -> None:
    """Gone, or become a folder or a pipe: one line each, and nothing waits."""
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "folder.txt").mkdir()
    for name, says in (("gone.txt", "is not there"), ("pipe.txt", "not a regular"), ("folder.txt", "not a regular")):
        (problem,) = load(SourceFile(tmp_path / name, name, 1, name))
        assert isinstance(problem, LoadProblem)
        assert says in problem.message


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_front_matter_is_metadata_and_never_cited(tmp_path: Path, line_end: str) -> None:
    text = (
        '\ufeff---\ntitle: "Bread prices: up again"\nauthor:\n  - Ann Lee\n  - Bo Roe\ndate: 2020-03-04 # draft\n'
        "source: The Courier\nurl: https://courier.example/bread\ntags: [food, prices]\n---\n\n"
        "# Bread prices: up again\n\n"
        "Bread costs more than ever, the bakers said.\n"
    ).replace("\n", line_end)
    path = tmp_path / "a.md"
    path.write_bytes(text.encode())
    (article,), problems = read(path)
    assert article.text == text
    assert (article.title, article.author) == ("Bread prices: up again", "Ann Lee, Bo Roe")
    assert (article.published, article.source) == ("2020-03-04", "The Courier")
    assert article.url == "https://courier.example/bread"
    assert article.blocks[0].kind is BlockKind.BOILERPLATE
    assert article.blocks[0].span.of(text).endswith("---")
    assert article.blocks[-1].span.of(text) == "Bread costs more than ever, the bakers said."
    assert problems == []


def test_a_fence_that_never_closes_is_no_front_matter(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("---\ntitle: x\n\nThe story goes on and on, without an end.\n")
    (article,), _ = read(path)
    assert article.title != "x"


def test_metadata_that_cannot_be_used_is_noted_once_and_left_empty(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("---\ndate: yesterday\nurl: javascript:alert(1)\n---\n\nThe story of the day, in full.\n")
    (article,), notes = read(path)
    assert (article.published, article.url) == ("", "")
    assert [note.refused for note in notes] == [False, False]
    assert any('"yesterday"' in note.message for note in notes)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=400) | st.text(max_size=400).map(lambda text: text.encode("utf-8", "surrogatepass")))
@pytest.mark.parametrize("name", ["a.txt", "a.md"])
def test_any_bytes_are_an_article_or_a_line(tmp_path: Path, name: str, data: bytes) -> None:
    """Nothing raises; the blocks of an article cover what is not white space, in order."""
    path = tmp_path / name
    path.write_bytes(data)
    for one in load(SourceFile(path, name, len(data), name)):
        if isinstance(one, Article):
            left, at = one.text, 0
            for block in one.blocks:
                assert not left[at : block.span.start].strip()
                at = block.span.end
            assert not left[at:].strip()
        else:
            assert str(one).isprintable()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("The mayor of MÃ¼nster said nothing.", 'has garbled letters ("Ã¼" for "ü")'),
        ("â€œNo,â€\x9d said the mayor.", 'has garbled letters ("â€œ" for "“")'),
        ("Мэр: РњС‹ РЅРµ Р·Р°РєСЂРѕРµРј С€РєРѕР»Сѓ", "decoded as Windows-1251"),
        ("The mayor of M\ufffdnster said nothing.", "has lost 1 of its characters"),
        ("The mayor of Ghent resigned on… [+2314 chars]", "is cut off by its source ([+2314 chars])"),
    ],
)
def test_faults_of_the_source_are_noted_once(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "a.txt"
    path.write_text(f"{STORY}\n{text}\n", encoding="utf-8")
    (article,), (note,) = read(path)
    assert article.text.endswith(f"{text}\n")
    assert says in note.message
    assert not note.refused


def test_capitals_and_quotation_marks_are_not_garbled(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(f"{STORY}\n«A MAÇûNÃO», «LIBERTÉ» in «ÂGE».\n".replace("û", "Ã"), encoding="utf-8")
    assert read(path)[1] == []


@pytest.mark.parametrize("struck", ["~~The mayor resigned.~~", "It cost <del>30</del> 40 million."])
def test_struck_text_of_markdown_is_noted(tmp_path: Path, struck: str) -> None:
    path = tmp_path / "a.md"
    path.write_text(f"{STORY}\n{struck}\n\n~~~\nAs it was.\n~~~\n")
    _, (note,) = read(path)
    assert "struck-through" in note.message


def test_a_fence_of_tildes_is_not_struck_text(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text(f"{STORY}\n\n~~~\nAs it was.\n~~~\n")
    assert read(path)[1] == []
