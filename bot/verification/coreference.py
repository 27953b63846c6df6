"""Coreference in the sentences found: full names for surnames, and names for pronouns and "the company"."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from bot.answering.features import CandidateSentence, candidates, read_passage
from bot.verification.entities import Name, names
from retrieval.articles import Hit
from retrieval.text.lexicon import THIRD_PERSON

_STANDS_FOR = THIRD_PERSON | {"this", "these", "who"}
_OPENING = 6  # words from the beginning in which such a word speaks of somebody named before
_ROLES = frozenset(
    """company firm group party ministry minister president government agency club team union bank court council film
    show album song band book series organisation organization man woman pair""".split()  # noqa: SIM905 (readable)
)
"""Nouns that with "the" stand for somebody named before."""


def told(hits: Sequence[Hit]) -> list[CandidateSentence]:
    """Return every citable sentence of ``hits``, as ``candidates`` does, its terms with those of whom it speaks of.

    A surname alone stands for the full name that the same article has, where it has one only; a pronoun near the
    beginning, or "the company", for the names of the sentence before and of what stands above.
    """
    full = _full_names(hits)
    found = []
    for each in candidates(hits):
        hit = hits[each.hit]
        known = full[hit.passage.article_id]
        text = each.sentence.text
        capitals = (word.term for word in each.sentence.words if text[word.start].isupper())
        meant = {term for last in capitals for term in known.get(last, ())}
        if _points_back(text):
            page = read_passage(hit.passage)
            before = page.sentences[each.place - 1].text if each.place else ""
            meant |= {term for above in (before, hit.passage.context) for name in _names(above) for term in name.terms}
        fresh = meant - each.sentence.terms
        found.append(
            replace(each, sentence=replace(each.sentence, terms=each.sentence.terms | fresh)) if fresh else each
        )
    return found


def _full_names(hits: Sequence[Hit]) -> dict[str, dict[str, frozenset[str]]]:
    """Return by article the words of each full name by its last word, those left out that two people share."""
    found: dict[str, dict[str, set[frozenset[str]]]] = {}
    for hit in hits:
        known = found.setdefault(hit.passage.article_id, {})
        texts = [hit.passage.context, *(sentence.text for sentence in read_passage(hit.passage).sentences)]
        for text in texts:
            for name in _names(text):
                if len(name.terms) > 1:
                    known.setdefault(name.terms[-1], set()).add(frozenset(name.terms))
    return {
        article: {last: longest for last, every in known.items() if (longest := _one(every))}
        for article, known in found.items()
    }


def _one(every: set[frozenset[str]]) -> frozenset[str]:
    """Return the longest of names that are forms of one, or nothing where they are several people's."""
    longest = max(every, key=len)
    return longest if all(each <= longest for each in every) else frozenset()


@lru_cache(maxsize=20_000)
def _names(text: str) -> tuple[Name, ...]:
    return tuple(names(text))


def _points_back(text: str) -> bool:
    opening = [word.strip(".,;:\"'“”‘’()").lower() for word in text.split()[:_OPENING]]
    if not _STANDS_FOR.isdisjoint(opening):
        return True
    return any(left == "the" and right in _ROLES for left, right in itertools.pairwise(opening))
