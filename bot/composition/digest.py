"""Digests: the few sentences that represent an article or a topic, without repeating each other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bot.answering.excerpts import excerpt_of
from bot.answering.features import parse_passage
from bot.composition.centrality import Floats, lexrank, marginal, similarities
from bot.composition.quotable import QuotableSentence, may_be_caption, needs_context
from retrieval.articles import Span
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.tokens import read_words, term_set

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
LEAD, LEAD_PLACES = 0.5, 3
"""Weight of the lead: of the first sentences, the first that can be understood by itself."""
TITLE = 0.5
"""Weight of a sentence's cosine with the title of its article."""
QUOTATION, FIRST_PERSON = 0.2, 0.3
"""Taken off where a sentence begins with somebody's words, or with "I" or "We" outside them."""
LONG = 35
"""Words from which a sentence is long."""
LENGTHY = 0.03
"""Taken off for each word more."""
_OPENS_QUOTATION = LazyPattern(r"\W{0,2}[\"“‘]")
_FIRST_PERSON = LazyPattern(r"(?:I|We|As for me)\b")
MOSTLY_QUOTED, QUOTED = 0.75, 1.0
"""Share of sentences inside quotations of several from which an article is told by them, too, and what is taken off."""
MIN_SENTENCES, MAX_SENTENCES = 3, 7
CAPTION = 0.6
"""Taken off where a sentence may be the caption of a picture above the text."""
NEW_NAME, MAX_NEW_NAMES = 0.05, 6
"""Weight of each name that a sentence of a further part is the first to bring, up to so many."""
SENTENCES_BY_LENGTH = ((8, 3), (16, 4), (30, 5), (60, 6))
"""How many sentences an article of up to so many is given in; longer ones in ``MAX_SENTENCES``."""


def digest_size(sentences: int) -> int:
    """Return in how many sentences an article of so many is given."""
    return next((size for most, size in SENTENCES_BY_LENGTH if sentences <= most), MAX_SENTENCES)


def digest(
    sentences: Sequence[QuotableSentence], count: int, relevance: Floats | None = None
) -> list[QuotableSentence]:
    """Return up to ``count`` sentences that represent ``sentences``, in their order.

    Without a topic, those after the first three are the best of each further part of the article.

    Args:
        sentences: Of one article or several.
        count: At most this many.
        relevance: ``(n,)`` in [0, 1], how far each is about a topic; those at 0 are left out.
    """
    if not sentences:
        return []
    titles = list(dict.fromkeys(each.article.title for each in sentences))
    held = [each.sentence.terms for each in sentences] + [term_set(read_words(title)) for title in titles]
    every = similarities(held)
    similar = every[: len(sentences), : len(sentences)]
    positions = POSITION * np.exp([-each.place / DECAY for each in sentences])
    scores = CENTRALITY * lexrank(similar) + positions
    scores -= LENGTHY * np.array([max(0, len(each.text.split()) - LONG) for each in sentences])
    dependent = np.array([needs_context(each) for each in sentences])
    scores -= DEPENDENT * dependent
    scores -= QUOTATION * np.array([bool(_OPENS_QUOTATION.match(each.text)) for each in sentences])
    scores -= FIRST_PERSON * np.array([bool(_FIRST_PERSON.match(each.text)) for each in sentences])
    scores += [
        TITLE * every[number, len(sentences) + titles.index(each.article.title)]
        for number, each in enumerate(sentences)
    ]
    captions = np.array([may_be_caption(each) for each in sentences])
    scores -= CAPTION * captions
    leads: dict[str, int] = {}
    for number, each in enumerate(sentences):
        if each.place < LEAD_PLACES and not dependent[number] and not captions[number]:
            leads.setdefault(each.article.id, number)
    scores[list(leads.values())] += LEAD
    if relevance is not None:
        scores = np.where(relevance > 0, scores + RELEVANCE * relevance, -np.inf)
    quoted = np.array([each.quoted for each in sentences])
    scores = np.where(quoted, scores - QUOTED if quoted.mean() >= MOSTLY_QUOTED else -np.inf, scores)
    if relevance is not None:
        taken = marginal(scores, similar, count, redundancy=REDUNDANCY, repeats=REPEATS)
    else:
        taken = marginal(scores, similar, min(count, MIN_SENTENCES), redundancy=REDUNDANCY, repeats=REPEATS)
        taken += _of_further_parts(sentences, scores - positions, similar, taken, count - len(taken))
    return [sentences[index] for index in sorted(taken)]


def _of_further_parts(
    sentences: Sequence[QuotableSentence], scores: Floats, similar: Floats, taken: Sequence[int], count: int
) -> list[int]:
    """Return up to ``count`` further indexes, the best of each of as many equal parts of the sentences."""
    found: list[int] = []
    named = {term for index in taken for term in _names(sentences[index])}
    for part in np.array_split(np.arange(len(sentences)), count) if count > 0 else ():
        known = [*taken, *found]
        left = [index for index in part if np.isfinite(scores[index]) and similar[index, known].max() < REPEATS]
        if left:
            worth = [
                scores[index]
                - REDUNDANCY * similar[index, known].max()
                + NEW_NAME * min(MAX_NEW_NAMES, len(_names(sentences[index]) - named))
                for index in left
            ]
            found.append(int(left[int(np.argmax(worth))]))
            named |= _names(sentences[found[-1]])
    return found


def _names(each: QuotableSentence) -> set[str]:
    return {word.term for word in each.sentence.words if word.name}


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
