"""Questions about the last answer are answered from its articles' entries, its sentences quoted again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.answers import Answer, QuestionKind, Status, quoted
from bot.app import App
from bot.conversation.session import ConversationSession
from retrieval.articles import Span
from retrieval.errors import InputError
from tests.bot.fakes_bot import HARBOUR, ORCHARD, make_app
from tests.fakes import make_article

ASKED = "Which dockers of Port Vell ended it on Tuesday?"
COLUMN = make_article(
    "Opinion: Let the dockers be\nThose dockers came far too late.\n",
    title="Opinion: Let the dockers be",
    origin="news/column.txt",
    path="news/column.txt",
    source="Coast Herald",
    author="Unknown",
)


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    with make_app(tmp_path, (HARBOUR, ORCHARD, COLUMN)) as built:
        yield built


def talk(app: App, *questions: str) -> list[Answer]:
    under_way, answers = ConversationSession(), []
    for question in questions:
        answers.append(app.ask(question, history=under_way.history))
        under_way.keep(answers[-1])
    return answers


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Which article is that from?", "“Harbour strike ends” · Coast Herald · 2024-03-05"),
        ("Which article is that from?", "At https://coast.example/harbour"),
        ("Who wrote it?", "By Ana Prats."),
        ("When was that published?", "Published on 2024-03-05."),
        ("Is that an opinion piece?", "Nothing in its title, address, outlet or author calls it an opinion piece"),
        (
            "Are you sure?",
            "the sentence below is quoted word for word. That it answers the question is very likely (90 %",
        ),
        ("How many articles say so?", "The last answer cites 1 article, below."),
        ("How many articles say so?", "No passage of another article was found"),
        ("Show me the source", "/open 1"),
    ],
)
def test_what_is_asked_about_the_article_is_said_of_it(app: App, question: str, said: str) -> None:
    fact, about = talk(app, ASKED, question)
    assert about.kind is QuestionKind.LAST_ANSWER
    assert about.status is Status.ANSWERED
    assert said in about.text
    assert [each.quote for each in about.citations] == [each.quote for each in fact.citations]
    assert not about.standalone_question


def test_what_an_article_does_not_say_is_said(app: App) -> None:
    *_, who, when, genre = talk(
        app,
        "Who came far too late?",
        "Who wrote it?",
        "When was it published?",
        "Is that opinion?",
    )
    assert "The article names no author." in who.text
    assert "The article is undated." in when.text
    assert "An opinion piece, by its title" in genre.text


def test_each_article_is_named_where_there_are_several(app: App) -> None:
    fact, about = talk(
        app, "Which dockers of Port Vell ended it, and what frost destroyed half of the harvest?", "Who wrote it?"
    )
    assert len({each.article.id for each in fact.citations}) == 2
    assert "By Ana Prats." in about.text
    assert "The article names no author." in about.text


def test_other_articles_about_the_same_are_named(app: App) -> None:
    under_way = ConversationSession()
    under_way.keep(app.ask(ASKED))
    history = [replace(turn, standalone_question="Those dockers?") for turn in under_way.history]
    about = app.ask("Do other articles say so?", history=history)
    assert "are in 1 other article: “Opinion: Let the dockers be”, Coast Herald, undated, opinion." in about.text


def test_a_citation_is_asked_about_by_its_number(app: App) -> None:
    _, one = talk(app, ASKED, "Who wrote 1?")
    assert "By Ana Prats." in one.text
    with pytest.raises(InputError, match="no citation 7"):
        talk(app, ASKED, "Who wrote 7?")


def test_an_answer_that_asserted_nothing_is_said_to_be_none(app: App) -> None:
    _, about = talk(app, "Who is the king of cherry trees?", "Are you sure?")
    assert "asserted nothing" in about.text


def test_the_conversation_goes_on_where_it_was(app: App) -> None:
    """After "who wrote it?" the turn before it is still the last."""
    *_, again = talk(app, ASKED, "Who wrote it?", "Are you sure?")
    assert "quoted word for word" in again.text


def test_the_article_of_an_outlet_is_one_that_an_earlier_answer_cites(app: App) -> None:
    """Of an outlet that none cites, all of the last answer are told of."""
    *_, told = talk(app, ASKED, "What destroyed half of the cherry harvest?", "who wrote the Coast Herald one?")
    assert told.kind is QuestionKind.LAST_ANSWER
    assert told.text.count("By Ana Prats.") == 1
    assert {each.article.title for each in told.citations} == {HARBOUR.title}
    *_, other = talk(app, ASKED, "who wrote the Vell Times one?")
    assert {each.article.title for each in other.citations} == {HARBOUR.title}


def test_before_the_first_answer_it_is_a_question_like_any_other(app: App) -> None:
    (answer,) = talk(app, "Who wrote it?")
    assert answer.kind is QuestionKind.FACT


def test_which_is_the_newest_puts_its_articles_in_order(app: App) -> None:
    """It is remembered, so that "summarise it" means that one."""
    *_, ordered = talk(app, "Which dockers of Port Vell ended it on Tuesday?", "which of those is the newest?")
    assert ordered.kind is QuestionKind.LAST_ANSWER
    assert "The newest of 1 article" in ordered.text
    assert "Published on 2024-03-05." in ordered.text


def test_when_that_was_counts_from_the_day_of_the_article(app: App) -> None:
    *_, told = talk(app, ASKED, "When was that?")
    assert "“Tuesday” in an article of 2024-03-05: 2024-03-05." in told.text


MARKET = make_article(
    "The market will stay open all winter.\n\n"
    "“I think people worry too much,” says Carla Mendes of the Port College. “The stalls are not going to close.”\n\n"
    "Mayor Otto Lind said the council had paid for the new roof.\n\n"
    "That was not true: a video shows that the stallholders paid for the new roof.\n\n"
    "Critics say the lamps are too dim.\n",
    title="Market to stay open",
    origin="news/market.txt",
    path="news/market.txt",
    source="Coast Herald",
    author="Ana Prats",
    published="2024-03-09",
)


@pytest.fixture
def market(tmp_path: Path) -> Iterator[App]:
    with make_app(tmp_path, (HARBOUR, MARKET)) as built:
        yield built


def cited(app: App, quote: str, question: str = "Are the stalls going to close?") -> ConversationSession:
    """Return a conversation whose last answer is a sentence of the market's article."""
    fact = app.ask("Which stalls are not going to close?")
    start = MARKET.text.index(quote)
    place = replace(
        fact.shown[0], article=app.library.info(MARKET.id), span=Span(start, start + len(quote)), quote=quote
    )
    under_way = ConversationSession()
    under_way.keep(replace(fact, question=question, citations=(place,), claims=quoted((place,)), abstention=None))
    return under_way


