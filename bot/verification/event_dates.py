"""Event dates: the dates of a claim in the words in which its source dates the event.

An article of Monday, May 20, 2024 says "on Sunday"; a claim says "on Sunday, May 19, 2024". Both are read as intervals
of days, the article's against the day it was published, and where the claim's covers the article's, the claim is
judged with the article's words. A claim that dates an event by the day of the article, where that gives no other date,
is judged without it. What is shown keeps the claim's words; a date that does not fit stays, to be found wrong.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from bot.answering.features import CandidateSentence
from bot.answering.time_constraint import passage_times
from bot.verification.features import coverage, parse_claim, rank_sentences
from bot.verification.lead_ins import capitalized
from retrieval.articles import Hit
from retrieval.text.date_intervals import date_of, one_day
from retrieval.text.dates import WEEKDAYS
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.time_expressions import TimeExpression, TimeRelation, time_expressions, without_times
from retrieval.text.time_resolution import TimeSpecification

MAX_DAYS = 31
"""Days of the longest interval of a claim that a source's words replace: a month."""
_MAX_SENTENCES = 2  # best sentences whose dates are read
_MIN_COVERAGE = 0.5  # share of the claim's weight, dates aside, that a sentence must have to be of its event
_PREPOSITION = LazyPattern(r"\b(?:on|in|during|of|at)\s+(?:the\s+)?$", re.IGNORECASE)
_MAX_PREPOSITION = 12  # characters
_WEEKDAY = LazyPattern(rf"\b(?:{'|'.join(WEEKDAYS)})\b", re.IGNORECASE)


def with_source_dates(claim: str, hits: Sequence[Hit], found: Sequence[CandidateSentence]) -> str:
    """Return ``claim`` with the dates that its source gives in other words in the source's words.

    Args:
        claim: A claim.
        hits: The passages found.
        found: Their sentences.
    """
    anchors = dict.fromkeys(date_of(hit.article.published) for hit in hits)
    if not found or not any(_dates(claim, anchor) for anchor in anchors):
        return claim
    core = parse_claim(without_times(claim, time_expressions(claim)))
    sentences = [each.sentence for each in found]
    for number in rank_sentences(core, sentences)[:_MAX_SENTENCES]:
        candidate = found[number]
        if coverage(core.content, candidate.sentence.terms) < _MIN_COVERAGE:
            continue
        claim = _dated_by(claim, hits[candidate.hit], candidate)
    return capitalized(claim)


def _dated_by(claim: str, hit: Hit, candidate: CandidateSentence) -> str:
    """Return ``claim`` with the dates that one sentence confirms in its words."""
    published = date_of(hit.article.published)
    text, start = hit.passage.text, hit.passage.span.start
    span = candidate.sentence.span
    theirs = [each for each in passage_times(hit.passage, published) if span.start <= each.start + start < span.end]
    dated = [each for each in theirs if each.interval is not None and each.interval.days <= MAX_DAYS]
    for ours in reversed(_dates(claim, published)):
        words = claim[ours.start : ours.end]
        if words.casefold() in candidate.sentence.text.casefold() or not _is_consistent(words, ours):
            continue
        same = next((each for each in dated if _confirms(each, ours)), None)
        begin = _with_preposition(claim, ours)
        if same is not None:
            claim = claim[:begin] + text[_with_preposition(text, same) : same.end] + claim[ours.end :]
        elif not dated and published and _is_of(published, ours):
            claim = " ".join((claim[:begin].rstrip(" ,") + claim[ours.end :]).split())
    return claim


def _dates(claim: str, anchor: dt.date | None) -> list[TimeExpression]:
    return [
        each for each in time_expressions(claim, anchor) if each.interval is not None and each.interval.days <= MAX_DAYS
    ]


def _confirms(theirs: TimeExpression, ours: TimeExpression) -> bool:
    same = theirs.relation is ours.relation
    return same and theirs.interval is not None and ours.interval is not None and ours.interval.covers(theirs.interval)


def _is_of(published: dt.date, ours: TimeExpression) -> bool:
    """Tell whether a claim's explicit date is that of the article."""
    explicit = ours.specification is TimeSpecification.EXPLICIT and ours.relation is TimeRelation.IN
    return explicit and ours.interval is not None and ours.interval.covers(one_day(published))


def _is_consistent(words: str, ours: TimeExpression) -> bool:
    """Tell whether a day of the week beside a date is that date's."""
    found = _WEEKDAY.search(words)
    if found is None or ours.interval is None or ours.interval.days > 1:
        return True
    return WEEKDAYS[ours.interval.first.weekday()] == found.group().lower()


def _with_preposition(text: str, each: TimeExpression) -> int:
    """Return where a time expression begins with its "on" or "in"."""
    low = max(0, each.start - _MAX_PREPOSITION)
    found = _PREPOSITION.search(text[low : each.start])
    return low + found.start() if found else each.start
