"""What a group said are the sentences in which it, or one of it, speaks; a supporter is no critic."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from bot.answering.group_speech import group_of
from bot.answering.reader import ReaderResult
from bot.answering.speech_question import parse_speech_question
from bot.answering.time_constraint import QuestionClock
from bot.answering.who_said import WhoSaidReader
from retrieval.articles import Hit
from retrieval.quotes.desk import QuoteDesk
from retrieval.store.library import Library
from tests.bot.answering.test_who_said import Near
from tests.fakes import make_article, make_library

DIKE = make_article(
    "“The dike will keep every house dry,” said Mayor Otto Lind.\n"
    "Critics of the dike in both parties have argued that it costs too much.\n"
    "Senator Ann Brook criticized the dike, saying that it ruins the beach.\n"
    "“Nobody asked us,” said Carla Mendes, a retired resident of the quay.\n"
    "The port's own staffers worried about the foundations of the dike, according to emails.\n"
    "“The loudest critics of the dike were voted out, and good riddance,” said Tom Reed, a docker.\n"
    "Supporters and critics agree that the dike is long.\n"
    "Lind blasted the old council over the dike.\n",
    title="Lind opens the dike",
    source="Coast Herald",
)


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return make_library(tmp_path, [DIKE])


def told(library: Library, question: str, confidence: float = 0.9, answers: int = 1) -> tuple[list[str], ReaderResult]:
    clock = QuestionClock(library, lambda: dt.date(2031, 5, 20))
    reader = WhoSaidReader(Near(confidence, answers), library, QuoteDesk(library), clock)
    info = library.info(DIKE.id)
    hits = [Hit(passage, info, 1.0, rank) for rank, passage in enumerate(library.passages_of(DIKE.id), 1)]
    reading = reader.read(question, hits)
    return [each.span.of(DIKE.text) for each in reading.candidates[: reading.answers]], reading


def test_critics_are_those_who_criticise(library: Library) -> None:
    """Neither the mayor who built it, nor a docker who speaks of them, nor both sides, nor whom the headline names."""
    sentences, reading = told(library, "What do the critics say about the dike?")
    assert [each.split()[0] for each in sentences] == ["Critics", "Senator"]
    assert not reading.possibly


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("what did opponents of the dike say?", "Critics"),
        ("What do the critics of the beach say?", "Senator"),
        ("what did the residents say?", "“Nobody"),
        ("What did the staff say about the dike?", "The"),
    ],
)
def test_a_member_of_a_group_speaks_for_it(library: Library, question: str, first: str) -> None:
    sentences, reading = told(library, question)
    assert sentences[0].split()[0] == first
    assert not reading.possibly


def test_a_group_that_nobody_speaks_for_has_said_nothing(library: Library) -> None:
    """A single person's words are not theirs, however sure the reader is."""
    sentences, reading = told(library, "What did the engineers say about the dike?")
    assert not sentences or reading.possibly


@pytest.mark.parametrize(
    ("question", "group"),
    [
        ("What do the critics of reform say?", "critics"),
        ("what did PR experts say about it", "experts"),
        ("What did the police say?", "police"),
        ("What did the mayor say?", ""),
        ("What did James Brooks say?", ""),
        ("What do the articles say about it?", ""),
        ("What did the Chinese congress say?", ""),
    ],
)
def test_which_speakers_are_groups(question: str, group: str) -> None:
    asked = parse_speech_question(question)
    assert asked is not None
    assert group_of(asked) == group
