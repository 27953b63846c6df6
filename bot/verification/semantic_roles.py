"""Semantic roles: subject and object of a verb that a claim and its source have in opposite order."""

from __future__ import annotations

from collections.abc import Sequence

from retrieval.text.lexicon import BE
from retrieval.text.tokens import Word

_SYMMETRIC = frozenset({"met", "meet", "marri", "talk", "play", "agre", "join", "and", "versus", "face", "border"})
"""Verbs that say the same either way round."""
_BETWEEN = 4  # words between a verb and what it joins
_LISTS = frozenset({"and", "or", "by"})


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
        if words[place].number or words[place].date or text[words[place].start].isupper():
            continue
        before, after = written[max(0, place - 3) : place], written[place + 1 : place + 3]
        passive = "by" in after or not BE.isdisjoint(before)
        lefts = [n for n in content[max(0, at - 2) : at] if _beside(text, words, n, place)]
        rights = [n for n in content[at + 1 : at + 3] if _beside(text, words, place, n)]
        found += [(words[a].term, words[place].term, words[b].term, passive, place) for a in lefts for b in rights]
    return found


def _beside(text: str, words: Sequence[Word], first: int, last: int) -> bool:
    """Tell whether two words are near, with no comma and nothing that joins a list between them."""
    if last - first > _BETWEEN:
        return False
    between = text[words[first].end : words[last].start].lower()
    return not any(mark in between for mark in ',;:()"“”') and not _LISTS.intersection(between.split())
