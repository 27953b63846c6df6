"""The sides of a comparison and what they share: "Vell's and Tarn's rules", "what Mali, Niger and Chad want"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from retrieval.text.analyzer import fold
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import QUESTION_AUXILIARIES, alternation
from retrieval.text.verb_forms import BASES, is_finite

_NAME = r"(?-i:(?:the\s)?[A-Z][\w.&-]{0,40}(?:\s(?:of\s|the\s)?[A-Z][\w.&-]{0,40}){0,5})"
_BARE_NAME = LazyPattern(rf"{_NAME}(?:['’]s?)?")
_LEAD = LazyPattern(rf"(?:what|how)\s+(?:(?:{alternation(QUESTION_AUXILIARIES)})\s+)?", re.IGNORECASE)
_POSSESSIVE = LazyPattern(r"['’]s?$")
_LIST = LazyPattern(r",\s{0,3}")
_OWNED = LazyPattern(r"(?P<name>[^'’,]{1,60})['’]s?\s+(?P<shared>\S.{0,120})")
_PLACED = LazyPattern(
    rf"(?P<shared>\S.{{0,120}}?)\s(?:in|of|for|at|by|from|between|among)\s(?P<name>{_NAME})", re.IGNORECASE
)
_ABOUT = LazyPattern(r"(?P<side>[^'’,]{1,60}?)\s(?:on|about|over)\s(?P<shared>\S.{0,120})")
_CLAUSE = LazyPattern(rf"(?P<name>{_NAME})\s(?P<shared>(?-i:[a-z]).{{0,150}})")


@dataclass(frozen=True, slots=True)
class ComparedSides:
    """What is compared, and in what.

    Attributes:
        sides: The sides, as written.
        shared: What all of them have or do, as written: "rules on birth control"; empty where it is not said.
    """

    sides: tuple[str, ...]
    shared: str = ""


def compared_sides(one: str, other: str) -> ComparedSides:
    """Return the sides of which a question names one, or several in a list, and another one.

    Args:
        one: What stands before the last "and", "with" or "from": "the rules in California", "what Mali, Niger".
        other: What stands behind it: "Oregon's", "Chad want from Russia".
    """
    lead = _LEAD.match(one)
    firsts = [part for part in _LIST.split(one[lead.end() :] if lead else one) if part]
    if not firsts or (len(firsts) > 1 and not all(map(_BARE_NAME.fullmatch, firsts))):
        return ComparedSides((one, other))
    spoken = _ABOUT.fullmatch(other)
    if spoken and len(firsts) == 1 and not lead:
        return ComparedSides((one, spoken["side"]), spoken["shared"])
    owned, placed = _OWNED.fullmatch(other), _PLACED.fullmatch(firsts[0])
    first_owned = _OWNED.fullmatch(firsts[0])
    clause = _CLAUSE.fullmatch(other)
    if owned and (first_owned is None or fold(first_owned["shared"]) == fold(owned["shared"])):
        last, shared = owned["name"], owned["shared"]
        firsts = [first_owned["name"]] if first_owned else firsts
    elif first_owned and _BARE_NAME.fullmatch(other):
        firsts, last, shared = [first_owned["name"]], other, first_owned["shared"]
    elif placed and _BARE_NAME.fullmatch(other):
        firsts, last, shared = [placed["name"]], other, placed["shared"]
    elif clause and (lead or (_is_verb(clause["shared"].split()[0]) and not other.startswith("the "))):
        last, shared = clause["name"], clause["shared"]
    else:
        last, shared = other, ""
    return ComparedSides(tuple(_POSSESSIVE.sub("", side) for side in (*firsts, last)), shared)


def _is_verb(word: str) -> bool:
    return fold(word) in BASES or is_finite(fold(word))
