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
from retrieval.text.date_intervals import DateInterval, month_of, one_day, week_of, year_of
from retrieval.text.date_labels import date_label
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import BE, POSSESSIVE_DETERMINERS, RELATIVE_PRONOUNS, alternation
from retrieval.text.reporting_verbs import SPEECH
from retrieval.text.time_expressions import TimeExpression, TimeRelation
from retrieval.text.time_resolution import TimeSpecification

MIN_FIT = 0.34
"""Fit from which on a time dates its sentence."""
_GRAINS = ((1, 1.0), (9, 0.9), (31, 0.8), (100, 0.7), (366, 0.6))
"""Days of an interval and how well it dates an event."""
_REPORTED_DAYS = 31
"""Days of the longest time that dates what is reported before the day on which it was said."""
_NEAR = 100
"""Characters between the day on which something was said and the time of what was."""
_COARSE = 0.45  # fit of a longer interval
_LEADING, _SUBORDINATE, _AT_A_TIME, _ATTRIBUTIVE, _SUBJECT, _OF_SAYING, _OPEN = 0.5, 0.3, 0.2, 0.7, 0.3, 0.3, 0.2
_SPAN_TO_NOW, _PARENTHESIS, _QUOTED, _ANAPHORIC, _TO_COME, _LATER = 0.5, 0.2, 0.7, 0.2, 0.1, 0.1

_ATTRIBUTION = 0.6
"""Taken off the day on which somebody said what has a date of its own: "in 2012, the army reported on Monday"."""
_NESTED, NESTED = 0.4, 1
"""Taken off further where a time stands under more than so many subordinators since the last comma, or "before"."""

