from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from retrieval.loaders import jsonl
from tests.retrieval.loaders.fakes_files import read, refusal

TEXT = "The council voted on Monday. The budget passed."


def write(path: Path, *lines: Any) -> Path:
    path.write_text("".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines))
    return path


def test_a_record_is_an_article_with_its_metadata(tmp_path: Path) -> None:
    record = {
        "id": "x1",
        "title": "Budget passed",
        "text": TEXT,
        "url": "https://courier.example/1",
        "source": "Courier",
        "author": "Ann Lee",
        "published": "2020-06-18",
    }
    (article,), problems = read(write(tmp_path / "a.jsonl", record))
    assert (article.origin, article.path) == ("a.jsonl#x1", "a.jsonl")
    assert article.text == TEXT
    assert (article.title, article.url, article.source) == ("Budget passed", "https://courier.example/1", "Courier")
    assert (article.author, article.published) == ("Ann Lee", "2020-06-18")
    assert problems == []


@pytest.mark.parametrize(
    "record",
    [
        {
            "_id": 7,
            "headline": "T",
            "body": TEXT,
            "link": "https://a.example",
            "byline": "By Ann Lee",
            "date": "18 June 2020",
        },
        {
            "ID": "7",
            "Title": "T",
            "Content": TEXT,
            "authors": ["Ann Lee"],
            "publish_date": "2020/06/18",
            "web_url": "https://a.example",
        },
        {
            "uuid": 7,
            "title": "T",
            "articleBody": TEXT,
            "author": {"name": "Ann Lee"},
            "datePublished": 1592438400,
            "url": "https://a.example",
        },
        {
            "doc-id": "7",
            "title": "T",
            "full text": [TEXT],
            "authors": "['Ann Lee']",
            "pubDate": "Thu, 18 Jun 2020 00:00:00 GMT",
            "permalink": "https://a.example",
        },
    ],
)
def test_common_names_of_fields_are_understood(tmp_path: Path, record: dict[str, Any]) -> None:
    (article,), problems = read(write(tmp_path / "a.jsonl", {**record, "publication": {"id": None, "name": "Courier"}}))
    assert (article.origin, article.title, article.text) == ("a.jsonl#7", "T", TEXT)
    assert (article.url, article.author, article.source) == ("https://a.example", "Ann Lee", "Courier")
    assert article.published[:10] == "2020-06-18"
    assert problems == []


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "line 2 is not JSON"),
        ("[1]", "line 2 is not a JSON object"),
        ('{"title": "T"}', "line 2 has no text"),
        ('{"text": 5}', "line 2 has no text"),
        ("[" * 100_000, "line 2 is nested too deeply"),
        ('{"a":' * 100_000, "line 2 is nested too deeply"),
        ('{"id": ' + "9" * 5_000 + ', "text": "x"}', "line 2 holds a number too long"),
        ('{"text": "half \\ud800 a pair"}', "line 2 holds half a character"),
        ('{"text": "nul \\u0000 inside"}', "line 2 has NUL characters"),
        ('{"id": 1, "text": "other words"}', 'line 2 has the id "1" of line 1'),
    ],
)
def test_a_bad_line_is_named_by_its_number_and_the_rest_is_kept(tmp_path: Path, line: str, says: str) -> None:
    articles, (problem,) = read(write(tmp_path / "a.jsonl", {"id": 1, "text": TEXT}, line, {"id": 2, "text": TEXT}))
    assert [article.origin for article in articles] == ["a.jsonl#1", "a.jsonl#2"]
    assert says in problem.message
    assert problem.refused
    assert str(problem).isprintable()


def test_a_line_that_is_not_utf8_is_bad(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"text": "caf\xe9"}\n' + json.dumps({"text": TEXT}).encode())
    articles, (problem,) = read(path)
    assert len(articles) == 1
    assert "line 1 is not UTF-8" in problem.message


def test_lines_may_end_in_crlf_be_blank_and_begin_with_a_mark(tmp_path: Path) -> None:
    path = tmp_path / "a.ndjson"
    path.write_bytes(b'\xef\xbb\xbf{"text": "One story."}\r\n\r\n{"text": "Another story."}')
    articles, problems = read(path)
    assert [article.text for article in articles] == ["One story.", "Another story."]
    assert problems == []


def test_a_record_without_an_id_is_named_by_its_content(tmp_path: Path) -> None:
    first, _ = read(write(tmp_path / "a.jsonl", {"text": TEXT}, {"text": "Other."}))
    second, _ = read(write(tmp_path / "a.jsonl", {"text": "New."}, {"text": TEXT}))
    assert first[0].origin == second[1].origin
    assert first[0].origin != first[1].origin


