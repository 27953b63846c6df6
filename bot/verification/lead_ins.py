"""Stock lead-ins: "According to the articles,", "The passage states that": words of a model about its sources.

They assert nothing about the world, so a claim is judged, and shown, without them: a citation says as much. A lead-in
that names somebody ("According to the police,", "The minister said that") is an attribution, and stays to be checked.
So does one whose noun the sources use for a speaker of their own ("the report says", where they say "a report said").
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.answering.features import Sentence
from retrieval.text.analyzer import terms
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import ARTICLES, THIRD_PERSON, alternation
from retrieval.text.reporting_verbs import SPEECH

_SOURCE = (
    r"articles?|passages?|excerpts?|snippets?|contexts?|texts?|documents?|docs?|sources?|reports?|stor(?:y|ies)|pieces?"
)
_CONTENT = rf"(?:information|details|evidence|content|contents|materials?|facts|coverage|reporting|{_SOURCE})"
_GIVEN = (
    r"(?:provided|given|supplied|retrieved|available|cited|attached|above|following|(?:that\s+)?(?:were|was)\s+(?:provided|given)"
    r"|(?:that\s+)?you(?:['’]ve|\s+have)?\s+(?:provided|gave|given|shared)|here)"
)
_DETERMINER = r"(?:the|these|this|those|your|all\s+the|both|each)"
_NAMED = (
    rf"(?:(?:{_DETERMINER}\s+)?{_GIVEN}\s+(?:news\s+)?{_CONTENT}|{_DETERMINER}\s+{_CONTENT}\s+{_GIVEN}"
    rf"|(?:{_DETERMINER}|my)\s+(?:news\s+)?(?P<noun>{_SOURCE})"
    rf"|\[?(?P<numbered>{_SOURCE})\s+(?:\#|no\.\s*)?\d{{1,2}}\]?(?:\s+and\s+\d{{1,2}})?)"
)
_SOURCES = rf"(?:(?:the\s+)?{_CONTENT}\s+(?:\w+\s+)?(?:in|from|of)\s+)?{_NAMED}"
_STATED = (
    r"(?:reported|stated|mentioned|noted|described|explained|indicated|outlined|discussed|seen|shown|detailed"
    r"|highlighted)"
)
_STATE = (
    r"(?:say|state|report|note|mention|indicate|explain|show|describe|confirm|add|reveal|suggest|highlight|point\s+out"
    r"|make\s+(?:it\s+)?clear|emphasi[sz]e|tell\s+us)s?"
)
_ACCORDING = (
    rf"(?:according\s+to|based\s+(?:up)?on|as\s+(?:{_STATED}\s+)?(?:in|by|per)|per|in|from|drawing\s+on|judging\s+from"
    r"|going\s+by)"
)
_CLEAR = r"(?:we\s+(?:can\s+)?(?:see|know|learn)\s+that\s+|it\s+(?:is|appears|seems)\s+(?:clear\s+)?that\s+)?"
_OPENERS = alternation(ARTICLES | THIRD_PERSON | {"there"})
_THAT = r"\s+(?:\w+ly\s+|also\s+)?that\s+(?=\S)"
_LEAD_INS = tuple(
    LazyPattern(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_ACCORDING}\s+{_SOURCES}\s*,\s*{_CLEAR}(?=\S)",
        rf"{_SOURCES}\s+(?:also\s+|further\s+|\w+ly\s+)?(?:{_STATE}|said|{_STATED}){_THAT}",
        rf"{_SOURCES}\s+(?:also\s+)?(?:say|state)s?\s+(?=(?:{_OPENERS})\s|[A-Z])",
        rf"it\s+(?:is|was)\s+(?:also\s+)?{_STATED}\s+(?:in|by)\s+{_SOURCES}{_THAT}",
    )
)
_TRAILING = LazyPattern(
    rf",?\s(?:according\s+to|as\s+{_STATED}\s+(?:in|by)|based\s+on)\s+{_SOURCES}(?P<end>\s*[.!]?\s*)", re.IGNORECASE
)
_MAX_TRAILING = 120
"""Characters at the end of a claim in which a lead-in is sought."""
_MAX_LEAD_INS = 3


def without_lead_in(claim: str, sources: Iterable[Sentence]) -> str:
    """Return ``claim`` without stock lead-ins in front and "…, according to the articles" at its end.

    It begins with a capital as a sentence does. A claim that is nothing else stays as it is.

    Args:
        claim: A claim without its list mark.
        sources: The sentences that it is held to.
    """
    sources = tuple(sources)
    rest = claim
    for _ in range(_MAX_LEAD_INS):
        found = next((found for each in _LEAD_INS if (found := each.match(rest)) and _is_stock(found, sources)), None)
        if found is None:
            break
        rest = rest[found.end() :]
    rest = _without_trailing(rest, sources)
    if rest == claim or not any(char.isalnum() for char in rest):
        return claim
    return capitalized(rest)


def capitalized(text: str) -> str:
    """Return ``text`` with a capital as a sentence begins; "iPhone" stays."""
    first = text.split(maxsplit=1)[0] if text.strip() else ""
    return text if any(char.isupper() for char in first) else text[:1].upper() + text[1:]


def _without_trailing(claim: str, sources: tuple[Sentence, ...]) -> str:
    start = max(0, len(claim) - _MAX_TRAILING)
    comma = claim.rfind(",", start)
    for at in (comma, claim.casefold().rfind(" according to", start), claim.casefold().rfind(" as ", start)):
        found = _TRAILING.fullmatch(claim, at) if at > 0 else None
        if found and _is_stock(found, sources):
            return claim[:at] + (found["end"].strip() or "")
    return claim


def _is_stock(found: re.Match[str], sources: tuple[Sentence, ...]) -> bool:
    """Tell whether the noun of a lead-in means the articles, not a report or document that they tell of."""
    noun = found["noun"] or found["numbered"]
    if noun is None:
        return True
    term = terms(noun)[0]
    numbered = found["numbered"] is not None  # "Article 5 says": of a treaty, where the sources speak of articles
    return not any(term in each.terms and (numbered or _reports(each)) for each in sources)


def _reports(sentence: Sentence) -> bool:
    """Tell whether somebody or something speaks in a sentence."""
    written = {sentence.text[word.start : word.end].lower() for word in sentence.words}
    return "according" in written or any(word in SPEECH for word in written)
