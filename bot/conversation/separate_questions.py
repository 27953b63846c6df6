"""Separate questions: the questions of a text that asks several at once, "Why …? Who is …? Which …?"."""

from __future__ import annotations

import re

from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import QUESTION_AUXILIARIES, QUESTION_WORDS, alternation
from retrieval.text.tokens import read_words

MAX_QUESTIONS = 5
"""Questions that are answered one by one; a text of more tells something else."""
MIN_WORDS = 2
"""Words of the shortest of them: "Really? Who said so?" is one question."""
_END = LazyPattern(r"(?<=\?)\s|(?<=\?!)\s|\n")
MIN_CLAUSE_WORDS = 3
"""The same of a clause: "who dissented and why" is one question."""
_JOINS = LazyPattern(rf",?\s{{1,3}}(?:and|but)\s{{1,3}}(?=(?:{alternation(QUESTION_WORDS)})\b)", re.IGNORECASE)
_QUOTED = LazyPattern(r"[\"“”„«»]")
_ASKS = LazyPattern(
    r"(?:(?:and|but|so|also|then|plus)\b,?\s{1,3}){0,2}(?:(?:in|on|at|by|for|from|to|with|since|of)\s)?"
    rf"(?:{alternation(QUESTION_WORDS | QUESTION_AUXILIARIES)})(?!\w)",
    re.IGNORECASE,
)


def separate_questions(text: str) -> tuple[str, ...]:
    """Return the questions of a text of several, in order, each with its mark; empty for one, and in doubt."""
    return () if _QUOTED.search(text) else _sentences(text) or _clauses(text)


def _clauses(text: str) -> tuple[str, ...]:
    """Return the questions that a sentence joins: "What does Ada Quill say, and what do the unions want?"."""
    parts = [part.strip(" \t,?!.…") for part in _JOINS.split(text.strip())]
    complete = all(_ASKS.match(part) and len(part.split()) >= MIN_CLAUSE_WORDS for part in parts)
    return tuple(f"{part}?" for part in parts) if complete and 1 < len(parts) <= MAX_QUESTIONS else ()


def _sentences(text: str) -> tuple[str, ...]:
    parts = [part for each in _END.split(text.strip()) if (part := each.strip(" \t?!.…"))]
    complete = all(_ASKS.match(part) and len(part.split()) >= MIN_WORDS for part in parts)
    return tuple(f"{part}?" for part in parts) if complete and 1 < len(parts) <= MAX_QUESTIONS else ()


def main_question(text: str) -> str:
    """Return the question of several that the next one goes on with: the last with a name, else the first."""
    questions = separate_questions(text)
    named = [each for each in questions if any(word.name and not word.stop for word in read_words(each))]
    return named[-1] if named else questions[0] if questions else text