def test_a_text_that_looks_like_html_is_text(tmp_path: Path) -> None:
    (article,), _ = read(write(tmp_path / "a.jsonl", {"text": "<p>Bold & <b>brave</b></p>"}))
    assert article.text == "<p>Bold & <b>brave</b></p>"


def test_an_unreadable_date_is_noted_and_left_empty(tmp_path: Path) -> None:
    (article,), (note,) = read(write(tmp_path / "a.jsonl", {"id": "k", "text": TEXT, "date": "last week"}))
    assert article.published == ""
    assert not note.refused
    assert note.message.startswith('record k: published date "last week"')


def test_many_bad_lines_are_counted(tmp_path: Path) -> None:
    _, problems = read(write(tmp_path / "a.jsonl", *["x"] * 250))
    assert len(problems) == 101
    assert problems[-1].message == "150 more bad lines are not listed"


def test_a_line_that_is_too_long_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonl, "MAX_LINE_BYTES", 1_000)
    long = {"text": "a" * 5_000}
    articles, (problem,) = read(write(tmp_path / "a.jsonl", {"text": "One."}, long, {"text": "Two."}))
    assert [article.text for article in articles] == ["One.", "Two."]
    assert "line 2 is longer" in problem.message


def test_packed_and_plain_are_told_by_their_bytes(tmp_path: Path) -> None:
    line = json.dumps({"id": 1, "text": TEXT}).encode()
    (tmp_path / "packed.jsonl.gz").write_bytes(gzip.compress(line))
    (tmp_path / "unpacked.jsonl.gz").write_bytes(line)
    (tmp_path / "misnamed.jsonl").write_bytes(gzip.compress(line))
    articles, problems = read(tmp_path)
    assert len(articles) == 3
    assert problems == []


def test_a_packed_file_that_breaks_off_keeps_what_came_before(tmp_path: Path) -> None:
    lines = "".join(json.dumps({"id": n, "text": f"{TEXT} {n}"}) + "\n" for n in range(2_000))
    packed = gzip.compress(lines.encode())
    (tmp_path / "a.jsonl.gz").write_bytes(packed[: len(packed) // 2])
    articles, (problem,) = read(tmp_path / "a.jsonl.gz")
    assert 0 < len(articles) < 2_000
    assert "breaks off after line" in problem.message


def test_a_packed_file_that_is_damaged_is_said(tmp_path: Path) -> None:
    packed = gzip.compress(json.dumps({"text": TEXT}).encode())
    (tmp_path / "a.jsonl.gz").write_bytes(packed[:14] + b"\xff\xff\xff" + packed[17:])
    assert "damaged" in refusal(tmp_path / "a.jsonl.gz")


def test_a_gzip_bomb_is_not_read_on(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(b'{"text": "' + b"a" * 60_000_000))
    assert "gzip bomb" in refusal(tmp_path / "a.jsonl.gz")


@pytest.mark.parametrize(
    ("data", "says"), [(b"", "is empty"), (b"\n\n", "no records"), ('{"text": "x"}'.encode("utf-16"), "UTF-16")]
)
def test_a_file_without_records_is_said(tmp_path: Path, data: bytes, says: str) -> None:
    (tmp_path / "a.jsonl").write_bytes(data)
    assert says in refusal(tmp_path / "a.jsonl")


@pytest.mark.parametrize(
    "written",
    [
        '[{"id": "a", "text": "One story."},\n {"id": "b", "text": "Two stories."}]',
        '\ufeff[{"id": "a", "text": "One story."}, {"id": "b", "text": "Two stories."}]',
        '{\n "status": "ok",\n "articles": [{"id": "a", "text": "One story."}, {"id": "b", "text": "Two stories."}]\n}',
    ],
)
def test_a_json_document_is_read_as_its_records(tmp_path: Path, written: str) -> None:
    """An array of them, or what holds one; with one note."""
    path = tmp_path / "a.jsonl"
    path.write_text(written, encoding="utf-8")
    articles, (note,) = read(path)
    assert [(article.origin, article.text) for article in articles] == [
        ("a.jsonl#a", "One story."),
        ("a.jsonl#b", "Two stories."),
    ]
    assert note.message == "is one JSON document, not JSONL: read as its 2 records"


def test_a_json_document_that_breaks_off_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('[{"id": "a", "text": "One story."},\n')
    assert "begins as one JSON document, which cannot be read, line 2" in refusal(path)


def test_entities_in_a_record_are_decoded(tmp_path: Path) -> None:
    """Also those that were escaped twice; offsets are into the decoded text."""
    path = tmp_path / "a.jsonl"
    record = {"title": "Q&amp;A", "text": "&quot;We will,&amp;quot; said Jos&eacute; &#8211; AT&T &amp; co."}
    path.write_text(json.dumps(record) + "\n")
    (article,), problems = read(path)
    assert (article.title, article.text) == ("Q&A", '"We will," said José – AT&T & co.')
    assert problems == []