_DETERMINED = LazyPattern(
    rf"(?:\b(?:the|an?|this|that|these|those|{alternation(POSSESSIVE_DETERMINERS)})|['’]s?)"
    r"(?:\s+(?!(?:of|on|in|at|morning|afternoon|evening|night|week|month|year)\b)[a-z-]+){0,1}\s+$",
    re.IGNORECASE,
)
_NOUN_AFTER = LazyPattern(
    r"(?:['’]s)?\s+(?!(?:and|or|but|in|on|at|to|by|for|with|after|before|when|as|that|the|an?)\b)\w"
)
_COMPLEMENT = LazyPattern(
    r"\b(?!(?:as|morning|afternoon|evening|night|nights|day|days|week|month|year|end|start|beginning|middle|early|late|hours"
    r"|summer|fall|autumn|winter|spring|half|quarter|part|most|all|rest|weekend)\b)[a-z]+\s+of\s+(?:the\s+)?$",
    re.IGNORECASE,
)
_SUBORDINATORS = LazyPattern(
    rf"(?:^|[\s,(—–-])(?:{alternation(RELATIVE_PRONOUNS)}|where|when|while|after|before|because|since|although|though"
    r"|unless|whether|if|including|such as|how|why|what)\s",
    re.IGNORECASE,
)
_HYPOTHETICAL = LazyPattern(
    r"\b(?:if|unless|whether|would have|could have|might have|should have)\b[^.;,]*$", re.IGNORECASE
)
_SPEECH_VERBS = alternation(form for form in SPEECH if " " not in form)
_SAYING = LazyPattern(
    rf"\b(?:{_SPEECH_VERBS}|according to)"
    r"(?:\s+[\w.’']+){0,4}?\s*,?\s+(?:on\s+|in\s+an?\s+[\w ]{3,30}\s+(?:on\s+)?|late\s+|early\s+)?$",
    re.IGNORECASE,
)
_ATTRIBUTED = LazyPattern(
    rf",\s(?:[\w.’'-]{{1,20}}\s){{1,6}}(?:{_SPEECH_VERBS}|revealed|showed)\s(?:on\s|late\s|early\s)?$", re.IGNORECASE
)
"""What stands before the day on which something was said that the whole sentence before tells."""
_SAID = LazyPattern(
    rf"(?<!\ba )(?<!\bthe )(?<!\bno )(?<!\bany )\b(?:{_SPEECH_VERBS})(?:\s+[\w.’']+){{0,4}}\s*$", re.IGNORECASE
)
"""A verb of saying before a clause that it reports."""
_TO_NOW = LazyPattern(r"(?:the|these)\s+(?:last|past|next|coming|previous)\s", re.IGNORECASE)
_PLAN = LazyPattern(
    rf"\b(?:will|would|won['’]t|shall|(?:{alternation(BE)})\s+(?:\w+\s+)?(?:to|set|due|expected|scheduled|slated|going|planned)"
    r"|plans?\s+to|planning\s+to|scheduled\s+(?:for|to)|expects?\s+to)\b|['’]ll\b",
    re.IGNORECASE,
)
_IS_THEN = LazyPattern(rf"\b(?:{alternation(BE)})\s+(?:(?:on|in|at)\s+)?$", re.IGNORECASE)
"""What stands before the day of something that is named: "the deadline is March 29"."""
_DEICTIC = LazyPattern(r"(?:last|next|this)\s", re.IGNORECASE)
_AFTER_DETERMINER = LazyPattern(r"(?:\b(?:the|an?)|['’]s?|\bof)\s+$", re.IGNORECASE)
"""What stands before a time that tells apart the noun after it; in "a coup last summer led by them" it does not."""
_CLAUSE_END = LazyPattern(r"[.;:,]\s")
_DATELINE = LazyPattern(r"\s*\((?:Reuters|AP|AFP|UPI|CNN|Bloomberg)\)")
"""What follows the day of a dateline: "WASHINGTON Oct 17 (Reuters)"."""
_YEAR_LEAD = LazyPattern(
    r"\b(?:in|since|until|till|by|of|from|to|through|for|before|after|during|between|around|early|late|mid)[\s-]+$|^\W*$",
    re.IGNORECASE,
)
"""What stands before a year that dates something."""
_STILL = LazyPattern(r"\bstill\s+(?:\w+\s+){0,3}$|\b(?:for|of|until|than|as)\s+$", re.IGNORECASE)
"""What makes the "today" after it nowadays: "still practised today"."""
_PRESENT_VERB = LazyPattern(r"\s+[a-z]+s\b|\s+(?:have|are)\b")
"""A verb of the present after "today": "today employs 400 people"."""
_PART_OF_UNIT = LazyPattern(r"(?:earlier|later)\s+this\s+(?P<unit>week|month|year)\b", re.IGNORECASE)
_NOW = LazyPattern(r"(?:today|this (?:morning|afternoon|evening)|tonight)\b", re.IGNORECASE)
_COUNTED_ON = LazyPattern(
    r"that\s|the\s+(?:same|next|following|previous)\s|.*\s(?:later|earlier|before|after)$", re.IGNORECASE
)
"""Times that count from one named before."""
_VAGUE = LazyPattern(
    r".*\b(?:minutes?|hours?)\b|recently|lately|in\s+recent\b|that\s|the\s+same\b|today\b|tonight\b|(?:later|earlier)\s",
    re.IGNORECASE,
)
_BY = LazyPattern(r"\bby\s+(?:the\s+|about\s+)?$", re.IGNORECASE)
_LEAD = LazyPattern(
    r"\W*(?:(?:in|on|at|by|during|since|until|from|between|early|late|later|back|around|about|just|only|then|but|and)\s+)*",
    re.IGNORECASE,
)
"""What may stand before the time that a sentence begins with: "But in 2009, …"."""


_OF_SUBJECT = LazyPattern(r"\W*(?:(?:the|an?)\s+)?(?:\w+\s+)?", re.IGNORECASE)
_SUBJECT_VERB = LazyPattern(
    r"(?:['’]s)?,?\s+(?:[\w'’-]+\s+){1,5}?((?:that|which)\s+)?(?:(?:was|were)\s+)?(?:\w+ed|killed|left|led|took|began|came|made|saw|cost|drew"
    r"|sent|set|won|lost|brought|gave|hit|struck|fell|rose)\b"
)
_IN_WHICH = LazyPattern(r"\s+(?:[\w'’-]+\s+){0,2}[\w'’-]+,?\s+(?:(?:in|at|on|during)\s+which|where|when)\s")
"""What happened in what a time tells apart: "the June 2016 referendum, in which 52 percent voted"."""


