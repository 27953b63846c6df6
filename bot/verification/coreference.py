"""Coreference in the sentences found: full names for surnames, and names for pronouns and "the company"."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from bot.answering.features import CandidateSentence, candidate_sentences, parse_passage
from bot.verification.entities import Name, names
from retrieval.articles import Hit
from retrieval.text.lexicon import THIRD_PERSON

_REFERRING = THIRD_PERSON | {"this", "these", "who"}
_OPENING_WORDS = 6  # words of the beginning in which a reference points back
_ROLES = frozenset(
    """company firm group party ministry minister president government agency club team union bank court council film
    show album song band book series organisation organization man woman pair""".split()  # noqa: SIM905 (readable)
)
"""Nouns that with "the" refer to a name before."""


def resolved_sentences(hits: Sequence[Hit]) -> list[CandidateSentence]:
    """Return the citable sentences of ``hits`` with the terms of the names that they refer to.

    A surname refers to the full name in the same article, where that is unique; a pronoun near the beginning, or "the
    company", to the names of the sentence before and of the headings above.
    """
    full = _full_names(hits)
    found = []
    for each in candidate_sentences(hits):
        hit = hits[each.hit]
        known = full[hit.passage.article_id]
        text = each.sentence.text
        capitals = (word.term for word in each.sentence.words if text[word.start].isupper())
        meant = {term for last in capitals for term in known.get(last, ())}
        if _points_back(text):
            page = parse_passage(hit.passage)
            before = page.sentences[each.place - 1].text if each.place else ""
            meant |= {term for above in (before, hit.passage.context) for name in _names(above) for term in name.terms}
        fresh = meant - each.sentence.terms
        found.append(
            replace(each, sentence=replace(each.sentence, terms=each.sentence.terms | fresh)) if fresh else each
        )
    return found


def _full_names(hits: Sequence[Hit]) -> dict[str, dict[str, frozenset[str]]]:
    """Return for each article the terms of each full name by its surname, except surnames of several people."""
    found: dict[str, dict[str, set[frozenset[str]]]] = {}
    for hit in hits:
        known = found.setdefault(hit.passage.article_id, {})
        texts = [hit.passage.context, *(sentence.text for sentence in parse_passage(hit.passage).sentences)]
        for text in texts:
            for name in _names(text):
                if len(name.terms) > 1:
                    known.setdefault(name.terms[-1], set()).add(frozenset(name.terms))
    return {
        article: {last: longest for last, every in known.items() if (longest := _longest_form(every))}
        for article, known in found.items()
    }


def _longest_form(every: set[frozenset[str]]) -> frozenset[str]:
    """Return the longest form of a name; empty where the forms are of several people."""
    longest = max(every, key=len)
    return longest if all(each <= longest for each in every) else frozenset()


@lru_cache(maxsize=20_000)
def _names(text: str) -> tuple[Name, ...]:
    return tuple(names(text))


def _points_back(text: str) -> bool:
    opening = [word.strip(".,;:\"'“”‘’()").lower() for word in text.split()[:_OPENING_WORDS]]
    if not _REFERRING.isdisjoint(opening):
        return True
    return any(left == "the" and right in _ROLES for left, right in itertools.pairwise(opening))
