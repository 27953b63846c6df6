"""The sentences that speak of the same things as a quotation that was not found: what it may paraphrase."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from retrieval.articles import Span
from retrieval.quotes.find import Finder
from retrieval.words import STOP_WORDS, terms

_TERMS = 8  # the rarest content words are asked for
_HOLDERS = 400  # articles read from one word's list
_UNHEARD = 0.4  # the weight of a word that no article holds, beside a rare one's
_LONGEST = 5_000  # characters of a quotation that are compared
_READ = 8  # articles whose sentences are compared
_SENTENCE = re.compile(r"[^\n]+?(?:[.!?…][\"'”’)\]]*(?=\s)|$|(?=\n))")
_ABBREVIATED = re.compile(r"(?:\b(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Gen|St|Jr|Sr|[A-Z])|\.[A-Z])\.$")


@dataclass(frozen=True, slots=True)
class Close:
    """A sentence with the part of the quotation's content words, weighed by rarity, that it holds."""

    row: int
    span: Span
    overlap: float
    shared: int


def closest(text: str, finder: Finder, limit: int = 3) -> list[Close]:
    """Return the sentences that share most with ``text``, best first."""
    wanted = dict.fromkeys(terms(text[:_LONGEST], keep_stop_words=False))
    forms = {term: _forms(finder, term) for term in wanted}
    held = {term: sum(forms[term].values()) for term in wanted}
    weights = {
        # A word that no article holds is somebody's own choice of word: it tells less than a rare one.
        term: math.log((finder.size + 2) / (min(count, finder.size) + 0.5)) * (1.0 if count else _UNHEARD)
        for term, count in held.items()
    }
    votes: defaultdict[int, float] = defaultdict(float)
    rarest = sorted((term for term in wanted if held[term]), key=lambda term: held[term])[:_TERMS]
    for term in rarest:
        for row in finder.holders(sorted(forms[term]), _HOLDERS):
            votes[row] += weights[term]
    best = sorted(votes, key=lambda row: (-votes[row], row))[:_READ]
    total = sum(weights.values()) or 1.0
    found = [close for row in best for close in _compare(finder.words(row).source, row, weights, total)]
    found.sort(key=lambda close: (-close.overlap, close.row, close.span))
    return found[:limit]


def _forms(finder: Finder, term: str) -> dict[str, int]:
    """Return the indexed words whose stem is ``term``, with the number of articles that hold each."""
    stem = term[:-1] if len(term) > 4 else term
    found = finder.connection.execute(
        "SELECT word, articles FROM quote_words WHERE word >= ? AND word < ? LIMIT 200", (stem, stem + "\U0010ffff")
    )
    return {word: count for word, count in found if word == term or term in _terms(word)}


def _terms(word: str) -> Sequence[str]:
    return terms(word) if word not in STOP_WORDS else ()


def sentences(text: str) -> Iterator[Span]:
    """Yield sentences, roughly: good enough to point at one."""
    start: int | None = None
    for found in _SENTENCE.finditer(text):
        piece = found.group()
        begin = found.start() + len(piece) - len(piece.lstrip())
        start = begin if start is None else start
        if _ABBREVIATED.search(piece) and text[found.end() : found.end() + 1] != "\n":
            continue
        if text[start : found.end()].strip():
            yield Span(start, found.end())
        start = None


def _compare(text: str, row: int, weights: dict[str, float], total: float) -> Iterator[Close]:
    for span in sentences(text):
        shared = weights.keys() & set(terms(span.of(text), keep_stop_words=False))
        if shared:
            yield Close(row, span, sum(weights[term] for term in shared) / total, len(shared))
