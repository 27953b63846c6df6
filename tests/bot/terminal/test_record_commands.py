"""`onrecord said` and `onrecord people`: what is printed, in words, JSON and HTML, and the exit codes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.render.layout import Places
from bot.terminal.slash_commands import TerminalSession
from retrieval.articles import Article
from tests.bot.fakes_bot import make_app
from tests.bot.runs import Ran, runner
from tests.fakes import make_article

Run = Callable[..., Ran]


def article(name: str, published: str, source: str, text: str) -> Article:
    return make_article(
        text, origin=name, path=name, published=published, source=source, title=name.removesuffix(".txt").title()
    )


ARTICLES = [
    article("may.txt", "2024-05-01", "Herald", "“We will build 60 new schools in the county,” said Ann Brook."),
    article("copy.txt", "2024-05-03", "Star", "“We will build 60 new schools in the county,” Ann Brook said."),
    article("january.txt", "2024-01-09", "Herald", "Ann Brook said that we will build 40 new schools in the county."),
    article("toll.txt", "", "Star", "Tom Brook promised <b>to cut</b> the toll of the bridge. Tom Brook said it hurt."),
]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    return runner(tmp_path, monkeypatch, capsys, ARTICLES)


def test_statements_by_date_with_their_reports_and_what_differs(run: Run) -> None:
    code, out, _ = run("said", "Ann Brook", "--about", "schools")
    assert code == 0
    lines = [line.strip() for line in out.splitlines()]
    assert lines[0] == "2 statements by Ann Brook about “schools” in 4 articles."
    assert "[1]  2024-01-09  Ann Brook said that we will build 40 new schools in the county." in lines
    assert "[2]  2024-05-01  “We will build 60 new schools in the county,”" in lines
    assert "first in Herald (2024-05-01); also Star (2024-05-03)" in lines
    assert "differs: “40” / “60”" in lines
    assert "contradict" not in out.lower()


def test_json_has_the_exact_characters(run: Run) -> None:
    code, out, err = run("said", "Ann Brook", "--json")
    document = json.loads(out)
    texts = {each.title: each.text for each in ARTICLES}
    assert (code, err) == (0, "reading who said what in 4 articles, once\n")
    assert [each["day"] for each in document["statements"]] == ["2024-01-09", "2024-05-01"]
    for each in document["statements"]:
        for place in (*each["spans"], each["excerpt"], each["named"]):
            assert texts[each["title"]][place["start"] : place["end"]] == place["quote"]
    assert [report["source"] for report in document["statements"][1]["reports"]] == ["Herald", "Star"]
    assert document["differences"][0]["statements"] == [1, 2]


def test_days_part_the_statements(run: Run) -> None:
    _, out, _ = run("said", "Ann Brook", "--before-after", "2024-03-01")
    assert out.index("Before 2024-03-01: 1 statement") < out.index("[1]") < out.index("From 2024-03-01 on: 1 statement")


def test_what_is_left_out_by_the_limit_is_counted(run: Run) -> None:
    assert (
        "2 statements by Ann Brook in 4 articles; the latest 1 are shown"
        in run("said", "Ann Brook", "--limit", "1").out
    )
    assert run("said", "Ann Brook", "--limit", "-1").code == 2


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["said", "Ann Brook", "--about", "elephants"], 1, "No statement by Ann Brook about “elephants”"),
        (["said", "Sue Lind"], 1, "No article has a statement by 'Sue Lind'"),
        (["said", "Brook"], 2, "can mean several speakers: Ann Brook (3), Tom Brook (2)"),
        (["said", ""], 2, "say whose statements"),
        (["said", "Ann Brook", "--before-after", "spring"], 2, "not a date: 'spring'"),
        (["said", "Ann Brook", "--since", "spring"], 2, "not a date: 'spring'"),
    ],
)
def test_exit_codes(run: Run, arguments: list[str], code: int, message: str) -> None:
    ran = run(*arguments)
    assert ran.code == code
    assert message in ran.out + ran.err
    assert run(*arguments, "--json").code == code


def test_the_page_escapes_what_articles_hold_and_replaces_only_reports(run: Run, tmp_path: Path) -> None:
    page = tmp_path / "record.html"
    assert run("said", "Tom Brook", "--html", str(page)).code == 0
    text = page.read_text("utf-8")
    assert "&lt;b&gt;to cut&lt;/b&gt;" in text
    assert "<b>" not in text
    assert "<script" not in text
    assert run("said", "Ann Brook", "--html", str(page)).code == 0
    other = tmp_path / "notes.html"
    other.write_text("mine", "utf-8")
    assert run("said", "Ann Brook", "--html", str(other)).code == 2
    assert other.read_text("utf-8") == "mine"


def test_people_are_listed_with_their_counts(run: Run) -> None:
    code, out, _ = run("people")
    assert (code, out.split()) == (0, ["3", "Ann", "Brook", "2", "Tom", "Brook"])
    document = json.loads(run("people", "--json", "--limit", "1").out)
    assert (document["found"], document["shown"], document["people"][0]["statements"]) == (2, 1, 3)
    assert run("people", "--since", "2030-01-01").code == 2


def test_said_in_the_repl_opens_its_statements(tmp_path: Path) -> None:
    with make_app(tmp_path / ".onrecord", ARTICLES) as app:
        session = TerminalSession(app, Places(app.home, tmp_path), lambda: 80, lambda: 24)
        assert "[2]  2024-05-01" in session.run("/said Ann Brook about schools").plain
        assert "⟦We will build 60 new schools in the county,⟧" in session.run("/open 2").plain
        assert "Tom Brook" in session.run("/people").plain
