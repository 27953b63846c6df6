"""Words of a question: those that its answer repeats, and whether a text holds one in any form."""

from __future__ import annotations

import re
from collections.abc import Collection

from bot.answering.question import ParsedQuestion
from bot.answering.term_weights import general_weights
from retrieval.text.analyzer import fold, terms
from retrieval.text.equivalents import equivalent_terms, related_terms
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import word_set
from retrieval.text.number_words import ORDINALS
from retrieval.text.orthography import american, american_term
from retrieval.text.roles import ROLES, TITLES_OF_ROLE
from retrieval.text.tokens import Word, read_words, term_set
from retrieval.text.verb_forms import base_form, participle, past_form

MIN_WEIGHT = 0.3
"""Weight in general English from which an answer has to hold a word: "new" is too light."""
_OPEN_WORDS = word_set(
    """people person persons man men woman women happen happened happens occur occurred take took taken place affected
    affect involved last lasted go went gone get got want wanted play played role supposed exactly actually total
    altogether overall name names
    number kind sort time list everybody everyone anybody anyone share percentage proportion quoted mentioned"""
)
"""Words of a question that its answer need not repeat."""
_MEASURED = LazyPattern(r"\bhow\s+(?P<what>[a-z]+)", re.IGNORECASE)


def content_words(question: ParsedQuestion) -> tuple[Word, ...]:
    """Return the words that an answer repeats: without names, and without "people", "happen" or "strong" ("how")."""
    measured = _MEASURED.search(question.text)
    weights = general_weights([word.term for word in question.content])
    return tuple(
        word
        for word in question.content
        if not word.date
        and weights[word.term] >= MIN_WEIGHT
        and (not word.name or fold(question.text[word.start : word.end]) in ROLES)
        and fold(question.text[word.start : word.end]) not in _OPEN_WORDS
        and not (measured and measured.start("what") == word.start)
    )


def forms(word: str) -> frozenset[str]:
    """Return the terms of a word's forms and spellings, and of words for the same act: "buy" of "bought"."""
    folded = fold(word)
    base = base_form(folded)
    spelt = {folded, american(folded)}
    written = {*spelt, base, past_form(base), participle(base)} if base else {*spelt, *_titles(folded)}
    found = {term for each in written for term in terms(each)}
    found |= {american_term(term) for term in found}
    return frozenset(found).union(*(equivalent_terms(each) for each in found))


def related_forms(word: str) -> frozenset[str]:
    """Return the terms of related words: "defeated" of "won", "2" of "second"."""
    number = ORDINALS.get(fold(word))
    return frozenset({str(number)} if number else ()).union(*(related_terms(each) for each in forms(word)))


def spelt_terms(text: str) -> frozenset[str]:
    """Return the terms of a text in their own and in American spelling, as ``forms`` are sought in them."""
    held = term_set(read_words(text))
    return held | frozenset(map(american_term, held))


def holds_form(held: Collection[str], word: str) -> bool:
    """Return whether the terms of a text (``spelt_terms``) have a word in any form, or a related one."""
    return not (forms(word) | related_forms(word)).isdisjoint(held)


def _titles(role: str) -> list[str]:
    """Return what stands for a role before a name: "gov" for "governor"."""
    return [each for each in TITLES_OF_ROLE.get(role, "").split("|") if each]
