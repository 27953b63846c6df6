"""Who somebody is, where an article says it beside the name."""

from __future__ import annotations

import pytest

from bot.answering.reader import ReaderResult, ScoredSentence
from bot.answering.who_is import (
    APPOSITION_PRECISION,
    MAX_IDENTIFYING_SENTENCES,
    TITLE_PRECISION,
    WhoIsReader,
    asked_name,
    identification_precision,
)
from retrieval.articles import Hit
from tests.bot.answering.test_reader import make_hit

SIGNED = "It was signed by AFRICOM commander General Michael Langley and Algerian Defense Minister Said Chengriha."
ANALYST = "John Lechner, an Africa analyst, suggested that the arrival could be seen as a move by Niger."
MENTIONED = "Chengriha left for Moscow on Friday, the ministry said."


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("Who is Said Chengriha?", ("said", "chengriha")),
        ("who's chengriha", ("chengriha",)),
        ("Who was General Langley?", ("langley",)),
        ("Who is Mr. Lechner?", ("lechner",)),
        ("Who is Aïcha Bâ?", ("aicha", "ba")),
        ("Who is he?", ()),
        ("Who is the president of Niger?", ()),
        ("Who is president?", ()),
        ("Who signed it?", ()),
        ("Who is behind the attack?", ()),
        ("Who is Bergdahl’s lawyer?", ()),
        ("Who is Bergdahl's lawyer?", ()),
    ],
)
def test_a_question_asks_for_a_name(question: str, name: tuple[str, ...]) -> None:
    assert asked_name(question) == name


@pytest.mark.parametrize(
    ("sentence", "name", "sure"),
    [
        (ANALYST, "john lechner", APPOSITION_PRECISION),
        ("“It is over,” said Don Stewart, a McConnell spokesman.", "don stewart", APPOSITION_PRECISION),
        ("Ada Quill is a poet from Ghent.", "ada quill", APPOSITION_PRECISION),
        ("Ada K. Quill, an analyst, objected.", "ada quill", APPOSITION_PRECISION),
        ("Jane Gasperi, 61, a retired estate agent, was shocked.", "gasperi", APPOSITION_PRECISION),
        (SIGNED, "said chengriha", TITLE_PRECISION),
        (SIGNED, "langley", TITLE_PRECISION),
        (SIGNED, "michael", TITLE_PRECISION),
        ("The group's founder, David Lane, left.", "david lane", TITLE_PRECISION),
        (MENTIONED, "chengriha", 0.0),
        ("Ada Quill, Mayor Tom Lane, and others came.", "ada quill", 0.0),
        ("Ada Quill, Mayor Tom Lane, and others came.", "tom lane", 0.0),
        ("President Trump said that on Monday.", "trump", 0.0),  # every mention of him says as much
        ("According to Portal Obronny, the deal strengthens Algeria.", "portal obronny", 0.0),
        ("Carlson's brother, an actor, was there.", "carlson", 0.0),
        ("A baker lives here.", "baker", 0.0),
    ],
)
def test_a_sentence_says_who_somebody_is(sentence: str, name: str, sure: float) -> None:
    assert identification_precision(sentence, tuple(name.split())) == sure


class Inner:
    """Reads nothing but the first sentence."""

    def __init__(self, answers: int = 0, confidence: float = 0.3) -> None:
        self.answers = answers
        self.confidence = confidence

    def read(self, question: str, hits: list[Hit]) -> ReaderResult:
        first = ScoredSentence(hits[0], hits[0].passage.sentences[0], self.confidence)
        return ReaderResult((first,), self.confidence, self.confidence, self.answers)


def told(reading: ReaderResult) -> list[str]:
    return [each.span.of(each.hit.passage.text) for each in reading.candidates[: reading.answers]]


def test_the_sentence_that_says_who_comes_before_one_that_only_names() -> None:
    hits = [make_hit(MENTIONED, ANALYST), make_hit(SIGNED, rank=2, article="fedcba9876543210")]
    reading = WhoIsReader(Inner()).read("who is chengriha?", hits)
    assert told(reading) == [SIGNED]
    assert reading.confidence == TITLE_PRECISION
    assert len(reading.candidates) == 2


def test_where_no_sentence_says_it_the_inner_reader_decides() -> None:
    hits = [make_hit(MENTIONED)]
    for inner in (Inner(), Inner(answers=1, confidence=0.99)):
        assert WhoIsReader(inner).read("Who is Chengriha?", hits) == inner.read("", hits)
        assert WhoIsReader(inner).read("Who left for Moscow?", [make_hit(SIGNED)]).answers == inner.answers


def test_few_sentences_are_enough_and_the_same_one_stands_once() -> None:
    hits = [make_hit(*(f"Ada Quill, a poet of {year}, read." for year in range(1990, 1995))), make_hit(ANALYST, rank=2)]
    reading = WhoIsReader(Inner()).read("Who is Ada Quill?", hits)
    assert reading.answers == MAX_IDENTIFYING_SENTENCES == len(set(told(reading)))
    spans = [each.span for each in reading.candidates]
    assert len(spans) == len(set(spans))
