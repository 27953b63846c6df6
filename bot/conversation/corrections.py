# ruff: noqa: E501
"""Corrections of the last question: "no, I meant Mali", "in Benghazi", "sorry, 2012", "not Smith, Jones"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.conversation.question_patterns import leading_preposition, substituted_topic
from retrieval.text.lexicon import QUESTION_AUXILIARIES, QUESTION_WORDS, alternation

MAX_WORDS = 8
"""Words of what is put in the place of something."""

_MEANT = r"(?:i (?:actually |really )?(?:mean|meant|said|was asking about|am asking about)|(?:i['’]m|was) asking about|make (?:that|it)|should (?:be|have been|read)|it['’]?s|that should be)"
_SORRY = r"(?:no|nope|nah|not quite|wrong|sorry|oops|ups|my bad|my mistake|actually|wait|rather|correction|excuse me|i mean|typo|erm?|um)"
_END = r"(?: (?:i mean|i meant|instead|rather|not that|please|sorry))?"
_OLD = r"(?P<old>[^\s,;:]+(?: [^\s,;:]+){0,4})"
_NEW = r"(?P<new>\S+(?: \S+){0,7}?)"
_FORMS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?:{_SORRY}[\s,.:;!–—-]+)*(?:{_MEANT} )?not {_OLD}(?:[,;:–—.-]+ ?(?:but |rather )?| but ){_NEW}{_END}",
        rf"(?:{_SORRY}[\s,.:;!–—-]+)*{_MEANT}:? {_NEW}(?:,? (?:and )?not {_OLD})?{_END}",
        rf"{_NEW},? (?:and )?not {_OLD}",
        rf"(?:{_SORRY}[\s,.:;!–—-]+)+{_NEW}{_END}",
        rf"{_NEW},? (?:i mean|i meant|instead)",
    )
)
_SENTENCE = re.compile(
    rf"(?:{alternation(QUESTION_WORDS | QUESTION_AUXILIARIES)}|tell|show|give|list|name|explain|describe|find|summari[sz]e|compare"
    rf"|thanks|thank|i|you|that|this|it|worries|problem|idea|way|more)\b",
    re.IGNORECASE,
)
_VERB = re.compile(rf"\b(?:{alternation(QUESTION_AUXILIARIES)}|you|i|we)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Replacement:
    """What a correction puts in the place of something.

    Attributes:
        new: The name, place or date, as written, with its preposition where it has one: "in Benghazi".
        old: What it takes the place of, as written; empty where that is not said.
    """

    new: str
    old: str = ""


def parse_correction(question: str) -> Replacement | None:
    """Return what a correction says; None for any other question."""
    asked = " ".join(question.split()).strip(" ?!.…")
    for form in _FORMS:
        found = form.fullmatch(asked)
        if found:
            new, old = found["new"].strip(" ,;:"), (found.groupdict().get("old") or "").strip(" ,;:")
            if new and not _SENTENCE.match(new) and not _VERB.search(new):
                return Replacement(new, old)
    bare = asked if leading_preposition(asked) and substituted_topic(asked) else ""
    return Replacement(bare) if bare else None


def is_correction(question: str) -> bool:
    """Tell whether a question corrects the one before it."""
    return parse_correction(question) is not None
