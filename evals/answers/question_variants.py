"""Questions as people type them, and questions that differ by one fact so that their passage answers them no more."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

from retrieval.text.lexicon import QUESTION_WORDS, STOP_WORDS, opposites
from retrieval.text.tokens import Word, read_words

_WORD = re.compile(r"[^\W\d_]{5,}")
_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
_NUMBER = re.compile(r"\b\d{1,3}(?:,\d{3})*(?:\.\d+)?\b")

TYPED = {"as written": 0.62, "lower case": 0.16, "typing errors": 0.1, "key words": 0.12}
"""Shares of the ways to type a question: an assumption, no measurement."""


def typed(question: str, rng: random.Random) -> str:
    """Return ``question`` as somebody may type it: mostly as it is."""
    match rng.choices(list(TYPED), list(TYPED.values()))[0]:
        case "lower case":
            return question.lower().rstrip("? ")
        case "typing errors":
            return misspelt(question.rstrip("? ") if rng.random() < 0.5 else question, rng)
        case "key words":
            return keywords(question, rng)
    return question


def misspelt(question: str, rng: random.Random) -> str:
    """Return ``question`` with a slip of the keyboard in one or two of its longer words."""
    found = list(_WORD.finditer(question))
    for word in sorted(rng.sample(found, min(len(found), rng.choice([1, 1, 2]))), key=lambda each: -each.start()):
        letters = list(word.group())
        at = rng.randrange(1, len(letters) - 1)
        match rng.randrange(3):
            case 0:
                letters[at], letters[at + 1] = letters[at + 1], letters[at]
            case 1:
                del letters[at]
            case _:
                letters.insert(at, letters[at])
        question = question[: word.start()] + "".join(letters) + question[word.end() :]
    return question


def keywords(question: str, rng: random.Random) -> str:
    """Return the content words of ``question``, half of the time with its question word; all of it if they are few."""
    with_question_word = rng.random() < 0.5
    words = [
        question[word.start : word.end] for word in read_words(question) if _is_key(word, question, with_question_word)
    ]
    chosen = " ".join(words)
    return (chosen.lower() if rng.random() < 0.6 else chosen) if len(words) > 2 else question


def _is_key(word: Word, question: str, with_question_word: bool) -> bool:
    text = question[word.start : word.end].lower()
    return text not in STOP_WORDS or (with_question_word and text in QUESTION_WORDS)


def names(text: str) -> list[str]:
    """Return the names in ``text``: runs of words that are names, as written."""
    found: list[str] = []
    run: list[Word] = []
    for word in (*read_words(text), None):
        if word and word.name and not word.date and (not run or text[run[-1].end : word.start] == " "):
            run.append(word)
            continue
        if run:
            found.append(text[run[0].start : run[-1].end])
        run = [word] if word and word.name and not word.date else []
    return found


def changed(question: str, near: Sequence[str], far: Sequence[str], avoided: str, rng: random.Random) -> str | None:
    """Return ``question`` with one name, year, number or antonym exchanged; None when it has nothing to exchange.

    Args:
        question: An answerable question.
        near: Names of the same article, which make the harder question.
        far: Names of other articles.
        avoided: The text around the answer: no name, year or number of it is put in.
        rng: The source of chance.
    """
    ways: list[Callable[[], str | None]] = [
        lambda: _other_name(question, near if near and rng.random() < 0.6 else far, avoided, rng),
        lambda: _other_figure(
            _YEAR, question, avoided, lambda old: str(int(old) + rng.choice([-1, 1]) * rng.randint(1, 12))
        ),
        lambda: _other_figure(_NUMBER, question, avoided, lambda old: _other_digit(old, rng)),
        lambda: _opposite(question, rng),
    ]
    for way in rng.sample(ways, len(ways)):
        result = way()
        if result and result != question:
            return result
    return None


def _other_name(question: str, pool: Sequence[str], avoided: str, rng: random.Random) -> str | None:
    found = names(question)
    if not found:
        return None
    old = rng.choice(found)
    taken = set(old.lower().split())
    fitting = [
        name for name in pool if name not in avoided and name not in question and taken.isdisjoint(name.lower().split())
    ]
    return question.replace(old, rng.choice(fitting)) if fitting else None


def _other_figure(pattern: re.Pattern[str], question: str, avoided: str, other: Callable[[str], str]) -> str | None:
    found = pattern.search(question)
    if not found:
        return None
    new = other(found.group())
    return None if new in avoided else question[: found.start()] + new + question[found.end() :]


def _other_digit(figure: str, rng: random.Random) -> str:
    at = rng.choice([at for at, character in enumerate(figure) if character.isdigit()])
    return figure[:at] + str((int(figure[at]) + rng.randint(1, 8)) % 9 + 1) + figure[at + 1 :]


def _opposite(question: str, rng: random.Random) -> str | None:
    found = [(word, opposites(word.group().lower())) for word in re.finditer(r"[a-z]+", question)]
    usable = [(word, others) for word, others in found if others]
    if not usable:
        return None
    word, others = rng.choice(usable)
    return question[: word.start()] + rng.choice(others) + question[word.end() :]
