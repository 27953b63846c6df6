"""A sentence with the neighbours that it cannot be understood without, exactly as the article has them."""

from __future__ import annotations

import pytest

from bot.answering.excerpts import MAX_EXCERPT_CHARACTERS, announces, excerpt_of
from tests.bot.answering.test_reader import make_hit

FIRST = "Mark Giuliano, fire chief of Eglin, spoke on Tuesday."


@pytest.mark.parametrize(
    "sentence",
    [
        "He commanded the rescue.",
        "This was the worst crash in years.",
        "But they agreed in the end.",
        "In his view the pilot was tired.",
        "“He commanded the rescue,” said a sailor.",
    ],
)
def test_a_sentence_that_begins_with_a_pronoun_comes_with_the_one_that_says_who(sentence: str) -> None:
    hit = make_hit(FIRST, sentence, "Rain fell.")
    found = excerpt_of(hit, hit.passage.sentences[1])
    assert found.text == f"{FIRST} {sentence}" == found.span.of(hit.passage.text)


def test_a_thing_that_was_introduced_before_comes_with_its_introduction() -> None:
    """As "the plan" is after "a plan", and not after a sentence that has none."""
    hit = make_hit("The council published a bold new plan.", "The plan costs nine million.", "The weather was fine.")
    assert excerpt_of(hit, hit.passage.sentences[1]).span.start == 0
    assert excerpt_of(hit, hit.passage.sentences[2]).span == hit.passage.sentences[2]


@pytest.mark.parametrize(
    "sentence",
    [
        "Ada Quill cut the ribbon.",
        "It is likely that wages rise.",
        "This year wages rise.",
        "That the ferry sank is sure.",
    ],
)
def test_other_sentences_stand_alone(sentence: str) -> None:
    hit = make_hit(FIRST, sentence)
    assert excerpt_of(hit, hit.passage.sentences[1]).text == sentence


def test_the_first_sentence_of_a_passage_has_nothing_before_it() -> None:
    hit = make_hit("He commanded the rescue.", "Rain fell.")
    assert excerpt_of(hit, hit.passage.sentences[0]).text == "He commanded the rescue."


def test_what_a_colon_announces_follows() -> None:
    hit = make_hit("The following are the happiest countries:", "Finland", "Denmark", "Iceland")
    assert announces("The following are the happiest countries:")
    assert excerpt_of(hit, hit.passage.sentences[0], following=2).text.endswith("Finland Denmark")


def test_an_excerpt_is_bounded() -> None:
    """A long neighbour is left out."""
    hit = make_hit("x" * MAX_EXCERPT_CHARACTERS, "He agreed.", "y" * MAX_EXCERPT_CHARACTERS)
    assert excerpt_of(hit, hit.passage.sentences[1], following=1).text == "He agreed."
