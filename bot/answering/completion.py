"""Completion: the sentence beside the one that tells of an event which gives what that lacks.

"The capsule exploded in April. In July the company said that a leaky valve had caused it." The first sentence is the
likeliest answer to "Why did the capsule explode?", and gives no reason; "thousands" gives no figure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from bot.answering.features import ParsedPassage, Sentence, parse_passage
from bot.answering.question import ParsedQuestion
from bot.answering.reader import MAX_SENTENCES, ReaderResult, ScoredSentence
from bot.answering.requirements import Requirement, RequirementKind, is_exact_count, is_vague_count
from retrieval.articles import Span
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import QUESTION_WORDS

MAX_AFTER, MAX_BEFORE = 3, 1
"""Sentences after and before the one that is completed among which another is looked for."""
_CAUSE = LazyPattern(
    r"\b(?:because|due to|caus(?:e[ds]?|ing)|owing to|as a result of|resulted from|led to|reasons?|in order to"
    r"|prompt(?:ed|ing)|driven by|so that|thanks to|blam(?:e[ds]?|ing)|citing|cite[ds]|on the grounds?|in protest"
    r"|in response to|in retaliation|in a bid to|mission|purpose|aim(?:s|ed|ing)? (?:is|was|to|at)|was my fault)\b",
    re.IGNORECASE,
)
"""What announces a reason, or whose it is, in plain words."""
MAX_ELABORATING = (1, 0)
"""Sentences after and before one that says which there are, among which their names are looked for."""
_ASKS_WHICH = LazyPattern(r"\W*(?:and\s+)?(?:which|what|who|list|name)\b", re.IGNORECASE)
_ELABORATES = LazyPattern(
    r"\W*(?:(?:this|these|those|they|it|that)\s+(?:also\s+)?(?:includ(?:e[ds]?|ing)|are|were|range[ds]?|comprise[ds]?)\b"
    r"|(?:among|one of|some of)\s+(?:them|these|those)\b|(?:for (?:example|instance)|namely|including)\b)",
    re.IGNORECASE,
)
"""How a sentence begins that says which those of the sentence before are."""
_MOTIVE = LazyPattern(
    r"\b(?:object(?:s|ed|ing|ions?)?|oppos\w+|disagree\w*|contradict\w*|protest\w*|anger|angry|angered|fear(?:s|ed|ing)?"
    r"|concern(?:s|ed)?|worr\w+|refus\w+|dispute[ds]?|over|after|amid|unable to|failed to|in favou?r of|wants? to"
    r"|wanted to|hop(?:es?|ed|ing) to|meant to|seek(?:s|ing)? to|sought to|too \w+ to)\b",
    re.IGNORECASE,
)
"""What may give one: what somebody minds or wants, what came before."""


def completed(question: ParsedQuestion, requirement: Requirement | None, reading: ReaderResult) -> ReaderResult:
    """Return a reading with the sentence that brings what its first one lacks shown after it.

    A reason in plain words, where the first has none or only what came before; a figure where it only has "dozens".
    """
    if not reading.answers:
        return reading
    first, *rest = reading.candidates
    text = first.hit.passage.text_of(first.span)
    found: Span | None = None
    if requirement is None:
        found = _nearest(first, _elaborates, MAX_ELABORATING) if _ASKS_WHICH.match(question.text) else None
    elif requirement.kind is RequirementKind.REASON:
        found = _reason(question, first, text)
    elif is_vague_count(requirement, text):
        found = _nearest(first, lambda each: is_exact_count(requirement, each.text))
    if found is None:
        return reading
    beside = replace(first, span=found)
    others = [each for each in rest if not (_same_article(each, first) and each.span.overlaps(found))]
    shown = [each for each in others[: reading.answers - 1] if _same_article(each, first)]
    shown = [first, beside, *shown][:MAX_SENTENCES]
    return replace(reading, candidates=(*shown, *(each for each in others if each not in shown)), answers=len(shown))


def _reason(question: ParsedQuestion, first: ScoredSentence, text: str) -> Span | None:
    """Return the sentence near the first one that gives a reason where that gives none, or a plainer one."""
    if _CAUSE.search(text):
        return None
    own = frozenset(word.term for word in question.content)

    def causes(each: Sentence) -> bool:
        return _CAUSE.search(each.text) is not None

    def moves(each: Sentence) -> bool:
        return _MOTIVE.search(each.text) is not None and not own.isdisjoint(each.terms)

    return _nearest(first, causes) or (None if _MOTIVE.search(text) else _nearest(first, moves))


def _elaborates(sentence: Sentence) -> bool:
    return _ELABORATES.match(sentence.text) is not None


def _nearest(
    first: ScoredSentence, gives: Callable[[Sentence], bool], reach: tuple[int, int] = (MAX_AFTER, MAX_BEFORE)
) -> Span | None:
    """Return the nearest sentence after, else before, that gives something and is no question."""
    page = parse_passage(first.hit.passage)
    return next((each.span for each in _beside(page, first.span, reach) if gives(each) and _states(each)), None)


def _beside(page: ParsedPassage, span: Span, reach: tuple[int, int]) -> Iterator[Sentence]:
    after = [each for each in page.sentences if each.span.start >= span.end]
    before = [each for each in page.sentences if each.span.end <= span.start]
    yield from after[: reach[0]]
    yield from reversed(before[len(before) - reach[1] :])


def _states(sentence: Sentence) -> bool:
    first = sentence.text[sentence.words[0].start : sentence.words[0].end].casefold() if sentence.words else ""
    return not sentence.text.rstrip('"”’ ').endswith("?") and first not in QUESTION_WORDS


def _same_article(one: ScoredSentence, other: ScoredSentence) -> bool:
    return one.hit.passage.article_id == other.hit.passage.article_id
