"""Divergence: articles that give different numbers or dates in answer to one question."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.answering.question import ParsedQuestion
from bot.answering.reader import ScoredSentence
from bot.answering.requirements import Requirement, RequirementKind
from retrieval.text.dates import MONTHS
from retrieval.text.numbers import Quantity, quantities
from retrieval.text.tokens import read_words, term_set

MIN_RATIO = 0.5
"""Share of the first sentence's probability from which another article's is set beside it."""
MIN_COVER = 0.6
"""Share of the question's content words that both sentences hold, with the titles of their articles."""

Given = tuple[ScoredSentence, str]
"""A sentence that gives what is asked for, and its text."""


def diverging(question: ParsedQuestion, requirement: Requirement, first: Given, others: Sequence[Given]) -> int:
    """Return which of ``others`` gives another number or date than ``first``, in another article; -1 for none."""
    compare = {RequirementKind.NUMBER: _different_numbers, RequirementKind.TIME: _different_times}.get(requirement.kind)
    if compare is None or not _is_about(question, first):
        return -1
    for number, other in enumerate(others):
        apart = other[0].hit.passage.article_id != first[0].hit.passage.article_id
        likely = other[0].probability >= MIN_RATIO * first[0].probability
        if apart and likely and _is_about(question, other) and compare(question, first[1], other[1]):
            return number
    return -1


def divergence_remark(requirement: Requirement, first: Given, other: Given) -> str:
    """Return "Articles give different numbers: “529” (2014-03-24) and “683” (undated)."."""
    what = "dates" if requirement.kind is RequirementKind.TIME else "numbers"
    named = [
        f"“{requirement.given_in(text)[0]}” ({sentence.hit.article.published[:10] or 'undated'})"
        for sentence, text in (first, other)
    ]
    return f"Articles give different {what}: {' and '.join(named)}."


def _is_about(question: ParsedQuestion, given: Given) -> bool:
    content = {word.term for word in question.content}
    held = term_set(read_words(f"{given[0].hit.passage.context}\n{given[1]}"))
    return len(content & held) >= MIN_COVER * len(content)


def _different_numbers(question: ParsedQuestion, one: str, other: str) -> bool:
    asked = {word.term for word in question.content}
    ours, theirs = _counts(one, asked), _counts(other, asked)
    return bool(ours and theirs) and not any(
        left.agrees(right) or right.agrees(left) for left in ours for right in theirs if left.same_unit(right)
    )


def _counts(text: str, asked: set[str]) -> list[Quantity]:
    """Return the numbers of what the question names: the numbers of other things differ without contradiction."""
    return [each for each in quantities(text) if each.kind == "number" and each.noun in asked]


def _different_times(_question: ParsedQuestion, one: str, other: str) -> bool:
    for dates in (_years, _months):
        ours, theirs = dates(one), dates(other)
        if ours and theirs:
            return not ours & theirs
    return False


def _years(text: str) -> set[str]:
    return set(re.findall(r"\b(?:1[89]|20)\d\d\b", text))


def _months(text: str) -> set[str]:
    return {word for word in re.findall(r"[a-z]+", text.casefold()) if word in MONTHS and word != "may"}
