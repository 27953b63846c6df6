"""Divergence: articles that give different numbers or dates in answer to one question."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from bot.answering.question import ParsedQuestion
from bot.answering.reader import ScoredSentence
from bot.answering.requirements import Requirement, RequirementKind
from retrieval.text.dates import MONTHS
from retrieval.text.measures import Figure, figures, measure_of
from retrieval.text.numbers import quantities
from retrieval.text.tokens import read_words, term_set

MIN_RATIO = 0.5
"""Share of the first sentence's probability from which another article's is set beside it."""
MIN_COVER = 0.6
"""Share of the question's content words that both sentences hold, with the titles of their articles."""
MAX_DIVERGING = 2
"""Other articles whose numbers or dates are set beside the first one's."""

Given = tuple[ScoredSentence, str]
"""A sentence that gives what is asked for, and its text."""


def diverging(question: ParsedQuestion, requirement: Requirement, first: Given, others: Sequence[Given]) -> list[int]:
    """Return which of ``others`` give another number or date than ``first`` and than each other, in other articles."""
    differ = _comparisons(question).get(requirement.kind)
    if differ is None or not _is_about(question, first):
        return []
    found: list[int] = []
    for number, other in enumerate(others):
        known = [first, *(others[place] for place in found)]
        apart = all(other[0].hit.passage.article_id != each[0].hit.passage.article_id for each in known)
        likely = other[0].probability >= MIN_RATIO * first[0].probability
        if apart and likely and _is_about(question, other) and all(differ(each[1], other[1]) for each in known):
            found.append(number)
    return found[:MAX_DIVERGING]


def divergence_remark(question: ParsedQuestion, requirement: Requirement, given: Sequence[Given]) -> str:
    """Return "Articles give different numbers: “529 defendants” (2014-03-24, Reuters), “683 defendants” (undated)."."""
    what = "dates" if requirement.kind is RequirementKind.TIME else "numbers"
    named = []
    for sentence, text in given:
        article = sentence.hit.article
        label = ", ".join(filter(None, (article.published[:10] or "undated", article.source)))
        named.append(f"“{_words_given(question, requirement, text)}” ({label})")
    return f"Articles give different {what}: {', '.join(named)}."


def _words_given(question: ParsedQuestion, requirement: Requirement, text: str) -> str:
    if requirement.kind is RequirementKind.NUMBER and (given := _figures(question, text)):
        return given[0].with_noun(text)
    return requirement.given_in(text)[0]


def _is_about(question: ParsedQuestion, given: Given) -> bool:
    content = {word.term for word in question.content}
    held = term_set(read_words(f"{given[0].hit.passage.context}\n{given[1]}"))
    return len(content & held) >= MIN_COVER * len(content)


def _comparisons(question: ParsedQuestion) -> dict[RequirementKind, Callable[[str, str], bool]]:
    def differ(one: str, other: str) -> bool:
        ours, theirs = _figures(question, one), _figures(question, other)
        pairs = [(left, right) for left in ours for right in theirs if left.counts_like(right)]
        return bool(pairs) and not any(left.agrees(right) for left, right in pairs)

    return {RequirementKind.NUMBER: differ, RequirementKind.TIME: _different_times}


def _figures(question: ParsedQuestion, text: str) -> list[Figure]:
    """Return the numbers of what the question names: the numbers of other things differ without contradiction."""
    measure = measure_of(question.text)
    if measure:
        return [each for each in figures(text, measure) if not each.former]
    asked = {word.term for word in question.content}
    counts = [each for each in quantities(text) if each.kind == "number" and each.noun in asked]
    return [Figure(each, text=each.text) for each in counts]


def _different_times(one: str, other: str) -> bool:
    for dates in (_years, _months):
        ours, theirs = dates(one), dates(other)
        if ours and theirs:
            return not ours & theirs
    return False


def _years(text: str) -> set[str]:
    return set(re.findall(r"\b(?:1[89]|20)\d\d\b", text))


def _months(text: str) -> set[str]:
    return {word for word in re.findall(r"[a-z]+", text.casefold()) if word in MONTHS and word != "may"}
