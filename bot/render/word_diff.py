"""Word differences of a quotation and its source as marked segments, for each interface to show in its own way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.quote_checks import QuotePlace
from retrieval.articles import Span
from retrieval.quotes.diff import Change
from retrieval.quotes.omissions import Omission
from retrieval.quotes.verdict import Match
from retrieval.text.folding import Words


class Mark(StrEnum):
    """What a segment is."""

    SAME = "same"  # in both
    QUOTED = "quoted"  # only in the quotation
    SOURCE = "source"  # only in the article
    HIDDEN = "hidden"  # of the article, left out by the quotation
    CRITICAL = "critical"  # a negator or qualifier among what was left out


@dataclass(frozen=True, slots=True)
class DiffSegment:
    """A run of characters with one mark."""

    mark: Mark
    text: str


def word_diff(quote: str, changes: Sequence[Change]) -> Iterator[DiffSegment]:
    """Yield the quotation with what it has otherwise (``QUOTED``) and what the article has there (``SOURCE``)."""
    at = 0
    for change in sorted(changes, key=lambda each: each.quote_span):
        start, end = change.quote_span.start, change.quote_span.end
        if start > at:
            yield DiffSegment(Mark.SAME, quote[at:start])
        at = max(at, end)
        if change.quoted:
            yield DiffSegment(Mark.QUOTED, change.quoted)
        if change.source:
            if change.quoted or not quote[:at][-1:].isspace():
                yield DiffSegment(Mark.SAME, " ")
            yield DiffSegment(Mark.SOURCE, change.source)
            if not change.quoted and quote[at : at + 1].isalnum():
                yield DiffSegment(Mark.SAME, " ")
    if at < len(quote):
        yield DiffSegment(Mark.SAME, quote[at:])


def source_with_omissions(place: QuotePlace) -> Iterator[DiffSegment]:
    """Yield the article's words at a match with what the quotation leaves out there as ``HIDDEN`` and ``CRITICAL``."""
    if not isinstance(place.of, Match):
        return
    omitted = sorted(place.of.omitted, key=lambda each: each.span)
    at = min([place.span.start, *(each.span.start for each in omitted)])
    end = max([place.span.end, *(each.span.end for each in omitted)])
    for omission in omitted:
        if omission.span.start < at:
            continue
        if omission.span.start > at:
            yield DiffSegment(Mark.SAME, place.text(Span(at, omission.span.start)))
        yield from _hidden(omission)
        at = omission.span.end
    if at < end:
        yield DiffSegment(Mark.SAME, place.text(Span(at, end)))


def critical_spans(omission: Omission) -> list[Span]:
    """Return the places in the article of the negators and qualifiers that are left out."""
    words, start = Words(omission.text), omission.span.start
    places = [words.span(number, number + 1) for number, word in enumerate(words.texts) if word in omission.critical]
    return [Span(start + place.start, start + place.end) for place in places]


def _hidden(omission: Omission) -> Iterator[DiffSegment]:
    start, at = omission.span.start, 0
    for place in critical_spans(omission):
        if place.start - start > at:
            yield DiffSegment(Mark.HIDDEN, omission.text[at : place.start - start])
        at = place.end - start
        yield DiffSegment(Mark.CRITICAL, omission.text[place.start - start : at])
    if at < len(omission.text):
        yield DiffSegment(Mark.HIDDEN, omission.text[at:])
