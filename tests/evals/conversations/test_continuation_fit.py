"""Whether a question goes on is fitted on conversations whose turns say which articles answer them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evals.conversations.continuation_fit import AskedTurn, examples, fit, read_turns, run
from retrieval.errors import InputError
from tests.bot.fakes_bot import HARBOUR, ORCHARD, make_app

ORIGINS = {"harbour": HARBOUR.id, "orchard": ORCHARD.id}


def conversations(*articles: str) -> list[list[AskedTurn]]:
    """Return conversations that begin with these articles, each with a question that goes on."""
    return [
        [AskedTurn(f"What happened to the {each}?", (ORIGINS[each],)), AskedTurn("why was that?", (ORIGINS[each],))]
        for each in articles
    ]


def test_only_turns_of_known_articles_are_read(tmp_path: Path) -> None:
    file = tmp_path / "one.jsonl"
    turns = [{"question": "What happened?", "articles": ["harbour", "lost"]}, {"question": "thanks"}]
    file.write_text(json.dumps({"id": "1", "turns": turns}) + "\n", encoding="utf-8")
    assert read_turns(file, ORIGINS) == [[AskedTurn("What happened?", (HARBOUR.id,))]]


def test_what_is_no_file_of_conversations_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "one.jsonl"
    file.write_text('{"turns": 3}\n', encoding="utf-8")
    with pytest.raises(InputError, match="no file of conversations"):
        read_turns(file, ORIGINS)


def test_questions_of_other_conversations_are_those_that_do_not_go_on(tmp_path: Path) -> None:
    """And the fit says that what is nearer elsewhere goes on less."""
    found = list(examples(make_app(tmp_path), [conversations("harbour", "orchard") * 8]))
    assert {each.goes_on for each in found} == {True, False}
    assert fit(found).weights["nearer"] > 0


def test_one_writer_alone_is_refused(tmp_path: Path) -> None:
    make_app(tmp_path / "store").close()
    file = tmp_path / "one.jsonl"
    file.write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="two files"):
        run([file], tmp_path / "store")
