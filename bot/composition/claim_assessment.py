"""Claim assessments: what an article says of whether a claim in it is true, for "was it true?"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bot.answering.excerpts import MAX_EXCERPT_CHARACTERS
from bot.answering.features import parse_passage
from retrieval.articles import ArticleInfo, Hit, Passage, Span
from retrieval.text.analyzer import terms
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import BE, alternation

MAX_ASSESSMENTS = 3
"""Sentences that are shown."""
NEAR = 3
"""Sentences from a claim within which one of its terms in an assessment, or the sentence before it, is enough."""
MIN_SHARED = 2
"""Terms of the claim that they have to hold further away."""

MIN_WORDS = 9
"""Words of the shortest assessment that is shown without the sentence before it."""

_ASSESSING = LazyPattern(
    r"(?<!\w)(?:(?:not|\w+n['’]t|never|hardly|partly|mostly|largely)"
    r"(?: (?:been|quite|entirely|really|actually|even|exactly|the)){0,2} (?:true|accurate|correct|right|case)"
    rf"|(?:{alternation(BE)}) (?:(?:indeed|in fact|partly|mostly|largely|simply|just) )?(?:true|accurate|correct|wrong)"
    r"|untrue|unfounded|unsubstantiated|unsupported|unproven|inaccura\w+|incorrect(?:ly)?|erroneous(?:ly)?"
    r"|false(?:ly|hoods?)?|baseless(?:ly)?|groundless|debunk\w*|misleading(?:ly)?|misl?ed|misrepresent\w*"
    r"|mischaracteri[sz]\w*|misstat\w*|refut\w+|rebut\w*|contradict\w*|deni(?:ed|es|als?)|deny(?:ing)?"
    r"|disput(?:ed?|es|ing)|lie[sd]?|lying|no evidence|no proof|fact-?check\w*|fabricat\w+|hoax|corroborat\w+)(?!\w)",
    re.IGNORECASE,
)
"""Words by which an article says that something was or was not so, or that somebody says so."""


def assessments(
    info: ArticleInfo, passages: Sequence[Passage], claims: Sequence[Span], asked: str
) -> list[tuple[Hit, Span]]:
    """Return the sentences of an article that say whether claims in it are true, in order, those nearest to it.

    Args:
        info: The article.
        passages: Its passages, in order.
        claims: The characters of the sentences that were cited for the claim.
        asked: The question that they answered.
    """
    found: dict[Span, tuple[Hit, str]] = {}
    for passage in passages:
        for each in parse_passage(passage).sentences:
            found.setdefault(each.span, (Hit(passage, info, 1.0, 1), each.text))
    order = sorted(found, key=lambda span: span.start)
    cited = [place for place, span in enumerate(order) if any(span.overlaps(claim) for claim in claims)]
    claimed = set(terms(" ".join((asked, *(found[order[place]][1] for place in cited))), keep_stop_words=False))
    rated: list[tuple[int, int, Span]] = []
    for place, span in enumerate(order):
        text = found[span][1]
        if place in cited or not _ASSESSING.search(text):
            continue
        apart = min((abs(place - each) for each in cited), default=len(order))
        before = found[order[place - 1]][1] if place else ""  # what "that was not true" is said of
        shared = len(claimed.intersection(terms(f"{before} {text}", keep_stop_words=False)))
        if shared >= (1 if apart <= NEAR else MIN_SHARED):
            rated.append((-shared, apart, span))
    rated = [(shared, apart, _with_claim(span, order, found)) for shared, apart, span in rated]
    chosen = [span for *_, span in sorted(rated, key=lambda each: each[:2])[:MAX_ASSESSMENTS]]
    hits = {span.end: hit for span, (hit, _) in found.items()}
    return [(hits[span.end], span) for span in sorted(dict.fromkeys(chosen), key=lambda span: span.start)]


def _with_claim(span: Span, order: Sequence[Span], found: Mapping[Span, tuple[Hit, str]]) -> Span:
    """Return a short sentence with the one before it, of which it says something: "Except, it wasn't true."."""
    place = order.index(span)
    joined = Span(order[place - 1].start, span.end) if place else span
    brief = len(found[span][1].split()) < MIN_WORDS
    return joined if brief and len(joined) <= MAX_EXCERPT_CHARACTERS else span
