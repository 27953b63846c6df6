"""Paraphrases: the sentences nearest to a quotation that was not found, and indirect speech quoted as direct.

:func:`closest` returns sentences that share its content words; :func:`is_reported_speech` recognises the changes from
"he said he would" to "I will".
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from retrieval.articles import Span
from retrieval.quotes.diff import MINOR, Change, ChangeKind
from retrieval.quotes.matcher import Matcher
from retrieval.text.analyzer import terms
from retrieval.text.folding import Words
from retrieval.text.lexicon import BE, DO, HAVE, PERSONAL_PRONOUNS, STOP_WORDS, expanded
from retrieval.text.quotation_marks import paragraphs
from retrieval.text.sentences import sentences

_GROUPS = (
    PERSONAL_PRONOUNS,
    BE,
    HAVE,
    DO,
    frozenset({"will", "would"}),
    frozenset({"can", "could"}),
    frozenset({"may", "might"}),
    frozenset({"shall", "should"}),
)
_CLAIMS = frozenset({ChangeKind.NUMBER, ChangeKind.NEGATION})
_MIN_REWORDED = 2  # differences that make a report reworded even when neither person nor tense changed


def is_reported_speech(changes: Sequence[Change], *, is_content: bool) -> bool:
    """Return whether a quotation only rewords a report: another person or tense, or several other words.

    A changed number or negation is another claim.

    Args:
        changes: Between the quotation and the report.
        is_content: Whether the report's words are the whole content of an attribution.
    """
    other = [change for change in changes if change.reason not in MINOR]
    if any(change.reason in _CLAIMS for change in other):
        return False
    return any(map(_is_shift, other)) or (is_content and len(other) >= _MIN_REWORDED)


def _is_shift(change: Change) -> bool:
    quoted, source = expanded(Words(change.quoted).texts), expanded(Words(change.source).texts)
    return any(
        left != right and left in group and right in group for group in _GROUPS for left in quoted for right in source
    )


_MAX_TERMS = 8  # content words that are looked up, the rarest
_MAX_HOLDERS = 400  # articles read from one word's list
_UNKNOWN_WEIGHT = 0.4  # of a word that occurs in no article, relative to a rare one
_MAX_CHARACTERS = 5_000  # of a quotation that are compared
_MAX_ARTICLES = 8  # whose sentences are compared
_MAX_CACHED_ARTICLES = 128


@dataclass(frozen=True, slots=True)
class CloseSentence:
    """A sentence with the share of the quotation's content words, weighted by rarity, that it contains."""

    row: int
    span: Span
    overlap: float
    shared: int


def closest(text: str, matcher: Matcher, limit: int = 3) -> list[CloseSentence]:
    """Return the sentences that share most with ``text``, best first."""
    wanted = dict.fromkeys(terms(text[:_MAX_CHARACTERS], keep_stop_words=False))
    forms = {term: _forms(matcher, term) for term in wanted}
    counts = {term: sum(forms[term].values()) for term in wanted}
    weights = {
        # A word that occurs in no article is the quoter's own choice: it identifies less than a rare one.
        term: math.log((matcher.size + 2) / (min(count, matcher.size) + 0.5)) * (1.0 if count else _UNKNOWN_WEIGHT)
        for term, count in counts.items()
    }
    votes: defaultdict[int, float] = defaultdict(float)
    rarest = sorted((term for term in wanted if counts[term]), key=lambda term: counts[term])[:_MAX_TERMS]
    for term in rarest:
        for row in matcher.holders(sorted(forms[term]), _MAX_HOLDERS):
            votes[row] += weights[term]
    best = sorted(votes, key=lambda row: (-votes[row], row))[:_MAX_ARTICLES]
    total = sum(weights.values()) or 1.0
    found = [close for row in best for close in _compare(matcher.words(row).source, row, weights, total)]
    found.sort(key=lambda close: (-close.overlap, close.row, close.span))
    return found[:limit]


def _forms(matcher: Matcher, term: str) -> dict[str, int]:
    """Return the indexed words whose stem is ``term``, with the number of articles that contain each."""
    stem = term[:-1] if len(term) > 4 else term
    found = matcher.connection.execute(
        "SELECT word, articles FROM quote_words WHERE word >= ? AND word < ? LIMIT 200", (stem, stem + "\U0010ffff")
    )
    return {word: count for word, count in found if word == term or term in _terms(word)}


def _terms(word: str) -> Sequence[str]:
    return terms(word) if word not in STOP_WORDS else ()


def sentences_of(text: str) -> Iterator[Span]:
    """Yield the sentences of an article, in order; none crosses the end of a paragraph."""
    for paragraph in paragraphs(text):
        yield from sentences(text, paragraph)


@lru_cache(maxsize=_MAX_CACHED_ARTICLES)
def _sentence_terms(text: str) -> tuple[tuple[Span, frozenset[str]], ...]:
    """Return the sentences of an article with their terms: a draft's quotations are compared with the same articles."""
    return tuple((span, frozenset(terms(span.of(text), keep_stop_words=False))) for span in sentences_of(text))


def _compare(text: str, row: int, weights: dict[str, float], total: float) -> Iterator[CloseSentence]:
    for span, found in _sentence_terms(text):
        shared = weights.keys() & found
        if shared:
            yield CloseSentence(row, span, sum(weights[term] for term in shared) / total, len(shared))
