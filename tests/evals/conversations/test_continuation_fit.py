"""Whether a question goes on is fitted on conversations whose turns say which articles answer them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.composition.scope.continuation import FEATURES
from evals.conversations.continuation_fit import examples, run
from evals.conversations.writers import AskedTurn, fit
from retrieval.errors import InputError
from tests.bot.fakes_bot import HARBOUR, ORCHARD, make_app

ORIGINS = {"harbour": HARBOUR.id, "orchard": ORCHARD.id}


def conversations(*articles: str) -> list[list[AskedTurn]]:
    """Return conversations that begin with these articles, each with a question that goes on."""
    return [
        [AskedTurn(f"What happened to the {each}?", (ORIGINS[each],)), AskedTurn("why was that?", (ORIGINS[each],))]
        for each in articles
    ]


def test_questions_of_other_conversations_are_those_that_do_not_go_on(tmp_path: Path) -> None:
    """And the fit says that what is nearer elsewhere goes on less."""
    found = list(examples(make_app(tmp_path), [conversations("harbour", "orchard") * 8]))
    assert {each.truth for each in found} == {True, False}
    assert fit(FEATURES, found).weights["nearer"] > 0


def test_turns_that_no_article_answers_are_left_out(tmp_path: Path) -> None:
    """What comes after one is asked after the last that an article answers."""
    whole = conversations("harbour", "orchard")
    gaps = [[AskedTurn("hi there", ()), *turns] for turns in whole]
    app = make_app(tmp_path)
    assert list(examples(app, [gaps])) == list(examples(app, [whole]))


def test_one_writer_alone_is_refused(tmp_path: Path) -> None:
    make_app(tmp_path / "store").close()
    file = tmp_path / "one.jsonl"
    file.write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="two files"):
        run([file], tmp_path / "store")
