"""Sequence questions: "And before that?", "and then?" after an answer ask for the timeline before or after its date."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from bot.conversation.question_topic import question_topic
from bot.conversation.speaker_pronoun import antecedent
from bot.conversation.store import CitedPlace, Turn
from retrieval.text.date_intervals import DateInterval, date_of
from retrieval.text.dates import MONTHS
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import FEMININE_PRONOUNS, MASCULINE_PRONOUNS, SUBJECT_PRONOUNS, alternation
from retrieval.text.time_expressions import TimeRelation, time_expressions

MAX_PLACES_OF_FACT = 3
"""Citations of an answer to a fact, of which the first with a date counts; the rows of a timeline are more."""

_WHAT = r"(?:what\s+(?:else\s+)?(?:happened|came|was|did\s+\w+\s+do|happens|came\s+about)\s+)?"
_FORMS = {
    "before": LazyPattern(
        rf"\W*(?:(?:and|but|so)\W+)*{_WHAT}(?:(?:just\s+|shortly\s+)?before(?:\s+(?:that|this|it|then|them|hand))?|beforehand"
        r"|earlier|previously)\W*",
        re.IGNORECASE,
    ),
    "after": LazyPattern(
        rf"\W*(?:(?:and|but|so)\W+)*{_WHAT}(?:(?:just\s+|shortly\s+)?after(?:\s+(?:that|this|it|then|them))?|afterwards?"
        r"|then(?:\s+what)?|next|later|since(?:\s+then)?)\W*",
        re.IGNORECASE,
    ),
}

_DOER = LazyPattern(
    rf"\bdid\s+(?P<who>{alternation((MASCULINE_PRONOUNS | FEMININE_PRONOUNS) & SUBJECT_PRONOUNS)})\s+do\b",
    re.IGNORECASE,
)


def sequence_direction(question: str) -> str:
    """Return "before" or "after" for a question what came before or after the last answer; else an empty string."""
    return next((direction for direction, form in _FORMS.items() if form.fullmatch(question)), "")


def sequence_question(question: str, history: Sequence[Turn], published: Callable[[str], str], topic: str = "") -> str:
    """Return the timeline that a sequence question asks for: "Timeline of Niger after July 26, 2023".

    Args:
        question: As it was asked.
        history: The turns before it, oldest first.
        topic: What the conversation is about; empty: what the last question is.
        published: Returns the day an article was published, ISO, by its id; empty where it is not known.
    """
    direction = sequence_direction(question)
    last = history[-1]
    doer = _DOER.search(question)  # "what did he do before that?"
    person = antecedent("f" if doer["who"].lower() in FEMININE_PRONOUNS else "m", history) if doer else ""
    topic = person or topic or question_topic(last.standalone_question)
    if not direction or not topic:
        return ""
    day = "" if last.abstained else _date(last.places, direction, published)
    return f"Timeline of {topic} {direction} {day}" if day else f"Timeline of {topic}"


def _date(places: Sequence[CitedPlace], direction: str, published: Callable[[str], str]) -> str:
    """Return the first or last day that the citations tell of, in words; empty where they tell none."""
    days: list[DateInterval] = []
    for place in places:
        if days and len(places) <= MAX_PLACES_OF_FACT:
            break
        anchor = date_of(published(place.article_id))
        for found in time_expressions(place.quote, anchor):
            if found.interval is not None and found.relation is TimeRelation.IN:
                days.append(found.interval)
                break
    if not days:
        return ""
    day = min(each.first for each in days) if direction == "before" else max(each.last for each in days)
    return f"{MONTHS[day.month - 1].capitalize()} {day.day}, {day.year}"
