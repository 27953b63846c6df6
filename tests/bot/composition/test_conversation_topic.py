"""What a conversation is about stands for "it", and for what a request leaves out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.composition.conversation_topic import (
    articles_question,
    asks_of_story,
    conversation_topic,
    names_again,
    refers_to_listed,
    standalone_request,
    tells_when,
)
from bot.composition.question_kind import decide_kind
from bot.conversation.store import CitedPlace, Turn
from retrieval.articles import Span


def turns(*questions: str, quote: str = "") -> list[Turn]:
    places = (CitedPlace(1, "a", Span(0, len(quote)), quote),) if quote else ()
    return [Turn(each, each, quote or "…", places, abstained=False, asked=0.0) for each in questions]


@pytest.mark.parametrize(
    ("questions", "topic"),
    [
        (("Timeline of the Boston Marathon bombing", "Who were the suspects?"), "the Boston Marathon bombing"),
        (("What happened with Brexit?", "How many votes were cast?"), "Brexit"),
        (("Tell me about Brexit", "How many died in the Oklahoma tornado?"), "the Oklahoma tornado"),
        (("Summarise that article",), ""),
        (("Compare what the BBC and CNN say about Guantanamo",), "Guantanamo"),
        (("Summarise the article about the move to Jerusalem",), "the move to Jerusalem"),
        (("summarise the one about SpaceX",), "SpaceX"),
        (("profile of Kevin McAleenan", "his career, in order"), "Kevin McAleenan"),
        (("tell me about the article from the Coast Herald about frost",), "frost"),
        (("Who signed the agreement?",), "the agreement"),
        (("timeline of the government shutdown in 2019",), "the government shutdown in 2019"),
        (("Tell me about the brewery shooting", "What did Evers say?"), "the brewery shooting"),
        (("Who did Russia blame for the airstrike in Syria?",), "the airstrike in Syria"),
        (("How many candidates were in California?",), "California"),
        (("Brook v Tarsk, bring me up to speed",), "Brook and Tarsk"),
        (("timeline of the wall emergency", "Brook vs Ann Tarsk: who argues what?"), "the wall emergency"),
        (("what was the coronavirus situation when China passed 1000 deaths",), "the coronavirus situation"),
        (("Google fires Ann Brook - summary",), "Ann Brook"),
        (("how was the second Boston bombing suspect caught?",), "the Boston bombing"),
        (("what do we have on the Tarn protests at the end of 2017?",), "the Tarn protests"),
    ],
)
def test_a_topic_lasts_until_a_question_names_another(questions: tuple[str, ...], topic: str) -> None:
    assert conversation_topic(turns(*questions)) == topic


@pytest.mark.parametrize(
    ("questions", "question", "request_"),
    [
        (
            ("Timeline of the Boston bombing", "How many people were killed?"),
            "which outlets reported on it first?",
            "which outlets reported on the Boston bombing first?",
        ),
        (("profile of Ann Reed",), "anything newer about her?", "anything newer about Ann Reed?"),
        (
            ("Timeline of the Boston bombing",),
            "which outlets ran this story?",
            "which outlets covered the Boston bombing?",
        ),
        (
            ("Tell me about the Boston bombing", "Who was arrested?"),
            "list all the articles about it",
            "list all the articles about the Boston bombing",
        ),
        (
            ("What did Jeremy Hunt say about the tanker?", "Why did Iran seize the tanker?"),
            "timeline please",
            "Timeline of Iran and the tanker",
        ),
        (
            ("Brook v Tarsk, bring me up to speed", "letters, calls: dates in order"),
            "how many stories do we hold on the two of them?",
            "how many stories do we hold on Brook and Tarsk?",
        ),
        (
            ("Which states refused to give voter data to Trump's commission?",),
            "Which outlets reported on it first?",
            "Which outlets reported on voter data to Trump's commission first?",
        ),
    ],
)
def test_a_request_about_it_names_the_topic(questions: tuple[str, ...], question: str, request_: str) -> None:
    history = turns(*questions)
    assert standalone_request(question, decide_kind(question, history), history) == request_


def test_the_oldest_one_is_an_article_after_a_question_about_the_articles() -> None:
    assert articles_question("what’s the oldest one?", turns("How many articles are there?")) == (
        "What is the oldest article?"
    )
    assert articles_question("what’s the oldest one?", turns("Who signed it?")) == ""
    assert articles_question("what are they about?", turns("How many articles are there?")) == (
        "What are the articles about?"
    )
    assert articles_question("what are they about?", turns("How many articles mention Mali?")) == ""
    assert articles_question("how far back do they go?", turns("Who signed it?")) == ""
    assert articles_question("how far back do they go?", turns("How many articles are from Fox News?")) == (
        "How far back do the articles from Fox News go?"
    )
    assert articles_question("which one is the newest?", turns("How many articles are from Fox News?")) == (
        "What is the newest article from Fox News?"
    )


@pytest.mark.parametrize(
    ("before", "question", "written"),
    [
        ("list the articles by Ana Prats", "which of these is the oldest?", "What is the oldest article by Ana Prats?"),
        ("what articles do you have?", "which one is about Niger?", "Which articles are about Niger?"),
        ("list the articles from CNN", "summarise the one about boys", "summarise the article from CNN about boys"),
        ("which articles are about Mali?", "open the one from CNN", "open the article about Mali from CNN"),
        ("Who signed it?", "which one is about Niger?", ""),
        ("what articles do you have?", "summarise the one about boys", ""),
    ],
)
def test_one_of_the_articles_just_listed_is_meant(before: str, question: str, written: str) -> None:
    assert articles_question(question, turns(before)) == written


def test_a_timeline_after_a_fact_is_that_of_its_article() -> None:
    """That of an event is of the event, and what was denied leaves the conversation where it was."""
    fact, denied = turns("What did Ann Brook say about the cartels?", quote="They took it up."), turns("And Niger?")
    denied = [replace(each, abstained=True) for each in denied]
    history = [*fact, *denied]
    assert standalone_request("timeline please", decide_kind("timeline please", history), history) == (
        "Timeline of that article"
    )
    assert conversation_topic([*turns("Tell me about the Boston bombing"), *denied]) == "the Boston bombing"
    event = turns("How many died in the Boston bombing?", quote="Three died.")
    assert standalone_request("timeline?", decide_kind("timeline?", event), event) == "Timeline of the Boston bombing"


def test_when_that_was_is_told_by_a_sentence_with_a_date() -> None:
    """A bare "when?" is searched, too."""
    dated = turns("Who resigned?", quote="The mayor resigned on Tuesday.")
    assert tells_when("When was that?", dated)
    assert not tells_when("When?", dated)
    assert not tells_when("When was that?", turns("Who resigned?", quote="The mayor resigned."))


def test_when_something_was_said_is_asked_of_its_article() -> None:
    assert tells_when("When was this?", turns("What did Ryan say about Nunes?", quote="Ryan said he trusts him."))


@pytest.mark.parametrize(
    ("question", "request_"),
    [
        ("timeline of the bombing", "timeline of the Boston Marathon bombing"),
        ("timeline of the Boston talks", ""),
        ("timeline of the elections", ""),
    ],
)
def test_a_part_of_the_topic_with_the_is_the_topic(question: str, request_: str) -> None:
    """Other words, and names of its own, make another one."""
    history = turns("What happened in the Boston Marathon bombing?")
    decision = decide_kind(question, history)
    assert names_again(decision.topic, history) is bool(request_)
    assert standalone_request(question, decision, history) == request_


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("which outlets covered this?", True),
        ("who else reported on that story?", True),
        ("which outlets had it first?", True),
        ("which outlets reported this first?", True),
        ("who published this in 2018?", True),
        ("which outlets covered the strike?", False),
        ("which outlets reported on this strike?", False),
        ("any articles about that mayor?", False),
        ("which outlets are there?", False),
    ],
)
def test_a_question_about_the_articles_is_of_the_story_just_told_by_a_word_for_it(
    question: str, expected: bool
) -> None:
    assert asks_of_story(question) is expected


def test_it_is_what_articles_were_just_asked_of() -> None:
    """As it was asked, also where that is no noun phrase."""
    listed = turns("which outlets covered Ann Brook getting the job?", quote="Brook got it.")
    assert refers_to_listed("it", listed)
    decision = decide_kind("ok give me the gist of it", listed)
    request = standalone_request("ok give me the gist of it", decision, listed)
    assert request == "ok give me the gist of Ann Brook getting the job"
    assert not refers_to_listed("the job", listed)
    assert not refers_to_listed("it", turns("Who got the job?", quote="Brook got it."))
