"""Conversations of several writers are read, and fitted with each writer left out in turn."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evals.conversations.writers import AskedTurn, WriterExample, odds_left_out, read_turns
from retrieval.errors import InputError
from tests.bot.fakes_bot import HARBOUR, ORCHARD

ORIGINS = {"harbour": HARBOUR.id, "orchard": ORCHARD.id}


def test_turns_are_read_with_the_articles_that_the_library_has(tmp_path: Path) -> None:
    file = tmp_path / "one.jsonl"
    turns = [{"question": "What happened?", "articles": ["harbour", "lost"]}, {"question": "thanks"}]
    file.write_text(json.dumps({"id": "1", "turns": turns}) + "\n", encoding="utf-8")
    assert read_turns(file, ORIGINS) == [[AskedTurn("What happened?", (HARBOUR.id,)), AskedTurn("thanks", ())]]


def test_what_is_no_file_of_conversations_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "one.jsonl"
    file.write_text('{"turns": 3}\n', encoding="utf-8")
    with pytest.raises(InputError, match="no file of conversations"):
        read_turns(file, ORIGINS)


def test_the_odds_of_a_writer_are_those_of_the_others() -> None:
    """What holds of one writer alone is not told of them."""
    true, other = (1.0,), (0.0,)
    same = [WriterExample(writer, values, values == true) for writer in (0, 1) for values in (true, other)]
    odd_one = [WriterExample(2, true, False), WriterExample(2, other, True)]
    odds = odds_left_out(["one"], [*same, *odd_one], 3)
    assert odds[4] > 0 > odds[5]


def test_a_writer_without_both_outcomes_is_refused() -> None:
    found = [WriterExample(0, (1.0,), True), WriterExample(0, (0.0,), False), WriterExample(1, (1.0,), True)]
    with pytest.raises(InputError, match="both outcomes"):
        odds_left_out(["one"], found, 2)
