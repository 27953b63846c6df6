"""Precedence: what keeps a sentence from coming first where another one of the event gives what is asked for.

None of it makes a sentence doubtful by itself: "are expected to enroll" answers "How many were enrolled?" only where no
sentence says how many were.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.answering.excerpts import Excerpt
from bot.answering.question import ParsedQuestion
from bot.answering.reader import ScoredSentence
from bot.answering.requirements import Requirement, RequirementKind, announces_reason
from retrieval.text.analyzer import fold, terms
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import (
    ARTICLES,
    HAVE,
    MODAL_VERBS,
    PLANS,
    QUESTION_AUXILIARIES,
    QUESTION_WORDS,
    STOP_WORDS,
    THIRD_PERSON_BE,
    alternation,
)
from retrieval.text.numbers import quantities
from retrieval.text.tokens import Word, read_words
from retrieval.text.verb_forms import base_form, is_participle, is_past_form

MAX_PLANNED_DISTANCE = 4
"""Words between what makes an event planned and its verb: "expected in the end to enroll"."""
PRECEDENCE_SHARE = 0.1
"""Share of the first sentence's probability from which another one may take its place."""
VERB_SHARE = 0.3
"""The same of one that has the question's verb, where the first has not, but holds fewer of its other words."""
MAX_NOUN_DISTANCE = 4
"""Words of a headline from a number to what it counts: "34 U.S. service members hurt"."""

