"""Who did what to whom: parts of a claim that its source has the other way round, or has another word for."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz.distance import LCSseq

from bot.claims.names import Known, names
from bot.reading.text import Word

_SYMMETRIC = frozenset({"met", "meet", "marri", "talk", "play", "agre", "join", "and", "versus", "face", "border"})
"""Verbs that say the same either way round."""
_BETWEEN = 4  # words between a verb and what it joins
_PASSIVE = frozenset({"was", "were", "is", "are", "been", "be", "being"})


def swapped(text: str, words: Sequence[Word], source: str, others: Sequence[Word]) -> str:
    """Return the verb whose two sides a source has the other way round, as the claim has it, or nothing."""
    theirs = {(left, verb, right): passive for left, verb, right, passive, _ in _triples(source, others)}
    for left, verb, right, passive, place in _triples(text, words):
        reverse = theirs.get((right, verb, left))
        if reverse is not None and reverse == passive and (left, verb, right) not in theirs and verb not in _SYMMETRIC:
            return text[words[place].start : words[place].end]
    return ""


def _triples(text: str, words: Sequence[Word]) -> list[tuple[str, str, str, bool, int]]:
    """Return each content word with the nearest ones around it, whether it is passive, and its place."""
    content = [number for number, word in enumerate(words) if word.term and not word.stop]
    written = [text[word.start : word.end].lower() for word in words]
    found = []
    for at, place in enumerate(content[1:-1], 1):
        if words[place].number:
            continue
        before, after = written[max(0, place - 3) : place], written[place + 1 : place + 3]
        passive = "by" in after or not _PASSIVE.isdisjoint(before)
        lefts = [n for n in content[max(0, at - 2) : at] if place - n <= _BETWEEN]
        rights = [n for n in content[at + 1 : at + 3] if n - place <= _BETWEEN]
        found += [(words[a].term, words[place].term, words[b].term, passive, place) for a in lefts for b in rights]
    return found


def replaced(text: str, words: Sequence[Word], source: str, others: Sequence[Word]) -> tuple[str, str]:
    """Return a name of the claim and the name its source has in that place; two empty texts where there is none."""
    ours = [number for number, word in enumerate(words) if word.term]
    theirs = [number for number, word in enumerate(others) if word.term]
    left, right = [words[n].term for n in ours], [others[n].term for n in theirs]
    our_names, their_names = names(text), names(source)
    held, said = Known([source]), Known([text])
    equal = [(op.src_start, op.src_end) for op in LCSseq.opcodes(left, right) if op.tag == "equal"]
    content = {n for n, number in enumerate(ours) if not words[number].stop}
    for a1, a2, b1, b2 in _gaps(left, right):
        before = any(end == a1 and content.intersection(range(start, end)) for start, end in equal)
        after = any(start == a2 and content.intersection(range(start, end)) for start, end in equal)
        near = max(a2 - a1, b2 - b1) <= _BETWEEN
        if not near or not (before or a1 == 0) or not (after or a2 == len(left)) or not (before or after):
            continue
        span = _chars(words, ours, a1, a2), _chars(others, theirs, b1, b2)
        mine = [n for n in our_names if _inside(n.start, n.end, span[0]) and not held.has(n)]
        its = [n for n in their_names if _inside(n.start, n.end, span[1]) and not said.has(n)]
        if mine and its:
            return mine[0].text, its[0].text
    return "", ""


def _gaps(left: Sequence[str], right: Sequence[str]) -> list[tuple[int, int, int, int]]:
    """Return the stretches between equal runs that both sides fill with other words."""
    gaps = []
    a = b = 0
    for op in [*(op for op in LCSseq.opcodes(left, right) if op.tag == "equal"), None]:
        a2, b2 = (op.src_start, op.dest_start) if op else (len(left), len(right))
        if a < a2 and b < b2:
            gaps.append((a, a2, b, b2))
        if op:
            a, b = op.src_end, op.dest_end
    return gaps


def _chars(words: Sequence[Word], numbers: Sequence[int], first: int, last: int) -> tuple[int, int]:
    return words[numbers[first]].start, words[numbers[last - 1]].end


def _inside(start: int, end: int, span: tuple[int, int]) -> bool:
    return span[0] <= start and end <= span[1]
