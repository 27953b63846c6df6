"""A composer answers the questions of its kind; the reader answers the rest, and a chat model writes up what it can."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bot.answers import Answer, Claim, QuestionKind, SearchScope, Support
from bot.app import App
from bot.chain import Chain, build_chain
from bot.composition.draft import AnswerDraft
from bot.composition.quotable import article_hits
from bot.composition.request import CompositionRequest
from bot.composition.scope.library_answer import Answerer
from retrieval.articles import Hit
from tests.bot.fakes_bot import HARBOUR, make_app

QUESTION = "Timeline of the strike"
REMARK = "2 articles were looked at."


@dataclass
class HarbourComposer:
    """Quotes the first sentence of the harbour article, of any topic but frost."""

    app: App

    def compose(self, request: CompositionRequest) -> Answer | None:
        if "frost" in request.topic:
            return None
        draft = AnswerDraft(self.app.library, request)
        draft.heading("Harbour")
        hit = article_hits(self.app.library.info(HARBOUR.id), self.app.library.passages_of(HARBOUR.id))[0]
        draft.quote(hit, hit.passage.sentences[0], label="2024-03-05")
        draft.note("That is all.")
        return draft.answer("A timeline of one.", remarks=[REMARK])


@dataclass
class Writer:
    """Writes one claim that rests on the first hit, or falls back on the reader as on a provider's failure."""

    offline: Answerer
    fails: bool = False

    def answer(self, question: str, hits: Sequence[Hit], searched: SearchScope) -> Answer:
        return list(self.stream(question, hits, searched))[-1]

    def stream(self, question: str, hits: Sequence[Hit], searched: SearchScope) -> Iterator[Answer]:
        answer = self.offline.answer(question, hits, searched)
        if self.fails:
            yield replace(answer, fallback="the provider is down")
            return
        yield replace(
            answer,
            claims=(Claim(f"Written from {len(hits)}.", Support.SUPPORTED, (1,)),),
            abstention=None,
            answerer="openai:gpt-5",
        )


@pytest.fixture
def app(tmp_path: Path) -> App:
    return make_app(tmp_path)


def chain_of(app: App, answerer: Answerer | None = None) -> Chain:
    return build_chain(
        app.searcher,
        answerer or app.answerer,
        app.search_scope,
        passages=10,
        articles=app.library,
        composers={QuestionKind.TIMELINE: HarbourComposer(app)},
    )


def test_a_composer_answers_the_questions_of_its_kind(app: App) -> None:
    """With its headings, rows and notes, under the kind; invoke and stream agree."""
    answer = chain_of(app).invoke(QUESTION)
    assert (answer.kind, answer.method, answer.remarks) == (QuestionKind.TIMELINE, "A timeline of one.", (REMARK,))
    assert [claim.text for claim in answer.claims] == ["Harbour", answer.citations[0].quote, "That is all."]
    assert answer.text == f"Harbour\n- 2024-03-05: {answer.citations[0].quote} [1]\nThat is all."
    assert all(place.of(answer.text) == claim.text for place, claim in zip(answer.places, answer.claims, strict=True))
    assert list(chain_of(app).stream(QUESTION)) == [answer]


def test_the_reader_answers_what_a_composer_has_nothing_for(app: App) -> None:
    """The question stays of its kind."""
    answer = chain_of(app).invoke("Timeline of the late frost")
    assert (answer.kind, answer.method) == (QuestionKind.TIMELINE, "")
    assert answer.citations
    assert "frost" in answer.citations[0].quote


def test_a_fact_does_not_go_to_a_composer(app: App) -> None:
    """Its kind is fact."""
    answer = chain_of(app).invoke("When did the dockers end their strike?")
    assert (answer.kind, answer.method) == (QuestionKind.FACT, "")


def test_a_chat_model_writes_up_the_passages_of_a_composed_answer(app: App) -> None:
    """With the remarks of what it rests on; all other questions get its own search's."""
    chain = chain_of(app, Writer(app.answerer))
    answer = chain.invoke(QUESTION)
    assert answer == list(chain.stream(QUESTION))[-1]
    assert (answer.kind, answer.claims[0].text, answer.remarks) == (
        QuestionKind.TIMELINE,
        "Written from 1.",
        (REMARK,),
    )


def test_the_composed_answer_stands_where_the_chat_model_fails(app: App) -> None:
    """And says that it does."""
    answer = list(chain_of(app, Writer(app.answerer, fails=True)).stream(QUESTION))[-1]
    assert (answer.kind, answer.fallback, answer.composed) == (QuestionKind.TIMELINE, "the provider is down", True)


def test_the_first_question_may_look_like_a_follow_up(app: App) -> None:
    """There is nothing that it could follow."""
    for question in ("And the dockers?", "What about the strike?", "Who else?", "and then?"):
        assert chain_of(app).invoke(question).standalone_question == ""
