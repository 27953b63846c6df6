"""Conversations made harder: questions without the words that were said before, and behind another conversation."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace

from evals.conversations.inscit import ConversationQuestion
from retrieval.text.tokens import Word, read_words

REMOVED_SHARE = 0.6
"""Share of the runs of known words that are taken out of a question; at least one is."""

_LED_BY = frozenset("the a an this that these those his her its their of in for from to about with at on by".split())  # noqa: SIM905 (readable as prose)


def shortened(asked: Sequence[ConversationQuestion], seed: int = 0) -> list[ConversationQuestion]:
    """Return the follow-ups as people shorten them: without some of the words that were said before.

    "What are the effects of cheese on health?" becomes "What are the effects on health?". Those without such words, or
    with no others, are left out.
    """
    chance = random.Random(seed)  # noqa: S311 (which words go is no secret)
    found = []
    for each in asked:
        if each.is_first:
            continue
        question = _without_known(each, chance)
        if question:
            found.append(replace(each, questions=(*each.questions[:-1], question)))
    return found


def behind_others(asked: Sequence[ConversationQuestion]) -> list[ConversationQuestion]:
    """Return the questions as if the conversation next in order had gone before; nothing for a single conversation."""
    longest = {each.conversation: each for each in sorted(asked, key=lambda each: len(each.questions))}
    names = sorted(longest)
    if len(names) < 2:
        return []
    after = dict(zip(names, [*names[1:], *names[:1]], strict=True))
    return [each.behind(longest[after[each.conversation]]) for each in asked]


def _without_known(asked: ConversationQuestion, chance: random.Random) -> str:
    text = asked.questions[-1]
    words = read_words(text)
    before = " ".join((*asked.questions[:-1], *asked.answers))
    said = {word.term for word in read_words(before) if not word.stop}
    runs = list(_runs(words, said))
    taken = [run for run in runs if chance.random() < REMOVED_SHARE] or [chance.choice(runs)] if runs else []
    kept, at = "", 0
    for first, last in taken:
        while first > 0 and text[words[first - 1].start : words[first - 1].end].lower() in _LED_BY:
            first -= 1  # noqa: PLW2901 (a preposition goes with what it led)
        kept, at = kept + text[at : max(at, words[first].start)], words[last].end
    short = " ".join((kept + text[at:]).split())
    return short if taken and any(not word.stop for word in read_words(short)) else ""


def _runs(words: Sequence[Word], said: set[str]) -> Iterator[tuple[int, int]]:
    """Yield the first and last number of each run of content words that were said before."""
    first: int | None = None
    for number, word in enumerate(words):
        if not word.stop and word.term in said:
            first = number if first is None else first
        elif first is not None:
            yield first, number - 1
            first = None
    if first is not None:
        yield first, len(words) - 1
