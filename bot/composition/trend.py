"""Trends: the sentences of a few articles that tell how a quantity changed, where no two figures of it are compared.

"The rate is up by a third since 2001." One article says it in one sentence or tells the figures one after the other:
"At one time there were almost 800 detainees. There are now 91."
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from bot.composition.quotable import QuotableSentence
from retrieval.text.analyzer import terms
from retrieval.text.equivalents import related_terms
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.near_duplicates import ShingleSet, duplicates_any, shingle_set
from retrieval.text.numbers import quantities

MAX_TOLD = 5
"""Sentences of a trend."""
MAX_DISTANCE = 60
"""Characters between a figure and the word that tells of its change."""
MIN_HELD = 0.5
"""Share of the quantity's words, or words related to them, that a sentence has."""
_OF_QUANTITIES = frozenset(
    terms(
        """number numbers rate rates amount level levels share total count figure figures size left remaining percentage
        percent average every each per day year month many much us u.s. american"""
    )
)
"""Words of a quantity that say nothing of what it counts."""
_QUANTITIES = frozenset(
    terms(
        """number numbers rate rates amount level levels share total count percentage price prices cost costs wage wages
        pay salary salaries growth unemployment employment inflation population turnout sales revenue profit profits
        deficit debt spending budget income toll approval poll polls cases deaths temperature emissions production"""
    )
)
"""Words for what is counted or measured."""
_VERBS = (
    r"r[oi]se[ns]?|rising|f[ae]ll(?:en|s|ing)?|gr[eo]wn?|growing|increas\w{1,4}|decreas\w{1,4}|declin\w{1,4}"
    r"|dropp?(?:s|ed|ing)?|climb\w{0,3}|jump\w{0,3}|slump\w{0,3}|plung\w{1,3}|soar\w{0,3}|surg\w{1,3}|doubl\w{1,3}"
    r"|tripl\w{1,3}|halv\w{1,3}|slow(?:ed|ing|er)?|accelerat\w{1,3}|lower(?:ed|ing)?|reduc\w{1,4}|edged|ticked"
    r"|expand\w{0,3}|shr[aiu]nk\w{0,3}|compared (?:with|to)"
)
_CHANGED = LazyPattern(
    rf"\b(?:{_VERBS})\b|\b(?:up|down) (?:by )?(?:from|an?|\$?\d)|\bfrom\s[^.]{{1,40}}\sto\b", re.IGNORECASE
)
"""What tells a change itself."""
_PLACED = LazyPattern(
    rf"\b(?:{_VERBS}|up|down|cut|(?:more|less|fewer|higher|better|worse) than|at one time|once|now|still)\b"
    r"|\bremain\w{0,3}\b|\bfrom\s[^.]{1,40}\sto\b",
    re.IGNORECASE,
)
"""What tells it, or when a figure was so."""
_DURATIONS = frozenset(terms("second minute hour day week month year decade"))


def is_quantity(phrase: str) -> bool:
    """Return whether a phrase is of something that is counted or measured: "the number of detainees"."""
    return not _QUANTITIES.isdisjoint(terms(phrase))


def is_bare_quantity(phrase: str) -> bool:
    """Return whether a phrase says that something is counted, and not what: "the number"."""
    held = frozenset(terms(phrase, keep_stop_words=False))
    return bool(held) and held <= _OF_QUANTITIES


def trend(quantity: str, sentences: Sequence[QuotableSentence], *, in_hand: bool = True) -> list[QuotableSentence]:
    """Return the sentences that give a figure of a quantity and tell of its change, in the order of their articles.

    Args:
        quantity: It, in the words of the question: "number of detainees".
        sentences: The sentences of the articles, best first.
        in_hand: Whether these are of the articles that are asked about, so that a figure "now" is enough.
    """
    wanted = [each for each in dict.fromkeys(terms(quantity, keep_stop_words=False)) if each not in _OF_QUANTITIES]
    if not wanted:
        return []
    pattern = _PLACED if in_hand else _CHANGED
    kept: list[tuple[float, QuotableSentence]] = []
    texts: list[ShingleSet] = []
    for each in sentences:
        share = _held(wanted, each.sentence.terms)
        text = shingle_set(each.text)
        if share >= MIN_HELD and tells_change(each.text, pattern) and not duplicates_any(text, texts):
            kept.append((share, each))
            texts.append(text)
    best = sorted(kept, key=lambda one: -one[0])[:MAX_TOLD]
    return sorted((each for _, each in best), key=lambda one: (one.article.published, one.article.id, one.span.start))


def _held(wanted: Sequence[str], held: Collection[str]) -> float:
    own = frozenset(held)
    return sum(each in own or not own.isdisjoint(related_terms(each)) for each in wanted) / len(wanted)


def tells_change(text: str, pattern: LazyPattern) -> bool:
    """Return whether a text has a figure that is no year, age or duration, and a word of change near it."""
    counts = [
        each
        for each in quantities(text)
        if each.kind == "number" and each.unit not in _DURATIONS and not _is_age(text, each.start, each.end)
    ]
    changes = [found.start() for found in pattern.finditer(text)]
    return any(abs(each.start - place) <= MAX_DISTANCE for each in counts for place in changes)


def _is_age(text: str, start: int, end: int) -> bool:
    return text[:start].endswith(", ") and text[end:].startswith(",")
