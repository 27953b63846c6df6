"""Conversations about the seed articles, through the whole program with the real model and no chat model."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.answers import Answer
from bot.app import App, build
from bot.conversation.session import ConversationSession
from bot.settings import Settings
from retrieval.embedding.embedder import SentenceTransformerEmbedder

SEEDS = Path(__file__).parent.parent / "seeds"


@pytest.fixture(scope="module")
def app(real_seeds_store: Path, real_embedder: SentenceTransformerEmbedder) -> Iterator[App]:
    with build(Settings(store_dir=real_seeds_store), embedder=real_embedder) as built:
        yield built


def talk(app: App, *questions: str) -> list[Answer]:
    """Return the answers to questions asked one after another."""
    under_way, answers = ConversationSession(), []
    for question in questions:
        answers.append(app.ask(question, history=under_way.history))
        under_way.keep(answers[-1])
    return answers


def test_when_was_that_finds_the_day_and_not_the_same_sentence(app: App) -> None:
    _, when = talk(app, "Who signed the agreement?", "When was that?")
    assert when.text.startswith("In late January, Algeria formalized")
    assert when.standalone_question == "When was the agreement signed?"


def test_why_finds_a_reason(app: App) -> None:
    *_, why = talk(app, "Who signed the agreement?", "Why?")
    assert "aims to strengthen" in why.text


def test_who_else_never_repeats_the_answer(app: App) -> None:
    first, other = talk(app, "Who signed the agreement?", "Who else?")
    shown = {citation.quote for citation in (*other.citations, *other.nearest)}
    assert not shown & {citation.quote for citation in first.citations}


@pytest.mark.parametrize("question", ["And Burkina Faso?", "what about burkina faso"])
def test_another_name_takes_the_place_of_the_first(question: str, app: App) -> None:
    *_, other = talk(app, "What did Mali focus on in the talks?", question)
    assert "Cultivating cultural ties" in other.text


def test_a_country_takes_the_place_of_a_country(app: App) -> None:
    first, other = talk(app, "What did Mali focus on in the Moscow talks?", "And Niger?")
    assert "Deepening military cooperation" in first.text
    assert "Pursuing expanded economic partnerships" in other.text


def test_and_in_niger_asks_the_same_about_niger(app: App) -> None:
    *_, other = talk(app, "Who was forced to withdraw in Mali?", "And in Niger?")
    assert other.standalone_question == "Who was forced to withdraw in Niger?"


def test_say_more_about_a_citation_reads_on_in_its_article(app: App) -> None:
    pillars, more, next_more = talk(
        app, "What are the three pillars of the talks?", "Say more about 4", "Say more about 3"
    )
    named = ("Enhanced Security Cooperation:", "Economic Collaboration:", "Cultural Engagements:")
    for pillar, citation in zip(named, pillars.citations[1:], strict=True):
        assert citation.quote.startswith(pillar)
    assert pillars.citations[-1].quote.endswith("deepen bilateral ties.")
    assert more.citations[0].quote.startswith("This recalibration comes")
    assert next_more.citations[0].quote.startswith("Niger Pursuing")
    for citation in (*pillars.citations, *more.citations, *next_more.citations):
        text = (SEEDS / Path(citation.article.path).name).read_bytes().decode("utf-8")
        assert citation.span.of(text) == citation.quote


@pytest.mark.parametrize(
    "question",
    [
        "What is the unemployment rate in some Sahel countries?",
        "Who is the president of France?",
        "Which tanks does Algeria have?",
    ],
)
def test_a_change_of_topic_is_answered_as_if_it_were_the_first(question: str, app: App) -> None:
    *_, after = talk(app, "Who arrived in Niger?", "When was that?", question)
    alone = app.ask(question)
    assert after.text == alone.text
    assert after.standalone_question == ""
