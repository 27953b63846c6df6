"""Digests: the few sentences that represent an article or a topic, without repeating each other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bot.answering.excerpts import excerpt_of
from bot.answering.features import parse_passage
from bot.composition.centrality import Floats, lexrank, marginal, similarities
from bot.composition.quotable import QuotableSentence, is_cut_quotation, needs_context
from retrieval.articles import Span

CENTRALITY = 1.0
POSITION = 1.0
"""Weights of a sentence's centrality and position among the article's sentences."""
DECAY = 8.0
"""Sentences after which the weight of the position falls to 1/e."""
RELEVANCE = 3.0
"""Weight of how far a sentence is about the topic."""
REDUNDANCY = 0.6
REPEATS = 0.6
"""Weight of a sentence's cosine with those taken, and the cosine from which it is left out."""
DEPENDENT = 0.3
"""Taken off where a sentence cannot be understood without the one before."""
LONG = 35
"""Words from which a sentence is long."""
LENGTHY = 0.03
"""Taken off for each word more."""
MIN_SENTENCES, MAX_SENTENCES = 3, 7
SENTENCES_BY_LENGTH = ((40, 3), (70, 4), (110, 5), (170, 6))
"""How many sentences an article of up to so many is given in; longer ones in ``MAX_SENTENCES``."""


def digest_size(sentences: int) -> int:
    """Return in how many sentences an article of so many is given."""
    return next((size for most, size in SENTENCES_BY_LENGTH if sentences <= most), MAX_SENTENCES)


def digest(
    sentences: Sequence[QuotableSentence], count: int, relevance: Floats | None = None
) -> list[QuotableSentence]:
    """Return up to ``count`` sentences that represent ``sentences``, in their order.

    Args:
        sentences: Of one article or several.
        count: At most this many.
        relevance: ``(n,)`` in [0, 1], how far each is about a topic; those at 0 are left out.
    """
    if not sentences:
        return []
    similar = similarities([each.sentence.terms for each in sentences])
    scores = CENTRALITY * lexrank(similar) + POSITION * np.exp([-each.place / DECAY for each in sentences])
    scores -= LENGTHY * np.array([max(0, len(each.text.split()) - LONG) for each in sentences])
    scores -= DEPENDENT * np.array([needs_context(each) for each in sentences])
    whole = np.array([not is_cut_quotation(each.text) for each in sentences])
    if whole.sum() >= count:
        scores = np.where(whole, scores, -np.inf)
    if relevance is not None:
        scores = np.where(relevance > 0, scores + RELEVANCE * relevance, -np.inf)
    taken = marginal(scores, similar, count, redundancy=REDUNDANCY, repeats=REPEATS)
    return [sentences[index] for index in sorted(taken)]


def quoted_spans(chosen: Sequence[QuotableSentence]) -> list[Span]:
    """Return the characters to quote for each sentence of a digest.

    One that cannot be understood without the sentence before is quoted with it, where that is not quoted already.
    """
    quoted = {(each.article.id, each.span) for each in chosen}
    spans = []
    for each in chosen:
        span = each.span
        if needs_context(each):
            whole = excerpt_of(each.hit, span, preceding=1).span
            page = parse_passage(each.hit.passage).sentences
            before = {(each.article.id, one.span) for one in page if whole.start <= one.span.start < span.start}
            span = span if quoted & before else whole
        spans.append(span)
    return spans
