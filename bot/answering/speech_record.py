"""The record for questions: what the speaker of a question said about its topic."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from bot.answering.speech_question import SpeechQuestion
from bot.answering.time_constraint import QuestionClock, time_constraint
from retrieval.articles import Filters
from retrieval.errors import InputError
from retrieval.quotes.attribution.speakers import Attribution, SpeakerKind
from retrieval.quotes.record.record import PlacedStatement, RecordEntry
from retrieval.text.date_intervals import EARLIEST, LATEST


class StatementSearch(Protocol):
    """Finds statements by speaker and topic: ``retrieval.quotes.record.record.Record``."""

    def latest(self, name: str, about: str = ..., filters: Filters = ...) -> Sequence[RecordEntry]:
        """Return the last entries of what somebody said, by date; nothing for a name that is not one's."""
        ...


def recorded_entries(record: StatementSearch, asked: SpeechQuestion, filters: Filters) -> Sequence[RecordEntry]:
    """Return what the speaker of a question said about its topic, by date; nothing for a name that is not one's.

    Only articles that are in the index count: a question does not wait for others to be read.
    """
    with contextlib.suppress(InputError):
        return record.latest(asked.who, asked.about, filters)
    return ()


def timely(filters: Filters, question: str, clock: QuestionClock) -> Filters:
    """Return filters with the days of a question that asks for one time: "since 2024"."""
    intervals = [each for group in time_constraint(question, clock.anchor()).asked for each in group]
    if len(intervals) != 1:
        return filters
    first, last = intervals[0].first, intervals[0].last
    since = first.isoformat() if first != EARLIEST else ""
    until = last.isoformat() if last != LATEST else ""
    return replace(
        filters,
        since=max(filters.since, since),
        until=min(filter(None, (filters.until, until)), default=""),
    )


def attribution_in(report: PlacedStatement) -> Attribution:
    """Return the attribution of a statement of the record."""
    statement = report.statement
    return Attribution(
        statement.source,
        statement.speaker,
        statement.cue,
        statement.rule,
        statement.confidence,
        SpeakerKind.PERSON,
        statement.excerpt,
        statement.via,
    )
