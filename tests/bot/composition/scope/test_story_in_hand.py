"""Overviews and timelines of what the articles of the last answer tell."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.answers import QuestionKind
from bot.app import EVERYTHING, App
from bot.composition.conversation_scope import SCOPE_REMARK
from bot.composition.leading_article import LeadingArticle
from bot.conversation.session import ConversationSession
from bot.settings import Settings
from retrieval.articles import Filters, Hit
from retrieval.search.query import WeightedQuery
from retrieval.store.library import Library
from tests.bot.fakes_bot import HARBOUR, WordSearcher, make_app, make_parts
from tests.fakes import make_article

FIRE = make_article(
    "Fire in the mill\nThe mill of Olmar caught fire on Friday and the fire spread.\n"
    "Two firefighters died in the fire on Sunday.\nThe owner of the mill was in Linden.\n",
    title="Fire in the mill", published="2024-03-12",
)  # fmt: skip
OTHER_FIRE = make_article(
    "Fire in the port\nA fire destroyed the port of Vell on Tuesday.\nThe fire began in a store.\n",
    title="Fire in the port", published="2023-05-03",
)  # fmt: skip


@pytest.mark.parametrize("question", ["how did the fire unfold, in order?", "timeline please", "how did it unfold"])
def test_a_timeline_that_names_nothing_is_of_the_articles_of_the_last_answer(tmp_path: Path, question: str) -> None:
    app = make_app(tmp_path, [OTHER_FIRE, FIRE])
    talk = ConversationSession()
    talk.keep(app.ask("Tell me about the mill of Olmar"))
    told = app.ask(question, history=talk.history)
    assert told.kind is QuestionKind.TIMELINE
    assert {each.article.id for each in told.citations} == {FIRE.id}
    assert [claim.text for claim in told.claims if claim.label][-1].startswith("Two firefighters")


class FirstLeads(LeadingArticle):
    """The article ranked first tells of whatever is asked."""

    def __init__(self) -> None:
        pass

    def probability(self, question: str, hits: Sequence[Hit]) -> float:
        return 1.0 if hits else 0.0


def test_only_what_is_told_of_the_articles_of_an_answer_is_remarked_as_read_so(tmp_path: Path) -> None:
    """A first question's timeline, of the article that tells of it in other words, is of no answer's."""
    app = make_app(tmp_path, [OTHER_FIRE, FIRE], leading_article=FirstLeads())
    first = app.ask("timeline of the burnt mill of Olmar")
    talk = ConversationSession()
    talk.keep(app.ask("Tell me about the mill of Olmar"))
    later = app.ask("how did it unfold, in order?", history=talk.history)
    assert {each.article.id for each in (*first.citations, *later.citations)} == {FIRE.id}
    assert (SCOPE_REMARK in first.remarks, SCOPE_REMARK in later.remarks) == (False, True)


def test_an_overview_of_what_they_hardly_name_is_of_all_articles(tmp_path: Path) -> None:
    app = make_app(tmp_path, [OTHER_FIRE, FIRE])
    talk = ConversationSession()
    talk.keep(app.ask("Tell me about the port of Vell"))
    told = app.ask("tell me about the death of the firefighters", history=talk.history)
    assert {each.article.id for each in told.citations} == {FIRE.id}


HEARING = make_article(
    "Orsay in court\nMark Orsay was charged with theft in Olmar on Friday.\n"
    "The Supreme Court heard the case on Sunday.\nThe Supreme Court sent it back to Olmar.\n",
    title="Orsay in court", published="2024-03-12",
)  # fmt: skip
OTHER_HEARING = make_article(
    "Judges in robes\nThe Supreme Court of Vell sat on Tuesday.\nThe Supreme Court of Vell is old.\n",
    title="Judges in robes", published="2024-05-03",
)  # fmt: skip


@pytest.mark.parametrize(
    "question", ["and how did it come to the Supreme Court, in order?", "and the case against him, in order?"]
)
def test_a_timeline_of_a_pronoun_is_of_the_articles_of_the_last_answer(tmp_path: Path, question: str) -> None:
    """Whatever it names beside it, where they tell of that."""
    app = make_app(tmp_path, [OTHER_HEARING, HEARING])
    talk = ConversationSession()
    talk.keep(app.ask("Tell me about Mark Orsay"))
    told = app.ask(question, history=talk.history)
    assert told.kind is QuestionKind.TIMELINE
    assert {each.article.id for each in told.citations} == {HEARING.id}


CLINIC = make_article(
    "The clinic\nThe clinic opened in May 2024.\nOn 3 June 2024 the clinic turned patients away.\n"
    "The clinic closed on 9 June 2024.\n",
    title="The clinic",
    published="2024-06-10",
)


def test_a_timeline_of_another_topic_is_not_of_the_articles_in_hand(tmp_path: Path) -> None:
    """In small letters, too; what no article tells of in its words is."""
    app = make_app(tmp_path, [HARBOUR, CLINIC])
    talk = ConversationSession()
    talk.keep(app.ask("Tell me about the strike of the dockers"))
    other = app.ask("timeline of the clinic", history=talk.history)
    assert {each.article.id for each in other.citations} == {CLINIC.id}
    same = app.ask("can you trace how it got there, step by step", history=talk.history)
    assert {each.article.id for each in same.citations} == {HARBOUR.id}


class RecordingSearcher(WordSearcher):
    """Keeps what it was asked."""

    def __init__(self, library: Library) -> None:
        super().__init__(library)
        self.asked: list[tuple[object, ...]] = []

    def search(self, question: str | WeightedQuery, filters: Filters = EVERYTHING, limit: int = 10) -> list[Hit]:
        self.asked.append((question, filters, limit))
        return super().search(question, filters, limit)


def test_a_timeline_of_another_topic_is_composed_once(tmp_path: Path) -> None:
    """What shows that an article tells of it is the answer; the topic is searched for once."""
    parts = make_parts(tmp_path, [HARBOUR, CLINIC])
    searcher = RecordingSearcher(parts["library"])
    app = App(Settings(store_dir=tmp_path), **{**parts, "searcher": searcher})
    talk = ConversationSession()
    talk.keep(app.ask("Tell me about the strike of the dockers"))
    searcher.asked.clear()
    told = app.ask("timeline of the clinic", history=talk.history)
    assert {each.article.id for each in told.citations} == {CLINIC.id}
    assert [question for question, *_ in searcher.asked].count("the clinic") == 1
