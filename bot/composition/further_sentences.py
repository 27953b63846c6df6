"""Further sentences: an answer of few sentences, completed with the likeliest others of its articles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.answers import Answer, Citation, Claim, Form, Support
from retrieval.articles import Span

FURTHER = "These may answer it, too:"
"""The heading above them."""


def with_further(answer: Answer, likely: Answer) -> Answer:
    """Return an answer with the sentences of another below its own, those left out that it has.

    Args:
        answer: What is asserted, or may be.
        likely: Other sentences that may answer the same question.
    """
    shown: dict[str, list[Span]] = {}
    for each in answer.citations:
        shown.setdefault(each.article.id, []).append(each.span)
    fresh = [each for each in likely.citations if not _overlaps(each, shown.get(each.article.id, []))]
    if not fresh:
        return answer
    own = [replace(each, form=Form.ITEM) if each.form is Form.SENTENCE else each for each in answer.claims]
    added = _with_only(likely, fresh, len(answer.citations))
    further = [each for each in added.claims if each.citations]
    hits = {hit.passage.id: hit for hit in (*answer.hits, *likely.hits)}
    return replace(
        answer,
        citations=(*answer.citations, *added.citations),
        claims=(*own, Claim(FURTHER, Support.SUPPORTED, form=Form.HEADING, opens=True), *further),
        hits=tuple(hits.values()),
    )


def with_only(answer: Answer, kept: Sequence[Citation]) -> Answer:
    """Return an answer with some of its citations only, numbered anew, and without the claims of the others."""
    return _with_only(answer, kept, 0)


def _with_only(answer: Answer, kept: Sequence[Citation], before: int) -> Answer:
    """Return an answer with some of its citations, numbered after ``before`` others."""
    numbers = {each.number: before + place for place, each in enumerate(kept, 1)}
    claims = [
        replace(claim, citations=tuple(numbers[each] for each in claim.citations))
        for claim in answer.claims
        if numbers.keys() >= set(claim.citations)
    ]
    return replace(
        answer,
        citations=tuple(replace(each, number=numbers[each.number]) for each in kept),
        claims=tuple(claims),
    )


def _overlaps(citation: Citation, spans: list[Span]) -> bool:
    return any(each.start < citation.span.end and citation.span.start < each.end for each in spans)