@pytest.mark.parametrize("question", ["who says that?", "who said so", "who is that from?", "Whose words are those?"])
def test_who_says_so_is_the_speaker_whom_the_article_names(market: App, question: str) -> None:
    """The name stands in the sentence before the quoted one; the author of the article is not meant."""
    history = cited(market, "“The stalls are not going to close.”").history
    said = market.ask(question, history=history)
    assert said.kind is QuestionKind.LAST_ANSWER
    assert said.text.startswith("Carla Mendes, to whom the article attributes it.")
    assert "says Carla Mendes of the Port College" in said.citations[0].quote
    assert "Ana Prats" not in said.text


def test_what_the_article_says_itself_has_no_speaker(market: App) -> None:
    said = market.ask("who says that?", history=cited(market, "The market will stay open all winter.").history)
    assert said.text.startswith("The article itself: it names no speaker for this.")
    assert "By Ana Prats." in said.text


def test_whether_a_claim_was_true_is_what_the_article_says_of_it(market: App) -> None:
    """How sure the answer is says nothing of the claim."""
    claim = "Mayor Otto Lind said the council had paid for the new roof."
    said = market.ask("was it true?", history=cited(market, claim, "What did Otto Lind say?").history)
    assert "What the article says of whether it is true" in said.text
    assert [each.quote for each in said.citations] == [
        "That was not true: a video shows that the stallholders paid for the new roof."
    ]
    assert "%" not in said.text


def test_a_claim_of_which_the_article_says_nothing_is_somebodys_words(market: App) -> None:
    words = "“I think people worry too much,” says Carla Mendes of the Port College."
    said = market.ask("is that true?", history=cited(market, words, "What does Carla Mendes say?").history)
    assert "no sentence of it that says whether they are true was found" in said.text
    assert said.citations[0].quote == words


@pytest.mark.parametrize("question", ["who wrote it and when?", "When was it published and by whom?"])
def test_author_and_day_are_told_together(app: App, question: str) -> None:
    *_, told = talk(app, ASKED, question)
    assert told.kind is QuestionKind.LAST_ANSWER
    assert "By Ana Prats. Published on 2024-03-05." in told.text


def test_a_group_may_be_the_speaker(market: App) -> None:
    said = market.ask("who says that?", history=cited(market, "Critics say the lamps are too dim.").history)
    assert said.text.startswith("Critics, to whom the article attributes it.")
