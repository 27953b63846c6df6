"""Requests to the record as a person types them in a chat: ``Jane Smith about taxes since 2024-01-01``."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace

from bot.user_input import checked
from retrieval.articles import Filters
from retrieval.errors import FilterError, InputError
from retrieval.text.lazy_pattern import LazyPattern

MAX_TOPIC_CHARACTERS = 500
"""Characters of a topic."""
MAX_NAME_CHARACTERS = 200
"""Characters of a speaker's name."""

_TAIL = LazyPattern(
    r" (?:--)?(?P<word>before/after|before-after|since|until|before|after)[ =](?P<day>\d{4}\S{0,20})$", re.IGNORECASE
)
_ABOUT = LazyPattern(" (?:--)?about[ =]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class RecordRequest:
    """What is asked of the record.

    Attributes:
        name: The speaker.
        about: The topic; empty for all.
        filters: The articles to search.
        pivot: The day that parts what was said before it from what was said from then on; empty for none.
    """

    name: str
    about: str
    filters: Filters
    pivot: str = ""


def record_request(name: str, about: str = "", filters: Filters | None = None, *, pivot: str = "") -> RecordRequest:
    """Return a request of parts as they were typed.

    Raises:
        InputError: The name is empty, or a part is too long.
        FilterError: ``pivot`` is not a day.
    """
    named = checked(name, what="speaker's name", longest=MAX_NAME_CHARACTERS)
    if not named:
        raise InputError("say whose statements: the name of a person or an organisation")
    topic = checked(about, what="topic", longest=MAX_TOPIC_CHARACTERS)
    return RecordRequest(named, topic, filters or Filters(), checked_day(pivot) if pivot else "")


def read_record_request(typed: str, filters: Filters) -> RecordRequest:
    """Return the request of a line: NAME [about TOPIC] [since DATE] [until DATE] [before/after DATE].

    "before DATE" is until the day before it, "after DATE" since the day after it. The words may be written as the
    options of the command line are: "--about TOPIC".

    Raises:
        InputError: It has no name, or a part is too long.
        FilterError: A date is not one.
    """
    rest, pivot = f" {' '.join(typed.split())}", ""
    while found := _TAIL.search(rest):
        rest, word, day = rest[: found.start()], found["word"].lower(), found["day"]
        if word == "since":
            filters = replace(filters, since=checked_day(day))
        elif word == "until":
            filters = replace(filters, until=checked_day(day))
        elif word == "before":
            filters = replace(filters, until=checked_day(day, -1))
        elif word == "after":
            filters = replace(filters, since=checked_day(day, 1))
        else:
            pivot = checked_day(day)
    name, *topic = _ABOUT.split(rest, maxsplit=1)
    return record_request(name.strip(), topic[0] if topic else "", filters, pivot=pivot)


def checked_day(typed: str, shift: int = 0) -> str:
    """Return a day as it was typed, or one ``shift`` days after it, in ISO form.

    Raises:
        FilterError: It is not a day.
    """
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", typed, re.ASCII):
            return (dt.date.fromisoformat(typed) + dt.timedelta(days=shift)).isoformat()
    except (ValueError, OverflowError):
        pass
    raise FilterError(f"not a date: {typed!r}; write it as YYYY-MM-DD")
