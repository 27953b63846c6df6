"""Gold answers as strings: whether a sentence gives one of them."""

from __future__ import annotations

from collections.abc import Sequence

from retrieval.text.analyzer import fold, terms, words
from retrieval.text.number_words import CARDINALS, value

PARAPHRASE_RECALL = 0.6
"""Share of a paraphrased gold answer's content terms that a sentence must hold: "Mark Giuliano, fire chief" is given by
"Eglin Fire Chief Mark Giuliano"."""
PARAPHRASE_TERMS = 3
"""Content terms from which a gold answer may be in other words; a shorter one must occur as it is."""


def gives_gold(quote: str, gold: Sequence[str], *, paraphrase: bool = False) -> bool:
    """Return whether a quote gives one of the gold answers, by its words.

    A gold answer occurs word for word, without case, diacritics and punctuation, small numbers in figures or words
    alike; one of ``PARAPHRASE_TERMS`` content terms or more, or any where ``paraphrase``, is given by
    ``PARAPHRASE_RECALL`` of them.
    """
    read = _folded(quote)
    held = frozenset(terms(quote))
    return any(_occurs(_folded(each), read) or _recalled(each, held, paraphrase=paraphrase) for each in gold)


def _folded(text: str) -> list[str]:
    """Return the words, folded, a cardinal word as its figures."""
    found = [fold(part) for word in words(text) for part in word.replace("’", "'").split("'")]
    return [f"{value((word,)):g}" if word in CARDINALS else word for word in found if word]


def _occurs(gold: Sequence[str], text: Sequence[str]) -> bool:
    return bool(gold) and any(text[at : at + len(gold)] == gold for at in range(len(text) - len(gold) + 1))


def _recalled(gold: str, held: frozenset[str], *, paraphrase: bool) -> bool:
    wanted = frozenset(terms(gold, keep_stop_words=False))
    if not wanted or (len(wanted) < PARAPHRASE_TERMS and not paraphrase):
        return False
    return len(wanted & held) / len(wanted) >= PARAPHRASE_RECALL
