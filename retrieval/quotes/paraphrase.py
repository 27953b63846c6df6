"""The sentences that speak of the same things as a quotation that was not found: what it may paraphrase.

Direct speech made of indirect: what changes when "he said he would" is quoted as "I will".
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from retrieval.articles import Span
from retrieval.quotes.diff import SMALL, Change, Reason
from retrieval.quotes.matcher import Finder
from retrieval.text.abbreviations import ends_in_abbreviation
from retrieval.text.analyzer import terms
from retrieval.text.folding import Words
from retrieval.text.lexicon import BE, DO, HAVE, PERSONAL_PRONOUNS, STOP_WORDS

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
_CONTRACTED = {"'ll": "will", "'d": "would", "'ve": "have", "'m": "am", "'re": "are", "'s": "is"}
_CLAIMS = frozenset({Reason.NUMBER, Reason.NEGATION})
_REWORDED = 2  # places with other words that make a retelling even when neither person nor tense moved


def is_retelling(changes: Sequence[Change], *, is_said: bool) -> bool:
    """Tell whether ``changes`` only retell a report: person or tense moved, or several words are the quoter's own.

    A changed number or negation is never a retelling: it reports another claim.

    Args:
        changes: Between the quotation and the report.
        is_said: Whether the report's words are all what somebody is said to have said.
    """
    other = [change for change in changes if change.reason not in SMALL]
    if any(change.reason in _CLAIMS for change in other):
        return False
    return any(map(_is_shift, other)) or (is_said and len(other) >= _REWORDED)


def _is_shift(change: Change) -> bool:
    quoted, source = _expanded(change.quoted), _expanded(change.source)
    return any(
        left != right and left in group and right in group for group in _GROUPS for left in quoted for right in source
    )


def _expanded(text: str) -> list[str]:
    """Return folded words with their contractions written out: "i'll" is "i", "will"."""
    found: list[str] = []
    for word in Words(text).texts:
        stem, mark, rest = word.partition("'")
        found += [stem, _CONTRACTED[mark + rest]] if mark + rest in _CONTRACTED else [word]
    return found


_TERMS = 8  # the rarest content words are asked for
_HOLDERS = 400  # articles read from one word's list
_UNHEARD = 0.4  # the weight of a word that no article holds, beside a rare one's
_LONGEST = 5_000  # characters of a quotation that are compared
_READ = 8  # articles whose sentences are compared
_SENTENCE = re.compile(r"[^\n]+?(?:[.!?…][\"'”’)\]]*(?=\s)|$|(?=\n))")


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
        if ends_in_abbreviation(piece) and text[found.end() : found.end() + 1] != "\n":
            continue
        if text[start : found.end()].strip():
            yield Span(start, found.end())
        start = None


def _compare(text: str, row: int, weights: dict[str, float], total: float) -> Iterator[Close]:
    for span in sentences(text):
        shared = weights.keys() & set(terms(span.of(text), keep_stop_words=False))
        if shared:
            yield Close(row, span, sum(weights[term] for term in shared) / total, len(shared))
