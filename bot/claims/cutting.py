"""How a claim was cut from the sentence it is likest: what was skipped, replaced, added and broken off."""

from __future__ import annotations

import math
from collections.abc import Sequence

from rapidfuzz.distance import LCSseq

from bot.claims.features import Claim
from bot.reading.features import Sentence
from bot.reading.text import Word
from retrieval.quotes.lexicon import changes_meaning

CUTTING = (
    "skips", "skipped", "skips_clean", "broken_end", "broken_start", "replaced", "added", "qualifiers_lost",
    "last_lost", "first_lost", "order_kept", "swap_weight",
)  # fmt: skip
"""Stretches of the sentence skipped where no comma marks one, by word of the claim; their words; stretches skipped
between commas; whether the sentence goes on where the claim ends, and had begun where it begins; the weight of the
claim's words that stand in place of others; of those that stand in place of none; qualifiers and negators skipped; the
weight of the claim's last and first content word when the sentence lacks it; the share of the sentence's words between
the first and the last matched that are matched; the weight of words that stand elsewhere in the sentence."""

_NARROW = 6  # words of a stretch that may be another's replacement


def cutting(claim: Claim, sentences: Sequence[Sentence]) -> list[float]:
    """Return the ``CUTTING`` features of a claim against the sentence it is likest, one of those given."""
    ours = [word for word in claim.words if word.term]
    left = [word.term for word in ours]
    best = max(sentences, key=lambda each: LCSseq.similarity(left, [word.term for word in each.words if word.term]))
    theirs = [word for word in best.words if word.term]
    right = [word.term for word in theirs]
    runs = [op for op in LCSseq.opcodes(left, right) if op.tag == "equal"]
    if not runs:
        return [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 1.0, 1.0, 0.0, 0.0]
    plain = clean = skipped = lost = 0
    replaced = added = moved = 0.0
    held = set(right)
    edges = [(0, 0, 0, 0), *((op.src_start, op.src_end, op.dest_start, op.dest_end) for op in runs)]
    edges.append((len(left), len(left), len(right), len(right)))
    for at in range(1, len(edges)):
        a1, a2, b1, b2 = edges[at - 1][1], edges[at][0], edges[at - 1][3], edges[at][2]
        inner = 1 < at < len(edges) - 1
        weight = sum(claim.content.get(term, 0.0) for term in left[a1:a2])
        if a1 < a2:
            moved += sum(claim.content.get(term, 0.0) for term in left[a1:a2] if term in held)
            if b1 < b2 and (inner or b2 - b1 <= _NARROW):
                replaced += weight
            else:
                added += weight
        if b1 < b2 and inner:
            if _bounded(best.text, theirs, b1, b2):
                clean += 1
            else:
                plain += 1
                skipped += b2 - b1
        if b1 < b2 and (inner or at == 1):
            near = theirs[b1:b2] if inner else theirs[max(b1, b2 - _NARROW) : b2]
            lost += sum(changes_meaning(best.text[word.start : word.end].lower()) for word in near)
    total = sum(claim.content.values()) or 1.0
    words = len(left)
    first, last = runs[0].dest_start, runs[-1].dest_end
    return [
        plain / words,
        math.log1p(skipped),
        clean / words,
        float(last < len(right) and not _marked(best.text, theirs[last - 1].end, theirs[last].start)),
        float(first > 0 and not _marked(best.text, theirs[first - 1].end, theirs[first].start)),
        replaced / total,
        added / total,
        float(lost),
        _edge_lost(claim, held, ours[::-1]),
        _edge_lost(claim, held, ours),
        sum(op.src_end - op.src_start for op in runs) / (last - first),
        moved / total,
    ]


def _bounded(text: str, words: Sequence[Word], first: int, last: int) -> bool:
    """Tell whether marks stand on both sides of the words ``[first, last)``."""
    before = first == 0 or _marked(text, words[first - 1].end, words[first].start)
    after = last == len(words) or _marked(text, words[last - 1].end, words[last].start)
    return before and after


def _marked(text: str, start: int, end: int) -> bool:
    return any(mark in text[start:end] for mark in ",;:()—–.!?\"“”") or " - " in text[start:end]


def _edge_lost(claim: Claim, held: set[str], words: Sequence[Word]) -> float:
    word = next((word for word in words if not word.stop), None)
    return 0.0 if word is None or word.term in held else claim.content[word.term]
