"""Rule rewriter: standalone questions from short follow-ups, by their form and the question before, without a model.

The result need not be elegant: search and the reader use its words, ``/why`` shows it. A question that no rule covers
keeps its words, followed by those of the question before it behind a dash.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache

from bot.conversation.question_patterns import (
    OthersQuestion,
    bare_question_word,
    leading_preposition,
    parse_others_question,
    substituted_topic,
    without_lead,
)
from bot.conversation.store import Turn
from retrieval.text.lexicon import (
    DEMONSTRATIVES,
    POSSESSIVE_DETERMINERS,
    QUESTION_AUXILIARIES,
    QUESTION_WORDS,
    SUBJECT_PRONOUNS,
    THIRD_PERSON,
    alternation,
)
from retrieval.text.tokens import Word, read_words


@lru_cache(maxsize=256)
def main_name(text: str) -> str:
    """Return the most frequent name of ``text``, as usually written; empty where none occurs twice."""
    terms: Counter[str] = Counter()
    written: dict[str, Counter[str]] = {}
    for word in read_words(text):
        if word.name and not word.stop and not word.date:
            terms[word.term] += 1
            written.setdefault(word.term, Counter())[text[word.start : word.end]] += 1
    if not terms:
        return ""
    term, count = terms.most_common(1)[0]
    return _without_possessive(written[term].most_common(1)[0][0]) if count > 1 else ""


def _without_possessive(word: str) -> str:
    return word[:-2] if word.endswith(("'s", "’s")) else word


MAX_TOPIC_WORDS = 6
"""Words of the earlier question that are added for a pronoun."""

_AUXILIARY = alternation(QUESTION_AUXILIARIES)
_QUESTION_WORD = alternation(QUESTION_WORDS)
_HEAD = re.compile(rf"^(?:{_QUESTION_WORD})(?:\s+(?:many|much|long|often|old|far|big|large|high))?\b\s*", re.IGNORECASE)
_THING = re.compile(
    rf"^(?:which|what|how\s+many|how\s+much)\s+(?P<thing>(?!(?:{_AUXILIARY})\b)[\w’'-]+(?:\s+[\w’'-]+){{0,3}}?)\s+"
    rf"(?P<rest>(?:{_AUXILIARY})\b.+)$",
    re.IGNORECASE,
)
_STARTS_WITH_AUXILIARY = re.compile(rf"^(?:{_AUXILIARY})\b", re.IGNORECASE)
_ELSE = re.compile(r"(?<!\s)\s*\b(?:else|other)\b", re.IGNORECASE)
_THIRD = re.compile(rf"\b(?:{alternation(THIRD_PERSON | DEMONSTRATIVES | {'there'})})\b", re.IGNORECASE)
_SUBJECT = rf"(?!(?:{alternation(SUBJECT_PRONOUNS | DEMONSTRATIVES | {'there'})})\b)[\w’'-]"
_OWNER = alternation(POSSESSIVE_DETERMINERS & THIRD_PERSON)
_BOUND = re.compile(
    rf"^\W*(?:\w+\s+)?(?:{_QUESTION_WORD})\b(?:(?!\b(?:{_AUXILIARY})\b).)*?\b(?P<bound>{_OWNER})\b"
    rf"(?:(?!\b(?:{_AUXILIARY})\b).)*\b(?:does|do|did)\s+{_SUBJECT}",
    re.IGNORECASE,
)
"""A possessive whose owner follows: "how much of its arms does Algeria buy"."""


Similarity = Callable[[str, Sequence[str]], Sequence[float]]
"""The similarity of a text to each of others."""


def rewrite_by_rules(question: str, history: Sequence[Turn], near: Similarity | None = None) -> str | None:
    """Return the standalone form of the follow-up ``question``; None where no rule applies.

    Args:
        question: What was asked, with at least one turn before it.
        history: The turns before it, oldest first.
        near: Chooses the name that a new one substitutes; None: the last.
    """
    before = without_else(history[-1].standalone_question)
    other = parse_others_question(question)
    if other:
        return _others(other, before)
    word = bare_question_word(question)
    if word:
        return _asked_again(word, before)
    fragment = substituted_topic(question)
    return _with_fragment(fragment, before, names_in(history), near) if fragment else None


def with_topic(question: str, before: str) -> str:
    """Return ``question`` with the topic of the question before it behind a dash, for its pronouns."""
    said = {word.term for word in read_words(question)}
    before = without_else(before)
    fresh = [word for word in read_words(before) if not word.stop and word.term not in said]
    # Names first: a topic handed on from question to question would grow without end.
    chosen = sorted(sorted(fresh, key=lambda word: not word.name)[:MAX_TOPIC_WORDS], key=lambda word: word.start)
    topic = _unfolded(chosen, before)
    return with_words(question, topic) if topic else question


def with_words(question: str, more: str) -> str:
    """Return ``question`` with ``more`` behind a dash."""
    return f"{question.rstrip(' ?!.…')} — {more}?"


def without_else(question: str) -> str:
    """Return ``question`` without "else" and "other", which ask for more of the same."""
    return _ELSE.sub("", question)


def has_pronoun(question: str) -> bool:
    """Tell whether a question holds a third-person pronoun or demonstrative that it does not explain itself."""
    bound = _BOUND.match(question)
    return any(not bound or found.span() != bound.span("bound") for found in _THIRD.finditer(question))


def names_in(history: Sequence[Turn]) -> frozenset[str]:
    """Return the terms written as names anywhere in a conversation, however a person typed them in a question."""
    texts = [text for turn in history for text in (turn.standalone_question, turn.answer)]
    return frozenset(word.term for text in texts for word in read_words(text) if word.name and not word.stop)


def _others(other: OthersQuestion, before: str) -> str:
    """Return the question before it, or what this one says of its own, asked for others."""
    head = other.word or _word_of(before)
    if read_terms(other.rest):
        return f"{head[:1].upper()}{head[1:]} else {other.rest}?"
    asked = without_lead(before).rstrip(" ?!.…")
    word = _word_of(asked)
    if not word:
        return f"{asked} — what else?"
    return f"{asked[: len(word)]} {'other' if _THING.match(asked) else 'else'}{asked[len(word) :]}?"


def _asked_again(word: str, before: str) -> str:
    """Return the question before it with another question word: "Who signed it?", "why" -> "Why … they signed it?"."""
    asked = without_lead(before).rstrip(" ?!.…")
    head = word[:1].upper() + word[1:]
    thing = _THING.match(asked)
    if thing:
        return f"{head} {thing['rest']} {thing['thing']}?"
    body = _HEAD.sub("", asked, count=1)
    if _STARTS_WITH_AUXILIARY.match(body):
        return f"{head} {body[:1].lower()}{body[1:]}?"
    if body == asked or word.startswith("how "):
        return f"{head} {body}?"
    # "They" stands for what was asked: a function word, which neither search nor the reader looks for.
    return f"{head} was it that they {body}?"


def _with_fragment(fragment: str, before: str, names: frozenset[str], near: Similarity | None) -> str:
    """Return the question before it with the fragment in the place of the name it is most like, or added.

    "What did Mali want in the Moscow talks?" and "And in Niger?" give "What did Niger want in the Moscow talks?".
    """
    asked = without_lead(before).rstrip(" ?!.…")
    words = read_words(asked)
    runs = _runs(words, names)
    word = leading_preposition(fragment)
    inner = fragment[len(word) :].lstrip() if word else fragment
    if not runs:
        return f"{asked} {fragment}?" if word else f"{asked} — {fragment}?"
    held = [run for run in runs if word and _after(word, asked[: run[0]])]
    start, end = held[-1] if held else runs[-1]
    if near and len(runs) > 1 and _names_something(inner, names):
        texts = [asked[first:last] for first, last in runs]
        scores = list(near(inner, texts))
        start, end = runs[scores.index(max(scores))]
    elif word and not held:
        return f"{asked} {fragment}?"
    kept = asked[:start]
    if _after(word, kept):
        return f"{kept[: -len(_after(word, kept))]}{fragment}{asked[end:]}?"
    kept = re.sub(r"\bthe\s+$", "", kept, flags=re.IGNORECASE)  # "the U.S." gives way to "France" with its article
    return f"{kept}{inner}{asked[end:]}?"


def _runs(words: Sequence[Word], names: frozenset[str]) -> list[tuple[int, int]]:
    """Return the characters of every run of names, dates and figures, in order."""
    found: list[tuple[int, int]] = []
    last = -2
    for number, word in enumerate(words):
        if not _named(word, names):
            continue
        found[-1:] = [(found[-1][0], word.end)] if last == number - 1 else [*found[-1:], (word.start, word.end)]
        last = number
    return found


def _after(word: str, kept: str) -> str:
    """Return the end of ``kept`` that is this preposition, with an article that follows it; empty where it is not."""
    found = re.search(rf"\b{re.escape(word)}\s+(?:the\s+|an?\s+)?$", kept, re.IGNORECASE) if word else None
    return found.group() if found else ""


def _names_something(fragment: str, names: frozenset[str]) -> bool:
    return any(_named(word, names) or word.name for word in read_words(fragment, sentence=False))


def _named(word: Word, names: frozenset[str]) -> bool:
    return not word.stop and (word.name or word.date or word.number or word.term in names)


def _word_of(question: str) -> str:
    found = re.match(rf"(?:{_QUESTION_WORD})\b", without_lead(question), re.IGNORECASE)
    return found.group() if found else ""


def _unfolded(words: Sequence[Word], text: str) -> str:
    """Return the words as they stand in ``text``, in order."""
    return " ".join(text[word.start : word.end] for word in words)


def read_terms(text: str) -> list[str]:
    """Return the terms of ``text`` that are no function words."""
    return [word.term for word in read_words(text) if word.term and not word.stop]
