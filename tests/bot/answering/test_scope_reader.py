"""In the articles that a question is about, its own words and what it requires say which sentence answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.answering.reader import ReaderResult
from bot.answering.scope_reader import ScopeReader
from bot.conversation.store import CitedPlace
from retrieval.articles import Hit
from tests.bot.answering.test_constraints import RankedReader
from tests.bot.answering.test_reader import make_hit


@dataclass
class EvenCrossEncoder:
    """Scores all sentences alike."""

    odds: float = 1.0

    def scores(self, query: str, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.full(len(texts), self.odds, dtype=np.float32)


def read(question: str, *hits: Hit, asked: str = "", odds: float = 1.0, answers: int = 0) -> tuple[ReaderResult, str]:
    """Return the reading, and the text of its first candidate."""
    reader = ScopeReader(RankedReader(answers=answers), EvenCrossEncoder(odds), asked or question, "the crash")
    reading = reader.read(question, hits)
    first = reading.candidates[0]
    return reading, first.hit.passage.text_of(first.span)


def dated(hit: Hit, published: str) -> Hit:
    return replace(hit, article=replace(hit.article, published=published))


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("How many people died?", "Four guards and seven sailors died on the beach."),
        ("How many people were killed?", "The death toll stands at 24."),
        ("When did the coup happen?", "A coup last summer ended the talks."),
        ("How many workers were affected?", "The closure sent 800,000 government workers home."),
        ("When was the curfew lifted?", "Late on Sunday the city lifted the curfew."),
        ("When did he buy the gun?", "He bought the gun in December."),
        ("Who is the governor?", "Democratic Gov. Tony Evers spoke on Thursday."),
    ],
)
def test_a_sentence_with_the_words_that_gives_what_is_asked_for_is_asserted(question: str, sentence: str) -> None:
    """Whatever share of the probability the reader leaves it, in any form of the words."""
    others = ["The fog was thick.", "Divers searched the whole bay.", "Nothing more was known."]
    reading, text = read(question, make_hit(*others, sentence), odds=2.0)
    assert sentence in text
    assert (reading.answers, reading.possibly) == (1, False)


def test_the_event_of_the_article_comes_before_one_of_an_earlier_year() -> None:
    old = "On Aug. 6, 2011, 30 troops died in a crash near Kabul."
    new = "Four guards and seven sailors died on Tuesday."
    _, text = read("How many people died?", dated(make_hit(old, new), "2015-03-12"))
    assert text == new


def test_an_earlier_year_counts_where_nothing_else_says_it() -> None:
    sentence = "In 1999 a tornado destroyed 1,800 homes."
    reading, text = read("How many homes were destroyed?", dated(make_hit("It rained.", sentence), "2013-05-21"))
    assert (text, reading.answers) == (sentence, 1)


def test_what_is_told_without_what_is_asked_for_may_answer_at_most() -> None:
    """The article tells of the buying and no place: another sentence's place is none of it."""
    hit = make_hit("The man came to a mall in Columbia by cab.", "He bought the gun from a friend whom nobody knows.")
    reading, _ = read("Where did he buy the gun?", hit)
    assert reading.possibly or not reading.answers


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("Who is the mayor?", "Rick Smith warned the city on Sunday."),
        ("How many people died?", "The app sent results from 1,700 precincts."),
        (
            "How many signatures were collected?",
            "The backers of the measure, known as Proposition 9, collected signatures.",
        ),
        ("How much were the lawyers paid?", "The lawyers were paid by the all-star fund."),
    ],
)
def test_a_name_or_number_of_something_else_is_none(question: str, sentence: str) -> None:
    reading, _ = read(question, make_hit(sentence))
    assert reading.answers == 0 or reading.possibly


@pytest.mark.parametrize(("odds", "possibly", "answers"), [(2.0, False, 1), (-3.0, True, 1), (-6.0, False, 0)])
def test_the_cross_encoder_says_how_likely_it_is(odds: float, possibly: bool, answers: int) -> None:
    """From sure to not at all: "mug shot" holds the words of "Who shot him?"."""
    hit = make_hit("The fog was thick.", "Nothing else.", "No more.", "It rained.", "He had his mug shot in Austin.")
    reading, _ = read("Who shot him?", hit, odds=odds)
    assert (reading.answers, reading.possibly) == (answers, possibly)


