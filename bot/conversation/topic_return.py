"""Topic returns: "back to Manafort: has the FBI contacted him?" goes on with the last turn about Manafort."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.conversation.rule_rewriter import with_words
from bot.conversation.store import Turn
from retrieval.text.analyzer import terms
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import (
    ARTICLES,
    OBJECT_PRONOUNS,
    QUESTION_AUXILIARIES,
    QUESTION_WORDS,
    SUBJECT_PRONOUNS,
    THIRD_PERSON,
    alternation,
    word_set,
)

_RESUMED = LazyPattern(
    r"\W{0,3}(?:(?:and|but|so|ok|okay|now|anyway|right|well|let['’]?s)\W{1,3}){0,3}"
    r"(?:(?:go(?:ing)?|get(?:ting)?|com(?:e|ing)|return(?:ing)?)\s)?(?:back\s)?to\s(?P<topic>[^,:;?!–—]{2,60}?)"
    rf"(?:\s?[,:;–—]|\s-)\s{{0,3}}(?P<question>(?:{alternation(QUESTION_WORDS | QUESTION_AUXILIARIES)})\b.+)",
    re.IGNORECASE,
)
_PRONOUN = LazyPattern(rf"\b(?:{alternation((SUBJECT_PRONOUNS | OBJECT_PRONOUNS) & THIRD_PERSON)})\b", re.IGNORECASE)
_NO_TOPIC = word_set("thing topic subject story article piece question point matter case issue one bit part")
"""Words for any topic."""


def resumed_turns(question: str, history: Sequence[Turn]) -> tuple[str, tuple[Turn, ...]] | None:
    """Return the question that resumes an earlier topic, and the turns up to the last about that topic.

    Where no turn was about it, it takes the place of a pronoun of the question, or stands behind it in parentheses.
    None for any other question.

    Args:
        question: As it was asked.
        history: The turns before it, oldest first.
    """
    found = _RESUMED.match(question)
    topic = set(terms(found["topic"], keep_stop_words=False)) - _NO_TOPIC if found else set[str]()
    if found is None or not topic:
        return None
    asked = [set(terms(f"{turn.question} {turn.standalone_question}")) for turn in history]
    told = [words | set(terms(turn.answer)) for words, turn in zip(asked, history, strict=True)]
    for said in (asked, told):
        if about := [number for number, words in enumerate(said, 1) if topic <= words]:
            return found["question"], tuple(history[: about[-1]])
    about_it = _PRONOUN.sub(lambda _: found["topic"], found["question"], count=1)
    return about_it if about_it != found["question"] else with_words(about_it, _without_noun(found["topic"])), ()


def _without_noun(topic: str) -> str:
    """Return a topic without its article and "thing": "Irma" of "the Irma thing"."""
    words = [word for word in topic.split() if word.lower() not in ARTICLES]
    return " ".join(words[:-1] if words[-1].lower() in _NO_TOPIC else words)
