"""Group speech: sentences that tell what "the critics", "experts" or "residents", or one of them, said.

A group is no name that an attribution is compared with: its noun has to be the subject of a verb of saying, or to
describe whoever speaks. Words of criticism are the critics', whoever utters them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.answering.features import parse_passage
from bot.answering.speech_question import SpeechQuestion
from retrieval.articles import Hit, Span
from retrieval.text import reporting_verbs
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import HAVE, alternation, word_set
from retrieval.text.tokens import read_words, term_set

_COLLECTIVES = word_set("people police staff opposition public press community family crew jury clergy media")
_NO_GROUPS = word_set("articles reports papers news documents emails polls results figures numbers texts data records")
"""Plurals that are no people: what they say is what they hold."""
DISSENTERS = word_set("critics opponents detractors skeptics sceptics foes opposition")
"""Groups whose words are criticism."""
_STAFF = word_set("staff staffers employees workers")
_OF = LazyPattern(r"(?<!\s)\s+(?:of|in|at|from|on|for|who|that|to|with)\s(?P<what>.*)")
_CRITICISM = LazyPattern(
    r"\b(?:critici[sz](?:e[ds]?|ing)|condemn(?:ed|s|ing)|denounc(?:e[ds]?|ing)|blast(?:ed|s|ing)|slamm(?:ed|ing)"
    r"|decri(?:ed|es)|object(?:ed|s) to|oppos(?:ed?|es) (?:the|it|this|that)|assail(?:ed|s)|rebuk(?:ed|es)"
    r"|(?:fac(?:e[ds]?|ing)|drawn?|drew|under|amid) (?:\w+ )?criticism|criticism (?:from|of|that)"
    r"|groups warn(?:ed)?)\b",
    re.IGNORECASE,
)
"""What somebody does who criticises."""
_VERBS = alternation(reporting_verbs.SPEECH)
_SAYING = "say|says|said|argues?|argued|contends?|contended|warns?|warned"
_NAME = r"(?-i:[A-Z][\w.’'-]+)"


_BACKERS = alternation(word_set("supporters proponents backers fans advocates allies"))
_BOTH_SIDES = LazyPattern(
    rf"\b(?:{_BACKERS}) (?:and|or) (?:{alternation(DISSENTERS)})\b"
    rf"|\b(?:{alternation(DISSENTERS)}) (?:and|or) (?:{_BACKERS})\b",
    re.IGNORECASE,
)
"""What both sides say, which is no criticism."""
_SUBJECT = LazyPattern(r"(?<![\w-])(?P<name>[A-Z][\w-]+)(?:[’']s)?\s(?:[a-z]+\s){0,3}$")
"""The last name before a verb."""


@dataclass(frozen=True, slots=True)
class GroupStatement:
    """A sentence that tells what a group or a member of it said.

    Attributes:
        hit: The passage that contains it.
        span: Its characters in the article.
        plain: Whether the group itself is said to say it, and not a member of it.
    """

    hit: Hit
    span: Span
    plain: bool


def group_of(asked: SpeechQuestion) -> str:
    """Return the noun of the group whose words a question asks for, in lower case; empty for anybody else."""
    *_, noun = ("", *_OF.sub("", asked.who).split())
    plural = noun.endswith("s") and not noun.endswith(("ss", "us", "'s", "’s")) and noun not in _NO_GROUPS
    return noun if noun.islower() and (plural or noun in _COLLECTIVES) else ""


def complement_of(asked: SpeechQuestion) -> frozenset[str]:
    """Return the terms of what a group is of: "reform" of "the critics of reform"; empty where that is not said."""
    found = _OF.search(asked.who)
    return term_set(read_words(found["what"], sentence=False)) if found else frozenset()


def group_statements(group: str, hits: Sequence[Hit]) -> Iterator[GroupStatement]:
    """Yield the sentences of ``hits`` that tell what a group said, each once."""
    seen: set[tuple[str, Span]] = set()
    says, member = _patterns(group)
    for hit in hits:
        for sentence in parse_passage(hit.passage).sentences:
            place = (hit.passage.article_id, sentence.span)
            if place in seen:
                continue
            seen.add(place)
            if _BOTH_SIDES.search(sentence.text):
                continue
            if says.search(sentence.text):
                yield GroupStatement(hit, sentence.span, plain=True)
            elif (found := (_CRITICISM if group in DISSENTERS else member).search(sentence.text)) and not (
                group in DISSENTERS and _is_of_headline(sentence.text[: found.start()], hit.article.title)
            ):
                yield GroupStatement(hit, sentence.span, plain=False)


def _is_of_headline(before: str, title: str) -> bool:
    """Return whether the name before a verb is in an article's headline: it tells of what they did, not the critics."""
    named = _SUBJECT.search(before)
    return named is not None and re.search(rf"(?<!\w){re.escape(named['name'])}(?!\w)", title) is not None


@lru_cache(maxsize=64)
def _patterns(group: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what a sentence looks like in which a group speaks, and one in which a member of it does."""
    named = DISSENTERS if group in DISSENTERS else _STAFF if group in _STAFF else {group}
    nouns = alternation({*named, *(each.removesuffix("s") for each in named)})
    within = r"(?:,?\s(?:of|in|at|from|on|for|who|like|including|with|and)\s[^“”\"\n.;:]{1,90}?)?"
    adverbs = rf"(?:(?:{alternation(HAVE)}|also|already|now|then|long|since|often|generally)\s){{0,3}}"
    few = r"(?:(?:the|some|many|most|several|other|of)\s){0,3}"
    says = (
        rf"\b(?:{nouns})\b{within},?\s{adverbs}(?:{_VERBS})\b"
        rf"|(?:^|[,”\"’—–-]\s?)(?:{_SAYING})\s{few}(?:[\w’'-]+\s){{0,2}}(?:{nouns})\b"
        rf"|\b(?:according to|criticism from)\s{few}(?:[\w’'-]+\s){{0,2}}(?:{nouns})\b"
    )
    member = (
        rf"{_NAME},\s(?:an?|the|one|who)\b[^,.;“”\"\n]{{0,80}}\b(?:{nouns})\b.{{0,300}}\b(?:{_VERBS})\b"
        rf"|\b(?:{_VERBS})\s(?:{_NAME}\s){{1,3}}?{_NAME},\s[^,.;“”\"\n]{{0,80}}\b(?:{nouns})\b"
        rf"|\b(?:{nouns})\s(?:{_NAME}\s){{0,2}}{_NAME}\s(?:{_VERBS})\b"
    )
    return re.compile(says, re.IGNORECASE), re.compile(member, re.IGNORECASE | re.DOTALL)