def test_pronouns_are_resolved_for_the_reader_and_not_required() -> None:
    """The sentence need not repeat "the initiative"."""
    sentence = "An environmental group, the Planning League, challenged the measure in court."
    reading, text = read("Who challenged the initiative?", make_hit("It rained.", sentence), asked="who challenged it?")
    assert (text, reading.answers) == (sentence, 1)


def test_somebody_who_is_not_named_may_answer_at_most() -> None:
    reading, _ = read("Who was the gunman?", make_hit("The deadliest attack by a single gunman began a debate."))
    assert reading.possibly or not reading.answers


@dataclass
class SelectiveCrossEncoder:
    """Scores the sentences that hold certain words."""

    odds: dict[str, float]

    def scores(self, query: str, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.array(
            [next((own for words, own in self.odds.items() if words in text), -6.0) for text in texts], dtype=np.float32
        )


def read_scored(question: str, hit: Hit, odds: dict[str, float], topic: str = "the raid") -> tuple[ReaderResult, str]:
    """Return the reading, and the text of its first candidate."""
    reading = ScopeReader(RankedReader(answers=0), SelectiveCrossEncoder(odds), question, topic).read(question, [hit])
    first = reading.candidates[0]
    return reading, first.hit.passage.text_of(first.span)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("what's his bail?", "Saenz is being held on $50,000 bond."),
        ("who won the election?", "Returns show that Democrat Doug Jones defeated Moore."),
        ("who came second?", "Hawaiian Airlines finished No. 2."),
        ("how long could he go to jail for?", "The counts could net him 30 years in prison."),
    ],
)
def test_related_words_answer_where_the_sentence_is_likely(question: str, sentence: str) -> None:
    hit = make_hit("The fog was thick.", "Divers searched the whole bay.", sentence)
    reading, text = read_scored(question, hit, {sentence: 0.8})
    assert (text, reading.answers, reading.possibly) == (sentence, 1, False)


def test_a_likely_sentence_in_other_words_is_asserted() -> None:
    """The cross-encoder overrules that "shooter" is not in it."""
    sentence = "A 51-year-old employee opened fire on the others on Wednesday."
    reading, text = read_scored("how old was the attacker?", make_hit("It rained.", sentence), {"51-year-old": 2.5})
    assert (text, reading.answers, reading.possibly) == (sentence, 1, False)


def test_a_far_likelier_sentence_takes_the_place_of_one_with_the_words() -> None:
    """A bus station has the stem of "stationed"."""
    words = "He was caught at an El Paso, Texas, bus station."
    meant = "The airman served at Holloman base in New Mexico."
    reading, text = read_scored(
        "where was he stationed?", make_hit(words, "It rained.", meant), {"El Paso": 0.5, "Holloman": 3.0}
    )
    assert (text, reading.answers) == (meant, 1)


def test_what_somebody_else_did_is_not_said_of_whom_the_question_is_about() -> None:
    """Who was charged along with Manafort is not he."""
    other = "He was charged along with Mr. Manafort, but pleaded guilty."
    own = "He has pleaded not guilty to all charges."
    hit = make_hit(
        "One witness is his associate Rick Gates.", other, "It rained.", "Mr. Manafort works in Virginia.", own
    )
    odds = {"It rained.": -6.0, "along with": 2.0, "not guilty to all": 1.5}
    reading, text = read_scored("how did he plead?", hit, odds, topic="Manafort")
    assert own in text
    assert (reading.answers, reading.possibly) == (1, False)


def test_a_sentence_that_begins_with_another_name_is_not_asserted() -> None:
    hit = make_hit("It rained.", "Activist Candace Owens was suspended on Saturday after a tweet.")
    reading, _ = read_scored("when did she tweet that?", hit, {"Owens": 3.0}, topic="Rashida Tlaib")
    assert reading.possibly or not reading.answers


