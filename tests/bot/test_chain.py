"""The chain is a Runnable from a question to an Answer."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from langchain_core.runnables import Runnable

from bot.answering.extractive import ExtractiveAnswerer
from bot.answers import AbstentionReason, Answer, SearchScope
from bot.app import EVERYTHING, App
from bot.chain import read
from bot.citations import ArticleReplaced
from bot.settings import Settings
from bot.user_input import MAX_QUESTION_CHARACTERS
from retrieval.articles import Filters, Hit
from retrieval.errors import InputError
from retrieval.search.query import WeightedQuery
from retrieval.store.library import Library
from tests.bot.fakes_bot import HARBOUR, CountingReader, WordSearcher, make_app, make_parts
from tests.fakes import make_article, make_library, put

QUESTION = "When did the dockers end their strike?"


@pytest.fixture
def chain(tmp_path: Path) -> Runnable[Any, Answer]:
    return make_app(tmp_path).chain


def test_a_question_becomes_an_answer_whose_quotes_are_the_articles_words(tmp_path: Path) -> None:
    """invoke, with a mapping or a string, gives the same Answer."""
    app = make_app(tmp_path)
    answer = app.chain.invoke({"question": QUESTION})
    assert answer == app.chain.invoke(QUESTION)
    citation = answer.citations[0]
    assert citation.quote == "The dockers of Port Vell ended their strike on Tuesday."
    assert citation.span.of(app.library.article(citation.article.id).text) == citation.quote


def test_stream_batch_and_async_give_the_same_answer(chain: Runnable[Any, Answer]) -> None:
    """The last thing streamed is the whole answer."""
    answer = chain.invoke(QUESTION)
    assert list(chain.stream(QUESTION))[-1] == answer
    assert chain.batch([QUESTION, {"question": QUESTION, "filters": None}]) == [answer, answer]
    assert asyncio.run(chain.ainvoke(QUESTION)) == answer


def test_passages_are_searched_when_they_are_first_needed(tmp_path: Path) -> None:
    """A question that articles in hand answer has none searched."""
    searched: list[str] = []

    class CountingSearcher(WordSearcher):
        def search(self, question: str | WeightedQuery, filters: Filters = EVERYTHING, limit: int = 10) -> list[Hit]:
            searched.append(question.question if isinstance(question, WeightedQuery) else question)
            return super().search(question, filters, limit)

    parts = make_parts(tmp_path)
    app = App(Settings(store_dir=tmp_path), **{**parts, "searcher": CountingSearcher(parts["library"])})
    retrieved = app.steps.retrieve(read(QUESTION))
    assert (searched, retrieved.found.took) == ([], 0)
    assert retrieved.hits == retrieved.hits != ()
    assert searched == [QUESTION]
    assert retrieved.found.took > 0


def test_without_langchain_the_answer_is_the_same(tmp_path: Path) -> None:
    """The steps alone, invoked or streamed."""
    app = make_app(tmp_path)
    answer = app.chain.invoke(QUESTION)
    assert app.steps.invoke({"question": QUESTION}) == answer
    assert list(app.steps.stream(QUESTION)) == [answer]


@pytest.mark.parametrize("traced", [False, True])
def test_langchain_runs_the_steps_where_it_traces_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, traced: bool
) -> None:
    """Or where it is loaded anyway, as in these tests."""
    monkeypatch.setenv("LANGSMITH_TRACING", "true" if traced else "false")
    monkeypatch.delitem(sys.modules, "langchain_core")
    app = make_app(tmp_path)
    app.warm()
    assert ("chain" in vars(app)) is traced
    monkeypatch.undo()
    app.warm()
    assert "chain" in vars(app)


def test_filters_limit_what_is_searched_and_are_reported(chain: Runnable[Any, Answer]) -> None:
    """A question to the wrong outlet is abstained from, saying what was searched."""
    filters = Filters(sources=("valley times",))
    answer = chain.invoke({"question": QUESTION, "filters": filters})
    assert answer.abstention is not None
    assert (answer.searched.articles, answer.searched.passages, answer.searched.filters) == (1, 3, filters)


@pytest.mark.parametrize("question", ["", "   ", "?!…", "\u200b"])
def test_a_question_without_a_word_is_abstained_from(question: str, chain: Runnable[Any, Answer]) -> None:
    """There is nothing to search for, and that is said."""
    answer = chain.invoke(question)
    assert answer.abstention is not None
    assert answer.abstention.reason is AbstentionReason.NOT_A_QUESTION


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ("a\0b", "NUL"),
        ("why " * MAX_QUESTION_CHARACTERS, "characters"),
        ("\udcff", "UTF-8"),
        ({"query": "why?"}, "takes a question"),
        ({"question": 3}, "takes a question"),
        ({"question": "why?", "filters": {"since": "2024"}}, "filters must be"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_one_line(given: Any, complaint: str, chain: Runnable[Any, Answer]) -> None:
    """The error says what is wrong with the question."""
    with pytest.raises(InputError, match=complaint):
        chain.invoke(given)


class Replacing(ExtractiveAnswerer):
    """Answers after an ingest has replaced the article that was found, so often."""

    def __init__(self, library: Library, times: int) -> None:
        super().__init__(CountingReader(), library)
        self.library, self.left = library, times

    def answer(self, question: str, hits: Sequence[Hit], searched: SearchScope) -> Answer:
        if self.left:
            self.left -= 1
            text = HARBOUR.text + f"Correction {self.left}.\n"
            put(self.library, [make_article(text, title=HARBOUR.title, origin=HARBOUR.origin)])
        return super().answer(question, hits, searched)


def app_replacing(folder: Path, times: int) -> App:
    """Return an app whose answerer meets an ingest so often."""
    return make_app(folder, answerer=Replacing(make_library(folder), times))


@pytest.mark.parametrize("streaming", [False, True])
def test_an_article_replaced_before_it_is_cited_is_looked_for_again(streaming: bool, tmp_path: Path) -> None:
    """The answer cites the text that is there now."""
    app = app_replacing(tmp_path, 2)
    answer = list(app.stream(QUESTION))[-1] if streaming else app.ask(QUESTION)
    citation = answer.citations[0]
    assert citation.span.of(app.library.article(citation.article.id).text) == citation.quote


def test_an_article_replaced_each_time_is_said_in_one_line(tmp_path: Path) -> None:
    """It does not go on for ever."""
    with pytest.raises(ArticleReplaced, match="ask again"):
        app_replacing(tmp_path, 1000).ask(QUESTION)
