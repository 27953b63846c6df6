"""Claims that are wrong on purpose: a true one with one fact changed, as writers and chat models change them."""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.verification.entities import Name, names
from retrieval.text.numbers import quantities
from retrieval.text.tokens import Word, read_words

_AUXILIARY = re.compile(r"\b(is|are|was|were|has|have|had|will|would|can|could|should|may|might|did|does|do)\b(?! not)")
_NOT = re.compile(r"\b(is|are|was|were|has|have|had|will|would|can|could|should|may|might|did|does|do) not\b|\bnever ")
_UNITS = {
    "%": " million", "percent": "million", "per cent": "million", "million": "billion", "billion": "million",
    "$": "€", "£": "$", "€": "$", "miles": "kilometres", "km": "miles", "kilometres": "miles", "hours": "days",
    "days": "weeks", "weeks": "months", "months": "years", "years": "months", "minutes": "hours", "feet": "metres",
    "meters": "miles", "metres": "miles", "pounds": "tonnes", "dollars": "euros",
}  # fmt: skip
_MONTHS = ("January", "February", "March", "April", "June", "July", "August", "September", "October", "November",
           "December")  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class CorruptionSource:
    """What a change takes its other facts from.

    Attributes:
        source: The text that the claim is made from.
        foreign: Other claims, of other texts.
    """

    source: str
    foreign: Sequence[str]


Change = Callable[[str, CorruptionSource, random.Random], str]


def other_number(claim: str, pool: CorruptionSource, rng: random.Random) -> str:
    """Change one number, to another of the source or to one that it has not."""
    found = [each for each in quantities(claim) if each.text[0].isdigit() or each.text[0] in "$£€"]
    if not found:
        return ""
    one = rng.choice(found)
    figure = re.search(r"\d+(?:[.,:]\d+)*", one.text)
    if figure is None:
        return ""
    theirs = [number for number in re.findall(r"\d+(?:[.,]\d+)*", pool.source) if number != figure.group()]
    close = [number for number in theirs if len(number) == len(figure.group())]
    digits = list(figure.group())
    places = [at for at, digit in enumerate(digits) if digit.isdigit()]
    at = places[-1] if len(places) > 3 else rng.choice(places)
    digits[at] = rng.choice([digit for digit in "123456789" if digit != digits[at]])
    put = rng.choice(close) if close and rng.random() < 0.5 else "".join(digits)
    start = one.start + claim[one.start : one.end].index(figure.group())
    return _put(claim, start, start + len(figure.group()), put)


def other_unit(claim: str, pool: CorruptionSource, rng: random.Random) -> str:  # noqa: ARG001 (Change's signature)
    """Change the unit of one number."""
    pattern = re.compile("|".join(rf"(?<![a-z]){re.escape(unit)}(?![a-z])" for unit in _UNITS))
    found = [
        match
        for match in pattern.finditer(claim)
        if any(match.start() - 2 <= each.end and each.start - 1 <= match.end() for each in quantities(claim))
    ]
    if not found:
        return ""
    one = rng.choice(found)
    return _put(claim, one.start(), one.end(), _UNITS[one.group()])


def other_name(claim: str, pool: CorruptionSource, rng: random.Random) -> str:
    """Put another name, of the source or of elsewhere, in the place of one."""
    mine = names(claim)
    if not mine:
        return ""
    own = claim.casefold()
    near = [name for name in names(pool.source) if _fresh(name, own)]
    far = [name for other in rng.sample(list(pool.foreign), min(10, len(pool.foreign))) for name in names(other)]
    chosen = near if near and rng.random() < 0.6 else [name for name in far if _fresh(name, own)]
    if not chosen:
        return ""
    one = rng.choice(mine)
    return _put(claim, one.start, one.end, rng.choice(chosen).text)


def swapped_names(claim: str, pool: CorruptionSource, rng: random.Random) -> str:  # noqa: ARG001 (likewise)
    """Let two names change places where a verb is likely between them."""
    mine = [name for name in names(claim) if len(name.text) > 2]
    pairs = [
        (left, right)
        for left, right in itertools.pairwise(mine)
        if left.text != right.text and not re.search(r"\b(?:and|or|with)\b|[,(]", claim[left.end : right.start])
        and len(claim[left.end : right.start].split()) > 1
    ]  # fmt: skip
    if not pairs:
        return ""
    left, right = rng.choice(pairs)
    return claim[: left.start] + right.text + claim[left.end : right.start] + left.text + claim[right.end :]


def turned_over(claim: str, pool: CorruptionSource, rng: random.Random) -> str:  # noqa: ARG001 (likewise)
    """Add a "not", or take one away."""
    held = _NOT.search(claim)
    if held:
        return _put(claim, held.start(), held.end(), held[1] or "")
    found = list(_AUXILIARY.finditer(claim))
    if not found:
        return ""
    one = found[0]
    return _put(claim, one.end(), one.end(), " not")


def other_day(claim: str, pool: CorruptionSource, rng: random.Random) -> str:  # noqa: ARG001 (likewise)
    """Change a month or a day of the week."""
    for listed in (_DAYS, _MONTHS):
        found = re.search(rf"\b(?:{'|'.join(listed)})\b", claim)
        if found:
            return _put(claim, found.start(), found.end(), rng.choice([d for d in listed if d != found.group()]))
    return ""


def other_word(claim: str, pool: CorruptionSource, rng: random.Random) -> str:
    """Put another word, of the source or of elsewhere, in the place of a common content word."""
    words = [word for word in read_words(claim) if _is_common(claim, word)]
    texts = [pool.source, *rng.sample(list(pool.foreign), min(10, len(pool.foreign)))]
    others = [text[word.start : word.end] for text in texts for word in read_words(text) if _is_common(text, word)]
    if not words:
        return ""
    one = rng.choice(words)
    written = claim[one.start : one.end]
    mine = {word.term for word in read_words(claim)}
    alike = [each for each in others if each[-2:] == written[-2:] and not mine & {w.term for w in read_words(each)}]
    return _put(claim, one.start, one.end, rng.choice(alike)) if alike else ""


def spliced(claim: str, pool: CorruptionSource, rng: random.Random) -> str:
    """Let a claim go on as a sentence of the same source does."""
    sentences = [each for each in re.split(r"(?<=[.!?])\s+", pool.source) if len(each.split()) > 7]
    mine = claim.split()
    if not sentences or len(mine) < 7:
        return ""
    other = rng.choice(sentences).split()
    cut, begin = len(mine) // 2, len(other) // 2
    if set(other[begin:]) <= set(mine):
        return ""
    return " ".join([*mine[:cut], *other[begin:]])


CHANGES: dict[str, Change] = {
    "number": other_number, "unit": other_unit, "name": other_name, "swap": swapped_names, "negation": turned_over,
    "day": other_day, "word": other_word, "splice": spliced,
}  # fmt: skip
"""Every change by its name. All but ``word`` and ``splice`` are facts that a check without a model can see."""


def _fresh(name: Name, claim: str) -> bool:
    return len(name.text) > 2 and not any(part.casefold() in claim for part in name.text.split())


def _is_common(text: str, word: Word) -> bool:
    written = text[word.start : word.end]
    return not (word.stop or word.name or word.number or word.date) and written.islower() and len(written) > 3


def _put(text: str, start: int, end: int, other: str) -> str:
    return text[:start] + other + text[end:]
