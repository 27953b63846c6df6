"""`onrecord timeline` and `/timeline`: what is printed, in words, JSON and HTML, and the exit codes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.render.layout import Places
from bot.terminal.slash_commands import TerminalSession
from tests.bot.fakes_bot import make_app
from tests.bot.runs import Ran, runner
from tests.fakes import make_article

Run = Callable[..., Ran]

ARTICLES = [
    make_article(
        "The toll bridge opened in May 2012.\n"
        "The council closed the toll bridge on Tuesday <b>for good</b>.\n"
        "The toll bridge will be torn down on June 3.\n",
        title="Toll bridge closed",
        origin="closed.txt",
        path="closed.txt",
        source="Herald",
        published="2024-05-02",
    ),
    make_article(
        "The market was moved last year.\n", title="Market", origin="market.txt", path="market.txt", source="Star"
    ),
]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    return runner(tmp_path, monkeypatch, capsys, ARTICLES)


def test_a_table_of_dates_and_sentences_the_earliest_first(run: Run) -> None:
    code, out, _ = run("timeline", "toll", "bridge")
    assert code == 0
    assert out.splitlines()[:4] == [
        "2012-05             “The toll bridge opened in May 2012.” [1]",
        "2024-04-30          “The council closed the toll bridge on Tuesday <b>for good</b>.” [2]",
        "planned 2024-06-03  “The toll bridge will be torn down on June 3.” [3]",
        "3 dated events about “toll bridge” in 1 article looked at.",
    ]


def test_days_restrict_the_events_and_not_the_articles(run: Run) -> None:
    """An article of 2024 tells of 2012."""
    assert "[1]" in run("timeline", "toll bridge", "--until", "2012-12-31").out
    document = json.loads(run("timeline", "toll bridge", "--since", "2024-05-01", "--json").out)
    assert [claim["label"] for claim in document["claims"] if claim["label"]] == ["planned 2024-06-03"]
    assert document["question"] == "Timeline of toll bridge since 2024-05-01"


def test_json_has_the_days_and_the_exact_characters(run: Run) -> None:
    document = json.loads(run("timeline", "toll bridge", "--json").out)
    texts = {each.title: each.text for each in ARTICLES}
    assert (document["kind"], document["status"]) == ("timeline", "answered")
    assert document["claims"][0]["when"] == {"first": "2012-05-01", "last": "2012-05-31"}
    assert document["claims"][-1]["when"] is None
    for each in document["citations"]:
        assert texts[each["title"]][each["start"] : each["end"]] == each["quote"]


def test_an_article_has_a_timeline_of_its_own(run: Run) -> None:
    assert "[3]" in run("timeline", "--article", "Toll bridge closed").out


def test_a_limit_keeps_the_most_central(run: Run) -> None:
    out = run("timeline", "toll bridge", "--limit", "1").out
    assert "1 of 3 dated events" in out
    assert "[2]" not in out
    assert "[3]" in run("timeline", "toll bridge", "--limit", "0").out


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["timeline", "volcano"], 1, "No article mentions “volcano”."),
        (["timeline"], 2, "say of what"),
        (["timeline", " "], 2, "say of what"),
        (["timeline", "toll bridge", "--since", "spring"], 2, "not a date: 'spring'"),
        (["timeline", "toll bridge", "--limit", "-1"], 2, "less than nothing"),
        (["timeline", "x" * 600], 2, "topic"),
    ],
)
def test_exit_codes(run: Run, arguments: list[str], code: int, message: str) -> None:
    ran = run(*arguments)
    assert ran.code == code
    assert message in ran.out + ran.err
    assert run(*arguments, "--json").code == code


def test_the_page_escapes_what_articles_hold_and_replaces_only_reports(run: Run, tmp_path: Path) -> None:
    page = tmp_path / "timeline.html"
    assert run("timeline", "toll bridge", "--html", str(page)).code == 0
    text = page.read_text("utf-8")
    assert "&lt;b&gt;for good&lt;/b&gt;" in text
    assert "<b>" not in text
    assert "<script" not in text
    assert text.index("2012-05") < text.index("2024-04-30") < text.index("planned 2024-06-03")
    assert run("timeline", "toll bridge", "--html", str(page)).code == 0
    other = tmp_path / "notes.html"
    other.write_text("mine", "utf-8")
    assert run("timeline", "toll bridge", "--html", str(other)).code == 2
    assert other.read_text("utf-8") == "mine"


def test_a_timeline_in_the_repl_is_an_answer_like_others(tmp_path: Path) -> None:
    """Its citations open, and it is kept for /why and the questions that follow."""
    with make_app(tmp_path / ".onrecord", ARTICLES) as app:
        session = TerminalSession(app, Places(app.home, tmp_path), lambda: 80, lambda: 24)
        assert "2024-04-30" in session.run("/timeline toll bridge since 2024").plain
        assert "⟦The council closed the toll bridge on Tuesday" in session.run("/open 1").plain
        assert "by that date" in session.run("/why").plain
        assert len(session.history) == 1