_PAST = LazyPattern(rf"\b(?:did|was|were|{alternation(HAVE)})\b", re.IGNORECASE)
_ASKED_ABOUT = LazyPattern(
    rf"\b(?:about|of|on|over|know|knew|known|ask|asks|asked|asking|say|said|decide|determine|determined|investigate"
    rf"|investigating|learn|clear|unclear|question|questions|whether|why|and|or|see|find out|figure out)\s+"
    rf"(?P<word>{alternation(QUESTION_WORDS)})\s+(?P<rest>(?:[\w'’-]+\s*){{1,4}})",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Precedence:
    """How a sentence stands to another one that may come before it.

    Attributes:
        yields: Whether it does not tell of the event that is asked about itself.
        counted: Whether its headline counts what is asked for.
        figures: The numbers of the headline that it holds, of what is counted.
        has_verb: Whether it has the question's verb; True where the question has none.
        has_verbs: Whether it has any word of the question that can be a verb.
        cover: The question's content terms that it holds.
        names: The question's names that it holds.
        announces: Whether it announces a reason in plain words, where one is asked for.
        article: Its article.
        probability: That it answers.
    """

    yields: bool
    counted: bool
    figures: frozenset[float]
    has_verb: bool
    has_verbs: bool
    cover: frozenset[str]
    names: frozenset[str]
    announces: bool
    article: str
    probability: float


def precedence_of(
    question: ParsedQuestion, requirement: Requirement, candidate: ScoredSentence, excerpt: Excerpt
) -> Precedence:
    """Return what decides between a sentence and another one that gives what is asked for."""
    text = excerpt.sentence.text
    verb = question_verb(question)
    held = excerpt.sentence.terms
    counts = requirement.kind is RequirementKind.NUMBER
    counted = headline_figures(question, candidate.hit.article.title) if counts else frozenset[float]()
    content = frozenset(word.term for word in question.content)
    return Precedence(
        yields=_is_planned(question, text) or _is_asked_about(question, text),
        counted=bool(counted),
        figures=counted & frozenset(each.value for each in quantities(excerpt.text)),
        has_verb=not verb or verb in held,
        has_verbs=not _verbs(question).isdisjoint(held),
        cover=content & held,
        names=question.names & held,
        announces=requirement.kind is RequirementKind.REASON and announces_reason(excerpt.text),
        article=candidate.hit.passage.article_id,
        probability=candidate.probability,
    )


def comes_before(other: Precedence, first: Precedence) -> bool:
    """Return whether a sentence takes the first one's place."""
    share = other.probability / max(first.probability, 1e-9)
    if other.yields or share < PRECEDENCE_SHARE:
        return False
    if first.yields:
        return other.has_verbs
    if first.counted and not first.figures and other.figures:
        return True
    if other.announces and not first.announces and other.article == first.article:
        return bool(other.cover) and first.names <= other.names
    return other.has_verb and not first.has_verb and (share >= VERB_SHARE or other.cover > first.cover)


def question_verb(question: ParsedQuestion) -> str:
    """Return the term of a question's main verb: of "Who announced it?", "When did he drop out?"; empty without one."""
    words = [(word, fold(question.text[word.start : word.end])) for word in question.words]
    if not words or words[0][1] not in QUESTION_WORDS:
        return ""
    if words[0][1] in {"who", "whom"}:
        after = next((each for each in words[1:] if each[1] not in HAVE), None)
        if after and is_past_form(after[1]) and not after[0].stop and after[1] not in QUESTION_AUXILIARIES:
            return after[0].term
        return ""
    if any(folded == "did" for _, folded in words):
        place = next(number for number, (_, folded) in enumerate(words) if folded == "did")
        return next(
            (
                word.term
                for word, folded in words[place + 1 :]
                if not word.name and base_form(folded) == folded and folded
            ),
            "",
        )
    return ""


def headline_figures(question: ParsedQuestion, title: str) -> frozenset[float]:
    """Return the numbers of a headline of what a question counts: 34 of "34 U.S. troops hurt"."""
    asked = {word.term for word in question.content}
    said = read_words(title, sentence=False)

    def counts(end: int) -> bool:
        return any(word.term in asked for word in [word for word in said if word.start >= end][:MAX_NOUN_DISTANCE])

    return frozenset(each.value for each in quantities(title) if each.kind == "number" and counts(each.end))


def _is_planned(question: ParsedQuestion, sentence: str) -> bool:
    """Return whether a sentence plans what the question asks of as past: "expected to enroll", "were enrolled"."""
    if not _PAST.search(question.text):
        return False
    asked = _verbs(question)
    said = read_words(sentence)
    folded = [fold(sentence[word.start : word.end]) for word in said]
    places = [number for number, word in enumerate(said) if word.term in asked]
    planned = [
        any(each in MODAL_VERBS or each in PLANS for each in folded[max(0, at - MAX_PLANNED_DISTANCE) : at])
        for at in places
    ]
    return bool(planned) and all(planned)


def _verbs(question: ParsedQuestion) -> frozenset[str]:
    """Return the terms of the question's past forms, and of what it did: "were enrolled", "did they enroll"."""
    found = ((word, _text(question, word)) for word in question.content if not word.name)
    return frozenset(word.term for word, folded in found if is_participle(folded)) | ({question_verb(question)} - {""})


def _text(question: ParsedQuestion, word: Word) -> str:
    return fold(question.text[word.start : word.end])


def _is_asked_about(question: ParsedQuestion, sentence: str) -> bool:
    """Return whether a sentence asks the question itself: "an assessment of who ordered the killing"."""
    first = _text(question, question.words[0]) if question.words else ""
    asked = {word.term for word in question.content}
    return any(
        fold(found["word"]) == first and not asked.isdisjoint(terms(found["rest"]))
        for found in _ASKED_ABOUT.finditer(sentence)
    )


def mentions_unidentified(question: ParsedQuestion, sentence: str) -> bool:
    """Return whether a sentence has what "which union" or "who is the judge" asks for without its name: "a union"."""
    found = _WHICH.match(question.text)
    if found is None:
        return False
    noun = (terms(found["noun"]) or [""])[0]
    said = read_words(sentence)
    for number, word in enumerate(said):
        if noun and word.term == noun and not word.name:
            before = [fold(sentence[each.start : each.end]) for each in said[max(0, number - 3) : number]]
            if {"a", "an"}.intersection(before):
                return True
    return False


_WHICH = LazyPattern(
    rf"\W*(?:which|what|who\s+(?:{alternation(THIRD_PERSON_BE)})\s+(?:{alternation(ARTICLES)}))\s+"
    rf"(?!(?:{alternation(STOP_WORDS)})\b)(?P<noun>[a-z-]+)\b",
    re.IGNORECASE,
)
