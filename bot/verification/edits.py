"""Edit features: the words of the nearest sentence that a claim deletes, replaces, inserts or moves."""

from __future__ import annotations

import math
from collections.abc import Sequence

from rapidfuzz.distance import LCSseq

from bot.answering.features import Sentence
from bot.verification.features import ParsedClaim
from retrieval.text.lexicon import changes_meaning
from retrieval.text.tokens import Word

EDIT_FEATURES = (
    "skips", "skipped", "skips_clean", "broken_end", "broken_start", "replaced", "added", "qualifiers_lost",
    "last_lost", "first_lost", "order_kept", "swap_weight",
)  # fmt: skip
"""In this order: deletions without commas around them, per word of the claim; their words (log); deletions between
commas; whether the sentence goes on after the claim's end, and begins before its start; the weight of substituted
words; of inserted words; deleted qualifiers and negators; the weight of the claim's last and first content word where
the sentence lacks it; the share matched between the first and the last match; the weight of moved words."""

_NOTHING_SHARED = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 1.0, 1.0, 0.0, 0.0)
_MAX_REPLACEMENT_WORDS = 6  # words that a replacement may have


def edit_features(claim: ParsedClaim, sentences: Sequence[Sentence]) -> list[float]:
    """Return the ``EDIT_FEATURES`` features of a claim against the most similar of the sentences given."""
    ours = [word for word in claim.words if word.term]
    left = [word.term for word in ours]
    best = max(sentences, key=lambda each: LCSseq.similarity(left, [word.term for word in each.words if word.term]))
    theirs = [word for word in best.words if word.term]
    right = [word.term for word in theirs]
    runs = [op for op in LCSseq.opcodes(left, right) if op.tag == "equal"]
    if not runs:
        return list(_NOTHING_SHARED)
    held = set(right)
    edges = [(0, 0), *((op.src_end, op.dest_end) for op in runs)]
    starts = [*((op.src_start, op.dest_start) for op in runs), (len(left), len(right))]
    gaps = [(a1, a2, b1, b2) for (a1, b1), (a2, b2) in zip(edges, starts, strict=True)]
    inner = [(b1, b2) for _, _, b1, b2 in gaps[1:-1] if b1 < b2]
    clean = [_bounded(best.text, theirs, *gap) for gap in inner]
    skipped = sum(b2 - b1 for (b1, b2), marked in zip(inner, clean, strict=True) if not marked)
    weights = [claim.content.get(term, 0.0) for term in left]
    total = sum(claim.content.values()) or 1.0
    instead, beside = _replaced_and_inserted(gaps, weights)
    moved = sum(weights[n] for a1, a2, _, _ in gaps for n in range(a1, a2) if left[n] in held)
    first, last = runs[0].dest_start, runs[-1].dest_end
    lead = [(max(0, first - _MAX_REPLACEMENT_WORDS), first)] if first else []
    matched = sum(op.src_end - op.src_start for op in runs)
    return [
        (len(clean) - sum(clean)) / len(left),
        math.log1p(skipped),
        sum(clean) / len(left),
        float(last < len(right) and not _marked(best.text, theirs[last - 1].end, theirs[last].start)),
        float(first > 0 and not _marked(best.text, theirs[first - 1].end, theirs[first].start)),
        instead / total,
        beside / total,
        float(sum(_count_qualifiers(best.text, theirs[b1:b2]) for b1, b2 in [*lead, *inner])),
        _edge_lost(claim, held, ours[::-1]),
        _edge_lost(claim, held, ours),
        matched / (last - first),
        moved / total,
    ]


def _replaced_and_inserted(gaps: Sequence[tuple[int, int, int, int]], weights: Sequence[float]) -> tuple[float, float]:
    """Return the weights of the claim's words that replace others and of those that are inserted."""
    instead = beside = 0.0
    for number, (a1, a2, b1, b2) in enumerate(gaps):
        inner = 0 < number < len(gaps) - 1
        if b1 < b2 and (inner or b2 - b1 <= _MAX_REPLACEMENT_WORDS):
            instead += sum(weights[a1:a2])
        else:
            beside += sum(weights[a1:a2])
    return instead, beside


def _count_qualifiers(text: str, words: Sequence[Word]) -> int:
    return sum(changes_meaning(text[word.start : word.end].lower()) for word in words)


def _bounded(text: str, words: Sequence[Word], first: int, last: int) -> bool:
    """Tell whether punctuation encloses the words ``[first, last)``."""
    before = first == 0 or _marked(text, words[first - 1].end, words[first].start)
    after = last == len(words) or _marked(text, words[last - 1].end, words[last].start)
    return before and after


def _marked(text: str, start: int, end: int) -> bool:
    return any(mark in text[start:end] for mark in ',;:()—–.!?"“”') or " - " in text[start:end]


def _edge_lost(claim: ParsedClaim, held: set[str], words: Sequence[Word]) -> float:
    word = next((word for word in words if not word.stop), None)
    return 0.0 if word is None or word.term in held else claim.content[word.term]
