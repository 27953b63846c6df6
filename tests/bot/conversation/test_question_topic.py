"""What a question is about, in a noun phrase that can stand for "it"."""

from __future__ import annotations

import pytest

from bot.conversation.definite_phrase import definite_phrase
from bot.conversation.pronouns import replaced_it, resolve_pronouns
from bot.conversation.question_topic import counted_topic, question_topic
from bot.conversation.store import Turn


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("How many troops were injured in the Iranian missile strike?", "the Iranian missile strike"),
        ("how many people died in the Oklahoma tornado", "the Oklahoma tornado"),
        ("Who signed the agreement between Algeria and the US?", "the agreement between Algeria and the US"),
        ("What happened in Charlotte after the shooting of Keith Lamont Scott?", "the shooting of Keith Lamont Scott"),
        ("What did Russia do in Mali?", "Russia in Mali"),
        ("What did Zuckerberg say about Facebook's mistakes?", "Facebook's mistakes"),
        ("How many votes did the Senate bill get?", "the Senate bill"),
        ("When was the agreement signed?", "the agreement"),
        ("Who is the president of Mali?", "Mali"),
        ("When did David Koch die?", "David Koch"),
    ],
)
def test_a_question_is_about_the_event_that_it_names(question: str, topic: str) -> None:
    """Else about its names, and else its object."""
    assert question_topic(question) == topic


@pytest.mark.parametrize(
    "text", ["the president of Mali", "the US president", "the strike", "a Boston bombing", "the", "the end of 2017"]
)
def test_a_person_by_office_and_a_thing_without_a_name_are_no_event(text: str) -> None:
    assert definite_phrase(text) == ""


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("How many people were enrolled in Obamacare?", "the number of people enrolled in Obamacare"),
        ("How many people died in the tornado?", "the number of people who died in the tornado"),
        ("How many planes did Boeing ground?", ""),
        ("Who died in the tornado?", ""),
    ],
)
def test_what_is_counted_is_a_topic_of_its_own(question: str, topic: str) -> None:
    assert counted_topic(question) == topic


def test_what_it_stood_for_once_it_stands_for_again() -> None:
    """The subject of the question in between is not meant."""
    last = Turn("when will it pass?", "When will the Senate bill pass?", "…", (), abstained=False, asked=0.0)
    assert replaced_it(last) == "the Senate bill"
    assert resolve_pronouns("who wrote it?", [last]) == "Who wrote the Senate bill?"


@pytest.mark.parametrize("question", ["did anyone from the crew make it?", "who made it home?"])
def test_it_stands_for_nothing_where_somebody_makes_it(question: str) -> None:
    last = Turn("What caused the fire?", "What caused the fire?", "…", (), abstained=False, asked=0.0)
    assert not resolve_pronouns(question, [last])
    assert resolve_pronouns("who saw it?", [last]) == "Who saw the fire?"


def test_a_search_for_a_thing_is_about_it_and_not_about_its_number() -> None:
    assert question_topic("Tarsk million mile battery") == "the Tarsk million mile battery"
    assert question_topic("protests in Minsk") == "Minsk"


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("when was the coup?", "the coup"),
        ("By what vote did the Senate back net neutrality?", "Senate"),  # its verb is not known
    ],
)
def test_a_topic_is_a_noun_phrase(question: str, topic: str) -> None:
    """Not the article about it, nor half a clause."""
    assert question_topic(question) == topic
