"""Questions that name nothing are asked of the articles of the last overview, timeline, comparison or list."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.answers import QuestionKind
from bot.app import App
from bot.chain import UNSAID
from bot.composition.conversation_scope import (
    ELSEWHERE,
    SCOPE_REMARK,
    ConversationScope,
    ScopeAnswerer,
    says_little,
    scope_of,
)
from bot.conversation.session import ConversationSession
from bot.conversation.store import CitedPlace, Turn
from retrieval.articles import Filters, Span
from tests.bot.fakes_bot import HARBOUR, ORCHARD, make_app
from tests.fakes import make_article

PLACE = CitedPlace(1, HARBOUR.id, Span(20, 75), "The dockers of Port Vell ended their strike on Tuesday.")


def turn(question: str, *, abstained: bool = False) -> Turn:
    return Turn(question, question, "…", (PLACE,), abstained, 0.0)


OVERVIEW = turn("Summarise the harbour article")
FROST = replace(turn("What did Jonas Feld lose?"), places=(replace(PLACE, article_id=ORCHARD.id),))


@pytest.mark.parametrize(
    ("question", "history", "scope"),
    [
        ("How much do wages rise?", [OVERVIEW], (HARBOUR.id,)),
        ("How many growers are there?", [OVERVIEW, turn("how much do wages rise?")], (HARBOUR.id,)),
        ("How much did Ana Prats earn?", [OVERVIEW], ()),
        ("Who is the CEO?", [OVERVIEW], (HARBOUR.id,)),  # an office, no name
        ("How much do wages rise?", [turn("What are these articles about?")], ()),
        ("How much do wages rise?", [turn("Summarise the harbour article", abstained=True)], ()),
        ("How much do wages rise?", [], ()),
        # After a fact, the article that it was answered from.
        ("How many were lost?", [FROST], (ORCHARD.id,)),
        ("How many were lost?", [OVERVIEW, FROST], (ORCHARD.id,)),
        ("How many were lost?", [OVERVIEW, FROST, turn("who said so?", abstained=True)], (ORCHARD.id,)),
        # A list that was asked in a scope narrows none.
        ("How many were lost?", [OVERVIEW, FROST, OVERVIEW, turn("who was killed?")], (HARBOUR.id,)),
    ],
)
def test_the_scope_lasts_until_something_else_is_named(question: str, history: list[Turn], scope: tuple[str]) -> None:
    """After an answer about a topic or an article, or a fact that was answered from one."""
    found = scope_of(question, history)
    assert (found.articles if found else ()) == scope


def test_a_named_question_that_was_answered_in_the_scope_keeps_it() -> None:
    """The whole scope, not the sentence's article alone."""
    both = replace(OVERVIEW, places=(PLACE, replace(PLACE, number=2, article_id=ORCHARD.id)))
    found = scope_of("How many were lost?", [both, turn("What did Ana Prats say?")])
    assert found is not None
    assert (found.articles, found.of_fact) == ((HARBOUR.id, ORCHARD.id), False)


@pytest.mark.parametrize(
    ("question", "little"),
    [
        ("How many people died?", True),
        ("when did the coup happen?", True),
        ("What destroyed the cherry harvest?", False),
    ],
)
def test_a_question_of_few_words_is_not_asked_of_other_stories(question: str, little: bool) -> None:
    """Of "people died" every story may tell."""
    assert says_little(question) is little


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


SENTENCED = make_article(
    "Protest in Norvik\nThe driver at the rally of Port Vell was sentenced to 30 years in prison.\n", title="Protest"
)
STORM = make_article("A storm\nA sailor of Olmar was sentenced to 20 years in prison.\n", title="Storm")


def answerer(app: App) -> ScopeAnswerer:
    return ScopeAnswerer(app.searcher, app.reader, app.cross_encoder, app.library, app.search_scope)


def test_other_articles_about_the_topic_answer_what_those_of_the_scope_do_not(tmp_path: Path) -> None:
    """None about another topic does, and none without a topic."""
    app = make_app(tmp_path, [HARBOUR, SENTENCED, STORM])
    asked = "How many years was he sentenced to?"
    found = answerer(app).elsewhere(asked, asked, ConversationScope((HARBOUR.id,), "rally of Port Vell"), Filters())
    assert found is not None
    assert {each.article.id for each in found.citations} == {SENTENCED.id}
    assert found.remarks == ("Read in other articles about rally of Port Vell.",)
    assert answerer(app).elsewhere(asked, asked, ConversationScope((HARBOUR.id,), "Grenoble"), Filters()) is None
    assert answerer(app).elsewhere(asked, asked, ConversationScope((HARBOUR.id,)), Filters()) is None


def test_articles_of_earlier_answers_about_the_same_say_what_that_of_the_last_does_not(tmp_path: Path) -> None:
    fair = make_article("A fair\nThe fair of Port Vell was opened by Ines Gill.\n", title="A fair")
    bread = make_article("Bread\nHow wages of bakers rise much, bakers asked.\n", title="Bread")
    opened = replace(turn("Who opened the Port Vell fair?"), places=(replace(PLACE, article_id=fair.id),))
    app = make_app(tmp_path, [HARBOUR, fair, bread])
    answer = app.ask("by how much do the wages rise?", history=[turn("Who ended the strike of Port Vell?"), opened])
    assert [each.quote for each in answer.citations] == ["Wages rise by four percent."]
    assert (answer.possibly, answer.remarks) == (False, (SCOPE_REMARK,))


