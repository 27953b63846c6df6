"""Semantic roles: subject and object of a verb that a claim and its source have in opposite order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from retrieval.text.lexicon import BE
from retrieval.text.tokens import Word

_SYMMETRIC = frozenset({"met", "meet", "marri", "talk", "play", "agre", "join", "and", "versus", "face", "border"})
"""Symmetric verbs: their subject and object may be exchanged."""
_ROLE_PREPOSITIONS = frozenset({"by", "to", "from", "with", "for", "against", "than"})
_MIN_SHARED, _MIN_SHARED_PART = 4, 0.6  # content words that both texts have once, and their share of the claim's
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


def exchanged_words(text: str, words: Sequence[Word], source: str, others: Sequence[Word]) -> tuple[str, str] | None:
    """Return two words of a claim that the source has in each other's place, at least one of them a name; else None.

    A word's place is the nearest word before or after it that both texts have, with the preposition or the form of "be"
    between. Adverbs and clauses between do not change it.
    """
    ours = [word for word in words if word.term]
    theirs = [word for word in others if word.term]
    shared = _once(ours) & _once(theirs)
    content = {word.term for word in ours if not word.stop}
    if len(shared) < _MIN_SHARED or len(shared) < _MIN_SHARED_PART * len(content):
        return None
    mine, its = _places(text, ours, shared), _places(source, theirs, shared)
    by_place: dict[tuple[str, ...], list[str]] = {}
    for term, places in its.items():
        for place in places:
            by_place.setdefault(place, []).append(term)
    at = {word.term: number for number, word in enumerate(ours)}
    there = {word.term: number for number, word in enumerate(theirs)}
    for term in sorted(shared, key=at.__getitem__):
        others_there = [other for place in mine[term] - its[term] for other in by_place.get(place, ())]
        for other in dict.fromkeys(others_there):
            if at[other] <= at[term] or mine[term] & its[term] or mine[other] & its[other]:
                continue
            first, last = ours[at[term]], ours[at[other]]
            between = {word.term for word in ours[at[term] + 1 : at[other]] if not (word.stop or word.name)}
            theirs_between = {word.term for word in theirs[there[other] + 1 : there[term]]}
            if (
                mine[other] & its[term]
                and (first.name or last.name)
                and not (first.number or first.date or last.number or last.date)
                and between & theirs_between
                and not _SYMMETRIC & between
            ):
                return text[first.start : first.end], text[last.start : last.end]
    return None


def _once(words: Sequence[Word]) -> frozenset[str]:
    """Return the content terms that occur once."""
    count = Counter(word.term for word in words if not word.stop)
    return frozenset(term for term, times in count.items() if times == 1)


def _places(text: str, words: Sequence[Word], shared: frozenset[str]) -> dict[str, set[tuple[str, ...]]]:
    """Return for each shared term the shared terms nearest to it, each with the links between."""
    found: dict[str, set[tuple[str, ...]]] = {term: set() for term in shared}
    before, end = "", 0
    opening: tuple[str, ...] = ()
    run: list[str] = []
    links: list[str] = []
    is_name = False
    for word in words:
        written = text[word.start : word.end].lower()
        if word.term in shared:
            joined_on = bool(run) and is_name and word.name and _is_list_link(text[end : word.start])
            if not joined_on:
                for term in run:
                    found[term].add(("before", word.term, *links))
                before, run = (run[-1] if run else ""), []
                opening = tuple(links)
            if before:
                found[word.term].add(("after", before, *opening))
            run, links, end, is_name = [*run, word.term], [], word.end, word.name
        elif written in BE or written in _ROLE_PREPOSITIONS:
            links.append("be" if written in BE else written)
    return found


def _is_list_link(between: str) -> bool:
    """Tell whether two names are in one list."""
    return not between.replace(",", " ").strip() or between.replace(",", " ").strip() in _LISTS - {"by"}


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
