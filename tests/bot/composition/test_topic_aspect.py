"""Aspects of a topic: arguments, risks, conditions and reactions, which no single sentence tells."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.answers import Answer, Form, QuestionKind, SearchScope
from bot.composition.enumeration import EnumerationComposer
from bot.composition.frequent_names import FrequentNames
from bot.composition.question_kind import decide_kind, reaction_asked
from bot.composition.request import CompositionRequest
from bot.composition.topic_aspect import aspect_of, reaction_of
from bot.composition.topic_search import TopicSearcher
from retrieval.articles import Filters
from retrieval.store.library import Library
from tests.bot.fakes_bot import WordSearcher
from tests.fakes import FakeCrossEncoder, make_article, make_library

FERRY = make_article(
    "Ferry ban divides Port Vell\n\n"
    "The harbour board wants to ban the old ferry from Port Vell.\n\n"
    "Supporters argue that a ferry ban would keep oil out of the harbour.\n\n"
    "Opponents of the ferry ban warn that two hundred people would lose their work.\n\n"
    "The harbour was built in a year of peace by the grandfather of the mayor.\n\n"
    "Mayor Ann Quill condemned the ferry ban as an insult to the town.\n\n"
    "Union leader Abel Reed said nothing of it while Quill spoke.\n",
    title="Ferry ban divides Port Vell", source="Coast Herald", published="2024-03-05", origin="ferry.txt",
)  # fmt: skip


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return make_library(tmp_path, [FERRY])


def ask(library: Library, question: str) -> Answer | None:
    encoder = FakeCrossEncoder()
    topics = TopicSearcher(WordSearcher(library), library)
    composer = EnumerationComposer(topics, library, encoder, FrequentNames(library))
    counts = library.counts()
    decision = reaction_asked(question) or decide_kind(question)
    scope = SearchScope(counts.articles, counts.passages, Filters())
    return composer.compose(CompositionRequest(question, question, decision, (), scope))


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("What are the arguments for and against the ferry ban", "the ferry ban"),
        ("pros and cons of nuclear power", "nuclear power"),
        ("what are the main risks of the dam", "the dam"),
        ("What are the risks Pistorius faces in prison", "Pistorius faces in prison"),
        ("what are Trump's advantages for 2020", "Trump for 2020"),
        ("which positions has Clinton taken on the left", "Clinton taken on the left"),
        ("What policies of Trump did Biden condemn", "Trump Biden condemn"),
        ("what reasons are given for the decline of the bees", "the decline of the bees"),
    ],
)
def test_an_aspect_is_asked_for_by_its_noun(question: str, topic: str) -> None:
    """Whatever stands around the noun is the topic; such a question is one for several things."""
    aspect = aspect_of(question)
    assert aspect is not None
    assert aspect.topic == topic
    assert decide_kind(question).kind is QuestionKind.LIST


@pytest.mark.parametrize(
    "question", ["Who made the argument?", "What are the arguments?", "which countries signed it", "What is the case"]
)
def test_nothing_else_asks_for_an_aspect(question: str) -> None:
    """A question without a topic, or for names, has none."""
    assert aspect_of(question) is None


def test_several_sentences_tell_of_an_aspect(library: Library) -> None:
    """Those of the article about the topic that have words of the aspect, in its order, under its title."""
    answer = ask(library, "What are the arguments for and against the ferry ban?")
    assert answer is not None
    quotes = [cited.quote for cited in answer.citations]
    assert "Supporters argue that a ferry ban would keep oil out of the harbour." in quotes
    assert "Opponents of the ferry ban warn that two hundred people would lose their work." in quotes
    assert not any("grandfather" in quote for quote in quotes)
    assert [cited.span for cited in answer.citations] == sorted(cited.span for cited in answer.citations)
    assert answer.claims[0].form is Form.HEADING


def test_accusations_are_told_where_the_accused_is_named() -> None:
    """Whoever is named beside them may be accused of other things."""
    aspect = aspect_of("What are the accusations against Ann Quill")
    assert aspect is not None
    assert aspect.named
    assert aspect.words.search("The board made an accusation.")


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("Mayor Ann Quill condemned the ban.", True),
        ("“It is an insult,” said Mayor Quill.", True),
        ("The board condemned the ban that Quill wants.", False),
        ("A board member criticised it.", False),
    ],
)
def test_a_reaction_is_told_by_who_reacted_and_how(sentence: str, told: bool) -> None:
    """Of a person it is told by the family name, too; what others said of them is no reaction of theirs."""
    aspect = reaction_of("How did Ann Quill react to the ferry ban")
    assert aspect is not None
    assert bool(aspect.words.search(sentence)) is told


@pytest.mark.parametrize(
    "sentence", ["Jim Jordan, R-Ohio, said no.", "GOP senators slammed it.", "Republicans balked and accused him."]
)
def test_a_partys_members_react_for_it(sentence: str) -> None:
    """Articles mark them beside their names."""
    aspect = reaction_of("How did Republicans react to the memo")
    assert aspect is not None
    assert aspect.words.search(sentence)


def test_a_reaction_may_name_no_topic() -> None:
    """It is then the one to what the last answer tells."""
    aspect = reaction_of("how did the White House react")
    assert aspect is not None
    assert not aspect.topic