@dataclass(frozen=True, slots=True)
class EventDate:
    """The time at which what a sentence tells happened.

    Attributes:
        interval: The days; None where they cannot be worked out.
        relation: What the preposition says: "since 2011" only begins in it.
        preposition: The preposition, where it says more than "in".
        words: The time as the sentence has it.
        start: Its first character in the sentence.
        planned: Whether it was still to come when the article was published.
        fit: How surely it dates the sentence, about 1 for the day of its main clause.
        said: Whether it is the day on which something was said.
        of_article: Whether it is the day of the article, whose lead names none.
    """

    interval: DateInterval | None
    relation: TimeRelation
    preposition: str
    words: str
    start: int
    planned: bool
    fit: float
    said: bool = False
    of_article: bool = False

    @property
    def label(self) -> str:
        """The date at its granularity: "2017-10-04", "since 2011", "planned 2017-12-05"; its words where unresolved.

        The day of an article is said to be one.
        """
        if self.interval is None:
            return f"“{self.words}”"
        part = _PART_OF_UNIT.match(self.words)
        told = _unit_of(part["unit"].lower(), self.interval) if part else self.interval
        until = self.relation is TimeRelation.UNTIL
        preposition = "from" if self.planned and self.relation is TimeRelation.SINCE else self.preposition
        parts = ("planned" if self.planned and not until else "", preposition, date_label(told))
        return " ".join(filter(None, parts)) + (" (article’s date)" if self.of_article else "")

    @property
    def first(self) -> dt.date:
        """The first day that it can be; the last before which it is, for "before" and "until"."""
        if self.interval is None:
            return dt.date.max
        bounded = self.relation in {TimeRelation.UNTIL, TimeRelation.BEFORE}
        return self.interval.last if bounded else self.interval.first


def _unit_of(unit: str, interval: DateInterval) -> DateInterval:
    """Return the week, month or year that a part of it is in."""
    day = interval.first
    return week_of(day) if unit == "week" else month_of(day.year, day.month) if unit == "month" else year_of(day.year)


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
            interval=time.interval,
            relation=time.relation,
            preposition=_preposition(text, time),
            words=text[time.start : time.end],
            start=time.start,
            planned=_is_planned(text, time, published),
            fit=_fit(text, time, times, quotations),
            said=bool(_SAYING.search(text[: time.start])),
        )
        for time in times
        if not _is_background(text, time) and not _is_only_named(text, time, published)
    ]
    resolved = [each for each in found if each.interval is not None]
    best = max(resolved or found, key=lambda each: each.fit, default=None)
    return best if best is not None and best.fit >= MIN_FIT else None


def _preposition(text: str, time: TimeExpression) -> str:
    if time.relation is TimeRelation.UNTIL and _BY.search(text, 0, time.start):
        return "by"
    return "" if time.relation is TimeRelation.IN else str(time.relation)


def _is_background(text: str, time: TimeExpression) -> bool:
    """Tell whether a time dates no event: a name's year, a condition's day, "today" for nowadays."""
    if time.relation is TimeRelation.UNTIL and text[time.end : time.end + 2] in {"'s", "’s"}:
        return True  # "ignited by last month's tragedy"
    if names_event(text, time) or _HYPOTHETICAL.search(text[: time.start]):
        return True
    before, words = text[: time.start], text[time.start : time.end]
    if _DATELINE.match(text, time.end) or (words == "9/11" and not before.endswith("on ")):
        return True
    if time.interval is None:
        return bool(_VAGUE.match(words))
    if not _NOW.match(words):
        return False
    nowadays = _PRESENT_VERB.match(text, time.end) or _LEAD.fullmatch(before) or _STILL.search(before[-60:])
    return (words.lower() == "today" and bool(nowadays)) or clause_direction(text, time.start, time.end) >= 0


def _is_only_named(text: str, time: TimeExpression, published: dt.date | None) -> bool:
    """Tell whether a time to come is only named, and nothing planned: "an issue weeks before the Nov. 6 elections"."""
    if time.interval is None or published is None or (time.interval.first - published).days <= 1:
        return False
    is_then = _IS_THEN.search(text[: time.start]) or clause_direction(text, time.start, time.end) > 0
    return not (is_then and time.relation is not TimeRelation.BEFORE) and not _PLAN.search(text)


def article_date(published: dt.date) -> EventDate:
    """Return the day of an article, for what its lead reports without one."""
    return EventDate(one_day(published), TimeRelation.IN, "", "", 0, planned=False, fit=MIN_FIT, of_article=True)


