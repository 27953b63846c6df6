"""The articles in hand answer first; others may where these do not say it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.answers import QuestionKind
from bot.app import App
from bot.composition.conversation_scope import ELSEWHERE, SCOPE_REMARK
from bot.composition.scope.continuation import Continuation
from bot.composition.scope.speaker_doubt import UNSAID
from bot.conversation.session import ConversationSession
from retrieval.articles import Article
from tests.bot.fakes_bot import HARBOUR, ORCHARD, make_app
from tests.fakes import make_article


@pytest.fixture
def app(tmp_path: Path) -> App:
    return make_app(tmp_path)


def test_its_articles_answer_first(app: App) -> None:
    """And it is said that they were asked."""
    talk = ConversationSession()
    talk.keep(app.ask("Summarise the harbour strike article"))
    answer = app.ask("How do wages rise by percent?", history=talk.history)
    assert {citation.article.id for citation in answer.citations} == {HARBOUR.id}
    assert SCOPE_REMARK in answer.remarks


def test_another_article_may_answer_at_most(app: App) -> None:
    """It is not asserted, and the doubt says why."""
    talk = ConversationSession()
    talk.keep(app.ask("Summarise the harbour strike article"))
    answer = app.ask("What did the late frost destroy of the cherry harvest?", history=talk.history)
    assert {citation.article.id for citation in answer.citations} == {ORCHARD.id}
    assert (answer.possibly, answer.doubts[0]) == (True, ELSEWHERE)


LEVEE = make_article(
    "The levee bill\nThe levee bill was sponsored by Senator Ada Gill of Olmar.\n"
    'Senator Carl Moss said the levee bill asks too much of towns.\n"Towns cannot pay," said Moss on Tuesday.\n',
    title="The levee bill",
)
TICKETS = make_article(
    'Tram tickets\nActor Max Moss said the trams are late.\n"Nobody can pay for a ticket," said Moss.\n'
    'Painter Ines Gill said the trams are too loud.\n"I walk to work," said Gill.\n',
    title="Tram tickets",
)


@pytest.mark.parametrize("question", ["What did Moss say about it?", "What did Moss say?", "no, I meant Moss"])
def test_a_name_is_that_of_the_last_answers_article(question: str, tmp_path: Path) -> None:
    """Another article has another person of the name."""
    app = make_app(tmp_path, [TICKETS, LEVEE])
    talk = ConversationSession()
    first = "What did Ada Gill say?" if "meant" in question else "Who sponsored the levee bill?"
    talk.keep(app.ask("Who sponsored the levee bill?"))
    talk.keep(app.ask(first, history=talk.history))
    said = app.ask(question, history=talk.history)
    assert {each.article.id for each in said.citations} == {LEVEE.id}


def test_a_correction_of_a_fact_is_asked_of_all_articles(tmp_path: Path) -> None:
    """It is about somebody else."""
    app = make_app(tmp_path, [TICKETS, LEVEE])
    talk = ConversationSession()
    talk.keep(app.ask("Who sponsored the levee bill of Olmar?"))
    meant = app.ask("no, I meant the tram tickets of Max Moss", history=talk.history)
    assert SCOPE_REMARK not in meant.remarks


def test_what_somebody_of_the_article_did_not_say_there_is_not_taken_from_a_namesake(tmp_path: Path) -> None:
    """Their words about another matter are no answer, either."""
    app = make_app(tmp_path, [TICKETS, LEVEE])
    talk = ConversationSession()
    talk.keep(app.ask("Who sponsored the levee bill?"))
    said = app.ask("What did Gill say?", history=talk.history)
    assert TICKETS.id not in {each.article.id for each in said.citations}
    assert said.message or UNSAID in said.doubts


def test_what_somebody_did_somewhere_is_told_where_no_sentence_says_it(tmp_path: Path) -> None:
    """As an overview, which says how the question was read."""
    dinner = make_article(
        "The dinner\nThe press dinner at Olmar ended in laughter.\nComedian Ann Brook mocked the mayor there.\n",
        title="The dinner",
    )
    app = make_app(tmp_path, [HARBOUR, dinner])
    told = app.ask("What did Brook do at the dinner?")
    assert told.kind is QuestionKind.OVERVIEW
    assert {each.article.id for each in told.citations} == {dinner.id}
    assert told.remarks == ("Read as “tell me about Brook at the dinner”.",)


SINGER = make_article(
    "The singer\nThe singer Ada Vell died on Monday.\nVell was born in Olmar and drove a tram.\n"
    "Vell recorded her first song in 1974.\nHer manager, Ole Brandt, called Vell fearless.\n",
    title="The singer", published="2020-02-03",
)  # fmt: skip
PROFILES = make_article(
    "Short profiles\nA short profile of a candidate has forty words.\nThe career of each candidate comes first.\n"
    "In 2019 the profiles went to print late.\n",
    title="Short profiles", published="2019-11-02",
)  # fmt: skip


@pytest.mark.parametrize(("probability", "told"), [(0.95, SINGER), (0.1, PROFILES)])
def test_what_goes_on_with_the_last_answer_is_told_by_its_articles(
    probability: float, told: Article, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However well its words fit those of another; what turns to another topic is not."""
    monkeypatch.setattr(Continuation, "probability", lambda *_: probability)
    app = make_app(tmp_path, [PROFILES, SINGER])
    talk = ConversationSession()
    talk.keep(app.ask("Tell me about the singer Ada Vell"))
    answer = app.ask("tell me about the first profile", history=talk.history)
    assert {each.article.id for each in answer.citations} == {told.id}


def test_what_they_do_not_say_stays_unanswered_with_what_comes_nearest(tmp_path: Path) -> None:
    app = make_app(tmp_path, [HARBOUR, SINGER])
    talk = ConversationSession()
    talk.keep(app.ask("Tell me about the singer Ada Vell"))
    answer = app.ask("did she print anything?", history=talk.history)
    assert not answer.citations
    assert {each.article.id for each in answer.nearest} == {SINGER.id}


PILLARS = make_article(
    "The pact\nThe pact of Tarn stands on three pillars:\n- trade in grain with Olmar\n- schools for the valley\n"
    "- a shared police of both towns\nIt was signed on Monday.\n",
    title="The pact", published="2020-02-09",
)  # fmt: skip


def test_what_other_articles_list_is_not_sought_in_those_that_lack_its_words(tmp_path: Path) -> None:
    """However few words name it."""
    app = make_app(tmp_path, [PILLARS, SINGER])
    talk = ConversationSession()
    talk.keep(app.ask("Tell me about the singer Ada Vell"))
    answer = app.ask("what are the three pillars?", history=talk.history)
    assert {each.article.id for each in answer.citations} == {PILLARS.id}
