"""Completion: the sentence beside the one that tells of an event which gives what that lacks.

"The capsule exploded in April. In July the company said that a leaky valve had caused it." The first sentence is the
likeliest answer to "Why did the capsule explode?", and gives no reason; "thousands" gives no figure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.answering.features import Sentence, parse_passage
from bot.answering.question import ParsedQuestion
from bot.answering.reader import MAX_SENTENCES, ReaderResult, ScoredSentence
from bot.answering.requirements import Requirement, RequirementKind, is_exact_count, is_vague_count
from retrieval.articles import Hit
from retrieval.text.analyzer import terms
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import QUESTION_WORDS, THIRD_PERSON_BE, alternation
from retrieval.text.people import Mention, names_of

MAX_AFTER, MAX_BEFORE, MAX_GAP = 4, 1, 900
"""Sentences after and before the one that is completed among which another is looked for; characters between."""
_CAUSE = LazyPattern(
    r"\b(?:because|due to|caus(?:e[ds]?|ing)|owing to|as a result of|resulted from|led to|in order to"
    rf"|reasons? (?:{alternation(THIRD_PERSON_BE)}|for|why|that|behind)"
    r"|for (?:that|this) reason"
    r"|prompt(?:ed|ing)|driven by|so that|thanks to|blam(?:e[ds]?|ing)|citing|cite[ds]|on the grounds?|in protest"
    r"|in response to|in retaliation|in a bid to|mission|purpose|aim(?:s|ed|ing)? (?:is|was|to|at)|was my fault)\b",
    re.IGNORECASE,
)
"""What announces a reason, or whose it is, in plain words."""
MAX_ELABORATING = (1, 0)
"""Sentences after and before one that says which there are, among which their names are looked for."""
_TURNS = LazyPattern(r"\W*(?:however|meanwhile|separately|at the same time|on the other hand)\b", re.IGNORECASE)
"""How a sentence begins that goes on to something else."""
_ASKS_WHICH = LazyPattern(r"\W*(?:and\s+)?(?:which|what|who|list|name)\b", re.IGNORECASE)
_ELABORATES = LazyPattern(
    r"\W*(?:(?:this|these|those|they|it|that)\s+(?:also\s+)?(?:includ(?:e[ds]?|ing)|are|were|range[ds]?|comprise[ds]?)\b"
    r"|(?:among|one of|some of)\s+(?:them|these|those)\b|(?:for (?:example|instance)|namely|including)\b)",
    re.IGNORECASE,
)
"""How a sentence begins that says which those of the sentence before are."""
_AGED = LazyPattern(r"\ban? (?:\d{1,2}|[a-z]+(?:-[a-z]+)?)-year-old\b", re.IGNORECASE)
_SPEAKS = LazyPattern(r"\b(?:said|says|told|tells|according to|spokes\w+|tweeted|wrote|asked|added)\b", re.IGNORECASE)
_MOTIVE = LazyPattern(
    r"\b(?:object(?:s|ed|ing|ions?)?|oppos\w+|disagree\w*|contradict\w*|protest\w*|anger|angry|angered|fear(?:s|ed|ing)?"
    r"|concern(?:s|ed)?|worr\w+|refus\w+|dispute[ds]?|over|after|amid|unable to|failed to|in favou?r of|wants? to"
    r"|wanted to|hop(?:es?|ed|ing) to|meant to|seek(?:s|ing)? to|sought to|too \w+ to)\b",
    re.IGNORECASE,
)
"""What may give one: what somebody minds or wants, what came before."""


def completed(
    question: ParsedQuestion, requirement: Requirement | None, reading: ReaderResult, hits: Sequence[Hit]
) -> ReaderResult:
    """Return a reading with the sentence that brings what its first one lacks shown after it.

    A reason in plain words, where the first has none or only what came before; a figure where it only has "dozens"; a
    name where it names nobody.

    Args:
        question: The question.
        requirement: What it requires.
        reading: The reading.
        hits: The passages that were read: the sentence may be in the next one of the article.
    """
    if not reading.answers:
        return reading
    first, *rest = reading.candidates
    text = first.hit.passage.text_of(first.span)
    near = _Nearby(first, hits)
    found: ScoredSentence | None = None
    if requirement is None:
        found = near.sentence(_elaborates, MAX_ELABORATING) if _ASKS_WHICH.match(question.text) else None
    elif requirement.kind is RequirementKind.REASON:
        found = _reason(question, text, near)
    elif requirement.kind is RequirementKind.NAME:
        found = _whoever(question, text, near)
    elif is_vague_count(requirement, text):
        own = frozenset(word.term for word in question.content)
        found = near.sentence(lambda each: is_exact_count(requirement, each.text) and not own.isdisjoint(each.terms))
    if found is None:
        return reading
    others = [each for each in rest if not (_same_article(each, first) and each.span.overlaps(found.span))]
    shown = [each for each in others[: reading.answers - 1] if _same_article(each, first)]
    shown = [first, found, *shown][:MAX_SENTENCES]
    return replace(reading, candidates=(*shown, *(each for each in others if each not in shown)), answers=len(shown))


class _Nearby:
    """The sentences after and before one, of the passages of its article that were read."""

    def __init__(self, first: ScoredSentence, hits: Sequence[Hit]) -> None:
        own = first.hit.passage
        passages = {hit.passage.id: hit for hit in hits if hit.passage.article_id == own.article_id}
        placed = {
            each.span: (each, hit)
            for hit in (passages | {own.id: first.hit}).values()
            for each in parse_passage(hit.passage).sentences
        }
        ordered = [placed[span] for span in sorted(placed)]
        span = first.span
        self._first = first
        self._after = [one for one in ordered if 0 <= one[0].span.start - span.end <= MAX_GAP]
        self._before = [one for one in reversed(ordered) if 0 <= span.start - one[0].span.end <= MAX_GAP]

    def sentence(
        self, gives: Callable[[Sentence], bool], reach: tuple[int, int] = (MAX_AFTER, MAX_BEFORE)
    ) -> ScoredSentence | None:
        """Return the nearest sentence after, else before, that gives something and is no question."""
        for each, hit in (*self._after[: reach[0]], *self._before[: reach[1]]):
            if gives(each) and _states(each):
                return replace(self._first, hit=hit, span=each.span)
        return None


def _reason(question: ParsedQuestion, text: str, near: _Nearby) -> ScoredSentence | None:
    """Return the sentence near the first one that gives a reason where that gives none, or a plainer one."""
    if _CAUSE.search(text):
        return None
    own = frozenset(word.term for word in question.content)

    def causes(each: Sentence) -> bool:
        return _CAUSE.search(each.text) is not None and _TURNS.match(each.text) is None

    def moves(each: Sentence) -> bool:
        return _MOTIVE.search(each.text) is not None and not own.isdisjoint(each.terms)

    def causes_it(each: Sentence) -> bool:
        return causes(each) and not own.isdisjoint(each.terms)

    found = near.sentence(causes, (MAX_AFTER, 0)) or near.sentence(causes_it, (0, MAX_BEFORE))
    return found or (None if _MOTIVE.search(text) else near.sentence(moves))


def _elaborates(sentence: Sentence) -> bool:
    return _ELABORATES.match(sentence.text) is not None


def _people(question: ParsedQuestion, text: str) -> list[Mention]:
    """Return the people whom a text names and the question does not."""
    asked = question.names
    return [each for each in names_of(text).mentions if asked.isdisjoint(terms(each.name))]


def _whoever(question: ParsedQuestion, text: str, near: _Nearby) -> ScoredSentence | None:
    """Return the sentence near the first one that says who they are where that does not: by name, or by age.

    Whoever only speaks is somebody else: "the chief, Dan Bell, said".
    """
    people, speaks = _people(question, text), _SPEAKS.search(text) is not None
    own = frozenset(word.term for word in question.content)
    if people and not (speaks and len(people) == 1):
        return None

    def identifies(each: Sentence) -> bool:
        named = not people and bool(_people(question, each.text)) and not _SPEAKS.search(each.text)
        return not own.isdisjoint(each.terms) and (named or _AGED.search(each.text) is not None)

    return None if _AGED.search(text) else near.sentence(identifies)


def _states(sentence: Sentence) -> bool:
    first = sentence.text[sentence.words[0].start : sentence.words[0].end].casefold() if sentence.words else ""
    return not sentence.text.rstrip('"”’ ').endswith("?") and first not in QUESTION_WORDS


def _same_article(one: ScoredSentence, other: ScoredSentence) -> bool:
    return one.hit.passage.article_id == other.hit.passage.article_id