def test_words_of_a_topic_that_stand_apart_are_another_thing(tmp_path: Path) -> None:
    """Debt that is bumped up, and a stock, are no bump stock."""
    app = make_app(
        tmp_path, [HARBOUR, make_article("In port, Vell was sentenced to 30 years in prison.\n", title="Vell")]
    )
    asked = "How many years was he sentenced to?"
    assert answerer(app).elsewhere(asked, asked, ConversationScope((HARBOUR.id,), "Vell port"), Filters()) is None


def test_of_a_place_other_articles_may_answer_at_most(tmp_path: Path) -> None:
    """They may be of another event there."""
    app = make_app(tmp_path, [HARBOUR, make_article(SENTENCED.text.replace("Port Vell", "Mali"), title="Mali")])
    asked = "How many years was he sentenced to?"
    found = answerer(app).elsewhere(asked, asked, ConversationScope((HARBOUR.id,), "Mali"), Filters())
    assert found is not None
    assert (found.possibly, found.doubts[0]) == (True, ELSEWHERE)


def test_a_doubtful_answer_that_named_nothing_new_moves_no_scope() -> None:
    """One about somebody else does: the question turned to them."""
    doubtful = replace(FROST, question="How many were lost?", standalone_question="How many were lost?", possibly=True)
    found = scope_of("Who pays for it?", [turn("Who ended the strike of Port Vell?"), doubtful])
    assert found is not None
    assert found.articles == (HARBOUR.id,)
    turned = scope_of("Who pays for it?", [turn("Who ended it?"), replace(FROST, possibly=True)])
    assert turned is not None
    assert turned.articles == (ORCHARD.id,)


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


def test_of_an_office_nobody_elses_words_are_given(tmp_path: Path) -> None:
    """A sentence that names the governor may answer; the clinic's spokesman does not."""
    clinic = make_article(
        "The clinic\nThe clinic turned patients away in May.\n"
        'The clinic "did nothing wrong", spokesman Max Moss said.\nGov. Ines Gill asked the clinic for the lists.\n',
        title="The clinic",
    )
    app = make_app(tmp_path, [clinic])
    talk = ConversationSession()
    talk.keep(app.ask("Summarise the article about the clinic"))
    said = app.ask("What did the governor say about the clinic?", history=talk.history)
    assert not any("Moss" in each.quote for each in said.citations)
    assert said.message or said.possibly


def test_of_a_name_in_a_question_for_a_fact_other_articles_are_not_asked(tmp_path: Path) -> None:
    """It is in much else."""
    app = make_app(tmp_path, [HARBOUR, SENTENCED])
    asked = "How many years was he sentenced to?"
    scope = ConversationScope((HARBOUR.id,), "Vell", of_fact=True)
    assert answerer(app).elsewhere(asked, asked, scope, Filters()) is None
    assert answerer(app).elsewhere(asked, asked, replace(scope, of_fact=False), Filters()) is not None


def test_a_name_alone_after_a_fact_is_asked_of_its_article_first(tmp_path: Path) -> None:
    panels = make_article(
        "The panels\nThe bosses of firms left the panels of the mayor in May.\n"
        "The mayor drew criticism from Orvo and from Linden Bank.\n",
        title="The panels",
    )
    orvo = make_article(
        "Orvo review\nThe Orvo tram is small and powerful.\nOrvo sells it in May.\n", title="Orvo review"
    )
    app = make_app(tmp_path, [orvo, panels])
    talk = ConversationSession()
    talk.keep(app.ask("what did the bosses of firms do?"))
    assert {each.article.id for each in app.ask("and Orvo?", history=talk.history).citations} == {panels.id}


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


def test_an_overview_of_what_they_hardly_name_is_of_all_articles(tmp_path: Path) -> None:
    app = make_app(tmp_path, [OTHER_FIRE, FIRE])
    talk = ConversationSession()
    talk.keep(app.ask("Tell me about the port of Vell"))
    told = app.ask("tell me about the firefighters who died", history=talk.history)
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


def test_a_timeline_of_another_topic_is_not_of_the_articles_in_hand(tmp_path: Path) -> None:
    """In small letters, too; what no article tells of in its words is."""
    clinic = make_article(
        "The clinic\nThe clinic opened in May 2024.\nOn 3 June 2024 the clinic turned patients away.\n"
        "The clinic closed on 9 June 2024.\n",
        title="The clinic",
        published="2024-06-10",
    )
    app = make_app(tmp_path, [HARBOUR, clinic])
    talk = ConversationSession()
    talk.keep(app.ask("Tell me about the strike of the dockers"))
    other = app.ask("timeline of the clinic", history=talk.history)
    assert {each.article.id for each in other.citations} == {clinic.id}
    same = app.ask("can you trace how it got there, step by step", history=talk.history)
    assert {each.article.id for each in same.citations} == {HARBOUR.id}
