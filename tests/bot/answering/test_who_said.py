"""What somebody said is what an article says they said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.answering.reader import ReaderResult, ScoredSentence
from bot.answering.who_said import WhoSaidReader, parse_speech_question
from retrieval.articles import ArticleInfo, Hit, Passage, Span
from retrieval.text.sentences import sentences

TEXT = (
    "The council closed the harbour on Friday. “We have waited long enough,” said Ann Brook, the mayor. "
    "Tom Reed, a docker, warned that the harbour would never open again. Boats lay idle."
)
INFO = ArticleInfo("a" * 16, "news", "Harbour", "news.txt", "", "", "", "", len(TEXT), 1)


class Near:
    """A reader that finds every sentence, in order, and thinks little or much of them."""

    def __init__(self, confidence: float, answers: int) -> None:
        self.confidence, self.answers = confidence, answers

    def read(self, question: str, hits: Sequence[Hit]) -> ReaderResult:
        found = tuple(
            ScoredSentence(hit, span, self.confidence / (place + 1))
            for hit in hits
            for place, span in enumerate(hit.passage.sentences)
        )
        return ReaderResult(found, self.confidence, self.confidence, self.answers)


def hits() -> list[Hit]:
    spans = tuple(sentences(TEXT, Span(0, len(TEXT))))
    return [Hit(Passage(INFO.id, 0, Span(0, len(TEXT)), TEXT, "Harbour", spans), INFO, 1.0, 1)]


def shown(question: str, confidence: float = 0.2, answers: int = 0) -> list[str]:
    reading = WhoSaidReader(Near(confidence, answers)).read(question, hits())
    return [each.span.of(TEXT) for each in reading.candidates[: reading.answers]]


@pytest.mark.parametrize(
    ("question", "start"),
    [
        ("What did Ann Brook say?", "“We have waited"),
        ("what did Brook say about the harbour", "“We have waited"),
        ("What does Tom Reed think?", "Tom Reed, a docker, warned"),
        ("What has Reed said about the harbour?", "Tom Reed, a docker, warned"),
    ],
)
def test_what_an_article_says_they_said_is_the_answer(question: str, start: str) -> None:
    """In quotation marks or in indirect speech, whatever the verb, however unsure the reader was."""
    (only,) = shown(question)
    assert only.startswith(start)


def test_the_words_of_somebody_else_are_no_answer() -> None:
    """The nearest sentence is the mayor's, and the question was for another's."""

    class MayorFirst(Near):
        def read(self, question: str, hits: Sequence[Hit]) -> ReaderResult:
            reading = super().read(question, hits)
            return replace(reading, candidates=reading.candidates[1:])

    reading = WhoSaidReader(MayorFirst(0.9, 1)).read("What did Vladimir Petrov say?", hits())
    assert reading.answers == 0
    assert reading.confidence < 0.3


def test_another_topic_is_not_answered_by_what_they_said() -> None:
    """Then the reader decides, as for any question."""
    assert shown("What did Ann Brook say about Mozambique?") == []


@pytest.mark.parametrize(
    "question", ["Who closed the harbour?", "What did the council close?", "What did Reed call it?"]
)
def test_any_other_question_is_the_readers_alone(question: str) -> None:
    """Only what somebody said is looked for by who said it."""
    assert parse_speech_question(question) is None
    assert shown(question, confidence=0.9, answers=1) == ["The council closed the harbour on Friday."]
