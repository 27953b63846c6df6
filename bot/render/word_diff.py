"""A quotation against its source as a run of pieces, for every face to show in its own way."""

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
    """What a piece is."""

    SAME = "same"  # in both
    QUOTED = "quoted"  # only in the quotation
    SOURCE = "source"  # only in the article
    HIDDEN = "hidden"  # of the article, left out by the quotation
    TELLING = "telling"  # a negator or qualifier among what was left out


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of characters with one mark."""

    mark: Mark
    text: str


def word_diff(quote: str, changes: Sequence[Change]) -> Iterator[Piece]:
    """Yield the quotation with what it has otherwise (``QUOTED``) and what the article has there (``SOURCE``)."""
    at = 0
    for change in sorted(changes, key=lambda each: each.quote_span):
        start, end = change.quote_span.start, change.quote_span.end
        if start > at:
            yield Piece(Mark.SAME, quote[at:start])
        at = max(at, end)
        if change.quoted:
            yield Piece(Mark.QUOTED, change.quoted)
        if change.source:
            if change.quoted or not quote[:at][-1:].isspace():
                yield Piece(Mark.SAME, " ")
            yield Piece(Mark.SOURCE, change.source)
            if not change.quoted and quote[at : at + 1].isalnum():
                yield Piece(Mark.SAME, " ")
    if at < len(quote):
        yield Piece(Mark.SAME, quote[at:])


def revealed(place: QuotePlace) -> Iterator[Piece]:
    """Yield the article's words at a match with what the quotation leaves out there as ``HIDDEN`` and ``TELLING``."""
    if not isinstance(place.of, Match):
        return
    omitted = sorted(place.of.omitted, key=lambda each: each.span)
    at = min([place.span.start, *(each.span.start for each in omitted)])
    end = max([place.span.end, *(each.span.end for each in omitted)])
    for omission in omitted:
        if omission.span.start < at:
            continue
        if omission.span.start > at:
            yield Piece(Mark.SAME, place.text(Span(at, omission.span.start)))
        yield from _hidden(omission)
        at = omission.span.end
    if at < end:
        yield Piece(Mark.SAME, place.text(Span(at, end)))


def telling_spans(omission: Omission) -> list[Span]:
    """Return the places in the article of the negators and qualifiers that are left out."""
    words, start = Words(omission.text), omission.span.start
    places = [words.span(number, number + 1) for number, word in enumerate(words.texts) if word in omission.critical]
    return [Span(start + place.start, start + place.end) for place in places]


def _hidden(omission: Omission) -> Iterator[Piece]:
    start, at = omission.span.start, 0
    for place in telling_spans(omission):
        if place.start - start > at:
            yield Piece(Mark.HIDDEN, omission.text[at : place.start - start])
        at = place.end - start
        yield Piece(Mark.TELLING, omission.text[place.start - start : at])
    if at < len(omission.text):
        yield Piece(Mark.HIDDEN, omission.text[at:])
