"""Further sentences: an answer of few sentences, completed with the likeliest others of its articles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.answers import Answer, Citation, Claim, Form, Support
from retrieval.articles import Span

MAX_TOGETHER = 8
"""Sentences of an answer and those below it."""
FURTHER = "These may answer it, too:"
"""The heading above them."""


def with_further(answer: Answer, likely: Answer, most: int = MAX_TOGETHER) -> Answer:
    """Return an answer with the sentences of another below its own, those left out that it has.

    Args:
        answer: What is asserted, or may be.
        likely: Other sentences that may answer the same question.
        most: Sentences of both together.
    """
    shown: dict[str, list[Span]] = {}
    for each in answer.citations:
        shown.setdefault(each.article.id, []).append(each.span)
    fresh = [each for each in likely.citations if not _overlaps(each, shown.get(each.article.id, []))]
    fresh = fresh[: max(0, most - len(answer.citations))]
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


def with_nearest(answer: Answer, most: int) -> Answer:
    """Return an answer with the nearest of its articles' other sentences below its own, ``most`` of both together."""
    own = {each.article.id for each in answer.citations}
    near = [each for each in answer.nearest if each.article.id in own]
    numbered = [replace(each, number=number) for number, each in enumerate(near, 1)]
    claims = tuple(
        Claim(each.quote, Support.VERBATIM, (each.number,), each.confidence, form=Form.ITEM) for each in numbered
    )
    others = replace(answer, citations=tuple(numbered), claims=claims)
    found = with_further(answer, others, most)
    added = {(each.article.id, each.span) for each in found.citations}
    return replace(found, nearest=tuple(e for e in answer.nearest if (e.article.id, e.span) not in added))


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