def _is_planned(text: str, time: TimeExpression, published: dt.date | None) -> bool:
    """Tell whether a time was still to come: it lies ahead, or its clause says that it will be."""
    if time.interval is None or (published and time.interval.last < published):
        return False
    ahead = (time.interval.first - published).days if published else 0
    if ahead > 1:  # by one day an article may be stamped early
        return True
    if clause_direction(text, time.start, time.end) <= 0:
        return False
    after = text[time.end :]
    if _LEAD.fullmatch(text, 0, time.start):
        after = after.lstrip(", ")
    clause = _CLAUSE_END.split(text[: time.start])[-1] + _CLAUSE_END.split(after)[0]
    return bool(_PLAN.search(clause))


def _fit(text: str, time: TimeExpression, times: Sequence[TimeExpression], quotations: Sequence[Span]) -> float:
    before, after = text[: time.start], text[time.end :]
    days = time.interval.days if time.interval else 31
    fit = next((worth for longest, worth in _GRAINS if days <= longest), _COARSE)
    if _LEAD.fullmatch(before):
        fit += _LEADING
    fit -= _subordination(before)
    relative = _DEICTIC.match(text, time.start) and not _AFTER_DETERMINER.search(before)
    if (_is_attributive(before, after) and not relative) or (
        text[time.start : time.end].isdigit() and _is_of_noun(before, after)
    ):
        fit -= _SUBJECT if _is_of_subject(before, after) else _ATTRIBUTIVE
    fit -= _LATER * sum(each.start < time.start for each in times)
    if _SAYING.search(before) and any(_is_reported(text, each) for each in times if 0 < each.start - time.end < _NEAR):
        fit -= _OF_SAYING
    if (said := _ATTRIBUTED.search(before)) and any(_is_told(text, each) for each in times if each.end <= said.start()):
        fit -= _ATTRIBUTION
    if time.relation is not TimeRelation.IN:
        fit -= _OPEN
    if clause_direction(text, time.start, time.end) > 0:
        fit -= _TO_COME
    if _COUNTED_ON.match(text[time.start : time.end]):
        fit -= _ANAPHORIC
    if _TO_NOW.match(text[time.start : time.end]):
        fit -= _SPAN_TO_NOW
    if before.rstrip().endswith("("):
        fit -= _PARENTHESIS
    if any(each.start <= time.start < each.end for each in quotations):
        fit -= _QUOTED if time.specification is TimeSpecification.EXPLICIT else 1.0
    return fit


def _is_told(text: str, time: TimeExpression) -> bool:
    """Tell whether a time dates what a sentence tells, rather than tells things apart."""
    return time.interval is not None and not _is_attributive(text[: time.start], text[time.end :])


def _is_reported(text: str, time: TimeExpression) -> bool:
    """Tell whether a time of some days dates what is reported to have happened."""
    short = time.interval is not None and time.interval.days <= _REPORTED_DAYS
    return short and clause_direction(text, time.start, time.end) < 0


def _subordination(before: str) -> float:
    """Return what a time loses in a clause under the main one, which no comma has closed."""
    found = list(_SUBORDINATORS.finditer(before, before.rfind(",") + 1)) or list(_SUBORDINATORS.finditer(before))[-1:]
    if not found:
        return 0.0
    last = found[-1]
    between = before[last.end() :]
    if "," in between or not between.strip() or _SAID.search(before, 0, last.start()):
        return 0.0
    within = _NESTED * (len(found) > NESTED or last.group().strip().lower() in {"before", "until"})
    return within + (_AT_A_TIME if last.group().strip(" ,(—–-").lower() in {"when", "where"} else _SUBORDINATE)


def _is_of_noun(before: str, after: str) -> bool:
    """Tell whether a year belongs to the noun after it: "his friend and 2016 campaign manager"."""
    return not _YEAR_LEAD.search(before) and bool(re.match(r"\s+[a-z]", after))


def _is_attributive(before: str, after: str) -> bool:
    """Tell whether a time only tells things apart: "the Oct. 4 ambush", "Tuesday's vote", "the act of 2012"."""
    if _COMPLEMENT.search(before):
        return True
    return after[:2] in {"'s", "’s"} or bool(_NOUN_AFTER.match(after) and _DETERMINED.search(before))


def _is_of_subject(before: str, after: str) -> bool:
    """Tell whether the past of what a time tells apart is told: "the Oct. 4 ambush that killed four"."""
    if _IN_WHICH.match(after):
        return True
    found = _SUBJECT_VERB.match(after)
    return found is not None and (bool(found[1]) or bool(_OF_SUBJECT.fullmatch(before)))
