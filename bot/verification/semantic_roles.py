"""Semantic roles: subject and object of a verb that a claim and its source have in opposite order."""

from __future__ import annotations

from collections.abc import Sequence

from retrieval.text.lexicon import BE
from retrieval.text.tokens import Word

_SYMMETRIC = frozenset({"met", "meet", "marri", "talk", "play", "agre", "join", "and", "versus", "face", "border"})
"""Symmetric verbs: their subject and object may be exchanged."""
_MAX_DISTANCE = 4  # words from a verb to its argument
_LISTS = frozenset({"and", "or", "by"})


def swapped_roles(text: str, words: Sequence[Word], source: str, others: Sequence[Word]) -> str:
    """Return the claim's verb whose subject and object the source has in the opposite order; empty without one."""
    theirs = {(left, verb, right): passive for left, verb, right, passive, _ in _triples(source, others)}
    for left, verb, right, passive, place in _triples(text, words):
        reverse = theirs.get((right, verb, left))
        if reverse is not None and reverse == passive and (left, verb, right) not in theirs and verb not in _SYMMETRIC:
            return text[words[place].start : words[place].end]
    return ""


def _triples(text: str, words: Sequence[Word]) -> list[tuple[str, str, str, bool, int]]:
    """Return (left, verb, right, passive, index) of each content word and its nearest neighbours."""
    content = [number for number, word in enumerate(words) if word.term and not word.stop]
    written = [text[word.start : word.end].lower() for word in words]
    found = []
    for at, place in enumerate(content[1:-1], 1):
        if words[place].number or words[place].date or text[words[place].start].isupper():
            continue
        before, after = written[max(0, place - 3) : place], written[place + 1 : place + 3]
        passive = "by" in after or not BE.isdisjoint(before)
        lefts = [n for n in content[max(0, at - 2) : at] if _is_near(text, words, n, place)]
        rights = [n for n in content[at + 1 : at + 3] if _is_near(text, words, place, n)]
        found += [(words[a].term, words[place].term, words[b].term, passive, place) for a in lefts for b in rights]
    return found


def _is_near(text: str, words: Sequence[Word], first: int, last: int) -> bool:
    """Tell whether two words are near each other, with no comma or list conjunction between them."""
    if last - first > _MAX_DISTANCE:
        return False
    between = text[words[first].end : words[last].start].lower()
    return not any(mark in between for mark in ',;:()"“”') and not _LISTS.intersection(between.split())
