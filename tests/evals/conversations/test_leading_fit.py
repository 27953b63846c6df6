"""Whether the article ranked first tells of what is asked is fitted on the first questions of conversations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from bot.app import EVERYTHING, App
from bot.composition.leading_article import FEATURES
from bot.settings import Settings
from evals.conversations.leading_fit import LeadingExample, examples, run
from evals.conversations.writers import AskedTurn, fit
from retrieval.articles import Filters, Hit
from retrieval.errors import InputError
from retrieval.search.query import WeightedQuery
from tests.bot.fakes_bot import HARBOUR, ORCHARD, WordSearcher, make_app, make_parts

STRIKE = "How did the strike of the dockers end?"
FROST = "What did the frost do to the strike of the orchards?"


class NearSearcher(WordSearcher):
    """The more of a question's words a passage has, the nearer it is."""

    def search(self, question: str | WeightedQuery, filters: Filters = EVERYTHING, limit: int = 10) -> list[Hit]:
        found = super().search(question, filters, limit)
        return [replace(hit, dense_score=0.2 * hit.score) for hit in found]


def near_app(folder: Path) -> App:
    """Return an app whose search knows how near passages are."""
    parts = make_parts(folder)
    return App(Settings(store_dir=folder), **{**parts, "searcher": NearSearcher(parts["library"])})


def found(app: App, *conversations: Sequence[AskedTurn]) -> list[LeadingExample]:
    """Return the examples of one writer's conversations."""
    return list(examples(app, [conversations]))


def test_the_article_found_first_is_right_where_it_is_one_of_the_questions(tmp_path: Path) -> None:
    """Without the question's articles, none is."""
    app = near_app(tmp_path)
    right = found(app, [AskedTurn(FROST, (ORCHARD.id,))])
    wrong = found(app, [AskedTurn(FROST, (HARBOUR.id,))])
    assert [(each.truth, each.left_out) for each in right] == [(True, False), (False, True)]
    assert [(each.truth, each.left_out) for each in wrong] == [(False, False), (False, True)]
    assert right[0].values == wrong[0].values != right[1].values


def test_only_first_questions_that_articles_answer_count(tmp_path: Path) -> None:
    """What comes after a greeting is no first question."""
    app = near_app(tmp_path)
    asked = AskedTurn(STRIKE, (HARBOUR.id,))
    assert found(app, [asked, asked]) == found(app, [asked])
    assert found(app, [AskedTurn("Hello, dockers!", ()), asked], []) == []


def test_what_finds_nothing_but_the_questions_articles_has_no_example_without_them(tmp_path: Path) -> None:
    only = found(near_app(tmp_path), [AskedTurn("Who are the dockers?", (HARBOUR.id,))])
    assert [each.left_out for each in only] == [False]


def test_the_fit_says_that_the_nearest_rather_tells_of_it(tmp_path: Path) -> None:
    each = found(near_app(tmp_path), *([AskedTurn(FROST, (ORCHARD.id,))] for _ in range(8)))
    assert fit(FEATURES, each).weights["cosine"] > 0


def test_one_writer_alone_is_refused(tmp_path: Path) -> None:
    make_app(tmp_path / "store").close()
    file = tmp_path / "one.jsonl"
    file.write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="two files"):
        run([file], tmp_path / "store")
