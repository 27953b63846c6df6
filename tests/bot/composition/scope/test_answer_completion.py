"""Answers are completed by the articles in hand, but for what is asked of all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from bot.answers import Answer, QuestionKind
from bot.app import App
from bot.citations import Citation
from bot.composition.further_sentences import FURTHER, with_only
from bot.composition.interpretation import InterpretedQuestion
from bot.composition.request import KindDecision
from bot.composition.scope.answer_completion import AnswerCompletion
from bot.composition.scope.articles_in_hand import ArticlesInHand
from bot.composition.scope.retrieval_step import ChainInput, Retrieved
from bot.conversation.follow_ups import ResolvedQuestion
from bot.conversation.session import ConversationSession
from retrieval.articles import Filters
from retrieval.search.misspellings import CorrectedText
from tests.bot.fakes_bot import HARBOUR, make_app
from tests.fakes import make_article


def test_whose_words_a_quotation_is_is_asked_of_all_articles(tmp_path: Path) -> None:
    """Not of the last answer's alone."""
    clinic = make_article(
        'The clinic\nThe clinic turned patients away in May.\n"The wards are full to the roof," nurse Ida Moss said.\n',
        title="The clinic",
    )
    app = make_app(tmp_path, [HARBOUR, clinic])
    talk = ConversationSession()
    talk.keep(app.ask("Tell me about the strike of the dockers"))
    said = app.ask('who said "The wards are full to the roof"?', history=talk.history)
    assert any("Moss" in each.quote for each in said.citations)


HARVEST = make_article(
    "The harvest\nThe frost in May destroyed the harvest of cherries.\n"
    "The frost in May also hit the harvest of pears.\nThe frost in May spared the harvest of nuts.\n",
    title="The harvest",
)  # fmt: skip
DESTROYED = "What did the frost in May destroy?"
WHICH = "Which harvest did the frost in May destroy?"


class NothingInHand:
    """Articles in hand of a first question."""

    def holding(self, retrieved: Retrieved, least: float) -> tuple[str, ...]:
        return ()


def completed(app: App, answer: Answer, question: str, decision: KindDecision) -> Answer:
    """Return an answer to a question of a kind, completed."""
    in_hand = cast("ArticlesInHand", NothingInHand())
    completion = AnswerCompletion(lambda: app.composers.likely, in_hand, lambda _: answer)
    meant = InterpretedQuestion(ResolvedQuestion(question, question, question), decision, CorrectedText(question))
    return completion.completed(answer, Retrieved(ChainInput(question, Filters()), meant, (), answer.searched, 0.0))


def fact_with_nearest(app: App, question: str, confidence: float) -> Answer:
    """Return the answer to a question for a fact, with other sentences of its article as the nearest."""
    answer = app.ask(question)
    answer = with_only(answer, answer.citations[:1])
    others = app.ask("Tell me about the harvest").citations
    near: list[Citation] = [each for each in others if each.span != answer.citations[0].span]
    return replace(answer, confidence=confidence, nearest=tuple(near))


@pytest.mark.parametrize(
    ("question", "confidence", "least", "most"), [(WHICH, 0.4, 2, 3), (WHICH, 0.6, 1, 1), ("When?", 0.4, 1, 1)]
)
def test_a_fact_that_is_unlikelier_than_not_has_the_next_likely_below_it(
    tmp_path: Path, question: str, confidence: float, least: int, most: int
) -> None:
    """Not a bare "When?", whose sentence is known."""
    app = make_app(tmp_path, [HARVEST])
    answer = fact_with_nearest(app, DESTROYED, confidence)
    whole = completed(app, answer, question, KindDecision(QuestionKind.FACT))
    assert least <= len(whole.citations) <= most
    assert whole.citations[0] == answer.citations[0]
    assert {each.article.id for each in whole.citations} == {HARVEST.id}


@pytest.mark.parametrize(
    ("question", "confidence", "is_completed"),
    [
        ("Why did the frost in May destroy the harvest of cherries?", 0.7, True),
        ("What happened to the harvest of cherries in May?", 0.7, True),
        ("Why did the frost in May destroy the harvest of cherries?", 0.8, False),
        ("When did the frost destroy the harvest of cherries?", 0.7, False),
    ],
)
def test_a_reason_or_account_that_is_not_sure_is_completed(
    tmp_path: Path, question: str, confidence: float, is_completed: bool
) -> None:
    """One sentence seldom gives all of it; of a day it does."""
    app = make_app(tmp_path, [HARVEST])
    answer = fact_with_nearest(app, DESTROYED, confidence)
    whole = completed(app, answer, question, KindDecision(QuestionKind.FACT))
    assert whole.citations[0] == answer.citations[0]
    assert (len(whole.citations) > 1) is is_completed
    assert (FURTHER in [claim.text for claim in whole.claims]) is is_completed


def test_a_fact_that_may_have_been_meant_as_more_is_completed(tmp_path: Path) -> None:
    """However sure it is; what may answer stands below a line that says so."""
    app = make_app(tmp_path, [HARVEST])
    answer = fact_with_nearest(app, DESTROYED, 0.9)
    plain = completed(app, answer, DESTROYED, KindDecision(QuestionKind.FACT))
    more = completed(app, answer, DESTROYED, KindDecision(QuestionKind.FACT, rival=QuestionKind.LIST))
    assert len(plain.citations) == 1 < len(more.citations)
    assert FURTHER in [claim.text for claim in more.claims]


def test_a_comparison_of_whose_clauses_none_is_answered_has_the_likeliest_sentences(tmp_path: Path) -> None:
    app = make_app(tmp_path, [HARVEST])
    question = "What did the frost in May destroy, and what did the frost in May spare?"
    unanswered = app.ask("Who painted the moon?")
    assert unanswered.message
    whole = completed(app, unanswered, question, KindDecision(QuestionKind.COMPARISON))
    assert {each.article.id for each in whole.citations} == {HARVEST.id}