def test_the_station_of_a_bus_is_not_where_somebody_was_stationed() -> None:
    words = "He was caught at an El Paso, Texas, bus station."
    meant = "He was guilty of assault while serving at Holloman base in New Mexico."
    hit = make_hit(words, "It rained.", meant)
    _, text = read_scored("where was he stationed?", hit, {"El Paso": 0.5, "Holloman": 0.4})
    assert meant in text


def test_the_name_of_an_office_stands_beside_it() -> None:
    """Supporters of the professor have names, too."""
    others = "Authors, among them actress Molly Ringwald, are pushing a college to reinstate a professor."
    named = "Asheen Phansey, who was a professor at Babson, joked on Facebook."
    _, text = read_scored(
        "what's the professor's name?", make_hit(others, "It rained.", named), {"Molly": 3.0, "Asheen": 0.5}
    )
    assert named in text


def test_one_of_many_is_no_count() -> None:
    one = "As one of the largest banks, you can change the policies."
    eleven = "A group of senators wrote to 11 of the largest banks."
    _, text = read_scored(
        "how many banks were there?", make_hit(one, "It rained.", eleven), {"As one": 2.0, "11 of": 0.5}
    )
    assert eleven in text


def test_a_likely_sentence_without_any_word_of_the_question_may_answer_at_most() -> None:
    """To ask who voted is to ask of a vote; a number that it asks for would say that the sentence gives it."""
    told = "Speaker Ada Quill announced articles of impeachment against the president."
    reading, _ = read_scored("Who voted against?", make_hit(told, "The fog was thick."), {told: 4.0})
    assert reading.possibly or not reading.answers


def test_what_the_last_answer_showed_comes_behind_what_is_about_as_likely() -> None:
    shown = "In a close race, Ada Quill won the seat by 900 votes."
    other = "In the campaign Quill beat the mayor by seven points."
    hit = make_hit(shown, "It rained.", other)
    place = CitedPlace(1, hit.article.id, hit.passage.sentences[0], shown)
    encoder = SelectiveCrossEncoder({"seven points": 0.8, "It rained.": -6.0, "close race": 1.2})
    texts = []
    for given in ((), (place,)):
        reading = ScopeReader(RankedReader(answers=0), encoder, "By how much?", "", given).read("By how much?", [hit])
        texts.append(hit.passage.text_of(reading.candidates[0].span))
    assert texts == [shown, other]


def test_sentences_that_are_about_as_likely_are_shown_together_where_none_is_sure() -> None:
    one, two = "The bank denied the claims of the fishermen.", "The bank rejected the claims of the farmers."
    reading, _ = read_scored("what did it do about the claims?", make_hit(one, "It rained.", two), {"bank": -0.5})
    assert (reading.answers, reading.possibly) == (2, True)


def test_a_word_that_the_article_has_elsewhere_is_not_said_to_be_missing() -> None:
    hit = make_hit("The building opened in May.", "It rained.", "Guests saw the new $194 million office.")
    reading, _ = read_scored("who saw the building?", hit, {"Guests": -0.2})
    assert not any("building" in each.text for each in reading.doubts)


def test_a_sentence_that_announces_a_reason_comes_before_a_likelier_one_that_does_not() -> None:
    event, reason = "The guards seized the ship on Friday.", "The ship was taken to a port because it broke the rules."
    other = "The talks failed because of the weather."
    hit = make_hit(event, "Nobody was hurt on board.", reason, other)
    reading, text = read_scored("Why was the ship seized?", hit, {event: 4.0, reason: 2.5, other: 2.5})
    assert text == reason
    assert not reading.possibly
    assert read_scored("Why was the ship seized?", hit, {event: 4.0, reason: -2.0, other: 2.5})[1] == event


def test_a_likely_sentence_in_other_words_is_asserted_where_no_kind_of_thing_is_asked_for() -> None:
    told = "Prosecutors say the income was used for a lavish life of watches and cars."
    hit = make_hit("The fog was thick.", told)
    reading, _ = read_scored("What was the money spent on?", hit, {told: 4.0})
    assert (reading.answers, reading.possibly) == (1, False)
    unlikely, _ = read_scored("What was the money spent on?", hit, {told: -2.0})
    assert unlikely.possibly or not unlikely.answers
