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
from bot.answering.time_constraint import QuestionClock, TimeConstraint, TimeFit, time_constraint
from bot.answers import Doubt
from retrieval.articles import Hit
from retrieval.text.date_intervals import date_of
from retrieval.text.tokens import read_words, term_set

FIT_WEIGHT, RELATIVE_FIT_WEIGHT = 1.0, 1.5
"""Log odds between a sentence of the time asked for and one that tells no time; of "this week", where news is meant."""
LIKE_RATIO, NEWEST_RATIO = 0.6, 0.3
"""Share of the best sentence's probability from which another one tells a like event; where the newest is asked for."""
MIN_APART = 4
"""Days between two articles from which they report two events."""
MIN_KEPT = 0.5
"""Share of the confidence that must be left after the sentences are reordered for the answer to be asserted."""


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
        fit = TimeFit(constraint, hits)
        timely = _timely(constraint, reading, fit)
        return timely if fit.is_timely(timely.candidates[0]) else self._read_timely(constraint, timely, hits, fit)

    def _read_timely(
        self, constraint: TimeConstraint, reading: ReaderResult, hits: Sequence[Hit], fit: TimeFit
    ) -> ReaderResult:
        """Return the reading of those hits alone that have sentences of the time asked for, where it has an answer.

        A sentence of another time that fits the words leaves them no share of the probability.
        """
        kept = [hit for hit in hits if fit.of_article(hit) > 0 or fit.any_sentence(hit)]
        if not kept or len(kept) == len(hits):
            return reading
        second = _timely(constraint, self._inner.read(constraint.core, kept), fit)
        if not second.answers or not fit.is_timely(second.candidates[0]):
            return reading
        places = {(each.hit.passage.article_id, each.span) for each in second.candidates}
        rest = [each for each in reading.candidates if (each.hit.passage.article_id, each.span) not in places]
        return replace(second, candidates=(*second.candidates, *rest))


def _timely(constraint: TimeConstraint, reading: ReaderResult, fit: TimeFit) -> ReaderResult:
    """Return the reading with each sentence's odds changed by how its dates fit."""
    fits = [fit.of_sentence(each.hit, each.span) for each in reading.candidates]
    weight = FIT_WEIGHT if constraint.stated else RELATIVE_FIT_WEIGHT
    weights = [each.probability * math.exp(weight * own) for each, own in zip(reading.candidates, fits, strict=True)]
    total = sum(weights)
    if not total:
        return reading
    whole = sum(each.probability for each in reading.candidates)
    order = sorted(range(len(weights)), key=lambda number: -weights[number])
    candidates = tuple(
        replace(reading.candidates[number], probability=min(1.0, whole * weights[number] / total)) for number in order
    )
    confidence = candidates[0].probability
    unsure = confidence < MIN_KEPT * reading.confidence
    return replace(
        reading,
        candidates=candidates,
        confidence=confidence,
        possibly=reading.possibly or (unsure and reading.answers > 0),
    )


class TimeCheckedReader:
    """A reader that asserts nothing about another time than the question's, by whatever rule it was chosen.

    Args:
        inner: The reader whose answers are checked.
        clock: The day against which a question is read.
    """

    def __init__(self, inner: Reader, clock: QuestionClock) -> None:
        self._inner = inner
        self._clock = clock

    def read(self, question: str, hits: Sequence[Hit]) -> ReaderResult:
        """Return the inner reader's sentences, of its answers only those of the time asked for; else one that may.

        Raises:
            EmbeddingError: The model cannot be loaded.
        """
        constraint = time_constraint(question, self._clock.anchor())
        reading = self._inner.read(question, hits)
        if not (constraint.asked and reading.candidates):
            return reading
        fit = TimeFit(constraint, hits)
        timely = [fit.is_timely(each) for each in reading.candidates]
        shown = [each for each, fits in zip(reading.candidates[: reading.answers], timely, strict=False) if fits]
        if not any(timely[: reading.answers or 1]):
            return _of_another_time(constraint, reading, anything=any(timely))
        rest = tuple(each for each in reading.candidates if each not in shown)
        if not shown or shown[0] is reading.candidates[0]:
            return replace(reading, candidates=(*shown, *rest), answers=len(shown))
        sure = shown[0].probability
        unsure = sure < MIN_KEPT * reading.confidence
        return replace(
            reading,
            candidates=(*shown, *rest),
            confidence=sure,
            answers=len(shown),
            possibly=reading.possibly or unsure,
        )


def _of_another_time(constraint: TimeConstraint, reading: ReaderResult, *, anything: bool) -> ReaderResult:
    """Return the reading as one that may answer, with the dates of the question, and whether nothing is of them."""
    asked = " and ".join(f"“{date}”" for date in constraint.dates)
    published = reading.candidates[0].hit.article.published[:10]
    published = reading.candidates[0].hit.article.published[:10]
    doubt = Doubt(
        f"is about another time than {asked}: its article is of {published}"
        if published
        else f"is not known to be about {asked}: its article is undated",
        f"is about {asked}",
    )
    remark = f"No article found is about {' and '.join(constraint.dates)}."
    return replace(
        reading,
        possibly=reading.answers > 0,
        answers=min(1, reading.answers),
        doubts=(doubt, *reading.doubts),
        remarks=reading.remarks if anything or not constraint.stated else (*reading.remarks, remark),
    )


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
    return term_set(read_words(passage.text_of(candidate.span))) | parse_passage(passage).context


def _days_between(one: ScoredSentence, other: ScoredSentence) -> int:
    days = date_of(one.hit.article.published), date_of(other.hit.article.published)
    return abs((days[0] - days[1]).days) if days[0] and days[1] else 0
