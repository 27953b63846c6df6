"""Dated questions: the reader reads them without their dates, and the sentences of the time asked for come first.

Without a date the newest of several like events comes first, and the others stand beside it with their dates.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from bot.answering.features import parse_passage
from bot.answering.question import ParsedQuestion, parse_question
from bot.answering.reader import MAX_SENTENCES, Reader, ReaderResult, ScoredSentence
from bot.answering.time_constraint import QuestionClock, TimeConstraint, published_fit, sentence_fit, time_constraint
from bot.answers import Doubt
from retrieval.articles import Hit
from retrieval.text.date_intervals import DateInterval, date_of
from retrieval.text.tokens import read_words, term_set

FIT_WEIGHT, RELATIVE_FIT_WEIGHT = 1.0, 1.5
"""Log odds between a sentence of the time asked for and one that tells no time; of "this week", where news is meant."""
ANOTHER_TIME = -0.6
"""Fit from which on down a sentence is of another time, and may answer at most."""
LIKE_RATIO, NEWEST_RATIO = 0.6, 0.3
"""Share of the best sentence's probability from which another one tells a like event; where the newest is asked for."""
MIN_APART = 4
"""Days between two articles from which they report two events."""
MIN_KEPT = 0.5
"""Share of the confidence that must be left after the sentences are reordered for the answer to be asserted."""

_OTHER_TIME = Doubt("is about another time than the question", "is about the time of the question")


class TemporalReader:
    """A reader that holds the inner reader's sentences to the dates of the question.

    Args:
        inner: The reader, which never sees these dates.
        clock: The day against which a question is read.
    """

    def __init__(self, inner: Reader, clock: QuestionClock) -> None:
        self._inner = inner
        self._clock = clock

    def read(self, question: str, hits: Sequence[Hit]) -> ReaderResult:
        """Return the inner reader's sentences, those of the time asked for first, or the newest of like events.

        Raises:
            EmbeddingError: The model cannot be loaded.
        """
        constraint = time_constraint(question, self._clock.anchor())
        reading = self._inner.read(constraint.core, hits)
        if not reading.candidates:
            return reading
        if not constraint.asked:
            return _newest_first(
                parse_question(question), reading, LIKE_RATIO if not constraint.newest else NEWEST_RATIO
            )
        return _timely(constraint, reading, hits)


def _timely(constraint: TimeConstraint, reading: ReaderResult, hits: Sequence[Hit]) -> ReaderResult:
    """Return the reading with each sentence's odds changed by how its dates fit."""
    in_time = constraint.stated or any(published_fit(constraint.asked, hit.article.published) > 0 for hit in hits)
    fits = [_fit(constraint, each, in_time=in_time) for each in reading.candidates]
    weight = FIT_WEIGHT if constraint.stated else RELATIVE_FIT_WEIGHT
    weights = [each.probability * math.exp(weight * fit) for each, fit in zip(reading.candidates, fits, strict=True)]
    total = sum(weights)
    if not total:
        return reading
    whole = sum(each.probability for each in reading.candidates)
    order = sorted(range(len(weights)), key=lambda number: -weights[number])
    candidates = tuple(
        replace(reading.candidates[number], probability=min(1.0, whole * weights[number] / total)) for number in order
    )
    confidence = candidates[0].probability
    if fits[order[0]] <= ANOTHER_TIME:
        return replace(
            reading,
            candidates=candidates,
            confidence=confidence,
            possibly=reading.answers > 0,
            answers=min(1, reading.answers),
            doubts=(_OTHER_TIME, *reading.doubts),
        )
    unsure = confidence < MIN_KEPT * reading.confidence
    return replace(
        reading,
        candidates=candidates,
        confidence=confidence,
        answers=_count(reading.answers, [fits[number] for number in order]),
        possibly=reading.possibly or (unsure and reading.answers > 0),
    )


def _fit(constraint: TimeConstraint, candidate: ScoredSentence, *, in_time: bool) -> float:
    """Return the fit with the question's dates; where nothing is of that time, as the article would mean them."""
    asked: Sequence[DateInterval] = constraint.asked
    if not in_time:
        asked = constraint.read_at(candidate.hit.article.published)
    return sentence_fit(asked, candidate.hit, candidate.span)


def _count(answers: int, fits: Sequence[float]) -> int:
    """Return how many of the first sentences are shown: none of another time beside one of the time asked for."""
    count = 0
    while count < answers and (count == 0 or fits[count] > ANOTHER_TIME):
        count += 1
    return count


def _newest_first(question: ParsedQuestion, reading: ReaderResult, ratio: float) -> ReaderResult:
    """Return the reading with the newest of several like events first, and the others beside it."""
    first = reading.candidates[0]
    like = [each for each in reading.candidates if _is_like(question, first, each, ratio)]
    events: list[ScoredSentence] = []
    for each in sorted(like, key=lambda each: each.hit.article.published, reverse=True):
        if all(_days_between(each, other) >= MIN_APART for other in events):
            events.append(each)
    if len(events) < 2 or not reading.answers:
        return reading
    rest = [each for each in reading.candidates if each not in events]
    lead = replace(events[0], probability=first.probability)
    return replace(
        reading,
        candidates=(lead, *events[1:], *rest),
        answers=max(reading.answers, min(MAX_SENTENCES, len(events))),
    )


def _is_like(question: ParsedQuestion, first: ScoredSentence, other: ScoredSentence, ratio: float) -> bool:
    """Tell whether two sentences hold the same words of the question, in articles of known days."""
    if other.probability < ratio * first.probability or date_of(other.hit.article.published) is None:
        return False
    content = {word.term for word in question.content}
    ours, theirs = _terms(first), _terms(other)
    return content & ours <= theirs


def _terms(candidate: ScoredSentence) -> frozenset[str]:
    passage = candidate.hit.passage
    text = passage.text[candidate.span.start - passage.span.start : candidate.span.end - passage.span.start]
    return term_set(read_words(text)) | parse_passage(passage).context


def _days_between(one: ScoredSentence, other: ScoredSentence) -> int:
    days = date_of(one.hit.article.published), date_of(other.hit.article.published)
    return abs((days[0] - days[1]).days) if days[0] and days[1] else 0
