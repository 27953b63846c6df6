"""Event dates: the time at which what a sentence tells happened, among the times that it names.

In "He was charged Tuesday in the 2012 killing" it is Tuesday; "The Pentagon is investigating the Oct. 4 ambush" gives
none.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.answering.time_constraint import names_event
from retrieval.articles import Span
from retrieval.text.clause_tense import clause_direction
from retrieval.text.date_intervals import DateInterval
from retrieval.text.date_labels import date_label
from retrieval.text.lexicon import POSSESSIVE_DETERMINERS, RELATIVE_PRONOUNS, alternation
from retrieval.text.reporting_verbs import SPEECH
from retrieval.text.time_expressions import TimeExpression, TimeRelation

MIN_FIT = 0.3
"""Fit from which on a time dates its sentence."""
_GRAINS = ((1, 1.0), (9, 0.9), (31, 0.8), (100, 0.7), (366, 0.6))
"""Days of an interval and how well it dates an event."""
_COARSE = 0.45  # fit of a longer interval
_LEADING, _SUBORDINATE, _ATTRIBUTIVE, _OF_SAYING, _OPEN, _SPAN_TO_NOW, _PARENTHESIS = 0.5, 0.45, 0.6, 0.3, 0.3, 0.5, 0.2
_QUOTED = 0.5

_DETERMINED = re.compile(
    rf"(?:\b(?:the|an?|this|that|these|those|{alternation(POSSESSIVE_DETERMINERS)})|['’]s?)"
    r"(?:\s+(?!(?:of|on|in|at|morning|afternoon|evening|night|week|month|year)\b)[a-z-]+){0,1}\s+$",
    re.IGNORECASE,
)
_NOUN_AFTER = re.compile(
    r"(?:['’]s)?\s+(?!(?:and|or|but|in|on|at|to|by|for|with|after|before|when|as|that|the|an?)\b)\w"
)
_COMPLEMENT = re.compile(
    r"\b(?!(?:morning|afternoon|evening|night|nights|day|days|week|month|year|end|start|beginning|middle|early|late|hours"
    r"|summer|fall|autumn|winter|spring|half|quarter|part|most|all|rest|weekend)\b)[a-z]+\s+of\s+(?:the\s+)?$",
    re.IGNORECASE,
)
_SUBORDINATORS = re.compile(
    rf"(?:^|[\s,(—–-])(?:{alternation(RELATIVE_PRONOUNS)}|where|when|while|after|before|because|since|although|though"
    r"|unless|as|than|whether|if)\s",
    re.IGNORECASE,
)
_HYPOTHETICAL = re.compile(
    r"\b(?:if|unless|whether|would have|could have|might have|should have)\b[^.;]*$", re.IGNORECASE
)
_SPEECH_VERBS = alternation(form for form in SPEECH if " " not in form)
_SAYING = re.compile(
    rf"\b(?:{_SPEECH_VERBS}|according to)"
    r"(?:\s+[\w.’']+){0,4}?\s*,?\s+(?:on\s+|in\s+an?\s+[\w ]{3,30}\s+(?:on\s+)?|late\s+|early\s+)?$",
    re.IGNORECASE,
)
_SAID = re.compile(rf"\b(?:{_SPEECH_VERBS})(?:\s+[\w.’']+){{0,4}}\s*$", re.IGNORECASE)
"""A verb of saying before a clause that it reports."""
_TO_NOW = re.compile(r"(?:the|these)\s+(?:last|past|next|coming|previous)\s", re.IGNORECASE)
_NOW = re.compile(r"(?:today|this (?:morning|afternoon|evening)|tonight)\b", re.IGNORECASE)
_VAGUE = re.compile(
    r"recently|lately|in\s+recent\b|that\s|the\s+same\b|today\b|tonight\b|(?:later|earlier)\s", re.IGNORECASE
)
_LEAD = re.compile(
    r"\W*(?:(?:in|on|at|by|during|since|until|from|between|early|late|later|back|around|about|just|only|then|but|and)\s+)*",
    re.IGNORECASE,
)
"""What may stand before the time that a sentence begins with: "But in 2009, …"."""


@dataclass(frozen=True, slots=True)
class EventDate:
    """The time at which what a sentence tells happened.

    Attributes:
        interval: The days; None where they cannot be worked out.
        relation: What the preposition says: "since 2011" only begins in it.
        words: The time as the sentence has it.
        planned: Whether it was still to come when the article was published.
        fit: How surely it dates the sentence, about 1 for the day of its main clause.
    """

    interval: DateInterval | None
    relation: TimeRelation
    words: str
    planned: bool
    fit: float

    @property
    def label(self) -> str:
        """The date at its granularity: "2017-10-04", "since 2011", "planned 2017-12-05"; its words where unresolved."""
        if self.interval is None:
            return f"“{self.words}”"
        relation = "" if self.relation is TimeRelation.IN else f"{self.relation} "
        return ("planned " if self.planned else "") + relation + date_label(self.interval)

    @property
    def first(self) -> dt.date:
        """The first day that it can be; the last before which it is, for "before" and "until"."""
        if self.interval is None:
            return dt.date.max
        bounded = self.relation in {TimeRelation.UNTIL, TimeRelation.BEFORE}
        return self.interval.last if bounded else self.interval.first


def event_date(
    text: str, times: Sequence[TimeExpression], quotations: Sequence[Span], published: dt.date | None
) -> EventDate | None:
    """Return when what a sentence tells happened; None where it gives no time of it.

    Args:
        text: The sentence.
        times: Its time expressions; their places count from its start.
        quotations: Its quoted parts; their places count likewise.
        published: The day of its article.
    """
    found = [
        EventDate(
            time.interval, time.relation, text[time.start : time.end], _is_planned(text, time, published),
            _fit(text, time, times, quotations),
        )
        for time in times
        if not _is_background(text, time)
    ]  # fmt: skip
    resolved = [each for each in found if each.interval is not None]
    best = max(resolved or found, key=lambda each: each.fit, default=None)
    return best if best is not None and best.fit >= MIN_FIT else None


def _is_background(text: str, time: TimeExpression) -> bool:
    """Tell whether a time dates no event: a name's year, a condition's day, "today" for nowadays."""
    if names_event(text, time) or _HYPOTHETICAL.search(text[: time.start]):
        return True
    words = text[time.start : time.end]
    if time.interval is None:
        return bool(_VAGUE.match(words))
    return bool(_NOW.match(words)) and clause_direction(text, time.start, time.end) == 0


def _is_planned(text: str, time: TimeExpression, published: dt.date | None) -> bool:
    if time.interval is None:
        return False
    if published and time.interval.last < published:
        return False
    if published and time.interval.first > published:
        return True
    return clause_direction(text, time.start, time.end) > 0


def _fit(text: str, time: TimeExpression, times: Sequence[TimeExpression], quotations: Sequence[Span]) -> float:
    before, after = text[: time.start], text[time.end :]
    days = time.interval.days if time.interval else 31
    fit = next((worth for longest, worth in _GRAINS if days <= longest), _COARSE)
    if _LEAD.fullmatch(before):
        fit += _LEADING
    if _is_subordinate(before):
        fit -= _SUBORDINATE
    if _is_attributive(before, after):
        fit -= _ATTRIBUTIVE
    if len(times) > 1 and _SAYING.search(before):
        fit -= _OF_SAYING
    if time.relation is not TimeRelation.IN:
        fit -= _OPEN
    if _TO_NOW.match(text[time.start : time.end]):
        fit -= _SPAN_TO_NOW
    if before.rstrip().endswith("("):
        fit -= _PARENTHESIS
    if any(each.start <= time.start < each.end for each in quotations):
        fit -= _QUOTED
    return fit


def _is_subordinate(before: str) -> bool:
    """Tell whether a time stands in a clause under the main one, which no comma has closed."""
    last = None
    for last in _SUBORDINATORS.finditer(before):  # noqa: B007 (the last match)
        pass
    if last is None:
        return False
    between = before[last.end() :]
    return "," not in between and bool(between.strip()) and not _SAID.search(before, 0, last.start())


def _is_attributive(before: str, after: str) -> bool:
    """Tell whether a time only tells things apart: "the Oct. 4 ambush", "Tuesday's vote", "the act of 2012"."""
    if _COMPLEMENT.search(before):
        return True
    return bool(_NOUN_AFTER.match(after)) and (after[:2] in {"'s", "’s"} or bool(_DETERMINED.search(before)))
