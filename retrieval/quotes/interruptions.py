"""Interruptions: the attributions that divide one quotation in two, like said X in “A,” said X. “B.” here."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from retrieval.articles import Span
from retrieval.text.folding import Words
from retrieval.text.quotation_marks import pairs, paragraphs
from retrieval.text.reporting_verbs import SPEECH
from retrieval.text.sentences import sentences

_MAX_CHARACTERS = 300  # of one attribution


def interruptions(text: str, around: Span) -> list[Span]:
    """Return the attributions between two quotations in the paragraphs that ``around`` touches, in order."""
    near = [paragraph for paragraph in paragraphs(text) if paragraph.overlaps(around)]
    found = [pair.span for paragraph in near for pair in pairs(text, paragraph)]
    between = (Span(left.end, right.start) for left, right in itertools.pairwise(found))
    return [span for span in between if _is_attribution(text, span)]


def _is_attribution(text: str, span: Span) -> bool:
    """Return whether what is between two quotations only says who speaks."""
    if len(span) > _MAX_CHARACTERS:
        return False
    words = Words(span.of(text)).texts
    return any(word in SPEECH for word in words) and len(list(_sentences(text, span))) == 1


def _sentences(text: str, span: Span) -> Iterator[Span]:
    """Yield the sentences that have a word."""
    return (sentence for sentence in sentences(text, span) if any(map(str.isalnum, sentence.of(text))))


def without(text: str, spans: list[Span]) -> str:
    """Return a text of the same length with spaces in place of ``spans`` and of the marks around them."""
    for span in spans:
        start, end = span.start, span.end
        while start > 0 and not text[start - 1].isalnum():
            start -= 1
        while end < len(text) and not text[end].isalnum():
            end += 1
        text = text[:start] + " " * (end - start) + text[end:]
    return text
