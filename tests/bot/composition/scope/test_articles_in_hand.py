"""What the articles of the last answers say of a question that goes on with them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bot.composition.conversation_scope import SCOPE_REMARK
from bot.composition.scope.articles_in_hand import articles_before, articles_in_hand
from bot.conversation.session import ConversationSession
from bot.conversation.store import CitedPlace, Turn
from retrieval.articles import Span
from tests.bot.fakes_bot import HARBOUR, make_app
from tests.fakes import make_article

PLACE = CitedPlace(1, HARBOUR.id, Span(20, 75), "The dockers of Port Vell ended their strike on Tuesday.")


def turn(question: str, *, abstained: bool = False) -> Turn:
    return Turn(question, question, "…", (PLACE,), abstained, 0.0)


def test_articles_of_earlier_answers_about_the_same_say_what_that_of_the_last_does_not(tmp_path: Path) -> None:
    fair = make_article("A fair\nThe fair of Port Vell was opened by Ines Gill.\n", title="A fair")
    bread = make_article("Bread\nHow wages of bakers rise much, bakers asked.\n", title="Bread")
    opened = replace(turn("Who opened the Port Vell fair?"), places=(replace(PLACE, article_id=fair.id),))
    app = make_app(tmp_path, [HARBOUR, fair, bread])
    answer = app.ask("by how much do the wages rise?", history=[turn("Who ended the strike of Port Vell?"), opened])
    assert [each.quote for each in answer.citations] == ["Wages rise by four percent."]
    assert (answer.possibly, answer.remarks) == (False, (SCOPE_REMARK,))


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


def near(*articles: str, abstained: bool = True) -> Turn:
    """Return a turn that shows places of articles; without an answer, those that came nearest to it."""
    places = tuple(replace(PLACE, article_id=each) for each in articles)
    return replace(turn("Who opened the fair?", abstained=abstained), places=places)


def test_where_nothing_was_answered_the_article_nearest_to_the_last_question_is_in_hand() -> None:
    """The first of it alone; what nothing came near to leaves the one before, and any answer comes before it."""
    assert articles_in_hand([near("fair"), near("bread", "harbour")]) == ("bread",)
    assert articles_in_hand([near("bread", "harbour"), near()]) == ("bread",)
    assert articles_in_hand([near("fair", "harbour", abstained=False), near("bread")]) == ("fair", "harbour")
    assert articles_in_hand([near()]) == ()


def test_articles_that_only_came_near_were_not_cited_before() -> None:
    assert articles_before([near("fair"), near("bread")]) == ()
