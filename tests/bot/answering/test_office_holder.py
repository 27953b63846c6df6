"""Who holds an office, where a sentence names the holder beside it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bot.answering.office_holder import (
    BARE_PRECISION,
    PART_PRECISION,
    WHOLE_PRECISION,
    Office,
    OfficeHolderReader,
    names_holder,
    parse_office,
)
from bot.answering.reader import ReaderResult, ScoredSentence
from retrieval.articles import Hit
from tests.bot.answering.test_reader import make_hit

MAYOR = "Who is the mayor of Lowmoor?"


class FirstSentenceReader:
    """Asserts the first sentence, or offers it."""

    def __init__(self, *, possibly: bool = False) -> None:
        self.possibly = possibly

    def read(self, question: str, hits: Sequence[Hit]) -> ReaderResult:
        first = ScoredSentence(hits[0], hits[0].passage.sentences[0], 0.5)
        return ReaderResult((first,), 0.5, 0.6, 1, possibly=self.possibly)


def read(question: str, hit: Hit, *, possibly: bool = False) -> tuple[ReaderResult, str]:
    """Return the reading of a question, and the text of its first sentence."""
    reading = OfficeHolderReader(FirstSentenceReader(possibly=possibly)).read(question, [hit])
    return reading, reading.candidates[0].span.of(hit.passage.text)


@pytest.mark.parametrize(
    ("question", "office"),
    [
        ("Who is the mayor of Lowmoor?", ("mayor", "", "lowmoor")),
        ("who's lowmoor's mayor", ("mayor", "", "lowmoor")),
        ("who is vice president of Quillair", ("president", "vice", "quillair")),
        ("Who was the defense minister of Arland?", ("minister", "defens", "arland")),
        ("Who is the chairman of the Banking Committee?", ("chairman", "", "bank committe")),
    ],
)
def test_a_question_asks_for_a_holder(question: str, office: tuple[str, str, str]) -> None:
    role, kind, of = office
    assert parse_office(question) == Office(role, frozenset(kind.split()), frozenset(of.split()))


@pytest.mark.parametrize(
    "question",
    [
        "Who is General Ada Quill?",
        "Who is the president?",
        "Who is suing the mayor of Lowmoor?",
        "Who is the pilot who was lost at sea?",
        "Who was blamed by the mayor of Lowmoor?",
        "Who appointed the mayor of Lowmoor?",
    ],
)
def test_other_questions_do_not(question: str) -> None:
    assert parse_office(question) is None


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        (MAYOR, "“Stay in,” said Lowmoor Mayor Ada Quill on Monday."),
        (MAYOR, "Ada Quill, the longtime mayor of Lowmoor, agreed."),
        (MAYOR, "Ada Quill, a Liberal and the mayor of Lowmoor, agreed."),
        (MAYOR, "The mayor of Lowmoor, Ada Quill, agreed."),
        (MAYOR, "Ada Quill is mayor of Lowmoor."),
        (MAYOR, "Lowmoor City Mayor Ada Quill agreed."),
        ("Who is the governor of Arland?", "Arland Gov. Ada Quill agreed."),
        ("Who is the deputy mayor of Lowmoor?", "Ada Quill, Lowmoor’s deputy mayor, agreed."),
        ("Who is the secretary of state of Arland?", "Arland Secretary of State Ada Quill agreed."),
    ],
)
def test_an_office_named_in_full_beside_a_name_is_an_answer(question: str, sentence: str) -> None:
    reading, text = read(question, make_hit("Lowmoor elected a supervisor, Tom Reed.", sentence))
    assert text == sentence
    assert (reading.confidence, reading.answers, reading.possibly) == (WHOLE_PRECISION, 1, False)


@pytest.mark.parametrize(
    "sentence",
    [
        "Former Lowmoor Mayor Ada Quill agreed.",
        "Lowmoor Deputy Mayor Ada Quill agreed.",
        "Ada Quill is running for Lowmoor mayor.",
        "In Lowmoor, Highmoor Mayor Ada Quill agreed.",
        "Consequently, many called for the mayor of Lowmoor to go.",
        "At home in Lowmoor, the mayor of Lowmoor slept.",
    ],
)
def test_another_office_is_none(sentence: str) -> None:
    reading, text = read(MAYOR, make_hit("Lowmoor elected a supervisor, Tom Reed.", sentence), possibly=True)
    assert text == "Lowmoor elected a supervisor, Tom Reed."
    assert reading.confidence == 0.5


def test_what_the_sentence_before_completes_is_cited_with_it() -> None:
    reading, text = read(
        "Who is the chair of the Lowmoor harbour board?",
        make_hit("Rain fell.", "Lowmoor closed its harbour.", "Ada Quill, chair of the board, said so."),
    )
    assert text == "Lowmoor closed its harbour. Ada Quill, chair of the board, said so."
    assert (reading.confidence, reading.possibly) == (PART_PRECISION, False)


def test_a_bare_title_may_answer_at_most_and_never_before_an_answer() -> None:
    hit = make_hit("Lowmoor imposed a curfew.", "“Stay in,” said Mayor Ada Quill.")
    reading, text = read(MAYOR, hit, possibly=True)
    assert text.endswith("said Mayor Ada Quill.")
    assert (reading.confidence, reading.possibly) == (BARE_PRECISION, True)
    assert reading.doubts
    assert read(MAYOR, hit)[1] == "Lowmoor imposed a curfew."


def test_a_bare_president_is_that_of_the_articles_own_country() -> None:
    hit = make_hit("Arland faces tougher sanctions.", "President Quill warned Arland.")
    assert read("Who is the president of Arland?", hit, possibly=True)[1] == "Arland faces tougher sanctions."


def test_a_name_beside_the_role_names_a_holder() -> None:
    office = Office("mayor", frozenset(), frozenset({"lowmoor"}))
    assert names_holder(office, "Highmoor Mayor Tom Reed agreed.")
    assert not names_holder(office, "Tom Reed, the supervisor, says the mayor agreed.")


def test_a_secretary_is_what_another_country_calls_a_minister() -> None:
    office = parse_office("Who is the British foreign minister?")
    assert office is not None
    assert names_holder(office, "Foreign Secretary Ada Quill warned them.")
    prime = parse_office("Who is the British prime minister?")
    assert prime is not None
    assert not names_holder(prime, "Foreign Secretary Ada Quill warned them.")
