"""The survey of a draft: every pair of quotation marks in it, to be checked, or not, and then why.

:func:`survey` returns the quotations to check and an :class:`UncheckedQuotation` for everything else between marks.
"""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from retrieval.articles import Span
from retrieval.quotes.attribution.extraction import Quotation, QuotationKind, quotations_of
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.quotation_marks import LEADING_APOSTROPHE, double_marks, pairs, paragraphs

_LINE = LazyPattern(r"[^\n]+")
_SINGLE_START = LazyPattern(r"(?<![\w’'.,])[‘'](?=[^\W\d_a-z])")
_SINGLE_END = LazyPattern(r"(?:(?<=[,.!?…])[’'](?!\w)|(?<=\w)[’'](?=[,.;:!?]))")
_MAX_SINGLE = 1_000
"""Characters of a quotation between single marks."""

_MAX_SHOWN = 200
"""Characters of the text behind a mark without its counterpart."""


class UncheckedReason(StrEnum):
    """Why a quotation of a draft was not checked."""

    SCARE = "scare_quotes"
    TITLE = "title"
    EMPTY = "no_words"
    FRONT_MATTER = "front_matter"
    UNCLOSED = "unclosed"
    UNOPENED = "unopened"
    LANGUAGE = "language"
    LIMIT = "limit"

    @property
    def is_right(self) -> bool:
        """Whether such a quotation is rightly passed over: it does not claim to be somebody's words."""
        return self in {self.SCARE, self.TITLE, self.EMPTY, self.FRONT_MATTER}

    @property
    def because(self) -> str:
        """The reason in words, after "not checked, because "."""
        return _BECAUSE[self]


_BECAUSE = {
    UncheckedReason.SCARE: "these are scare quotes, a term or words that are only supposed, and in no article",
    UncheckedReason.TITLE: "it is the title of a work, and in no article",
    UncheckedReason.EMPTY: "there is no word between the marks",
    UncheckedReason.FRONT_MATTER: "it is in the front matter",
    UncheckedReason.UNCLOSED: "its closing mark is missing",
    UncheckedReason.UNOPENED: "its opening mark is missing",
    UncheckedReason.LANGUAGE: "it is not in English, and in no article",
    UncheckedReason.LIMIT: "only the first quotations of a text this long are checked here",
}


@dataclass(frozen=True, slots=True)
class UncheckedQuotation:
    """What stands between quotation marks, or behind one that is alone, and was not checked.

    Attributes:
        span: Its characters, marks included.
        content_span: Its words.
        reason: Why it was not checked.
    """

    span: Span
    content_span: Span
    reason: UncheckedReason


def survey(text: str) -> tuple[list[Quotation], list[UncheckedQuotation]]:
    """Return the quotations of a text that can be checked, and what else its quotation marks are, both in order.

    Scare quotes and titles are among those to check: an article may have the words.
    """
    found = [one for one in quotations_of(text) if one.closed or one.continues or one.kind is QuotationKind.BLOCK]
    spans = [one.span for one in found]
    single = [each for paragraph in paragraphs(text) for each in _single_quotations(text, paragraph, spans)]
    around = [one.span for one in single]
    whole = sorted([*(one for one in found if not _is_in(one.span, around)), *single], key=lambda one: one.span)
    spans = [one.span for one in whole]
    return whole, [each for paragraph in paragraphs(text) for each in _unchecked(text, paragraph, spans)]


def front_matter_quotations(front_matter: str) -> list[UncheckedQuotation]:
    """Return the quotations in the values of front matter; marks around a whole value are its syntax."""
    found: list[UncheckedQuotation] = []
    for line in _LINE.finditer(front_matter):
        for one in pairs(front_matter, Span(*line.span())):
            is_syntax = front_matter[: one.span.start].rstrip()[-1:] in {":", "-", "=", "[", ","}
            spans = one.inner if is_syntax else (one.span,)
            found += [
                UncheckedQuotation(
                    span, Span(span.start + 1, max(span.start + 1, span.end - 1)), UncheckedReason.FRONT_MATTER
                )
                for span in spans
            ]
    return found


def _single_quotations(text: str, paragraph: Span, spans: Sequence[Span]) -> Iterator[Quotation]:
    """Yield quotations between single marks with single marks in them, which cannot be paired by the marks alone.

    Such a quotation begins with a capital letter, and ends at the last closing mark behind a stop.
    """
    starts = [found.start() for found in _SINGLE_START.finditer(text, paragraph.start, paragraph.end)]
    starts = [at for at in starts if not (_is_in(Span(at, at + 1), spans) or LEADING_APOSTROPHE.match(text, at + 1))]
    ends = [found.end() for found in _SINGLE_END.finditer(text, paragraph.start, paragraph.end)] if starts else []
    ends = [end for end in ends if not _is_in(Span(end - 1, end), spans)]
    for start, following in itertools.pairwise([*starts, paragraph.end]):
        at = bisect.bisect_right(ends, min(following, start + _MAX_SINGLE)) - 1
        if at >= 0 and ends[at] > start + 1:
            yield Quotation(Span(start, ends[at]), Span(start + 1, ends[at] - 1), QuotationKind.DIRECT, single=True)


def _unchecked(text: str, paragraph: Span, spans: Sequence[Span]) -> Iterator[UncheckedQuotation]:
    """Yield what a paragraph's marks are that belong to no quotation to check."""
    here = [one for one in pairs(text, paragraph) if not _is_in(one.span, spans)]
    closed = [one.span for one in here if one.closed]
    yield from (UncheckedQuotation(one.span, one.content, UncheckedReason.EMPTY) for one in here if one.closed)
    begin = paragraph.start
    for mark, opens in double_marks(text, paragraph):
        if _is_in(mark, spans) or _is_in(mark, closed):
            begin = mark.end
            continue
        if opens:
            end = min([paragraph.end, mark.end + _MAX_SHOWN])
            yield UncheckedQuotation(Span(mark.start, end), Span(mark.end, end), UncheckedReason.UNCLOSED)
        else:
            start = max(begin, mark.start - _MAX_SHOWN)
            yield UncheckedQuotation(Span(start, mark.end), Span(start, mark.start), UncheckedReason.UNOPENED)
        begin = mark.end


def _is_in(span: Span, spans: Sequence[Span]) -> bool:
    at = bisect.bisect_right(spans, span.start, key=lambda one: one.start) - 1
    return at >= 0 and spans[at].end >= span.end
